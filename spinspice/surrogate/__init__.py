"""Surrogate neurons: a cell as tables, with the noise of its own junction."""

from __future__ import annotations

from spinspice.surrogate.branches import Branches
from spinspice.surrogate.extraction import extract
from spinspice.surrogate.neuron import Motion
from spinspice.surrogate.surrogate import Surrogate

__all__ = ["Branches", "Motion", "Surrogate", "extract"]
