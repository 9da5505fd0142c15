"""The bench of a cell as text with a gap for its junction: what the instances of a study have in common."""

from __future__ import annotations

import dataclasses
import functools
import re
from typing import Any

from spinspice.benches import cell as bench
from spinspice.cells import Sizing, get_cell
from spinspice.cmos import get_technology
from spinspice.devices import Device
from spinspice.errors import ResultError
from spinspice.testbench import Testbench

#: Supply currents, from which the power follows.
SAVE = ("i(vdd)", "i(vss)")
#: The input source, as :func:`spinspice.cells.bench_circuit` writes it.
INPUT = "Vin vin 0 {vin}\n"


@dataclasses.dataclass(frozen=True)
class Frame:
    """The bench of a cell whose junction is to be put in: text before it, its element with its nodes, text after it,
    and the signals of its state nodes.

    Building a cell anew takes milliseconds, and the samples of a Monte Carlo differ in this one card only.
    """

    base: Testbench
    head: str
    element: str
    tail: str
    states: tuple[str, ...]

    def circuit(self, device: Device) -> str:
        """Return the cards with this junction."""
        values = sorted(device.instance_parameters("{seed}").items())
        card = " ".join([self.element + device.model, *(f"{name}={value}" for name, value in values)])
        return f"{self.head}{card}{self.tail}"


def ramped(circuit: str, ends: tuple[float, float], stop: float) -> str:
    """Return the cards with an input that goes from the first to the second of ``ends`` [V] in ``stop`` [s]."""
    before, source, after = circuit.partition(INPUT)
    if not source:
        raise ResultError(f"the bench of this cell has no input {INPUT.strip()!r} to sweep. Use a cell of spinspice.")
    return f"{before}{INPUT.replace('{vin}', bench.ramp(ends, stop))}{after}"


@functools.lru_cache(maxsize=256)
def frame_of(
    cell: str, cmos: str, corner: str, mismatch: int | None, vdd: float, sizing: Sizing, kind: type[Device]
) -> Frame:
    """Return the bench of a cell, but for its junction."""
    technology = get_technology(cmos, corner)
    if mismatch is not None:
        technology = technology.with_mismatch(mismatch)
    built: Any = get_cell(cell)(kind(), technology, vdd=vdd, sizing=sizing)
    base = bench.cell_testbench(built, stop=1e-9, save=SAVE)
    match = re.search(rf"^(Xmtj .* ){kind.model} .*$", base.circuit, re.MULTILINE)
    if match is None:
        raise ResultError(f"the cell {cell} has no junction named mtj to vary. Use a cell of spinspice.")
    states = built.state_signals()["mtj"]
    return Frame(base, base.circuit[: match.start()], match[1], base.circuit[match.end() :], states)
