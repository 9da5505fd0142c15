"""What a writer is given, and what every dialect needs: the parts of a test bench."""

from __future__ import annotations

import dataclasses
import re

from spinspice.cells import Cell
from spinspice.testbench import Testbench

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
