"""Arrays of coupled magnets that do something: couplings from geometry, and a clock that lets them settle.

Perpendicular magnets in two states are an Ising network: :math:`J_{ij} = -U_{ij}/kT`, antiferromagnetic, for those in
one plane. An array that is clocked starts with its anisotropy taken away by a voltage (``vcma``) and gets it back in a
ramp: each magnet then chooses up or down in the field of the others, and what remains is a low, not always the lowest,
state of :math:`E = -\\sum_{i<j} J_{ij} s_i s_j`.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices import MacrospinField
from spinspice.devices.reference.coupled import simulate_coupled
from spinspice.errors import CircuitError
from spinspice.networks.dipoles import field_network
from spinspice.networks.network import Network
from spinspice.stimuli import Pwl

#: Positions of small arrays in units of the distance of neighbours.
SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "pair": ((0.0, 0.0), (1.0, 0.0)),
    "line": ((0.0, 0.0), (1.0, 0.0), (2.0, 0.0)),
    "triangle": ((0.0, 0.0), (1.0, 0.0), (0.5, 0.75**0.5)),
    "square": ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),
    "ring": tuple((float(np.cos(k * np.pi / 3)), float(np.sin(k * np.pi / 3))) for k in range(6)),
}


def perpendicular_couplings(positions: ArrayLike, u: float) -> NDArray[np.float64]:
    """Return J in units of kT of perpendicular point dipoles in a plane, U / kT = ``u`` at the distance 1.

    >>> float(perpendicular_couplings([[0, 0], [2, 0]], 1.0)[0, 1])
    -0.125
    """
    places = np.asarray(positions, dtype=float)
    if places.ndim != 2 or len(places) < 2:
        raise CircuitError(f"positions of an array have the shape {places.shape}; give two or more of (x, y).")
    apart = np.linalg.norm(places[:, None] - places[None, :], axis=2)
    if np.any(apart + np.eye(len(places)) <= 0.0):
        raise CircuitError("two magnets of an array are at the same place (positions). Move them apart.")
    unit = np.eye(len(places))
    return np.asarray(-u / (apart + unit) ** 3 * (1.0 - unit))


def ground_states(coupling: ArrayLike) -> tuple[float, NDArray[np.float64]]:
    """Return the lowest energy [kT] and the states (k, n) of +1 and -1 that have it; up to 20 magnets."""
    J = np.asarray(coupling, dtype=float)
    if len(J) > 20:
        raise CircuitError(f"{len(J)} magnets have too many states to look at all, allowed up to 20.")
    states = np.array(list(itertools.product((1.0, -1.0), repeat=len(J))))
    energies = -0.5 * np.einsum("ki,ij,kj->k", states, J, states)
    return float(energies.min()), states[energies < energies.min() + 1e-9 * max(1.0, abs(energies.min()))]


def clocked_fields(coupling: ArrayLike, largest: float) -> NDArray[np.float64]:
    """Return linear fields along z [T], shape (n, n, 3, 3): J, its largest row scaled to the sum ``largest`` [T]."""
    J = np.asarray(coupling, dtype=float)
    if J.ndim != 2 or J.shape[0] != J.shape[1] or not np.allclose(J, J.T) or np.any(np.diag(J) != 0.0) or not J.any():
        raise CircuitError(
            f"J of an array has the shape {J.shape}: give a symmetric matrix, zero on its diagonal only."
        )
    fields = np.zeros((*J.shape, 3, 3))
    fields[:, :, 2, 2] = J * largest / np.abs(J).sum(axis=1).max()
    return fields


def clock(device: MacrospinField, hold: float, ramp: float, rest: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the voltage that takes the whole anisotropy away and gives it back: times [s] and values [V]."""
    if not device.vcma > 0.0:
        raise CircuitError("magnets that are clocked need vcma above 0: a voltage takes their anisotropy away.")
    top = device.B_k / device.vcma
    return np.array([0.0, hold, hold + ramp, hold + ramp + rest]), np.array([top, top, 0.0, 0.0])


def anneal(
    device: MacrospinField,
    fields: NDArray[np.float64],
    seeds: NDArray[Any],
    *,
    hold: float = 2e-9,
    ramp: float = 10e-9,
    rest: float = 2e-9,
) -> NDArray[np.float64]:
    """Return the signs of mz (groups, n) after a clock, by the reference solver; seeds of shape (groups, n)."""
    times, volts = clock(device, hold, ramp, rest)
    steps = round(times[-1] / device.dt)
    _, m = simulate_coupled(
        device, times[-1], seeds, fields, voltage=(times, volts), m0=[1.0, 0.0, 0.0], decimate=steps
    )
    return np.asarray(np.where(m[:, :, -1, 2] >= 0.0, 1.0, -1.0))


def clocked_network(
    device: MacrospinField, fields: NDArray[np.float64], *, hold: float = 2e-9, ramp: float = 10e-9, rest: float = 2e-9
) -> Network:
    """Return the same as a circuit: every magnet under the clock, coupled along z by linear sources."""
    times, volts = clock(device, hold, ramp, rest)
    wave = Pwl(times.tolist(), volts.tolist())
    lying = device.replace(theta0=float(np.pi / 2), phi0=0.0)
    return field_network(lying, fields, axes="z", drives=[wave] * len(fields))
