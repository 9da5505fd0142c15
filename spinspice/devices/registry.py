"""The compact models that are known: each registers itself when its class is made.

Those of spinspice stand in :mod:`spinspice.devices`; an installed package adds its own by an entry point of the group
``spinspice.devices`` that names the module or class (docs/howto.md).
"""

from __future__ import annotations

import functools

from spinspice.devices.base import Device
from spinspice.errors import UsageError, did_you_mean
from spinspice.plugins import load_plugins


@functools.cache
def _load() -> None:

    load_plugins("spinspice.devices")


def models() -> dict[str, type[Device]]:
    """Return all compact models by name: those of spinspice first, then those of installed packages."""
    _load()
    return dict(Device.known)


def two_terminal_models() -> dict[str, type[Device]]:
    """Return the models that are a junction between ``free`` and ``ref`` alone, by name."""
    return {name: kind for name, kind in models().items() if kind.terminals == ("free", "ref")}


def find_model(name: str) -> type[Device]:
    """Return a compact model by its name.

    Raises
    ------
    UsageError
    """
    known = models()
    if name not in known:
        raise UsageError(f"no compact model {name!r}. {did_you_mean(name, known)}")
    return known[name]
