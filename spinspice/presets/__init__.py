"""Published junctions: frozen, SI, each value with its source, what the source leaves open marked as chosen."""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
from typing import Any

from spinspice.errors import UsageError, did_you_mean, shown
from spinspice.plugins import guarded, load_plugins
from spinspice.presets.base import Preset
from spinspice.presets.own import is_file_name, read_preset, write_preset

__all__ = ["Preset", "list_presets", "load_preset", "read_preset", "write_preset"]

#: The first of the modules that hold ``PRESETS``, a tuple of :class:`Preset`, as they are listed; then come others.
_FIRST = ("mizrahi2018", "ganguly2018", "faria2021", "lopez2024", "sttmram")


def _own_presets(module: str) -> dict[str, Preset]:
    """Presets of a module here, by name."""
    return {preset.name: preset for preset in importlib.import_module(f"{__name__}.{module}").PRESETS}


@functools.cache
def _modules() -> tuple[str, ...]:
    """Modules of this package that hold presets."""
    found = sorted({module.name for module in pkgutil.iter_modules(__path__)} - {"base", "own", *_FIRST})
    return (*_FIRST, *found)


@functools.cache
def _registry() -> dict[str, Preset]:
    known = {name: preset for module in _modules() for name, preset in _own_presets(module).items()}
    for name, loaded in load_plugins("spinspice.presets").items():
        with guarded("spinspice.presets", name):
            added = _presets_of(loaded)
            twice = [preset.name for preset in added if preset.name in known]
            if twice:
                raise ValueError(f"the name {twice[0]!r} is taken")
            known |= {preset.name: preset for preset in added}
    return known


def _presets_of(loaded: Any) -> tuple[Preset, ...]:
    """Return the presets that an entry point names: one, several, or a module with ``PRESETS``."""
    presets = (loaded,) if isinstance(loaded, Preset) else tuple(getattr(loaded, "PRESETS", loaded))
    if not presets or not all(isinstance(preset, Preset) for preset in presets):
        raise TypeError("it is no Preset, sequence of them, or module with PRESETS")
    for preset in presets:
        silent = [name for name in preset.device.parameters() if name not in {**preset.published, **preset.chosen}]
        if silent:
            raise ValueError(f"{preset.name} says of {silent[0]} neither where it is published nor why it was chosen")
    return presets


def list_presets() -> tuple[Preset, ...]:
    """Return all presets, in the order of their sources."""
    return tuple(_registry().values())


def load_preset(name: str | os.PathLike[str]) -> Preset:
    """Return the preset of this name, or that of a file whose path ends in .toml (:mod:`spinspice.presets.own`).

    Raises
    ------
    UsageError
        If there is none, with the closest name and the list of all.

    Examples
    --------
    >>> load_preset("faria2021").device.Ms
    1100000.0
    """
    if isinstance(name, os.PathLike) or (isinstance(name, str) and is_file_name(name)):
        return read_preset(name)
    # Most are called after the module that they stand in, which then loads alone.
    source = name.partition("-")[0] if isinstance(name, str) else ""
    known = _own_presets(source) if source in _modules() else {}
    if not isinstance(name, str) or name not in known:
        known = _registry()
    if not isinstance(name, str) or name not in known:
        raise UsageError(f"unknown preset {shown(name)}. {did_you_mean(name, known)} See `spinspice presets`.")
    return known[name]
