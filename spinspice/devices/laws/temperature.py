r"""How magnetisation and anisotropy fall with temperature: options of a fit over temperature, and of a junction.

.. math::
    M_s(T) / M_s(0) = 1 - (T / T^*)^{3/2}, \qquad K(T) / K(0) = \left( M_s(T) / M_s(0) \right)^n

Bloch's law (F. Bloch, Z. Phys. 61, 206 (1930)) with the extrapolated Curie temperature T*; the power law is Callen and
Callen's (J. Phys. Chem. Solids 27, 1271 (1966)), n = l (l + 1) / 2 = 3 for a uniaxial anisotropy (l = 2). An interface
anisotropy need not follow it: n is a parameter.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.macrospin import Macrospin
from spinspice.devices.telegraph import T_REFERENCE, Telegraph
from spinspice.errors import UsageError, check_range


@dataclasses.dataclass(frozen=True)
class TemperatureLaw:
    """Bloch's law with T* [K], and the exponent n [1] of the anisotropy over the magnetisation."""

    T_star: float
    exponent: float = 3.0

    def __post_init__(self) -> None:
        check_range("T_star", self.T_star, T_REFERENCE, 1e5, unit="K", where="Bloch's law", open_low=True)
        check_range("exponent", self.exponent, 0.0, 10.0, where="anisotropy over magnetisation; 3 if uniaxial")

    def magnetisation(self, T: ArrayLike) -> NDArray[np.float64]:
        """Ms(T) over its value at 300 K [1].

        >>> law = TemperatureLaw(1200.0)
        >>> f"{law.magnetisation(300.0):.3f} {law.magnetisation(400.0):.3f}"
        '1.000 0.923'
        """
        T = np.asarray(T, dtype=float)
        if T.size and (not np.all(T >= 0.0) or T.max() >= self.T_star):
            raise UsageError(f"T up to {T.max():g} K: Bloch's law ends at T* = {self.T_star:g} K.")
        reference = 1.0 - (T_REFERENCE / self.T_star) ** 1.5
        return np.asarray((1.0 - (T / self.T_star) ** 1.5) / reference)

    def anisotropy(self, T: ArrayLike) -> NDArray[np.float64]:
        """K(T) over its value at 300 K [1]."""
        return np.asarray(self.magnetisation(T) ** self.exponent)


def at_temperature(device: Macrospin | Telegraph, T: float, law: TemperatureLaw) -> Macrospin | Telegraph:
    """Return a junction whose parameters are meant for 300 K at another temperature [K].

    A macrospin: Ms, and B_k = 2 K / Ms. Two states: the barrier, which is K V; its critical drive stays (our choice).
    """
    if isinstance(device, Macrospin):
        ratio = float(law.magnetisation(T))
        return device.replace(T=T, Ms=device.Ms * ratio, B_k=device.B_k * ratio ** (law.exponent - 1.0))
    if isinstance(device, Telegraph):
        return device.replace(T=T, delta=device.delta * float(law.anisotropy(T)))
    raise UsageError(f"a {type(device).__name__} has no law of temperature; take a Macrospin or a Telegraph.")
