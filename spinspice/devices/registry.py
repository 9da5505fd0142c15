"""The compact models that are known: each registers itself when its class is made.

Those of spinspice stand in :mod:`spinspice.devices`, and :mod:`spinspice.devices.own` says in which module, so that one
that is asked for by name loads alone. An installed package adds its own by an entry point of the group
``spinspice.devices`` that names the module or class (docs/howto.md).
"""

from __future__ import annotations

import functools
import importlib

from spinspice.devices.base import Device
from spinspice.devices.own import MODULES, load_own_models
from spinspice.errors import UsageError, did_you_mean
from spinspice.plugins import load_plugins


@functools.cache
def _load() -> None:
    load_own_models()
    load_plugins("spinspice.devices")


def models() -> dict[str, type[Device]]:
    """Return all compact models by name: those of spinspice first, then those of installed packages."""
    _load()
    return {name: Device.known[name] for name in (*MODULES, *(name for name in Device.known if name not in MODULES))}


def foreign_models() -> dict[str, type[Device]]:
    """Return the compact models that are not spinspice's own, by name."""
    load_plugins("spinspice.devices")
    return {name: kind for name, kind in Device.known.items() if name not in MODULES}


def known_names() -> tuple[str, ...]:
    """Return the names of our own models and of all that are loaded, without loading any."""
    return (*MODULES, *(name for name in Device.known if name not in MODULES))


def two_terminal_models() -> dict[str, type[Device]]:
    """Return the models that are a junction between ``free`` and ``ref`` alone, by name."""
    return {name: kind for name, kind in models().items() if kind.terminals == ("free", "ref")}


def find_model(name: str) -> type[Device]:
    """Return a compact model by its name; one of our own loads alone.

    Raises
    ------
    UsageError
    """
    if name in MODULES:
        importlib.import_module(f"spinspice.devices.{MODULES[name]}")
        return Device.known[name]
    known = models()
    if name not in known:
        raise UsageError(f"no compact model {name!r}. {did_you_mean(name, known)}")
    return known[name]
