"""A standard-cell library: function, area, capacitances and energies of cells, and its text for a synthesis tool."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
from pathlib import Path
from typing import Any

from spinspice.errors import UsageError, did_you_mean

#: Names of the cells with a clock: flip-flop and clock gate.
FLIP_FLOP, CLOCK_GATE = "dfxtp_1", "dlclkp_1"
#: The table, written by ``scripts/measure_full_system.py``.
CELLS = Path(__file__).with_name("sky130_hd.json")


@dataclasses.dataclass(frozen=True, kw_only=True)
class StandardCell:
    """One cell of a library, SI.

    Parameters
    ----------
    name : str
    output, function : str
        Output pin, and what it is, in the operators ``! & | ^`` of the Liberty format; empty for a cell with a clock.
    area : float
        Of the cell's outline in the foundry's layout [m^2].
    capacitance : mapping of str to float
        Input pin -> capacitance [F].
    toggle : float
        Energy of one transition of the output without load [J].
    silent : float
        Energy of one transition of an input that leaves the output as it is [J].
    clock : float
        Energy of one clock cycle in which nothing changes [J]; 0 without a clock.
    """

    name: str
    output: str
    function: str
    area: float
    capacitance: dict[str, float]
    toggle: float
    silent: float
    clock: float = 0.0

    @property
    def inputs(self) -> tuple[str, ...]:
        """Input pins."""
        return tuple(self.capacitance)

    def truth(self) -> int:
        """Return the truth table: bit n is the output for the inputs that n spells, the first pin lowest.

        >>> bin(StandardCell(name="nand2", output="Y", function="!(A&B)", area=0, capacitance={"A": 0, "B": 0},
        ...     toggle=0, silent=0).truth())
        '0b111'
        """
        return truth_table(self.function, self.inputs)


def truth_table(function: str, inputs: tuple[str, ...]) -> int:
    """Return the truth table of an expression in ``! & | ^``."""
    text = function.replace("!", "~")
    table = 0
    for n, values in enumerate(itertools.product((0, 1), repeat=len(inputs))):
        pins = dict(zip(reversed(inputs), values, strict=True))
        table |= (int(eval(text, {"__builtins__": {}}, pins)) & 1) << n
    return table


@dataclasses.dataclass(frozen=True, kw_only=True)
class CellLibrary:
    """Cells of one process at one supply.

    Parameters
    ----------
    name, source, licence : str
        What it is, how its numbers were made, and the terms of the foundry's cells.
    vdd : float
        Supply [V].
    node : float
        Feature size by which it is scaled [m].
    wire : float
        Capacitance of wire for every pin that a net drives [F]; our choice.
    cells : tuple of StandardCell
    """

    name: str
    source: str
    licence: str
    vdd: float
    node: float
    wire: float
    cells: tuple[StandardCell, ...]

    def cell(self, name: str) -> StandardCell:
        """Return a cell.

        Raises
        ------
        UsageError
            With the closest known name.
        """
        found = {cell.name: cell for cell in self.cells}
        if name not in found:
            raise UsageError(f"{self.name} has no cell {name!r}. {did_you_mean(name, found)}")
        return found[name]

    def liberty(self) -> str:
        """Return areas and functions in the Liberty format; the clock gate is left out: synthesis places it itself."""
        lines = [f'library({self.name}) {{ time_unit : "1ns"; capacitive_load_unit(1, pf);']
        for cell in self.cells:
            if cell.name == CLOCK_GATE:
                continue
            lines.append(f" cell({cell.name}) {{ area : {cell.area * 1e12:.4f};")
            function = cell.function
            if cell.name == FLIP_FLOP:
                lines.append('  ff(IQ, IQN) { clocked_on : "CLK"; next_state : "D"; }')
                function = "IQ"
            for pin in cell.inputs:
                clock = " clock : true;" if pin == "CLK" else ""
                lines.append(f"  pin({pin}) {{ direction : input;{clock} }}")
            lines.append(f'  pin({cell.output}) {{ direction : output; function : "{function}"; }} }}')
        return "\n".join([*lines, "}"]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CellLibrary:
        """Make it of plain data."""
        return cls(**{**data, "cells": tuple(StandardCell(**cell) for cell in data["cells"])})


@functools.cache
def sky130_library() -> CellLibrary:
    """Return the cells of SkyWater's high-density library, as measured by :func:`measure_library` and kept in a table.

    ``python scripts/measure_full_system.py cells`` makes the table again; ``tests/systems/test_gates.py`` measures
    cells of it anew.
    """
    return CellLibrary.from_dict(json.loads(CELLS.read_text()))
