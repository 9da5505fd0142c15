"""Dipole-coupled magnets: correlations of planar rotors and of Ising pairs and squares against Boltzmann's law."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import k_B
from spinspice.devices import Macrospin, MacrospinField, TelegraphField
from spinspice.devices.reference.coupled import simulate_coupled
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, UsageError
from spinspice.networks.dipoles import (
    MagnetCell,
    coupling_energy,
    dipole_tensor,
    ising_correlations,
    ising_network,
    magnet_network,
    tensors,
)

DISK = MacrospinField(alpha=0.1)


def distance(u: float, device: MacrospinField = DISK) -> float:
    """Where U / kT is u [m]."""
    return (coupling_energy(device.moment, 1e-9) / (u * k_B * device.T)) ** (1 / 3) * 1e-9


@pytest.mark.parametrize(
    ("diameter", "thickness", "Ms", "apart", "expected"),
    [
        (100e-9, 10e-9, 8e5, 120e-9, 55.2),
        (50e-9, 2.5e-9, 1e6, 60e-9, 2.69),
        (30e-9, 2e-9, 1.1e6, 60e-9, 0.270),
        (22e-9, 2e-9, 1.1e6, 40e-9, 0.264),
    ],
)
def test_coupling_energies_of_disks(diameter, thickness, Ms, apart, expected):
    """In units of kT at 300 K: permalloy and CoFeB."""
    moment = Ms * np.pi * diameter**2 / 4 * thickness
    assert coupling_energy(moment, apart) / (k_B * 300.0) == pytest.approx(expected, rel=0.01)


#: u = U / kT: <m1 . m2>, <m1x m2x>, <m1y m2y> of rotors in the plane, beside one another on x.
ROTORS = [(1, 0.242500, 0.419316, -0.176817), (2, 0.446390, 0.628188, -0.181798), (4, 0.697775, 0.805067, -0.107292)]


def rotor_law(u: float) -> tuple[float, float]:
    """Return <m1x m2x> and <m1y m2y> of planar rotors, by integration over both angles."""
    angle = np.linspace(0.0, 2.0 * np.pi, 256, endpoint=False)
    a, b = np.meshgrid(angle, angle)
    weight = np.exp(u * (2.0 * np.cos(a) * np.cos(b) - np.sin(a) * np.sin(b)))
    return tuple(float((f(a) * f(b) * weight).sum() / weight.sum()) for f in (np.cos, np.sin))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("u", "together", "along", "across"),
    [pytest.param(*row, marks=[pytest.mark.slow] if row[0] != 2 else []) for row in ROTORS],
)
def test_planar_rotors(u, together, along, across):
    """22 nm disks as points, as near as u asks. Out of the plane the moments tilt by 0.4 % at most."""
    assert rotor_law(u) == pytest.approx((along, across), abs=2e-6)
    assert along + across == pytest.approx(together, abs=2e-6)
    fields = tensors(DISK.moment, np.array([[0.0, 0.0, 0.0], [distance(u), 0.0, 0.0]]))
    seeds = np.arange(192).reshape(96, 2)
    _, m = simulate_coupled(DISK, 3e-8, seeds, fields, decimate=10)
    late = m[:, :, m.shape[2] // 4 :]
    tilt = 2.0 * float((late[..., 2] ** 2).mean())  # both moments lose what they have along z
    for axis, exact in ((0, along), (1, across)):
        products = (late[:, 0, :, axis] * late[:, 1, :, axis]).mean(axis=1)
        error = products.std(ddof=1) / np.sqrt(products.size)
        assert abs(products.mean() - exact) < 4.0 * error + tilt * abs(exact)


def test_path_of_a_coupled_pair_follows_the_reference(engine):
    """The circuit with its linear sources, 300 K: m of both within 1e-2 for 0.5 ns."""
    positions = [[0.0, 0.0], [distance(1.0), 0.0]]
    network = magnet_network(DISK, positions)
    waves = engine.run(network.testbench(stop=5e-10, seed=3))
    seeds = [[network.seeds(3)["seed_m0"], network.seeds(3)["seed_m1"]]]
    fine = DISK.replace(max_step=1.25e-12 / 4)
    time, m = simulate_coupled(fine, 5e-10, seeds, tensors(DISK.moment, np.pad(np.array(positions), ((0, 0), (0, 1)))))
    for i in range(2):
        for c, axis in enumerate("xyz"):
            assert np.max(np.abs(np.interp(time, waves.time, waves[f"v(m{axis}_m{i})"]) - m[0, i, :, c])) < 1e-2


def square(u: float) -> np.ndarray:
    """Antiferromagnetic couplings of perpendicular magnets on a square, its diagonals 2^(3/2) times weaker."""
    J = -u * (np.ones((4, 4)) - np.eye(4))
    for i, j in ((0, 2), (1, 3)):
        J[i, j] = J[j, i] = -u / 2.0**1.5
    return J


def test_laws_of_ising_pairs_and_squares():
    correlations, _ = ising_correlations([[0.0, -0.7], [-0.7, 0.0]])
    assert correlations[0, 1] == pytest.approx(-np.tanh(0.7))
    for u, near, far, chequer in ((1, -0.769213, 0.653790, 0.769471), (2, -0.983409, 0.972246, 0.983409)):
        correlations, states = ising_correlations(square(u))
        assert (correlations[0, 1], correlations[0, 2]) == pytest.approx((near, far), abs=2e-6)
        assert states["+-+-"] + states["-+-+"] == pytest.approx(chequer, abs=1e-3)


#: Couplings of Ising networks by name.
NETWORKS = {"pair": np.array([[0.0, -0.7], [-0.7, 0.0]]), "square": square(1.0), "stiff square": square(2.0)}


def check_boltzmann(engine, name: str, stop: float) -> None:
    """Correlations and the chequerboard of a run against Boltzmann's law: four standard errors, from blocks of it."""
    device = TelegraphField(delta=4.0, B_k=0.1, t_sw=1e-11)
    J = NETWORKS[name]
    network = ising_network(device, J)
    waves = engine.run(network.testbench(stop=stop, seed=2, step=1e-8))
    grid = np.linspace(1e-6, stop, 20001)
    s = np.array([1.0 - 2.0 * np.interp(grid, waves.time, waves[f"v(state_s{i})"]) for i in range(len(J))])
    exact, states = ising_correlations(J)
    seen = [(s[0] * s[j], exact[0, j]) for j in range(1, len(J))]
    if len(J) == 4:
        chequer = (s[0] != s[1]) & (s[1] != s[2]) & (s[2] != s[3])
        seen.append((chequer.astype(float), states["+-+-"] + states["-+-+"]))
    for values, law in seen:
        blocks = values[:20000].reshape(20, -1).mean(axis=1)
        assert abs(blocks.mean() - law) < 4.0 * blocks.std(ddof=1) / np.sqrt(20)


