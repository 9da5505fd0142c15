"""No stream of noise is used twice: not by two junctions of a circuit, not by two runs, not by two master seeds."""

from __future__ import annotations

import contextlib
import re

import numpy as np
import pytest
from made_up import MadeUp, made_up

from spinspice.benches.cell import cell_testbench
from spinspice.benches.chain import PulseTrain
from spinspice.cells import BSN, CellFile, ReadOut
from spinspice.devices import Macrospin
from spinspice.devices.noise import SEED_LIMIT, derived_seed, seed_text
from spinspice.digital.backend import BackEnd
from spinspice.digital.cosim import MixedSignal
from spinspice.energy import audit_cell
from spinspice.errors import SpinspiceError
from spinspice.memory import circuit_write_errors, measure_memory
from spinspice.networks.chain.spice import chain_testbench
from spinspice.networks.population import PopulationDeck
from spinspice.papers.mizrahi2018 import fig1j
from spinspice.papers.mizrahi2018.populations import drawn
from spinspice.presets import load_preset
from spinspice.presets.lopez2024 import JUNCTIONS
from spinspice.readout.runs import tuning_curve
from spinspice.reproduce.base import Request
from spinspice.studies.readout import study_readout
from spinspice.sweep import Study
from spinspice.sweep.plan import Plan
from spinspice.testbench import Testbench

MASTERS = range(1, 6)
SCALED = load_preset("mizrahi2018-scaled").device
MEMORY = load_preset("sttmram").device
#: A junction with this barrier stands still: its stream is never read.
FROZEN = "200.0"


def streams(testbench: Testbench) -> list[int]:
    """Seeds that reach the junctions of a circuit, one for each, from the text that engines read."""
    names = {**testbench.parameters, "floor": np.floor, "abs": abs, "__builtins__": {}}
    found = []
    for card in re.sub(r"\n\+", " ", testbench.circuit).splitlines():
        if not re.match(r"(?i)x\S+ .*\bmtj_(macrospin|macrospin_sot|telegraph)\b", card) or f"delta={FROZEN}" in card:
            continue
        text = re.search(r"\bseed=(\{[^}]*\}|\S+)", card)[1].strip("{}")
        seed = eval(text, names)  # numbers and floor() of our own decks
        assert seed == int(seed) and 0 <= seed < SEED_LIMIT
        found.append(int(seed))
    return found


def three(folder) -> CellFile:
    """A cell file with three junctions."""
    (folder / "n.sp").write_text(
        ".subckt n in out vdd vss\nR1 vdd out 1\nR2 out m 1\nR3 m vss 1\nRin in vss 1meg\n.ends\n"
    )
    ports = {"vin": "in", "out": "out", "vdd": "vdd", "vss": "vss"}
    junctions = {"R1": "vdd", "R2": "out", "R3": "vss"}
    return CellFile.from_dict({"netlist": "n.sp", "vdd": 0.2, "ports": ports, "junctions": junctions}, folder)


def sweep_jobs(seed: int, _: MadeUp) -> list[Testbench]:
    """Every run of a small Monte Carlo study."""
    data = {
        "cell": "bsn",
        "seed": seed,
        "grid": {"vin": [-0.01, 0.0, 0.01]},
        "measure": {"duration": "2n", "trials": 2},
    }
    spread = {"samples": 3, "device": {"R_P": {"distribution": "normal", "relative": 0.1}}}
    return [bench for job in Plan(Study.from_dict({**data, "montecarlo": spread})) for bench in job.benches()]


def mixed_signal(seed: int, _: MadeUp) -> list[Testbench]:
    """A back end with four junctions."""
    numbers = {"backend": BackEnd(inputs=4, outputs=4, steps=40, shift=1), "weights": np.ones((4, 4), dtype=int)}
    centres = np.linspace(-0.04, 0.04, 4).tolist()
    run = MixedSignal(**numbers, junction=SCALED, centres=centres, stimuli=[0.0], low=-0.04, high=0.04, seed=seed)
    return [run.testbench()]


def population(seed: int, _: MadeUp) -> list[Testbench]:
    """A deck of 16 junctions."""
    found = drawn(16, seed, -0.1, 0.1)
    return [PopulationDeck(population=found, stimuli=(0.0,), dt=183e-9, steps=10, seed=seed).testbench()]


#: Everything that puts junctions into circuits, called with a master seed: either hands its runs to an engine, which
#: keeps and fails them, or returns them.
SYSTEMS = {
    "neuron, characterised": lambda seed, engine: made_up(engine, seed=seed, vin="auto:5", trials=2, duration=4e-9),
    "neuron, energy": lambda seed, engine: audit_cell(BSN(Macrospin()), seed=seed, engine=engine),
    "sweep": sweep_jobs,
    "memory": lambda seed, engine: measure_memory(
        MEMORY, "generic", rows=8, seeds=4, seed=seed, engine=engine, workers=1
    ),
    "memory, write errors": lambda seed, engine: circuit_write_errors(
        MEMORY, "generic", 1, [3e-9], samples=8, rows=4, seed=seed, engine=engine, workers=1
    ),
    "readout": lambda seed, engine: study_readout(bits=10, trials=4, seed=seed, engine=engine, workers=1),
    "tuning curve": lambda seed, engine: tuning_curve(
        ReadOut(SCALED), [0.0, 0.01], bits=10, trials=3, seed=seed, engine=engine, workers=1
    ),
    "population": population,
    "back end": mixed_signal,
    "chain": lambda seed, _: [chain_testbench(JUNCTIONS, PulseTrain(), [-5e-4] * 3, seed)],
    "Fig. 1j": lambda seed, engine: fig1j.run(Request(seed=seed, engine=engine, workers=1)),
}


@pytest.mark.parametrize("name", SYSTEMS)
@pytest.mark.filterwarnings("ignore")
def test_master_seeds_and_instances_share_no_stream(name):
    """Seeds 1 to 5: no stream belongs to two of them, nor to two junctions of one circuit."""
    used: dict[int, int] = {}
    for master in MASTERS:
        engine = MadeUp(fail=lambda title: name != "neuron, characterised")
        runs = None
        with contextlib.suppress(SpinspiceError):
            runs = SYSTEMS[name](master, engine)
        found = [streams(one) for one in (runs if isinstance(runs, list) else engine.ran)]
        assert sum(map(len, found)) > 0, "no junction was seen"
        for own in found:
            assert len(own) == len(set(own)), "two junctions of a circuit share a stream"
        for seed in {seed for own in found for seed in own}:
            assert used.setdefault(seed, master) == master, f"masters {used[seed]} and {master} share stream {seed}"


def test_junctions_of_a_cell_file_have_streams_of_their_own(tmp_path):
    cell = three(tmp_path)(Macrospin())
    found = [streams(cell_testbench(cell, stop=1e-9, seed=seed)) for seed in range(50)]
    assert len(set(np.ravel(found).tolist())) == 150


def test_a_derived_seed_is_a_permutation_that_text_and_number_share():
    generator = np.random.default_rng(3)
    for name in ("j0_1", "x2", "", "µ"):
        seeds = [0, 1, SEED_LIMIT - 2, *map(int, generator.integers(0, SEED_LIMIT - 1, 50))]
        text = seed_text(name).strip("{}")
        values = [derived_seed(seed, name) for seed in seeds]
        assert [eval(text, {"seed": float(seed), "floor": np.floor}) for seed in seeds] == values
        assert len(set(values)) == len(set(seeds)) and all(0 <= value < SEED_LIMIT for value in values)
