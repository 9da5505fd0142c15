"""The counter-based noise, compiled: the functions of `spinspice.devices.noise` under numba, and arrays of samples.

The uniform numbers are bit-identical to numpy's: they are exact integers divided once. Normal numbers take log and
cosine from :mod:`spinspice.devices.reference.elementary` and differ from numpy's by ``NORMAL_BOUND`` at most;
thresholds may differ in the last bit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import noise
from spinspice.devices.reference.compiling import compiled, inlined
from spinspice.devices.reference.elementary import cosine_of_turns, log_of
from spinspice.errors import check_range

key = compiled(noise.key)
uniform_from_keys = compiled(noise.uniform_from_keys)


@inlined
def normal_from_uniforms(u, v):
    """Return a standard normal number from two uniform ones (Box and Muller 1958)."""
    return np.sqrt(-2.0 * log_of(u)) * cosine_of_turns(v)


@compiled
def fill_uniform(seed: float, word: float, start: float, out: NDArray[np.float64]) -> None:
    """Write samples ``start, start + 1, ...`` of stream ``word`` into ``out``."""
    a, b, c = key(seed, word, 0.0), key(seed, word, 1.0), key(seed, word, 2.0)
    for i in range(out.size):
        out[i] = uniform_from_keys(a, b, c, start + i)


@compiled
def fill_normal(
    seed: float, channel: float, start: float, out: NDArray[np.float64], scratch: NDArray[np.float64]
) -> None:
    """Write normal samples ``start, start + 1, ...`` of ``channel`` into ``out``; ``scratch`` has the same size.

    In loops of plain arithmetic, which the compiler turns into vector code.
    """
    fill_uniform(seed, 2.0 * channel, start, out)
    fill_uniform(seed, 2.0 * channel + 1.0, start, scratch)
    for i in range(out.size):
        out[i] = normal_from_uniforms(out[i], scratch[i])


def _checked(seed: int, n: int, start: int) -> tuple[float, float]:
    """Return seed and start as floats, inside the range of the hash."""
    check_range("n", n, 0, noise.SAMPLE_LIMIT, where="number of noise samples")
    number = check_range("seed", seed, 0, noise.SEED_LIMIT - 1, where="seed of a noise stream")
    return number, check_range("start", start, 0, noise.SAMPLE_LIMIT - n, where="first noise sample")


def uniforms(seed: int, word: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return samples ``start`` to ``start + n - 1`` of stream ``word``, uniform in (0, 1), shape (n,).

    Raises
    ------
    ParameterError
        For a seed outside [0, 2**31) or samples beyond 2**28.

    Examples
    --------
    >>> bool(uniforms(7, 0, 3)[2] == noise.uniform(7, 0, 2))
    True
    """
    first = _checked(seed, n, start)
    out = np.empty(n)
    fill_uniform(first[0], float(word), first[1], out)
    return out


def normals(seed: int, channel: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return normal samples of ``channel``, shape (n,); see :func:`uniforms`."""
    first = _checked(seed, n, start)
    out = np.empty(n)
    fill_normal(first[0], float(channel), first[1], out, np.empty(n))
    return out


def thresholds(seed: int, n: int, start: int = 0) -> NDArray[np.float64]:
    """Return unit-exponential thresholds of flips ``start`` to ``start + n - 1``, shape (n,); see :func:`uniforms`."""
    return -np.log(uniforms(seed, int(noise.THRESHOLD_WORD), n, start))
