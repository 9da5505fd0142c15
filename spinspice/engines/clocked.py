"""A digital block run by itself from Python: many clock cycles in one call, no simulator of circuits involved."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spinspice.digital import DigitalBlock
from spinspice.engines.verilator import Port, compile_block, ports_of
from spinspice.errors import UsageError, did_you_mean

#: Name of the input that is the clock.
CLOCK = "clk"


class ClockedBlock:
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
        self._state = dict.fromkeys((port.name for port in self.inputs), 0)

    def run(self, rows: Sequence[Mapping[str, int]], repeat: Iterable[int] | None = None) -> dict[str, list[int]]:
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
            For each output its values after the last cycle of each row (after the rising edge).

        Raises
        ------
        UsageError
            For an input that the module does not have.
        """
        counts = np.ones(len(rows), np.uint64) if repeat is None else np.asarray(list(repeat), np.uint64)
        table = np.empty((len(rows), _words(self.inputs)), np.uint32)
        for row, given in zip(table, rows, strict=True):
            for name in given:
                if name not in self._state:
                    raise UsageError(f"the digital block has no input {name!r}. {did_you_mean(name, self._state)}")
            self._state.update(given)
            row[:] = np.concatenate([_to_words(self._state[port.name], port.width) for port in self.inputs])
        answers = self.run_words(table, counts)
        found: dict[str, list[int]] = {}
        start = 0
        for port in self.outputs:
            width = _words((port,))
            found[port.name] = [int.from_bytes(row.tobytes(), "little") for row in answers[:, start : start + width]]
            start += width
        return found

    def run_words(self, table: NDArray[np.uint32], repeat: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Run clock cycles with ports as 32-bit words, lowest first, in the order of :attr:`inputs`, :attr:`outputs`."""
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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _words(ports: Iterable[Port]) -> int:
    return sum((port.width + 31) // 32 for port in ports)


def _to_words(value: int, width: int) -> NDArray[np.uint32]:
    count = (width + 31) // 32
    return np.frombuffer(int(value).to_bytes(4 * count, "little"), np.uint32)
