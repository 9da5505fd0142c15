"""What every study does, by being registered: documented, stored and read back, replayed, swept, with its errors."""

from __future__ import annotations

import dataclasses
import importlib
import json
import math
import shlex

import pytest
from made_up import MadeUp

from spinspice.cli import run as command
from spinspice.engines import get_engine
from spinspice.engines.base import Engine
from spinspice.errors import SpinspiceError
from spinspice.report import write_report
from spinspice.studies import Study, get_study, list_studies, run
from spinspice.studies.run import run_one_by_one
from spinspice.sweep import Study as SweepStudy
from spinspice.sweep import run_study
from spinspice.sweep.job import Failure, run_job
from spinspice.sweep.plan import make_plan

pytestmark = pytest.mark.engine("ngspice")
STUDIES = sorted(name for name, kind in list_studies().items() if kind.__module__.startswith("spinspice."))
#: More than ten seconds a run; the others take less together.
SLOW = {"mram", "readout-yield"}
NAMES = [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in STUDIES]
UNITS = {"", "1", "V", "A", "C", "s", "Hz", "J", "W", "K", "Ohm", "m", "m2", "F", "T"}


class Remembering(Engine):
    """An engine that runs each testbench once."""

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner.model)
        self.name, self.inner, self.runs = inner.name, inner, {}  # type: ignore[misc]

    find = classmethod(lambda cls: get_engine("ngspice").find())

    def require(self):
        return self.inner.require()

    def interrupt(self):
        self.inner.interrupt()

    def load(self, testbench):
        raise NotImplementedError

    @property
    def capabilities(self):
        return self.inner.capabilities

    def run(self, testbench, *, timeout=600.0, keep=None):
        key = testbench.digest(), testbench.title
        if key not in self.runs:
            self.runs[key] = self.inner.run(testbench, timeout=timeout)
        return self.runs[key]


@pytest.fixture(scope="module")
def engine():
    return Remembering(get_engine("ngspice"))


@pytest.fixture(scope="module")
def results(engine):
    """Run a study once, short, and keep its result."""
    found = {}

    def one(name: str):
        if name not in found:
            found[name] = run(name, engine=engine, workers=2, **get_study(name).short)
        return found[name]

    return one


def whole(result) -> dict:
    return result.to_dict(full=True) if "full" in type(result).to_dict.__code__.co_varnames else result.to_dict()


def without_call(data):
    if isinstance(data, dict):
        return {k: without_call(v) for k, v in data.items() if k not in ("call", "command", "wall_time")}
    return [without_call(v) for v in data] if isinstance(data, list) else data


@pytest.mark.parametrize("name", STUDIES)
def test_its_parameters_are_documented(name):
    study = get_study(name)
    assert study.title and study.quantities and study.short
    flags = [flag for p in study.all_parameters().values() for flag in p.flags]
    assert len(set(flags)) == len(flags)
    for p in study.all_parameters().values():
        assert p.meaning and p.unit in UNITS and p.low <= p.high
        assert p.value(None, name) is None or p.value(p.default, name) == p.value(None, name)
        assert p.kind != "number" or p.default is None or p.low <= p.default <= p.high
        assert p.meaning in p.help
    assert set(study.quantities.values()) <= UNITS and set(study.exact) <= set(study.quantities)
    assert set(study.short) <= set(study.all_parameters())


@pytest.mark.parametrize("name", NAMES)
def test_its_numbers_have_errors_or_are_deterministic(name, results):
    study, result = get_study(name), results(name)
    numbers = study.numbers(result)
    assert set(numbers) == {*study.quantities, *study.counts}
    for quantity, (value, stderr) in numbers.items():
        if quantity in study.exact or quantity in study.counts:
            assert stderr is None
        elif value is not None and math.isfinite(value):
            assert stderr is not None and (math.isnan(stderr) or stderr >= 0)
    assert set(study.kept(result)) == {*study.variables(), *study.curve}


@pytest.mark.parametrize("name", NAMES)
def test_its_result_survives_json_and_netcdf(name, results, tmp_path):
    result = results(name)
    data = json.loads(json.dumps(whole(result), allow_nan=False))
    assert whole(type(result).from_dict(data)) == whole(result)
    assert whole(type(result).load(result.save(tmp_path / "r.nc"))) == whole(result)


@pytest.mark.parametrize("name", NAMES)
def test_it_has_tables_pictures_and_a_report(name, results, tmp_path):
    result = results(name)
    tables = result.tables()
    assert tables and all(len(row) == len(table.head) for table in tables for row in table.rows)
    assert all(isinstance(cell, str) for table in tables for row in table.rows for cell in row)
    assert result.panels() or not result.arrays()
    page = write_report([result], tmp_path / "page.html").read_text()
    assert result.command.splitlines()[0].removesuffix(" \\") in page.replace("&#39;", "'")


