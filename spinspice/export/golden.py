"""Decks of the cells that a designer can read and run without Python: the golden decks of ``netlists/cells``.

``python -m spinspice.export.golden netlists/cells`` writes them anew; a test compares.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from spinspice.benches.readout import readout_circuit
from spinspice.cells import NeuronCell, bench_circuit, get_cell, own_cells
from spinspice.cells.readout import ReadOut
from spinspice.devices import as_two_state
from spinspice.presets import load_preset
from spinspice.units import format_number

#: Decks in netlists/cells: file -> (cell, preset), the junctions on which the cells are characterised by default.
GOLDEN = {f"{name}.cir": (name, kind.preset) for name, kind in sorted(own_cells().items()) if "preset" in vars(kind)}

#: Clock cycles of the deck of a read-out.
CYCLES = 20

_HEAD = """\
{title}
* Written by: python -m spinspice.export.golden netlists/cells
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


_READ_HEAD = """\
* {title}
* Written by: python -m spinspice.export.golden netlists/cells
*
* Run it with any ngspice from 39 on, no Python needed:  ngspice -b readout.cir
* The junction comes from the B-source library below; with OSDI and the compiled verilog_a/mtj_telegraph.va include
* ../spinspice_osdi.lib instead and add "pre_osdi mtj_telegraph.osdi" to .control.
*
* out is at vdd/2 after a read that found the junction antiparallel, else at -vdd/2; state is the junction itself.
* To keep the waveforms, add "write readout.raw" after run. Change stim, bias and seed here.
.param stim=0 bias=0 seed=3
"""

_READ_TAIL = """\
.include ../spinspice_bsource.lib
.temp 26.85
* A comparator decides on millivolts: with the usual reltol of 1e-3 it would decide on the error of the solver.
.options reltol=1e-5
.save v(out) v(state) v(count) v(clk) v(x1.nj) v(x1.nr) i(vdd) i(vss)
.tran {step} {stop} 0 {max_step}
.control
set num_threads=1
set no_mem_check
run
meas tran out_mean avg v(out) from={period} to={stop}
meas tran state_mean avg v(state) from={period} to={stop}
meas tran supply avg i(vdd) from={period} to={stop}
.endc
.end
"""


def readout_deck() -> str:
    """Return a deck of the read-out cell on the scaled junction of Mizrahi et al. 2018."""
    preset = load_preset("mizrahi2018-scaled")
    cell = ReadOut(as_two_state(preset.device, "a read-out reads two states, not a {kind}"))
    timing = cell.timing(50e-9)
    body = [line for line in str(readout_circuit(cell, timing)).splitlines() if line.strip()]
    cards = "\n".join(_fold(line) for line in body if not line.startswith(".title"))
    title = f"Read-out of a junction by a clocked comparator. Junction: {preset.name}."
    # The B-source junction cannot ask for short steps: a tenth of the switching time resolves its switches.
    numbers = {"step": 1e-10, "max_step": 5e-10, "stop": timing.stop(CYCLES), "period": timing.period}
    tail = _READ_TAIL.format(**{name: format_number(value) for name, value in numbers.items()})
    return f"{_READ_HEAD.format(title=title)}{cards}\n{tail}"


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
    return decks | {"readout.cir": readout_deck()}


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for file, text in golden_decks().items():
        (folder / file).write_text(text)
