"""A time point of each compact model of an oscillator or texture beside the macrospin's, in ngspice and VACASK.

Run: python -m benchmarks textures
"""

from __future__ import annotations

import time

from benchmarks.report import Table
from spinspice.devices import DomainWall, Macrospin, Skyrmion, SpinTorqueOscillator
from spinspice.devices.base import Device
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

REALISATIONS = (("ngspice", "verilog-a"), ("vacask", "verilog-a"), ("ngspice", "b-source"))
DEVICES = (Macrospin(), SpinTorqueOscillator(), DomainWall(), Skyrmion())
POINTS = 20_000


def bench(device: Device, points: int) -> Testbench:
    """One device at 0.1 V, further terminals at ground."""
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    nodes = " ".join(["a", *["0"] * (len(device.terminals) - 1), *device.state_ports()])
    step = float(device.parameters()["max_step"])
    circuit = f"va a 0 0.1\nxj {nodes} {device.model} {card}\n"
    return Testbench(circuit=circuit, stop=points * step, step=step, save=(f"v({device.state_ports()[0]})",))


def main() -> None:
    """Print seconds a point and ratios to the macrospin's in ngspice."""
    table = Table("one device, a time point")
    first = None
    for name, model in REALISATIONS:
        engine = get_engine(name, model=model)
        for device in DEVICES:
            engine.run(bench(device, 100))
            best = float("inf")
            for _ in range(3):
                started = time.perf_counter()
                waves = engine.run(bench(device, POINTS))
                best = min(best, (time.perf_counter() - started) / len(waves.time))
            first = first or best
            table.row(f"{device.model}, {model} in {name}", best, "s", best / first)
    table.print(ratio="time relative to the first row")


if __name__ == "__main__":
    main()
