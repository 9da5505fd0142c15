"""Reference realisation of the compact models: numba solvers of the same laws on the same noise.

Ground truth for the tests of every engine, and the fast path for single junctions and large populations:

* `noise`: the counter-based noise, compiled from the source of `spinspice.devices.noise`;
* `macrospin`: the stochastic Landau-Lifshitz-Gilbert-Slonczewski equation, one junction or an ensemble;
* `telegraph`: the two-state junction, event by event (exact for any piecewise linear drive);
* `chain`: the two-state junction sampled on a grid of time (what the B-source library computes).

Compiled code is cached beside the sources. numba follows changes of the file a function stands in, not of the files it
calls into: after editing `spinspice/devices/noise.py` or `noise.py` here, delete the ``__pycache__`` folders.
"""

from __future__ import annotations

import importlib
from typing import Any

#: Public name -> module here. numba takes seconds to load, so a module loads when it is first used.
_HOMES = {
    "MacrospinRun": "macrospin",
    "TelegraphRun": "telegraph",
    "normals": "noise",
    "simulate_chain": "chain",
    "simulate_macrospin": "macrospin",
    "simulate_telegraph": "telegraph",
    "switching_times": "telegraph",
    "thresholds": "noise",
    "uniforms": "noise",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    """Return a public name from the module that it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; public names: {', '.join(_HOMES)}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
