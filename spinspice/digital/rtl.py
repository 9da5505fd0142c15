"""The Verilog itself, operation by operation from Python: what the model in `backend` is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.digital.backend import PHASES, BackEnd, Operation
from spinspice.engines.clocked import ClockedBlock
from spinspice.errors import EngineError

_IDLE, _READY = PHASES.index("idle"), PHASES.index("ready")


class Rtl:
    """The compiled Verilog of a `BackEnd`. Use it with ``with``.

    Parameters
    ----------
    backend : BackEnd
    weights : array of int, shape (outputs, inputs)
    vcd : path, optional
        File for the waveforms of all signals.
    """

    def __init__(self, backend: BackEnd, weights: ArrayLike, *, vcd: Path | None = None) -> None:
        self.backend = backend
        words = backend.check_weights(weights).ravel()
        self._block = ClockedBlock(backend.block(), vcd=vcd)
        self._before = (0, 0)
        mask = 2**backend.weight_bits - 1
        self._block.run([{"reset": 1}], [2])
        writes = [{"host_address": n, "host_data": int(word) & mask} for n, word in enumerate(words)]
        self._block.run([{"reset": 0, "host_write": 1}, *writes])
        self._block.run([{"host_write": 0}])

    def weights(self) -> NDArray[np.int64]:
        """Return the contents of the memory, shape (outputs, inputs)."""
        backend = self.backend
        rows: list[dict[str, int]] = [{"host_address": n} for n in range(backend.inputs * backend.outputs)]
        words = self._block.run([{"host_read": 1, **rows[0]}, *rows[1:]])["host_q"].astype(np.int64)
        self._block.run([{"host_read": 0}])
        signed = np.where(words >= 2 ** (backend.weight_bits - 1), words - 2**backend.weight_bits, words)
        return signed.reshape(backend.outputs, backend.inputs)

    def operate(self, lines: ArrayLike, verdict: int | None = None) -> Operation:
        """Run one operation on samples of the comparators (samples, inputs); ``verdict`` as for `BackEnd.operate`.

        Raises
        ------
        EngineError
            If the sequencer is not where it should be: after the number of cycles that `BackEnd.cycles` gives.
        """
        position = self.begin(lines)
        return self.end(position, verdict)

    def begin(self, lines: ArrayLike) -> dict[str, int]:
        """Observe and compute; return the outputs when the position is ready."""
        backend = self.backend
        packed = np.packbits(np.asarray(lines).astype(bool), axis=1, bitorder="little")
        values = [int.from_bytes(row.tobytes(), "little") for row in packed]
        rows: list[dict[str, int]] = [{"start": 1}, {"start": 0, "lines": values[0]}]
        rows += [{"lines": value} for value in values[1:]]
        rest = backend.cycles() - len(rows)
        answers = self._block.run([*rows, {}], [*([1] * len(rows)), rest])
        return self._expect(answers, _READY)

    def end(self, ready: dict[str, int], verdict: int | None) -> Operation:
        """Learn if there is a verdict, and return what the operation did."""
        backend, last = self.backend, ready
        if verdict is not None:
            asked = {"learn": 1, "too_high": int(verdict > 0), "too_low": int(verdict < 0)}
            cycles = backend.cycles(learning=True) - backend.cycles() - 1
            answers = self._block.run([asked, {"learn": 0, "too_high": 0, "too_low": 0}], [1, cycles])
            last = self._expect(answers, _IDLE)
        words, self._before = self._before, (last["words_read"], last["words_written"])
        bits = backend.count_bits
        return Operation(
            np.array([ready["counts"] >> (bits * i) & backend.highest_count for i in range(backend.inputs)]),
            bool(ready["overflow"]),
            ready["position"],
            bool(ready["silent"]),
            (self._before[0] - words[0]) % 2**32,
            (self._before[1] - words[1]) % 2**32,
        )

    def _expect(self, answers: dict[str, NDArray[Any]], phase: int) -> dict[str, int]:
        last = {name: int(values[-1]) for name, values in answers.items()}
        if last["phase"] != phase:
            raise EngineError(
                f"the Verilog of the digital part is in phase {PHASES[last['phase']]} where {PHASES[phase]} was due."
            )
        return last

    def close(self) -> None:
        """Free the block."""
        self._block.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
