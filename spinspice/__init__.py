"""spinspice: spintronic neuron cells at circuit level.

The names below load their modules when they are first used, so that importing the package stays light. The layers, from
devices to the command line, are drawn in `docs/architecture.md`.

>>> import spinspice as ss
>>> junction = ss.load_preset("faria2021").device
>>> f"{junction.R_P:.0f} Ohm"
'12700 Ohm'
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "ASN": "cells",
    "BSN": "cells",
    "Macrospin": "devices",
    "MacrospinField": "devices",
    "MacrospinSOT": "devices",
    "CellFile": "cells",
    "NeuronCell": "cells",
    "SpinspiceError": "errors",
    "Telegraph": "devices",
    "TelegraphField": "devices",
    "Testbench": "testbench",
    "Waveforms": "waveforms",
    "audit_cell": "energy",
    "export_cell": "export",
    "get_cell": "cells",
    "get_engine": "engines",
    "get_technology": "cmos",
    "list_presets": "presets",
    "load_preset": "presets",
    "run_jobs": "jobs",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    """Return a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'spinspice' has no attribute {name!r}; public names: {', '.join(_HOMES)}")
    return getattr(importlib.import_module(f"spinspice.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
