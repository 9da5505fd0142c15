"""Rows, verdicts and the printed table of a reproduced figure."""

from __future__ import annotations

import importlib
import json
import math
import sys

import pytest

from spinspice import papers, reproduce
from spinspice.errors import UsageError
from spinspice.reproduce import FIGURES, run
from spinspice.reproduce.base import Curve, Panel, Reproduction, Row


@pytest.mark.parametrize(
    ("here", "stderr", "tolerance", "verdict"),
    [
        (10.0, 0.0, 0.0, "agrees"),
        (10.1, 0.0, 0.0, "differs"),
        (10.39, 0.1, 0.0, "agrees"),
        (10.41, 0.1, 0.0, "differs"),
        (10.49, 0.0, 0.5, "agrees"),
        (9.0, 0.1, 0.5, "differs"),
        (9.2, 0.1, 0.5, "agrees"),
        (math.nan, 0.1, 0.5, "differs"),
    ],
)
def test_verdict_is_four_standard_errors_and_the_precision_of_the_paper(here, stderr, tolerance, verdict):
    assert Row(quantity="q", paper=10.0, here=here, stderr=stderr, tolerance=tolerance).verdict == verdict


def test_an_upper_bound_is_kept_without_help_from_the_standard_error():
    row = Row(quantity="q", paper=2.5, here=2.4, stderr=0.5, at_most=True)
    assert row.verdict == "agrees"
    assert Row(quantity="q", paper=2.5, here=2.6, stderr=0.5, at_most=True).verdict == "differs"
    figure = Reproduction(name="f", title="t", source="s", rows=(row,), panels=())
    assert figure.table().splitlines()[5].split() == ["q", "<=", "2.5", "2.40", "±", "0.50", "0.960", "agrees"]


def test_table_names_what_differs_and_why():
    rows = (
        Row(quantity="rate", unit="Hz", paper=2260.0, here=1130.2, stderr=8.4, note="a cycle is two events"),
        Row(quantity="width", unit="uA", paper=30.4, here=30.3, stderr=0.2, note="never seen"),
        Row(quantity="offset", unit="mV", paper=0.0, here=0.1, stderr=0.1),
    )
    figure = Reproduction(name="f", title="Title", source="Source", rows=rows, panels=(), remarks=("remark",))
    lines = figure.table().splitlines()
    assert lines[3].split() == ["quantity", "unit", "paper", "here", "ratio", "verdict"]
    assert lines[5].split() == ["rate", "Hz", "2260", "1130.2", "±", "8.4", "0.500", "differs", "(1)"]
    assert lines[7].split() == ["offset", "mV", "0", "0.10", "±", "0.10", "-", "agrees"]
    assert lines[-3:] == [
        "2 of 3 rows agree; why the other differs is said below.",
        "(1) rate: a cycle is two events",
        "* remark",
    ]
    assert "never seen" not in figure.table()


def test_json_holds_rows_verdicts_and_curves_without_nan():
    inset = Panel(title="i", xlabel="x", ylabel="y", curves=())
    curve = Curve(x=[0.0, 1.0], y=[1.0, 2.0], yerr=[0.1, 0.1], kind="points", label="c")
    panel = Panel(title="p", xlabel="x", ylabel="y", curves=(curve,), inset=inset)
    rows = (Row(quantity="q", paper=0.0, here=1.0),)
    figure = Reproduction(name="f", title="t", source="s", rows=rows, panels=(panel,))
    data = json.loads(json.dumps(figure.to_dict(), allow_nan=False))
    assert data["rows"][0]["ratio"] is None
    assert data["rows"][0]["verdict"] == "differs"
    assert data["panels"][0]["curves"][0] == {
        "label": "c",
        "kind": "points",
        "x": [0.0, 1.0],
        "y": [1.0, 2.0],
        "yerr": [0.1, 0.1],
    }
    assert data["panels"][0]["inset"]["title"] == "i"


def test_a_gap_in_a_curve_is_none_in_json():
    assert Curve(x=[0.0, 1.0, 2.0], y=[1.0, math.nan, 3.0]).to_dict()["y"] == [1.0, None, 3.0]


def test_unknown_figure_names_the_closest():
    with pytest.raises(UsageError, match="no figure 'mizrahi-fig1k' to reproduce. Did you mean mizrahi-fig1j"):
        run("mizrahi-fig1k")


def test_every_figure_has_a_title():
    assert all(FIGURES.values())


def test_a_new_figure_is_one_file(tmp_path, monkeypatch):
    """It is found by its declaration, listed without being imported, and run."""
    (tmp_path / "toy2030").mkdir()
    (tmp_path / "toy2030" / "fig1.py").write_text(
        'FIGURE = "toy-fig1"\nSUMMARY = "a toy"\n\n\ndef run(request):\n'
        "    from spinspice.reproduce import Reproduction\n\n"
        '    return Reproduction(name=FIGURE, title="toy", source="nobody", rows=(), panels=())\n'
    )
    known = set(reproduce.FIGURES)
    monkeypatch.setattr(papers, "__path__", [*papers.__path__, str(tmp_path)])
    reproduce.figures.cache_clear()
    try:
        assert reproduce.FIGURES["toy-fig1"] == "a toy" and set(reproduce.FIGURES) - known == {"toy-fig1"}
        assert "spinspice.papers.toy2030.fig1" not in sys.modules
        assert run("toy-fig1").title == "toy"
    finally:
        monkeypatch.undo()
        reproduce.figures.cache_clear()
    assert "toy-fig1" not in reproduce.FIGURES


def test_every_figure_declares_its_name_and_a_line():
    for name, figure in reproduce.figures().items():
        module = importlib.import_module(figure.module)
        assert (module.FIGURE, module.SUMMARY) == (name, figure.summary) and figure.summary
        assert callable(module.run)
