"""Surrogate neurons: a cell as tables and few numbers, with the noise of its own junction."""

from __future__ import annotations

from spinspice.surrogate.extraction import extract
from spinspice.surrogate.neuron import Motion
from spinspice.surrogate.stage import Stage
from spinspice.surrogate.surrogate import Surrogate

__all__ = ["Motion", "Stage", "Surrogate", "extract"]
