"""How many binary neurons of a wafer work, when diameter and barrier of the junction spread?

Each instance draws its diameter, resistance-area product and TMR; the last two are correlated, both being made by the
barrier. Its transfer curve is measured with thermal noise, and a tanh is fitted. An instance passes when the middle of
its transition lies within 10 mV of zero: a network of such neurons has as much room for its biases. The transistors
stay those designed for the nominal junction.
"""

from pathlib import Path

from spinspice.sweep import Study, run_study

SAMPLES = 100
STUDY = {
    "name": "spread",
    "cell": "bsn",
    "preset": "faria2021",
    "seed": 1,
    "montecarlo": {
        "device": {
            "diameter": {"distribution": "normal", "relative": 0.05},
            "RA": {"distribution": "lognormal", "relative": 0.1},
            "TMR": {"distribution": "normal", "relative": 0.05},
        },
        "correlation": {"parameters": ["device.RA", "device.TMR"], "matrix": [[1.0, 0.5], [0.5, 1.0]]},
    },
    "measure": {"kind": "transfer", "vin": "-45m:45m:19", "duration": "10n", "trials": 1},
    "limits": {"offset": {"min": "-10m", "max": "10m"}},
}


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Run the study (a folder that has it already is completed), draw it, return offset [V] and yield."""
    from matplotlib.figure import Figure

    study = STUDY | {"montecarlo": STUDY["montecarlo"] | {"samples": 8 if short else SAMPLES}}
    if short:
        study |= {"measure": study["measure"] | {"duration": "6n"}}
    sweep = run_study(Study.from_dict(study), Path(out) / "06_spread", resume=True)
    ((_, spread),) = sweep.summary()
    ((_, passed),) = sweep.yields()
    data = sweep.dataset

    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.hist(1e3 * data["offset"].values, bins=15, color="#0072B2")
    left.set_xlabel("middle of the transition [mV]")
    left.set_ylabel("instances")
    right.errorbar(
        1e9 * data["device.diameter"].values,
        1e3 * data["offset"].values,
        1e3 * data["offset_stderr"].values,
        fmt=".",
        color="#E69F00",
    )
    right.set_xlabel("diameter [nm]")
    right.set_ylabel("middle of the transition [mV]")
    figure.savefig(f"{out}/06_spread_of_instances.png", dpi=120)
    offset = spread["offset"]
    return {
        "count": offset.count,
        "offset": offset.mean,
        "offset_stderr": offset.mean_stderr,
        "offset_std": offset.std,
        "offset_intrinsic": offset.intrinsic,
        "yield": passed.fraction,
        "yield_low": passed.low,
        "yield_high": passed.high,
    }


if __name__ == "__main__":
    found = main()
    print(
        f"offset {1e3 * found['offset']:.2f} +- {1e3 * found['offset_stderr']:.2f} mV over {found['count']} instances"
    )
    print(f"spread {1e3 * found['offset_std']:.2f} mV, of which {1e3 * found['offset_intrinsic']:.2f} mV is not noise")
    print(f"yield {found['yield']:.1%}, between {found['yield_low']:.1%} and {found['yield_high']:.1%} (95 %)")
