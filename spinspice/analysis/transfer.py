r"""Transfer curve of a neuron: the tanh of Ganguly et al. (arXiv:1812.08273), eqs. 2 and 3.

.. math::
    \langle V_{out} \rangle = c + A \tanh\!\left(\frac{V_{in} - V_{offset}}{V_0}\right), \qquad
    \mathrm{noise}\ \alpha(V_{in}) = \text{standard deviation of } V_{out}

Eq. 2 is the case c = 0, A = VDD / 2, V_offset = 0, with beta = 1 / V0. Eq. 3 (binary output, sign of tanh plus noise)
has the same mean when the noise is uniform, so the same fit serves both.
"""

from __future__ import annotations

import dataclasses
import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ResultError

#: Four parameters, and one point to judge them by.
FEWEST_POINTS = 5
#: No point is trusted better than this fraction of the span: a tanh is a model, off by as much for a rotor that meets a
#: sharp threshold (arcsine), and the rails, which have almost no noise, must not outweigh the slope.
MODEL_ERROR = 2e-2


@dataclasses.dataclass(frozen=True)
class TanhFit:
    """Parameters of the fit with standard errors (those of :class:`TransferFit`: see :func:`fit_tanh`).

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

    def __call__(self, vin: ArrayLike) -> NDArray[np.float64]:
        """Mean output [V] at the input ``vin`` [V]."""
        return tanh_law(np.asarray(vin, dtype=float), self.v0, self.offset, self.amplitude, self.level)

    @property
    def beta(self) -> float:
        """Gain inside the tanh, 1 / V0 [1/V]."""
        return 1.0 / self.v0


def tanh_law(vin: NDArray[np.float64], v0: float, offset: float, amplitude: float, level: float) -> NDArray[np.float64]:
    """Return level + amplitude tanh((vin - offset) / v0) [V]."""
    return level + amplitude * np.tanh((vin - offset) / v0)


def fit_tanh(vin: ArrayLike, mean: ArrayLike, stderr: ArrayLike | None = None) -> TanhFit:
    """Fit a tanh to a transfer curve by weighted least squares.

    Parameters
    ----------
    vin, mean : array, shape (n,)
        Input and mean output [V], at least five points.
    stderr : array, shape (n,), optional
        Standard errors of the means [V]. Each is taken together with 2 % of the span (quadratic sum), our choice, for
        a tanh is a model and the points at the rails have next to no noise. Without them all points weigh the same.

    Returns
    -------
    TanhFit
        Standard errors are widened by sqrt(chi2) where the scatter about the fit exceeds the stated errors.

    Raises
    ------
    ResultError
        For too few points, values that are not finite, a flat curve, or a fit that does not converge.
    """
    x, y = np.asarray(vin, dtype=float), np.asarray(mean, dtype=float)
    errors = np.zeros_like(y) if stderr is None else np.asarray(stderr, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or x.shape != errors.shape:
        raise ResultError(f"vin, mean and stderr have shapes {x.shape}, {y.shape}, {errors.shape}; they must be equal.")
    if x.size < FEWEST_POINTS:
        raise ResultError(f"a tanh needs at least {FEWEST_POINTS} points of the transfer curve, got {x.size}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(errors).all()):
        raise ResultError("the transfer curve holds values that are not finite.")
    span = float(np.ptp(y))
    if span <= 4.0 * float(np.median(errors)) or span < 1e-9:
        raise ResultError(
            f"the mean output changes by {span:g} V only between Vin = {x.min():g} and {x.max():g} V: no transition to "
            "fit. Sweep a wider range of Vin, or more trials."
        )
    sigma = np.hypot(errors, MODEL_ERROR * span)
    best, covariance = _best(x, y, sigma)
    residual = y - tanh_law(x, *best)
    chi2 = float(np.sum((residual / sigma) ** 2) / (x.size - 4))
    deviations = np.sqrt(np.diag(covariance) * max(chi2, 1.0))
    r2 = 1.0 - float(np.sum(residual**2) / np.sum((y - y.mean()) ** 2))
    names = ("v0", "offset", "amplitude", "level")
    values = dict(zip(names, map(float, best), strict=True))
    errors_of = {f"{name}_stderr": float(value) for name, value in zip(names, deviations, strict=True)}
    return TanhFit(**values, **errors_of, r2=r2, chi2=chi2)


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
