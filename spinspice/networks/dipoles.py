r"""Magnets that feel one another's fields: cells with field ports, and linear sources computed from their positions.

Point dipoles, the leading term: magnet j of moment :math:`\mu` at the distance :math:`r \hat r` makes the field

.. math:: B = \frac{\mu_0 \mu}{4 \pi r^3} (3 \hat r \hat r^T - 1) m_j

of which each element is one linear source (G), so a pair is at most 18 of them and runs in every engine and dialect.
Disks of diameter d correct it by the order (d / 2 r)^2, which is not modelled. Energies are counted in
:math:`U = \mu_0 \mu^2 / 4 \pi r^3`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.cell import Cell, Probes
from spinspice.constants import mu_0
from spinspice.devices import MacrospinField, TelegraphField, is_in_field
from spinspice.devices.base import Device
from spinspice.errors import CircuitError
from spinspice.networks.couplings import Coupling, WeightedSum
from spinspice.networks.network import Network, Placed

#: Pairs whose field is below this part of the largest are left out: our choice.
CUTOFF = 0.01


def dipole_tensor(moment: float, displacement: ArrayLike) -> NDArray[np.float64]:
    """Return the field [T] per unit magnetisation of a point dipole at a displacement [m], shape (3, 3).

    >>> field = dipole_tensor(8.36e-19, [26e-9, 0.0, 0.0])
    >>> bool(np.isclose(field[0, 0], -2.0 * field[1, 1]))
    True
    """
    r = np.asarray(displacement, dtype=float)
    length = float(np.linalg.norm(r))
    if r.shape != (3,) or not length > 0.0:
        raise CircuitError(f"the displacement {r.tolist()} of two magnets: give three numbers [m], not all zero.")
    unit = r / length
    return mu_0 * moment / (4.0 * math.pi * length**3) * (3.0 * np.outer(unit, unit) - np.eye(3))


def coupling_energy(moment: float, distance: float) -> float:
    """Return U of two equal dipoles [J]."""
    return mu_0 * moment**2 / (4.0 * math.pi * distance**3)


class MagnetCell(Cell):
    """A junction with field ports as a cell of a network: its field ports, its state, and ``free`` at a read voltage.

    Parameters
    ----------
    device : MacrospinField or TelegraphField
    read : float, optional
        Voltage of the junction [V]; 0 leaves the magnet alone, None leaves ``free`` to the network.

    Raises
    ------
    CircuitError
        For a device without field ports.
    """

    kind = "magnet"
    blocks = ("mtj",)
    sizing = None

    def __init__(
        self, device: Device, *, read: float | None = 0.0, probes: Probes = "none", name: str | None = None
    ) -> None:
        if not is_in_field(device):
            raise CircuitError(
                f"a {type(device).__name__} has no field ports, so nothing couples it. Take a MacrospinField or a "
                "TelegraphField."
            )
        self.device, self.read, self.vdd, self.probes = device, read, 1.0, probes
        self.pins = []  # no ammeters
        self.ports = ("free", *device.terminals[2:], *device.state_ports())
        super().__init__(name or "magnet", *self.ports, seed=1)
        device.add_to(self, "mtj", "free", self.gnd, *self.ports[1:], seed="{seed}")

    def rebuilt(self, **changes: Any) -> Self:
        """Return the same cell with other arguments."""
        arguments = {"read": self.read, "probes": self.probes, "name": str(self.name)} | changes
        return type(self)(arguments.pop("device", self.device), **arguments)

    @property
    def bias(self) -> Mapping[str, float]:
        """The read voltage."""
        return {} if self.read is None else {"free": self.read}

    @property
    def verilog_a(self) -> tuple[str, ...]:
        """None: there are no transistors."""
        return ()


def magnet_network(
    device: MacrospinField,
    positions: ArrayLike,
    *,
    axes: Literal["xyz", "xy", "z"] = "xyz",
    cutoff: float = CUTOFF,
    read: float = 0.0,
    drives: Sequence[Any] = (),
) -> Network:
    """Return magnets ``m0``, ``m1``, ... at positions, coupled by their dipole fields.

    Parameters
    ----------
    device : MacrospinField
        Free layer of every magnet.
    positions : array, shape (n, 2) or (n, 3)
        Of the middles [m].
    axes : str
        Components that couple: all, or those that the magnets have.
    cutoff : float
        Pairs farther apart than where the field falls to this part of that of the nearest are left out.
    read : float
        Voltage of the junctions [V].
    drives : sequence of n waveforms or numbers, optional
        Voltage of each junction in place of ``read`` [V]: what changes its anisotropy (``vcma``).

    Raises
    ------
    CircuitError
        For magnets that overlap, positions of another shape, or another number of drives.
    """
    places = checked_positions(device, positions)
    return field_network(device, tensors(device.moment, places, cutoff), axes=axes, read=read, drives=drives)


def field_network(
    device: MacrospinField,
    fields: ArrayLike,
    *,
    axes: Literal["xyz", "xy", "z"] = "xyz",
    read: float = 0.0,
    drives: Sequence[Any] = (),
) -> Network:
    """Return magnets coupled by any linear fields: ``fields[i, j]`` is that on i of the unit magnetisation of j [T].

    Other arguments and errors as :func:`magnet_network`.
    """
    tensor = np.asarray(fields, dtype=float)
    n = tensor.shape[0]
    if tensor.shape != (n, n, 3, 3) or len(drives) not in (0, n):
        raise CircuitError(
            f"fields has the shape {tensor.shape} and there are {len(drives)} drives: give (n, n, 3, 3), and n drives "
            "or none."
        )
    cell = MagnetCell(device, read=None if len(drives) else read)
    cells = {f"m{i}": Placed(cell) for i in range(n)}
    couplings: dict[str, Coupling] = {}
    for i, own in enumerate(tensor):
        for axis in axes:
            index = "xyz".index(axis)
            weights = {
                f"m{other}_m{j}": float(own[j, index, "xyz".index(other)])
                for j in range(n)
                for other in axes
                if own[j, index, "xyz".index(other)] != 0.0
            }
            if weights:
                couplings[f"d{i}_{axis}"] = WeightedSum(f"b{axis}_m{i}", weights)
    inputs: dict[str, Any] = {
        f"b{axis}_m{i}": 0.0 for i in range(n) for axis in "xyz" if f"d{i}_{axis}" not in couplings
    }
    inputs |= {f"free_m{i}": drive for i, drive in enumerate(drives)}
    outputs = [f"m{axis}_m{i}" for i in range(n) for axis in "xyz"]
    return Network(cells=cells, couplings=couplings, inputs=inputs, outputs=outputs, load=0.0, title="magnets")


def ising_network(device: TelegraphField, coupling: ArrayLike, bias: Sequence[float] = ()) -> Network:
    r"""Return two-state magnets coupled as an Ising network.

    The field on magnet i is :math:`B_k / (2 \Delta) (\sum_j J_{ij} s_j + b_i)` with s = +1 for P, -1 for AP: with
    barriers :math:`\Delta (1 \pm h)^2` its rates obey detailed balance for
    :math:`E / kT = -\sum_{i<j} J_{ij} s_i s_j - \sum_i b_i s_i`.

    Parameters
    ----------
    device : TelegraphField
    coupling : array, shape (n, n)
        J in units of kT, symmetric, with a zero diagonal.
    bias : sequence of n floats, optional
        b in units of kT.

    Raises
    ------
    CircuitError
        For a matrix that is not symmetric, or fields beyond the anisotropy field, where a barrier vanishes.
    """
    J = np.asarray(coupling, dtype=float)
    n = J.shape[0]
    offsets = np.zeros(n) if len(bias) == 0 else np.asarray(bias, dtype=float)
    if J.shape != (n, n) or offsets.shape != (n,) or not np.allclose(J, J.T) or np.any(np.diag(J) != 0.0):
        raise CircuitError(
            f"J of an Ising network has the shape {J.shape}, bias {offsets.shape}: give a symmetric (n, n) matrix with "
            "zeros on its diagonal, and n biases."
        )
    unit = device.B_k / (2.0 * device.barrier)
    largest = float(np.max(np.abs(J).sum(axis=1) + np.abs(offsets))) * unit / device.B_k
    if largest >= 1.0:
        raise CircuitError(
            f"the largest field of the network is {largest:.3g} of the anisotropy field, allowed below 1: a barrier "
            "would vanish. Raise delta, or scale J down."
        )
    cells = {f"s{i}": Placed(MagnetCell(device)) for i in range(n)}
    couplings: dict[str, Coupling] = {}
    for i in range(n):
        # state is 0 for P and 1 for AP: s = 1 - 2 state
        weights = {f"state_s{j}": -2.0 * unit * float(J[i, j]) for j in range(n) if J[i, j] != 0.0}
        offset = unit * float(J[i].sum() + offsets[i])
        couplings[f"j{i}"] = WeightedSum(f"b_s{i}", weights, offset=offset)
    outputs = [f"state_s{i}" for i in range(n)]
    return Network(cells=cells, couplings=couplings, outputs=outputs, load=0.0, title="Ising network")


def ising_correlations(coupling: ArrayLike, bias: Sequence[float] = ()) -> tuple[NDArray[np.float64], dict[str, float]]:
    """Return <s_i s_j> of Boltzmann's law, shape (n, n), and the probability of every state as text, '+-+'."""
    J = np.asarray(coupling, dtype=float)
    n = J.shape[0]
    offsets = np.zeros(n) if len(bias) == 0 else np.asarray(bias, dtype=float)
    states = np.array(list(itertools.product((1.0, -1.0), repeat=n)))
    energy = -0.5 * np.einsum("ki,ij,kj->k", states, J, states) - states @ offsets
    weight = np.exp(-(energy - energy.min()))
    weight /= weight.sum()
    names = ["".join("+" if s > 0 else "-" for s in state) for state in states]
    return np.einsum("k,ki,kj->ij", weight, states, states), dict(zip(names, weight.tolist(), strict=True))


