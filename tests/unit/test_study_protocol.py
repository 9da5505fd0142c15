"""The protocol of studies, on a study of a made-up engine whose answer is known."""

from __future__ import annotations

from typing import ClassVar

import pytest
from made_up import OFFSET, MadeUp

from spinspice.errors import UsageError
from spinspice.jobs import JobFailure
from spinspice.studies import Batch, Parameter, Study, get_study, list_studies, run
from spinspice.studies.run import run_one_by_one
from spinspice.testbench import Testbench


class Level(Study):
    """Mean output at one input, in two stages: the second looks where the first found it."""

    name = "level-of-a-test"
    title = "mean output"
    parameters = (
        Parameter(name="vin", meaning="input", default=0.0, unit="V", low=-1.0, high=1.0),
        Parameter(name="repeats", meaning="runs", default=2, kind="whole", low=1, high=9, aliases=("trials",)),
        Parameter(name="mode", meaning="what to do", default="mean", kind="text", choices=("mean", "last")),
    )
    quantities: ClassVar = {"level": "V"}

    def steps(self, point):
        def bench(stage, number):
            values = {"vin": point["vin"], "seed": point.stream(f"{stage}/{number}")}
            return Testbench(
                circuit="R1 out 0 1k\n", stop=1e-9, step=1e-11, save=("v(out)",), parameters=values, title=stage
            )

        levels = []
        for stage in ("first", "second"):
            jobs = [bench(stage, k) for k in range(point["repeats"])]
            levels += yield Batch(stage, jobs, lambda waves: float(waves["v(out)"].mean()))
        return levels

    def numbers(self, result):
        return {"level": (result[0], None)}


@pytest.fixture(autouse=True)
def forget():
    yield
    Study._known[Level.name] = Level


def test_a_study_is_known_by_its_name_once_its_class_exists():
    assert list_studies()["level-of-a-test"] is Level
    assert isinstance(get_study("level-of-a-test"), Level)
    with pytest.raises(UsageError, match=r"unknown study 'level-of-a-tset'. Did you mean level-of-a-test"):
        get_study("level-of-a-tset")


def test_a_run_goes_through_all_stages_and_tells_of_each():
    seen = []
    engine = MadeUp(sigma=0.0)
    result = run(Level(), engine=engine, vin=OFFSET, trials=3, progress=lambda *told: seen.append(told))
    assert result == pytest.approx([0.0] * 6, abs=1e-12)
    assert [told for told in seen if told[1] in (0, 3)] == [
        ("first", 0, 3), ("first", 3, 3), ("second", 0, 3), ("second", 3, 3),
    ]  # fmt: skip
    assert len(set(engine.seeds)) == 6


def test_the_order_of_runs_does_not_enter_the_result():
    results = [run(Level(), engine=MadeUp(), workers=n, repeats=4, seed=5) for n in (1, 3)]
    engine = MadeUp()
    study = Level()
    results.append(run_one_by_one(study.steps(study.point({"repeats": 4, "seed": 5}, engine)), engine.run))
    assert results[0] == results[1] == results[2]


def test_a_failed_run_reaches_the_study_as_a_failure():
    engine = MadeUp(fail=lambda title: title == "second")
    study = Level()
    result = run_one_by_one(study.steps(study.point({}, engine)), engine.run)
    assert [isinstance(each, JobFailure) for each in result] == [False, False, True, True]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"vim": 0}, r"no parameter 'vim'. Did you mean vin"),
        ({"vin": 2}, r"vin = 2 V is outside \[-1, 1\] V \(level-of-a-test: input\)"),
        ({"vin": True}, "vin = True is not a number"),
        ({"vin": "five"}, "vin = 'five' is not a number"),
        ({"repeats": 2.5}, "repeats = 2.5 is not a whole number"),
        ({"repeats": 10}, r"repeats = 10 is outside \[1, 9\]"),
        ({"repeats": 2, "trials": 3}, "trials and repeats are one parameter"),
        ({"mode": "men"}, "mode = 'men'. Did you mean mean"),
        ({"mode": 3}, "mode = 3 is a int, not a text"),
        ({"seed": -1}, r"seed = -1 is outside"),
    ],
)
def test_what_is_not_allowed_is_named(given, message):
    with pytest.raises(UsageError, match=message):
        Level().point(given, MadeUp())


def test_values_may_be_text_with_a_suffix():
    point = Level().point({"vin": "10m", "repeats": "3"}, MadeUp())
    assert (point["vin"], point["repeats"], point["mode"], point.seed) == (0.01, 3, "mean", 1)
