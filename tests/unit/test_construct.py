"""Junctions from what users have of them; what is missing, twice or implausible is said."""

from __future__ import annotations

import copy
import math
import pickle
import re
import warnings

import pytest

from spinspice.constants import mu_0
from spinspice.devices import Macrospin, MacrospinSOT, Telegraph
from spinspice.devices.demagnetisation import cylinder_nz, elliptic_disk
from spinspice.devices.noise_step import LARGEST_LOSS, longest_noise_step, noise_loss
from spinspice.errors import ParameterError, PlausibilityWarning
from spinspice.presets import list_presets

SIZE = {"diameter": 50e-9, "t_free": 1.5e-9, "Ms": 1e6, "alpha": 0.01, "TMR": 1.2, "RA": 8e-12}
PLANE = {"t_free": 2e-9, "Ms": 1.1e6, "alpha": 0.01, "TMR": 1.0, "R_P": 12.7e3}


def test_demagnetising_factors_of_cylinders():
    """Chen, Brug and Goldfarb, IEEE Trans. Magn. 27, 3601 (1991), Table I (magnetometric); thin and long limits."""
    assert float(cylinder_nz(1.0)) == pytest.approx(0.3116, abs=5e-5)
    assert float(cylinder_nz(1e-3)) == pytest.approx(1.0, abs=5e-3)
    assert float(cylinder_nz(100.0)) == pytest.approx(4 / (3 * math.pi * 100), rel=1e-2)
    for length, width in ((50e-9, 50e-9), (100e-9, 50e-9), (300e-9, 30e-9)):
        x, y, z = elliptic_disk(length, width, 2e-9)
        assert x + y + z == pytest.approx(1.0, abs=1e-12) and x <= y + 1e-12 < z
    x, y, z = elliptic_disk(50e-9, 50e-9, 2e-9)
    assert x == pytest.approx(y, rel=1e-9) and z == pytest.approx(float(cylinder_nz(0.04)), rel=1e-12)


@pytest.mark.parametrize(
    "given", [{"B_k": 1.35}, {"Hk": 1.35 / mu_0}, {"B_eff": 0.2515264466406433}, {"delta": 89.427}]
)
def test_a_perpendicular_junction_by_any_of_its_anisotropies(given):
    junction = Macrospin.perpendicular(**SIZE, **given)
    assert junction.B_k == pytest.approx(1.35, rel=1e-5)
    assert junction.R_P == pytest.approx(8e-12 / (math.pi * 25e-9**2))
    assert (junction.kz, junction.pz, junction.Nx) == (1.0, 1.0, pytest.approx(junction.Ny, rel=1e-9))
    assert junction.theta0 == pytest.approx(1 / math.sqrt(2 * junction.delta), rel=1e-6)


def test_a_barrier_is_that_at_the_temperature_of_the_junction():
    assert Macrospin.perpendicular(**SIZE, delta=40, T=400.0).delta == pytest.approx(40.0, rel=1e-9)
    assert Macrospin.perpendicular(**SIZE, delta=40, Bz=0.02).delta == pytest.approx(40.0, rel=1e-9)


def test_a_stiff_magnet_gets_a_noise_step_that_it_bears():
    stiff = Macrospin.perpendicular(**{**SIZE, "diameter": 20e-9}, B_eff=1.0)
    assert stiff.dt < 2.5e-12 and stiff.max_step == stiff.dt / 4 and noise_loss(stiff) < LARGEST_LOSS / 2
    assert Macrospin.perpendicular(**SIZE, B_eff=0.2).dt == Macrospin.dt
    with pytest.raises(ParameterError, match="too long a noise step"):
        Macrospin.perpendicular(**{**SIZE, "diameter": 20e-9}, B_eff=1.0, dt=5e-12)


