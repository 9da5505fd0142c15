"""What installed packages add: entry points, read once, none of which can break the rest.

A package names what it adds in its ``pyproject.toml`` (docs/howto.md)::

    [project.entry-points."spinspice.devices"]
    toy = "spinspice_toy:ToyJunction"

Groups: ``spinspice.devices``, ``spinspice.presets``, ``spinspice.cells``, ``spinspice.technologies``,
``spinspice.engines``,
``spinspice.studies``.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import importlib.metadata

#: Groups of entry points that spinspice reads.
GROUPS = ("devices", "presets", "cells", "technologies", "engines", "studies")


class PluginWarning(UserWarning):
    """An installed package whose additions cannot be used; everything else works."""


@functools.cache
def load_plugins(group: str) -> dict[str, Any]:
    """Return what installed packages add to a group, by the name of the entry point.

    What cannot be loaded is left out with a :class:`PluginWarning` that names package, entry point and reason.
    """
    found: dict[str, Any] = {}
    for point in sorted(_entry_points(group), key=lambda point: (_owner(point), point.name)):
        with guarded(group, point.name, _owner(point)) as guard:
            loaded = point.load()
        if guard.passed:
            found[point.name] = loaded
    return found


class guarded:  # noqa: N801 (used like a function)
    """Context in which any error of a package becomes a warning that names it; ``passed``: there was none."""

    def __init__(self, group: str, name: str, package: str = "") -> None:
        self.group, self.name, self.package = group, name, package or package_of(group, name)
        self.passed = False

    def __enter__(self) -> guarded:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> bool:
        self.passed = error is None
        if error is None or not isinstance(error, Exception | SystemExit):
            return False
        warnings.warn(
            f"the package {self.package} adds {self.name!r} to {self.group}, which fails: {type(error).__name__}: "
            f"{error}. It is left out; everything else works. Update or uninstall {self.package}.",
            PluginWarning,
            stacklevel=3,
        )
        return True


def taken(group: str, known: dict[str, Any], check: Callable[[str, Any], Any]) -> dict[str, Any]:
    """Return what packages add to a table of ``known`` names: ``check`` returns each as it is stored, or raises.

    A name that is known already is refused with a warning: nobody replaces what spinspice has.
    """
    added: dict[str, Any] = {}
    for name, loaded in load_plugins(group).items():
        with guarded(group, name):
            if name in known or name in added:
                raise ValueError(f"the name {name!r} is taken")
            added[name] = check(name, loaded)
    return added


def package_of(group: str, name: str) -> str:
    """Return the package that an entry point belongs to."""
    owners = [_owner(point) for point in _entry_points(group) if point.name == name]
    return owners[0] if owners else "(unknown)"


def _entry_points(group: str) -> Iterable[importlib.metadata.EntryPoint]:
    import importlib.metadata  # twice as slow to load as the whole of an engine, and seldom needed

    return importlib.metadata.entry_points(group=group)


def _owner(point: importlib.metadata.EntryPoint) -> str:
    return point.dist.name if point.dist is not None else point.value.partition(":")[0]