@pytest.mark.parametrize("name", NAMES)
def test_its_command_gives_it_again(name, results, engine, monkeypatch, capsys):
    result = results(name)
    monkeypatch.setattr(importlib.import_module("spinspice.studies.run"), "get_engine", lambda *_: engine)
    words = shlex.split(result.command.replace("\\\n", " "))
    assert words[0] == "spinspice"
    status = command([*words[1:], "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert status == 0 and without_call(printed) == without_call(json.loads(json.dumps(result.to_dict())))


@pytest.mark.parametrize("name", NAMES)
def test_one_by_one_is_the_same_to_the_last_bit(name, results, engine):
    study = get_study(name)
    again = run_one_by_one(study.steps(study.point(study.short, engine)), engine.run)
    assert without_call(whole(again)) == without_call(whole(results(name)))


@pytest.mark.parametrize("name", STUDIES)
def test_an_engine_that_fails_is_a_failure_entry_of_a_sweep(name):
    study = get_study(name)
    job = next(iter(make_plan(swept(study))))
    with pytest.raises(SpinspiceError):
        run(name, engine=MadeUp(fail=lambda _: True), workers=1, **study.short)
    failed = run_job(job, MadeUp(fail=lambda _: True), "key", 10.0)
    assert isinstance(failed, Failure) and failed.message


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_of_two_points_runs(name, engine, tmp_path):
    study = get_study(name)
    found = run_study(swept(study), tmp_path, engine=engine, workers=2)
    assert not found.failures and found.missing == 0
    assert found.dataset.sizes["sample"] == 2 and set(study.variables()) <= set(found.dataset)
    assert all(found.dataset[q].attrs["units"] == unit for q, unit in study.quantities.items())
    resumed = run_study(swept(study), tmp_path, engine=MadeUp2(engine), workers=1, resume=True)
    assert resumed.dataset.equals(found.dataset)


class MadeUp2(Remembering):
    """The same engine, which may not run anything any more."""

    def run(self, testbench, **_):
        raise AssertionError("a result that was stored was run again")


def swept(study: Study) -> SweepStudy:
    """A sweep of two samples of the short run of a study."""
    top = {key: value for key, value in study.short.items() if key in ("cell", "preset")}
    rest = {key: value for key, value in study.short.items() if key not in top}
    return SweepStudy.from_dict({**top, "montecarlo": {"samples": 2}, "measure": {"kind": study.name, **rest}})


def test_a_study_is_one_class(engine, tmp_path):
    """A new study in a sweep is one class: here it is, and the command line knows it too."""
    from spinspice.studies import Batch, Parameter, StudyResult
    from spinspice.testbench import Testbench

    @dataclasses.dataclass(frozen=True, kw_only=True)
    class Level(StudyResult):
        level: float

    class Divider(Study):
        name, title = "divider-of-a-test", "output of a divider"
        parameters = (Parameter(name="vin", meaning="input", default=0.5, unit="V", low=-1.0, high=1.0),)
        quantities, exact = {"level": "V"}, ("level",)

        def steps(self, point):
            bench = Testbench(
                circuit=f"V1 in 0 {point['vin']!r}\nR1 in out 1k\nR2 out 0 1k\n",
                stop=1e-9,
                step=1e-11,
                save=("v(out)",),
            )
            (level,) = yield Batch("run", [bench], lambda waves: float(waves["v(out)"][-1]))
            return Level(cell="divider", engine=point.engine.name, seed=point.seed, settings={}, level=level)

        def numbers(self, result):
            return {"level": (result.level, None)}

    try:
        study = SweepStudy.from_dict({"grid": {"vin": [0.2, 0.4]}, "measure": {"kind": Divider.name}})
        found = run_study(study, tmp_path, engine=engine)
        assert found.dataset["level"].values.ravel() == pytest.approx([0.1, 0.2], rel=1e-6)
        assert found.dataset["vin"].attrs["units"] == "V"
        result = run(Divider.name, engine=engine, vin="300m")
        assert result.level == pytest.approx(0.15, rel=1e-6)
        assert result.tables()[0].rows == (("level", "150 mV (deterministic)"),)
        assert "characterize divider-of-a-test" in result.command and "--vin=0.3" in result.command
    finally:
        del Study._known[Divider.name]


def test_a_sweep_draws_the_junction_of_a_study_about_its_nominal_value():
    draws = {"samples": 2, "device.TMR": {"distribution": "normal", "relative": 0.1}}
    plan = make_plan(
        SweepStudy.from_dict({"measure": {"kind": "readout"}, "montecarlo": draws, "grid": {"bits": [60]}})
    )
    nominal = get_study("readout").nominal(get_study("readout").point({}, None), "device.TMR")
    drawn = [job.values["device"]["TMR"] for job in plan]
    assert len(set(drawn)) == 2 and all(abs(x / nominal - 1) < 0.5 for x in drawn)
    assert [job.point().values["bits"] for job in plan] == [60, 60]
