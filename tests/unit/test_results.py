"""What results and objects offer a session: written once, the same for all."""

from __future__ import annotations

import importlib
import json

import numpy as np
import pytest
from made_up import MadeUp

from spinspice.analysis.energy import EnergyAudit
from spinspice.analysis.energy_errors import PowerErrors
from spinspice.analysis.transfer import TanhFit
from spinspice.cells import ASN, BSN
from spinspice.characterize import characterize
from spinspice.cmos import get_technology, technologies
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.registry import models
from spinspice.energy import CellEnergy
from spinspice.errors import SpinspiceError, UsageError
from spinspice.networks import Network
from spinspice.panels import Curve, Panel
from spinspice.presets import list_presets, load_preset
from spinspice.reproduce import Reproduction, Row
from spinspice.results import MAX_REPR, MAX_ROWS, Grid, Summarised
from spinspice.sweep import Study, run_study
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

pytest.importorskip("pandas")


def figure() -> Reproduction:
    rows = (
        Row(quantity="rate", paper=2.0, here=2.1, stderr=0.1, unit="Hz"),
        Row(quantity="width", paper=5.0, here=9.0, stderr=0.1, unit="mV", note="another reading <of> the text"),
    )
    curve = Curve(x=[0.0, 1.0], y=[1.0, 2.0], label="here")
    panel = Panel(title="p", xlabel="x [V]", ylabel="y [V]", curves=(curve,))
    return Reproduction(name="toy-fig1", title="A toy", source="nowhere", rows=rows, panels=(panel,))


def account() -> CellEnergy:
    errors = PowerErrors(
        delivered={"vdd": 1e-8},
        elements={("mtj", "mtj"): 1e-8},
        power={"mtj": 1e-8},
        static={},
        switching={},
        total=1e-8,
    )
    audit = EnergyAudit(1e-6, {"vdd": 1e-12}, {("mtj", "mtj"): 1e-12}, {}, {}, errors)
    return CellEnergy(0.0, audit, None, {}, 100.0)


def waveforms() -> Waveforms:
    time = np.array([0.0, 1e-9, 3e-9])
    return Waveforms(time, {"v(out)": [0.0, 1.0, 1.0], "i(vdd)": [0.0, 0.0, 1e-3]}, provenance={"seed": 1})


@pytest.fixture(scope="module")
def neuron():
    return characterize("bsn", vin="-200m:200m:9", duration="20n", trials=2, engine=MadeUp())


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    data = {
        "name": "toy",
        "cell": "bsn",
        "measure": {"kind": "output", "duration": "20n", "trials": 2},
        "grid": {"vin": [0.0, 0.1], "corner": ["tt", "ff"]},
    }
    return run_study(Study.from_dict(data), tmp_path_factory.mktemp("toy") / "out", engine=MadeUp(), workers=1)


@pytest.fixture(params=["neuron", "swept", "figure", "account", "audit", "waveforms"])
def result(request):
    makers = {"figure": figure, "account": account, "audit": lambda: account().audit, "waveforms": waveforms}
    return makers[request.param]() if request.param in makers else request.getfixturevalue(request.param)


def test_every_result_has_a_repr_of_one_line(result):
    text = repr(result)
    assert text.startswith(f"{type(result).__name__}(") and text.endswith(")")
    assert "\n" not in text and 20 < len(text) < MAX_REPR + 40


def test_every_result_is_a_table_in_a_notebook(result):
    page = result._repr_html_()
    assert "<table>" in page and page.count("<tr>") == page.count("</tr>") > 1
    assert "<of>" not in page


def test_every_result_is_plain_json(result, tmp_path):
    text = result.to_json(tmp_path / "result.json")
    assert json.loads(text) == json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert isinstance(json.loads(text), dict)


def test_every_result_is_a_data_frame_and_a_dataset(result):
    frame, dataset = result.to_dataframe(), result.to_xarray()
    assert len(frame) > 0 and len(frame.columns) > 1 and len(dataset) > 0
    assert set(frame.attrs["units"]) <= set(frame.columns)


def test_every_result_draws_itself(result, tmp_path):
    if isinstance(result, Waveforms):
        assert result.plot(path=tmp_path / "a.png").stat().st_size > 2000
        return
    drawn = result.plot()
    assert drawn.axes and result.plot(tmp_path / "a.png").stat().st_size > 2000
    with pytest.raises(UsageError, match=r"use one of \.png"):
        result.plot(tmp_path / "a.gif")


