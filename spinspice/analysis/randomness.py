"""Tests of random bits: several of NIST SP 800-22 (rev. 1a, 2010), and whether their p-values are themselves uniform.

A test maps a sequence of bits to a p-value, uniform in (0, 1) for perfect bits. One p-value above 0.01 says little;
many sequences of a good generator have uniform p-values, which :func:`battery` judges (SP 800-22, section 4.2): a
generator that is *too even* is caught as well. Implementations follow the formulas of the publication's section 2; its
worked examples are the tests of this module.

What a pass means here: the circuit and the law of the junction leave no pattern that these tests see. The noise itself
is a hash made for simulation; nothing is said of security.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import UsageError

Bits = NDArray[np.int8]
#: P-values of one test below this say that they are not uniform (SP 800-22, 4.2.2).
UNIFORM = 1e-4
#: Significance of a single sequence (SP 800-22, 4.2.1).
SIGNIFICANCE = 0.01


def as_bits(bits: ArrayLike) -> Bits:
    """Return bits as an array of 0 and 1.

    Raises
    ------
    UsageError
        For anything else, or fewer than 8 of them.
    """
    array = np.asarray(bits)
    if array.ndim != 1 or array.size < 8 or not np.isin(array, (0, 1)).all():
        raise UsageError(f"random bits are a row of 8 or more 0 and 1, got shape {array.shape}, values {array[:8]}.")
    return array.astype(np.int8)


def monobit(bits: Bits) -> float:
    """Frequency of ones (2.1)."""
    return math.erfc(abs(int(2 * bits.sum(dtype=np.int64)) - bits.size) / math.sqrt(2.0 * bits.size))


def block_frequency(bits: Bits, length: int | None = None) -> float:
    """Frequency of ones in blocks (2.2); default a hundredth of the sequence, 20 bits or more."""
    from scipy.special import gammaincc

    length = max(20, bits.size // 100) if length is None else length
    blocks = bits[: bits.size // length * length].reshape(-1, length)
    chi2 = 4.0 * length * float(((blocks.mean(axis=1) - 0.5) ** 2).sum())
    return float(gammaincc(blocks.shape[0] / 2.0, chi2 / 2.0))


def runs(bits: Bits) -> float:
    """Number of runs (2.3); 0 where the frequency of ones rules the test out."""
    share = float(bits.mean())
    if abs(share - 0.5) >= 2.0 / math.sqrt(bits.size):
        return 0.0
    found = 1 + int((bits[1:] != bits[:-1]).sum())
    spread = 2.0 * share * (1.0 - share)
    return math.erfc(abs(found - bits.size * spread) / (math.sqrt(2.0 * bits.size) * spread))


#: Longest run of ones (2.4): length of blocks, shortest sequence, classes of the longest run, their probabilities.
_LONGEST = (
    (10_000, 750_000, 10, 16, (0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727)),
    (128, 6272, 4, 9, (0.1174, 0.2430, 0.2493, 0.1752, 0.1027, 0.1124)),
    (8, 128, 1, 4, (0.2148, 0.3672, 0.2305, 0.1875)),
)


def longest_run(bits: Bits) -> float:
    """Longest run of ones in a block (2.4); 128 bits or more."""
    from scipy.special import gammaincc

    fitting = [row for row in _LONGEST if bits.size >= row[1]]
    if not fitting:
        raise UsageError(f"longest_run needs 128 bits, got {bits.size}.")
    length, _, low, high, chances = fitting[0]
    blocks = bits[: bits.size // length * length].reshape(-1, length)
    longest, current = np.zeros(len(blocks), dtype=int), np.zeros(len(blocks), dtype=int)
    for column in blocks.T:
        current = (current + 1) * column
        longest = np.maximum(longest, current)
    classes = np.clip(longest, low, high) - low
    counts = np.bincount(classes, minlength=len(chances))
    expected = len(blocks) * np.array(chances)
    return float(gammaincc((len(chances) - 1) / 2.0, float(((counts - expected) ** 2 / expected).sum()) / 2.0))


def spectral(bits: Bits) -> float:
    """Peaks of the discrete Fourier transform (2.6)."""
    n = bits.size
    modulus = np.abs(np.fft.rfft(2.0 * bits - 1.0))[: n // 2]
    expected = 0.95 * n / 2.0
    found = float((modulus < math.sqrt(math.log(1.0 / 0.05) * n)).sum())
    return math.erfc(abs(found - expected) / math.sqrt(n * 0.95 * 0.05 / 4.0) / math.sqrt(2.0))


def serial(bits: Bits, m: int | None = None) -> tuple[float, float]:
    """Frequency of overlapping patterns of ``m`` bits (2.11): both p-values; m defaults to log2(n) - 3, 16 at most."""
    from scipy.special import gammaincc

    m = min(16, max(3, int(math.log2(bits.size)) - 3)) if m is None else m
    psi = [_psi2(bits, m - k) for k in range(3)]
    first, second = psi[0] - psi[1], psi[0] - 2.0 * psi[1] + psi[2]
    return float(gammaincc(2.0 ** (m - 2), first / 2.0)), float(gammaincc(2.0 ** (m - 3), second / 2.0))


def approximate_entropy(bits: Bits, m: int | None = None) -> float:
    """Approximate entropy (2.12); m defaults to log2(n) - 6, 10 at most."""
    from scipy.special import gammaincc

    m = min(10, max(2, int(math.log2(bits.size)) - 6)) if m is None else m
    phi = []
    for length in (m, m + 1):
        share = _counts(bits, length) / bits.size
        share = share[share > 0.0]
        phi.append(float((share * np.log(share)).sum()))
    chi2 = 2.0 * bits.size * (math.log(2.0) - (phi[0] - phi[1]))
    return float(gammaincc(2.0 ** (m - 1), chi2 / 2.0))


def cumulative_sums(bits: Bits, *, backward: bool = False) -> float:
    """Largest excursion of the random walk of the bits (2.13)."""
    from scipy.special import ndtr

    n = bits.size
    steps = 2 * bits.astype(np.int64) - 1
    largest = int(np.abs(np.cumsum(steps[::-1] if backward else steps)).max())
    root, z = math.sqrt(n), float(largest)
    one = np.arange(int((-n / z + 1.0) / 4.0), int((n / z - 1.0) / 4.0) + 1)
    two = np.arange(int((-n / z - 3.0) / 4.0), int((n / z - 1.0) / 4.0) + 1)
    first = (ndtr((4 * one + 1) * z / root) - ndtr((4 * one - 1) * z / root)).sum()
    second = (ndtr((4 * two + 3) * z / root) - ndtr((4 * two + 1) * z / root)).sum()
    return float(min(1.0, max(0.0, 1.0 - first + second)))


def _counts(bits: Bits, m: int) -> NDArray[np.int64]:
    """Counts of all overlapping patterns of m bits, the sequence closed to a ring."""
    ring = np.concatenate([bits, bits[: m - 1]]).astype(np.int64)
    value = np.zeros(bits.size, dtype=np.int64)
    for k in range(m):
        value = 2 * value + ring[k : k + bits.size]
    return np.bincount(value, minlength=2**m)


def _psi2(bits: Bits, m: int) -> float:
    if m == 0:
        return 0.0
    counts = _counts(bits, m).astype(float)
    return float(2.0**m / bits.size * (counts**2).sum() - bits.size)


#: Tests by name, each from bits to one p-value.
TESTS: Mapping[str, Callable[[Bits], float]] = {
    "monobit": monobit,
    "block frequency": block_frequency,
    "runs": runs,
    "longest run": longest_run,
    "spectral": spectral,
    "serial 1": lambda bits: serial(bits)[0],
    "serial 2": lambda bits: serial(bits)[1],
    "approximate entropy": approximate_entropy,
    "cumulative sums": cumulative_sums,
    "cumulative sums backward": lambda bits: cumulative_sums(bits, backward=True),
}
#: Tests that also see all bits as one sequence.
WHOLE = ("monobit", "runs")
#: Tests whose p-values are far from uniform for perfect bits too, being discrete or approximate at short lengths: only
#: the share of sequences that pass counts. Measured with PCG64: the normal law of the spectral test is narrower than
#: the truth, and the printed chances of the longest run have four digits.
COARSE = ("spectral",)


@dataclasses.dataclass(frozen=True)
class Battery:
    """P-values of several tests for several sequences.

    Parameters
    ----------
    p : mapping
        Test -> p-values, shape (sequences,).
    length : int
        Bits of a sequence.
    whole : mapping
        Test -> p-value of all bits as one sequence: a small bias shows there first.
    """

    p: Mapping[str, NDArray[np.float64]]
    length: int
    whole: Mapping[str, float] = dataclasses.field(default_factory=dict)

    @property
    def uniformity(self) -> dict[str, float]:
        """Test -> p-value of Kolmogorov and Smirnov's test of uniformity."""
        from scipy import stats

        return {name: float(stats.kstest(values, "uniform").pvalue) for name, values in self.p.items()}

    @property
    def passed(self) -> dict[str, float]:
        """Test -> share of sequences with p >= 0.01."""
        return {name: float((values >= SIGNIFICANCE).mean()) for name, values in self.p.items()}

    @property
    def failures(self) -> tuple[str, ...]:
        """Tests whose p-values are not uniform, or that too few sequences pass: each with a chance below 1e-4.

        The exact binomial law stands in place of three standard deviations (SP 800-22, 4.2.1), which perfect bits fail
        in one test of fifty.
        """
        from scipy import stats

        few = {
            name
            for name, values in self.p.items()
            if stats.binom.sf((values < SIGNIFICANCE).sum() - 1, values.size, SIGNIFICANCE) < UNIFORM
        }
        uneven = {name for name, p in self.uniformity.items() if p < UNIFORM and name not in COARSE}
        at_once = tuple(f"{name} of all bits" for name, p in self.whole.items() if p < UNIFORM)
        return (*(name for name in self.p if name in few | uneven), *at_once)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return {
            "length": self.length,
            "p": {name: values.tolist() for name, values in self.p.items()},
            "whole": dict(self.whole),
            "uniformity": self.uniformity,
            "failures": list(self.failures),
        }


def battery(bits: ArrayLike, sequences: int = 50, tests: Sequence[str] = tuple(TESTS)) -> Battery:
    """Cut bits into sequences and test each.

    Raises
    ------
    UsageError
        For bits that are none, or sequences shorter than 128 bits.
    """
    array = as_bits(bits)
    length = array.size // sequences if sequences > 0 else 0
    if length < 128:
        raise UsageError(f"{array.size} bits in {sequences} sequences: {length} bits each, and 128 are needed.")
    rows = array[: sequences * length].reshape(sequences, length)
    p = {name: np.array([TESTS[name](row) for row in rows]) for name in tests}
    return Battery(p, length, {name: TESTS[name](array) for name in WHOLE})
