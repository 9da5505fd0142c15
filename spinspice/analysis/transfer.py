r"""Transfer curve of a neuron: the tanh of Ganguly et al. (arXiv:1812.08273), eqs. 2 and 3.

.. math::
    \langle V_{out} \rangle = c + A \tanh\!\left(\frac{V_{in} - V_{offset}}{V_0}\right), \qquad
    \mathrm{noise}\ \alpha(V_{in}) = \text{standard deviation of } V_{out}

Eq. 2 is the case c = 0, A = VDD / 2, V_offset = 0, with beta = 1 / V0. Eq. 3 (binary output, sign of tanh plus noise)
has the same mean when the noise is uniform, so the same fit serves both.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.resolution import why_unresolved, widest_width
from spinspice.errors import ResultError
from spinspice.units import Estimate, engineering

#: Four parameters, and one point to judge them by.
FEWEST_POINTS = 5
#: No point is trusted better than this fraction of the span: a tanh is a model, off by as much for a rotor that meets a
#: sharp threshold (arcsine), and the rails, which have almost no noise, must not outweigh the slope.
MODEL_ERROR = 2e-2


@dataclasses.dataclass(frozen=True, repr=False)
class TanhFit:
    """Parameters of the fit with standard errors (see :func:`fit_tanh`), or that the curve does not resolve them.

    Parameters
    ----------
    v0, v0_stderr : float
        Width V0 = 1 / beta of the tanh, positive [V].
    offset, offset_stderr : float
        Input at the middle of the transition [V].
    amplitude, amplitude_stderr : float
        Half the swing [V]; negative for a cell that inverts.
    level, level_stderr : float
        Output at the middle of the transition [V].
    r2 : float
        Coefficient of determination over the points, unweighted [1].
    chi2 : float
        Sum of squared weighted residuals per degree of freedom [1].
    resolved : bool
        Whether the curve resolves the transition (:func:`spinspice.analysis.resolution.why_unresolved`). If not, every
        number above is NaN, and what can be said stands below.
    reason : str
        Why not.
    v0_max : float
        Where it is not resolved: V0 is at most this [V], with 95 % confidence
        (:func:`spinspice.analysis.resolution.widest_width`); NaN where the curve gives no bound.
    guess : float
        Where it is not resolved: the input nearest to a middle that the curve suggests [V], for further runs only.
    """

    v0: float
    v0_stderr: float
    offset: float
    offset_stderr: float
    amplitude: float
    amplitude_stderr: float
    level: float
    level_stderr: float
    r2: float
    chi2: float
    resolved: bool = True
    reason: str = ""
    v0_max: float = math.nan
    guess: float = math.nan

    @classmethod
    def unresolved(cls, reason: str, v0_max: float = math.nan, guess: float = math.nan) -> TanhFit:
        """Return a fit that says only why it is none, and a bound on V0 [V]."""
        numbers: dict[str, Any] = dict.fromkeys([field.name for field in dataclasses.fields(cls)[:10]], math.nan)
        return cls(**numbers, resolved=False, reason=reason, v0_max=v0_max, guess=guess)

    def __call__(self, vin: ArrayLike) -> NDArray[np.float64]:
        """Mean output [V] at the input ``vin`` [V]; NaN for a fit that is not resolved."""
        return tanh_law(np.asarray(vin, dtype=float), self.v0, self.offset, self.amplitude, self.level)

    @property
    def beta(self) -> float:
        """Gain inside the tanh, 1 / V0 [1/V]."""
        return 1.0 / self.v0

    @property
    def middle(self) -> float:
        """Input at which to look further [V]: the middle of the transition, or the guess where it is not resolved."""
        return self.offset if self.resolved else self.guess

    def estimates(self) -> dict[str, Estimate]:
        """Return the parameters with their errors [V]; of a fit that is not resolved, the bound on V0."""
        if not self.resolved:
            return {"v0": Estimate(self.v0_max, None, "V", self.reason, "at most")}
        names = ("v0", "offset", "amplitude", "level")
        return {name: Estimate(getattr(self, name), getattr(self, f"{name}_stderr"), "V") for name in names}

    @property
    def verdict(self) -> str:
        """The sentence that stands in place of the numbers of a fit that is not resolved; empty for one that is."""
        if self.resolved:
            return ""
        bound = f"V0 at most {engineering(self.v0_max, 'V', 3)}" if math.isfinite(self.v0_max) else "no bound on V0"
        return f"not resolved: {bound}"

    def __repr__(self) -> str:
        if not self.resolved:
            return f"TanhFit({self.verdict}; {self.reason})"
        return (
            "TanhFit(" + ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self)[:10]) + ")"
        )


def tanh_law(vin: NDArray[np.float64], v0: float, offset: float, amplitude: float, level: float) -> NDArray[np.float64]:
    """Return level + amplitude tanh((vin - offset) / v0) [V]."""
    return level + amplitude * np.tanh((vin - offset) / v0)


def fit_tanh(
    vin: ArrayLike,
    mean: ArrayLike,
    stderr: ArrayLike | None = None,
    *,
    supply: tuple[float, float] | None = None,
) -> TanhFit:
    """Fit a tanh to a transfer curve by weighted least squares, and say whether the curve resolves it.

    Parameters
    ----------
    vin, mean : array, shape (n,)
        Input and mean output [V], at least five points.
    stderr : array, shape (n,), optional
        Standard errors of the means [V]; NaN for one that is unknown. Each is taken together with 2 % of the span
        (quadratic sum), our choice, for a tanh is a model and the points at the rails have next to no noise. Without
        them all points weigh the same.
    supply : (float, float), optional
        Lower and upper rail [V]. Inputs far outside tell nothing of the transition.

    Returns
    -------
    TanhFit
        Standard errors are widened by sqrt(chi2) where the scatter about the fit exceeds the stated errors. Not
        ``resolved``, with the reason and a bound on V0, by the rule of
        :func:`spinspice.analysis.resolution.why_unresolved`, and for a curve without transition.

    Raises
    ------
    ResultError
        For too few points, shapes that differ, or values that are not finite.
    """
    x, y, errors = _checked(vin, mean, stderr)
    try:
        raw = least_squares(x, y, errors)
    except ResultError as reason:
        return TanhFit.unresolved(str(reason), guess=float(0.5 * (x.min() + x.max())))
    known = None if stderr is None else np.isfinite(np.asarray(stderr, dtype=float))
    if why := why_unresolved(x, raw.v0, raw.v0_stderr, raw.offset, known=known, supply=supply):
        bound = widest_width(x, y, _sigma(y, errors), max(raw.chi2, 1.0))
        return TanhFit.unresolved(why, bound, float(np.clip(raw.offset, x.min(), x.max())))
    return raw


def least_squares(vin: ArrayLike, mean: ArrayLike, stderr: ArrayLike | None = None) -> TanhFit:
    """Return the best tanh as it is, resolved or not: where to look further, not what to state.

    Arguments as :func:`fit_tanh`.

    Raises
    ------
    ResultError
        For too few points, values that are not finite, a flat curve, or a fit that does not converge.
    """
    x, y, errors = _checked(vin, mean, stderr)
    span = float(np.ptp(y))
    if span <= 4.0 * float(np.median(errors)) or span < 1e-9:
        raise ResultError(
            f"the mean output changes by {span:g} V only between Vin = {x.min():g} and {x.max():g} V: no transition to "
            "fit. Sweep a wider range of Vin, or more trials."
        )
    sigma = _sigma(y, errors)
    best, covariance = _best(x, y, sigma)
    residual = y - tanh_law(x, *best)
    chi2 = float(np.sum((residual / sigma) ** 2) / (x.size - 4))
    deviations = np.sqrt(np.diag(covariance) * max(chi2, 1.0))
    r2 = 1.0 - float(np.sum(residual**2) / np.sum((y - y.mean()) ** 2))
    names = ("v0", "offset", "amplitude", "level")
    values: dict[str, Any] = dict(zip(names, map(float, best), strict=True))
    values |= {f"{name}_stderr": float(value) for name, value in zip(names, deviations, strict=True)}
    return TanhFit(**values, r2=r2, chi2=chi2)


def _checked(
    vin: ArrayLike, mean: ArrayLike, stderr: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the curve as arrays, unknown standard errors as zero."""
    x, y = np.asarray(vin, dtype=float), np.asarray(mean, dtype=float)
    errors = np.zeros_like(y) if stderr is None else np.asarray(stderr, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or x.shape != errors.shape:
        raise ResultError(f"vin, mean and stderr have shapes {x.shape}, {y.shape}, {errors.shape}; they must be equal.")
    if x.size < FEWEST_POINTS:
        raise ResultError(f"a tanh needs at least {FEWEST_POINTS} points of the transfer curve, got {x.size}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()) or np.isinf(errors).any():
        raise ResultError("the transfer curve holds values that are not finite.")
    return x, y, np.nan_to_num(errors, nan=0.0)


def _sigma(y: NDArray[np.float64], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard errors with that of the model [V]."""
    return np.hypot(errors, MODEL_ERROR * float(np.ptp(y)))


def _best(
    x: NDArray[np.float64], y: NDArray[np.float64], sigma: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Parameters and covariance of the better of two fits, from the steepest slope and from areas.

    A steepest slope between two close inputs may be that of noise, and the fit then stops at a step between them.
    """
    found: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
    reasons: list[Exception] = []
    for start in (_start(x, y), _smooth_start(x, y, sigma)):
        try:
            found.append(_fit_from(start, x, y, sigma))
        except (RuntimeError, ValueError) as reason:
            reasons.append(reason)
    if not found:
        raise ResultError(f"no tanh fits the transfer curve: {reasons[0]}. Sweep the whole transition.") from reasons[0]
    costs = [float(np.sum(((y - tanh_law(x, *best)) / sigma) ** 2)) for best, _ in found]
    return found[-1] if costs[-1] < (1.0 - 1e-6) * costs[0] else found[0]


def _fit_from(
    start: list[float], x: NDArray[np.float64], y: NDArray[np.float64], sigma: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Parameters and covariance of the fit that begins at ``start``."""
    from scipy.optimize import OptimizeWarning, curve_fit

    width, span = float(np.ptp(x)), float(np.ptp(y))
    low = [1e-4 * width, x.min() - width, -10 * span, y.min() - 10 * span]
    high = [10 * width, x.max() + width, 10 * span, y.max() + 10 * span]
    with warnings.catch_warnings():
        # A step between two inputs leaves width and middle open; their standard errors are then infinite.
        warnings.simplefilter("ignore", OptimizeWarning)
        best, covariance = curve_fit(
            tanh_law,
            x,
            y,
            p0=start,
            sigma=sigma,
            absolute_sigma=True,
            bounds=(low, high),
            x_scale=[start[0], start[0], span, span],
            max_nfev=5000,
        )
    return best, covariance


def _smooth_start(x: NDArray[np.float64], y: NDArray[np.float64], sigma: NDArray[np.float64]) -> list[float]:
    """Starting values that single points do not sway: midpoint from the area under the curve, width by trial."""
    order = np.argsort(x)
    x, y, sigma = x[order], y[order], sigma[order]
    level, amplitude = 0.5 * float(y.min() + y.max()), 0.5 * float(np.ptp(y)) * float(np.sign(y[-1] - y[0]) or 1.0)
    # A step at x_0 between the rails has the mean level + amplitude (x_max + x_min - 2 x_0) / range.
    mean = float(np.trapezoid(y, x)) / float(np.ptp(x))
    offset = 0.5 * float(x[0] + x[-1] - np.ptp(x) * (mean - level) / amplitude)
    widths = float(np.ptp(x)) * 2.0 ** -np.arange(9.0)
    costs = [float(np.sum(((y - tanh_law(x, w, offset, amplitude, level)) / sigma) ** 2)) for w in widths]
    return [float(widths[int(np.argmin(costs))]), offset, amplitude, level]


def _start(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[float]:
    """Starting values: midpoint from the crossing of the middle level, width from the steepest slope."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    level = 0.5 * (y.min() + y.max())
    slopes = np.diff(y) / np.diff(x)
    steepest = int(np.argmax(np.abs(slopes)))
    amplitude = float(np.copysign(0.5 * np.ptp(y), y[-1] - y[0]))
    slope = abs(float(slopes[steepest])) or 1.0
    offset = 0.5 * (x[steepest] + x[steepest + 1])
    width = float(np.clip(abs(amplitude) / slope, 2e-4 * np.ptp(x), 5 * np.ptp(x)))
    return [width, float(offset), amplitude, float(level)]
