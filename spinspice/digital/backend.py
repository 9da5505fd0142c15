r"""The digital part of a population-coding system, bit for bit what `rtl/population.v` does.

One operation (Mizrahi et al., Nat. Commun. 9, 1533 (2018), Methods, 'Design of the full system'): count the switches
of the junctions, form sums with integer weights, decode a position, and learn from whether it was too high or too low:

.. math::
    n_i = \min(\text{changes between samples},\ 2^{b} - 1), \qquad s_j = \sum_i w_{ji} n_i, \qquad
    p = \left\lfloor 2^f \frac{\sum_j j\,s_j^+}{\sum_j s_j^+} \right\rfloor, \qquad
    w_{ji} \leftarrow w_{ji} \pm \lfloor n_i / 2^k \rfloor

The paper gives widths (eight bits for counters and weights), phases, integer arithmetic and the reading of words before
they are written. Ours: the decoder by sums instead of output junctions with negative sums counting as zero, the
learning rate as a shift, weights that stay at the ends of their range, and that words with a zero count are not read.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.paths import data_dir
from spinspice.verilog import DigitalBlock

#: Phases of the sequencer, by number.
PHASES = ("idle", "arm", "observe", "compute", "drain", "decode", "ready", "learn")


@dataclasses.dataclass(frozen=True)
class Operation:
    """What one operation did."""

    #: Switches as counted, shape (n_in,).
    counts: NDArray[np.int64]
    #: A counter had to stay at its highest value.
    overflow: bool
    #: Decoded position in units of 2**-fraction of an output.
    position: int
    #: No output had a positive sum; the position is the middle.
    silent: bool
    #: Words of the memory that were read and written, the learning included.
    words_read: int
    words_written: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BackEnd:
    """Sizes of the digital part.

    Parameters
    ----------
    inputs, outputs : int
        Junctions, and outputs that encode the position.
    steps : int
        Clock periods of an observation.
    shift : int
        A weight changes by the count divided by 2**shift, rounded down.
    fraction : int
        Bits of the position below one output.
    count_bits, weight_bits : int
        Width of counters (unsigned) and weights (signed).

    Raises
    ------
    ParameterError
        For sizes out of range.
    """

    inputs: int
    outputs: int
    steps: int = 100
    shift: int = 4
    fraction: int = 6
    count_bits: int = 8
    weight_bits: int = 8

    def __post_init__(self) -> None:
        limits = {
            "inputs": (2, 1024), "outputs": (2, 1024), "steps": (2, 2**20), "shift": (0, 16),
            "fraction": (1, 16), "count_bits": (2, 16), "weight_bits": (2, 16),
        }  # fmt: skip
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            check_range(name, value, low, high, where=f"BackEnd.{name}: size of the digital part")
            if value != int(value):
                raise ParameterError(f"{name} = {value!r} is not a whole number (BackEnd.{name}).")

    @property
    def highest_count(self) -> int:
        """Count at which a counter stays."""
        return 2**self.count_bits - 1

    @property
    def weight_range(self) -> tuple[int, int]:
        """Lowest and highest weight."""
        return -(2 ** (self.weight_bits - 1)), 2 ** (self.weight_bits - 1) - 1

    @property
    def highest_position(self) -> int:
        """Position of the last output."""
        return (self.outputs - 1) << self.fraction

    @property
    def samples(self) -> int:
        """Samples of the comparators that matter to one operation: the first is only compared with."""
        return self.steps + 1

    def cycles(self, *, learning: bool = False) -> int:
        """Clock cycles from the edge that sees ``start`` to the position (ready), or on to the end of the learning."""
        words = self.inputs * self.outputs
        return 3 + self.steps + words + 2 + self.position_bits + ((1 + 2 * words) if learning else 0)

    def check_weights(self, weights: ArrayLike) -> NDArray[np.int64]:
        """Return weights as integers, shape (outputs, inputs).

        Raises
        ------
        ParameterError
            For a wrong shape, a fraction, or a weight out of range: which one.
        """
        given = np.asarray(weights)
        if given.shape != (self.outputs, self.inputs):
            raise ParameterError(
                f"weights of shape {given.shape} do not fit {self.inputs} inputs and {self.outputs} outputs; "
                f"they have the shape ({self.outputs}, {self.inputs}), outputs first."
            )
        low, high = self.weight_range
        bad = np.argwhere(~((given >= low) & (given <= high) & (given == np.floor(given))))
        if bad.size:
            j, i = bad[0]
            raise ParameterError(
                f"weight {given[j, i]!r} of output {j}, input {i} is no integer in [{low}, {high}] "
                f"({self.weight_bits} bits). Scale or clip the weights first."
            )
        return given.astype(np.int64)

    def count(self, lines: ArrayLike) -> tuple[NDArray[np.int64], bool]:
        """Return the counts, and whether a counter overflowed, for samples of the comparators (samples, inputs)."""
        sampled = np.asarray(lines).astype(bool)
        return self.saturated((sampled[1:] != sampled[:-1]).sum(axis=0))

    def saturated(self, switches: ArrayLike) -> tuple[NDArray[np.int64], bool]:
        """Return what counters show after so many switches, and whether one overflowed."""
        switches = np.asarray(switches).astype(np.int64)
        return np.minimum(switches, self.highest_count), bool((switches > self.highest_count).any())

    def sums(self, weights: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Weighted sums of the counts, shape (outputs,)."""
        return weights @ counts

    def decode(self, sums: NDArray[np.int64]) -> tuple[int, bool]:
        """Return the position that the sums encode, and whether there was none (no positive sum)."""
        positive = np.maximum(sums, 0)
        total = int(positive.sum())
        if total == 0:
            return self.highest_position >> 1, True
        return (int(positive @ np.arange(self.outputs)) << self.fraction) // total, False

    def learn(
        self, weights: NDArray[np.int64], counts: NDArray[np.int64], position: int, verdict: int
    ) -> NDArray[np.int64]:
        """Return the weights after a verdict: 1 the position was too high, -1 too low, 0 neither."""
        own = np.arange(self.outputs) << self.fraction
        direction = -verdict * np.sign(own - position)
        changed = weights + direction[:, np.newaxis] * (counts >> self.shift)
        return np.clip(changed, *self.weight_range)

    def operate(
        self, weights: NDArray[np.int64], counts: NDArray[np.int64], overflow: bool = False, verdict: int | None = None
    ) -> tuple[Operation, NDArray[np.int64]]:
        """Return what an operation does with these counts, and the weights after it.

        ``verdict`` as for :meth:`learn`; None: it does not learn.
        """
        position, silent = self.decode(self.sums(weights, counts))
        read, after = self.outputs * int((counts > 0).sum()), weights
        if verdict is not None:
            after = self.learn(weights, counts, position, verdict)
            moving = int(((np.arange(self.outputs) << self.fraction) != position).sum()) if verdict else 0
            read += moving * int((counts >> self.shift > 0).sum())
        written = int((after != weights).sum())
        return Operation(counts, overflow, position, silent, read, written), after

    @property
    def position_bits(self) -> int:
        """Width of the position."""
        return _bits(self.outputs) + self.fraction

    def block(self, weights: NDArray[np.int64] | None = None, *, top: str = "population") -> DigitalBlock:
        """Return the Verilog of these sizes, its memory loaded with ``weights`` if they are given.

        ``top`` is the module: ``population``, or ``population_chip`` with the pins for a circuit.
        """
        words = () if weights is None else self.check_weights(weights).ravel().tolist()
        digits = sum(int(word) % 2**self.weight_bits << (n * self.weight_bits) for n, word in enumerate(words))
        return DigitalBlock(
            name="population",
            source=str(data_dir("rtl") / f"{top}.v"),
            top=top,
            parameters={
                "N_IN": self.inputs, "N_OUT": self.outputs, "STEPS": self.steps, "SHIFT": self.shift,
                "FRACTION": self.fraction, "COUNT_BITS": self.count_bits, "WEIGHT_BITS": self.weight_bits,
            },
            arguments={} if weights is None else {"weights": f"{digits:x}"},
        )  # fmt: skip


def _bits(number: int) -> int:
    """Bits that tell ``number`` values apart, at least 1."""
    return max((number - 1).bit_length(), 1)
