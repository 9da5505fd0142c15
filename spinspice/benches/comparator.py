"""Runs of a comparator by itself: a search for its offset, and decisions at given differences of its inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import Source
from spinspice.cells.bench import add_loads
from spinspice.cells.comparator import Comparator
from spinspice.cells.own_comparator import OwnComparator
from spinspice.errors import UsageError
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pulse, Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Clock period [s]: ten times and more what any comparator here takes to decide on 0.1 mV.
PERIOD, RISE = 20e-9, 20e-12
#: Accuracy at which decisions on 0.1 mV are right (measured: with the usual 1e-3 they are not at 1 mV).
OPTIONS = {"reltol": 1e-6, "vntol": 1e-9, "abstol": 1e-15}
#: Of comparators from netlists, whose nodes lie volts from ground: at 1e-15 A some do not start (measured); a node of
#: 1 fF that moves by 0.1 mV in 10 ps takes 1e-8 A.
OWN_OPTIONS = {**OPTIONS, "abstol": 1e-13}
#: Search for the offset: steps shrink by this factor a cycle; 0.62 leaves room to mend a wrong turn.
SHRINK, SEARCH_CYCLES = 0.62, 19
#: Farthest offset that the search reaches [V].
REACH = 250e-3
#: A comparator that spinspice drew, or one from a netlist.
AnyComparator = Comparator | OwnComparator
_HOLD = 1e-9  # capacitor of the search [F]


def bench(cell: AnyComparator, period: float = PERIOD) -> Circuit:
    """Return rails, clock, loads, what holds further ports, and the comparator X1, without sources at its inputs."""
    circuit = Circuit(f"{cell.topology} comparator on {cell.technology.name}")
    circuit.subcircuit(cell)
    circuit.X("1", cell.name, *cell.ports)
    low, high = (level - zero(cell) for level in cell.rails)
    circuit.V("vdd", "vdd", circuit.gnd, high)
    circuit.V("vss", "vss", circuit.gnd, low)
    half = period / 2
    for port, levels in (("clk", (low, high)), ("clkb", (high, low))):
        if port in cell.ports:
            times = {"delay": half, "rise": RISE, "fall": RISE, "width": half - RISE, "period": period}
            circuit.V(port, port, circuit.gnd, Pulse(low=levels[0], high=levels[1], **times).text())
    for port, voltage in cell.bias.items():
        circuit.V(f"bias_{port}", port, circuit.gnd, voltage - zero(cell))
    for port, waveform in cell.sources.items():
        circuit.V(f"drive_{port}", port, circuit.gnd, waveform.text())
    add_loads(circuit, cell)
    return circuit


def sources(cell: AnyComparator) -> tuple[Source, ...]:
    """Return the sources of the bench, those of the inputs included."""
    plain = [name for name in ("vdd", "vss", "clk", "clkb", "inp", "inn") if name in (*cell.ports, "vss")]
    named = {name: f"v{name}" for name in plain} | {port: f"vbias_{port}" for port in cell.bias}
    named |= {port: f"vdrive_{port}" for port in cell.sources}
    return tuple(Source(node, f"v({node})", f"i({name})") for node, name in named.items())


def zero(cell: AnyComparator) -> float:
    """Return the voltage of a comparator's file that is ground on the bench [V]: its common mode where that can be.

    What a circuit does depends on differences, so where it does not use ground itself, nor sources of its own, the
    inputs lie about 0 V, as those of the built-in comparators. At the tolerances of the search some instances of
    mismatch do not start otherwise (1 of 20, measured), and rounding is smaller.
    """
    if isinstance(cell, OwnComparator) and cell.floats:
        return cell.common_mode
    return 0.0


def common_mode(cell: AnyComparator) -> float:
    """Return the voltage of the bench about which the inputs are compared [V]."""
    return cell.common_mode - zero(cell) if isinstance(cell, OwnComparator) else cell.middle


def middle(cell: AnyComparator) -> float:
    """Return the middle of the supply on the bench [V]."""
    return cell.middle - zero(cell)


def decision_signals(cell: AnyComparator) -> tuple[str, ...]:
    """Return the signals that tell a decision."""
    return tuple(f"v({port})" for port in cell.outputs)


def decision(cell: AnyComparator, waveforms: Waveforms) -> NDArray[np.float64]:
    """Return the decision over time [V]: above 0 where inp was higher.

    ``out`` against the middle of the supply. Of a comparator with two outputs, half their difference: it is 0 while
    both are reset. Half, so that it spans the same range.
    """
    if "outb" in cell.outputs:
        return np.asarray(0.5 * (waveforms["v(out)"] - waveforms["v(outb)"]))
    return np.asarray(waveforms["v(out)"] - middle(cell))


def _decision_expression(cell: AnyComparator) -> str:
    """Return :func:`decision` in ngspice's words."""
    if "outb" in cell.outputs:
        return "(V(out)-V(outb))/2"
    return f"(V(out)-{middle(cell)!r})" if middle(cell) else "V(out)"


