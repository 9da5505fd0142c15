"""One macrospin junction, 200 ns at 5 ps: Verilog-A in ngspice and VACASK, B-sources in ngspice.

Run: python -m benchmarks realisations
"""

from __future__ import annotations

import time

from benchmarks.report import Table
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

REALISATIONS = (("ngspice", "verilog-a"), ("vacask", "verilog-a"), ("ngspice", "b-source"))


def bench(duration: float) -> Testbench:
    """The default junction at 0.1 V."""
    device = Macrospin()
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    circuit = f"xj a 0 mx my mz {device.model} {card}\nva a 0 0.1\n"
    return Testbench(circuit=circuit, stop=duration, step=device.max_step, save=("v(mx)",))


def main() -> None:
    """Print seconds and ratios to the first."""
    table = Table("one macrospin junction, 200 ns at 5 ps")
    first = None
    for name, model in REALISATIONS:
        engine = get_engine(name, model=model)
        engine.run(bench(1e-9))
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            waves = engine.run(bench(200e-9))
            best = min(best, time.perf_counter() - started)
        first = first or best
        info = engine.find()
        label = f"{model} in {name} {info.version if info else ''} ({len(waves.time)} points)"
        table.row(label, best, "s", best / first)
    table.print(ratio="time relative to the first row")


if __name__ == "__main__":
    main()
