"""Schematics of cells as pictures, for reports and documents (package schemdraw).

Where elements stand is ours (:mod:`spinspice.schematic.layouts`); what they are and which nets their pins are on comes
from the Python cell, so that a picture cannot show another circuit than the one that runs.
"""

from __future__ import annotations

from spinspice.schematic.draw import available, cell_svg, draw_cell

__all__ = ["available", "cell_svg", "draw_cell"]
