"""Offset and noise from decisions: exact fractions give the law back, and errors are those of repeated draws."""

import numpy as np
import pytest
from scipy.stats import norm

from spinspice.analysis.probit import fit_probit
from spinspice.errors import ResultError

X = np.array([-2.0, -0.5, 0.5, 1.0, 2.0])


def test_exact_fractions_give_the_law_back():
    n = np.full(X.size, 1e4)
    fit = fit_probit(X, n * norm.cdf((X - 0.3) / 1.7), n)
    assert fit.offset == pytest.approx(0.3, abs=1e-5)
    assert fit.sigma == pytest.approx(1.7, rel=1e-5)
    assert fit.decisions == 5e4


def test_standard_errors_are_the_scatter_of_repeated_draws():
    rng = np.random.default_rng(5)
    n = np.full(X.size, 400)
    fits = [fit_probit(X, rng.binomial(n, norm.cdf((X - 0.3) / 1.7)), n) for _ in range(300)]
    for value, name in ((0.3, "offset"), (1.7, "sigma")):
        found = np.array([getattr(fit, name) for fit in fits])
        said = np.array([getattr(fit, f"{name}_stderr") for fit in fits])
        pull = (found - value) / said
        # The scatter of 300 pulls has a relative error of 1 / sqrt(600), their mean one of 1 / sqrt(300).
        assert abs(pull.std() - 1.0) < 4 / np.sqrt(600)
        assert abs(pull.mean()) < 4 / np.sqrt(300)


@pytest.mark.parametrize("ones", [[0, 0, 0], [10, 10, 10], [0, 0, 10]])
def test_decisions_without_noise_are_refused(ones):
    with pytest.raises(ResultError, match="show no noise to fit"):
        fit_probit([-1.0, 0.0, 1.0], ones, [10, 10, 10])


def test_a_comparator_that_is_turned_round_is_refused():
    with pytest.raises(ResultError, match="does not rise"):
        fit_probit([-1.0, 0.0, 1.0], [9, 5, 1], [10, 10, 10])


def test_decisions_that_do_not_resolve_the_noise_give_a_bound():
    """One mixed point at a difference far from the others: sigma is not above its standard error."""
    with pytest.raises(ResultError, match=r"noise not resolved: at most \d"):
        fit_probit([-3.0, 0.0, 3.0], [0, 5, 10], [10, 10, 10])
