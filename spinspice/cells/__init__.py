"""Neuron cells: circuits around a junction, as PySpice subcircuits."""

from spinspice.cells.asn import ASN
from spinspice.cells.base import NeuronCell, Pin
from spinspice.cells.bench import bench_circuit
from spinspice.cells.bsn import BSN
from spinspice.cells.comparator import Comparator, ComparatorSizing
from spinspice.cells.readout import ReadOut, ReadTiming
from spinspice.cells.sizing import Sizing, mean_resistance, size_for
from spinspice.errors import UsageError, did_you_mean

__all__ = [
    "ASN",
    "BSN",
    "CELLS",
    "Comparator",
    "ComparatorSizing",
    "NeuronCell",
    "Pin",
    "ReadOut",
    "ReadTiming",
    "Sizing",
    "bench_circuit",
    "get_cell",
    "mean_resistance",
    "size_for",
]

#: Cell classes by name.
CELLS: dict[str, type[NeuronCell]] = {"asn": ASN, "bsn": BSN}


def get_cell(name: str) -> type[NeuronCell]:
    """Return the class of a cell by name.

    Raises
    ------
    UsageError
        For an unknown cell, with the closest known name.

    Examples
    --------
    >>> get_cell("bsn").blocks
    ('mtj', 'input', 'inverters')
    """
    if name.lower() not in CELLS:
        raise UsageError(f"unknown cell {name!r}. {did_you_mean(name.lower(), CELLS)}")
    return CELLS[name.lower()]
