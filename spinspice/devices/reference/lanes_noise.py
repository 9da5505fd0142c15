r"""The counter-based noise for many members at once: loops over members that the compiler turns into vector code.

The numbers are those of :mod:`spinspice.devices.reference.noise` to the last bit. Two of the hash's remainders are of
numbers that grow by a constant from sample to sample, so they are carried along (an addition and a comparison); the
other two take the product with the reciprocal in place of a division, and mend the quotient where it is off by one.
All of it is exact in integers below :math:`2^{53}`.
"""

from __future__ import annotations

import numpy as np

from spinspice.devices.reference.compiling import compiled, inlined
from spinspice.devices.reference.noise import key, normal_from_uniforms

#: Members that are computed together: 4 numbers make a vector of AVX2, and several vectors hide each other's delays.
LANES = 16
#: Streams of one member: two for each of three channels.
STREAMS = 6

_M1, _M2, _M3, _M4 = 67108837.0, 57999941.0, 48999989.0, 41499973.0
_A, _B, _C = 27392041.0, 27672019.0, 1299709.0
_INV_M3, _INV_M4 = 1.0 / _M3, 1.0 / _M4


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
        out[lane] = sigma * normal_from_uniforms(u, v)


@inlined
def _uniform(p, q, c, growth):
    """Uniform number of the two remainders, the key, and ``_C`` times the sample's number."""
    x = remainder(p * q + c, _M3, _INV_M3)
    x = remainder(x * x + (growth + c), _M4, _INV_M4)
    return (x + 0.5) / _M4
