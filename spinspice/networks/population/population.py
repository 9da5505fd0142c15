r"""N superparamagnetic junctions with shifted tuning curves: parameters, rates, and what they cover.

Each junction is a `Telegraph` whose stimulus is shifted by a bias, its centre :math:`c_i` (Mizrahi et al., Nat. Commun.
9, 1533 (2018), eqs. 1 and 6):

.. math::
    \lambda_{P/AP} = \phi_0 \exp[-\Delta_i (1 \pm x_i)], \quad x_i = \frac{\theta - c_i}{\theta_{c,i}}, \qquad
    r_i = \frac{r_{0,i}}{\cosh(\Delta_i x_i)}, \quad r_{0,i} = \frac{\phi_0}{2} e^{-\Delta_i}

with the stimulus :math:`\theta` a voltage and :math:`\theta_c` the critical voltage, or both currents.
"""

from __future__ import annotations

import dataclasses
import functools
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError

#: Breakdown of a 1 nm MgO barrier [V]: usual order, not in the paper (our choice).
V_BREAKDOWN = 1.0
#: Below this response of the best placed junction, as a part of its peak, a stimulus lies in a gap (our choice).
GAP = 0.25


class CoverageWarning(UserWarning):
    """Stimuli within the range to which no junction of a population is tuned."""


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Population:
    """Junctions that share a stimulus.

    Parameters
    ----------
    nominal : Telegraph
        What all junctions have in common: ``phi0``, ``drive`` (voltage or current), resistance.
    delta : array, shape (n,)
        Barriers [k_B 300 K].
    critical : array, shape (n,)
        Critical voltages [V] or currents [A].
    centres : array, shape (n,)
        Stimuli to which the junctions are tuned, their biases [V or A].
    dead : array of bool, shape (n,), optional
        Junctions that never switch.
    V_breakdown : float
        Largest voltage across a junction [V].

    Raises
    ------
    ParameterError
        For arrays of unequal sizes, or values out of range.
    """

    nominal: Telegraph
    delta: NDArray[np.float64]
    critical: NDArray[np.float64]
    centres: NDArray[np.float64]
    dead: Any = False
    V_breakdown: float = V_BREAKDOWN

    def __post_init__(self) -> None:
        sizes = {name: np.size(getattr(self, name)) for name in ("delta", "critical", "centres")}
        if len(set(sizes.values())) > 1 or not sizes["delta"] or np.size(self.dead) not in (1, sizes["delta"]):
            found = ", ".join(f"{name} {size}" for name, size in {**sizes, "dead": np.size(self.dead)}.items())
            raise ParameterError(f"A population with unequal sizes: {found}. Give one value for each junction.")
        for name in ("delta", "critical", "centres"):
            values = np.array(getattr(self, name), dtype=float).ravel()
            low = -np.inf if name == "centres" else 0.0
            bad = np.flatnonzero(~(np.isfinite(values) & (values > low)))
            if bad.size:
                raise ParameterError(
                    f"{name} = {values[bad[0]]:g} of junction {bad[0] + 1} is not finite"
                    f"{'' if name == 'centres' else ' and positive'} (population of {values.size})."
                )
            values.flags.writeable = False
            object.__setattr__(self, name, values)
        dead = np.array(np.broadcast_to(self.dead, self.delta.shape), dtype=bool)
        dead.flags.writeable = False
        object.__setattr__(self, "dead", dead)

    @property
    def size(self) -> int:
        """Number of junctions."""
        return int(self.delta.size)

    @property
    def unit(self) -> str:
        """Unit of the stimulus, V or A."""
        return "A" if self.nominal.drive else "V"

    @functools.cached_property
    def natural_rates(self) -> NDArray[np.float64]:
        """Rates of full cycles at the centres [1/s], (phi0 / 2) exp(-delta), shape (n,)."""
        return 0.5 * self.nominal.phi0 * np.exp(-self._barrier)

    @property
    def widths(self) -> NDArray[np.float64]:
        """Full widths of the tuning curves at half maximum [V or A], 2 arccosh(2) critical / delta, shape (n,)."""
        return 2.0 * np.arccosh(2.0) * self.critical / self._barrier

    @functools.cached_property
    def _barrier(self) -> NDArray[np.float64]:
        return self.delta * (self.nominal.barrier / self.nominal.delta)

    @property
    def largest_drives(self) -> NDArray[np.float64]:
        """Normalised drives at the breakdown voltage, shape (n,)."""
        return self.V_breakdown / (self.nominal.R_AP if self.nominal.drive else 1.0) / self.critical

    def replace(self, **changes: Any) -> Population:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def device(self, index: int) -> Telegraph:
        """Return junction ``index`` as the compact model that the engines and the reference solvers take."""
        critical = {"I_c" if self.nominal.drive else "V_c": float(self.critical[index])}
        return self.nominal.replace(delta=float(self.delta[index]), **critical)

    def seeds(self, seed: int) -> NDArray[np.int64]:
        """Seeds of the junctions in a run with ``seed``, shape (n,): that of instance ``junction1`` and so on."""
        return np.array([instance_seed(seed, f"junction{number + 1}") for number in range(self.size)])

    def drives(self, stimulus: ArrayLike) -> NDArray[np.float64]:
        """Normalised drives x of the junctions at a stimulus, shape (..., n).

        Raises
        ------
        ParameterError
            If a junction would see more than the breakdown voltage.
        """
        shifted = np.asarray(stimulus, dtype=float)[..., np.newaxis] - self.centres
        volts = np.abs(shifted) * (self.nominal.R_AP if self.nominal.drive else 1.0)
        if not np.all(volts <= self.V_breakdown):
            worst = np.unravel_index(int(np.argmax(np.where(np.isnan(volts), np.inf, volts))), volts.shape)
            value, centre = float(np.asarray(stimulus, dtype=float)[worst[:-1]]), self.centres[worst[-1]]
            raise ParameterError(
                f"stimulus {value:g} {self.unit} puts {volts[worst]:.3g} V across junction {worst[-1] + 1}, tuned to "
                f"{centre:g} {self.unit}: it breaks down at {self.V_breakdown:g} V. Keep the stimulus near the "
                "centres, or set V_breakdown."
            )
        return shifted / self.critical

    def rates(self, stimulus: ArrayLike) -> NDArray[np.float64]:
        """Mean rates of full cycles [1/s] at a stimulus [V or A] (eq. 1), shape (..., n); a dead junction has 0."""
        return np.where(self.dead, 0.0, self.natural_rates / np.cosh(self._barrier * self.drives(stimulus)))

    def escape_rates(self, drives: ArrayLike) -> NDArray[np.float64]:
        """Escape rates [1/s] out of P and out of AP (eq. 6) at normalised drives (..., n), shape (2, ..., n).

        A dead junction has 0, and so has one whose drive is infinite.
        """
        x = np.asarray(drives, dtype=float)
        exponent = -self._barrier * np.array([1.0 + x, 1.0 - x])
        silent = self.dead | np.isinf(x)
        return np.where(silent, 0.0, self.nominal.phi0 * np.exp(np.where(silent, 0.0, exponent)))

    def drives_for(self, rates: ArrayLike) -> NDArray[np.float64]:
        """Normalised drives at which the junctions have these mean rates [1/s] (eq. 1 inverted), shape (..., n).

        Rates above the peak are cut to it; a rate of zero or below asks for silence, an infinite drive.
        """
        asked = np.clip(np.asarray(rates, dtype=float), 0.0, self.natural_rates)
        with np.errstate(divide="ignore"):
            return np.arccosh(self.natural_rates / asked) / self._barrier

    def check_coverage(self, low: float, high: float) -> None:
        """Make sure that stimuli from ``low`` to ``high`` [V or A] are sensed.

        Raises
        ------
        ParameterError
            If the range goes beyond the outermost living junction by more than the full width of its tuning curve.

        Warns
        -----
        CoverageWarning
            If within the range no junction responds with a quarter of its peak.
        """
        if self.dead.all():
            raise ParameterError(f"all {self.size} junctions of the population are dead.")
        alive = ~self.dead
        first = float(np.min((self.centres - self.widths)[alive]))
        last = float(np.max((self.centres + self.widths)[alive]))
        if not first <= low <= high <= last:
            raise ParameterError(
                f"stimuli from {low:g} to {high:g} {self.unit} are not covered: the {alive.sum()} living junctions "
                f"respond from {first:g} to {last:g} {self.unit}. Spread the centres, or narrow the range."
            )
        stimuli = np.linspace(low, high, 1001)
        best = np.max(self.rates(stimuli) / self.natural_rates, axis=1)
        if best.min() < GAP:
            warnings.warn(
                f"gaps: {np.mean(best < GAP):.1%} of the stimuli from {low:g} to {high:g} {self.unit} take no junction "
                f"above {GAP:.0%} of its peak; the worst is {stimuli[np.argmin(best)]:g}, with {best.min():.1%}.",
                CoverageWarning,
                stacklevel=2,
            )


def tiled_centres(widths: ArrayLike, low: float, high: float) -> NDArray[np.float64]:
    """Return centres with which tuning curves of these full widths stand side by side from ``low`` to ``high``.

    The curves touch where they have half their height, or a little above or below if the widths do not add up to the
    range. The paper's own shifts are unpublished; its nine widths add up to 582 uA, and its range is 600 uA.
    """
    width = np.asarray(widths, dtype=float)
    edges = np.concatenate([[0.0], np.cumsum(width)]) / width.sum()
    return low + (high - low) * 0.5 * (edges[1:] + edges[:-1])
