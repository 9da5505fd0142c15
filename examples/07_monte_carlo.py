"""How much does the gain of a binary neuron spread on real transistors, and how many of 200 are good?

The study is examples/07_monte_carlo.toml; `spinspice sweep` runs it too. Every instance draws its junction (barrier,
diameter, resistance-area product, TMR) and its transistors (SkyWater's own model of mismatch), finds its transition and
measures it with thermal noise. The same seed gives the same 200 neurons with the same noise, to the last bit.
"""

import tomllib
from pathlib import Path

from spinspice.sweep import Study, run_study

STUDY = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Run the study (a folder that has it already is completed), draw it, return gain and yield."""
    from matplotlib.figure import Figure

    study = STUDY
    if short:
        study = STUDY | {
            "montecarlo": STUDY["montecarlo"] | {"samples": 3},
            "measure": STUDY["measure"] | {"duration": "4n"},
        }
    sweep = run_study(Study.from_dict(study), Path(out) / "07_monte_carlo", resume=True)
    ((_, spread),) = sweep.summary()
    ((_, passed),) = sweep.yields()
    data = sweep.dataset

    figure = Figure(figsize=(9, 3), layout="constrained")
    curves, gains, offsets = figure.subplots(1, 3)
    for sample in range(min(12, data.sizes["sample"])):
        one = data.isel(sample=sample)
        curves.errorbar(1e3 * one["vin"].values, one["mean"].values, one["mean_stderr"].values, marker=".", lw=0.8)
    curves.set_xlabel("input [mV]")
    curves.set_ylabel("mean output [V]")
    gains.hist(-data["gain"].values, bins=20, color="#0072B2")
    gains.set_xlabel("-gain")
    gains.set_ylabel("instances")
    offsets.errorbar(
        data["device.delta"].values, 1e3 * data["v0"].values, 1e3 * data["v0_stderr"].values, fmt=".", color="#E69F00"
    )
    offsets.set_xlabel("barrier [k_B T]")
    offsets.set_ylabel("width V0 [mV]")
    figure.savefig(f"{out}/07_monte_carlo.png", dpi=120)
    gain = spread["gain"]
    return {
        "count": gain.count,
        "gain": gain.mean,
        "gain_stderr": gain.mean_stderr,
        "gain_std": gain.std,
        "gain_std_stderr": gain.std_stderr,
        "gain_intrinsic": gain.intrinsic,
        "yield": passed.fraction,
        "yield_low": passed.low,
        "yield_high": passed.high,
    }


if __name__ == "__main__":
    found = main()
    print(f"gain {found['gain']:.1f} +- {found['gain_stderr']:.1f} over {found['count']} instances")
    print(
        f"spread {found['gain_std']:.1f} +- {found['gain_std_stderr']:.1f}, {found['gain_intrinsic']:.1f} without noise"
    )
    print(f"yield {found['yield']:.1%}, between {found['yield_low']:.1%} and {found['yield_high']:.1%} (95 %)")
