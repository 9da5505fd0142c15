"""Junction with one macrospin free layer: parameters of the stochastic Landau-Lifshitz-Gilbert model.

The law is in `verilog_a/mtj_macrospin.va` and, derived, in `docs/theory.md`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import numpy as np

from spinspice.constants import k_B, mu_0
from spinspice.devices.accuracy import check_accuracy, statistics_step
from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.construct import field_for_barrier, in_plane, out_of_plane
from spinspice.devices.critical import critical_currents
from spinspice.devices.files import Derived, Durations, Trial
from spinspice.devices.landscape import landscape, quadratic_form
from spinspice.devices.noise_step import check_noise_step, with_bearable_step
from spinspice.devices.plausibility import macrospin_doubts
from spinspice.errors import ParameterError

_TMR_HINT = "TMR is a ratio, not per cent: write 1.2 for 120 %"
#: Default duration of a run [s]: some 300 correlation times of the low-barrier magnet of Faria et al.
DURATION = 50e-9
#: Shortest run, in noise steps.
MIN_STEPS = 100
#: ``trtol`` of ngspice, and the same truncation error as VACASK calls it. The model sets the time step itself: by
#: default to a quarter of a noise step, 1.25 ps, which resolves transistors too; truncation control must not break that
#: pattern at the corners of the noise. With compiled models ngspice's own 7 gives the same points
#: (`benchmarks/bench_cells.py`), but the B-source ones have no other step control.
SOLVER_OPTIONS: Mapping[str, Mapping[str, float | str]] = {
    "ngspice": {"trtol": 100.0},
    "vacask": {"tran_lteratio": "50.0"},
}
#: Diameter [m], resistance-area product [Ohm m^2], and barrier at the device's T [1].
DERIVED = {
    "diameter": Derived(
        "m", "diameter of the disk", lambda device: 2.0 * math.sqrt(device.area / math.pi), ("R_P", "area")
    ),
    "RA": Derived("Ohm m^2", "resistance-area product", lambda device: device.R_P * device.area, ("R_P", "area")),
    "delta": Derived("1", "barrier / (k_B T)", lambda device: device.delta, ("B_k",)),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Macrospin(Device):
    """Two-terminal junction with a thermally fluctuating macrospin. Ports: free, ref, mx, my, mz.

    The magnetisation is available on the nodes mx, my, mz (1 V = 1). Defaults: the circular low-barrier magnet of
    Faria et al. 2021 (22 nm, 2 nm thick, 1100 emu/cm^3, alpha 0.01) on Ganguly's 12.7 kOhm junction. A junction of your
    own: :meth:`perpendicular`, :meth:`disk` or :meth:`ellipse`, which have no silent defaults for what makes it up.

    A value that no junction has makes a :class:`~spinspice.errors.PlausibilityWarning`.

    Raises
    ------
    ParameterError
        For a value outside its range, axes that are not unit vectors, or a noise step too long for the dynamics.
    """

    model: ClassVar[str] = "mtj_macrospin"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "mx", "my", "mz")
    realisations: ClassVar[tuple[str, ...]] = ("verilog-a", "b-source", "abm")
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = SOLVER_OPTIONS
    derived: ClassVar[Mapping[str, Derived]] = DERIVED
    trial: ClassVar[Trial | None] = Trial(bias=0.1, duration=1e-10, moves="mx")
    validity: ClassVar[tuple[str, ...]] = (
        "one macrospin: the free layer moves as a whole (diameters up to some tens of nm)",
        "no self-heating; T is that of the free layer",
        "noise white up to 1 / dt: magnetisation slower than a few dt",
    )

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
        check_noise_step(self)
        self._warn()

    def doubts(self) -> tuple[str, ...]:
        return macrospin_doubts(self)

    def _check_unit_vector(self, names: list[str], what: str) -> None:
        vector = [getattr(self, name) for name in names]
        length = math.hypot(*vector)
        if abs(length - 1.0) > 1e-6:
            raise ParameterError(
                f"({', '.join(names)}) = {tuple(vector)} has length {length:g}, not 1 "
                f"({what} of {type(self).__name__}). Divide it by its length."
            )

    @classmethod
    def disk(cls, *, diameter: float | None = None, **known: Any) -> Self:
        """Return a circular in-plane junction: an easy plane, and what anisotropy is given along x.

        Takes what :meth:`ellipse` takes, with ``diameter`` [m] in place of length and width. Without B_k, Hk and delta
        the plane is isotropic: a low-barrier magnet.
        """
        return cls(**in_plane(cls, "disk", {"diameter": diameter, **known}))

    @classmethod
    def ellipse(cls, *, length: float | None = None, width: float | None = None, **known: Any) -> Self:
        """Return an elliptic in-plane junction, its long axis and its reference layer along x.

        Parameters
        ----------
        length, width : float
            Axes along x and y [m].
        t_free, Ms, alpha, TMR : float
            As for the class; none of them has a default here.
        R_P or RA : float
            Parallel resistance [Ohm], or resistance-area product [Ohm m^2] (1 Ohm um^2 is 1e-12).
        B_k, Hk or delta : float, optional
            Uniaxial anisotropy along x beside that of the shape: as a field [T], as a field [A/m], or what makes the
            barrier ``delta`` k_B T together with the shape. Default: none.
        Nx, Ny, Nz : float, optional
            Demagnetising factors; by default those of
            :func:`spinspice.devices.demagnetisation.elliptic_disk`. Give all three or none.
        **known : float
            Other parameters of the class.

        Raises
        ------
        ParameterError
            For what is missing, given twice, or contradicts itself.
        """
        return cls(**in_plane(cls, "ellipse", {"length": length, "width": width, **known}))

    @classmethod
    def perpendicular(cls, *, diameter: float | None = None, **known: Any) -> Self:
        """Return a circular junction with easy axis and reference layer along z.

        Parameters
        ----------
        diameter : float
            [m].
        t_free, Ms, alpha, TMR : float
            As for the class; none of them has a default here.
        R_P or RA : float
            Parallel resistance [Ohm], or resistance-area product [Ohm m^2] (1 Ohm um^2 is 1e-12).
        B_k, Hk, B_eff, Hk_eff or delta : float
            Anisotropy, one of: field of the uniaxial anisotropy alone [T] or [A/m]; net field, after demagnetisation,
            [T] or [A/m]; barrier over k_B T at the junction's temperature.
        Nx, Ny, Nz : float, optional
            Demagnetising factors; by default those of :func:`spinspice.devices.demagnetisation.elliptic_disk`.
            Give all three or none.
        **known : float
            Other parameters of the class. A stiff magnet gets a noise step that it bears. By default it starts
            parallel, tilted by the thermal angle.

        Raises
        ------
        ParameterError
            For what is missing, given twice, or contradicts itself, such as an anisotropy that does not overcome the
            demagnetising field.
        """
        return cls(**out_of_plane(cls, {"diameter": diameter, **known}))

    def with_delta(self, delta: float) -> Self:
        """Return a copy with the B_k that makes :attr:`delta` this [1], field and demagnetisation included.

        Raises
        ------
        ParameterError
            If no B_k up to 100 T does.
        """
        return self.replace(**with_bearable_step(self, {"B_k": field_for_barrier(self, delta)}))

    @property
    def R_AP(self) -> float:
        """Antiparallel resistance at zero bias [Ohm]."""
        return self.R_P * (1.0 + self.TMR)

    @property
    def moment(self) -> float:
        """Magnetic moment Ms V of the free layer [A m^2]."""
        return self.Ms * self.area * self.t_free

    @property
    def B_eff(self) -> float:
        """Net anisotropy field without applied field [T]: 2 E_b / m of uniaxial and shape anisotropy together.

        q_2 - q_1 of :mod:`spinspice.devices.landscape`. Perpendicular: B_k - mu_0 Ms (N_z - N_x); in-plane along x:
        B_k + mu_0 Ms (N_y - N_x); 0 for an easy plane.
        """
        q = np.linalg.eigvalsh(quadratic_form(self))
        return float(q[1] - q[0])

    @property
    def barriers(self) -> tuple[float, float]:
        """Barriers out of P and out of AP over k_B T [1], from the whole landscape: uniaxial and shape anisotropy,
        applied field (:mod:`spinspice.devices.landscape`). P is the state nearer to the reference layer. Both are 0
        where there is one well, or none; infinite at T = 0."""
        land = landscape(self)
        if land.saddle is None:
            return 0.0, 0.0
        thermal = k_B * self.T / self.moment
        p = np.array([self.px, self.py, self.pz])
        P, AP = sorted(land.minima, key=lambda state: -float(state.m @ p))
        return tuple(land.barrier(state) / thermal if thermal else math.inf for state in (P, AP))  # type: ignore[return-value]

    @property
    def delta(self) -> float:
        """Thermal stability factor [1]: the lower of :attr:`barriers`.

        Without applied field m B_eff / (2 k_B T). A sum of two terms for a perpendicular layer, K V of the anisotropy
        less the demagnetising energy; 0 for an easy plane.

        >>> disk = Macrospin.perpendicular(
        ...     diameter=50e-9, t_free=1.5e-9, Ms=1e6, alpha=0.01, TMR=1.2, RA=8e-12, B_k=1.35, Nx=0, Ny=0, Nz=1
        ... )
        >>> f"{disk.delta:.1f}"
        '33.2'
        """
        return min(self.barriers)

    @property
    def critical_currents(self) -> tuple[float, float]:
        """Currents at which precession about P (negative) and about AP (positive) begins to grow at T = 0 [A].

        The magnet stands along the axis of the reference layer with the curvatures h_1 and h_2 of its energy [T];
        damping against torque gives a_J = alpha (h_1 + h_2) / 2 (J. Z. Sun, Phys. Rev. B 62, 570 (2000)), hence

            I = (2 e / hbar) (m / pol) alpha (h_1 + h_2) / 2 / (1 + alpha field_like)

        Perpendicular: h_1 = h_2 = B_eff +- B, the (4 e / hbar)(alpha / pol) E_b of the books. In-plane:
        h_1 = B_eff +- B, h_2 = h_1 + mu_0 Ms (N_z - N_y), so the half demagnetising field that has to be
        overcome too.

        Raises
        ------
        ParameterError
            Where this law does not hold: no two states, states that stand at an angle to the reference layer, an
            anisotropy that the voltage changes, no polarisation.
        """
        return critical_currents(self)

    @property
    def I_c0(self) -> float:
        """Zero-temperature critical current [A]: mean of the magnitudes of :attr:`critical_currents`, which a field
        along the axis shifts apart; law and errors there."""
        out_of_P, out_of_AP = self.critical_currents
        return (out_of_AP - out_of_P) / 2.0

    @property
    def easy_plane_variance(self) -> float:
        """Thermal variance of mz of an easy-plane disk without other fields, k_B T / (mu_0 Ms^2 V (Nz - Nx)) [1]."""
        return k_B * self.T / (mu_0 * self.Ms * self.moment * (self.Nz - self.Nx))

    # What a run must know

    #: m . p of the two directions along p.
    state_limits = (-1.0, 1.0)

    @property
    def state_weights(self) -> Mapping[str, float]:
        """Weights of the magnetisation in m . p; a component without weight is left out."""
        weights = {"mx": self.px, "my": self.py, "mz": self.pz}
        return {node: weight for node, weight in weights.items() if weight != 0.0}

    def time_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return self.dt

    def at_accuracy(self, accuracy: str) -> Self:
        if check_accuracy(accuracy) == "path" or (step := statistics_step(self)) <= self.max_step:
            return self
        return self.replace(max_step=step)

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """Step of the noise, on whose samples time points must fall, and longest time step [s]."""
        return (
            Macrospin.dt if math.isnan(self.dt) else self.dt,
            Macrospin.max_step if math.isnan(self.max_step) else self.max_step,
        )

    def sample_step(self, duration: float) -> float:
        """Step of the noise [s]: nothing happens within."""
        return self.dt

    def durations(self) -> Durations:
        """Default duration :data:`DURATION`, shortest :data:`MIN_STEPS` noise steps [s]."""
        return Durations(DURATION, MIN_STEPS * self.dt, f"{MIN_STEPS} noise steps of {self.dt:g} s")

    def _with_derived(self, values: Mapping[str, float], derived: Mapping[str, float], where: str) -> Self:
        """Return a copy with other parameters; diameter, RA and delta set area, R_P and B_k.

        A change of the diameter alone keeps RA, which is what the tunnel barrier fixes: R_P = RA / area. The barrier
        is :attr:`delta`, of the whole landscape, at the temperature of this device; with demagnetisation, field and
        moment of the changed junction.
        """
        values = dict(values)
        diameter, product = (derived.get(name, DERIVED[name].value(self)) for name in ("diameter", "RA"))
        if derived.keys() & {"diameter", "RA"}:
            area = math.pi * diameter**2 / 4.0
            if not area > 0.0:
                raise ParameterError(f"{where}: diameter = {diameter:g} m leaves no area.")
            values |= {"area": area, "R_P": product / area}
        changed = self.replace(**values)
        if "delta" not in derived:
            return changed
        # At the temperature of this device, whatever that of the changed one.
        known = changed.parameters() | {"T": self.T}
        field = {"B_k": field_for_barrier(SimpleNamespace(**known), derived["delta"])}
        return changed.replace(**(field if "dt" in values else with_bearable_step(changed, field)))


@dataclasses.dataclass(frozen=True, kw_only=True)
class MacrospinSOT(Macrospin):
    """Three-terminal junction on a heavy-metal line with spin-Hall torque. Ports: free, ref, hm, mx, my, mz.

    The line runs from ``free`` to ``hm``; the junction stands on its middle. The defaults of the line are our choice
    (a tungsten-like line of 1 kOhm and 100 nm^2 cross-section).
    """

    model: ClassVar[str] = "mtj_macrospin_sot"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "hm", "mx", "my", "mz")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "hm")
    realisations: ClassVar[tuple[str, ...]] = ("verilog-a", "b-source")

    theta_SH: float = parameter(0.1, "1", "spin-Hall angle", low=-10.0, high=10.0)
    area_hm: float = positive(1e-16, "m^2", "cross-section of the heavy-metal line", high=1e-9)
    R_hm: float = positive(1e3, "Ohm", "resistance of the heavy-metal line")
    sx_hm: float = parameter(0.0, "1", "spin polarisation of the spin-Hall current, x", low=-1.0, high=1.0)
    sy_hm: float = parameter(1.0, "1", "spin polarisation of the spin-Hall current, y", low=-1.0, high=1.0)
    sz_hm: float = parameter(0.0, "1", "spin polarisation of the spin-Hall current, z", low=-1.0, high=1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_unit_vector(["sx_hm", "sy_hm", "sz_hm"], "spin-Hall polarisation")
