"""The compact models of spinspice by name, so that a circuit that names one loads that one alone."""

from __future__ import annotations

import importlib

#: Name of the model -> module of this package that holds its class, in the order in which models are listed.
MODULES = {
    "mtj_macrospin": "macrospin",
    "mtj_macrospin_sot": "macrospin",
    "mtj_telegraph": "telegraph",
    "mtj_macrospin_field": "field",
    "mtj_telegraph_field": "field",
    "stno_macrospin": "macrospin_oscillator",
    "stno": "oscillator",
    "skyrmion": "skyrmion",
    "dw_track": "wall",
}


def load_own_models() -> None:
    """Import all of them, in order."""
    for module in MODULES.values():
        importlib.import_module(f"{__package__}.{module}")
