"""A time point of each compact model of an oscillator or texture beside the macrospin's, in ngspice and VACASK.

Processor time of the simulator's process, its start taken off by a run of few points: the clock of a busy machine says
less. Run: python -m benchmarks textures
"""

from __future__ import annotations

import resource

from benchmarks.report import Table
from spinspice.devices import (
    DomainWall,
    Macrospin,
    MacrospinField,
    MacrospinOscillator,
    Skyrmion,
    SpinTorqueOscillator,
)
from spinspice.devices.base import Device
from spinspice.engines import get_engine
from spinspice.engines.base import Engine
from spinspice.testbench import Testbench

REALISATIONS = (("ngspice-process", "verilog-a"), ("vacask", "verilog-a"), ("ngspice-process", "b-source"))
DEVICES = (Macrospin(), MacrospinField(), MacrospinOscillator(), SpinTorqueOscillator(), DomainWall(), Skyrmion())
POINTS = 20_000


def bench(device: Device, points: int) -> Testbench:
    """One device at 0.1 V, further terminals at ground."""
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    nodes = " ".join(["a", *["0"] * (len(device.terminals) - 1), *device.state_ports()])
    step = float(device.parameters()["max_step"])
    circuit = f"va a 0 0.1\nxj {nodes} {device.model} {card}\n"
    return Testbench(circuit=circuit, stop=points * step, step=step, save=(f"v({device.state_ports()[0]})",))


def used(engine: Engine, device: Device, points: int) -> tuple[float, int]:
    """Processor time of a run by the simulator's process [s], and its time points; the least of three."""
    best, count = float("inf"), 0
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        count = len(engine.run(bench(device, points)).time)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best, count


def main() -> None:
    """Print seconds a point and ratios to the macrospin's in the same realisation."""
    for name, model in REALISATIONS:
        table = Table(f"one device, a time point, {model} in {name}")
        engine = get_engine(name, model=model)
        first = None
        for device in DEVICES:
            start, few = used(engine, device, 100)
            whole, many = used(engine, device, POINTS)
            each = (whole - start) / (many - few)
            first = first or each
            table.row(f"{device.model}", each, "s", each / first)
        table.print(ratio="relative to the macrospin")


if __name__ == "__main__":
    main()
