"""Telegraph junction from 1 Hz to 1 GHz: time points a flip and flips a second, on every engine that runs Verilog-A.

Run: python -m benchmarks telegraph
"""

from __future__ import annotations

import math
import time

from benchmarks.report import Table
from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

FLIPS = 1000
RATES = (1.0, 1e3, 1e6, 1e9)


def bench(rate: float) -> Testbench:
    """A junction at 0 V that flips ``rate`` times a second, for about ``FLIPS`` flips."""
    device = Telegraph(delta=math.log(Telegraph().phi0 / rate)).with_resolvable_switching()
    # ngspice wants its shortest step above about 1e-10 of the run.
    device = device.replace(t_sw=max(device.t_sw, 1e-9 * FLIPS / rate))
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    circuit = f"xj a 0 s n {device.model} {card}\nva a 0 0\n"
    return Testbench(circuit=circuit, stop=FLIPS / rate, step=FLIPS / rate / 50, save=("v(n)",))


def main() -> None:
    """Print points a flip and flips a second."""
    engines = [get_engine(name, model="verilog-a") for name in ("ngspice", "vacask")]
    table = Table("telegraph junction", engines=tuple(f"{e.name} {e.find().version}" for e in engines if e.find()))
    for engine in engines:
        for rate in RATES:
            testbench = bench(rate)
            engine.run(testbench)
            started = time.perf_counter()
            waves = engine.run(testbench)
            seconds = time.perf_counter() - started
            flips = waves["v(n)"][-1]
            table.row(f"{engine.name}, {rate:g} flips/s", flips / seconds, "flips a second", len(waves.time) / flips)
    table.print(ratio="points a flip")


if __name__ == "__main__":
    main()
