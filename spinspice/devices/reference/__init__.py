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

from typing import TYPE_CHECKING

from spinspice.lazy import lazy_names

if TYPE_CHECKING:
    from spinspice.devices.reference.chain import simulate_chain
    from spinspice.devices.reference.macrospin import MacrospinRun, simulate_macrospin
    from spinspice.devices.reference.noise import normals, thresholds, uniforms
    from spinspice.devices.reference.telegraph import TelegraphRun, simulate_telegraph, switching_times

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "chain": ("simulate_chain",),
        "macrospin": ("MacrospinRun", "simulate_macrospin"),
        "noise": ("normals", "thresholds", "uniforms"),
        "telegraph": ("TelegraphRun", "simulate_telegraph", "switching_times"),
    },
)
