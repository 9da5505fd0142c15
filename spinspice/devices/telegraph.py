"""Two-state junction (random telegraph signal): parameters, escape rates and tuning curve.

The law is Mizrahi et al., Nat. Commun. 9, 1533 (2018), eqs. 1 and 6; the method is in `docs/theory.md`.
"""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.macrospin import _TMR_HINT
from spinspice.errors import ParameterError

#: Temperature to which ``Telegraph.delta`` refers [K].
T_REFERENCE = 300.0
#: Longest switching time in units of the shortest mean stay that keeps the mean stay right to 0.03 % (measured).
T_SW_FRACTION = 2.5e-3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Telegraph(Device):
    """Two-terminal junction with a two-state free layer. Ports: free, ref, state (0 = P, 1 = AP), count (of events).

    Defaults: the scaled junction of Mizrahi et al. 2018 (6 kT, 0.1 V, R_P our choice).
    """

    model: ClassVar[str] = "mtj_telegraph"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "state", "count")

    R_P: float = positive(1e3, "Ohm", "parallel resistance")
    TMR: float = parameter(1.0, "1", "(R_AP - R_P) / R_P at zero bias", low=0.0, high=10.0, hint=_TMR_HINT)
    V_half: float = positive(0.5, "V", "bias where the TMR halves")
    delta: float = parameter(6.0, "1", "barrier / (k_B 300 K)", low=0.0, high=200.0)
    field: float = parameter(
        0.0, "1", "field along the easy axis / anisotropy field, positive favours P", low=-1.0, high=1.0
    )
    asymmetry: float = parameter(
        0.0, "1", "critical drive out of P and AP: 1 + and 1 - asymmetry times the mean", low=-0.99, high=0.99
    )
    phi0: float = positive(1e9, "1/s", "attempt frequency")
    drive: float = parameter(0.0, "1", "0: driven by voltage, 1: by current", low=0.0, high=1.0)
    V_c: float = positive(0.1, "V", "critical voltage")
    I_c: float = positive(1e-4, "A", "critical current")
    T: float = parameter(300.0, "K", "temperature", low=1.0, high=2000.0)
    state0: float = parameter(0.0, "1", "initial state, 0 = P, 1 = AP", low=0.0, high=1.0)
    t_sw: float = positive(1e-9, "s", "duration of a switching event")
    max_step: float = positive(1.0, "s", "longest time step: a 200th of the period of a smooth drive", high=1e6)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("drive", "state0"):
            if getattr(self, name) not in (0.0, 1.0):
                raise ParameterError(
                    f"{name} = {getattr(self, name):g} is neither 0 nor 1 (Telegraph.{name}: "
                    f"{self.__dataclass_fields__[name].metadata['meaning']})."
                )

    @property
    def R_AP(self) -> float:
        """Antiparallel resistance at zero bias [Ohm]."""
        return self.R_P * (1.0 + self.TMR)

    @property
    def barrier(self) -> float:
        """Barrier in units of k_B T at the temperature of the junction [1]."""
        return self.delta * T_REFERENCE / self.T

    @property
    def barriers(self) -> tuple[float, float]:
        """Barriers out of P and out of AP at zero drive, over k_B T [1]: delta (1 +- field)^2 (Brown 1963)."""
        return self.barrier * (1.0 + self.field) ** 2, self.barrier * (1.0 - self.field) ** 2

    def escape_rates(self, drive: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        r"""Escape rates [1/s] out of P and out of AP at ``drive`` = V / V_c or I / I_c [1].

        .. math::
            \lambda_P = \phi_0 e^{-\Delta (1 + h)^2 (1 + d / (1 + a))}, \qquad
            \lambda_{AP} = \phi_0 e^{-\Delta (1 - h)^2 (1 - d / (1 - a))}

        A positive drive stabilises P. Without ``field`` h and ``asymmetry`` a this is Mizrahi 2018, eq. 6; the square
        is the barrier of a uniaxial particle in a field along its axis (Brown, Phys. Rev. 130, 1677 (1963)), and that
        the torque scales what the field leaves of it is Li and Zhang, Phys. Rev. B 69, 134416 (2004).
        """
        drive = np.asarray(drive, dtype=float)
        barrier_P, barrier_AP = self.barriers
        return (
            self.phi0 * np.exp(-barrier_P * (1.0 + drive / (1.0 + self.asymmetry))),
            self.phi0 * np.exp(-barrier_AP * (1.0 - drive / (1.0 - self.asymmetry))),
        )

    @property
    def natural_rate(self) -> float:
        """Rate r0 of full cycles at zero drive and field [1/s], (phi0 / 2) exp(-delta).

        A cycle is two switching events; the factor 1/2, which the text of eq. 1 leaves out, is the one with which the
        published 518 Hz and 1.23 MHz come out.

        >>> round(Telegraph(delta=13.78).natural_rate)
        518
        """
        return 0.5 * self.phi0 * float(np.exp(-self.barrier))

    def rate(self, drive: ArrayLike) -> NDArray[np.float64]:
        """Rate of full cycles [1/s] at ``drive`` [1]; r0 / cosh(delta drive) (Mizrahi 2018, eq. 1) if symmetric."""
        out_of_P, out_of_AP = self.escape_rates(drive)
        return 1.0 / (1.0 / out_of_P + 1.0 / out_of_AP)

    def with_resolvable_switching(self, drive: float = 0.0) -> Telegraph:
        """Return a copy whose switching time leaves the mean stays at drives up to ``drive`` right to 0.1 %.

        Also where the drive varies: an event takes its time from the stays on either side at the drive of the moment,
        so that a stay that sees several drives is off by the share of t_sw in the shortest of them.
        """
        shortest = 1.0 / float(max(self.escape_rates(drive)))
        longest = T_SW_FRACTION * shortest * float(np.exp(-self.barrier * abs(drive)))
        return self if self.t_sw <= longest else self.replace(t_sw=longest)
