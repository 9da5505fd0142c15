"""Pictures: what is drawn where, and that nothing of the user's matplotlib is touched."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from synthetic import characterization

from spinspice import plotting
from spinspice.errors import ResultError, UsageError
from spinspice.reproduce.base import Curve, Panel, Reproduction, Row


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Draw a result and return the figure that was written."""
    from matplotlib.figure import Figure

    figures: list[Figure] = []
    real = Figure.savefig

    def savefig(self, *arguments, **options):
        figures.append(self)
        return real(self, *arguments, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)

    def draw(result):
        plotting.plot_characterization(result, tmp_path / "picture.png")
        return figures[-1]

    return draw


def line_named(ax, start):
    return next(line for line in ax.get_lines() if str(line.get_label()).startswith(start))


def test_transfer_panel_holds_the_fit_and_the_points_of_the_result(drawn):
    result = characterization()
    ax = drawn(result).axes[0]
    line = line_named(ax, "tanh")
    fit = result["fit"]
    expected = fit["amplitude"] * np.tanh((np.asarray(line.get_xdata()) * 1e-3 - fit["offset"]) / fit["v0"])
    np.testing.assert_allclose(line.get_ydata(), expected, atol=1e-12)
    points = ax.containers[0].lines[0]
    np.testing.assert_allclose(np.asarray(points.get_xdata()) * 1e-3, result["transfer"]["vin"])
    np.testing.assert_allclose(points.get_ydata(), result["transfer"]["mean"])


def test_bounds_are_shaded_where_given_and_the_standard_deviation_elsewhere(drawn):
    result = characterization()
    labels = [str(artist.get_label()) for artist in drawn(result).axes[0].collections]
    assert "1 % to 99 % of the time" in labels
    del result["transfer"]["low"]
    labels = [str(artist.get_label()) for artist in drawn(result).axes[0].collections]
    assert "mean ± standard deviation" in labels


def test_panels_follow_what_the_result_holds(drawn):
    result = characterization()
    assert len([ax for ax in drawn(result).axes if ax.get_visible()]) == 4
    for name in ("sample", "autocorrelation", "energy"):
        del result[name]
    assert len([ax for ax in drawn(result).axes if ax.get_visible()]) == 1


def test_power_is_labelled_with_watts_and_shares(drawn):
    ax = drawn(characterization()).axes[3]
    texts = [text.get_text() for text in ax.texts]
    assert texts == [f"{text} µW ± unknown ({share}%)" for text, share in (("6.1", 18), ("7.3", 21), ("21", 61))]


@pytest.mark.parametrize("suffix", plotting.SUFFIXES)
def test_every_kind_of_file(tmp_path, suffix):
    path = plotting.plot_characterization(characterization(), tmp_path / "new" / f"picture{suffix}")
    head = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}[suffix]
    assert path.read_bytes().startswith(head)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_same_data_same_svg():
    first, second = (plotting.svg(lambda p: plotting.plot_characterization(characterization(), p)) for _ in range(2))
    assert first == second


def test_unknown_suffix_names_those_that_work(tmp_path):
    with pytest.raises(UsageError, match=r"suffix is '.bmp'; use one of .png, .svg, .pdf"):
        plotting.plot_characterization(characterization(), tmp_path / "picture.bmp")


def test_unwritable_place_is_a_result_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ResultError, match=r"cannot write .*picture\.png"):
        plotting.plot_characterization(characterization(), tmp_path / "file" / "picture.png")


def test_something_else_is_refused(tmp_path):
    with pytest.raises(UsageError, match="cannot draw or report a int"):
        plotting.plot_characterization(3, tmp_path / "picture.png")


def test_users_matplotlib_is_left_alone(tmp_path):
    """In a process of its own: importing loads no matplotlib, drawing loads no pyplot and changes no setting."""
    code = f"""
import sys
from spinspice import plotting
assert "matplotlib" not in sys.modules
import matplotlib
before = dict(matplotlib.rcParams)
sys.path.insert(0, "tests")
from synthetic import characterization
plotting.plot_characterization(characterization(), r"{tmp_path / "p.png"}")
assert "matplotlib.pyplot" not in sys.modules
assert dict(matplotlib.rcParams) == before
"""
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_every_kind_of_curve_and_an_inset(tmp_path):
    x = np.linspace(0.0, 1.0, 5)
    kinds = (
        Curve(x=x, y=x, kind="line", label="a"),
        Curve(x=x, y=x, kind="dashed"),
        Curve(x=x, y=x, yerr=0.1 * x, kind="points"),
        Curve(x=x, y=x, y_high=2 * x, kind="band"),
        Curve(x=x, y=x, kind="bars"),
    )
    inset = Panel(title="inset", xlabel="x", ylabel="y", curves=kinds[:1])
    panel = Panel(title="panel", xlabel="x", ylabel="y", curves=kinds, inset=inset)
    picture = Reproduction(name="n", title="t", source="s", rows=(Row(quantity="q", paper=1, here=1),), panels=(panel,))
    assert plotting.plot_reproduction(picture, tmp_path / "p.png").stat().st_size > 5000
    named = Panel(title="kinds", xlabel="", ylabel="y", curves=kinds[:1], ticks=("low", "high"), equal=True)
    picture = Reproduction(name="n", title="t", source="s", rows=(), panels=(named,))
    assert all(word in plotting.plot_reproduction(picture, tmp_path / "p.svg").read_text() for word in ("low", "high"))
    wrong = Panel(title="", xlabel="", ylabel="", curves=(Curve(x=x, y=x, kind="dots"),))
    with pytest.raises(UsageError, match="unknown kind of curve 'dots'"):
        plotting.plot_reproduction(
            Reproduction(name="n", title="t", source="s", rows=(), panels=(wrong,)), tmp_path / "p.png"
        )


@pytest.mark.parametrize("yscale", ["linear", "log"])
@pytest.mark.parametrize("kind", ["line", "points", "dashed"])
def test_no_legend_lies_on_data(yscale, kind):
    """Also where the data fill the axes: then room is made above them."""
    rng = np.random.default_rng(3)
    x = np.linspace(0.0, 1.0, 80)
    curves = tuple(Curve(x=x, y=10 ** rng.uniform(0, 2, 80), label=f"series {k}", kind=kind, color=k) for k in range(3))
    few = (Curve(x=[0.0, 1.0], y=[1.0, 90.0], label="up"), Curve(x=[0.0, 1.0], y=[90.0, 1.0], label="down"))
    for drawn in (curves, few):
        panel = Panel(title="t", xlabel="x", ylabel="y", curves=drawn, yscale=yscale)
        result = Reproduction(name="f", title="t", source="s", rows=(), panels=(panel,))
        picture = result.plot()
        picture.draw_without_rendering()
        (ax,) = picture.axes
        box = ax.get_legend().get_window_extent()
        for line in ax.lines:
            inside = box.padded(-1.0).contains
            pixels = line.get_transform().transform(line.get_xydata())
            assert not any(inside(*point) for point in pixels)


@pytest.mark.parametrize(("vin", "title"), [(1.1399, "Output at 1.14 V input"), (-0.0194, "Output at -19.4 mV input")])
def test_title_of_a_waveform_has_its_input_with_one_prefix(drawn, vin, title):
    data = characterization()
    data["sample"] = {**data["sample"], "vin": vin}
    assert title in [ax.get_title(loc="left") for ax in drawn(data).axes]