def offset_testbench(cell: AnyComparator, period: float = PERIOD) -> Testbench:
    """Return a run in which the input is driven to where the comparator changes its mind.

    A charge proportional to the last decision, smaller by :data:`SHRINK` each cycle, moves inp down after a 1 and up
    after a 0: a search by successive approximation within one transient. inn stays at the common mode. Outputs that
    are reset say something for half a cycle only, so the charge of that half is made larger.
    """
    circuit = bench(cell, period)
    common = common_mode(cell)
    circuit.V("inn", "inn", circuit.gnd, common or 0)
    first = REACH * (1.0 - SHRINK)
    pace = -math.log(SHRINK) / period
    peak = first * _HOLD * pace / (1.0 - SHRINK)
    if is_reset(cell):
        peak *= (1.0 - SHRINK) / (1.0 - math.sqrt(SHRINK))
    circuit.C("search", "inp", circuit.gnd, _HOLD)
    # A path for the gate current at the start; 1 ms, slow beside the run.
    circuit.R("search", "inp", "start" if common else circuit.gnd, 1e6)
    if common:
        circuit.V("start", "start", circuit.gnd, common)
    low = f"{cell.vdd / 2!r}"
    # Comes on within a hundredth of a period: a current that jumps stops the solver.
    on = f"(0.5+0.5*tanh((time-{period!r})/{period / 100!r}))"
    charge = f"{on}*{peak!r}*exp(-(time-{period!r})*{pace!r})*{_decision_expression(cell)}/{low}"
    circuit.BehavioralSource("search", "inp", circuit.gnd, current_expression=charge)
    return Testbench.from_pyspice(
        circuit,
        stop=(SEARCH_CYCLES + 1.4) * period,
        step=RISE,
        max_step=period / 8,
        save=("v(inp)", *decision_signals(cell)),
        options=OWN_OPTIONS if isinstance(cell, OwnComparator) else OPTIONS,
    )


def is_reset(cell: AnyComparator) -> bool:
    """Return whether the outputs are reset between decisions, as far as is known."""
    return isinstance(cell, OwnComparator) and bool(cell.design.idle)


def check_idle(cell: AnyComparator, waveforms: Waveforms, period: float) -> None:
    """Check that the two outputs of a netlist's comparator stand between decisions where the cell file says.

    Raises
    ------
    UsageError
        With the line that is missing or wrong.
    """
    if not isinstance(cell, OwnComparator) or "outb" not in cell.outputs:
        return
    before = np.array([2.5, 3.5]) * period - RISE
    levels = np.array([np.interp(before, waveforms.time, waveforms[f"v({port})"]) for port in ("out", "outb")])
    together = bool(np.all(np.abs(levels[0] - levels[1]) < 0.1 * cell.vdd))
    seen = "" if not together else ("high" if levels.mean() > middle(cell) else "low")
    if seen != cell.design.idle:
        said = f'idle = "{cell.design.idle}"' if cell.design.idle else "no idle"
        found = f'both stand {seen}. Write idle = "{seen}"' if seen else "they hold their decision. Leave idle out"
        raise UsageError(f"{cell.kind}: its file has {said}, but before the clock edges {found} in the cell file.")


def offset(waveforms: Waveforms, common: float = 0.0) -> float:
    """Return the offset [V] of a search: inp against inn at the end; NaN where it lies beyond :data:`REACH`.

    Beyond, all decisions are the same, and the search runs one way into its end. ``common`` is the voltage of inn [V].
    """
    way = waveforms["v(inp)"] - common
    value = float(way[-1])
    # Half of the smallest step that the search takes in its first cycles tells a turn from the feed-through of a clock.
    turned = np.ptp(way) - abs(value - way[0]) > 0.25 * REACH * (1.0 - SHRINK) * SHRINK**8
    return value if turned and abs(value) < 0.95 * REACH else math.nan


def decisions_testbench(
    cell: AnyComparator, differences: Sequence[float], save: Sequence[str] = (), period: float = PERIOD
) -> Testbench:
    """Return a run that decides on +d and -d [V] in turn for every difference d, so that every decision is a change."""
    circuit = bench(cell, period)
    values = [half for d in differences for half in (d / 2, -d / 2)]
    common = common_mode(cell)
    for name, sign in (("inp", 1.0), ("inn", -1.0)):
        times, levels = [], []
        for k, value in enumerate(values):
            times += [k * period, (k + 1) * period - RISE]
            levels += [common + sign * value] * 2
        circuit.V(name, name, circuit.gnd, Pwl(times, levels).text())
    clock = tuple(f"v({port})" for port in ("clk", "clkb") if port in cell.ports)
    return Testbench.from_pyspice(
        circuit,
        stop=len(values) * period,
        step=RISE,
        max_step=period / 8,
        save=tuple(dict.fromkeys([*decision_signals(cell), *clock, *save])),
        options=OWN_OPTIONS if isinstance(cell, OwnComparator) else OPTIONS,
    )


def decision_times(
    cell: AnyComparator, waveforms: Waveforms, count: int, period: float = PERIOD
) -> NDArray[np.float64]:
    """Return the time from clock edge to output [s] of ``count`` decisions that each change it; NaN for a wrong one.

    The output has decided when ``out`` passes the middle of the supply; outputs that are reset, when their difference
    passes half the supply (our choice).
    """
    time, out = waveforms.time, decision(cell, waveforms)
    level = cell.vdd / 4 if is_reset(cell) else 0.0
    times = np.full(count, np.nan)
    for k in range(count):
        edge = (k + 0.5) * period + RISE / 2
        part = (time > edge) & (time < edge + period / 2 - 2 * RISE)
        wanted = out[part] * (1.0 if k % 2 == 0 else -1.0) - level
        if not part.any() or wanted[-1] <= 0.0 or wanted[0] > 0.0:
            continue
        after = int(np.argmax(wanted > 0.0))
        t, v = time[part], wanted
        times[k] = t[after - 1] - v[after - 1] * (t[after] - t[after - 1]) / (v[after] - v[after - 1]) - edge
    return times
