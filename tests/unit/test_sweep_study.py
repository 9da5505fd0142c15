"""A study file is data: slips are answered by name, nothing is evaluated, a draw depends on nothing but its name."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from spinspice.analysis.statistics import Z, wilson
from spinspice.errors import ResultError, UsageError
from spinspice.sweep import Study
from spinspice.sweep.plan import Plan, changed_device
from spinspice.sweep.statistics import ranking, spread

NORMAL = {"distribution": "normal", "relative": 0.1}


def study(**changes) -> Study:
    return Study.from_dict({"cell": "bsn", "measure": {"duration": "2n"}} | changes)


def test_a_study_is_read_with_suffixes_and_nested_names(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'cell = "bsn"\n[grid]\nvin = "-10m:10m:3"\ndevice.R_P = ["10k", 12e3]\ncorner = ["tt", "ss"]\n'
        '[montecarlo]\nsamples = 5\ndevice.TMR = { distribution = "uniform", low = "800m", high = 1.2 }\n'
        '[limits]\nmean = { min = "-0.1", max = "100m" }\n'
    )
    read = Study.load(path)
    assert read.grid == {"vin": (-0.01, 0.0, 0.01), "device.R_P": (1e4, 12e3), "corner": ("tt", "ss")}
    assert read.jobs == 3 * 2 * 2 * 5
    assert read.distributions["device.TMR"].low == 0.8
    assert (read.limits["mean"].low, read.limits["mean"].high) == (-0.1, 0.1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gird": {}}, "'gird' is not known. Did you mean grid?"),
        ({"grid": {"device": {"RP": [1.0]}}}, "no parameter 'device.RP'. Did you mean device.R_P?"),
        ({"grid": {"vin": ["__import__('os')"]}}, "is not a number"),
        ({"grid": {"vin": ["2*3"]}}, "is not a number"),
        ({"grid": {"vin": [True]}}, "is not a number"),
        ({"grid": {"vin": [math.inf]}}, "is not finite"),
        ({"grid": {"vin": [0.0, 0.0]}}, "holds a value twice"),
        ({"grid": {"vin": []}}, "is not a list of values"),
        ({"grid": {"vin": "0:1"}}, "is not START:STOP:N"),
        ({"vin": 0.0, "grid": {"vin": [0.1]}}, "vin is given, and swept"),
        ({"montecarlo": {"vdd": 0.8}}, "is not { distribution"),
        ({"montecarlo": {"vdd": {"distribution": "gauss"}}}, "'gauss' is not known"),
        ({"montecarlo": {"vdd": {"distribution": "normal"}}}, "is given sigma or relative; got neither"),
        ({"montecarlo": {"vdd": {"distribution": "normal", "sigma": -1.0}}}, "not greater than zero"),
        ({"montecarlo": {"vdd": {"distribution": "uniform", "low": 1, "high": 0.5}}}, "is not below high"),
        ({"montecarlo": {"corner": NORMAL}}, "belongs in [grid]"),
        ({"montecarlo": {"mismatch": -1}}, "mismatch = -1"),
        ({"montecarlo": {"mismatch": "yes"}}, "is neither true nor false, nor a seed"),
        ({"montecarlo": {"samples": 2.5}}, "is not a whole number"),
        ({"montecarlo": {"vdd": NORMAL}, "grid": {"vdd": [0.8]}}, "stands both in [grid] and in [montecarlo]"),
        ({"measure": {"kind": "transfer"}}, 'a transfer needs vin = "auto:N" or "START:STOP:N"'),
        ({"measure": {"kind": "output", "trial": 2}}, "'trial' is not known. Did you mean trials?"),
        ({"limits": {"gain": {"min": 1}}}, "'gain' is not known"),
        ({"limits": {"mean": {"min": 1, "max": 0}}}, "min lies above max"),
        ({"limits": {"mean": {"low": 1}}}, "'low' is not known"),
        ({"resize": "always"}, "'always' is not known"),
        ({"seed": -1}, "seed = -1"),
        ({"cell": 3}, "is not a name"),
        ({"grid": {"vin": "0:1:10000"}, "montecarlo": {"samples": 10_000}}, "100000000 jobs"),
    ],
)
def test_slips_are_answered_by_name(changes, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        study(**changes)


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        ([[1, 0.5], [0.4, 1]], "symmetric with 1"),
        ([[1, 1], [1, 1]], "not positive definite"),
        ([[1, 0.5]], "do not fit"),
    ],
)
def test_a_matrix_that_is_no_correlation(matrix, said):
    correlation = {"parameters": ["device.R_P", "device.TMR"], "matrix": matrix}
    with pytest.raises(UsageError, match=said):
        study(montecarlo={"device": {"R_P": NORMAL, "TMR": NORMAL}, "correlation": correlation})


def test_missing_file_and_no_toml(tmp_path):
    with pytest.raises(UsageError, match="cannot read the study"):
        Study.load(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("cell = bsn")
    with pytest.raises(UsageError, match="is not TOML"):
        Study.load(tmp_path / "bad.toml")


def test_draws_have_their_distributions_and_correlation():
    """4000 samples; moments within 4 standard errors."""
    n = 4000
    plan = Plan(
        study(
            montecarlo={
                "samples": n,
                "device": {
                    "R_P": {"distribution": "normal", "mean": "10k", "sigma": 500},
                    "alpha": {"distribution": "lognormal", "median": 0.02, "relative": 0.3},
                    "TMR": {"distribution": "uniform", "low": 0.5, "high": 1.5},
                },
                "correlation": {"parameters": ["device.R_P", "device.alpha"], "matrix": [[1, -0.6], [-0.6, 1]]},
            }
        )
    )
    r, a, t = (plan.draws[f"device.{name}"] for name in ("R_P", "alpha", "TMR"))
    z, la = (r - 1e4) / 500, np.log(a / 0.02) / 0.3
    for normal in (z, la):
        assert abs(normal.mean()) < 4 / math.sqrt(n)
        assert abs(normal.var() - 1) < 4 * math.sqrt(2 / n)
    assert abs(np.mean(z * la) + 0.6) < 4 * math.sqrt((1 + 0.36) / n)
    assert t.min() > 0.5 and t.max() < 1.5
    assert abs(t.mean() - 1.0) < 4 * math.sqrt(1 / 12 / n)
    assert abs(np.mean(z * (t - 1.0))) < 4 * math.sqrt(1 / 12 / n)


def test_a_draw_depends_on_seed_name_and_sample_only():
    few = Plan(study(montecarlo={"samples": 3, "device": {"TMR": NORMAL}})).draws
    more = Plan(study(montecarlo={"samples": 9, "vdd": NORMAL, "device": {"TMR": NORMAL}}, grid={"vin": [0, 1]})).draws
    other = Plan(study(seed=2, montecarlo={"samples": 3, "device": {"TMR": NORMAL}})).draws
    assert np.array_equal(few["device.TMR"], more["device.TMR"][:3])
    assert not np.array_equal(few["device.TMR"], other["device.TMR"])


def test_jobs_take_their_values_and_keep_their_noise_when_the_study_grows():
    small = Plan(
        study(grid={"vin": [0.1], "temperature": [350.0]}, montecarlo={"samples": 2, "device": {"TMR": NORMAL}})
    )
    large = Plan(
        study(
            grid={"vin": [-0.1, 0.1], "temperature": [300.0, 350.0]},
            montecarlo={"samples": 3, "device": {"TMR": NORMAL}},
        )
    )
    mine, same = small.job(1), large.job(10)
    values = same.values
    assert (values["vin"], values["temperature"], values["preset"].T) == (0.1, 350.0, 350.0)
    assert values["preset"].TMR == large.draws["device.TMR"][1]
    assert [run.digest() for run in mine.benches()] == [run.digest() for run in same.benches()]
    who = {"name": "x", "version": "1", "model": "verilog-a"}
    keys = [job.key(who) for job in large]
    assert len(set(keys)) == len(large) == 12
    assert mine.key(who) == keys[10] != mine.key(who | {"version": "2"})


def test_diameter_keeps_RA_and_what_contradicts_it_is_refused():
    device = Plan(study()).device
    thick = changed_device(device, {"diameter": 44e-9}, "here")
    assert thick.area == pytest.approx(4 * device.area, rel=1e-12)
    assert thick.R_P == pytest.approx(device.R_P / 4, rel=1e-12)
    with pytest.raises(UsageError, match="R_P follows from diameter"):
        changed_device(device, {"diameter": 44e-9, "R_P": 1e3}, "here")
    with pytest.raises(UsageError, match="no area"):
        Plan(study(preset="mizrahi2018-scaled", measure={}, grid={"device": {"RA": [1e-12]}})).job(0)


def test_the_barrier_of_a_macrospin_sets_its_anisotropy():
    device = Plan(study()).device
    changed = changed_device(device, {"delta": 1.5, "diameter": 30e-9}, "here")
    assert changed.delta == pytest.approx(1.5, rel=1e-12)
    assert changed.R_P * changed.area == pytest.approx(device.R_P * device.area, rel=1e-12)
    assert changed_device(device, {"delta": 0.0}, "here").R_P == device.R_P
    with pytest.raises(UsageError, match="B_k follows from delta"):
        changed_device(device, {"delta": 1.0, "B_k": 1e-3}, "here")
    telegraph = Plan(study(cell="asn", preset="mizrahi2018-scaled", measure={})).device
    assert changed_device(telegraph, {"delta": 5.0}, "here").delta == 5.0


def test_transistors_have_a_seed_of_their_own_if_wanted():
    def seeds(**more):
        return [job.values["mismatch"] for job in Plan(study(montecarlo={"samples": 2} | more, seed=3))]

    assert seeds() == [None, None]
    assert seeds(mismatch=True) == seeds(mismatch=3) != seeds(mismatch=4)
    assert len(set(seeds(mismatch=0))) == 2


def test_sizes_stay_nominal_unless_the_grid_is_a_design():
    grid = {"device": {"R_P": [12.7e3, 25.4e3]}}
    assert len({job.values["sizing"] for job in Plan(study(grid=grid))}) == 1
    assert len({job.values["sizing"] for job in Plan(study(grid=grid, resize="grid"))}) == 2


def test_a_value_out_of_range_names_its_job():
    plan = Plan(study(montecarlo={"samples": 40, "device": {"R_P": {"distribution": "normal", "relative": 2.0}}}))
    with pytest.raises(UsageError, match=r"job \d+ .*R_P = -.*lognormal"):
        list(plan)


def test_cards_of_a_job_are_those_of_its_cell_built_anew():
    from spinspice.benches import cell as bench
    from spinspice.cells import BSN
    from spinspice.cmos import get_technology

    job = Plan(study(grid={"device": {"R_P": [15e3]}, "corner": ["ff"]})).job(0)
    junction = job.values["preset"].at_accuracy("statistics")
    cell = BSN(junction, get_technology("generic", "ff"), vdd=job.values["vdd"], sizing=job.values["sizing"])
    built = bench.cell_testbench(cell, stop=2e-9)
    (run,) = job.benches()
    assert run.circuit == built.circuit
    assert (run.stop, run.step) == (built.stop, built.step)


def test_wilson_against_a_published_value():
    """R. Newcombe, Stat. Med. 17, 857 (1998), table I: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives 0 to 0.1611."""
    found = wilson(81, 263)
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    none = wilson(0, 20)
    assert (none.low, round(none.high, 4)) == (0.0, 0.1611)
    assert Z == pytest.approx(1.96, abs=1e-4)


def test_spread_takes_off_the_noise_of_measuring():
    """Instances of spread 3, measured with errors of 4: 5 together; within 4 standard errors of 20 000 instances."""
    rng = np.random.default_rng(5)
    n = 20_000
    values = 1.0 + 3.0 * rng.normal(size=n) + 4.0 * rng.normal(size=n)
    values[7] = np.nan
    found = spread(values, np.full(n, 4.0))
    assert found.count == n - 1
    assert abs(found.mean - 1.0) < 4 * found.mean_stderr == 4 * found.std / math.sqrt(n - 1)
    assert abs(found.std - 5.0) < 4 * found.std_stderr
    assert found.std_stderr == pytest.approx(5.0 / math.sqrt(2 * n), rel=0.05)
    assert abs(found.intrinsic - 3.0) < 4 * found.std_stderr * found.std / 3.0


def test_ranking_finds_the_slopes():
    rng = np.random.default_rng(6)
    n = 500
    columns = {"weak": rng.normal(size=n), "strong": 10 + 2 * rng.normal(size=n), "none": rng.normal(size=n)}
    y = 0.5 * columns["weak"] - 3.0 * columns["strong"] + 0.1 * rng.normal(size=n)
    found = ranking(columns, y, "y")
    assert [effect.parameter for effect in found.effects] == ["strong", "weak", "none"]
    expected = {"strong": -3.0 * columns["strong"].std(), "weak": 0.5 * columns["weak"].std(), "none": 0.0}
    for effect in found.effects:
        assert abs(effect.change - expected[effect.parameter]) < 4 * effect.stderr
    assert found.explained > 0.99
    corner = np.where(rng.uniform(size=n) < 0.3, "tt", np.where(rng.uniform(size=n) < 0.5, "ss", "ff"))
    shift = np.select([corner == "ss", corner == "ff"], [0.2, -0.7], 0.0)
    found = ranking(columns, y + shift, "y", {"corner": corner})
    named = {effect.parameter: effect for effect in found.effects}
    first = corner[0]
    for other in {"tt", "ss", "ff"} - {first}:
        effect = named[f"corner {other}, not {first}"]
        expected = {"tt": 0.0, "ss": 0.2, "ff": -0.7}
        assert abs(effect.change - (expected[other] - expected[first])) < 4 * effect.stderr
    with pytest.raises(ResultError, match="vary in step"):
        ranking({"a": columns["weak"], "b": 2 * columns["weak"]}, y, "y")
    with pytest.raises(ResultError, match="0 parameters vary"):
        ranking({"a": np.ones(n)}, y, "y")


@pytest.mark.parametrize(
    ("cell", "size", "known"),
    [
        ("bsn", "R_ref", "w_input, l_input, ratio, w_inverter, l_inverter"),
        ("asn", "w_inverter", "w_input, l_input, ratio, R_ref, l_buffer, w_bias, w_pair, w_load"),
    ],
)
def test_a_size_of_another_cell_is_refused_with_those_of_this_one(cell, size, known):
    """In the grid, as a nominal value and in a Monte Carlo alike."""
    places = (
        {"grid": {f"sizing.{size}": [1e-6, 2e-6]}},
        {"sizing": {size: 1e-6}},
        {"montecarlo": {"samples": 2, f"sizing.{size}": NORMAL}},
    )
    for place in places:
        with pytest.raises(UsageError, match=f"sizing.{size}: the cell {cell} has no such size.*Its sizes: {known}"):
            Plan(study(cell=cell, **place))
