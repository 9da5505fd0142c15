"""When do two spin-torque oscillators lock to one another through nothing but the wires between them?

Two vortex oscillators in series, each with its own direct current, and one loop through a capacitor and a load.
Their free frequencies are moved apart; in the circuit they share one frequency up to a limit, then beat. The dashed
line is the difference without a loop.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spinspice.engines import get_engine
from spinspice.networks.oscillators import OscillatorArray, mean_frequencies
from spinspice.presets import load_preset

DISK = load_preset("vortex375").device.replace(x0=0.4, T=0.0)
CURRENT = 1.5 * DISK.I_th
APART = np.linspace(0.5e6, 5e6, 10)  # difference of the free frequencies [Hz]
DURATION = 5e-6


def beat(difference: float, load: float = 50.0) -> float:
    """Return the difference of the two frequencies in the circuit [Hz]."""
    devices = [DISK.replace(f0=DISK.f0 + sign * difference / 2) for sign in (-1, 1)]
    pair = OscillatorArray(devices=devices, currents=[CURRENT, CURRENT], load=load)
    waves = get_engine().run(pair.testbench(DURATION))
    a = np.array([waves[f"v(x{i})"] + 1j * waves[f"v(y{i})"] for i in range(2)])
    low, high = mean_frequencies(DISK, waves.time, a, 2e-6)
    return float(high - low)


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Draw the beat against the difference of the free frequencies; return both [Hz], by name."""
    apart = APART[[1, 8]] if short else APART
    found = [beat(difference) for difference in apart]
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(apart / 1e6, np.array(found) / 1e6, "o-", label="in one loop")
    axes.plot(apart / 1e6, apart / 1e6, "--", label="no loop")
    axes.set_xlabel("difference of the free frequencies [MHz]")
    axes.set_ylabel("difference in the circuit [MHz]")
    axes.legend(frameon=False)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/11_oscillators_lock.png", dpi=120)
    return {f"{difference / 1e6:g} MHz": value for difference, value in zip(apart, found, strict=True)}


if __name__ == "__main__":
    for name, value in main().items():
        print(f"{name} apart: {value / 1e6:.3f} MHz in the circuit")
