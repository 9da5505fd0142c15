"""Operations on a memory array as a testbench: writes and reads one after the other, with ideal edges at the ports."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from spinspice.analysis.energy import Source, Terminal
from spinspice.cells.mram import MemoryArray
from spinspice.errors import UsageError, check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench, signals


@dataclasses.dataclass(frozen=True, kw_only=True)
class Timing:
    """When things happen in an operation [s]; our choice, for a junction that switches in some nanoseconds.

    Parameters
    ----------
    write : float
        Write pulse, at half height.
    settle, sense : float
        Read: clamps settle, then the latch decides.
    gap : float
        Before and after every operation.
    edge : float
        Rise and fall of the control signals.
    """

    write: float = 12e-9
    settle: float = 2e-9
    sense: float = 3e-9
    gap: float = 1e-9
    edge: float = 50e-12

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            check_range(field.name, value, 1e-12, 1e-3, unit="s", where=f"Timing.{field.name}")


@dataclasses.dataclass(frozen=True)
class Write:
    """Write a word: one bit a column, 1 = AP, 0 = P, None = leave the column alone (read-before-write)."""

    row: int
    bits: tuple[int | None, ...]


@dataclasses.dataclass(frozen=True)
class Read:
    """Read a word."""

    row: int


Operation = Write | Read


@dataclasses.dataclass(frozen=True)
class Slot:
    """An operation with its times [s]: the stretch it takes, its pulse (``begin`` to ``end``), when sensing starts."""

    operation: Operation
    start: float
    begin: float
    end: float
    stop: float
    sense: float | None = None


@dataclasses.dataclass(frozen=True)
class MemoryBench:
    """A testbench with the schedule of its operations, and the array it is made of."""

    testbench: Testbench
    slots: tuple[Slot, ...]
    array: MemoryArray

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source, for an energy audit."""
        return tuple(Source(name, f"v({name})", f"i(v{name})") for name in _driven(self.array))

    @property
    def terminals(self) -> list[Terminal]:
        """Every metered pin, for an energy audit."""
        array = self.array
        bias = [("v(vdd)", 1.0), ("v(bias)", -1.0)] if array.readable else []
        return [
            *(Terminal("bias", "source", voltage, "i(vibias)", sign) for voltage, sign in bias),
            *array.pin_signals(),
        ]


def memory_bench(
    array: MemoryArray,
    operations: Sequence[Operation],
    *,
    timing: Timing | None = None,
    seed: int = 1,
    save: Sequence[str] = (),
    max_step: float = 2.5e-12,
) -> MemoryBench:
    """Return the testbench of operations on an array.

    Parameters
    ----------
    array : MemoryArray
    operations : sequence of Write and Read
    timing : Timing, optional
    seed : int
        Seed of the junctions' noise; each has its own made of it and its name
        (:func:`spinspice.devices.noise.derived_seed`).
    save : sequence of str
        Signals besides supplies, controls, outputs, mz and current of every junction, and what ammeters measure.
    max_step : float
        Longest time step [s]: default 1/40 of the precession of a 0.33 T magnet, and half a noise step.

    Raises
    ------
    UsageError
        For an operation on a row that is not there, or with another number of bits than columns.
    """
    timing = timing or Timing()
    slots = _schedule(array, operations, timing)
    edges = _edges(slots, timing)
    circuit = Circuit(f"ST-MRAM {array.rows} x {array.columns} on {array.technology.name}")
    circuit.subcircuit(array)
    circuit.X("1", array.name, *array.external_nodes, seed="{seed}")
    circuit.V("vdd", "vdd", circuit.gnd, array.vdd)
    if array.readable:
        circuit.I("bias", "vdd", "ibias", array.sizing.I_read)
        circuit.V("ibias", "ibias", "bias", 0)
    circuit.V("vbit", "vbit", circuit.gnd, array.sizing.v_bit)
    for port in _driven(array)[2:]:
        circuit.V(port, port, circuit.gnd, _pwl(edges.get(port, []), array.vdd, timing.edge))
    stop = slots[-1].stop if slots else 2.0 * timing.gap
    testbench = Testbench.from_pyspice(
        circuit,
        stop=stop,
        step=max_step,
        max_step=max_step,
        save=signals([*_standard_signals(array), *_audit_signals(array), *save]),
        parameters={"seed": seed},
        title=f"ST-MRAM {array.rows} x {array.columns} on {array.technology.name}",
    )
    return MemoryBench(testbench, tuple(slots), array)


