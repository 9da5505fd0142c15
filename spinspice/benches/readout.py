"""Bench of a readout cell: rails, clock, bias line, stimulus; and its runs. Many: `spinspice.networks.readouts`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from spinspice.cells.bench import LOAD
from spinspice.cells.read_bias import ReadBias
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph
from spinspice.devices.telegraph import MIN_SWITCHING
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench

#: Relative accuracy of the solver. A comparator decides on millivolts beside a supply of a volt: with the usual 1e-3
#: it decides on the solver's error (measured: right to 0.1 mV with 1e-6, to 1 mV with 1e-5).
OPTIONS = {"reltol": 1e-5}
#: Barrier of a frozen or dead junction [k_B T]: the largest that the compact models take.
FROZEN = 200.0
#: Signals of every run.
SIGNALS = ("v(out)", "v(state)", "v(count)")


def read_bias(cell: ReadOut) -> ReadBias:
    """Return the source of the gate line for cells like this one, with ammeters as they have them."""
    return ReadBias(cell.technology, cell.read_current, vdd=cell.vdd, probes=cell.probes)


def add_rails(
    circuit: Circuit, cell: ReadOut, timing: ReadTiming, pb: float | None = None, off: Collection[str] = ()
) -> None:
    """Add what read-outs of one kind share: supply, clock, read pulse and the gate line of the read currents.

    Nodes: vdd, vss, clk, isolate, read, pb. Sources: ``vdd``, ``vss``, ``vclk``, ``visolate``, ``vread``. With ``pb``
    [V] a source of this name holds the gate line, instead of the diode that generates it (for an energy audit).
    Pulses in ``off`` stay low.
    """
    if pb is None:
        bias = read_bias(cell)
        circuit.subcircuit(bias)
        circuit.X("bias", bias.name, "pb", "vdd", "vss")
    else:
        circuit.V("pb", "pb", circuit.gnd, pb)
    circuit.V("dd", "vdd", circuit.gnd, cell.vdd / 2)
    circuit.V("ss", "vss", circuit.gnd, -cell.vdd / 2)
    for name, source in timing.pulses(cell.vdd, off).items():
        circuit.V(name, name, circuit.gnd, source)


def readout_circuit(
    cell: ReadOut, timing: ReadTiming, *, load: float = LOAD, pb: float | None = None, off: Collection[str] = ()
) -> Circuit:
    """Return a PySpice circuit of one read-out: stimulus {stim} (volts or amperes), shift {bias}, seed {seed},
    and trim code {trim} where the comparator has a trim pair.

    Nodes carry the names of the cell's ports, the cell is X1; ``load`` [F] hangs on ``out``; ``pb`` and
    ``off`` as for :func:`add_rails`.
    """
    circuit = Circuit(f"{cell.name} on {cell.technology.name}")
    circuit.subcircuit(cell)
    add_rails(circuit, cell, timing, pb, off)
    by_voltage = cell.device.drive == 0.0
    place, ends = (circuit.V, ("stim", circuit.gnd)) if by_voltage else (circuit.I, (circuit.gnd, "stim"))
    place("stim", *ends, "{stim}")
    circuit.X("1", cell.name, *cell.ports, seed="{seed}", **({"trim": "{trim}"} if cell.trimmed else {}))
    circuit.V("bias", "bias", circuit.gnd, "{bias}")
    circuit.C("load", "out", circuit.gnd, load)
    return circuit


def resolvable(cell: ReadOut, stop: float) -> ReadOut:
    """Return the cell with a switching time that an engine resolves in a run of ``stop`` [s]: 1e-9 of it or more."""
    device = cell.device.resolvable(stop, MIN_SWITCHING)
    return cell if device is cell.device else cell.rebuilt(device=device)


def freeze(cell: ReadOut, state: int, **changes: Any) -> ReadOut:
    """Return the cell with a junction that stays in ``state`` (0: P, 1: AP), and other ``changes``.

    Its barrier is beyond thermal energy and its critical value beyond any voltage: that of the cell itself is reached
    for some 10 ps by the charge of switches.
    """
    device = cell.device
    frozen = device.replace(delta=FROZEN, V_c=1e6 * device.V_c, I_c=1e6 * device.I_c, state0=float(state))
    return cell.rebuilt(device=frozen, **changes)


def first_step(device: Telegraph, drives: Sequence[float]) -> float:
    """Return a first step of the solver [s]: a tenth of the shortest mean stay at these drives."""
    return 0.1 / max(float(rate) for drive in drives for rate in device.escape_rates(drive))


def readout_testbench(
    cell: ReadOut,
    timing: ReadTiming,
    count: int,
    *,
    stim: float = 0.0,
    bias: float = 0.0,
    seed: int = 1,
    trim: int = 0,
    off: Collection[str] = (),
    save: Sequence[str] = (),
) -> Testbench:
    """Return a run of one read-out cell for ``count`` bits.

    Parameters
    ----------
    cell : ReadOut
    timing : ReadTiming
    count : int
        Bits.
    stim : float
        Stimulus [V], or [A] for a junction driven by current.
    bias : float
        Shift V_0 [V].
    seed : int
        Seed of the junction.
    trim : int
        Trim code of the comparator.
    off : collection of str
        Pulses that are switched off: ``clk`` (the comparator), ``isolate`` and ``read`` (all of the read).
    save : sequence of str
        Signals besides :data:`SIGNALS`.
    """
    stop = timing.stop(count)
    cell = resolvable(cell, stop)
    device = cell.device
    drive = stim / device.I_c if device.drive else (stim - bias) / device.V_c
    return Testbench.from_pyspice(
        readout_circuit(cell, timing, off=off),
        stop=stop,
        step=min(first_step(device, [drive]), timing.settle / 4),
        max_step=timing.period / 4,
        save=(*SIGNALS, *save),
        parameters={"stim": stim, "bias": bias, "seed": seed, "trim": trim},
        options=OPTIONS,
        title=f"read-out of {device.model} at {stim:g}",
    )
