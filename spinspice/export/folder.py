"""What a writer is given, and what every dialect needs: the parts of a test bench."""

from __future__ import annotations

import dataclasses
import re

import spinspice
from spinspice.cells import Cell
from spinspice.testbench import Testbench
from spinspice.units import format_number

#: Text of the files by name, in the order in which they are listed.
Files = dict[str, str]
_SUBCKT = re.compile(r"^\s*\.subckt\b", re.IGNORECASE)
_ENDS = re.compile(r"^\s*\.ends\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """A cell on its test bench, and what its junction is."""

    bench: Testbench
    cell: Cell
    junction: str


def split_circuit(circuit: str) -> tuple[str, str]:
    """Return the subcircuits of a circuit, and the cards outside them.

    >>> split_circuit("Vs a 0 1\\n.subckt d a b\\nR1 a b 1k\\n.ends\\nX1 a 0 d\\n")
    ('.subckt d a b\\nR1 a b 1k\\n.ends\\n', 'Vs a 0 1\\nX1 a 0 d\\n')
    """
    inside: list[str] = []
    outside: list[str] = []
    depth = 0
    for line in circuit.splitlines():
        depth += bool(_SUBCKT.match(line))
        (inside if depth else outside).append(line)
        depth -= bool(_ENDS.match(line))
    return "".join(f"{line}\n" for line in inside), "".join(f"{line}\n" for line in outside)


def wrap_cards(text: str, width: int = 110) -> str:
    """Return cards with long ones folded into ``+`` continuation lines, which people can read."""
    lines: list[str] = []
    for line in text.splitlines():
        start = "+ " if line.startswith("+") else ""
        words = line.removeprefix("+").split()
        current = start.strip()
        for word in words:
            if current and len(current) + 1 + len(word) > width:
                lines.append(current)
                current = "+"
            current = f"{current} {word}" if current else word
        lines.append(current)
    return "".join(f"{line}\n" for line in lines)


def title(job: Job) -> str:
    """Return the first line of a deck, without marks of a comment."""
    return f"{job.bench.title} ({job.junction.split(':')[0]}), exported by spinspice {spinspice.__version__}"


def celsius(bench: Testbench) -> str:
    """Return the temperature of a run in degrees."""
    return format_number(round(bench.temperature - 273.15, 9))


def cell_library(job: Job, subcircuits: str) -> str:
    """Return the file of a cell in SPICE's language: a heading and its subcircuits, long cards folded."""
    return "".join(f"* {line}\n" for line in cell_heading(job)) + wrap_cards(subcircuits)


def cell_heading(job: Job) -> list[str]:
    """Return what the file of a cell begins with, without marks of a comment."""
    cell = job.cell
    sized = "Sized for" if cell.sizing else "For"
    return [
        f"{cell.name.upper()}: ports {', '.join(cell.ports)}; parameter seed of the junction",
        f"Junction: {job.junction}",
        f"Transistors: {cell.technology.name} ({cell.technology.licence})",
        f"{sized} a supply of {cell.vdd:g} V, vdd at {cell.rails[1]:+g} V and vss at {cell.rails[0]:+g} V",
        "Zero-volt sources vm_... are ammeters at the blocks",
    ]
