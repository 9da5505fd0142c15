"""Decks of the cells that a designer can read and run without Python: the golden decks of ``netlists/cells``.

``python -m spinspice.cells.golden netlists/cells`` writes them anew; a test compares.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from spinspice.cells import NeuronCell, bench_circuit, get_cell
from spinspice.presets import load_preset
from spinspice.units import format_number

#: Decks in netlists/cells: file -> (cell, preset), the junctions on which the cells are characterised by default.
GOLDEN = {"asn.cir": ("asn", "ganguly2018"), "bsn.cir": ("bsn", "faria2021")}

_HEAD = """\
{title}
* Written by: python -m spinspice.cells.golden netlists/cells
*
* Run it with any ngspice from 39 on, no Python needed:  ngspice -b {name}.cir
* The junction comes from the B-source library below. With OSDI and the compiled verilog_a/mtj_macrospin.va the same
* circuit runs faster: include ../spinspice_osdi.lib instead and add "pre_osdi mtj_macrospin.osdi" to .control.
*
* To keep the waveforms, add "write {name}.raw" after run. Change vin and seed here; the same seed gives the same noise.
.param vin=0 seed=1
"""

_TAIL = """\
.include ../spinspice_bsource.lib
.temp 26.85
* The junction's noise has a corner every 5 ps and the step resolves it; the default trtol=7 would reject steps in vain.
.options trtol=100
.save v(vin) v(mid) v(out) v(x1.mx) i(vdd) i(vss) {currents}
.tran {step} {stop} 0 {max_step}
.control
set num_threads=1
set no_mem_check
run
meas tran mid_1ns find v(mid) at=1n
meas tran mean_out avg v(out) from={settle} to={stop}
meas tran mean_mid avg v(mid) from={settle} to={stop}
meas tran supply avg i(vdd) from={settle} to={stop}
.endc
.end
"""


def deck(cell: NeuronCell, title: str, *, step: float, max_step: float, stop: float = 10e-9) -> str:
    """Return a deck of the cell on its bench that plain ``ngspice -b`` runs beside the library of junctions.

    Parameters
    ----------
    cell : NeuronCell
    title : str
        First lines of the deck.
    step, max_step, stop : float
        Suggested and longest time step, and duration [s].
    """
    body = [line for line in str(bench_circuit(cell)).splitlines() if line.strip() and not line.startswith(".title")]
    currents = " ".join(cell.current_signal(f"vm_{block}") for block in cell.blocks)
    numbers = {"step": step, "max_step": max_step, "stop": stop, "settle": stop / 10}
    tail = _TAIL.format(currents=currents, **{name: format_number(value) for name, value in numbers.items()})
    comment = "\n".join(textwrap.wrap(title, 110, initial_indent="* ", subsequent_indent="* "))
    cards = "\n".join(_fold(line) for line in body)
    return f"{_HEAD.format(title=comment, name=cell.name)}{cards}\n{tail}"


def _fold(card: str, width: int = 118) -> str:
    """Return a card on lines of readable length, continued with ``+``."""
    return "\n+ ".join(textwrap.wrap(card, width, break_long_words=False, break_on_hyphens=False))


def golden_decks() -> dict[str, str]:
    """Return the decks of ``netlists/cells`` by file name."""
    decks = {}
    for file, (name, preset_name) in GOLDEN.items():
        preset = load_preset(preset_name)
        kind = get_cell(name)
        title = f"{(kind.__doc__ or name).splitlines()[0]} Junction: {preset.title} ({preset.name})."
        parameters = preset.device.parameters()
        cell = kind(preset.device, vdd=preset.cell["vdd"])
        # ngspice starts from .tran's step; from this one it lands on multiples of max_step (netlists/README.md).
        decks[file] = deck(cell, title, step=0.78125 * parameters["max_step"], max_step=parameters["max_step"])
    return decks


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for file, text in golden_decks().items():
        (folder / file).write_text(text)
