"""Compact models of magnetic tunnel junctions: physics and parameters, no circuit, no engine."""

from spinspice.devices.base import Device
from spinspice.devices.field import MacrospinField, TelegraphField
from spinspice.devices.kinds import as_kind, as_macrospin, as_two_state, is_in_field, is_two_state
from spinspice.devices.macrospin import Macrospin, MacrospinSOT
from spinspice.devices.macrospin_oscillator import MacrospinOscillator
from spinspice.devices.oscillator import SpinTorqueOscillator
from spinspice.devices.registry import find_model, models, two_terminal_models
from spinspice.devices.skyrmion import Skyrmion
from spinspice.devices.telegraph import Telegraph
from spinspice.devices.wall import DomainWall

__all__ = [
    "Device",
    "DomainWall",
    "Macrospin",
    "MacrospinField",
    "MacrospinOscillator",
    "MacrospinSOT",
    "Skyrmion",
    "SpinTorqueOscillator",
    "Telegraph",
    "TelegraphField",
    "as_kind",
    "as_macrospin",
    "as_two_state",
    "find_model",
    "is_in_field",
    "is_two_state",
    "models",
    "two_terminal_models",
]
