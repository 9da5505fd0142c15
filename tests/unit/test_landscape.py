"""Barriers and critical currents against closed forms and against a search of the whole sphere."""

from __future__ import annotations

import math

import numpy as np
import pytest

from spinspice.constants import e, hbar, k_B, mu_0
from spinspice.devices import Macrospin
from spinspice.devices.landscape import landscape, quadratic_form
from spinspice.errors import ParameterError

#: Perpendicular disk of 50 nm whose demagnetisation nearly cancels its anisotropy.
PERPENDICULAR = Macrospin(
    area=math.pi * 25e-9**2, t_free=1.5e-9, Ms=1e6, B_k=1.35, kx=0.0, kz=1.0, px=0.0, pz=1.0, Nz=1.0, R_P=4e3
)
#: In-plane layer with all three demagnetising factors.
IN_PLANE = Macrospin(
    area=math.pi * 50e-9 * 25e-9, t_free=2e-9, Ms=8e5, B_k=5e-3, Nx=0.03, Ny=0.07, Nz=0.9, R_P=3e3
)  # fmt: skip


def unit(device: Macrospin) -> float:
    """Thermal energy over the moment [T]."""
    return k_B * device.T / device.moment


def test_a_perpendicular_layer_loses_its_demagnetising_field():
    net = 1.35 - mu_0 * 1e6
    assert PERPENDICULAR.B_eff == pytest.approx(net, rel=1e-9)
    assert PERPENDICULAR.delta == pytest.approx(net / 2 / unit(PERPENDICULAR), rel=1e-9)
    assert PERPENDICULAR.delta == pytest.approx(33.19, rel=1e-3)
    expected = 4 * e / hbar * PERPENDICULAR.alpha / PERPENDICULAR.pol * PERPENDICULAR.moment * net / 2
    assert PERPENDICULAR.I_c0 == pytest.approx(expected, rel=1e-9)


def test_an_in_plane_layer_passes_through_its_plane_and_needs_half_the_demagnetising_field():
    net = 5e-3 + mu_0 * 8e5 * (0.07 - 0.03)
    assert IN_PLANE.delta == pytest.approx(net / 2 / unit(IN_PLANE), rel=1e-9)
    out = 5e-3 + mu_0 * 8e5 * (0.9 - 0.03)
    torque = IN_PLANE.alpha * (net + out) / 2
    expected = 2 * e / hbar * IN_PLANE.moment / IN_PLANE.pol * torque
    assert IN_PLANE.I_c0 == pytest.approx(expected, rel=1e-9)


def test_a_field_along_the_axis_splits_barriers_and_currents():
    """Delta (1 +- B / B_eff)^2; of the currents the curvature of the state moves by B, so their mean stays."""
    for h in (0.1, -0.4):
        device = PERPENDICULAR.replace(Bz=h * PERPENDICULAR.B_eff)
        expected = (PERPENDICULAR.delta * (1 + h) ** 2, PERPENDICULAR.delta * (1 - h) ** 2)
        assert device.barriers == pytest.approx(expected, rel=1e-9)
        assert device.delta == pytest.approx(min(expected), rel=1e-9)
        out_of_P, out_of_AP = device.critical_currents
        assert out_of_P == pytest.approx(-PERPENDICULAR.I_c0 * (1 + h), rel=1e-9)
        assert out_of_AP == pytest.approx(PERPENDICULAR.I_c0 * (1 - h), rel=1e-9)
        assert device.I_c0 == pytest.approx(PERPENDICULAR.I_c0, rel=1e-9)


def test_a_field_across_the_axis_lowers_both_barriers():
    """Stoner-Wohlfarth: Delta (1 - h)^2 for a field at a right angle to the axis of a round layer."""
    device = PERPENDICULAR.replace(Bx=0.3 * PERPENDICULAR.B_eff)
    assert device.barriers == pytest.approx((PERPENDICULAR.delta * 0.49,) * 2, rel=1e-9)


