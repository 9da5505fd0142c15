"""Published junctions: frozen, SI, each value with its source, what the source leaves open marked as chosen."""

from __future__ import annotations

import functools
import importlib

from spinspice.errors import UsageError, did_you_mean
from spinspice.presets.base import Preset

__all__ = ["Preset", "list_presets", "load_preset"]

#: Modules that hold ``PRESETS``, a tuple of :class:`Preset`.
_MODULES = ("mizrahi2018", "ganguly2018", "faria2021", "lopez2024", "sttmram")


@functools.cache
def _registry() -> dict[str, Preset]:
    modules = (importlib.import_module(f"{__name__}.{name}") for name in _MODULES)
    return {preset.name: preset for module in modules for preset in module.PRESETS}


def list_presets() -> tuple[Preset, ...]:
    """Return all presets, in the order of their sources."""
    return tuple(_registry().values())


def load_preset(name: str) -> Preset:
    """Return the preset of this name.

    Raises
    ------
    UsageError
        If there is none, with the closest name and the list of all.

    Examples
    --------
    >>> load_preset("faria2021").device.Ms
    1100000.0
    """
    known = _registry()
    if name not in known:
        raise UsageError(f"unknown preset {name!r}. {did_you_mean(name, known)} See `spinspice presets`.")
    return known[name]
