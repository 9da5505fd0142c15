"""One macrospin junction, 200 ns on a noise of 5 ps: spinspice, a hand-tuned ``ngspice -b``, and PySpice as installed.

The hand-tuned run is what a user who knows the traps would write: one thread, no memory check, one signal saved,
binary raw file; its time is that of the program alone. The stock run is PySpice's ``simulator.transient`` with the
distribution's settings, its time that of the call (of a tenth of the run, times ten). Circuit, compiled model, time
step and tolerances are the same. Rounds alternate, the shortest time of each counts.

Run: python -m benchmarks macrospin
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Table
from spinspice.devices import Macrospin
from spinspice.engines import get_engine, ngspice_pool, osdi
from spinspice.engines.deck import SETTINGS, Deck, make_deck
from spinspice.testbench import Testbench

DURATION = 200e-9
#: The stock run is so slow that a tenth is run, and its time counted ten times.
STOCK_DURATION = DURATION / 10
ROUNDS = 5
#: Settings of the hand-tuned run: those that facts about ngspice 46 and Debian's start-up file ask for.
BY_HAND = ("pre_set num_threads=1", "pre_set no_mem_check")
#: Those of spinspice, which also leave out the display of progress.
OURS = tuple(f"pre_{setting}" for setting in SETTINGS)
_STOCK = """
import json, logging, sys, time
logging.disable(logging.CRITICAL)
from PySpice.Spice.NgSpice.Shared import NgSpiceShared
library, model, cards, step, stop = json.loads(sys.argv[1])
NgSpiceShared.LIBRARY_PATH = library
from PySpice.Spice.Netlist import Circuit
circuit = Circuit("stock")
circuit.raw_spice = cards
ngspice = NgSpiceShared.new_instance()
try:
    ngspice.exec_command("osdi " + model)
except NameError:
    pass
simulator = circuit.simulator(simulator="ngspice-shared", ngspice_shared=ngspice)
simulator.save(["mx"])
simulator.options(trtol=100)
started = time.perf_counter()
analysis = simulator.transient(step_time=step, end_time=stop, max_time=step)
print(time.perf_counter() - started, len(analysis.time))
"""


def testbench(duration: float = DURATION) -> Testbench:
    """The default junction at 0.1 V."""
    device = Macrospin()
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    circuit = f"va a 0 0.1\nxj a 0 mx my mz {device.model} {card}\n"
    return Testbench(circuit=circuit, stop=duration, step=device.max_step, save=("v(mx)",))


def by_hand(deck: Deck, model: Path, settings: tuple[str, ...] = BY_HAND) -> float:
    """Time of ``ngspice -b`` on the deck with the hand-tuned settings, or others [s]."""
    lines = [*deck.lines[:-1], ".control", *settings, f"pre_osdi {model}", ".endc", ".end"]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "deck.cir").write_text("\n".join(lines) + "\n")
        started = time.perf_counter()
        command = ["ngspice", "-b", "-r", "waves.raw", "deck.cir"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        return time.perf_counter() - started


def stock(deck: Deck, model: Path) -> tuple[float, int]:
    """Time of PySpice's ``transient`` with the distribution's settings [s], and the number of points."""
    # The circuit alone: PySpice writes title, options and analysis itself.
    cards = [line for line in deck.lines[1:-1] if not line.startswith((".save", ".tran", ".options", ".temp"))]
    step = testbench().step
    request = json.dumps([ngspice_pool.find_library(), str(model), "\n".join(cards), step, STOCK_DURATION])
    answer = subprocess.run([sys.executable, "-c", _STOCK, request], check=True, capture_output=True, text=True)
    seconds, points = answer.stdout.split()[-2:]
    return float(seconds) * DURATION / STOCK_DURATION, int(points)


def spinspice(name: str) -> tuple[float, int]:
    """Time of a whole ``run`` of a spinspice engine [s], and the number of points."""
    engine, bench = get_engine(name), testbench()
    started = time.perf_counter()
    waves = engine.run(bench)
    return time.perf_counter() - started, waves.time.size


def main() -> None:
    """Print seconds, and their ratios to the hand-tuned run."""
    deck = make_deck(testbench())
    (model,) = osdi.compile_models(deck.modules)
    info = get_engine("ngspice").find()
    for name in ("ngspice", "ngspice-process"):
        get_engine(name).run(testbench(1e-9))
    best: dict[str, float] = {}
    points: dict[str, int] = {}
    for _ in range(ROUNDS):
        for label, settings in (("tuned by hand", BY_HAND), ("with spinspice's settings", OURS)):
            seconds = by_hand(deck, model, settings)
            best[f"ngspice -b, {label}"] = min(best.get(f"ngspice -b, {label}", seconds), seconds)
        for name in ("ngspice", "ngspice-process"):
            seconds, points[f"spinspice, engine {name}"] = spinspice(name)
            best[f"spinspice, engine {name}"] = min(best.get(f"spinspice, engine {name}", seconds), seconds)
    best["PySpice as installed"], points["PySpice as installed"] = stock(deck, model)
    table = Table(
        f"one macrospin junction, {DURATION * 1e9:g} ns at 5 ps",
        ("PySpice",),
        (f"ngspice {info.version if info else ''}",),
    )
    reference = best["ngspice -b, tuned by hand"]
    for label, seconds in best.items():
        table.row(f"{label} ({points[label]} points)" if label in points else label, seconds, "s", seconds / reference)
    table.print(ratio="time relative to the first row")
    gain = best["PySpice as installed"] / best["spinspice, engine ngspice"]
    print(f"  spinspice is {gain:.3g} times as fast as PySpice as installed")


if __name__ == "__main__":
    main()
