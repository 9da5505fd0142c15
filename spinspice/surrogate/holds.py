r"""A cell with its nodes held by sources: currents and capacitances of the nodes, measured.

Two of the voltages (input and nodes with a state) go over a grid, one in ramps up and down, the other in steps between
them; the rest stand where the cell is at rest in the middle of its transition. Nodes without a state are left free and
follow. Half the sum of the current that a source takes on the way up and on the way down is what the cell's elements
send into that node; half the difference, over the slope of the ramp, is :math:`\partial Q_i/\partial x_j`, with what
nodes without a state do to it in first order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.bench import bench_circuit
from spinspice.cells.cell import Cell
from spinspice.devices.laws.resistance import conductance
from spinspice.stimuli import Pwl
from spinspice.surrogate.branches import Pair
from spinspice.surrogate.ramps import frozen
from spinspice.surrogate.skeleton import Skeleton
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Steps and points of a ramp, and its slope [V/s]: our choice. It is slow beside what follows within the cell (0.2 ns
#: at most here), fast enough that 1 fF carries 0.1 uA.
STEPS, POINTS, SLOPE = 41, 121, 1e8
#: How far nodes are held beyond the rails, over the supply, and how far a ramp begins before its grid, over its length.
BEYOND, AHEAD = 0.05, 0.03
#: Points of the tables along each voltage, and digits that are kept: our choice.
GRID, DIGITS = 97, 6
#: What is left out: currents and capacitances below these parts of the largest of their node.
LEAST_CURRENT, LEAST_CHARGE = 1e-3, 0.05


@dataclasses.dataclass(frozen=True)
class Span:
    """Voltages of a grid, even [V]."""

    low: float
    high: float

    @classmethod
    def of(cls, cell: Cell, place: int) -> Span:
        """Return that of the input (0) or of a node."""
        low, high = cell.rails
        more = BEYOND * (high - low) if place else 0.0
        return cls(low - more, high + more)

    @property
    def ramp(self) -> float:
        """Duration of a ramp over it and what lies ahead [s]."""
        return (1.0 + 2.0 * AHEAD) * (self.high - self.low) / SLOPE

    def even(self, points: int) -> Array:
        """Return so many of them."""
        return np.linspace(self.low, self.high, points)


def hold_testbench(
    cell: Cell, skeleton: Skeleton, fast: int, slow: int, anchor: Sequence[float], temperature: float = 300.0
) -> Testbench:
    """Return the run of a cell whose nodes are held: ``fast`` and ``slow`` are places, ``anchor`` [V] all of them."""
    still = cell.rebuilt(probes="none").with_junctions(lambda device: frozen(device, 0.0))
    outer = {node: node if node in still.external_nodes else f"held_{node}" for node in skeleton.nodes}
    circuit = bench_circuit(still)
    first = Span.of(cell, fast)
    (times, ramps), (steps, levels), stop = _course(first, Span.of(cell, slow))
    names = ("vin", *skeleton.nodes)
    for place, name in enumerate(names):
        if place == fast:
            text = Pwl(times, ramps).text()
            value = f"dc {ramps[0]!r} {text}"
        elif place == slow:
            value = f"dc {levels[0]!r} {Pwl(steps, levels).text()}"
        else:
            value = f"dc {float(anchor[place])!r}"
        if place == 0:
            circuit["Vin"].dc_value = value
        else:
            circuit.V(f"hold_{place}", outer[name], circuit.gnd, value)
    bench = Testbench.from_pyspice(
        circuit, stop=stop, step=first.ramp / POINTS, parameters={"seed": 1}, temperature=temperature,
        save=tuple(f"i(vhold_{k + 1})" for k in range(len(skeleton.nodes))),
        title=f"{cell.name} with its nodes held: {names[fast]}, {names[slow]}",
    )  # fmt: skip
    inner = [node for node in skeleton.nodes if outer[node] != node]
    return bench.replace(circuit=_opened(bench.circuit, still.name, inner))


def _opened(text: str, name: str, inner: Sequence[str]) -> str:
    """Return a circuit in which nodes inside the cell are ports, connected to nodes held_..."""
    lines = text.split("\n")
    for k, line in enumerate(lines):
        words = line.split()
        lowered = [word.lower() for word in words]
        if lowered[:2] == [".subckt", name.lower()]:
            end = next((n for n, word in enumerate(words) if "=" in word or word.lower() == "params:"), len(words))
            lines[k] = " ".join([*words[:end], *inner, *words[end:]])
        elif lowered[:1] == ["x1"] and name.lower() in lowered:
            at = len(words) - 1 - lowered[::-1].index(name.lower())
            lines[k] = " ".join([*words[:at], *(f"held_{node}" for node in inner), *words[at:]])
            break
    return "\n".join(lines)


def _course(fast: Span, slow: Span) -> tuple[tuple[list[float], list[float]], tuple[list[float], list[float]], float]:
    """Return corners of the ramps and of the steps, and the end [s]."""
    ahead = AHEAD * (fast.high - fast.low)
    low, high = fast.low - ahead, fast.high + ahead
    ramp = fast.ramp
    pause = 0.1 * ramp
    times, ramps, steps, levels = [0.0], [low], [0.0], [slow.low]
    now = 0.0
    for level in slow.even(STEPS).tolist():
        begin = now + pause
        steps += [now + 0.5 * pause]
        levels += [level]
        times += [begin, begin + ramp, begin + ramp + pause, begin + 2.0 * ramp + pause]
        ramps += [low, high, high, low]
        now = begin + 2.0 * ramp + pause
        steps += [now]
        levels += [level]
    return (times, ramps), (steps, levels), now


@dataclasses.dataclass(frozen=True)
class Raster:
    """What a run says: currents into each node [A] and capacitances to the fast voltage [F], (nodes, fast, slow)."""

    fast: Array
    slow: Array
    current: Array
    charge: Array


def read_raster(waves: Waveforms, nodes: int, fast: Span, slow: Span) -> Raster:
    """Return the raster of a run of :func:`hold_testbench`."""
    from scipy.interpolate import CubicSpline

    ahead = AHEAD * (fast.high - fast.low)
    low, high = fast.low - ahead, fast.high + ahead
    grid, ramp = fast.even(POINTS), fast.ramp
    pause, length = 0.1 * ramp, 2.2 * ramp
    up, down = np.empty((2, nodes, POINTS, STEPS))
    signals = np.array([waves[f"i(vhold_{k + 1})"] for k in range(nodes)])
    for k in range(STEPS):
        begin = k * length + pause
        for out, first, at in (
            (up, begin, begin + (grid - low) / SLOPE),
            (down, begin + ramp + pause, begin + ramp + pause + (high - grid) / SLOPE),
        ):
            inside = slice(*np.searchsorted(waves.time, [first + 0.2 * AHEAD * ramp, first + ramp]))
            out[:, :, k] = CubicSpline(waves.time[inside], signals[:, inside], axis=1)(at)
    return Raster(grid, slow.even(STEPS), 0.5 * (up + down), 0.5 * (down - up) / SLOPE)


def _gordon(along: Raster, across: Raster, which: int, x: Array, y: Array) -> Array:
    """Return a current on a grid from two rasters, each fine along one voltage (Gordon's surface, Math. Comp. 1969)."""
    from scipy.interpolate import RectBivariateSpline

    first, second = along.current[which], across.current[which].T
    fine = RectBivariateSpline(along.fast, along.slow, first), RectBivariateSpline(across.slow, across.fast, second)
    knots = across.slow, along.slow
    coarse = RectBivariateSpline(*knots, 0.5 * (fine[0](*knots) + fine[1](*knots)))
    return np.asarray(fine[0](x, y) + fine[1](x, y) - coarse(x, y))


def measure_pairs(
    cell: Cell, skeleton: Skeleton, anchor: Sequence[float], run: Callable[[Testbench], Waveforms],
    temperature: float = 300.0,
) -> tuple[Pair, ...]:  # fmt: skip
    """Return the tables of all pairs.

    With the anchor X, a current is :math:`I(X) + \\sum_j f_j(x_j) + \\sum_{jk} f_{jk}(x_j, x_k)`, and so is a
    capacitance (an expansion about a point, cut after two voltages).
    """
    return _split([_table(cell, skeleton, pair, anchor, run, temperature) for pair in skeleton.pairs], anchor)


def _table(
    cell: Cell, skeleton: Skeleton, pair: tuple[int, int], anchor: Sequence[float],
    run: Callable[[Testbench], Waveforms], temperature: float,
) -> Pair:  # fmt: skip
    """Return what the cell does at all voltages of a pair while the others stand at the anchor."""
    from scipy.interpolate import RectBivariateSpline

    a, b = pair
    nodes = range(len(skeleton.nodes))
    spans = Span.of(cell, a), Span.of(cell, b)
    along, across = (
        read_raster(run(hold_testbench(cell, skeleton, fast, slow, anchor, temperature)), len(nodes), *both)
        for fast, slow, both in ((a, b, spans), (b, a, spans[::-1]))
    )
    x, y = (span.even(GRID) for span in spans)
    current = np.array([_gordon(along, across, k, x, y) for k in nodes])
    if 1 in pair:
        through = _through(cell, skeleton, x if a == 1 else y)
        current[0] += through[:, None] if a == 1 else through[None, :]
    charge = np.array(
        [
            [RectBivariateSpline(along.fast, along.slow, along.charge[k], kx=1, ky=1)(x, y),
             RectBivariateSpline(across.fast, across.slow, across.charge[k], kx=1, ky=1)(y, x).T]
            for k in nodes
        ]
    )  # fmt: skip
    return Pair(a=a, b=b, x=x, y=y, current=current, charge=charge)


def _split(pairs: list[Pair], anchor: Sequence[float]) -> tuple[Pair, ...]:
    """Return pairs that add up: each current and capacitance without what another pair says already.

    Pairs come in the order of what their two voltages do together, so that what depends on one alone goes to a table
    that is there anyway. Tables that hardly vary become zeros, constants go where a table is, for each one costs time.
    """
    nodes = range(len(pairs[0].current))
    currents = [pair.current.copy() for pair in pairs]
    charges = [pair.charge.copy() for pair in pairs]
    whole = [_Table(pair, anchor, currents[k]) for k, pair in enumerate(pairs)]
    for i in nodes:
        _share([part.of(i) for part in whole], LEAST_CURRENT)
    own = [
        max(np.abs(pair.charge[i, side]).max() for pair in pairs for side in (0, 1) if (pair.a, pair.b)[side] == i + 1)
        for i in nodes
    ]
    for by in range(len(nodes) + 1):
        holding = [(k, (pair.a, pair.b).index(by)) for k, pair in enumerate(pairs) if by in (pair.a, pair.b)]
        parts = [_Table(pairs[k], anchor, charges[k][:, side]) for k, side in holding]
        for i in nodes:
            _share([part.of(i) for part in parts], 0.0, LEAST_CHARGE * own[i])
    return tuple(
        dataclasses.replace(pair, current=_rounded(current), charge=_rounded(charge))
        for pair, current, charge in zip(pairs, currents, charges, strict=True)
    )


@dataclasses.dataclass(frozen=True)
class _Table:
    """Values of a pair (..., x, y), which are changed in place, and where its anchor is."""

    pair: Pair
    anchor: Sequence[float]
    values: Array

    def of(self, node: int) -> _Table:
        return _Table(self.pair, self.anchor, self.values[node])

    def parts(self) -> tuple[float, Array, Array, Array]:
        """Return the constant, what each voltage does alone, and what is left: (), (x,), (y,), (x, y)."""
        x, y = self.anchor[self.pair.a], self.anchor[self.pair.b]
        along = np.array([np.interp(y, self.pair.y, row) for row in self.values])
        across = np.array([np.interp(x, self.pair.x, column) for column in self.values.T])
        constant = float(np.interp(x, self.pair.x, along))
        along, across = along - constant, across - constant
        return constant, along, across, self.values - constant - along[:, None] - across


def _share(tables: list[_Table], least: float, floor: float = 0.0) -> None:
    """Change tables of one quantity, so that they add up to it."""
    parts = [table.parts() for table in tables]
    together = [float(np.abs(part[3]).max()) for part in parts]
    known: set[int] = set()
    varies, constant = [0.0] * len(tables), parts[0][0]
    largest = max(float(np.ptp(table.values)) for table in tables)
    for k in np.argsort(together)[::-1]:
        table, (_, along, across, mixed) = tables[k], parts[k]
        pair = table.pair
        table.values[...] = mixed + (0.0 if pair.a in known else along[:, None]) + (0.0 if pair.b in known else across)
        varies[k] = float(np.abs(table.values).max())
        if varies[k] <= max(least * largest, floor):
            table.values[...] = 0.0
        known |= {pair.a, pair.b}
    if max(*varies, abs(constant)) > floor:
        tables[int(np.argmax(varies))].values[...] += constant


def _rounded(tables: Array) -> Array:
    """Return tables (..., x, y) with few digits, counted from the largest number of each."""
    most = np.abs(tables).max(axis=(-2, -1), keepdims=True)
    unit = 10.0 ** (np.floor(np.log10(np.where(most > 0.0, most, 1.0))) + 1 - DIGITS)
    return np.asarray(np.round(tables / unit) * unit)


def _through(cell: Cell, skeleton: Skeleton, volts: Array) -> Array:
    """Return the current of the junction that was there, out of its node [A]."""
    across = volts - dict(zip(("vss", "vdd"), cell.rails, strict=True)).get(skeleton.fixed, 0.0)
    return np.asarray(conductance(cell.device, across, 0.0) * across)