def test_data_frames_hold_the_numbers(neuron, swept):
    frame = neuron.to_dataframe()
    assert list(frame["vin"]) == list(neuron.transfer.vin) and frame.attrs["units"]["mean"] == "V"
    assert list(frame["mean"]) == list(neuron.transfer.mean)
    jobs = swept.to_dataframe()
    assert len(jobs) == 4 and set(jobs["vin"]) == {0.0, 0.1} and set(jobs["corner"]) == {"tt", "ff"}
    one = jobs[(jobs["vin"] == 0.1) & (jobs["corner"] == "ff")]
    there = swept.dataset.sel(vin=0.1, corner="ff", sample=0)
    assert all(one[name].item() == there[name].item() for name in swept.quantities)
    assert figure().to_dataframe()["verdict"].tolist() == ["agrees", "differs"]
    assert account().to_dataframe()["power"].tolist() == [pytest.approx(1e-6)]
    assert waveforms().to_dataframe()["v(out)"].tolist() == [0.0, 1.0, 1.0]


def test_without_pandas_the_error_says_what_to_install(monkeypatch):
    real = importlib.import_module

    def missing(name, *rest):
        if name == "pandas":
            raise ImportError("No module named 'pandas'")
        return real(name, *rest)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(UsageError, match=r"needs pandas.*pip install pandas.*to_xarray"):
        figure().to_dataframe()


def objects():
    junction = load_preset("faria2021").device
    generic = get_technology("generic")
    cell = BSN(junction, generic)
    yield from list_presets()
    yield from (model() for model in models().values())
    yield from (junction, Telegraph(R_P=5e3), generic, generic.with_mismatch(3), cell, ASN(Macrospin(), generic))
    yield Network(cells={"a": cell}, inputs={"vin_a": 0.0})
    yield Testbench(circuit="R1 a 0 1k\nV1 a 0 {v}", stop=1e-9, step=1e-12, save=("v(a)",), parameters={"v": 1.0})
    for name in technologies():
        try:
            yield get_technology(name)
        except SpinspiceError:
            continue  # its package is not installed


def test_objects_have_short_reprs_and_tables():
    kinds = set()
    for thing in objects():
        text = repr(thing)
        assert text.startswith(f"{type(thing).__name__}(") and "\n" not in text and len(text) < MAX_REPR + 40, text
        assert "<tr>" in thing._repr_html_()
        kinds.add(type(thing).__name__)
    assert {"Preset", "Macrospin", "Telegraph", "Technology", "BSN", "ASN", "Network", "Testbench"} <= kinds


def test_repr_of_a_junction_shows_what_differs_first():
    assert repr(Telegraph(delta=9.0, R_P=5e3)).startswith("Telegraph(R_P = 5 kOhm, delta = 9, ")


def test_tab_completion_of_a_cell_shows_the_cell():
    cell = BSN(Macrospin(), get_technology("generic"))
    offered = [name for name in dir(cell) if not name.startswith("_")]
    assert {"device", "rebuilt", "rails", "ports"} <= set(offered) and len(offered) < 45
    assert all(hasattr(cell, name) for name in offered)


def test_long_tables_and_reprs_are_cut_and_say_so():
    class Long(Summarised):
        def _summary(self):
            return "word " * 100

        def _grids(self):
            return (Grid("t", ("a",), [(str(i),) for i in range(MAX_ROWS + 5)]),)

    assert len(repr(Long())) < MAX_REPR + 10 and repr(Long()).endswith(" ...)")
    assert "… 5 more rows" in Long()._repr_html_()


def test_repr_of_a_half_made_object_does_not_fail():
    assert repr(object.__new__(Reproduction)) == "Reproduction(...)"
    assert repr(object.__new__(Waveforms)) == "Waveforms(...)"


def test_estimates_are_the_numbers_of_the_result(neuron):
    numbers = neuron.estimates()
    assert (
        float(numbers["v0 of the tanh"]) == neuron.fit.v0 and numbers["v0 of the tanh"].stderr == neuron.fit.v0_stderr
    )
    assert numbers["noise"].unit == "V" and "mV" in str(numbers["noise"])
    assert str(account().estimates()["total power"]) == "1.000 ± 0.010 µW"
    assert str(figure().estimates()["width"]) == "9.00 ± 0.10 mV"
    unresolved = TanhFit.unresolved("too few inputs", v0_max=2e-3).estimates()
    assert set(unresolved) == {"v0"} and str(unresolved["v0"]) == "at most 2 mV"
