"""Decorators of all compiled functions of the reference. Division by zero gives inf, as in C: a branch would keep loops
from becoming vector code, and so would a call that is left in one."""

from __future__ import annotations

from typing import Any

import numba

compiled: Any = numba.njit(cache=True, error_model="numpy")
#: For what stands in a loop that is to become vector code.
inlined: Any = numba.njit(cache=True, error_model="numpy", forceinline=True)
#: For what threads of Python call: it lets the others run meanwhile.
released: Any = numba.njit(cache=True, error_model="numpy", nogil=True)
compiled_parallel: Any = numba.njit(cache=True, error_model="numpy", parallel=True)
