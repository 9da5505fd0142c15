"""What junction is behind my dwell times? From a table of stays to a preset that every command takes.

The table is made here by the reference solver, from a junction that we then pretend not to know: stays in both states
at seven biases, as a tester would write them, in microseconds and millivolts.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import spinspice as ss
from spinspice.devices.reference.telegraph import switching_times
from spinspice.fitting import fit_file

TRUTH = ss.Telegraph(R_P=5e3, TMR=1.2, delta=8.0, V_c=0.25, field=0.03, asymmetry=0.1)
BIASES = np.linspace(-0.06, 0.06, 7)  # V
STAYS = 400  # at each bias
SEED = 11


def measure(path: Path, stays: int) -> None:
    """Write the table of a tester."""
    lines = ["bias (mV);dwell (us);state"]
    for number, bias in enumerate(BIASES):
        times = switching_times(TRUTH, stays, SEED + number, voltage=float(bias))
        for k, stay in enumerate(np.diff(times, prepend=0.0)):
            lines.append(f"{1e3 * bias:.3f};{1e6 * stay:.6f};{k % 2}".replace(".", ","))
    path.write_text("\n".join(lines))


def main(short: bool = False, out: str = "out/11_fit_your_data") -> dict[str, tuple[float, float, float]]:
    """Return truth, fitted value and standard error of each parameter."""
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / "stays.csv"
    measure(table, 100 if short else STAYS)

    result = fit_file(table, "dwells", base=ss.Telegraph(R_P=5e3, TMR=1.2))
    for name, value, interval in result.rows():
        print(f"{name:10s} {value:24s} 95 %: {interval:24s} true: {getattr(TRUTH, name):g}")
    print(f"check by simulation: p = {result.check.p_value:.2f}" if result.check else "")

    preset = folder / "mine.toml"
    preset.unlink(missing_ok=True)
    result.write(preset)
    print(f"next: spinspice characterize bsn --preset {preset}")
    assert ss.load_preset(str(preset)).device == result.device

    result.plot().figure.savefig(folder / "fit.png", dpi=120)
    return {name: (getattr(TRUTH, name), value, stderr) for name, (value, stderr, _) in result.parameters.items()}


if __name__ == "__main__":
    main(short="--short" in sys.argv)
