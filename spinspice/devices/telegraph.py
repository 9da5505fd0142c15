"""Two-state junction (random telegraph signal): parameters, escape rates and tuning curve.

The law is Mizrahi et al., Nat. Commun. 9, 1533 (2018), eqs. 1 and 6; the method is in `docs/theory.md`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.construct_telegraph import two_state
from spinspice.devices.files import Durations, Trial
from spinspice.devices.macrospin import _TMR_HINT
from spinspice.devices.plausibility import telegraph_doubts
from spinspice.errors import CircuitError, ParameterError, UsageError

#: Temperature to which ``Telegraph.delta`` refers [K].
T_REFERENCE = 300.0
#: Longest switching time in units of the shortest mean dwell time that keeps that mean right to 0.03 % (measured).
T_SW_FRACTION = 2.5e-3
#: Default duration of a run in mean dwell times at zero drive, and its limit [s]: transistors settle in picoseconds,
#: and no engine follows them for long.
DWELLS, MAX_DURATION = 300.0, 0.2
#: Shortest run, in mean dwell times.
MIN_DWELLS = 10
#: Shortest switching time in units of the duration. Below it the window of a switching event is so narrow, beside the
#: count of events, that Newton's iteration fails at the tolerance below (measured with 3 to 300 events, 8 seeds each:
#: all runs end at 1e-9, half of them fail at 5e-10).
MIN_SWITCHING = 1e-9
#: The same where a run is set up for a junction in a circuit, which needs more. A run lasts hundreds of dwell times, so
#: this is still under 1e-5 of one.
RESOLVED_SWITCHING = 1e-8
#: Longest time step of a run in units of the duration: ngspice takes no step shorter than 1e-11 of the longest, and an
#: event of the shortest switching time needs some (a tenth serves, the whole does not).
MAX_STEP = 0.1
#: Time points that an engine takes for a switch: 27 to 77 (``make bench``, telegraph); enough for an estimate.
SWITCH_POINTS = 50.0
#: Newton's iteration must resolve the rates: at ngspice's and VACASK's 1e-3 it stops where the rates of a drive that
#: varies are still 0.2 % off (measured). The step does not depend on it: in VACASK, whose truncation control does, that
#: stays as tolerant as by default.
SOLVER_OPTIONS: Mapping[str, Mapping[str, float | str]] = {
    "ngspice": {"reltol": 1e-6},
    "vacask": {"reltol": "1e-6", "tran_lteratio": "3500.0"},
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Telegraph(Device):
    """Two-terminal junction with a two-state free layer. Ports: free, ref, state (0 = P, 1 = AP), count (of events).

    Defaults: the scaled junction of Mizrahi et al. 2018 (6 kT, 0.1 V, R_P our choice).
    """

    model: ClassVar[str] = "mtj_telegraph"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "state", "count")
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = SOLVER_OPTIONS
    trial: ClassVar[Trial | None] = Trial(bias=0.0, duration=4e-6, moves="count")
    validity: ClassVar[tuple[str, ...]] = (
        "two states: dwell times long against the attempt time 1 / phi0 (barriers of some kT and more)",
        "no precession: drives that vary slowly against 1 / phi0",
        "uniaxial barrier in a field along the easy axis (Brown 1963), |field| <= 1",
    )

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
        self._warn()

    def doubts(self) -> tuple[str, ...]:
        return telegraph_doubts(self)

    @classmethod
    def measured(cls, **known: Any) -> Self:
        """Return a junction from what is known of it; nothing that makes it up has a silent default.

        Parameters
        ----------
        R_P, or RA and diameter : float
            Parallel resistance [Ohm]; resistance-area product [Ohm m^2] and diameter [m].
        TMR : float
        V_c or I_c : float
            Critical voltage [V] or current [A], which also says what drives it.
        delta, dwell, or tau_P and tau_AP : float
            Barrier over k_B 300 K; mean dwell time of both states without drive [s]; or that of each, from which
            barrier and ``field`` follow: ln(phi0 tau) = delta (1 +- field)^2 (300 K / T).
        **known : float
            Other parameters of the class.

        Raises
        ------
        ParameterError
            For what is missing, given twice, or contradicts itself.

        Examples
        --------
        >>> junction = Telegraph.measured(R_P=10e3, TMR=1.0, V_c=0.1, tau_P=2e-6, tau_AP=1e-6)
        >>> [f"{1e6 / rate:.3f} us" for rate in junction.escape_rates(0.0)]
        ['2.000 us', '1.000 us']
        """
        return cls(**two_state(cls, known))

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
        """Return a copy whose switching time leaves the mean dwell times at drives up to ``drive`` right to 0.1 %.

        Also where the drive varies: an event takes its time from the dwell times on either side at the drive of the
        moment, so that one that sees several drives is off by the share of t_sw in the shortest of them.
        """
        shortest = 1.0 / float(max(self.escape_rates(drive)))
        longest = T_SW_FRACTION * shortest * float(np.exp(-self.barrier * abs(drive)))
        return self if self.t_sw <= longest else self.replace(t_sw=longest)

    def event_share(self, dwell: ArrayLike) -> NDArray[np.float64]:
        """Part of a dwell time that its two events take, and for which the models make up at the drive of the moment.

        By so much a dwell time is short of its threshold where the drive has changed since the event that began it: a
        junction that waits and is then pulsed, its ``dwell`` [s] being the one at the voltage of the pulse, ends it
        early. docs/theory.md, 4.3, has the formula.
        """
        dwell = np.asarray(dwell, dtype=float)
        return np.asarray(self.t_sw * (0.173 + 0.245 * np.log(2.0 * dwell / self.t_sw + 0.5)) / dwell)

    # What a run must know

    @property
    def state_weights(self) -> Mapping[str, float]:
        """The node ``state`` alone: 0 = P, 1 = AP."""
        return {"state": 1.0}

    def max_time_step(self, duration: float) -> float:
        """Longest time step [s]: a tenth of the run (:data:`MAX_STEP`)."""
        return MAX_STEP * duration

    def event_points(self, duration: float) -> float:
        """About how many time points the switches of a run of ``duration`` [s] without drive need."""
        if math.isnan(self.barrier):
            return 0.0
        out, back = (float(rate) for rate in self.escape_rates(0.0))
        return SWITCH_POINTS * 2.0 * duration * out * back / (out + back) if out and back else 0.0

    @property
    def dwell(self) -> float:
        """Mean dwell time in P at zero drive [s].

        Raises
        ------
        UsageError
            For a junction that never switches.
        """
        dwell = 1.0 / float(self.escape_rates(0.0)[0])
        if not math.isfinite(dwell):
            raise UsageError(f"the junction never switches: its barrier is {self.barrier:g} kT.")
        return dwell

    def sample_step(self, duration: float) -> float:
        """A fiftieth of the mean dwell time, at most a thousandth of the run [s]."""
        return min(self.dwell / 50.0, duration / 1000.0)

    def durations(self) -> Durations:
        """Default and shortest duration [s]: :data:`DWELLS` and :data:`MIN_DWELLS` mean dwell times, with a limit."""
        return Durations(
            min(DWELLS * self.dwell, MAX_DURATION),
            min(MIN_DWELLS * self.dwell, MAX_DURATION),
            f"{MIN_DWELLS} mean dwell times of {self.dwell:g} s at zero drive",
        )

    def resolvable(self, duration: float, part: float = RESOLVED_SWITCHING) -> Self:
        """Return the junction with a switching time of ``part`` of the duration [s] or more.

        One that dwells for seconds and switches in a nanosecond would have a switching time below what ngspice
        resolves in one run; lengthened, it is still far below the dwell times.
        """
        shortest = part * duration
        return self if self.t_sw >= shortest else self.replace(t_sw=shortest)

    def resolution_note(self, duration: float) -> str:
        """Say from what to what the switching time is raised."""
        raised = self.resolvable(duration).t_sw
        if raised == self.t_sw:
            return ""
        return f"switching time raised from {self.t_sw:g} to {raised:g} s, what a run of {duration:g} s resolves"

    def check_resolvable(self, duration: float) -> None:
        """Refuse a switching time that is too short for the duration of the run [s].

        Raises
        ------
        CircuitError
            Saying by how much to raise ``t_sw``; ngspice would stop in the middle with "timestep too small".
        """
        needed = MIN_SWITCHING * duration
        if self.t_sw < needed * (1.0 - 1e-12):
            raise CircuitError(
                f"t_sw = {self.t_sw:g} s of a telegraph junction is less than {MIN_SWITCHING:g} of the duration, "
                f"{duration:g} s: the time step would become too small. Raise t_sw to {needed:g} s or more (it only "
                "has to stay short against the mean dwell times), or shorten the run."
            )
