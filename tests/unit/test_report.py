"""The HTML report: complete, self-contained, and with the numbers of the result."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from synthetic import characterization

from spinspice.errors import ResultError, UsageError
from spinspice.report import write_report


class Page(HTMLParser):
    """Collects tags, identifiers, links and table cells."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.cells, self.text = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in {"meta", "br", "link", "img", "path", "use", "rect", "stop", "image"}:
            self.open.append(tag)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values[name] for name in ("href", "src", "xlink:href") if name in values]
        if tag == "td":
            self.cells.append("")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    path = write_report(
        [characterization("asn"), characterization("bsn")], tmp_path_factory.mktemp("r") / "report.html"
    )
    return Page(path.read_text(encoding="utf-8"))


def test_nothing_points_outside_the_page(page):
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    style = " ".join(page.text)
    assert "@import" not in style and not re.search(r"url\((?!#)", style)


def test_well_formed_with_unique_identifiers_and_no_dead_links(page):
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_numbers_of_the_result_are_in_it(page):
    text = " ".join(page.text)
    for number in ("50.00 ± 0.40 mV", "150.0 ± 6.0 ps", "0.9987", "34.4 µW", "5.2 fJ", "1.2e-04", "61.0%"):
        assert number in text, number
    assert page.cells[:4] == [
        "-150.00",
        *(f"{1e3 * characterization()['transfer'][k][0]:.2f}" for k in ("mean", "stderr", "std")),
    ]
    assert "spinspice characterize bsn --preset=ganguly2018 --seed=1" in text


def test_text_from_outside_is_escaped(page):
    assert "<abc>" in page.cells  # the parser has undone the escape: as markup it would have been a tag


def test_what_is_missing_is_left_out(tmp_path):
    bare = {
        name: value
        for name, value in characterization().items()
        if name in ("cell", "preset", "engine", "seed", "transfer")
    }
    text = write_report(bare, tmp_path / "bare.html").read_text(encoding="utf-8")
    assert "Average power" not in text and "R² of the fit" not in text and "Provenance" not in text


def test_no_results_is_an_error(tmp_path):
    with pytest.raises(UsageError, match="no results"):
        write_report([], tmp_path / "report.html")


def test_unwritable_place_is_a_result_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match=r"cannot write .*report\.html"):
        write_report(characterization(), tmp_path / "file" / "report.html")


def test_what_could_not_be_measured_is_left_out_and_said(tmp_path):
    result = characterization() | {"fit": None, "energy": None, "notes": ["no fit: <the reason>"]}
    result["noise"] |= {"tau_c": None, "tau_c_stderr": None}
    text = write_report(result, tmp_path / "part.html").read_text(encoding="utf-8")
    assert "no fit: &lt;the reason&gt;" in text
    assert "τc (FWHM)" not in text and "noise amplitude" in text


def test_the_schematic_of_a_cell_of_ours_is_in_its_report(page):
    words = [text.strip() for text in page.text]
    assert "Schematic, drawn from the netlist; bulks on the rails." in words
    assert words.count("mtj") >= 2 and "w3" in words


def test_curves_to_zoom_load_nothing_from_elsewhere(tmp_path):
    pytest.importorskip("plotly")
    from spinspice.interactive import panels_html
    from spinspice.panels import Curve, Panel

    x = [0.0, 1.0, 2.0]
    curves = (
        Curve(x=x, y=[1.0, float("nan"), 3.0], label="line", color=1),
        Curve(x=x, y=[1.0, 2.0, 3.0], yerr=[0.1, 0.1, 0.1], kind="points", label="points"),
        Curve(x=x, y=[0.5, 1.5, 2.5], y_high=[1.5, 2.5, 3.5], kind="band", label="band"),
        Curve(x=["a", "b"], y=[1.0, 2.0], kind="bars", label="bars"),
    )
    panel = Panel(title="all kinds", xlabel="time [s]", ylabel="V", curves=curves, yscale="log")
    text = panels_html([panel, panel], "here")
    assert text.count("Plotly.newPlot(") == 2 and 'id="here-1"' in text and 'id="here-2"' in text
    for word in ("line", "points", "band", "bars", "all kinds", "time [s]"):
        assert word in text
    assert not re.search(r"<script[^>]+src=", text) and "http" not in text.replace("https://plot.ly", "")
    # The library is written once, and a plain report has none of it.
    page = write_report([characterization("bsn"), characterization("asn")], tmp_path / "zoom.html", interactive=True)
    assert page.read_text(encoding="utf-8").count("plotly.js v") == 1
    assert "plotly" not in write_report([characterization("bsn")], tmp_path / "plain.html").read_text(encoding="utf-8")


def test_curves_to_zoom_need_plotly(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name, *_: None)
    with pytest.raises(UsageError, match=r"spinspice\[waveforms\]"):
        write_report([characterization("bsn")], tmp_path / "r.html", interactive=True)
