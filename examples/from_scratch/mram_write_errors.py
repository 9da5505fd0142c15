"""How long must the write pulse of an ST-MRAM cell be, and what does its transistor change?

The write error rate falls exponentially with the pulse once the mean magnet has switched: the last ones to go started
closest to their axis. Samples of the stochastic equation (points) against the Fokker-Planck equation (lines), for a
bare junction at two currents and for a cell of an array, whose current follows the resistance of its junction. Beside
it, a cell that is read, written and read again. The damping of the bare junctions is ten times the preset's: the law
in units of tau_D is the same for any, and a sample costs a tenth.
"""

from pathlib import Path

import numpy as np

from spinspice.cells.mram import MemoryArray
from spinspice.devices.laws.fokker_planck import time_unit
from spinspice.engines import get_engine
from spinspice.memory import Read, Timing, Write, bare_write_errors, circuit_write_errors, memory_bench
from spinspice.presets import load_preset

JUNCTION = load_preset("sttmram").device
OVERDRIVES = (1.5, 2.0)  # I / I_c0 of the bare junctions
SAMPLES = 100_000  # of the bare junctions
CELLS = 160  # cells written in the array
WIDTHS = np.linspace(0.5, 8.0, 31)  # tau_D, for the bare junctions
PULSES = np.arange(1.0, 6.5, 0.5) * 1e-9  # s, in the array
OPERATIONS = (Read(0), Write(0, (1,)), Read(0), Write(0, (0,)), Read(0))
COLORS = ("#0072B2", "#D55E00", "#009E73")


def draw_errors(ax, found, color: str, label: str) -> None:
    """Draw theory and those points that the sample resolves, with standard errors."""
    unit = found.tau_D
    ax.plot(found.width / unit, found.theory, color=color, label=f"{label}, Fokker-Planck")
    seen = np.isfinite(found.deviations) & (found.error > 0)
    x, y, e = found.width[seen] / unit, found.error[seen], found.stderr[seen]
    ax.errorbar(x, y, np.minimum(e, 0.9 * y), fmt="o", ms=3.5, color=color, label=f"{label}, {found.samples:,} samples")


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Sample, compare, draw; return a curve's largest deviation in standard errors, its width for 1 % [tau_D]."""
    from matplotlib.figure import Figure

    fast = JUNCTION.replace(alpha=0.1, dt=2.5e-12)
    widths = (WIDTHS[::6] if short else WIDTHS) * time_unit(fast)
    curves = {}
    for overdrive in OVERDRIVES:
        found = bare_write_errors(fast, widths, overdrive, samples=500 if short else SAMPLES)
        curves[f"bare, i = {overdrive:g}"] = found
    cell, path = circuit_write_errors(JUNCTION, "generic", 1, PULSES, samples=8 if short else CELLS, workers=1)
    curves[f"in the array, i = {path.start:.2f} falling to {path.end:.2f}"] = cell

    figure = Figure(figsize=(11, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    for (name, found), color in zip(curves.items(), COLORS, strict=True):
        draw_errors(left, found, color, name)
    left.set(yscale="log", ylim=(1e-5, 2), xlabel="pulse width [$\\tau_D$]", ylabel="probability of a write error")
    left.legend(fontsize=7, frameon=False)
    draw_operations(right, Timing(write=3e-9 if short else 10e-9))
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/mram_write_errors.png", dpi=120)
    numbers = {}
    for name, found in curves.items():
        resolved = found.deviations[np.isfinite(found.deviations)]
        width = float(np.interp(np.log(1e-2), np.log(found.theory[::-1]), found.width[::-1] / found.tau_D))
        deviation = float(np.abs(resolved).max()) if resolved.size else 0.0
        numbers[name] = {"deviation": deviation, "width": width, "samples": found.samples}
    return numbers


def draw_operations(ax, timing: Timing) -> None:
    """Run a cell of a column through a few operations and draw state, current and output."""
    array = MemoryArray(JUNCTION.replace(max_step=2.5e-12), "generic", rows=1, columns=1)
    bench = memory_bench(array, OPERATIONS, timing=timing)
    waves = get_engine("auto").run(bench.testbench)
    time = 1e9 * waves.time
    ax.plot(time, waves[array.mz(0, 0)], color=COLORS[0], lw=0.9, label="mz")
    ax.plot(time, waves[array.junction_current(0, 0)] / JUNCTION.I_c0, color=COLORS[1], label="current / $I_{c0}$")
    ax.plot(time, waves["v(out0)"] - 5.0, color=COLORS[2], lw=1, label="output for 1 [V], 5 lower")
    ax.plot(time, waves["v(outn0)"] - 7.0, color="#CC79A7", lw=1, label="output for 0 [V], 7 lower")
    for slot in bench.slots:
        name = "read" if isinstance(slot.operation, Read) else f"write {slot.operation.bits[0]}"
        ax.text(0.5e9 * (slot.start + slot.stop), 4.1, name, ha="center", fontsize=8)
    ax.set(xlabel="time [ns]", ylim=(-7.5, 6.9))
    ax.legend(fontsize=7, frameon=False, loc="upper left", ncols=2)


if __name__ == "__main__":
    for name, found in main().items():
        print(
            f"{name}: within {found['deviation']:.1f} standard errors of theory where {found['samples']} samples "
            f"resolve it; one error in a hundred after {found['width']:.2f} tau_D"
        )
