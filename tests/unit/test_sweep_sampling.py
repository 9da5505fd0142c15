"""Samples that fill their space evenly, and what a response depends on."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import xarray
from scipy.stats import norm

from spinspice.errors import ResultError, UsageError
from spinspice.sweep.distributions import Distribution, draw
from spinspice.sweep.sensitivity import borgonovo
from spinspice.sweep.study import Study

TWO = {name: Distribution(kind="normal", centre=0.0, sigma=1.0) for name in ("device.TMR", "device.RA")}


def drawn(samples, sampling, seed=3):
    return draw(TWO, dict.fromkeys(TWO), seed, samples, sampling=sampling)


@pytest.mark.parametrize("sampling", ["sobol", "latin"])
def test_samples_fill_every_margin(sampling):
    """One sample in every sixty-fourth of each parameter's probability."""
    for values in drawn(64, sampling).values():
        assert sorted(np.floor(norm.cdf(values) * 64).astype(int)) == list(range(64))


def test_a_longer_sobol_study_begins_with_a_shorter_one():
    short, long = drawn(20, "sobol"), drawn(300, "sobol")
    for name in TWO:
        assert np.array_equal(long[name][:20], short[name])
    assert not np.array_equal(drawn(20, "sobol", seed=4)["device.TMR"], short["device.TMR"])


def test_the_mean_of_a_smooth_response_is_closer_than_random_samples_bring_it():
    """Of exp((x + y) / 4), whose mean is exp(1/16): 20 seeds of 256 samples."""

    def off(sampling):
        values = [np.mean(np.exp(sum(drawn(256, sampling, seed).values()) / 4.0)) for seed in range(20)]
        return float(np.sqrt(np.mean((np.array(values) - np.exp(1.0 / 16.0)) ** 2)))

    assert off("sobol") < 0.25 * off("random")
    assert off("latin") < 0.5 * off("random")


def test_a_study_names_its_sampling():
    data = {"cell": "bsn", "montecarlo": {"samples": 8, "device": {"TMR": {"distribution": "normal", "relative": 0.1}}}}
    assert Study.from_dict(data).sampling == "random"
    data["montecarlo"]["sampling"] = "sobol"
    assert Study.from_dict(data).sampling == "sobol"
    data["montecarlo"]["sampling"] = "soboll"
    with pytest.raises(UsageError, match="Did you mean sobol"):
        Study.from_dict(data)


def sweep(samples):
    x, y = np.random.default_rng(1).standard_normal((2, samples))
    dataset = xarray.Dataset({"power": ("sample", x**2)}, {"a": ("sample", x), "b": ("sample", y)})
    return SimpleNamespace(
        dataset=dataset, quantities=("power",), axes=(), study=SimpleNamespace(distributions={"a": 0, "b": 0})
    )


def test_sensitivity_sees_a_response_that_no_straight_law_does():
    """The square of a symmetric parameter has no correlation with it, and depends on nothing else."""
    found = borgonovo(sweep(400), "power")
    assert found["a"].delta > 0.4 > 5.0 * (found["b"].delta - found["b"].interval)
    with pytest.raises(ResultError, match="too few"):
        borgonovo(sweep(20), "power")
    with pytest.raises(UsageError, match="Did you mean power"):
        borgonovo(sweep(100), "powr")
