r"""Domain wall on a track under a junction: parameters of the one-dimensional model of position and angle.

.. math::
    \dot\phi + \alpha \dot q / W &= \gamma (B + b_1) + \beta u / W + \gamma \tfrac{\pi}{2} B_{SH} \cos\phi
        - \gamma E'(q) / (2 M_s A) \\
    \dot q / W - \alpha \dot\phi &= \gamma (\tfrac12 B_K \sin 2\phi + \tfrac{\pi}{2} B_D \sin\phi + b_2) + u / W

The law is in `verilog_a/dw_track.va`, exact results in :mod:`spinspice.devices.laws.wall`, the text in
docs/domain_wall.md. The noise belongs to the volume of the wall, 2 A W, not to that of the film.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from spinspice.constants import e, gamma, hbar, k_B
from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.files import Durations, Trial
from spinspice.errors import ParameterError

#: Bohr magneton [J/T] and g factor of the electron, CODATA 2022.
MU_B, G_E = 9.2740100657e-24, 2.00231930436
#: Longest noise step over the relaxation time of the angle, 1 / (alpha gamma B_K): our choice.
LARGEST_NOISE_STEP = 0.25


@dataclasses.dataclass(frozen=True, kw_only=True)
class DomainWall(Device):
    """Wall on a track with a three-terminal junction. Ports: free, ref, right, b, q, phi.

    The track runs from ``free`` to ``right``; the contact ``ref`` stands on its middle. 1 V at ``q`` is 1 um from the
    middle of the track, at ``b`` 1 T along z. Defaults: the stripe of 50 x 1 nm^2 of the docs (Ms 8e5 A/m, W 6 nm,
    alpha 0.02, B_K 20 mT), a memristor; resistances are our choice.

    Raises
    ------
    ParameterError
        For a value outside its range, a wall that starts off the track, a contact beyond its ends, or a noise step too
        long for the angle.

    Examples
    --------
    >>> f"{DomainWall().walker_field * 1e3:.3g} mT"
    '0.2 mT'
    """

    model: ClassVar[str] = "dw_track"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "right", "b", "q", "phi")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "right", "b")
    trial: ClassVar[Trial | None] = Trial(bias=0.1, duration=2e-9, moves="phi")
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "ngspice": {"trtol": 100.0},
        "vacask": {"tran_lteratio": "50.0"},
    }
    validity: ClassVar[tuple[str, ...]] = (
        "one rigid wall between two domains: no nucleation, no tilt, no second wall",
        "at the ends of the track it is pushed back (k_edge): leaving it is not modelled",
        "no self-heating; noise white up to 1 / dt",
    )

    R_P: float = positive(10e3, "Ohm", "resistance with the contact all parallel")
    TMR: float = parameter(1.0, "1", "(R_AP - R_P) / R_P at zero bias", low=0.0, high=10.0, hint="Write 1.2 for 120 %")
    V_half: float = positive(0.5, "V", "bias where the TMR halves")
    R_track: float = positive(1e3, "Ohm", "resistance of the track")
    length: float = positive(1e-6, "m", "length of the track", high=1.0)
    l_c: float = positive(1e-6, "m", "length of the contact", high=1.0)
    q_c: float = parameter(0.0, "m", "middle of the contact", low=-1.0, high=1.0)
    width: float = positive(50e-9, "m", "width of the track", high=1e-3)
    t_free: float = positive(1e-9, "m", "thickness of the magnetic layer", high=1e-6)
    t_hm: float = positive(3e-9, "m", "thickness of the heavy metal", high=1e-6)
    share: float = parameter(1.0, "1", "part of the current in the magnetic layer", low=0.0, high=1.0)
    Ms: float = positive(8e5, "A/m", "saturation magnetisation", high=1e7)
    W: float = positive(6e-9, "m", "wall parameter", high=1e-6)
    alpha: float = positive(0.02, "1", "Gilbert damping", high=10.0)
    pol: float = parameter(0.6, "1", "spin polarisation of the current", low=-1.0, high=1.0)
    beta: float = parameter(0.0, "1", "non-adiabaticity", low=-100.0, high=100.0)
    theta_SH: float = parameter(0.0, "1", "spin-Hall angle of the heavy metal", low=-10.0, high=10.0)
    B_K: float = parameter(20e-3, "T", "anisotropy field of the wall's angle", low=-100.0, high=100.0)
    B_D: float = parameter(0.0, "T", "field of the Dzyaloshinskii-Moriya interaction", low=-100.0, high=100.0)
    Bz: float = parameter(0.0, "T", "applied field", low=-100.0, high=100.0)
    V_0: float = parameter(0.0, "J", "height of the periodic pinning", low=0.0, high=1e-15)
    d_pin: float = positive(50e-9, "m", "period of the pinning", high=1.0)
    k_trap: float = parameter(0.0, "N/m", "stiffness of a trap or leak", low=0.0, high=1.0)
    q_trap: float = parameter(0.0, "m", "middle of the trap", low=-1.0, high=1.0)
    k_edge: float = parameter(1e-4, "N/m", "stiffness beyond the ends of the track", low=0.0, high=1.0)
    T: float = parameter(300.0, "K", "temperature", low=0.0, high=2000.0)
    q0: float = parameter(0.0, "m", "initial position", low=-1.0, high=1.0)
    phi0: float = parameter(0.0, "rad", "initial angle", low=-1e3, high=1e3)
    dt: float = positive(2e-11, "s", "step of the noise path", high=1e-6)
    max_step: float = positive(5e-12, "s", "longest time step of the solver", high=1e-6)

    def __post_init__(self) -> None:
        super().__post_init__()
        name, half = type(self).__name__, 0.5 * self.length
        if abs(self.q0) > half:
            raise ParameterError(
                f"q0 = {self.q0:g} m is off the track, allowed within {half:g} m of its middle ({name}: initial "
                "position of the wall). Start on it, or lengthen it."
            )
        if abs(self.q_c) + 0.5 * self.l_c > half * (1 + 1e-9):
            raise ParameterError(
                f"the contact reaches {abs(self.q_c) + 0.5 * self.l_c:g} m from the middle of the track, which ends at "
                f"{half:g} m ({name}: q_c, l_c, length). Shorten it."
            )
        if self.T and self.dt * self.angle_rate > LARGEST_NOISE_STEP:
            raise ParameterError(
                f"dt = {self.dt:g} s is too long a noise step for an angle that relaxes at {self.angle_rate:g} /s "
                f"(alpha gamma B_K), allowed up to {LARGEST_NOISE_STEP / self.angle_rate:.2g} s ({name}.dt). Shorten "
                "it, and max_step to a quarter of it."
            )

    @property
    def area(self) -> float:
        """Cross-section of the magnetic layer [m^2]."""
        return self.width * self.t_free

    @property
    def volume(self) -> float:
        """Volume of the wall, 2 A W [m^3]."""
        return 2.0 * self.area * self.W

    @property
    def angle_rate(self) -> float:
        """Rate at which the angle relaxes, alpha gamma (|B_K| + pi/2 |B_D|) [1/s]."""
        return self.alpha * gamma * (abs(self.B_K) + 0.5 * math.pi * abs(self.B_D))

    @property
    def mobility(self) -> float:
        """Velocity a field below Walker's, gamma W / alpha [m/(s T)]."""
        return gamma * self.W / self.alpha

    @property
    def walker_field(self) -> float:
        """Field above which the angle turns, alpha B_K / 2 [T]."""
        return self.alpha * self.B_K / 2.0

    @property
    def depinning_field(self) -> float:
        """Field that takes a rigid wall over the periodic pinning at T = 0, pi V_0 / (2 d Ms A) [T]."""
        return math.pi * self.V_0 / (2.0 * self.d_pin * self.Ms * self.area)

    def spin_drift(self, current: float) -> float:
        """Return u of a current [A] from free to right [m/s]: negative for electrons that go left."""
        return -G_E * MU_B * self.pol * self.share * current / (2.0 * e * self.Ms * self.area)

    def spin_hall_field(self, current: float) -> float:
        """Return B_SH of a current [A] from free to right [T]."""
        heavy = (1.0 - self.share) * current / (self.width * self.t_hm)
        return hbar * self.theta_SH * heavy / (2.0 * e * self.Ms * self.t_free)

    @property
    def thermal_field(self) -> float:
        """Standard deviation of a sample of the thermal field [T]."""
        return math.sqrt(2.0 * self.alpha * k_B * self.T / (gamma * self.Ms * self.volume * self.dt))

    def contact_part(self, q: float) -> float:
        """Return the part of the contact that is parallel with the wall at q [m]."""
        up, down = (q - self.q_c + 0.5 * self.l_c) / self.W, (q - self.q_c - 0.5 * self.l_c) / self.W
        return 0.5 + 0.5 * self.W / self.l_c * float(np.logaddexp(up, -up) - np.logaddexp(down, -down))

    def contact_conductance(self, q: float, volts: float) -> float:
        """Return the conductance of the contact with the wall at q [m] at a voltage across it [S]."""
        low = 1.0 / (self.R_P * (1.0 + self.TMR / (1.0 + (volts / self.V_half) ** 2)))
        return low + (1.0 / self.R_P - low) * self.contact_part(q)

    # What a run must know

    @property
    def state_weights(self) -> Mapping[str, float]:
        """The position."""
        return {"q": 1.0}

    @property
    def state_limits(self) -> tuple[float, float]:  # type: ignore[override]
        """Ends of the contact on the scale of node q [um]."""
        return 1e6 * (self.q_c - 0.5 * self.l_c), 1e6 * (self.q_c + 0.5 * self.l_c)

    def time_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return min(self.dt, duration / 10.0)

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """Step of the noise and longest time step [s]."""
        return (
            DomainWall.dt if math.isnan(self.dt) else self.dt,
            DomainWall.max_step if math.isnan(self.max_step) else self.max_step,
        )

    def sample_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return self.dt

    def durations(self) -> Durations:
        """Default 100 ns; shortest 100 noise steps."""
        return Durations(max(1e-7, 1e3 * self.dt), 100.0 * self.dt, f"100 noise steps of {self.dt:g} s")