def test_disks_and_ellipses():
    round_one = Macrospin.disk(diameter=22e-9, **PLANE)
    assert round_one.delta == pytest.approx(0.0, abs=1e-6) and round_one.Nz == pytest.approx(
        float(cylinder_nz(1 / 11)), rel=1e-9
    )
    long_one = Macrospin.ellipse(length=100e-9, width=50e-9, **PLANE)
    assert long_one.delta > 40.0
    assert Macrospin.disk(diameter=60e-9, delta=20, **PLANE).delta == pytest.approx(20.0, rel=1e-9)
    assert Macrospin.disk(diameter=22e-9, Nx=0, Ny=0, Nz=1, **PLANE).Nz == 1.0
    assert Macrospin.disk(diameter="22n", **PLANE).area == pytest.approx(math.pi * 11e-9**2)
    assert isinstance(MacrospinSOT.perpendicular(**SIZE, delta=40, theta_SH=0.2), MacrospinSOT)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Macrospin.perpendicular(), "lacks diameter, t_free, Ms, alpha, TMR, R_P or RA, B_k or Hk or delta"),
        (lambda: Macrospin.perpendicular(**{**SIZE, "Ms": None}, delta=4), r"perpendicular lacks Ms"),
        (lambda: Macrospin.disk(diameter=30e-9), "disk lacks t_free, Ms, alpha, TMR, R_P or RA"),
        (lambda: Macrospin.perpendicular(**SIZE), "lacks B_k or Hk or delta or B_eff or Hk_eff"),
        (lambda: Macrospin.perpendicular(**SIZE, delta=4, B_k=1), "B_k and delta, which say the same"),
        (lambda: Macrospin.perpendicular(**SIZE, R_P=1e3, delta=4), "R_P and RA, which say the same"),
        (lambda: Macrospin.perpendicular(**SIZE, B_k=0.3), "does not overcome the demagnetising field.*B_eff"),
        (lambda: Macrospin.perpendicular(**SIZE, delta=4, Nz=1), "Nz only. Give Nx, Ny and Nz"),
        (lambda: Macrospin.perpendicular(**SIZE, delta=4, area=1e-15), "Leave area out"),
        (lambda: Macrospin.perpendicular(**SIZE, detla=4), "takes no 'detla'. Did you mean delta"),
        (lambda: Macrospin.perpendicular(**{**SIZE, "diameter": 50}, delta=4), "30 nm are 30e-9"),
        (lambda: Macrospin.perpendicular(**{**SIZE, "alpha": -0.01}, delta=4), "alpha = -0.01"),
        (lambda: Macrospin.perpendicular(**SIZE, delta=True), "delta = True is not a number"),
        (lambda: Macrospin.ellipse(length=50e-9, width=90e-9, **PLANE), "width = .* is more than length"),
        (lambda: Macrospin(RA=8e-12), r"no parameter 'RA'. Macrospin.perpendicular\(\)"),
        (lambda: Macrospin(Hk=1e5), r"no parameter 'Hk'.*B_k = mu_0 Hk"),
        (lambda: Macrospin(delta=60), r"no parameter 'delta'.*find the B_k"),
        (lambda: Macrospin(diameter=1e-9), "no parameter 'diameter'.*area"),
        (lambda: Macrospin(temperature=300), "no parameter 'temperature'. Write T"),
        (lambda: Macrospin(Bk=0.1), "no parameter 'Bk'. Did you mean B_k"),
        (lambda: Macrospin().replace(RA=1), "no parameter 'RA'. Macrospin.perpendicular"),
        (lambda: Macrospin(22e-9), "takes its parameters by name"),
        (lambda: Telegraph(Vc=0.1), "no parameter 'Vc'. Did you mean V_c"),
        (lambda: Telegraph(RA=8e-12), r"no parameter 'RA'. Telegraph.measured"),
        (lambda: Telegraph(Ms=1e6), "Telegraph has no parameter 'Ms'"),
        (lambda: Telegraph.measured(), "needs TMR"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, V_c=0.1), "needs delta, or dwell, or tau_P and tau_AP"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, V_c=0.1, tau_P=1e-6), "needs delta, or dwell"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, V_c=0.1, I_c=1e-4, delta=6), "more than one of V_c, or I_c"),
        (lambda: Telegraph.measured(TMR=1, RA=1e-11, V_c=0.1, delta=6), "needs R_P, or RA and diameter"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, V_c=0.1, dwell=1e-10), "longer than that of no barrier"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, V_c=0.1, delta=6, drive=1), "contradicts V_c"),
        (lambda: Telegraph.measured(TMR=1, R_P=1e4, Vc=0.1, delta=6), "takes no 'Vc'. Did you mean V_c"),
    ],
)
def test_what_is_missing_twice_or_unknown_is_said(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


@pytest.mark.parametrize("T", [300.0, 350.0])
def test_measured_dwell_times_come_back(T):
    junction = Telegraph.measured(R_P=10e3, TMR=1.0, I_c=1e-4, tau_P=2e-6, tau_AP=5e-7, T=T)
    assert 1.0 / junction.escape_rates(0.0)[0] == pytest.approx(2e-6, rel=1e-9)
    assert 1.0 / junction.escape_rates(0.0)[1] == pytest.approx(5e-7, rel=1e-9)
    assert junction.drive == 1.0
    even = Telegraph.measured(RA=1e-11, diameter=50e-9, TMR=1.0, V_c=0.1, dwell=1e-6, T=T)
    assert 1.0 / even.escape_rates(0.0)[1] == pytest.approx(1e-6, rel=1e-9) and even.field == 0.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Macrospin(Ms=1100), "Ms = 1100 A/m is below"),
        (lambda: Macrospin(Ms=1.1e9 / 150), "Ms = .* is above"),
        (lambda: Macrospin(R_P=12.7), "R_P = 12.7 Ohm on .* RA = .* is below"),
        (lambda: Macrospin(T=27), "T = 27 K is below.*27 C are 300 K"),
        (lambda: Macrospin(Nx=0.5, Ny=0.5, Nz=0.5), r"Nx \+ Ny \+ Nz = .* = 1.5 is not 1"),
        (lambda: Macrospin(Nz=0.5), "= 0.5 is not 1"),
        (lambda: Macrospin(Nx=0.2, Nz=0.7), "= 0.9 is not 1"),
        (lambda: Macrospin(alpha=1e-6), "alpha = 1e-06 is below"),
        (lambda: Macrospin(t_free=8e-8), "t_free = 8e-08 m is above"),
        (lambda: Macrospin(B_k=30, T=0), "B_k = 30 T is above"),
        (lambda: Macrospin.perpendicular(**{**SIZE, "diameter": 200e-9}, B_eff=0.3), "wider than .* domain wall"),
        (lambda: Telegraph(R_P=12.7), "R_P = 12.7 Ohm is below"),
        (lambda: Telegraph(V_c=1e-6), "V_c = 1e-06 V is below"),
        (lambda: Telegraph(I_c=300, drive=1), "I_c = 300 A is above"),
        (lambda: Telegraph(phi0=1), "phi0 = 1 1/s is below"),
        (lambda: Telegraph(T=27), "27 C are 300 K"),
    ],
)
def test_implausible_values_warn(make, message):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        device = make()
    texts = [str(warning.message) for warning in seen if warning.category is PlausibilityWarning]
    assert any(re.search(message, text) for text in texts), texts
    assert len(texts) == len(device.doubts())


