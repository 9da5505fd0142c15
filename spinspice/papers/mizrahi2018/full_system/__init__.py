"""The full system of Mizrahi et al. 2018, Fig. 5: energy and area of junctions, CMOS and memory.

`activity` (the digital part as gates, in operation), `measured` (figures kept in a table), `scaling` (between CMOS
nodes), `contributions` (to phases, by technology).
"""

from __future__ import annotations

from spinspice.papers.mizrahi2018.full_system.activity import DigitalFigures, measure_digital
from spinspice.papers.mizrahi2018.full_system.contributions import Area, Contribution, FullSystem, full_system
from spinspice.papers.mizrahi2018.full_system.measured import (
    ReadFigures,
    digital_figures,
    memory_figures,
    read_figures,
)
from spinspice.papers.mizrahi2018.full_system.scaling import area_factor, energy_factor

__all__ = [
    "Area",
    "Contribution",
    "DigitalFigures",
    "FullSystem",
    "ReadFigures",
    "area_factor",
    "digital_figures",
    "energy_factor",
    "full_system",
    "measure_digital",
    "memory_figures",
    "read_figures",
]