def _driven(array: MemoryArray) -> list[str]:
    """Return the ports that a voltage source drives, the two supplies first."""
    return [port for port in array.external_nodes if port != "bias" and not port.startswith("out")]


def _standard_signals(array: MemoryArray) -> list[str]:
    ports = [f"v({port})" for port in array.external_nodes]
    currents = [f"i(v{port})" for port in _driven(array)]
    cells = [(r, c) for r in range(array.rows) for c in range(array.columns)]
    currents += ["i(vibias)"] if array.readable else []
    return [*ports, *currents, *(array.mz(*rc) for rc in cells), *(array.junction_current(*rc) for rc in cells)]


def _audit_signals(array: MemoryArray) -> list[str]:
    pins = array.pin_signals() if array.metered else []
    return [signal for pin in pins for signal in (pin.voltage, pin.current)]


def _schedule(array: MemoryArray, operations: Sequence[Operation], timing: Timing) -> list[Slot]:
    slots: list[Slot] = []
    now = 0.0
    for operation in operations:
        _check(array, operation)
        begin = now + timing.gap
        if isinstance(operation, Write):
            end, sense = begin + timing.write, None
        else:
            sense = begin + timing.settle
            end = sense + timing.sense
        slots.append(Slot(operation, now, begin, end, end + timing.gap, sense))
        now = end + timing.gap
    return slots


def _check(array: MemoryArray, operation: Operation) -> None:
    if not isinstance(operation, Write | Read):
        raise UsageError(f"an operation is Write(row, bits) or Read(row), got {operation!r} (memory_bench).")
    if not 0 <= operation.row < array.rows:
        raise UsageError(f"row {operation.row} of {operation} is not one of 0 to {array.rows - 1} (memory_bench).")
    if isinstance(operation, Read) and not array.readable:
        raise UsageError(
            f"{operation} of an array without sense amplifiers: build it with readable=True (memory_bench)."
        )
    if isinstance(operation, Write):
        bits = operation.bits
        if len(bits) != array.columns or any(bit not in (0, 1, None) for bit in bits):
            raise UsageError(f"{operation} needs {array.columns} bits 0, 1 or None, one a column (memory_bench).")


def _edges(slots: Sequence[Slot], timing: Timing) -> dict[str, list[tuple[float, float]]]:
    """Return for every port the stretches [s] in which it is high."""
    high: dict[str, list[tuple[float, float]]] = {}

    def raise_port(port: str, begin: float, end: float) -> None:
        high.setdefault(port, []).append((begin, end))

    lead = 4.0 * timing.edge  # the word line opens before the bit lines move and closes after they are back
    for slot in slots:
        if isinstance(slot.operation, Read):
            raise_port(f"word{slot.operation.row}", slot.begin, slot.end)
            raise_port("read", slot.begin, slot.end)
            raise_port("sense", slot.sense or slot.begin, slot.end)
            continue
        raise_port(f"word{slot.operation.row}", slot.begin - lead, slot.end + lead)
        for column, bit in enumerate(slot.operation.bits):
            if bit is not None:
                raise_port(f"{'setap' if bit else 'setp'}{column}", slot.begin, slot.end)
    return high


def _pwl(high: Sequence[tuple[float, float]], vdd: float, edge: float) -> Any:
    """Return a source that is at ``vdd`` in the given stretches, counted at half height."""
    if not high:
        return 0
    times, levels = [0.0], [0.0]
    for begin, end in high:
        corners = ((begin, -0.5, 0.0), (begin, 0.5, vdd), (end, -0.5, vdd), (end, 0.5, 0.0))
        # Eight digits, so that sums of times in an array of many operations are written alike.
        times += [float(f"{time + side * edge:.8g}") for time, side, _ in corners]
        levels += [level for _, _, level in corners]
    return Pwl(times, levels).text()
