"""Decorators of all compiled functions of the reference. Division by zero gives inf, as in C: a branch would keep loops
from becoming vector code, and so would a call that is left in one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numba

compiled: Any = numba.njit(cache=True, error_model="numpy")
#: For what stands in a loop that is to become vector code.
inlined: Any = numba.njit(cache=True, error_model="numpy", forceinline=True)
#: For what threads of Python call: it lets the others run meanwhile.
released: Any = numba.njit(cache=True, error_model="numpy", nogil=True)
compiled_parallel: Any = numba.njit(cache=True, error_model="numpy", parallel=True)


@contextlib.contextmanager
def packed() -> Iterator[None]:
    """Have what is compiled meanwhile, at its first call, packed: like operations on neighbours become one.

    The compiler can do so beside loops too, for rows of four numbers; numba leaves that off. No bit changes.
    """
    before = numba.config.SLP_VECTORIZE
    numba.config.SLP_VECTORIZE = 1
    try:
        yield
    finally:
        numba.config.SLP_VECTORIZE = before
