"""Neuron cells: circuits around a junction, as PySpice subcircuits."""

from spinspice.cells.asn import ASN
from spinspice.cells.base import NeuronCell
from spinspice.cells.bench import bench_circuit
from spinspice.cells.bsn import BSN
from spinspice.cells.cell import Cell, Pin
from spinspice.cells.cell_file import CellFile
from spinspice.cells.choose import CELLS, CellKind, cell_kind, cells, choose_cell, get_cell
from spinspice.cells.comparator import Comparator, ComparatorSizing
from spinspice.cells.imported import ImportedCell
from spinspice.cells.readout import ReadOut, ReadTiming
from spinspice.cells.sizing import Sizing, mean_resistance, size_for

__all__ = [
    "ASN",
    "BSN",
    "CELLS",
    "Cell",
    "CellFile",
    "CellKind",
    "Comparator",
    "ComparatorSizing",
    "ImportedCell",
    "NeuronCell",
    "Pin",
    "ReadOut",
    "ReadTiming",
    "Sizing",
    "bench_circuit",
    "cell_kind",
    "cells",
    "choose_cell",
    "get_cell",
    "mean_resistance",
    "size_for",
]
