"""How often does a write fail when no sample can show it? Splitting against the Fokker-Planck equation.

A pulse of 2 and 3 times the critical current on a 60 kT junction: error rates down to 1e-12 by populations of
magnets that are split and pruned, seconds each.
"""

from pathlib import Path

import numpy as np

from spinspice.devices.laws.fokker_planck import not_switched, time_unit
from spinspice.devices.reference.splitting import write_error_rate
from spinspice.panels import Curve, Panel
from spinspice.plotting import plot_panels
from spinspice.presets import load_preset

JUNCTION = load_preset("sttmram").device.replace(alpha=0.1)  # the law in units of tau_D is the same for any damping
DRIVES = {2.0: (4.0, 8.0, 12.0), 3.0: (2.0, 4.0, 6.0)}  # I / I_c0: pulses in units of tau_D
SEED = 3


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Estimate, compare, draw; return the estimates and their standard errors."""
    unit = time_unit(JUNCTION)
    numbers, curves = {}, []
    for color, (drive, pulses) in enumerate(DRIVES.items()):
        chosen = pulses[:2] if short else pulses
        found = [
            write_error_rate(JUNCTION, t * unit, drive, walkers=100 if short else 1000, populations=8, seed=SEED)
            for t in chosen
        ]
        for t, rate in zip(chosen, found, strict=True):
            exact = float(not_switched([t], JUNCTION.delta, drive)[0])
            numbers |= {f"{drive:g}/{t:g}": rate.probability, f"{drive:g}/{t:g}_stderr": rate.stderr}
            numbers[f"{drive:g}/{t:g}_exact"] = exact
        fine = np.linspace(0.5, pulses[-1], 60)
        curves += [
            Curve(x=fine, y=not_switched(fine, JUNCTION.delta, drive), color=color),
            Curve(
                x=chosen,
                y=[rate.probability for rate in found],
                yerr=[rate.stderr for rate in found],
                kind="points",
                label=f"splitting, i = {drive:g}",
                color=color,
            ),
        ]
    panel = Panel(
        title="Splitting and Fokker-Planck (lines)",
        xlabel="pulse [tau_D]",
        ylabel="write error rate [1]",
        yscale="log",
        curves=tuple(curves),
    )
    Path(out).mkdir(parents=True, exist_ok=True)
    plot_panels([panel], "Rare write errors of a 60 kT junction", f"{out}/rare_write_errors.png")
    return numbers


if __name__ == "__main__":
    for name, value in main().items():
        print(f"{name}: {value:.3e}")
