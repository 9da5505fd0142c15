"""ST-MRAM as a system: operations on an array, energy and delay per bit, write errors, disturbs, retention."""

from spinspice.systems.memory.bench import MemoryBench, Read, Slot, Timing, Write, memory_bench
from spinspice.systems.memory.circuit_errors import WritePath, circuit_write_errors
from spinspice.systems.memory.disturb import (
    YEAR,
    Disturb,
    ReadDisturb,
    half_select,
    read_current,
    read_disturb,
    retention,
)
from spinspice.systems.memory.figures import MemoryFigures, audit_slot, bit_after, measure_memory, operation_delay
from spinspice.systems.memory.write_errors import WriteErrors, bare_write_errors, spice_write_errors

__all__ = [
    "YEAR",
    "Disturb",
    "MemoryBench",
    "MemoryFigures",
    "Read",
    "ReadDisturb",
    "Slot",
    "Timing",
    "Write",
    "WriteErrors",
    "WritePath",
    "audit_slot",
    "bare_write_errors",
    "bit_after",
    "circuit_write_errors",
    "half_select",
    "measure_memory",
    "memory_bench",
    "operation_delay",
    "read_current",
    "read_disturb",
    "retention",
    "spice_write_errors",
]