def checked_positions(device: MacrospinField, positions: ArrayLike) -> NDArray[np.float64]:
    """Return positions as (n, 3) [m].

    Raises
    ------
    CircuitError
        For another shape, or two magnets that overlap.
    """
    places = np.asarray(positions, dtype=float)
    if places.ndim != 2 or places.shape[1] not in (2, 3) or not np.all(np.isfinite(places)):
        raise CircuitError(f"positions of magnets have the shape {places.shape}; give (n, 2) or (n, 3) [m].")
    places = np.pad(places, ((0, 0), (0, 3 - places.shape[1])))
    across = 2.0 * math.sqrt(device.area / math.pi)
    for i, j in itertools.combinations(range(len(places)), 2):
        apart = places[j] - places[i]
        if abs(apart[2]) < device.t_free and math.hypot(apart[0], apart[1]) < across * (1 - 1e-9):
            raise CircuitError(
                f"magnets {i} and {j} overlap: {math.hypot(apart[0], apart[1]):.3g} m apart, allowed from their "
                f"diameter {across:.3g} m on (positions). Move them apart."
            )
    return places


def tensors(moment: float, places: NDArray[np.float64], cutoff: float = CUTOFF) -> NDArray[np.float64]:
    """Return the field of every magnet on every other [T], shape (n, n, 3, 3), far ones 0."""
    n = len(places)
    out = np.zeros((n, n, 3, 3))
    for i, j in itertools.permutations(range(n), 2):
        out[i, j] = dipole_tensor(moment, places[i] - places[j])
    size = np.abs(out).max(axis=(2, 3))
    out[size < cutoff * size.max(initial=0.0)] = 0.0
    return out
