"""Junctions with the magnetic field as a signal: R(H) loops, field pulses, Oersted and dipole coupling as circuits.

Each is its sibling without field ports, in the same files of the law; 1 V at a port is 1 T. Fields at the ports add to
those that are parameters. The ports take no current (1 GOhm to ground, so that an open one is at 0 T).
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.base import positive
from spinspice.devices.macrospin import Macrospin
from spinspice.devices.telegraph import Telegraph


@dataclasses.dataclass(frozen=True, kw_only=True)
class MacrospinField(Macrospin):
    """Macrospin junction in a field that is a signal. Ports: free, ref, bx, by, bz, mx, my, mz.

    The field on the free layer is (Bx, By, Bz) plus the voltages of bx, by and bz, 1 V = 1 T. A field that varies
    within a noise step is followed at the steps of the solver, max_step.

    Examples
    --------
    >>> junction = MacrospinField(B_k=0.1, T=0.0)
    >>> junction.terminals
    ('free', 'ref', 'bx', 'by', 'bz')
    """

    model: ClassVar[str] = "mtj_macrospin_field"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "bx", "by", "bz", "mx", "my", "mz")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "bx", "by", "bz")
    realisations: ClassVar[tuple[str, ...]] = ("verilog-a", "b-source")
    validity: ClassVar[tuple[str, ...]] = (
        *Macrospin.validity,
        "field uniform over the free layer, and the reference layer fixed in it",
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class TelegraphField(Telegraph):
    """Two-state junction in a field along its easy axis that is a signal. Ports: free, ref, b, state, count.

    The field over the anisotropy field is h = field + V(b) / B_k, 1 V = 1 T; positive favours P. Barriers are
    delta (1 + h)^2 out of P and delta (1 - h)^2 out of AP, those of a uniaxial particle in a field along its axis
    (Brown, Phys. Rev. 130, 1677 (1963)); from |h| = 1 on one of them is zero, its state is no longer stable, and the
    other goes on rising (our choice: the law is derived for barriers of some kT).
    """

    model: ClassVar[str] = "mtj_telegraph_field"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "b", "state", "count")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "b")
    validity: ClassVar[tuple[str, ...]] = (
        *Telegraph.validity,
        "the field along the easy axis only, and slow against the relaxation within a well (rates of the moment)",
    )

    B_k: float = positive(0.1, "T", "anisotropy field", high=100.0)

    def rates_in_field(self, field: ArrayLike, drive: ArrayLike = 0.0) -> tuple[NDArray[np.float64], ...]:
        """Escape rates [1/s] out of P and AP at a ``field`` [T] on the port and a ``drive`` as for `escape_rates`."""
        h = self.field + np.asarray(field, dtype=float) / self.B_k
        up, down = np.maximum(1.0 + h, 0.0), np.maximum(1.0 - h, 0.0)
        drive = np.asarray(drive, dtype=float)
        return (
            self.phi0 * np.exp(-self.barrier * up**2 * (1.0 + drive / (1.0 + self.asymmetry))),
            self.phi0 * np.exp(-self.barrier * down**2 * (1.0 - drive / (1.0 - self.asymmetry))),
        )
