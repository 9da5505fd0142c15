"""Verilog and junctions in one ngspice run: counts, decoding and learning as the behavioural model has them."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from spinspice.cells.readout import ReadOut
from spinspice.devices.reference.telegraph import simulate_telegraph
from spinspice.digital.backend import BackEnd
from spinspice.digital.cosim import MixedSignal, operations, sample_times, sampled_states
from spinspice.engines import get_engine, verilator
from spinspice.errors import EngineError, EngineNotFound, ParameterError, ResultError
from spinspice.presets import load_preset

pytestmark = [pytest.mark.engine("verilator"), pytest.mark.engine("ngspice-process")]

JUNCTION = load_preset("mizrahi2018-scaled").device


def mixed(count: int, *, steps: int = 40, size: int = 4, seed: int = 3, **changes) -> MixedSignal:
    """A run of ``count`` operations on random stimuli."""
    random = np.random.default_rng(seed)
    given = {
        "backend": BackEnd(inputs=size, outputs=size, steps=steps, shift=1),
        "weights": random.integers(0, 30, (size, size)),
        "junction": JUNCTION,
        "centres": np.linspace(-0.04, 0.04, size).tolist(),
        "stimuli": random.uniform(-0.04, 0.04, count).tolist(),
        "low": -0.04,
        "high": 0.04,
        "seed": seed,
    }
    return MixedSignal(**given | changes)


def check(run: MixedSignal, engine: str) -> None:
    """Compare every counter, position and memory access with the behavioural model on the flips of the circuit."""
    waves = get_engine(engine).run(run.testbench())
    done = operations(waves, run.backend)
    assert len(done) == len(run.stimuli)
    states = sampled_states(waves, sample_times(waves, run.backend, run.lag), run.backend.inputs)
    weights = run.backend.check_weights(run.weights)
    learnt = False
    for number, (operation, stimulus) in enumerate(zip(done, run.stimuli, strict=True)):
        counts, overflow = run.backend.count(states[number])
        np.testing.assert_array_equal(operation.counts, counts, err_msg=f"operation {number}")
        verdict = run.verdict(operation.position, stimulus) if run.learning else None
        wanted, after = run.backend.operate(weights, counts, overflow, verdict)
        assert vars(operation) | {"counts": 0} == vars(wanted) | {"counts": 0}
        learnt, weights = learnt or not np.array_equal(after, weights), after
    assert learnt == run.learning


@pytest.mark.parametrize("engine", ["ngspice", "ngspice-process"])
def test_counts_positions_and_learning_of_four_by_four(engine):
    check(mixed(3), engine)


@pytest.mark.slow
def test_every_counter_over_a_hundred_operations():
    check(mixed(100, steps=100), "ngspice-process")


def test_without_learning_the_memory_stays():
    check(mixed(2, steps=20, learning=False), "ngspice-process")


def test_clock_and_gripper_of_ideal_comparators():
    """Clock edges on whole periods, without a time point each; the gripper stands where the position says."""
    run = mixed(2)
    waves = get_engine("ngspice-process").run(run.testbench())
    rises = waves.digital["population.clk"].rises() / run.period
    np.testing.assert_allclose(rises, np.arange(1, rises.size + 1), atol=2e-4)
    assert rises.size == round(run.stop / run.period) - 1  # the run ends with an edge
    quiet = np.diff(waves.time).max()
    assert quiet > 0.3 * run.period  # half a period is the longest step: no edge cuts it
    for time, operation in zip(waves.digital["population.ready"].rises(), operations(waves, run.backend), strict=True):
        shown = np.interp(time + 0.1 * run.period, waves.time, waves["v(gripper)"])
        assert shown == pytest.approx(run.shown(operation.position), abs=1e-9)


def test_flips_are_those_of_the_reference_solver():
    """Same seeds, no circuit: states at the samples, up to flips within 0.1 ns of one (a few of them at most)."""
    run = mixed(2)
    waves = get_engine("ngspice-process").run(run.testbench())
    times = sample_times(waves, run.backend)
    edges = np.array([0.0, run.cycles + 3.0, run.cycles + 3.0, 2 * run.cycles + 6.0]) * run.period
    edges[1:] -= [1e-4 * run.period, 0.0, 0.0]
    found = sampled_states(waves, times, run.backend.inputs)
    for index, (centre, seed) in enumerate(zip(run.centres, run.seeds(), strict=True)):
        drive = (edges, np.repeat(run.stimuli, 2) - centre)
        exact = simulate_telegraph(JUNCTION, run.stop, seed, voltage=drive)
        assert np.mean(exact.state_at(times) != found[..., index]) <= 0.02


def test_transistor_read_outs_two_by_two():
    backend = BackEnd(inputs=2, outputs=2, steps=8, shift=0)
    close = {"centres": [-0.01, 0.01], "stimuli": [0.004], "low": -0.01, "high": 0.01}
    check(mixed(1, size=2, backend=backend, junction=ReadOut(JUNCTION, "generic"), **close), "ngspice-process")


@pytest.mark.slow
def test_transistor_read_outs_four_by_four():
    check(mixed(2, junction=ReadOut(JUNCTION, "generic")), "ngspice-process")


def test_vacask_refuses():
    from spinspice.engines.vacask import Vacask

    with pytest.raises(EngineError, match="VACASK cannot run digital blocks"):
        Vacask().run(mixed(1).testbench())


def test_missing_verilator_and_missing_headers(monkeypatch, tmp_path):
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(verilator, "ngspice_headers", lambda: None)
    with pytest.raises(EngineNotFound, match="ngspice's headers for co-simulation are missing"):
        get_engine("ngspice-process").run(mixed(1).testbench())
    (tmp_path / "ngspice").symlink_to(shutil.which("ngspice"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineNotFound, match="no verilator on the PATH"):
        get_engine("ngspice-process").run(mixed(1).testbench())


def test_run_that_ends_before_the_first_position():
    run = mixed(1)
    waves = get_engine("ngspice-process").run(run.testbench().replace(stop=0.3 * run.stop))
    with pytest.raises(ResultError, match="no operation was completed"):
        operations(waves, run.backend)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"centres": [0.0]}, "1 centres for 4 inputs"),
        ({"stimuli": []}, "stimuli is empty"),
        ({"low": 0.1}, "are no range"),
        ({"period": 0.0}, "period = 0 s"),
        ({"junction": JUNCTION.replace(drive=1.0)}, "driven by voltage"),
        ({"weights": np.full((4, 4), 200)}, "weight .*200.* of output 0, input 0"),
    ],
)
def test_numbers_that_do_not_fit(changes, message):
    with pytest.raises(ParameterError, match=message):
        mixed(1, **changes)