def test_published_junctions_and_defaults_do_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for device in (Macrospin(), MacrospinSOT(), Telegraph(), *(preset.device for preset in list_presets())):
            assert device.replace(R_P=device.R_P * 1.01).doubts() == ()


def test_a_noise_step_that_is_too_long_is_refused():
    limit = longest_noise_step(Macrospin())
    assert 20e-12 < limit < 50e-12
    assert noise_loss(Macrospin(dt=0.999 * limit)) < LARGEST_LOSS
    for dt in (1.001 * limit, 5e-11, 2e-10, 1e-9):
        with pytest.raises(ParameterError, match="too long a noise step for this magnet.* Take dt = 2.5e-11 s or less"):
            Macrospin(dt=dt)
    assert Macrospin(dt=1e-9, T=0.0).dt == 1e-9  # no noise, no limit
    with pytest.raises(ParameterError, match="too long a noise step"):
        MacrospinSOT(dt=1e-10)
    assert Macrospin(Nz=0.0, dt=1e-10).dt == 1e-10  # an isotropic magnet is slower


def test_junctions_are_copied_and_sent_to_other_processes():
    for device in (Macrospin(Ms=1e6), Telegraph(delta=7.0)):
        assert copy.deepcopy(device) == device == pickle.loads(pickle.dumps(device))


def test_a_barrier_that_is_asked_for_brings_a_step_that_its_magnet_bears():
    """Of a low-barrier magnet made stable the field grows, and its own noise step would be refused."""
    low = Macrospin()
    for stiff in (low.with_delta(80.0), low.changed({"delta": 80.0})):
        assert stiff.delta == pytest.approx(80.0) and stiff.dt < low.dt and stiff.max_step == stiff.dt / 4.0
    assert low.with_delta(5.0).dt == low.dt
    with pytest.raises(ParameterError, match="too long a noise step"):
        low.changed({"delta": 80.0, "dt": 5e-12})
