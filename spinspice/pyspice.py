"""PySpice's netlists and its interface to libngspice, from PySpice or from its successor of the same interface.

The only module that imports either. PySpice 1.5 is the one that is tested against; InSpice (Python 3.12 or later) takes
its place where PySpice is missing or a new Python no longer takes it. ``SPINSPICE_NETLISTS=InSpice`` asks for InSpice
where both are installed.
"""

from __future__ import annotations

import functools
import importlib
import os
import warnings
from types import ModuleType
from typing import TYPE_CHECKING, Any

from spinspice.errors import UsageError

#: Packages with the interface of PySpice, in the order in which they are tried.
PACKAGES = ("PySpice", "InSpice")

if TYPE_CHECKING:
    from PySpice.Spice.Netlist import Circuit, SubCircuit

__all__ = ["PACKAGES", "Circuit", "SubCircuit", "package", "shared"]


@functools.cache
def package() -> str:
    """Return the name of the package in use, ``PySpice`` or ``InSpice``.

    Raises
    ------
    UsageError
        If neither can be imported, with what each said.
    """
    asked = os.environ.get("SPINSPICE_NETLISTS", "")
    if asked and asked not in PACKAGES:
        raise UsageError(f"SPINSPICE_NETLISTS = {asked!r} is neither of {' and '.join(PACKAGES)}.")
    said = []
    for name in (asked,) if asked else PACKAGES:
        try:
            _load(f"{name}.Spice.Netlist")
        except (ImportError, AttributeError, SyntaxError) as reason:
            said.append(f"{name}: {reason}")
        else:
            return name
    raise UsageError(f"no package for netlists ({'; '.join(said)}). Run: pip install 'PySpice>=1.5,<1.6'")


def _load(module: str) -> ModuleType:
    """Import a module of it. Python warns of its text (escapes) where it is compiled first; no user can mend that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", SyntaxWarning)
        return importlib.import_module(module)


def shared() -> ModuleType:
    """Return the module with ``NgSpiceShared``: libngspice in this process."""
    return _load(f"{package()}.Spice.NgSpice.Shared")


def __getattr__(name: str) -> Any:
    """Load the classes when they are first asked for: importing PySpice takes a fifth of a second."""
    if name in ("Circuit", "SubCircuit"):
        return getattr(_load(f"{package()}.Spice.Netlist"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
