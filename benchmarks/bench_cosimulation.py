"""Mixed-signal run of 4 x 4 junctions and Verilog: simulated microseconds a second, and where the time goes.

Analog: the same circuit without bridges and Verilog. Digital: as many clock cycles of the Verilog alone, with its
waveforms written. Bridge: what is left of the whole, events and their time points. Read: waveforms into Python.
Processor time, of this process and the simulator.

Run: python -m benchmarks cosimulation
"""

from __future__ import annotations

import re
import resource
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Table
from spinspice.digital.backend import BackEnd
from spinspice.digital.cosim import MixedSignal
from spinspice.engines import cosimulation, get_engine
from spinspice.engines.clocked import ClockedBlock
from spinspice.presets import load_preset

OPERATIONS = 10


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Return the least processor time of three runs [s], and the last result."""
    best, result = np.inf, None
    for _ in range(3):
        started = used()
        result = what()
        best = min(best, used() - started)
    return best, result


def used() -> float:
    """Return the processor time used so far, simulators included [s]."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def mixed() -> MixedSignal:
    """Ten operations of 100 samples at random stimuli, learning."""
    random = np.random.default_rng(3)
    return MixedSignal(
        backend=BackEnd(inputs=4, outputs=4, shift=1),
        weights=random.integers(0, 30, (4, 4)),
        junction=load_preset("mizrahi2018-scaled").device,
        centres=np.linspace(-0.04, 0.04, 4).tolist(),
        stimuli=random.uniform(-0.04, 0.04, OPERATIONS).tolist(),
        low=-0.04,
        high=0.04,
    )


def digital_alone(run: MixedSignal, folder: Path) -> None:
    """The Verilog for as many cycles, with as many operations."""
    with ClockedBlock(run.backend.block(top="population_chip"), vcd=folder / "alone.vcd") as block:
        block.run([{"reset": 1}, {"reset": 0}])
        lines = np.random.default_rng(1).integers(0, 16, run.cycles)
        rows: list[dict[str, int]] = [{"lines": int(line), "start": int(n == 0)} for n, line in enumerate(lines)]
        rows[run.backend.cycles() + 2]["learn"] = 1
        rows[run.backend.cycles() + 3]["learn"] = 0
        for _ in run.stimuli:
            block.run(rows)


def main() -> None:
    """Print the speed and the parts of the time."""
    engine, run = get_engine("ngspice-process"), mixed()
    bench = run.testbench()
    analog = [line for line in bench.circuit.splitlines() if not re.match(r"a|\.model|[IR]gripper", line)]
    bare = bench.replace(circuit="\n".join(analog) + "\nVg gripper 0 0\n", digital=())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine.run(bench)  # compiles
        digital_alone(run, folder)
        whole, waves = timed(lambda: engine.run(bench))
        apart, bare_waves = timed(lambda: engine.run(bare))
        digital, _ = timed(lambda: digital_alone(run, folder))
        block = bench.digital[0]
        (folder / "alone.vcd").rename(cosimulation.dump(folder, block.name))
        read, _ = timed(lambda: cosimulation.read_waveforms(bench, folder))
    table = Table("mixed-signal run, 4 x 4", engines=(f"ngspice-process {engine.require().version}",))
    table.row("whole", run.stop * 1e6 / whole, "simulated us a second", waves.time.size)
    parts = {"analog": apart, "digital": digital, "reading waveforms": read}
    for part, seconds in {**parts, "bridge (rest)": whole - sum(parts.values())}.items():
        table.row(part, 100.0 * seconds / whole, "% of the time", bare_waves.time.size if part == "analog" else None)
    table.print(ratio="time points")


if __name__ == "__main__":
    main()
