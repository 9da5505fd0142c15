"""Fits of simulated sets with known truth: 95 % intervals hold it in 95 of 100, and the values are not biased.

The sets come from the reference solvers (telegraph junctions flip by flip), brute-force means over Boltzmann's law, and
the noise and bandwidth of an instrument; none of them from the code of the fit.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from synthetic_sets import SETS, kind_of

from spinspice.fitting import fit_data
from spinspice.fitting.law import SCALES

#: Standard error of the number of hits of 100, and of a mean of as many standardised values.
LEVEL = 0.95


def fitted(name, sets):
    """Return, by parameter, whether the interval holds the truth, and the error in standard errors."""
    hits, errors = {}, {}
    for seed in range(1, sets + 1):
        columns, truth, settings = SETS[name](seed)
        result = fit_data(columns, kind_of(name), check=False, **settings)
        assert set(result.parameters) == set(truth)
        for parameter, true in truth.items():
            value, stderr, (low, high) = result.parameters[parameter]
            hits.setdefault(parameter, []).append(low <= true <= high)
            # A positive parameter is compared by its logarithm, in which it is fitted.
            off = (
                math.log(value / true) / (stderr / value) if SCALES[parameter].logarithmic else (value - true) / stderr
            )
            errors.setdefault(parameter, []).append(off)
    return hits, errors


def judge(hits, errors, sets):
    for parameter, held in hits.items():
        least = LEVEL - 4.0 * math.sqrt(LEVEL * (1.0 - LEVEL) / sets)
        assert np.mean(held) >= least, (parameter, np.sum(held))
        mean = float(np.mean(errors[parameter]))
        assert abs(mean) < 4.0 / math.sqrt(sets), (parameter, mean)


@pytest.mark.parametrize("name", SETS)
def test_intervals_hold_the_truth_in_20_sets(name):
    judge(*fitted(name, 20), 20)


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", SETS)
def test_intervals_hold_the_truth_in_95_of_100_sets(name):
    hits, errors = fitted(name, 100)
    print(name, {p: (int(np.sum(h)), round(float(np.mean(errors[p])), 2)) for p, h in hits.items()})
    judge(hits, errors, 100)
    pooled = 100.0 * float(np.mean(list(hits.values())))
    assert 91.0 <= pooled <= 99.0, pooled