@pytest.mark.parametrize(
    "device",
    [
        Macrospin(),
        Macrospin(Nz=0.0),
        PERPENDICULAR.replace(B_k=0.3),
        PERPENDICULAR.replace(Bz=2 * PERPENDICULAR.B_eff),
    ],
    ids=["easy plane", "isotropic", "anisotropy below the demagnetising field", "field above the anisotropy"],
)
def test_where_there_are_no_two_states_there_is_no_barrier_and_no_critical_current(device):
    assert device.barriers == (0.0, 0.0)
    with pytest.raises(ParameterError, match="no critical current in closed form: it has no two states"):
        device.I_c0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"Bx": 0.03}, "at an angle to the reference layer"),
        ({"px": 1.0, "pz": 0.0}, "at an angle to the reference layer"),
        ({"vcma": 0.1}, "voltage"),
        ({"pol": 0.0}, "not polarised"),
    ],
)
def test_where_the_law_does_not_hold_it_says_so(changes, why):
    with pytest.raises(ParameterError, match=why):
        PERPENDICULAR.replace(**changes).critical_currents


def test_at_zero_temperature_the_barrier_is_infinite():
    assert PERPENDICULAR.replace(T=0.0).delta == math.inf


def _sphere(rows: int) -> np.ndarray:
    theta = (np.arange(rows) + 0.5) / rows * np.pi
    phi = np.arange(2 * rows) / rows * np.pi
    T, P = np.meshgrid(theta, phi, indexing="ij")
    return np.stack([np.sin(T) * np.cos(P), np.sin(T) * np.sin(P), np.cos(T)], axis=-1)


def _flooded(device: Macrospin, first: np.ndarray, second: np.ndarray, rows: int = 70) -> float:
    """Level at which rising water joins the lakes around two directions [T]."""
    grid = _sphere(rows)
    flat = grid.reshape(-1, 3)
    field = np.array([device.Bx, device.By, device.Bz])
    energy = 0.5 * np.einsum("ni,ij,nj->n", flat, quadratic_form(device), flat) - flat @ field
    ends = [int(np.argmax(flat @ m)) for m in (first, second)]
    parent = np.full(energy.size, -1)

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for place in np.argsort(energy):
        parent[place] = place
        i, j = divmod(int(place), 2 * rows)
        beside = [(i, (j + s) % (2 * rows)) for s in (1, -1)] + [(i + s, j) for s in (1, -1) if 0 <= i + s < rows]
        if i in (0, rows - 1):  # over the pole
            beside.append((i, (j + rows) % (2 * rows)))
        for u, v in beside:
            neighbour = u * 2 * rows + v
            if parent[neighbour] >= 0:
                parent[root(neighbour)] = root(int(place))
        if all(parent[end] >= 0 for end in ends) and root(ends[0]) == root(ends[1]):
            return float(energy[place])
    raise AssertionError


def test_the_pass_is_where_rising_water_joins_the_wells():
    """Random magnets with all terms; a grid of 2.6 degrees, with curvatures up to 2 T, shows the pass to 2e-3 T."""
    rng, seen = np.random.default_rng(1), 0
    while seen < 6:
        k = rng.normal(size=3)
        k /= np.linalg.norm(k)
        N = rng.dirichlet([1.0, 1.0, 1.0])
        B = rng.normal(size=3) * 0.05
        device = Macrospin(
            T=0.0, B_k=rng.uniform(-0.8, 0.8), **dict(zip(("kx", "ky", "kz"), k, strict=True)),
            **dict(zip(("Nx", "Ny", "Nz"), N, strict=True)), **dict(zip(("Bx", "By", "Bz"), B, strict=True)),
        )  # fmt: skip
        land = landscape(device)
        if land.saddle is None:
            continue
        seen += 1
        level = _flooded(device, land.minima[0].m, land.minima[1].m)
        assert abs(level - land.saddle) < 2e-3


@pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning")
def test_the_field_for_a_barrier_is_its_inverse():
    for device in (PERPENDICULAR, IN_PLANE, PERPENDICULAR.replace(Bz=0.02), PERPENDICULAR.replace(Bx=0.02, By=0.01)):
        for delta in (15.0, 60.0) if device is not IN_PLANE else (200.0,):
            assert device.with_delta(delta).delta == pytest.approx(delta, rel=1e-9)
    with pytest.raises(ParameterError, match="less than the barrier of the shape alone"):
        IN_PLANE.with_delta(1.0)