@pytest.mark.parametrize("name", NETWORKS)
def test_ising_network_of_two_state_magnets(osdi_engine, name):
    check_boltzmann(osdi_engine, name, 6e-5)


@pytest.mark.engine("ngspice-process", model="b-source")
def test_ising_pair_of_b_sources():
    check_boltzmann(get_engine("ngspice-process", model="b-source"), "pair", 1.5e-5)


def test_planar_rotors_on_engines(osdi_engine):
    """Six pairs of disks at u = 1, far from one another, for 30 ns: <m1x m2x> and <m1y m2y>."""
    apart = distance(1.0)
    positions = [[i * apart, k * 12.0 * apart] for k in range(6) for i in range(2)]
    network = magnet_network(DISK, positions)
    waves = osdi_engine.run(network.testbench(stop=3e-8, seed=5))
    grid = np.arange(3e-9, 3e-8, 2e-11)
    m = np.array([[np.interp(grid, waves.time, waves[f"v(m{a}_m{i})"]) for a in "xyz"] for i in range(12)])
    tilt = 2.0 * float((m[:, 2] ** 2).mean())
    for axis, exact in ((0, 0.419316), (1, -0.176817)):
        products = (m[::2, axis] * m[1::2, axis])[:, :1350].reshape(6 * 9, 150).mean(axis=1)
        assert abs(products.mean() - exact) < 4.0 * products.std(ddof=1) / np.sqrt(54) + tilt * abs(exact)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: magnet_network(DISK, [[0, 0], [1e-8, 0]]), CircuitError, "magnets 0 and 1 overlap"),
        (lambda: magnet_network(DISK, [0, 1, 2]), CircuitError, "give \\(n, 2\\)"),
        (lambda: MagnetCell(Macrospin()), CircuitError, "has no field ports"),
        (lambda: dipole_tensor(1e-18, [0, 0, 0]), CircuitError, "not all zero"),
        (lambda: ising_network(TelegraphField(), [[0, 1], [2, 0]]), CircuitError, "symmetric"),
        (lambda: ising_network(TelegraphField(delta=2.0), [[0, 9], [9, 0]]), CircuitError, "anisotropy field"),
        (lambda: simulate_coupled(DISK, 1e-11, [[1, 2]], np.zeros((3, 3, 3, 3))), UsageError, "groups of 2"),
    ],
)
def test_what_cannot_be_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
