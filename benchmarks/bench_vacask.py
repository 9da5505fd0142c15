"""VACASK against ngspice (as a process and in process) on the same testbenches: junctions alone, neuron cells.

Whole calls are timed, start of the program and reading of its files included, best of three.

Run: python -m benchmarks vacask
"""

from __future__ import annotations

import math
import time

from PySpice.Spice.Netlist import Circuit

from benchmarks.report import Table
from spinspice.cells import BSN
from spinspice.cells.bench import bench_circuit
from spinspice.devices import Device, Macrospin, Telegraph
from spinspice.devices.noise import seed_text
from spinspice.engines import find_engine, get_engine
from spinspice.testbench import Testbench

ENGINES = ("vacask", "ngspice-process", "ngspice")


def junction(device: Device, stop: float, step: float, save: str) -> Testbench:
    """One junction at 0.1 V."""
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    nodes = " ".join(device.ports[2:])
    circuit = f"va a 0 {0.1 if isinstance(device, Macrospin) else 0.0}\nxj a 0 {nodes} {device.model} {card}\n"
    return Testbench(circuit=circuit, stop=stop, step=step, save=(save,))


def cells(count: int, stop: float) -> Testbench:
    """Binary stochastic neurons in one deck, each with noise of its own."""
    cell = BSN(Macrospin())
    if count == 1:
        circuit: Circuit = bench_circuit(cell)
        save: tuple[str, ...] = ("v(out)",)
    else:
        circuit = Circuit(f"{count} neurons")
        circuit.subcircuit(cell)
        circuit.V("dd", "vdd", circuit.gnd, cell.vdd / 2)
        circuit.V("ss", "vss", circuit.gnd, -cell.vdd / 2)
        circuit.V("in", "vin", circuit.gnd, "{vin}")
        for n in range(count):
            circuit.X(str(n), cell.name, "vin", f"out{n}", "vdd", "vss", f"mid{n}", seed=seed_text(f"neuron{n}"))
        save = ("v(out0)",)
    return Testbench.from_pyspice(circuit, stop=stop, step=5e-12, save=save, parameters={"vin": 0.0, "seed": 3.0})


def cases() -> dict[str, Testbench]:
    """The testbenches by name."""
    mean = {delta: math.exp(delta) * 1e-9 for delta in (6.0, 13.0)}
    return {
        "start of the program (RC, 100 points)": Testbench(
            circuit="v1 in 0 1\nr1 in out 1k\nc1 out 0 1p\n", stop=1e-9, step=1e-11, save=("v(out)",)
        ),
        "macrospin, 200 ns at 5 ps": junction(Macrospin(), 200e-9, 5e-12, "v(mx)"),
        **{
            f"telegraph, {delta:g} kT, 1000 flips": junction(
                Telegraph(delta=delta), 1000 * mean[delta], 10 * mean[delta], "v(count)"
            )
            for delta in mean
        },
        "1 BSN, 50 ns": cells(1, 50e-9),
        "16 BSN in one deck, 10 ns": cells(16, 10e-9),
    }


def main() -> None:
    """Print seconds of each case on each engine, and their ratio to VACASK."""
    found = [(name, info) for name in ENGINES if (info := find_engine(name)) is not None]
    table = Table("VACASK and ngspice, whole calls", engines=tuple(f"{name} {info.version}" for name, info in found))
    for case, testbench in cases().items():
        first = None
        for name, _ in found:
            engine = get_engine(name, model="verilog-a")
            best, points = math.inf, 0
            for _ in range(3):
                started = time.perf_counter()
                points = len(engine.run(testbench).time)
                best = min(best, time.perf_counter() - started)
            first = first or best
            table.row(f"{case}: {name}, {points} points", best, "s", best / first)
    table.print(ratio="time relative to VACASK")


if __name__ == "__main__":
    main()
