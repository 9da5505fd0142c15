r"""Skyrmion as a particle: parameters of Thiele's equation on a track under a junction.

.. math::
    \alpha D v_x - G v_y = F_x, \quad G v_x + \alpha D v_y = F_y, \qquad
    G = 4\pi Q_t M_s t / \gamma, \quad D = 2\pi (R/W + W/R) M_s t / \gamma

D is that of a profile of two walls and has its smallest value 4 pi at R = W; the spin-Hall force on a Neel skyrmion is
:math:`\pi^2 R M_s t B_{SH}` to leading order in R/W (both derived; ``f_SH`` corrects the latter). A rigid particle: no
creation, no annihilation, no deformation.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar

from spinspice.constants import e, gamma, hbar, k_B
from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.files import Durations, Trial
from spinspice.errors import ParameterError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Skyrmion(Device):
    """Skyrmion on a heavy-metal track with a contact above. Ports: free, ref, right, x, y.

    The track runs from ``free`` to ``right``, the contact ``ref`` stands on its middle; 1 V at x and y is 1 um.
    Defaults: the particle of the docs (Ms 5.8e5 A/m, 0.8 nm, alpha 0.1, R/W = 2); the contact is our choice.

    Raises
    ------
    ParameterError
        For a value outside its range, a start off the track, or a noise step too long for the trap.

    Examples
    --------
    >>> f"{Skyrmion().hall_angle:.3f} degrees"
    '82.875 degrees'
    """

    model: ClassVar[str] = "skyrmion"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "right", "x", "y")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "right")
    trial: ClassVar[Trial | None] = Trial(bias=0.5, duration=2e-8, moves="x")
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "ngspice": {"trtol": 100.0},
        "vacask": {"tran_lteratio": "50.0"},
    }
    validity: ClassVar[tuple[str, ...]] = (
        "one rigid particle: no creation, annihilation or deformation",
        "pushed back beyond the edges (k_edge); a real one that is pushed over an edge is gone",
    )

    R_P: float = positive(10e3, "Ohm", "resistance of the contact without skyrmion")
    dG: float = parameter(0.05, "1", "relative change of its conductance by one", low=-0.99, high=10.0)
    x_c: float = parameter(0.0, "m", "middle of the contact", low=-1.0, high=1.0)
    l_c: float = positive(100e-9, "m", "length of the contact", high=1.0)
    R_track: float = positive(1e3, "Ohm", "resistance of the track")
    length: float = positive(1e-6, "m", "length of the track", high=1.0)
    width: float = positive(200e-9, "m", "width of the track", high=1.0)
    t_free: float = positive(0.8e-9, "m", "thickness of the magnetic layer", high=1e-6)
    t_hm: float = positive(3e-9, "m", "thickness of the heavy metal", high=1e-6)
    Ms: float = positive(5.8e5, "A/m", "saturation magnetisation", high=1e7)
    radius: float = positive(20e-9, "m", "radius of the skyrmion", high=1e-4)
    W: float = positive(10e-9, "m", "wall parameter", high=1e-4)
    Qt: float = parameter(-1.0, "1", "topological charge", low=-10.0, high=10.0)
    alpha: float = positive(0.1, "1", "Gilbert damping", high=10.0)
    theta_SH: float = parameter(0.1, "1", "spin-Hall angle", low=-10.0, high=10.0)
    f_SH: float = parameter(1.0, "1", "correction of the spin-Hall force", low=-100.0, high=100.0)
    F_x: float = parameter(0.0, "N", "constant force along the track", low=-1e-6, high=1e-6)
    F_y: float = parameter(0.0, "N", "constant force across the track", low=-1e-6, high=1e-6)
    k_trap: float = parameter(0.0, "N/m", "stiffness of a trap", low=0.0, high=1.0)
    x_trap: float = parameter(0.0, "m", "middle of the trap, along", low=-1.0, high=1.0)
    y_trap: float = parameter(0.0, "m", "middle of the trap, across", low=-1.0, high=1.0)
    V_0: float = parameter(0.0, "J", "height of the periodic pinning", low=0.0, high=1e-15)
    d_pin: float = positive(50e-9, "m", "period of the pinning", high=1.0)
    k_edge: float = parameter(1e-4, "N/m", "stiffness beyond the edges", low=0.0, high=1.0)
    T: float = parameter(300.0, "K", "temperature", low=0.0, high=2000.0)
    x0: float = parameter(0.0, "m", "initial position, along", low=-1.0, high=1.0)
    y0: float = parameter(0.0, "m", "initial position, across", low=-1.0, high=1.0)
    dt: float = positive(1e-10, "s", "step of the noise path", high=1e-6)
    max_step: float = positive(2.5e-11, "s", "longest time step of the solver", high=1e-6)

    def __post_init__(self) -> None:
        super().__post_init__()
        if abs(self.x0) > 0.5 * self.length or abs(self.y0) > 0.5 * self.width:
            raise ParameterError(
                f"(x0, y0) = ({self.x0:g}, {self.y0:g}) m is off the track, allowed within {0.5 * self.length:g} and "
                f"{0.5 * self.width:g} m of its middle ({type(self).__name__}). Start on it, or enlarge it."
            )
        if self.T and self.dt * self.trap_rate > 0.1:
            raise ParameterError(
                f"dt = {self.dt:g} s is too long a noise step for the trap, in which the particle settles at "
                f"{self.trap_rate:g} /s, allowed up to {0.1 / self.trap_rate:.2g} s ({type(self).__name__}.dt). "
                "Shorten it, and max_step to a quarter of it."
            )

    @property
    def gyrovector(self) -> float:
        """G [J s/m^2]."""
        return 4.0 * math.pi * self.Qt * self.Ms * self.t_free / gamma

    @property
    def drag(self) -> float:
        """alpha D [J s/m^2]."""
        shape = self.radius / self.W + self.W / self.radius
        return self.alpha * 2.0 * math.pi * shape * self.Ms * self.t_free / gamma

    @property
    def hall_angle(self) -> float:
        """Angle between force and velocity, arctan |G| / alpha D [degrees]."""
        return math.degrees(math.atan2(abs(self.gyrovector), self.drag))

    @property
    def trap_rate(self) -> float:
        """Rate at which it settles in the trap, k alpha D / (G^2 + (alpha D)^2) [1/s]."""
        return self.k_trap * self.drag / (self.gyrovector**2 + self.drag**2)

    @property
    def trap_frequency(self) -> float:
        """Frequency at which it turns in the trap, k |G| / (G^2 + (alpha D)^2) / 2 pi [Hz]."""
        return self.k_trap * abs(self.gyrovector) / (self.gyrovector**2 + self.drag**2) / (2.0 * math.pi)

    @property
    def diffusion(self) -> float:
        """Diffusion constant of the free particle, kT alpha D / (G^2 + (alpha D)^2) [m^2/s]."""
        return k_B * self.T * self.drag / (self.gyrovector**2 + self.drag**2)

    def velocity(self, fx: float, fy: float = 0.0) -> tuple[float, float]:
        """Return the velocity under a force [N], m/s."""
        scale = self.gyrovector**2 + self.drag**2
        return (self.drag * fx + self.gyrovector * fy) / scale, (self.drag * fy - self.gyrovector * fx) / scale

    def spin_hall_force(self, current: float) -> float:
        """Return the force along the track of a current [A] from free to right [N]."""
        field = hbar * self.theta_SH * current / (2.0 * e * self.Ms * self.t_free * self.width * self.t_hm)
        return self.f_SH * math.pi**2 * self.radius * self.Ms * self.t_free * field

    def contact_part(self, x: float) -> float:
        """Return the part of the skyrmion under the contact, at x [m]."""
        ends = ((x - self.x_c + sign * 0.5 * self.l_c) / self.radius for sign in (1.0, -1.0))
        up, down = (math.tanh(end) for end in ends)
        return 0.5 * (up - down)

    def contact_conductance(self, x: float, volts: float = 0.0) -> float:
        """Return the conductance of the contact with the skyrmion at x [m], at any voltage [S]."""
        return (1.0 + self.dG * self.contact_part(x)) / self.R_P

    # What a run must know

    @property
    def state_weights(self) -> Mapping[str, float]:
        """The position along the track."""
        return {"x": 1.0}

    @property
    def state_limits(self) -> tuple[float, float]:  # type: ignore[override]
        """Ends of the track on the scale of node x [um]."""
        return -0.5e6 * self.length, 0.5e6 * self.length

    def time_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return min(self.dt, duration / 10.0)

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """Step of the noise and longest time step [s]."""
        return (
            Skyrmion.dt if math.isnan(self.dt) else self.dt,
            Skyrmion.max_step if math.isnan(self.max_step) else self.max_step,
        )

    def sample_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return self.dt

    def durations(self) -> Durations:
        """Default 1000 noise steps, at least a microsecond; shortest 100."""
        return Durations(max(1e-6, 1e3 * self.dt), 100.0 * self.dt, f"100 noise steps of {self.dt:g} s")
