r"""The counter-based noise for many members at once: loops over members that the compiler turns into vector code.

The uniform numbers are those of :mod:`spinspice.devices.noise` to the last bit. Two of the hash's remainders are of
numbers that grow by a constant from sample to sample, so they are carried along (an addition and a comparison); the
other two take the product with the reciprocal in place of a division, and mend the quotient where it is off by one.
All of it is exact in integers below :math:`2^{53}`.

Normal numbers take log and cosine from the polynomials below, which have no branches: log as in fdlibm (K. C. Ng,
Sun Microsystems 1993; after the reduction of u to [0.71, 1.41] a polynomial of degree 7 in :math:`s^2`), the cosine as
an odd polynomial of degree 17 about the quarter turn. Against the C library's: 1e-15 absolute in the cosine, 2 units
of the last place in the root of the logarithm, :data:`NORMAL_BOUND` in a normal number (a test counts 2e6 of them).

"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from spinspice.devices.reference.noise import compiled, inlined, key

#: Members that are computed together: 4 numbers make a vector of AVX2, and several vectors hide each other's delays.
LANES = 16
#: Largest difference of a normal number from that of :func:`spinspice.devices.noise.normal`.
NORMAL_BOUND = 2e-14
#: Streams of one member: two for each of three channels.
STREAMS = 6

_M1, _M2, _M3, _M4 = 67108837.0, 57999941.0, 48999989.0, 41499973.0
_A, _B, _C = 27392041.0, 27672019.0, 1299709.0
_INV_M3, _INV_M4 = 1.0 / _M3, 1.0 / _M4
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10


@intrinsic
def _bits_of(_context: Any, x: Any) -> Any:
    """Bits of a number as an integer."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic
def _number_of(_context: Any, bits: Any) -> Any:
    """Number with these bits."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@inlined
def log_of(u):
    """Natural logarithm of 1e-300 < u < 1, without branches."""
    bits = _bits_of(u)
    # Exponent (plus 1023) such that the rest lies in [sqrt(1/2), sqrt(2)): carried by adding 1 - sqrt(1/2) in bits.
    exponent = (bits + np.int64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)) >> np.int64(52)
    f = _number_of(bits - (exponent << np.int64(52)) + np.int64(0x3FF0000000000000)) - 1.0
    # As a number by the bits of 2^52 + exponent: vector units convert no 64-bit integers.
    e = _number_of(exponent + np.int64(0x4330000000000000)) - 4503599627371519.0
    s = f / (2.0 + f)
    z = s * s
    r = z * (
        6.666666666666735130e-01
        + z * (
            3.999999999940941908e-01
            + z * (
                2.857142874366239149e-01
                + z * (
                    2.222219843214978396e-01
                    + z * (
                        1.818357216161805012e-01 + z * (1.531383769920937332e-01 + z * 1.479819860511658591e-01)
                    )
                )
            )
        )
    )  # fmt: skip
    half = 0.5 * f * f
    return e * _LN2_HIGH - ((half - (s * (half + r) + e * _LN2_LOW)) - f)


@inlined
def cosine_of_turns(v):
    """Cosine of 2 pi v for 0 <= v <= 1, without branches."""
    a = 0.25 - np.abs(v - 0.5)
    w = a * a
    p = 0.10089695501646812
    p = p * w - 0.7177337921413454
    p = p * w + 3.8199280942271643
    p = p * w - 15.0946416761179
    p = p * w + 42.058693925428685
    p = p * w - 76.70585975282492
    p = p * w + 81.60524927607362
    p = p * w - 41.341702240399755
    p = p * w + 6.283185307179586
    return -(a * p)


@inlined
def remainder(x, m, inverse):
    """x mod m for whole 0 <= x < 2^53, exactly; the quotient is off by one at most."""
    r = x - m * np.floor(x * inverse)
    r = r + m if r < 0.0 else r
    return r - m if r >= m else r


@compiled
def start_streams(streams, seeds, first, k):
    """Fill ``streams`` (6, 3, lanes) with remainders and keys of the members ``seeds[first:]``, before sample ``k``.

    Members beyond the last repeat it, so that every lane holds a number.
    """
    for lane in range(streams.shape[2]):
        seed = seeds[min(first + lane, seeds.size - 1)]
        for word in range(STREAMS):
            a, b, c = key(seed, float(word), 0.0), key(seed, float(word), 1.0), key(seed, float(word), 2.0)
            p, q = _A * k + a, _B * k + b
            streams[word, 0, lane] = p - _M1 * np.floor(p / _M1)
            streams[word, 1, lane] = q - _M2 * np.floor(q / _M2)
            streams[word, 2, lane] = c


@compiled
def next_normals(first, second, k, sigma, out):
    """Write sample ``k`` of one channel, times ``sigma``, to ``out`` (lanes,).

    ``first`` and ``second`` (3, lanes) are the channel's streams; their remainders are carried on to the next sample.
    """
    p1, q1, c1 = first[0], first[1], first[2]
    p2, q2, c2 = second[0], second[1], second[2]
    growth = _C * k
    for lane in range(out.size):
        p, q, c = p1[lane], q1[lane], c1[lane]
        u = _uniform(p, q, c, growth)
        p, q = p + _A, q + _B
        p1[lane] = p - _M1 if p >= _M1 else p
        q1[lane] = q - _M2 if q >= _M2 else q
        p, q, c = p2[lane], q2[lane], c2[lane]
        v = _uniform(p, q, c, growth)
        p, q = p + _A, q + _B
        p2[lane] = p - _M1 if p >= _M1 else p
        q2[lane] = q - _M2 if q >= _M2 else q
        out[lane] = sigma * (np.sqrt(-2.0 * log_of(u)) * cosine_of_turns(v))


@inlined
def _uniform(p, q, c, growth):
    """Uniform number of the two remainders, the key, and ``_C`` times the sample's number."""
    x = remainder(p * q + c, _M3, _INV_M3)
    x = remainder(x * x + (growth + c), _M4, _INV_M4)
    return (x + 0.5) / _M4
