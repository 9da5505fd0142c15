"""A digital block run by itself from Python: many clock cycles in one call, no simulator of circuits involved."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.engines.base import Closing
from spinspice.engines.verilator import Port, compile_block, ports_of
from spinspice.errors import UsageError, did_you_mean
from spinspice.verilog import DigitalBlock

#: Name of the input that is the clock.
CLOCK = "clk"


class ClockedBlock(Closing):
    """A compiled block with its own state. Use it with ``with``.

    Parameters
    ----------
    block : DigitalBlock
        Its module has an input ``clk``.
    vcd : path, optional
        File for the waveforms of all signals; a clock cycle is 1 ns of them.

    Raises
    ------
    EngineNotFound, EngineError
        If the block cannot be compiled.
    """

    def __init__(self, block: DigitalBlock, *, vcd: Path | None = None) -> None:
        compiled = compile_block(block)
        ports = ports_of(compiled)
        self.inputs = tuple(port for port in ports if port.is_input and port.name != CLOCK)
        self.outputs = tuple(port for port in ports if not port.is_input)
        self.cycles = 0
        self._library = ctypes.CDLL(str(compiled))
        self._library.block_new.restype = ctypes.c_void_p
        given = {**block.arguments, **({"vcd": str(vcd)} if vcd else {})}
        words = [word.encode() for pair in given.items() for word in pair]
        texts = (ctypes.c_char_p * len(words))(*words)
        self._handle: Any = ctypes.c_void_p(self._library.block_new(len(words), texts))
        self._places = _places(self.inputs)
        self._state = np.zeros(_words(self.inputs), np.uint32)

    def run(self, rows: Sequence[Mapping[str, int]], repeat: Iterable[int] | None = None) -> dict[str, NDArray[Any]]:
        """Run clock cycles and return the outputs.

        Parameters
        ----------
        rows : sequence of mappings
            Each gives inputs by name; an input keeps its value until it is given another.
        repeat : iterable of int, optional
            Clock cycles for each row; default 1.

        Returns
        -------
        dict
            For each output its values after the last cycle of each row (after the rising edge), shape (rows,): unsigned
            integers, those of ports of more than 64 bits Python's own.

        Raises
        ------
        UsageError
            For an input that the module does not have.
        """
        counts = np.ones(len(rows), np.uint64) if repeat is None else np.asarray(list(repeat), np.uint64)
        table = np.empty((len(rows), self._state.size), np.uint32)
        for row, given in zip(table, rows, strict=True):
            for name, value in given.items():
                place = self._places.get(name)
                if place is None:
                    raise UsageError(f"the digital block has no input {name!r}. {did_you_mean(name, self._places)}")
                self._state[place] = _to_words(value, place.stop - place.start)
            row[:] = self._state
        answers = self.run_words(table, counts)
        return {name: _from_words(answers[:, place]) for name, place in _places(self.outputs).items()}

    def run_words(self, table: NDArray[np.uint32], repeat: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Run clock cycles with ports as 32-bit words, lowest first, in the order of ``inputs`` and ``outputs``."""
        table = np.ascontiguousarray(table, np.uint32)
        repeat = np.ascontiguousarray(repeat, np.uint64)
        answers = np.empty((len(table), _words(self.outputs)), np.uint32)
        self._library.block_run(
            self._handle,
            table.ctypes.data_as(ctypes.c_void_p),
            repeat.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_size_t(len(table)),
            answers.ctypes.data_as(ctypes.c_void_p),
            ctypes.c_uint64(self.cycles),
        )
        self.cycles += int(repeat.sum())
        return answers

    def close(self) -> None:
        """Free the block and complete its waveforms."""
        if self._handle is not None:
            self._library.block_free(self._handle)
            self._handle = None


def _words(ports: Iterable[Port]) -> int:
    return sum((port.width + 31) // 32 for port in ports)


def _places(ports: Iterable[Port]) -> dict[str, slice]:
    """Return where the words of each port stand."""
    places: dict[str, slice] = {}
    start = 0
    for port in ports:
        places[port.name] = slice(start, start + _words((port,)))
        start = places[port.name].stop
    return places


def _to_words(value: int, count: int) -> Any:
    if count == 1:
        return value
    return np.frombuffer(int(value).to_bytes(4 * count, "little"), np.uint32)


def _from_words(words: NDArray[np.uint32]) -> NDArray[Any]:
    if words.shape[1] <= 2:
        shifts = np.array([0, 32], np.uint64)[: words.shape[1]]
        return (words.astype(np.uint64) << shifts).sum(axis=1, dtype=np.uint64)
    return np.array([int.from_bytes(row.tobytes(), "little") for row in words], dtype=object)
