r"""Spin-torque nano-oscillator: parameters of the auto-oscillator of one complex amplitude.

.. math::
    \dot a = -i(\omega_0 + N p) a + \Gamma [z (1 - p) - 1 - Q p] a + F + f, \qquad p = |a|^2,\ z = I / I_{th}

(A. Slavin, V. Tiberkevich, IEEE Trans. Magn. 45, 1875 (2009), with the noise of constant intensity that Q = 0 has). Its
exact results are in :mod:`spinspice.devices.laws.oscillator`, the coefficients of a vortex in
:mod:`spinspice.devices.vortex`; the circuit holds the amplitude in a frame that turns (docs/oscillators.md).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from spinspice.devices.base import Device, parameter, positive
from spinspice.devices.files import Durations, Trial
from spinspice.devices.vortex import vortex_coefficients
from spinspice.errors import ParameterError

#: Samples of the carrier a period that the default longest step has: our choice (15 to 20 suffice in the frame).
POINTS = 20
#: Longest noise step over the relaxation time of the power, 1 / (2 Gp): costs 7/15 of it of the variance.
LARGEST_NOISE_STEP = 0.25


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpinTorqueOscillator(Device):
    """Spin-torque nano-oscillator with its carrier at the terminals. Ports: free, ref, b, x, y, z.

    A current from ``free`` to ``ref`` drives it; 1 V at ``b`` is 1 T of a strip line's field. The nodes x, y are the
    amplitude in the frame of ``f_ref`` and z the slow current over the threshold. Defaults: the vortex of
    :meth:`vortex` for the 375 nm disk of the docs, at 1.5 times the threshold.

    Raises
    ------
    ParameterError
        For a value outside its range, or a start outside the disk.

    Examples
    --------
    >>> SpinTorqueOscillator().power(1.5 * 5.06e-3)
    0.2
    """

    model: ClassVar[str] = "stno"
    ports: ClassVar[tuple[str, ...]] = ("free", "ref", "b", "x", "y", "z")
    terminals: ClassVar[tuple[str, ...]] = ("free", "ref", "b")
    trial: ClassVar[Trial | None] = Trial(bias=0.3, duration=2e-8, moves="x")
    solver_options: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "ngspice": {"trtol": 100.0},
        "vacask": {"tran_lteratio": "50.0"},
    }
    validity: ClassVar[tuple[str, ...]] = (
        "one mode of one amplitude below 1; a vortex whose core reaches the edge of the disk leaves the model",
        "currents that set the growth vary slowly against tau_I, those that force it fast",
        "noise of constant intensity, slow against dt",
    )

    R_P: float = positive(32.6, "Ohm", "parallel resistance")
    TMR: float = parameter(1.0, "1", "(R_AP - R_P) / R_P at zero bias", low=0.0, high=10.0, hint="Write 1.2 for 120 %")
    V_half: float = positive(0.5, "V", "bias where the TMR halves")
    read: float = parameter(0.636, "1", "m . p at the amplitude 1", low=-1.0, high=1.0)
    f0: float = positive(253.1e6, "Hz", "frequency at small amplitude", high=1e13)
    N: float = parameter(3.18e8, "rad/s", "change of the angular frequency with p", low=-1e13, high=1e13)
    Gamma: float = positive(3.135e7, "1/s", "damping rate at small amplitude", high=1e13)
    Q: float = parameter(1.0, "1", "relative change of the damping with p", low=-1.0, high=100.0)
    I_th: float = positive(5.06e-3, "A", "threshold current", high=10.0)
    D: float = parameter(1.709e4, "1/s", "noise intensity of a quadrature at 300 K", low=0.0, high=1e12)
    k_B: float = parameter(5.87e10, "1/(s T)", "force a tesla of the strip line", low=-1e15, high=1e15)
    phase_B: float = parameter(0.0, "rad", "phase of that force", low=-10.0, high=10.0)
    k_I: float = parameter(5.51e9, "1/(s A)", "force an ampere of radio-frequency current", low=-1e18, high=1e18)
    phase_I: float = parameter(math.pi / 2, "rad", "phase of that force", low=-10.0, high=10.0)
    tau_I: float = positive(5e-9, "s", "time that parts radio-frequency from slow current", high=1.0)
    f_ref: float = parameter(263.2e6, "Hz", "frequency of the frame", low=0.0, high=1e13)
    carrier: float = parameter(1.0, "1", "1: carrier at the terminals, 0: envelope alone", low=0.0, high=1.0)
    T: float = parameter(300.0, "K", "temperature", low=0.0, high=2000.0)
    x0: float = parameter(0.1, "1", "initial amplitude, in phase", low=-0.999, high=0.999)
    y0: float = parameter(0.0, "1", "initial amplitude, in quadrature", low=-0.999, high=0.999)
    dt: float = positive(1e-9, "s", "step of the noise path", high=1.0)
    max_step: float = positive(2e-10, "s", "longest time step of the solver", high=1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        if math.hypot(self.x0, self.y0) >= 1.0:
            raise ParameterError(
                f"(x0, y0) = ({self.x0:g}, {self.y0:g}) has the amplitude {math.hypot(self.x0, self.y0):g}, allowed "
                f"below 1 ({type(self).__name__}: at 1 the core leaves the disk). Start it nearer to the centre."
            )
        if self.carrier not in (0.0, 1.0):
            raise ParameterError(f"carrier = {self.carrier:g} is neither 0 nor 1 ({type(self).__name__}).")
        if self.carrier and self.max_step * self.f_ref > 0.125:
            raise ParameterError(
                f"max_step = {self.max_step:g} s leaves {1 / (self.max_step * self.f_ref):.3g} points a period of the "
                f"carrier, 8 are allowed at least ({type(self).__name__}.max_step). Take "
                f"{1 / (POINTS * self.f_ref):.2g} s, or carrier=0 for the envelope alone."
            )
        if self.T and self.dt * self.Gamma > LARGEST_NOISE_STEP:
            raise ParameterError(
                f"dt = {self.dt:g} s is too long a noise step for a damping rate of {self.Gamma:g} /s, allowed up to "
                f"{LARGEST_NOISE_STEP / self.Gamma:.2g} s ({type(self).__name__}.dt). Shorten it."
            )

    @classmethod
    def vortex(cls, *, supercriticality: float = 1.5, **geometry: Any) -> Self:
        """Return the oscillator of a vortex in a disk, from its geometry.

        Parameters
        ----------
        supercriticality : float
            Current over threshold at which the frame stands still: the steps resolve best there.
        **geometry
            ``diameter``, ``t_free`` [m], ``Ms`` [A/m], ``A_ex`` [J/m], ``alpha``, ``pol``, ``p_z`` (perpendicular part
            of the reference layer), ``RA`` [Ohm m^2], ``TMR``; optional ``blueshift`` (N over the angular frequency,
            0.2: our choice), ``field_like`` (0.4: our choice). Other parameters of the class beside them.

        Raises
        ------
        ParameterError
            For what is missing or out of range.

        Examples
        --------
        >>> disk = SpinTorqueOscillator.vortex(diameter=375e-9, t_free=6e-9, Ms=1.27e6, A_ex=15e-12, alpha=0.01,
        ...                                    pol=0.6, p_z=0.3, RA=3.6e-12, TMR=1.0)
        >>> f"{disk.f0 / 1e6:.1f} MHz, {disk.I_th * 1e3:.2f} mA"
        '253.1 MHz, 5.06 mA'
        """
        fields = {field.name for field in dataclasses.fields(cls)}
        own = {name: geometry.pop(name) for name in list(geometry) if name in fields - {"TMR"}}
        values = {**vortex_coefficients(**geometry), **own}
        if "f_ref" not in values:
            probe = cls(**{**values, "f_ref": 0.0, "T": 0.0})
            values["f_ref"] = probe.frequency(supercriticality * probe.I_th)
        values.setdefault("max_step", 1.0 / (POINTS * values["f_ref"]))
        values.setdefault("dt", 5.0 * values["max_step"])
        return cls(**values)

    # The free-running oscillator

    def power(self, current: float) -> float:
        """Return the power p of the free oscillation at a current [A] at T = 0 [1]; 0 below the threshold."""
        z = current / self.I_th
        return round(max(0.0, (z - 1.0) / (self.Q + z)), 15)

    def frequency(self, current: float) -> float:
        """Return the frequency of the free oscillation at T = 0 [Hz]."""
        return self.f0 + self.N * self.power(current) / (2.0 * math.pi)

    def amplitude_rate(self, current: float) -> float:
        """Return Gp, half the rate at which the power relaxes, Gamma (z - 1) above the threshold [1/s]."""
        return self.Gamma * abs(current / self.I_th - 1.0)

    def coupling(self, current: float) -> float:
        """Return nu, the coupling of frequency to amplitude: N p0 / Gp [1]."""
        return self.N / (self.Gamma * (self.Q + current / self.I_th))

    def noise(self) -> float:
        """Noise intensity of a quadrature at the temperature of the device [1/s]."""
        return self.D * self.T / 300.0

    # What a run must know

    @property
    def state_weights(self) -> Mapping[str, float]:
        """The amplitude in phase."""
        return {"x": 1.0}

    state_limits = (-1.0, 1.0)

    def time_step(self, duration: float) -> float:
        """Longest step [s]."""
        return min(self.max_step, duration / 10.0)

    def max_time_step(self, duration: float) -> float:
        """Longest step [s]: the carrier needs it."""
        return SpinTorqueOscillator.max_step if math.isnan(self.max_step) else self.max_step

    @property
    def step_grid(self) -> tuple[float, float] | None:
        """Step of the noise and longest time step [s]."""
        return (
            SpinTorqueOscillator.dt if math.isnan(self.dt) else self.dt,
            SpinTorqueOscillator.max_step if math.isnan(self.max_step) else self.max_step,
        )

    def sample_step(self, duration: float) -> float:
        """Step of the noise [s]."""
        return self.dt

    def durations(self) -> Durations:
        """Default: 100 damping times; shortest: 10."""
        return Durations(100.0 / self.Gamma, 10.0 / self.Gamma, "10 damping times of the small amplitude")
