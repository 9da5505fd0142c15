"""Associative memory: patterns stored in symmetric weights, recalled from their neighbours (Hopfield; Borders 2017)."""

from spinspice.networks.hopfield.memory import (
    Devices,
    Patterns,
    corrected,
    hebbian,
    one_bit_errors,
    recall,
    recalled,
)

__all__ = ["Devices", "Patterns", "corrected", "hebbian", "one_bit_errors", "recall", "recalled"]
