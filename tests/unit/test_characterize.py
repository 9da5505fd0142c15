"""The logic of a characterisation on an engine made up in Python: stages, seeds, failures, interruption, storage."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest
from made_up import AMPLITUDE, OFFSET, SIGMA, TAU, V0, MadeUp, made_up

from spinspice.characterize import (
    AutoVin,
    Characterization,
    CharacterizationInterrupted,
    GridVin,
    parse_vin,
)
from spinspice.devices import Macrospin, Telegraph
from spinspice.errors import EngineError, ParameterError, ResultError, UsageError
from spinspice.presets import load_preset
from spinspice.studies.neuron_settings import make_settings
from spinspice.studies.result import to_plain


@pytest.fixture(scope="module")
def result():
    return made_up()


def test_the_made_up_cell_comes_back(result):
    fit, noise = result.fit, result.noise
    assert abs(fit.v0 - V0) < 4 * fit.v0_stderr
    assert abs(fit.offset - OFFSET) < 4 * fit.offset_stderr
    assert abs(fit.amplitude - AMPLITUDE) < 4 * fit.amplitude_stderr
    assert fit.r2 > 0.99
    assert abs(noise.sigma - SIGMA) < 4 * noise.sigma_stderr
    assert abs(noise.output.decay - TAU) < 4 * noise.output.decay_stderr
    assert abs(noise.output.fwhm - 2 * math.log(2) * TAU) < 4 * noise.output.fwhm_stderr
    t = result.transfer
    assert (np.abs(t.mean - AMPLITUDE * np.tanh((t.vin - OFFSET) / V0)) < 4 * t.stderr + 1e-9).all()


def test_auto_inputs_cover_the_transition(result):
    vin = result.transfer.vin
    assert vin.size == 9
    assert vin.min() < OFFSET - 2 * V0 and vin.max() > OFFSET + 2 * V0
    assert 6 * V0 < vin.max() - vin.min() < 10 * V0


def test_json_has_the_agreed_keys(result):
    data = json.loads(result.to_json())
    assert {"cell", "preset", "engine", "seed", "transfer", "fit", "noise", "energy"} <= set(data)
    assert {"vin", "mean", "stderr", "std"} <= set(data["transfer"])
    assert {"v0", "v0_stderr", "offset", "r2"} <= set(data["fit"])
    assert {"sigma", "tau_c", "tau_c_stderr"} <= set(data["noise"])
    assert {"power", "per_decision", "closure"} <= set(data["energy"])
    assert (data["cell"], data["preset"], data["engine"], data["seed"]) == ("bsn", "faria2021", "made-up", 1)
    assert data["settings"]["warm_up"] == pytest.approx(2e-9)


def test_workers_and_order_do_not_enter_the_result(result):
    assert made_up(workers=1).to_json() == result.to_json()


def test_the_seed_does(result):
    other = made_up(seed=2)
    assert other.transfer.mean.tolist() != result.transfer.mean.tolist()


def test_every_run_has_a_seed_of_its_own():
    engine = MadeUp()
    made_up(engine)
    runs = 4 + 9 * 3 + 3
    # The quasi-static ramp of the audit has no noise; its fixed seed is the one more.
    assert len(engine.seeds) == runs + 1
    assert len(set(engine.seeds)) == runs + 1


def test_a_result_survives_its_file(result, tmp_path):
    path = result.save(tmp_path / "deep" / "cell.nc")
    again = Characterization.load(path)
    assert again.to_dict(full=True) == result.to_dict(full=True)
    data = result.to_xarray()
    assert data["mean"].dims == ("vin",)
    assert data["mean"].attrs["units"] == "V"
    assert float(data["fit_v0"]) == result.fit.v0
    assert float(data["power"].sum()) == pytest.approx(sum(result.energy.power.values()))


def test_files_that_are_none_are_refused(tmp_path):
    (tmp_path / "bad.nc").write_text("no NetCDF")
    with pytest.raises(ResultError, match=r"cannot read .*bad\.nc as a characterisation"):
        Characterization.load(tmp_path / "bad.nc")
    with pytest.raises(ResultError, match="cannot read"):
        Characterization.load(tmp_path / "absent.nc")


def test_a_failed_run_costs_its_trial_only():
    result = made_up(MadeUp(fail=lambda title: "transfer 4 trial 1" in title))
    assert result.transfer.trials.tolist() == [3, 3, 3, 3, 2, 3, 3, 3, 3]
    assert len(result.failures) == 1
    assert "made-up failure" in result.failures[0]
    assert result.fit.r2 > 0.99


def test_an_input_without_a_run_is_left_out():
    result = made_up(MadeUp(fail=lambda title: "transfer 4 " in title))
    assert result.transfer.vin.size == 8
    assert len(result.failures) == 3


def test_nothing_is_lost_if_the_audit_fails():
    result = made_up(MadeUp(fail=lambda title: "quasi-static" in title))
    assert result.noise is not None and result.energy is None
    assert "made-up failure" in result.notes[-1]


def test_too_many_failures_end_it():
    with pytest.raises(EngineError, match=r"at 4 of 9 inputs only.*made-up failure"):
        made_up(MadeUp(fail=lambda title: re.search(r"transfer [0-4] ", title) is not None))
    with pytest.raises(EngineError, match=r"transition could not be looked for.*made-up failure"):
        made_up(MadeUp(fail=lambda title: "find 1" in title))


def test_noise_without_energy_if_the_audited_run_fails():
    result = made_up(MadeUp(fail=lambda title: "noise 0 trial 0" in title))
    assert result.noise is not None and result.energy is None
    assert any("no energy" in note for note in result.notes)
    assert json.loads(result.to_json())["energy"] is None


def test_ctrl_c_keeps_what_is_done():
    with pytest.raises(CharacterizationInterrupted) as caught:
        made_up(MadeUp(stop_at=4 + 9 * 2), workers=1)
    kept = caught.value.result
    assert kept.transfer.trials.tolist() == [2, 2, 2, 2, 2, 2, 2, 2, 1]  # trial by trial, not input by input
    assert kept.fit.r2 > 0.99
    assert kept.noise is None and kept.energy is None
    assert "interrupted after 17 of 27 runs" in kept.notes[0]


def test_ctrl_c_in_the_last_stage_keeps_the_curve():
    with pytest.raises(CharacterizationInterrupted) as caught:
        made_up(MadeUp(stop_at=4 + 27 + 1), workers=1)
    assert caught.value.result.transfer.trials.tolist() == [3] * 9


def test_ctrl_c_at_the_start_keeps_nothing():
    with pytest.raises(CharacterizationInterrupted) as caught:
        made_up(MadeUp(stop_at=1), workers=1)
    assert caught.value.result is None


def test_progress_counts_every_stage():
    seen = []
    made_up(progress=lambda *call: seen.append(call))
    assert {stage for stage, _, _ in seen} == {"find", "transfer", "noise", "quasi-static"}
    assert [call for call in seen if call[0] == "find"] == [("find", 0, 2), ("find", 1, 2), ("find", 2, 2)] * 2
    assert ("noise", 3, 3) in seen and seen[-1] == ("quasi-static", 1, 1)


def test_an_output_that_ignores_its_input_has_no_transition():
    with pytest.raises(ResultError, match="no transition"):
        made_up(MadeUp(amplitude=0.0, sigma=0.0))


def test_a_grid_is_used_as_it_is():
    result = made_up(vin="-150m:0.17:11")
    assert result.transfer.vin.tolist() == np.linspace(-0.15, 0.17, 11).tolist()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("auto:4", "4 inputs are outside 5 to 10001"),
        ("auto:x", "'x', is not a whole number"),
        ("auto:", "'', is not a whole number"),
        ("1:2", "neither auto:N nor START:STOP:N"),
        ("0.1:-0.1:9", "does not rise"),
        ("0.1:0.1:9", "does not rise"),
        ("nan:1:9", "not a number"),
        ("0:500:9", "outside"),
        ("0:1:2", "2 inputs"),
        (GridVin(0.0, math.nan, 9), "outside"),
        (AutoVin(2), "2 inputs"),
    ],
)
def test_inputs_that_make_no_sense(text, match):
    with pytest.raises(UsageError, match=match):
        parse_vin(text)


def settings(cell="bsn", preset=None, **more):
    defaults = {"cmos": "generic", "vdd": None, "vin": "auto:9", "duration": None, "trials": 1, "seed": 1}
    return make_settings(cell, preset, **(defaults | more))


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"cell": "bns"}, "unknown cell 'bns'. Did you mean bsn"),
        ({"preset": "faria"}, "unknown preset 'faria'. Did you mean faria2021"),
        ({"cmos": "sky"}, "unknown transistor technology"),
        ({"duration": "1p"}, r"duration = 1e-12 s is outside .*100 noise steps"),
        ({"duration": -1.0}, "duration = -1 s is outside"),
        ({"duration": math.nan}, "duration = nan"),
        ({"duration": "soon"}, "duration = 'soon' is not a number"),
        ({"trials": 0}, "trials = 0 is outside"),
        ({"seed": -1}, "seed = -1 is outside"),
        ({"vdd": 3.3}, "vdd = 3.3 V is outside"),
        ({"preset": "mizrahi2018-scaled", "duration": 1e-6}, "10 mean dwell times"),
    ],
)
def test_settings_that_make_no_sense(changes, match):
    with pytest.raises(UsageError, match=match):
        settings(**changes)


def test_a_tmr_in_per_cent_is_refused():
    with pytest.raises(ParameterError, match="write 1.2 for 120 %"):
        settings(preset=load_preset("faria2021").device.replace(TMR=120.0))


def test_defaults_follow_cell_and_junction():
    assert (settings("asn").preset, settings("bsn").preset) == ("ganguly2018", "faria2021")
    assert settings("asn", "lopez2024").cell.vdd == 1.2
    assert settings("bsn", Macrospin()).preset == "custom"
    slow = settings("bsn", Telegraph(delta=6.0))
    assert slow.duration == pytest.approx(300 * math.exp(6.0) * 1e-9)
    assert slow.sample_times[0] > slow.warm_up
    assert slow.sample_times[-1] <= slow.duration * (1 + 1e-9)


def test_a_cell_of_your_own_keeps_its_junction():
    cell = settings("bsn").cell
    assert settings(cell).cell is cell
    with pytest.raises(UsageError, match="has its junction"):
        settings(cell, Macrospin())


def test_plain_data_has_no_numpy_and_no_nan():
    plain = to_plain({"a": np.array([1.0, np.nan]), "b": np.int64(3), "c": (math.inf, "x"), "d": None})
    assert plain == {"a": [1.0, None], "b": 3, "c": [None, "x"], "d": None}


@pytest.mark.parametrize(
    ("widths", "most", "sweeps", "reach"),
    [
        ([0.1, 0.05, 0.02, 0.018, 0.005], 5, 4, 4 * 0.018),  # settled at the fourth
        ([0.1, 0.05, 0.02], 2, 2, 4 * 0.05),  # no more than were allowed
        ([0.1, 1e-6, 0.035], 3, 3, 4 * 0.035),  # one sweep is trusted to narrow it to 0.4 only
        ([0.5, 0.45], 3, 2, 0.8),  # never beyond the supply
    ],
)
def test_the_search_ends_when_a_sweep_no_longer_narrows(widths, most, sweeps, reach):
    from spinspice.studies.neuron_stages import covering_inputs

    asked = []

    def sweep(ramps):
        (low, high), down = ramps
        assert down == (high, low)
        asked.append((low, high))
        return 0.01, widths[len(asked) - 1]

    inputs = searched(covering_inputs(9, 0.0, 0.4, most), sweep)
    assert len(asked) == sweeps and asked[0] == (-0.4, 0.4)
    np.testing.assert_allclose(inputs, 0.01 + reach * np.linspace(-1, 1, 9), rtol=1e-12)


def searched(search, sweep):
    """Answer each sweep that a search asks for, and return what it finds."""
    try:
        ramps = next(search)
        while True:
            ramps = search.send(sweep(ramps))
    except StopIteration as found:
        return found.value


@pytest.mark.parametrize(("points", "reach"), [(5, 2.0), (7, 3.0), (17, 4.0)])
def test_few_inputs_stay_close_to_the_transition(points, reach):
    """No more than a width apart, so that at least four lie within 2.5 widths: fewer do not resolve it."""
    from spinspice.studies.neuron_stages import covering_inputs

    inputs = searched(covering_inputs(points, 0.0, 0.4), lambda ramps: (0.0, 0.05))
    np.testing.assert_allclose(inputs, reach * 0.05 * np.linspace(-1, 1, points), atol=1e-12)
    assert np.sum(np.abs(inputs) < 2.5 * 0.05) >= 4


def test_a_frozen_junction_leaves_every_error_unknown(tmp_path):
    """The output fluctuates as ever, the junction does not switch: null, "unknown", and notes; and no fit is stated."""
    result = made_up(MadeUp(frozen=True))
    data = json.loads(result.to_json())
    assert set(data["transfer"]["stderr"]) == {None} and set(data["transfer"]["independent"]) == {0.0}
    assert data["fit"]["resolved"] is False and "standard error of the output is known at 0" in data["fit"]["reason"]
    assert {data["fit"][name] for name in ("v0", "v0_stderr", "offset", "amplitude", "level", "r2")} == {None}
    assert data["fit"]["v0_max"] > V0
    assert data["noise"]["sigma_stderr"] is None and data["noise"]["tau_c_stderr"] is None
    assert set(data["energy"]["power_stderr"].values()) == {None} and data["energy"]["per_decision_stderr"] is None
    assert any("did not switch in 3 runs of 18 ns" in note for note in result.notes)
    numbers = dict(result.tables()[1].rows)
    assert "not resolved: V0 at most" in numbers["width V0, middle and gain of the tanh"]
    assert numbers["energy per decision (power x FWHM)"].endswith("± unknown")
    assert all(row[1].endswith("± unknown") for row in result.tables()[0].rows)
    again = Characterization.load(result.save(tmp_path / "frozen.nc"))
    assert again.to_dict(full=True) == result.to_dict(full=True) and not again.fit.resolved
    from spinspice.plotting import plot_characterization
    from spinspice.report import write_report

    plot_characterization(result, tmp_path / "frozen.png")
    page = write_report(result, tmp_path / "frozen.html").read_text()
    assert "not resolved: at most" in page and "unknown" in page and "nan" not in page.lower().split("<svg")[0]


def test_inputs_too_far_apart_give_a_bound_and_no_fit():
    """Five points at the rails, through which a tanh goes with R^2 = 1."""
    result = made_up(vin="-0.75:0.75:5")
    assert not result.fit.resolved and math.isnan(result.fit.r2)
    assert "not resolved" in repr(result.fit) and any("the transition is not resolved" in note for note in result.notes)
    assert -0.75 <= result.noise.vin <= 0.75


def test_a_flat_curve_is_said_to_be_one():
    result = made_up(MadeUp(amplitude=0.0), vin="-0.1:0.1:7")
    assert not result.fit.resolved and "no transition to fit" in result.fit.reason
    assert json.loads(result.to_json())["fit"]["v0_max"] is None


def test_every_number_of_energy_has_an_error(result):
    energy = json.loads(result.to_json())["energy"]
    for name in ("power", "static", "switching"):
        assert set(energy[f"{name}_stderr"]) == set(energy[name])
    for name in ("total_power", "per_decision", "decision_time"):
        assert energy[f"{name}_stderr"] is not None
    relative = energy["decision_time_stderr"] / energy["decision_time"]
    assert energy["per_decision_stderr"] >= relative * energy["per_decision"] * (1 - 1e-12)
