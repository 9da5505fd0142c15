"""Junction with one macrospin free layer: parameters of the stochastic Landau-Lifshitz-Gilbert model.

The law is in `verilog_a/mtj_macrospin.va` and, derived, in `docs/theory.md`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar, Self

from spinspice.constants import e, hbar, k_B, mu_0
from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.files import Derived, Durations, Trial
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
#: Diameter [m], resistance-area product [Ohm m^2], and barrier of the uniaxial anisotropy at the device's T [1].
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
    Faria et al. 2021 (22 nm, 2 nm thick, 1100 emu/cm^3, alpha 0.01) on Ganguly's 12.7 kOhm junction.

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
        is that of the uniaxial anisotropy at the temperature of this device: B_k = 2 k_B T delta / m, with the moment
        m of the changed junction.
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
        return changed.replace(B_k=2.0 * k_B * self.T * derived["delta"] / changed.moment)


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
