"""The counter-based noise, compiled: the functions of `spinspice.devices.noise` under numba, and arrays of samples.

The uniform numbers are bit-identical to numpy's: they are exact integers divided once. Normal numbers and thresholds
pass through log, cos and sqrt, where numba and numpy may differ in the last bit.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

from spinspice.devices import noise
from spinspice.errors import check_range

#: Options of all compiled functions here. Division by zero gives inf, as in C: no branch keeps loops from vectorising.
NUMBA_OPTIONS = {"cache": True, "error_model": "numpy"}

key = numba.njit(**NUMBA_OPTIONS)(noise.key)
uniform_from_keys = numba.njit(**NUMBA_OPTIONS)(noise.uniform_from_keys)
normal_from_uniforms = numba.njit(**NUMBA_OPTIONS)(noise.normal_from_uniforms)


@numba.njit(**NUMBA_OPTIONS)
def fill_uniform(seed: float, word: float, start: float, out: NDArray[np.float64]) -> None:
    """Write samples ``start, start + 1, ...`` of stream ``word`` into ``out``."""
    a, b, c = key(seed, word, 0.0), key(seed, word, 1.0), key(seed, word, 2.0)
    for i in range(out.size):
        out[i] = uniform_from_keys(a, b, c, start + i)


@numba.njit(**NUMBA_OPTIONS)
def fill_normal(
    seed: float, channel: float, start: float, out: NDArray[np.float64], scratch: NDArray[np.float64]
) -> None:
    """Write normal samples ``start, start + 1, ...`` of ``channel`` into ``out``; ``scratch`` has the same size.

    Uniforms first, in loops of plain arithmetic that the compiler vectorises; then log and cos.
    """
    fill_uniform(seed, 2.0 * channel, start, out)
    fill_uniform(seed, 2.0 * channel + 1.0, start, scratch)
    for i in range(out.size):
        out[i] = normal_from_uniforms(out[i], scratch[i])


def _checked(seed: int, n: int, start: int) -> tuple[float, float]:
    """Return seed and start as floats, inside the range of the hash."""
    check_range("n", n, 0, noise.SAMPLE_LIMIT, where="number of noise samples")
    seed = check_range("seed", seed, 0, noise.SEED_LIMIT - 1, where="seed of a noise stream")
    return seed, check_range("start", start, 0, noise.SAMPLE_LIMIT - n, where="first noise sample")


def uniforms(seed: int, word: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return samples ``start`` to ``start + n - 1`` of stream ``word``, uniform in the open interval (0, 1), shape (n,).

    Raises
    ------
    ParameterError
        For a seed outside [0, 2**31) or samples beyond 2**28.

    Examples
    --------
    >>> bool(uniforms(7, 0, 3)[2] == noise.uniform(7, 0, 2))
    True
    """
    seed, start = _checked(seed, n, start)
    out = np.empty(n)
    fill_uniform(seed, float(word), start, out)
    return out


def normals(seed: int, channel: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return normal samples of ``channel``, shape (n,); see :func:`uniforms`."""
    seed, start = _checked(seed, n, start)
    out = np.empty(n)
    fill_normal(seed, float(channel), start, out, np.empty(n))
    return out


def thresholds(seed: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return unit-exponential thresholds of flips ``start`` to ``start + n - 1``, shape (n,); see :func:`uniforms`."""
    return -np.log(uniforms(seed, int(noise.THRESHOLD_WORD), n, start))
