"""Do three simulators give the same neuron?

One binary stochastic neuron with one seed, in ngspice with compiled Verilog-A, in VACASK with the same model, and in
ngspice with the B-source library that needs no compiler. The noise is a function of seed and time, so all three draw
the same path: the magnet follows one trajectory for about a nanosecond, until what the solvers do differently has
grown (a nearly undamped magnet amplifies it), and every average agrees. What is not installed is left out.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spinspice.benches.cell import cell_testbench
from spinspice.cells import get_cell
from spinspice.engines import get_engine
from spinspice.errors import EngineError
from spinspice.presets import load_preset

ENGINES = (("ngspice", "verilog-a"), ("vacask", "verilog-a"), ("ngspice", "b-source"))
PRESET = "faria2021"
SEED = 11
DURATION = 50e-9  # s
SAME_FOR = 1e-9  # s, the span over which trajectories are compared


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Run every engine that is there; return mean output [V] and distance of m_x from the first engine's."""
    cell = get_cell("bsn")(load_preset(PRESET).device)
    signal = cell.node_signal("mx")
    bench = cell_testbench(cell, stop=10e-9 if short else DURATION, seed=SEED, save=(signal,))
    # The compiled models bound the time step themselves; B-sources follow the longest step of the run.
    bench = bench.replace(max_step=cell.device.max_step / 2)
    grid = np.arange(0.0, SAME_FOR, 5e-12)
    figure = Figure(figsize=(7, 3), layout="constrained")
    ax = figure.subplots()
    numbers: dict[str, dict[str, float]] = {}
    first = None
    for (engine, model), style in zip(ENGINES, ("-", "--", ":"), strict=True):
        try:
            waveforms = get_engine(engine, model).run(bench)
        except EngineError as reason:
            print(f"{engine} with {model} left out: {str(reason).splitlines()[0]}")
            continue
        path = np.interp(grid, waveforms.time, waveforms[signal])
        first = path if first is None else first
        numbers[f"{engine} {model}"] = {
            "mean_out": waveforms.mean("v(out)"),
            "distance": float(np.abs(path - first).max()),
            "wall_time": float(waveforms.provenance["wall_time"]),
        }
        early = waveforms.window(0.0, 3 * SAME_FOR)
        ax.plot(1e9 * early.time, early[signal], style, label=f"{engine}, {model}")
    ax.set(xlabel="time [ns]", ylabel="m_x of the free layer", title="One seed, one trajectory")
    ax.legend(frameon=False)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/05_one_cell_three_engines.png", dpi=120)
    return numbers


if __name__ == "__main__":
    for name, found in main().items():
        print(
            f"{name}: mean output {found['mean_out']:+.3f} V, m_x within {found['distance']:.1e} over "
            f"{SAME_FOR * 1e9:g} ns, {found['wall_time']:.2f} s"
        )
