"""Search for the nearest stored pattern: reads through sense amplifiers against a count of bits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import UsageError
from spinspice.memory import Timing, nearest_pattern
from spinspice.presets import load_preset

DEVICE = load_preset("sttmram").device
QUICK = Timing(settle=1.5e-9, sense=2e-9, gap=0.5e-9)


def search(rows, bits, columns, engine, flipped):
    draw = np.random.default_rng(1)
    patterns = draw.integers(0, 2, (rows, bits))
    query = patterns[1].copy()
    query[draw.permutation(bits)[:flipped]] ^= 1
    found = nearest_pattern(patterns, query, DEVICE, columns=columns, timing=QUICK, engine=engine, workers=2)
    assert np.array_equal(found.read, patterns)
    assert np.array_equal(found.distances, (patterns != query).sum(axis=1))
    assert found.nearest == 1 and found.distances[1] == flipped
    return found


@pytest.mark.engine("ngspice")
def test_the_nearest_of_two_patterns_in_two_tiles():
    found = search(2, 8, 4, "ngspice", 1)
    # without a supply in between a search costs its reads; with it, what the array draws in a microsecond on top
    assert found.energy_of_searches(1e-6, gated=True) == found.energy > 0.0
    assert found.energy_of_searches(1e-6, gated=False) > 5.0 * found.energy


@pytest.mark.timeout(1800)
@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_the_nearest_of_four_patterns_of_64_bits():
    search(4, 64, 8, "ngspice", 12)


def test_patterns_that_do_not_fit_are_refused():
    with pytest.raises(UsageError, match="tiles of 8"):
        nearest_pattern(np.zeros((2, 9)), np.zeros(9), DEVICE)
    with pytest.raises(UsageError, match="rows of 0 and 1"):
        nearest_pattern(2 * np.ones((2, 8)), np.zeros(8), DEVICE)
