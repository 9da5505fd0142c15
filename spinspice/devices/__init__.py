"""Compact models of magnetic tunnel junctions: physics and parameters, no circuit, no engine."""

from spinspice.devices.base import Device
from spinspice.devices.macrospin import Macrospin, MacrospinSOT
from spinspice.devices.telegraph import Telegraph

__all__ = ["Device", "Macrospin", "MacrospinSOT", "Telegraph"]
