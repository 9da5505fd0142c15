"""Runs of a comparator by itself: a search for its offset, and decisions at given differences of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySpice.Spice.Netlist import Circuit

from spinspice.analysis.energy import Source
from spinspice.cells.bench import LOAD
from spinspice.cells.comparator import Comparator
from spinspice.stimuli import Pulse, Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Clock period [s]: ten times and more what any comparator here takes to decide on 0.1 mV.
PERIOD, RISE = 20e-9, 20e-12
#: Accuracy at which decisions on 0.1 mV are right (measured: with the usual 1e-3 they are not at 1 mV).
OPTIONS = {"reltol": 1e-6, "vntol": 1e-9, "abstol": 1e-15}
#: Search for the offset: steps shrink by this factor a cycle; 0.62 leaves room to mend a wrong turn.
SHRINK, SEARCH_CYCLES = 0.62, 19
#: Farthest offset that the search reaches [V].
REACH = 250e-3
#: Sources of the bench.
SOURCES = tuple(Source(name, f"v({name})", f"i(v{name})") for name in ("vdd", "vss", "clk", "inp", "inn"))
_HOLD = 1e-9  # capacitor of the search [F]


def bench(cell: Comparator, period: float = PERIOD) -> Circuit:
    """Return rails, clock, load and the comparator X1, without sources at its inputs."""
    circuit = Circuit(f"{cell.topology} comparator on {cell.technology.name}")
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, *cell.ports)
    circuit.V("vdd", "vdd", circuit.gnd, cell.vdd / 2)
    circuit.V("vss", "vss", circuit.gnd, -cell.vdd / 2)
    low, high = -cell.vdd / 2, cell.vdd / 2
    half = period / 2
    clock = Pulse(low=low, high=high, delay=half, rise=RISE, fall=RISE, width=half - RISE, period=period)
    circuit.V("clk", "clk", circuit.gnd, clock.text())
    circuit.C("load", "out", circuit.gnd, LOAD)
    return circuit


def offset_testbench(cell: Comparator) -> Testbench:
    """Return a run in which the input is driven to where the comparator changes its mind.

    A charge proportional to the last decision, smaller by :data:`SHRINK` each cycle, moves inp down after a 1 and up
    after a 0: a search by successive approximation within one transient. inn stays at 0 V.
    """
    circuit = bench(cell)
    circuit.V("inn", "inn", circuit.gnd, 0)
    first = REACH * (1.0 - SHRINK)
    pace = -math.log(SHRINK) / PERIOD
    peak = first * _HOLD * pace / (1.0 - SHRINK)
    circuit.C("search", "inp", circuit.gnd, _HOLD)
    circuit.R("search", "inp", circuit.gnd, 1e6)  # a path for the gate current at the start; 1 ms, slow beside the run
    low = f"{cell.vdd / 2!r}"
    # Comes on within a hundredth of a period: a current that jumps stops the solver.
    on = f"(0.5+0.5*tanh((time-{PERIOD!r})/{PERIOD / 100!r}))"
    charge = f"{on}*{peak!r}*exp(-(time-{PERIOD!r})*{pace!r})*V(out)/{low}"
    circuit.BehavioralSource("search", "inp", circuit.gnd, current_expression=charge)
    return Testbench.from_pyspice(
        circuit,
        stop=(SEARCH_CYCLES + 1.4) * PERIOD,
        step=RISE,
        max_step=PERIOD / 8,
        save=("v(inp)", "v(out)"),
        options=OPTIONS,
    )


def offset(waveforms: Waveforms) -> float:
    """Return the offset [V] of a search, NaN where it ran into its end: inp at the last clock edge."""
    value = float(waveforms["v(inp)"][-1])
    return value if abs(value) < 0.95 * REACH else math.nan


def decisions_testbench(cell: Comparator, differences: Sequence[float], save: Sequence[str] = ()) -> Testbench:
    """Return a run that decides on +d and -d [V] in turn for every difference d, so that every decision is a change."""
    circuit = bench(cell)
    values = [half for d in differences for half in (d / 2, -d / 2)]
    times = [time for k in range(len(values)) for time in (k * PERIOD, (k + 1) * PERIOD - RISE)]
    for name, sign in (("inp", 1.0), ("inn", -1.0)):
        wave = Pwl(times, [sign * value for value in values for _ in range(2)])
        circuit.V(name, name, circuit.gnd, wave.text())
    return Testbench.from_pyspice(
        circuit,
        stop=len(values) * PERIOD,
        step=RISE,
        max_step=PERIOD / 8,
        save=("v(out)", "v(clk)", *save),
        options=OPTIONS,
    )


def decision_times(waveforms: Waveforms, count: int) -> NDArray[np.float64]:
    """Return the time from clock edge to output [s] of ``count`` decisions that each change it; NaN for a wrong one."""
    time, out = waveforms.time, waveforms["v(out)"]
    times = np.full(count, np.nan)
    for k in range(count):
        edge = (k + 0.5) * PERIOD + RISE / 2
        part = (time > edge) & (time < edge + PERIOD / 2 - 2 * RISE)
        wanted = out[part] * (1.0 if k % 2 == 0 else -1.0)
        if not part.any() or wanted[-1] <= 0.0 or wanted[0] > 0.0:
            continue
        after = int(np.argmax(wanted > 0.0))
        t, v = time[part], wanted
        times[k] = t[after - 1] - v[after - 1] * (t[after] - t[after - 1]) / (v[after] - v[after - 1]) - edge
    return times
