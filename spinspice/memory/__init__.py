"""ST-MRAM as a system: operations on an array, energy and delay per bit, write errors, disturbs, retention."""

from spinspice.benches.memory import MemoryBench, Read, Slot, Timing, Write, memory_bench
from spinspice.memory.circuit_errors import WritePath, circuit_write_errors
from spinspice.memory.disturb import (
    YEAR,
    Disturb,
    ReadDisturb,
    half_select,
    read_current,
    read_disturb,
    retention,
)
from spinspice.memory.figures import MemoryFigures, audit_slot, bit_after, measure_memory, operation_delay
from spinspice.memory.search import nearest_pattern
from spinspice.memory.write_errors import WriteErrors, bare_write_errors, spice_write_errors

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
    "nearest_pattern",
    "operation_delay",
    "read_current",
    "read_disturb",
    "retention",
    "spice_write_errors",
]
