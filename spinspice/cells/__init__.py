"""Neuron cells: circuits around a junction, as PySpice subcircuits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spinspice.lazy import lazy_names

if TYPE_CHECKING:
    from spinspice.cells.asn import ASN, ASNSizing
    from spinspice.cells.base import NeuronCell
    from spinspice.cells.bench import bench_circuit
    from spinspice.cells.bsn import BSN, InverterSizing
    from spinspice.cells.cell import Cell, Pin
    from spinspice.cells.cell_file import CellFile
    from spinspice.cells.choose import CellKind, cell_kind, cells, choose_cell, get_cell, own_cells
    from spinspice.cells.comparator import Comparator, ComparatorSizing
    from spinspice.cells.imported import ImportedCell
    from spinspice.cells.pbit import PBit
    from spinspice.cells.pbit_clocked import ClockedPBit
    from spinspice.cells.pbit_modular import ModularPBit
    from spinspice.cells.pbit_sot import SOTPBit
    from spinspice.cells.pbit_telegraph import TelegraphPBit
    from spinspice.cells.read_timing import ReadTiming
    from spinspice.cells.readout import ReadOut
    from spinspice.cells.sizing import Sizing, mean_resistance, size_for
    from spinspice.cells.summing import SummingAmplifier

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "asn": ("ASN", "ASNSizing"),
        "base": ("NeuronCell",),
        "bench": ("bench_circuit",),
        "bsn": ("BSN", "InverterSizing"),
        "cell": ("Cell", "Pin"),
        "cell_file": ("CellFile",),
        "choose": ("CellKind", "cell_kind", "cells", "choose_cell", "get_cell", "own_cells"),
        "comparator": ("Comparator", "ComparatorSizing"),
        "imported": ("ImportedCell",),
        "pbit": ("PBit",),
        "pbit_clocked": ("ClockedPBit",),
        "pbit_modular": ("ModularPBit",),
        "pbit_sot": ("SOTPBit",),
        "pbit_telegraph": ("TelegraphPBit",),
        "read_timing": ("ReadTiming",),
        "readout": ("ReadOut",),
        "sizing": ("Sizing", "mean_resistance", "size_for"),
        "summing": ("SummingAmplifier",),
    },
)
