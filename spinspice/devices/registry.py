"""The compact models that are known: each registers itself when its class is made.

Those of spinspice stand in :mod:`spinspice.devices`; an installed package adds its own by an entry point of the group
``spinspice.devices`` that names the module or class (docs/howto.md).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from spinspice.errors import UsageError, did_you_mean
from spinspice.plugins import load_plugins

if TYPE_CHECKING:
    from spinspice.devices.base import Device

_KNOWN: dict[str, type[Device]] = {}


def register(kind: type[Device]) -> None:
    """Make a compact model known under its name.

    Raises
    ------
    UsageError
        If another class has that name, or its ports do not begin with its terminals.
    """
    name = kind.model
    there = _KNOWN.get(name)
    if there is not None and (there.__module__, there.__qualname__) != (kind.__module__, kind.__qualname__):
        raise UsageError(
            f"the compact model {name!r} of {kind.__module__} is that of {there.__module__} already. Choose a name "
            "that begins with that of your package."
        )
    if name != name.lower() or not name.isidentifier():
        raise UsageError(f"the compact model {name!r}: a name is made of lower-case letters, digits and underscores.")
    if kind.ports[: len(kind.terminals)] != kind.terminals or len(kind.ports) == len(kind.terminals):
        raise UsageError(
            f"the compact model {name!r} has the ports {', '.join(kind.ports)}: they must be its terminals "
            f"{', '.join(kind.terminals)}, then one state node or more."
        )
    _KNOWN[name] = kind


@functools.cache
def _load() -> None:

    load_plugins("spinspice.devices")


def models() -> dict[str, type[Device]]:
    """Return all compact models by name: those of spinspice first, then those of installed packages."""
    _load()
    return dict(_KNOWN)


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
