"""Exported folders, a module for each dialect, named after it: ``write(job)`` makes the files, ``COMMAND`` runs."""

from __future__ import annotations

import pkgutil


def dialect_names() -> list[str]:
    """Return the names of the dialects: the modules of this package."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))
