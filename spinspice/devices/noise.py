r"""Counter-based noise: sample ``k`` of a stream is a *function* of (seed, word, k), never of call order.

A simulator may ask for any sample at any time step, in any order and as often as it likes; a second device in the
deck changes nothing in the first; and the same seed gives the same noise in ngspice, in VACASK and in Python.

The hash works on integers below :math:`2^{53}` held in floating-point numbers, so that every product, sum and floor is
exact. Verilog-A (`verilog_a/noise.inc`), a SPICE B-source (`netlists/spinspice_bsource.lib`) and Python therefore agree
to the last bit, whatever the width of a simulator's integers and whether or not a compiler fuses multiply and add:

.. math::
    x = (A k + a \bmod M_1)(B k + b \bmod M_2) + c \bmod M_3, \qquad
    u = \frac{(x^2 + C k + c \bmod M_4) + 1/2}{M_4}

with keys :math:`a, b, c` made from (seed, word) by the same means. The moduli are primes well apart from one another,
and :math:`A/M_1`, :math:`B/M_2` are chosen so that steps of one to eight samples wrap around often: otherwise fourth
differences of the sequence betray the polynomial underneath. The construction, moduli and multipliers are our own;
`tests/unit/test_noise.py` holds its statistical tests.

Streams: the normal noise of channel ``c`` uses the words ``2 c`` and ``2 c + 1``; the thresholds of a telegraph
junction use word :data:`THRESHOLD_WORD`.

The functions take scalars or arrays and broadcast; they hold no state. `spinspice.devices.reference` compiles the same
source with numba.
"""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import check_whole

#: Largest seed of an instance plus one.
SEED_LIMIT = 2**31
#: Number of samples in a stream.
SAMPLE_LIMIT = 2**28
#: The stream of the unit-exponential thresholds of a telegraph junction.
THRESHOLD_WORD = 64.0


def key(seed, word, j):
    """Return key ``j`` (0, 1 or 2) of stream ``word`` of instance ``seed``: an integer, as a float."""
    hi = np.floor(seed / 65536.0)
    lo = seed - 65536.0 * hi
    p = 40503.0 * lo + 1640531.0 * word + 9349.0 * j + 271828.0
    p = p - 67108837.0 * np.floor(p / 67108837.0)
    q = 28657.0 * hi + 514229.0 * word + 75025.0 * j + 314159.0
    q = q - 57999941.0 * np.floor(q / 57999941.0)
    t = p * q
    t = t - 48999989.0 * np.floor(t / 48999989.0)
    t = t * t + word + 1.0
    t = t - 41499973.0 * np.floor(t / 41499973.0)
    t = t * t + j + 1.0
    return t - 48999989.0 * np.floor(t / 48999989.0)


def uniform_from_keys(a, b, c, k):
    """Return sample ``k`` of the stream with keys ``a, b, c``, uniform in the open interval (0, 1)."""
    p = 27392041.0 * k + a
    p = p - 67108837.0 * np.floor(p / 67108837.0)
    q = 27672019.0 * k + b
    q = q - 57999941.0 * np.floor(q / 57999941.0)
    x = p * q + c
    x = x - 48999989.0 * np.floor(x / 48999989.0)
    x = x * x + (1299709.0 * k + c)
    x = x - 41499973.0 * np.floor(x / 41499973.0)
    return (x + 0.5) / 41499973.0


def normal_from_uniforms(u, v):
    """Return a standard normal number from two uniform ones (Box and Muller 1958)."""
    return np.sqrt(-2.0 * np.log(u)) * np.cos(6.283185307179586 * v)


def uniform(seed: ArrayLike, word: ArrayLike, k: ArrayLike) -> NDArray[np.float64]:
    """Uniform noise in the open interval (0, 1).

    Parameters
    ----------
    seed : int or array
        Seed of the instance, 0 <= seed < 2**31.
    word : int or array
        Stream within the instance.
    k : int or array
        Sample number, 0 <= k < 2**28.

    Returns
    -------
    float or array, of the broadcast shape
    """
    s, w, n = (np.asarray(value, dtype=float) for value in (seed, word, k))
    return uniform_from_keys(key(s, w, 0.0), key(s, w, 1.0), key(s, w, 2.0), n)


def normal(seed: ArrayLike, channel: ArrayLike, k: ArrayLike) -> NDArray[np.float64]:
    """Standard normal noise, |value| < 6; arguments as :func:`uniform`, ``channel`` in place of ``word``."""
    w = 2.0 * np.asarray(channel, dtype=float)
    return normal_from_uniforms(uniform(seed, w, k), uniform(seed, w + 1.0, k))


def path(seed: ArrayLike, channel: ArrayLike, x: ArrayLike) -> NDArray[np.float64]:
    """Noise path at time ``x`` in units of its step: linear between the normal samples at integer ``x``."""
    x = np.asarray(x, dtype=float)
    k = np.floor(x)
    g = normal(seed, channel, k)
    return g + (x - k) * (normal(seed, channel, k + 1.0) - g)


def thresholds(seed: ArrayLike, n: ArrayLike) -> NDArray[np.float64]:
    """Unit-exponential threshold of flip ``n`` of a telegraph junction, -ln u."""
    return -np.log(uniform(seed, THRESHOLD_WORD, n))


def check_seed(seed: int) -> int:
    """Return a seed if it is a whole number from 0 to :data:`SEED_LIMIT` - 1.

    Raises
    ------
    ParameterError
    """
    return check_whole("seed", seed, 0, SEED_LIMIT - 1, where="seed of all noise", hint="Give 0, 1, 2, ...")


def instance_seed(seed: int, name: str) -> int:
    """Seed of the instance ``name`` in a run with ``seed``: independent of any other instance in the deck.

    The same name and run seed give the same noise on every engine. Derived with numpy's ``SeedSequence``.

    >>> instance_seed(7, "x1.mtj") == instance_seed(7, "x1.mtj") != instance_seed(7, "x2.mtj")
    True
    """
    check_seed(seed)
    return int(np.random.SeedSequence([int(seed), zlib.crc32(name.encode())]).generate_state(1)[0]) % SEED_LIMIT


#: The integers below this prime are what :func:`derived_seed` permutes: 2^31 - 1, one less than the number of seeds.
_FIELD = SEED_LIMIT - 1


def _steps(name: str) -> tuple[int, int]:
    """Factor, 2^19 to 2^20, and term, below 2^31, that belong to the name of an instance."""
    factor, term = np.random.SeedSequence([zlib.crc32(name.encode()), len(name)]).generate_state(2)
    return 2**19 + int(factor) % 2**19, int(term) % _FIELD


def derived_seed(seed: int, name: str) -> int:
    r"""Seed of the instance ``name`` in a circuit whose own seed is known to the simulator only: see :func:`seed_text`.

    .. math:: (A s + C) \bmod (2^{31} - 1)

    with A and C of the name. A permutation of the seeds for each name; two names, and two seeds of the circuit, share a
    stream with a probability of 2^-31, as those of :func:`instance_seed`. Our choice; A s + C stays below 2^52, so that
    it is exact in a double.
    """
    factor, term = _steps(name)
    return (factor * seed + term) % _FIELD


def seed_text(name: str, seed: str = "seed") -> str:
    """Return :func:`derived_seed` as a SPICE expression of the parameter ``seed``, which every simulator reads.

    >>> seed_text("j0_1")
    '{966259*seed+669412457-2147483647*floor((966259*seed+669412457)/2147483647)}'
    """
    factor, term = _steps(name)
    line = f"{factor}*{seed}+{term}"
    return f"{{{line}-{_FIELD}*floor(({line})/{_FIELD})}}"
