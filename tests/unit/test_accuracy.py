"""The time step by what a run must get right: bounds, devices that have no choice, and studies that pass it on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.constants import gamma, mu_0
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.accuracy import ACCURACIES, LARGEST_DELAY, check_accuracy, precession_delay, statistics_step
from spinspice.errors import UsageError
from spinspice.presets import list_presets, load_preset


def trapezoid_period(omega: float, step: float) -> float:
    """Period of a rotation that the trapezoidal rule makes: its angle a step is 2 atan(omega h / 2), exactly."""
    return math.pi * step / math.atan(omega * step / 2.0)


@pytest.mark.parametrize("field", [0.05, 0.1, 0.3, 1.0])
@pytest.mark.parametrize("step", [0.25e-12, 1e-12, 2.5e-12])
def test_the_delay_is_that_of_the_trapezoidal_rule(field, step):
    """A magnet in a field along its axis, no thermal part: omega = gamma B."""
    device = Macrospin(Bx=field, Nx=1 / 3, Ny=1 / 3, Nz=1 / 3, T=0.0)
    omega = gamma * field
    exact = trapezoid_period(omega, step) / (2 * math.pi / omega) - 1.0
    assert precession_delay(device, step) == pytest.approx(exact, rel=0.2 * (omega * step) ** 2 + 1e-6)


@pytest.mark.parametrize("field", [0.0, 0.03, 0.1, 0.2, 0.3])
def test_the_step_keeps_its_bounds(field):
    device = Macrospin(Bx=field)
    step = statistics_step(device)
    assert device.max_step <= step <= device.dt / 2
    assert device.dt / step == pytest.approx(round(device.dt / step))
    longer = device.dt / (round(device.dt / step) - 1)
    assert longer > device.dt / 2 or precession_delay(device, longer) > LARGEST_DELAY
    assert step == device.max_step or precession_delay(device, step) <= LARGEST_DELAY


def test_low_barrier_magnets_take_half_a_noise_step():
    for name in ("faria2021", "ganguly2018", "lopez2024"):
        device = load_preset(name).device
        assert device.at_accuracy("statistics").max_step == device.dt / 2
        assert device.at_accuracy("path") is device


def test_a_step_of_ones_own_is_never_shortened_and_without_noise_nothing_changes():
    long = Macrospin(max_step=4e-12)
    assert long.at_accuracy("statistics") is long
    still = Macrospin(T=0.0)
    assert still.at_accuracy("statistics") is still


def test_junctions_whose_events_set_the_step_have_no_choice():
    for device in (Telegraph(), *(load_preset(name).device for name in ("vortex375", "dw-memristor"))):
        for accuracy in ACCURACIES:
            assert device.at_accuracy(accuracy) is device


def test_every_preset_takes_every_accuracy():
    for preset in list_presets():
        device = preset.device
        for accuracy in ACCURACIES:
            changed = device.at_accuracy(accuracy)
            assert type(changed) is type(device)
            different = {k for k, v in changed.parameters().items() if v != device.parameters()[k]}
            assert different <= {"max_step"}


@pytest.mark.parametrize("wrong", ["", "Path", "statistic", "fast", 3, None])
def test_an_unknown_accuracy_is_told(wrong):
    with pytest.raises(UsageError, match="path, statistics|Did you mean|accuracy"):
        check_accuracy(wrong)
    with pytest.raises(UsageError):
        Macrospin().at_accuracy(wrong)


def test_the_thermal_field_of_a_disk_is_what_turns_it():
    """The mean square frequency of a free disk is that of its thermal m_z: gamma mu0 Ms sqrt(<mz^2>)."""
    disk = Macrospin(B_k=0.0)
    rate = gamma * mu_0 * disk.Ms * math.sqrt(disk.easy_plane_variance)
    assert precession_delay(disk, 2.5e-12) == pytest.approx((rate * 2.5e-12) ** 2 / 12, rel=1e-6)


def test_studies_report_and_take_it():
    from spinspice.studies import get_study
    from spinspice.studies.neuron_settings import make_settings

    for name in ("neuron", "energy", "output", "transfer"):
        parameter = get_study(name).all_parameters()["accuracy"]
        assert parameter.default == "statistics" and parameter.choices == ACCURACIES
    common = {"cmos": None, "vdd": None, "vin": 0.0, "duration": None, "trials": 1, "seed": 1}
    steps = {a: make_settings("bsn", None, accuracy=a, **common).cell.device.max_step for a in ACCURACIES}
    assert steps["statistics"] == 2 * steps["path"]
    assert np.isclose(steps["path"], 1.25e-12)


@pytest.mark.parametrize(("given", "step"), [({}, 2.5e-12), ({"accuracy": "path"}, 1.25e-12)])
@pytest.mark.parametrize("kind", ["output", "transfer"])
def test_a_sweep_takes_it_from_its_file(kind, given, step):
    from spinspice.sweep import Study
    from spinspice.sweep.plan import Plan

    more = {"vin": "-10m:10m:5"} if kind == "transfer" else {}
    study = Study.from_dict({"cell": "bsn", "measure": {"kind": kind, "duration": "1n", **given, **more}})
    (run, *_) = Plan(study).job(0).benches()
    assert f"max_step={step:g} " in run.circuit
