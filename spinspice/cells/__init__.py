"""Neuron cells: circuits around a junction, as PySpice subcircuits."""

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
from spinspice.cells.pbit_telegraph import TelegraphPBit
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.cells.sizing import Sizing, mean_resistance, size_for

__all__ = [
    "ASN",
    "BSN",
    "ASNSizing",
    "Cell",
    "CellFile",
    "CellKind",
    "ClockedPBit",
    "Comparator",
    "ComparatorSizing",
    "ImportedCell",
    "InverterSizing",
    "NeuronCell",
    "PBit",
    "Pin",
    "ReadOut",
    "ReadTiming",
    "Sizing",
    "TelegraphPBit",
    "bench_circuit",
    "cell_kind",
    "cells",
    "choose_cell",
    "get_cell",
    "mean_resistance",
    "own_cells",
    "size_for",
]
