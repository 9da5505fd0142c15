"""Studies of switching in SPICE against the laws: maps, dwell times, write errors, bits."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import UsageError
from spinspice.studies import run


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_the_map_of_a_two_state_junction(engine):
    result = run("switching", engine=engine, preset="mizrahi2018-scaled", samples=100, amplitudes=2, workers=1)
    deviations = result.deviations
    assert np.isfinite(deviations).sum() > 40
    assert np.nanmax(np.abs(deviations)) < 4
    assert result.probability.shape == (2, 2, 24) and result.to_dict()["samples"] == 100


@pytest.mark.engine("ngspice")
def test_an_access_transistor_takes_its_share():
    bare, behind = (
        run("switching", engine="ngspice", preset="mizrahi2018-scaled", samples=30, amplitudes=1, low=0.05, high=0.06,
            technology=technology, access=2e-7, device={"R_P": 20e3}, workers=1)
        for technology in (None, "generic")
    )  # fmt: skip
    assert np.nanmax(np.abs(behind.deviations)) < 4
    assert behind.critical_line(0)[0] > 1.001 * bare.critical_line(0)[0]


@pytest.mark.slow
@pytest.mark.engine("vacask")
def test_the_map_of_a_macrospin():
    result = run("switching", engine="vacask", samples=60, amplitudes=2)
    assert np.nanmax(np.abs(result.deviations)) < 4
    assert result.critical_line(0)[1] < result.critical_line(0)[0]


def test_amplitudes_the_wrong_way_round_are_refused():
    with pytest.raises(UsageError, match="must be above low"):
        run("switching", low=0.5, high=0.4)


@pytest.mark.engine("ngspice")
def test_bits_of_a_comparator_follow_the_law_of_the_junction():
    result = run("trng", engine="ngspice", x=1.0, bits=60, junctions=2, combined=2, workers=1)
    raw = result.raw
    assert result.wrong == 0
    assert abs(raw.correlation - result.law.correlation()) < 4 * max(raw.correlation_stderr, 1 / np.sqrt(120))
    assert result.output.size == 60 and result.energy > 0.0
    with pytest.raises(UsageError, match="groups of 2"):
        run("trng", junctions=3, combined=2)


@pytest.mark.parametrize(
    "engine", [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")]
)
def test_stays_are_exponential_with_the_means_of_the_law(engine):
    result = run("dwell", engine=engine, volts=0.01, stays=300, repeats=1, workers=1)
    for stays, mean in zip(result.stays, result.exact, strict=True):
        assert abs(stays.mean() - mean) < 4 * mean / np.sqrt(stays.size)
    assert min(result.p_values) > 1e-4
    rate = float((1.0 / result.exact).sum())
    low = np.linspace(0.02, 0.1, 40) * rate
    ratio = result.spectrum(low) / result.lorentzian(low)  # exponential scatter, correlated over 1 / duration
    independent = min(low.size, (low[-1] - low[0]) * result.duration)
    assert abs(ratio.mean() - 1.0) < 4.0 / np.sqrt(independent)


@pytest.mark.engine("vacask")
def test_write_errors_of_circuit_splitting_and_equation_agree():
    result = run(
        "rare-errors", engine="vacask", samples=16, walkers=60, populations=6, device={"alpha": 0.1}, workers=1
    )
    assert result.tail_theory == pytest.approx([1e-4, 1e-6, 1e-9, 1e-12], rel=0.05)
    assert np.all(np.abs(result.tail - result.tail_theory) < 4 * result.tail_stderr)
    told = np.isfinite(result.errors) & (16 * result.theory > 3) & (16 * (1 - result.theory) > 3)
    spread = np.sqrt(result.theory * (1 - result.theory) / 16)
    assert told.any() and np.all(np.abs(result.errors - result.theory)[told] < 4 * spread[told])
