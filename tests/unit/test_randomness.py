"""Tests of random bits: worked examples of SP 800-22, good bits pass, bad bits of several kinds are caught."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.analysis.randomness import (
    approximate_entropy,
    as_bits,
    battery,
    block_frequency,
    cumulative_sums,
    longest_run,
    monobit,
    runs,
    serial,
    spectral,
)
from spinspice.errors import UsageError

#: The first hundred binary digits of pi, an example of the publication.
PI = as_bits([int(c) for c in "11001001000011111101101010100010001000010110100011000010001101001100010011000110011000"
              "10100010111000"])  # fmt: skip


def bits(text: str):
    return np.array([int(c) for c in text], dtype=np.int8)


def test_worked_examples_of_the_publication():
    assert monobit(bits("1011010101")) == pytest.approx(0.527089, abs=1e-6)
    assert monobit(PI) == pytest.approx(0.109599, abs=1e-6)
    assert block_frequency(bits("0110011010"), 3) == pytest.approx(0.801252, abs=1e-6)
    assert block_frequency(PI, 10) == pytest.approx(0.706438, abs=1e-6)
    assert runs(bits("1001101011")) == pytest.approx(0.147232, abs=1e-6)
    assert runs(PI) == pytest.approx(0.500798, abs=1e-6)
    assert serial(bits("0011011101"), 3) == pytest.approx((0.808792, 0.670320), abs=1e-6)
    assert approximate_entropy(bits("0100110101"), 3) == pytest.approx(0.261961, abs=1e-6)
    assert approximate_entropy(PI, 2) == pytest.approx(0.235301, abs=1e-6)
    assert cumulative_sums(PI) == pytest.approx(0.219194, abs=1e-6)
    assert cumulative_sums(PI, backward=True) == pytest.approx(0.114866, abs=1e-6)
    example = bits("11001100000101010110110001001100111000000000001001001101010100010001001111010110100000001101011111"
                   "001100111001101101100010110010")  # fmt: skip
    assert longest_run(example) == pytest.approx(0.180609, abs=2e-4)  # printed chances of four digits


@pytest.fixture(scope="module")
def good():
    return np.random.Generator(np.random.PCG64(12)).integers(0, 2, 600_000).astype(np.int8)


def test_good_bits_pass(good):
    assert battery(good, 60).failures == ()


@pytest.mark.parametrize("kind", ["biased", "sticky", "alternating", "periodic", "too even"])
def test_bad_bits_are_caught(good, kind):
    draw = np.random.default_rng(3)
    n = 300_000
    if kind == "biased":  # by a hundredth
        bad = draw.random(n) < 0.51
    elif kind in ("sticky", "alternating"):
        change = draw.random(n) < (0.49 if kind == "sticky" else 0.51)
        bad = np.cumsum(change) % 2
    elif kind == "periodic":
        bad = np.tile(good[:3000], 100)
    else:  # as many ones as zeros in every 100 bits
        bad = np.concatenate([draw.permutation(100) % 2 for _ in range(n // 100)])
    assert battery(bad, 50).failures


def test_what_is_no_row_of_bits_is_refused():
    for wrong in ([0, 1, 2] * 10, [[0, 1]] * 8, [0.5] * 100, [1, 0]):
        with pytest.raises(UsageError, match="random bits"):
            as_bits(wrong)
    with pytest.raises(UsageError, match="128 are needed"):
        battery(np.zeros(1000, dtype=int), 50)
    assert spectral(bits("10" * 64)) < 0.01
