r"""Mean first passage of a skyrmion to its contact, in the plane: first and later spikes of a neuron.

The mean time T(x, y) to a line across the track obeys the backward equation

.. math::
    c\,(kT\,\nabla^2 T - \nabla U \cdot \nabla T) + s\,(-\partial_y U\,\partial_x T + \partial_x U\,\partial_y T) = -1,
    \qquad c = \alpha D / (G^2 + (\alpha D)^2), \quad s = G / (G^2 + (\alpha D)^2)

(C. W. Gardiner, Handbook of Stochastic Methods, 5.2, with the drift of Thiele's equation), U the edges of the track and
a constant force along it. Finite volumes: the part of c with the rates of Scharfetter and Gummel, that of s central
and free of divergence, so that Boltzmann's law stays the law at rest. A particle that is held against the left end has
:math:`e^{-U/kT}` of the force that holds it: it is anywhere across the track.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from spinspice.constants import k_B
from spinspice.errors import ParameterError, check_range

#: Energy over kT up to which the edges are followed; longest coarse cell [m]; most cells of the fine grid.
DEPTH, CELL, CELLS = 18.0, 1.5e-9, 500_000


@dataclasses.dataclass(frozen=True, kw_only=True)
class Passage:
    """Mean times to the line x = ``end`` [s], shape (x, y), at the middles x, y of the cells [m]."""

    device: Any
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    times: NDArray[np.float64]

    def start(self, x: float, y: float) -> float:
        """Return the mean time from a place [m], between four cells [s]."""
        column = [np.interp(x, self.x, self.times[:, j]) for j in range(self.y.size)]
        return float(np.interp(y, self.y, column))

    def held(self, force: float) -> float:
        """Return the mean time from the rest under a force to the left, its size in N [s]."""
        energy = edges(self.device, self.x[:, None], self.y[None, :]) + force * self.x[:, None]
        weight = np.exp(-(energy - energy.min()) / (k_B * self.device.T))
        return float((weight * self.times).sum() / weight.sum())


def edges(device: Any, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the energy of the edges of the track [J]."""
    out_x = np.maximum(np.abs(x) - 0.5 * device.length, 0.0)
    out_y = np.maximum(np.abs(y) - 0.5 * device.width, 0.0)
    return np.asarray(0.5 * device.k_edge * (out_x**2 + out_y**2))


def spike_times(device: Any, force: float, end: float, held: float) -> tuple[float, float]:
    """Return the mean times to x = ``end`` [m] from (x0, y0) and from the rest under a force ``held`` to the left [s].

    Cells of 1.5 nm, or so fine that drift and diffusion over one are alike, and half of that; their error of second
    order is taken away. For the neuron of the docs that leaves below 0.1 %. Arguments as for :func:`mean_passage`.

    Raises
    ------
    ParameterError
        As for :func:`mean_passage`, and for a particle so fast or so cold that the cells would be too many.
    """
    size = device.gyrovector**2 + device.drag**2
    step = min(CELL, 2.0 * k_B * device.T * device.drag**2 / (size * force))
    cells = 4.0 * (end + 0.5 * device.length) * device.width / step**2
    if cells > CELLS:
        raise ParameterError(
            f"the mean time of a skyrmion under {force:.3g} N at {device.T:g} K needs {cells:.2g} cells of "
            f"{0.5 * step:.2g} m, allowed up to {CELLS} (spike_times). Raise T, or lower the force."
        )
    coarse, fine = (mean_passage(device, force, end, part) for part in (step, 0.5 * step))
    first, later = (
        (4.0 * b - a) / 3.0
        for a, b in (
            (coarse.start(device.x0, device.y0), fine.start(device.x0, device.y0)),
            (coarse.held(held), fine.held(held)),
        )
    )
    return first, later


def mean_passage(device: Any, force: float, end: float, step: float) -> Passage:
    """Return the mean times to x = ``end`` [m] under a force along the track [N] and its edges, on cells of ``step``.

    Trap and pinning of the device are left out. The error is of second order in the step.

    Raises
    ------
    ParameterError
        Without temperature or without edges, or for an end that is not on the track.
    """
    where = "mean_passage"
    check_range("T", device.T, 1.0, 1e4, unit="K", where=where)
    check_range("k_edge", device.k_edge, 0.0, 1.0, unit="N/m", where=where, open_low=True)
    check_range("end", end, -0.5 * device.length, 0.5 * device.length, unit="m", where=where, open_low=True)
    kT, h = k_B * device.T, step
    margin = np.sqrt(2.0 * DEPTH * kT / device.k_edge)
    half = 0.5 * device.width + margin + abs(device.gyrovector * force) / (device.drag * device.k_edge)
    columns = int(np.ceil((end + 0.5 * device.length + margin + force / device.k_edge) / h))
    rows = 2 * int(np.ceil(half / h))
    x = np.asarray(end - h * (np.arange(columns, 0, -1) - 0.5), dtype=np.float64)
    y = np.asarray(h * (np.arange(rows) - 0.5 * (rows - 1)), dtype=np.float64)

    def energy(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        return edges(device, x[:, None], y[None, :]) - force * x[:, None]

    size = device.gyrovector**2 + device.drag**2
    c, s = device.drag * kT / (size * h**2), device.gyrovector / (size * h**2)
    faces_x, faces_y = np.append(x - 0.5 * h, end), np.append(y - 0.5 * h, y[-1] + 0.5 * h)
    U, corners = energy(np.append(x, end + 0.5 * h), y), energy(faces_x, faces_y)
    # through the faces right of each cell, the last column's the line itself, and through those above each cell
    right, above = np.diff(U, axis=0) / kT, np.diff(U[:-1], axis=1) / kT
    turn_right = -0.5 * s * np.diff(corners[1:], axis=1)
    turn_above = 0.5 * s * np.diff(corners[:, 1:-1], axis=0)
    index = np.arange(x.size * y.size).reshape(x.size, y.size)
    ahead = [
        (index[:-1].ravel(), index[1:].ravel(), right[:-1].ravel(), turn_right[:-1].ravel()),
        (index[:, :-1].ravel(), index[:, 1:].ravel(), above.ravel(), turn_above.ravel()),
    ]
    entries = []
    for here, there, climb, turn in ahead:
        for a, b, rate in ((here, there, c * _rate(climb) + turn), (there, here, c * _rate(-climb) - turn)):
            entries += [(a, b, rate), (a, a, -rate)]
    # the line takes the particle: minus the value of the last cell lies beyond it
    last = index[-1]
    entries.append((last, last, -2.0 * (c * _rate(right[-1]) + turn_right[-1])))
    a, b, rate = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = coo_array((rate, (a, b)), shape=(index.size, index.size)).tocsc()
    times = spsolve(matrix, -np.ones(index.size)).reshape(index.shape)
    return Passage(device=device, x=x, y=y, times=times)


def _rate(climb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return z / (e^z - 1) of energies over kT."""
    small = np.abs(climb) < 1e-8
    safe = np.where(small, 1.0, climb)
    return np.where(small, 1.0 - 0.5 * climb, safe / np.expm1(safe))
