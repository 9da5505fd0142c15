"""spinspice: spintronic neuron cells at circuit level.

The names below load their modules when they are first used, so that importing the package stays light. The layers,
from devices to the command line, are drawn in `docs/architecture.md`; all public names stand in `docs/api.md`.

>>> import spinspice as ss
>>> junction = ss.load_preset("faria2021").device
>>> f"{junction.R_P:.0f} Ohm"
'12700 Ohm'

Functions: ``ss.characterize("bsn")``, ``ss.energy("bsn", vin=0)``, ``ss.sweep("study.toml", "out")``,
``ss.export("bsn", "ngspice", out="out")``, ``ss.reproduce("mizrahi-fig2a")``, ``ss.run(study)``.

Some of them share their name with the folder that their code is in: ``ss.characterize`` is the module
``spinspice.characterize``, which can be called. It is the same object in whatever order things were imported.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__version__ = "0.1.0"

#: Public name -> module that holds it, and its name there where that differs.
_HOMES = {
    "ASN": "cells",
    "BSN": "cells",
    "CellFile": "cells",
    "Comparator": "cells",
    "Macrospin": "devices",
    "MacrospinField": "devices",
    "MacrospinSOT": "devices",
    "Network": "networks",
    "NeuronCell": "cells",
    "ReadOut": "cells",
    "Sizing": "cells",
    "SpinspiceError": "errors",
    "Study": "sweep",
    "Telegraph": "devices",
    "TelegraphField": "devices",
    "Testbench": "testbench",
    "Waveforms": "waveforms",
    "audit_cell": "energy",
    "characterize": "characterize",
    "energy": "studies.energy:study_energy",
    "export": "export:export_cell",
    "export_cell": "export",
    "get_cell": "cells",
    "get_engine": "engines",
    "get_technology": "cmos",
    "list_cells": "public",
    "list_devices": "public",
    "list_engines": "public",
    "list_figures": "public",
    "list_presets": "presets",
    "list_studies": "public",
    "list_technologies": "public",
    "load_preset": "presets",
    "reproduce": "reproduce:run",
    "run": "studies",
    "run_jobs": "jobs",
    "run_study": "sweep",
    "sweep": "public",
    "write_report": "report",
}

__all__ = sorted([*_HOMES, "__version__"])


class _CallableModule(ModuleType):
    """A module of the package that shares its name with a public function, and is called like it."""

    def __call__(self, *positional: Any, **named: Any) -> Any:
        return _function(self.__name__)(*positional, **named)

    @property
    def __signature__(self) -> Any:
        """Signature of the function, for ``help``, ``inspect`` and notebooks."""
        import inspect

        return inspect.signature(_function(self.__name__))

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes the name of the module."""
        return importlib.import_module, (self.__name__,)


class _Package(ModuleType):
    """This package: a submodule with the name of a public function becomes callable as soon as it is loaded."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            value.__class__ = _CallableModule
        super().__setattr__(name, value)


def _function(name: str) -> Any:
    """Return a public object, from the module that holds it."""
    short = name.rpartition(".")[2]
    module, _, inside = _HOMES[short].partition(":")
    return getattr(importlib.import_module(f"spinspice.{module}"), inside or short)


def __getattr__(name: str) -> Any:
    """Return a public name from the module it lives in."""
    if name in _HOMES:
        import importlib.util

        is_module = importlib.util.find_spec(f"spinspice.{name}") is not None
        return importlib.import_module(f"spinspice.{name}") if is_module else _function(name)
    if name.startswith("__"):
        raise AttributeError(f"module 'spinspice' has no attribute {name!r}")
    from spinspice.errors import did_you_mean

    raise AttributeError(f"module 'spinspice' has no attribute {name!r}. {did_you_mean(name, list(_HOMES))}")


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__


sys.modules[__name__].__class__ = _Package
