"""Packages whose public names load their modules when they are first asked for (PEP 562), so that imports stay light.

The names stand twice in such a package: in imports for type checkers, and in the table that is given here. A test
compares the two.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from typing import Any


def lazy_names(
    package: str, homes: Mapping[str, tuple[str, ...]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return ``__getattr__``, ``__dir__`` and ``__all__`` of a package.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    homes : mapping
        Module of the package -> the names that it holds.

    Examples
    --------
    >>> find, listed, names = lazy_names("spinspice.engines", {"base": ("Engine", "Session")})
    >>> names
    ['Engine', 'Session']
    >>> find("Session").__module__
    'spinspice.engines.base'
    """
    module_of = {name: f"{package}.{module}" for module, names in homes.items() for name in names}
    public = sorted(module_of)

    def find(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}; public names: {', '.join(public)}")
        found = getattr(importlib.import_module(module_of[name]), name)
        setattr(sys.modules[package], name, found)
        return found

    return find, lambda: public, public


def load_own(package: str, name: str) -> None:
    """Import the module of a package that is called like something asked for by name, if there is one.

    Things that register themselves (cells, studies) mostly stand in a module of their own name; the others are found
    when all modules are imported. What is no name of a module, such as the path of a file, loads nothing.
    """
    stem = name.replace("-", "_")
    if not stem.isidentifier() or stem.startswith("_"):
        return
    module = f"{package}.{stem}"
    if importlib.util.find_spec(module) is not None:
        importlib.import_module(module)
