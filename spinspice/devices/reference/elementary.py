r"""Logarithm and cosine for the noise, without branches, so that loops over them become vector code.

The logarithm as in fdlibm (K. C. Ng, Sun Microsystems 1993): after the reduction of u to [0.71, 1.41] a polynomial of
degree 7 in :math:`s^2`, :math:`s = f / (2 + f)`. The cosine as an odd polynomial of degree 17 about the quarter turn,
through the Chebyshev points; its own error is 3e-19, so what is left is rounding. Against the C library's, a logarithm
differs by a unit of the last place, a cosine by 1e-15, and a normal number (6 at most) by :data:`NORMAL_BOUND`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic

from spinspice.devices.reference.compiling import inlined

#: Largest difference of a normal number from that of :func:`spinspice.devices.noise.normal`.
NORMAL_BOUND = 1e-14
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10


def _make_bits_of(_context: Any, x: Any) -> Any:
    """Bits of a number as an integer."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.int64))

    return types.int64(types.float64), generate


def _make_number_of(_context: Any, bits: Any) -> Any:
    """Number with these bits."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], context.get_value_type(types.float64))

    return types.float64(types.int64), generate


_bits_of: Any = intrinsic(_make_bits_of)
_number_of: Any = intrinsic(_make_number_of)


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
