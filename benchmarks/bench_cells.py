"""N binary neurons in one circuit: what a cell costs for a simulated microsecond, with and without our ``trtol``.

Every neuron has its own noise, and every corner of a noise path may make ngspice's truncation control reject a step of
the whole circuit, so that the number of points would grow with N. The rows show whether it does, with ngspice's own
``trtol=7`` and with our 100, at the junction's default step and at twice that.

Run: python -m benchmarks cells
"""

from __future__ import annotations

import time

from benchmarks.report import Table
from spinspice.cells import bench_circuit, get_cell
from spinspice.engines import get_engine
from spinspice.presets import load_preset
from spinspice.testbench import Testbench

DURATION = 3e-9
ROUNDS = 4
CASES: tuple[tuple[str, tuple[int, ...], dict[str, float]], ...] = (
    ("default", (1, 4, 16, 64), {}),
    ("trtol=7", (1, 16), {"trtol": 7.0}),
    ("twice the step", (1, 16), {"factor": 2.0}),
    ("twice the step, trtol=7", (1, 16), {"factor": 2.0, "trtol": 7.0}),
)


def testbench(count: int, factor: float = 1.0, **options: float) -> Testbench:
    """``count`` binary neurons on one supply and input, each with its own seed; ``factor`` lengthens the step."""
    device = load_preset("faria2021").device
    device = device.replace(max_step=factor * device.max_step)
    cell = get_cell("bsn")(device)
    circuit = bench_circuit(cell)
    for number in range(2, count + 1):
        ports = [port if port in ("vdd", "vss", "vin") else f"{port}{number}" for port in cell.ports]
        circuit.X(str(number), cell.name, *ports, seed=number)
        circuit.C(f"load{number}", f"out{number}", circuit.gnd, 1e-15)
    return Testbench.from_pyspice(
        circuit,
        stop=DURATION,
        step=device.max_step,
        save=("v(out)",),
        parameters={"vin": 0.0, "seed": 1.0},
        options=options,
    )


def main() -> None:
    """Print the cost of a cell and simulated microsecond, and its ratio to that of one cell alone."""
    engine = get_engine("ngspice")
    info = engine.find()
    table = Table(f"N BSN cells, {DURATION * 1e9:g} ns", ("PySpice",), (f"ngspice {info.version if info else ''}",))
    engine.run(testbench(1))
    for label, counts, settings in CASES:
        alone = 0.0
        for count in counts:
            bench = testbench(count, **settings)
            best, points = float("inf"), 0
            for _ in range(ROUNDS):
                started = time.perf_counter()
                points = engine.run(bench).time.size
                best = min(best, time.perf_counter() - started)
            cost = best / (count * DURATION * 1e6)
            alone = alone or cost
            table.row(f"{label}, N = {count} ({points} points, {best:.2f} s)", cost, "s/(cell us)", cost / alone)
    table.print(ratio="cost of a cell relative to N = 1")


if __name__ == "__main__":
    main()
