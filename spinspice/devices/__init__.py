"""Compact models of magnetic tunnel junctions: physics and parameters, no circuit, no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spinspice.lazy import lazy_names

if TYPE_CHECKING:
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

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "base": ("Device",),
        "field": ("MacrospinField", "TelegraphField"),
        "kinds": ("as_kind", "as_macrospin", "as_two_state", "is_in_field", "is_two_state"),
        "macrospin": ("Macrospin", "MacrospinSOT"),
        "macrospin_oscillator": ("MacrospinOscillator",),
        "oscillator": ("SpinTorqueOscillator",),
        "registry": ("find_model", "models", "two_terminal_models"),
        "skyrmion": ("Skyrmion",),
        "telegraph": ("Telegraph",),
        "wall": ("DomainWall",),
    },
)
