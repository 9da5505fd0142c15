"""Symbols of compact models and cells for schematic editors, with the models they stand for.

``write_xschem`` writes symbols, drawings of the neurons on SKY130, libraries, compiled models and an ``xschemrc`` with
all paths set; ``write_qucs`` and ``write_kicad`` libraries of symbols; ``write_models`` the models alone.
"""

from __future__ import annotations

from spinspice.symbols.kicad import write_kicad
from spinspice.symbols.models import write_models
from spinspice.symbols.qucs import write_qucs
from spinspice.symbols.xschem import write_xschem

__all__ = ["write_kicad", "write_models", "write_qucs", "write_xschem"]
