"""Junction with one macrospin free layer: parameters of the stochastic Landau-Lifshitz-Gilbert model.

The law is in `verilog_a/mtj_macrospin.va` and, derived, in `docs/theory.md`.
"""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar, Self

from spinspice.constants import e, hbar, k_B, mu_0
from spinspice.devices.base import Device, parameter, positive
from spinspice.errors import ParameterError

_TMR_HINT = "TMR is a ratio, not per cent: write 1.2 for 120 %"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Macrospin(Device):
    """Two-terminal junction with a thermally fluctuating macrospin. Ports: free, ref, mx, my, mz.

    The magnetisation is available on the nodes mx, my, mz (1 V = 1). Defaults: the circular low-barrier magnet of
    Faria et al. 2021 (22 nm, 2 nm thick, 1100 emu/cm^3, alpha 0.01) on Ganguly's 12.7 kOhm junction.

    Raises
    ------
    ParameterError
        For a value outside its range, axes that are not unit vectors, or a noise step too long for the dynamics.
    """

    model: ClassVar[str] = "mtj_macrospin"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "mx", "my", "mz")

    R_P: float = positive(12.7e3, "Ohm", "parallel resistance")
    TMR: float = parameter(1.0, "1", "(R_AP - R_P) / R_P at zero bias", low=0.0, high=10.0, hint=_TMR_HINT)
    V_half: float = positive(0.5, "V", "bias where the TMR halves")
    Ms: float = positive(1.1e6, "A/m", "saturation magnetisation", high=1e7)
    area: float = positive(math.pi * 11e-9**2, "m^2", "area of the free layer", high=1e-9)
    t_free: float = positive(2e-9, "m", "thickness of the free layer", high=1e-6)
    alpha: float = positive(0.01, "1", "Gilbert damping", high=10.0)
    B_k: float = parameter(0.0, "T", "uniaxial anisotropy field 2 K / Ms", low=-100.0, high=100.0)
    kx: float = parameter(1.0, "1", "uniaxial axis, x", low=-1.0, high=1.0)
    ky: float = parameter(0.0, "1", "uniaxial axis, y", low=-1.0, high=1.0)
    kz: float = parameter(0.0, "1", "uniaxial axis, z", low=-1.0, high=1.0)
    Nx: float = parameter(0.0, "1", "demagnetising factor, x", low=0.0, high=1.0)
    Ny: float = parameter(0.0, "1", "demagnetising factor, y", low=0.0, high=1.0)
    Nz: float = parameter(1.0, "1", "demagnetising factor, z", low=0.0, high=1.0)
    Bx: float = parameter(0.0, "T", "applied field, x", low=-100.0, high=100.0)
    By: float = parameter(0.0, "T", "applied field, y", low=-100.0, high=100.0)
    Bz: float = parameter(0.0, "T", "applied field, z", low=-100.0, high=100.0)
    px: float = parameter(1.0, "1", "direction of the reference layer, x", low=-1.0, high=1.0)
    py: float = parameter(0.0, "1", "direction of the reference layer, y", low=-1.0, high=1.0)
    pz: float = parameter(0.0, "1", "direction of the reference layer, z", low=-1.0, high=1.0)
    pol: float = parameter(0.6, "1", "spin polarisation of the current", low=-1.0, high=1.0)
    field_like: float = parameter(0.0, "1", "field-like over damping-like torque", low=-100.0, high=100.0)
    vcma: float = parameter(0.0, "T/V", "perpendicular anisotropy field lost a volt", low=-1e3, high=1e3)
    T: float = parameter(300.0, "K", "temperature of the free layer", low=0.0, high=2000.0)
    theta0: float = parameter(math.pi / 2, "rad", "initial polar angle", low=-10.0, high=10.0)
    phi0: float = parameter(math.pi / 2, "rad", "initial azimuth", low=-10.0, high=10.0)
    dt: float = positive(5e-12, "s", "step of the noise path", high=1e-6)
    max_step: float = positive(1.25e-12, "s", "longest time step of the solver", high=1e-6)

    def __post_init__(self) -> None:
        super().__post_init__()
        for letter, what in (("k", "uniaxial axis"), ("p", "reference layer")):
            self._check_unit_vector([f"{letter}{axis}" for axis in "xyz"], what)

    def _check_unit_vector(self, names: list[str], what: str) -> None:
        vector = [getattr(self, name) for name in names]
        length = math.hypot(*vector)
        if abs(length - 1.0) > 1e-6:
            raise ParameterError(
                f"({', '.join(names)}) = {tuple(vector)} has length {length:g}, not 1 "
                f"({what} of {type(self).__name__}). Divide it by its length."
            )

    @classmethod
    def disk(cls, *, diameter: float, **parameters: float) -> Self:
        """Return a circular junction, given its diameter [m] in place of its area."""
        return cls(area=math.pi * diameter**2 / 4, **parameters)

    @property
    def R_AP(self) -> float:
        """Antiparallel resistance at zero bias [Ohm]."""
        return self.R_P * (1.0 + self.TMR)

    @property
    def moment(self) -> float:
        """Magnetic moment Ms V of the free layer [A m^2]."""
        return self.Ms * self.area * self.t_free

    @property
    def delta(self) -> float:
        """Thermal stability factor of the uniaxial anisotropy alone, m B_k / (2 k_B T) [1]."""
        return self.moment * self.B_k / (2.0 * k_B * self.T)

    @property
    def I_c0(self) -> float:
        """Zero-temperature critical current of a uniaxial perpendicular layer, (4 e / hbar)(alpha / pol) E_b [A].

        With E_b = m B_k / 2, for spin polarisation along the axis (Sun, Phys. Rev. B 62, 570 (2000)).
        """
        return 4.0 * e / hbar * self.alpha / self.pol * self.moment * self.B_k / 2.0

    @property
    def easy_plane_variance(self) -> float:
        """Thermal variance of mz of an easy-plane disk without other fields, k_B T / (mu_0 Ms^2 V (Nz - Nx)) [1]."""
        return k_B * self.T / (mu_0 * self.Ms * self.moment * (self.Nz - self.Nx))


@dataclasses.dataclass(frozen=True, kw_only=True)
class MacrospinSOT(Macrospin):
    """Three-terminal junction on a heavy-metal line with spin-Hall torque. Ports: free, ref, hm, mx, my, mz.

    The line runs from ``free`` to ``hm``; the junction stands on its middle. The defaults of the line are our choice
    (a tungsten-like line of 1 kOhm and 100 nm^2 cross-section).
    """

    model: ClassVar[str] = "mtj_macrospin_sot"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "hm", "mx", "my", "mz")

    theta_SH: float = parameter(0.1, "1", "spin-Hall angle", low=-10.0, high=10.0)
    area_hm: float = positive(1e-16, "m^2", "cross-section of the heavy-metal line", high=1e-9)
    R_hm: float = positive(1e3, "Ohm", "resistance of the heavy-metal line")
    sx_hm: float = parameter(0.0, "1", "spin polarisation of the spin-Hall current, x", low=-1.0, high=1.0)
    sy_hm: float = parameter(1.0, "1", "spin polarisation of the spin-Hall current, y", low=-1.0, high=1.0)
    sz_hm: float = parameter(0.0, "1", "spin polarisation of the spin-Hall current, z", low=-1.0, high=1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_unit_vector(["sx_hm", "sy_hm", "sz_hm"], "spin-Hall polarisation")
