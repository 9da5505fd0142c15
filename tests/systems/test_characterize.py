"""Characterisation in real simulators, short: every engine, both cells, the same seed to the last bit."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest

from spinspice.characterize import Characterization, CharacterizationInterrupted, characterize
from spinspice.presets import load_preset

pytestmark = pytest.mark.engine("auto")

#: Short and small: 5 inputs that hold the transition of the binary neuron, one trial of 6 ns each.
SHORT = {"vin": "-30m:30m:5", "duration": 6e-9, "trials": 1}
ENGINES = [
    pytest.param(name, model, marks=pytest.mark.engine(name, model=model), id=f"{name}-{model}")
    for name, model in [
        ("ngspice", "verilog-a"),
        ("ngspice-process", "verilog-a"),
        ("vacask", "verilog-a"),
        ("ngspice", "b-source"),
    ]
]


@functools.cache
def short_bsn(engine: str = "auto", model: str | None = None, workers: int = 2) -> Characterization:
    return characterize("bsn", "faria2021", engine=engine, model=model, workers=workers, **SHORT)


@pytest.mark.parametrize(("engine", "model"), ENGINES)
def test_a_binary_neuron_in_every_engine(engine, model):
    result = short_bsn(engine, model)
    assert (result.engine, result.settings["model"], result.failures) == (engine, model, ())
    t = result.transfer
    # Both rails: far from the transition the mean is there, in its middle single samples are.
    assert np.abs(t.mean[[0, -1]] - [0.4, -0.4]).max() < 1e-3
    assert t.low[2] < -0.39 and t.high[2] > 0.39
    # Inputs 15 mV apart do not resolve a transition of some 6 mV; they bound it.
    assert not result.fit.resolved and 4e-3 < result.fit.v0_max < 15e-3
    assert abs(result.energy.closure) < 5e-3
    assert set(result.energy.power) == {"mtj", "input", "inverters"}
    assert result.provenance["engine_version"]


@pytest.mark.engine("ngspice")
@pytest.mark.engine("ngspice-process")
def test_engines_agree_on_the_same_seed():
    # The same noise, but transistors of two programs and paths that part after a nanosecond: means within their errors.
    one, other = short_bsn("ngspice", "verilog-a"), short_bsn("ngspice-process", "verilog-a")
    assert other.transfer.mean == pytest.approx(one.transfer.mean, abs=4e-3)
    power = one.energy.power
    assert other.energy.power == pytest.approx(power, rel=0.05)


def test_one_and_two_workers_give_the_same_bits():
    two, one = short_bsn(workers=2), short_bsn(workers=1)
    assert one.to_json() == two.to_json()
    assert one.autocorrelation.value.tolist() == two.autocorrelation.value.tolist()


def test_another_seed_gives_another_result_of_the_same_law():
    first = short_bsn()
    second = characterize("bsn", "faria2021", seed=2, **SHORT)
    middle = 2
    difference = first.transfer.mean[middle] - second.transfer.mean[middle]
    assert difference != 0.0
    assert abs(difference) < 4 * np.hypot(first.transfer.stderr[middle], second.transfer.stderr[middle])


def test_an_analog_neuron_is_a_tanh():
    result = characterize("asn", "ganguly2018", vin="-300m:300m:9", duration=12e-9, trials=1)
    assert result.fit.r2 > 0.99
    assert 0.03 < result.fit.v0 < 0.15
    assert abs(result.fit.offset) < 0.02 + 4 * result.fit.offset_stderr
    assert result.noise.sigma > 0.01
    assert abs(result.energy.closure) < 5e-3
    assert result.noise.junction.fwhm > 1e-10


def test_a_binary_neuron_finds_its_transition_and_is_a_tanh():
    result = characterize("bsn", "faria2021", vin="auto:13", duration=25e-9, trials=1)
    assert result.fit.r2 > 0.98  # 1 ns of statistics a point costs up to 0.01; the whole run is a slow test
    assert abs(result.fit.offset) < 5e-3 + 4 * result.fit.offset_stderr
    # Wide enough for both rails, narrow enough for points on the slope.
    assert np.abs(result.transfer.mean[[0, -1]]).min() > 0.39
    assert np.sum(result.transfer.std > 0.05) >= 3
    # The magnet of Faria et al.: sLLG reference 172 ps (FWHM), see docs/theory.md.
    tau = result.noise.junction
    assert abs(tau.fwhm - 172e-12) < 4 * tau.fwhm_stderr


def test_a_telegraph_junction_in_a_cell():
    # Mizrahi's scaled barrier, with a critical voltage far above the cell's, so that it switches freely in it.
    device = load_preset("mizrahi2018-scaled").device.replace(V_c=10.0, R_P=12.7e3)
    result = characterize("bsn", device, vin="-40m:40m:5", trials=1, duration=100 * 403e-9)
    assert result.preset == "custom"
    assert result.transfer.low[2] < -0.39 and result.transfer.high[2] > 0.39
    # Rates differ by the drive 0.4 V / 10 V: relaxation rate 2 phi0 exp(-6) cosh(6 * 0.04).
    decay = 1.0 / (2.0 * 1e9 * np.exp(-6.0) * np.cosh(0.24))
    tau = result.noise.junction
    assert abs(tau.decay - decay) < 4 * tau.decay_stderr
    assert abs(result.energy.closure) < 5e-3


def test_ctrl_c_ends_simulators_and_keeps_points():
    def interrupt(stage: str, done: int, total: int) -> None:
        if stage == "transfer" and done == 7:
            raise KeyboardInterrupt

    with pytest.raises(CharacterizationInterrupted) as caught:
        characterize("bsn", vin="-30m:30m:5", duration=3e-9, trials=4, progress=interrupt)
    kept = caught.value.result
    assert 7 <= kept.transfer.trials.sum() < 20
    assert json.loads(kept.to_json())["energy"] is None


@pytest.mark.slow
def test_what_separates_the_published_width_from_ours():
    # Faria et al.: V0 50 mV (40 to 60), 150 ps. A transistor above threshold and a TMR without bias dependence.
    result = characterize("bsn", load_preset("faria2021").device.replace(V_half=1e3), vdd=1.2, trials=3)
    v0, tau = result.fit, result.noise.output
    assert 40e-3 - 4 * v0.v0_stderr < v0.v0 < 60e-3 + 4 * v0.v0_stderr
    assert v0.v0 > 30e-3
    assert abs(tau.fwhm - 150e-12) < 4 * tau.fwhm_stderr


@pytest.mark.slow
@pytest.mark.parametrize(("cell", "preset"), [("asn", "ganguly2018"), ("bsn", "faria2021")])
def test_full_characterisation_is_a_tanh(cell, preset):
    result = characterize(cell, preset)
    assert result.fit.r2 >= 0.99
    assert abs(result.energy.closure) < 5e-3
    if cell == "bsn":
        assert result.transfer.low.min() < -0.39 and result.transfer.high.max() > 0.39
