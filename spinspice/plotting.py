"""Pictures of results: of a characterised cell and of reproduced figures.

matplotlib loads when something is drawn. Figures are made without pyplot, so no window system is needed, nothing stays
in memory, and the user's own matplotlib settings are neither read nor changed.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spinspice.errors import UsageError
from spinspice.files import complete_file, mark
from spinspice.units import engineering, with_error

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from spinspice.panels import Curve, Panel
    from spinspice.reproduce.base import Reproduction
    from spinspice.studies.result import StudyResult

#: Colours that people with any colour vision can tell apart (Okabe and Ito, Color Universal Design, 2008), in an order
#: of falling contrast on white.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
#: Kinds of picture files.
SUFFIXES = (".png", ".svg", ".pdf")
_STYLE = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.grid": True,
    "grid.color": "#e2e2e2",
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "lines.linewidth": 1.6,
    "lines.markersize": 4.5,
    "errorbar.capsize": 2.0,
    "legend.frameon": True,
    "legend.framealpha": 0.85,
    "legend.edgecolor": "#e2e2e2",
    "legend.fancybox": False,
    "legend.fontsize": 8.0,
    "svg.hashsalt": "spinspice",  # the same data give the same bytes
}


def plain(result: Any) -> dict[str, Any]:
    """Return a result as a plain mapping: itself, or what its ``to_dict`` gives (everything it can)."""
    if isinstance(result, Mapping):
        if not {"cell", "transfer"} <= result.keys():
            raise UsageError(
                "this mapping is no result: it has no keys cell and transfer. Give Characterization.to_dict()."
            )
        return dict(result)
    if not hasattr(result, "to_dict"):
        raise UsageError(
            f"cannot draw or report a {type(result).__name__}. Give a result of characterize(), or its to_dict()."
        )
    # Results that keep their curves apart give them when asked; a fault inside of to_dict is not taken for an answer.
    whole = {"full": True} if "full" in inspect.signature(result.to_dict).parameters else {}
    return dict(result.to_dict(**whole))


def plot_characterization(result: Any, path: str | os.PathLike[str]) -> Path:
    """Draw a characterised cell: transfer, sample waveform, autocorrelation, power by block.

    Parameters
    ----------
    result : Characterization or mapping
        With the keys of ``characterize --json``. Drawn besides when present: ``transfer.low`` and ``transfer.high``
        (bounds), ``sample`` (``time``, ``out``), ``autocorrelation`` (``lag``, ``value``, ``stderr``).
    path : path
        Picture to write; ``.png``, ``.svg`` or ``.pdf``.

    Raises
    ------
    UsageError
        For another suffix.
    ResultError
        If it cannot be written.
    """
    return write(figure(plain(result)), path)


def figure(result: Any) -> Figure:
    """Return the picture of any result: of a characterised neuron (or its plain data), or of what has panels.

    Raises
    ------
    UsageError
        For an object that has nothing to draw.
    """
    from spinspice.characterize import Characterization

    if isinstance(result, Characterization | Mapping):
        return _characterization(plain(result))
    panels = getattr(result, "panels", None)
    panels = panels() if callable(panels) else panels
    if not panels:
        raise UsageError(
            f"there is nothing to draw of {result!r}. Results of studies, sweeps and figures have pictures."
        )
    return _panels(panels, result.title)


def _characterization(data: dict[str, Any]) -> Figure:
    """Return the picture of a characterised neuron."""
    parts: list[Callable[[Axes, dict[str, Any]], None]] = [_draw_transfer]
    if data.get("sample"):
        parts.append(_draw_sample)
    if data.get("autocorrelation"):
        parts.append(_draw_autocorrelation)
    if (data.get("energy") or {}).get("power"):
        parts.append(_draw_power)

    def draw(figure: Figure) -> None:
        columns = 1 if len(parts) == 1 else 2
        rows = -(-len(parts) // columns)
        figure.set_size_inches(4.6 * columns, 3.3 * rows + 0.4)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, part in zip(axes, parts, strict=False):
            part(ax, data)
        for ax in axes[len(parts) :]:
            ax.set_visible(False)
        figure.suptitle(
            f"{str(data['cell']).upper()}, preset {data['preset']}, {data['engine']}, seed {data['seed']}",
            fontsize=10.5,
            x=0.01,
            ha="left",
        )

    return _drawn(draw)


def plot_result(result: StudyResult, path: str | os.PathLike[str]) -> Path:
    """Draw the result of any study; a characterised neuron as :func:`plot_characterization` does."""
    return write(figure(result), path)


def plot_reproduction(reproduction: Reproduction, path: str | os.PathLike[str]) -> Path:
    """Draw the panels of a reproduced figure; arguments and errors as :func:`plot_characterization`."""
    return write(figure(reproduction), path)


def plot_panels(panels: Sequence[Panel], title: str, path: str | os.PathLike[str]) -> Path:
    """Draw panels under a title, at most four side by side; errors as :func:`plot_characterization`."""
    return write(_panels(panels, title), path)


def _panels(panels: Sequence[Panel], title: str) -> Figure:
    def draw(figure: Figure) -> None:
        columns = min(len(panels), 4)
        rows = -(-len(panels) // columns)
        figure.set_size_inches(max(5.2 * columns, 6.6), 4.0 * rows + 0.3)
        axes = figure.subplots(rows, columns, squeeze=False).ravel()
        for ax, panel in zip(axes, panels, strict=False):
            _draw_panel(ax, panel)
        for ax in axes[len(panels) :]:
            ax.set_visible(False)
        figure.suptitle(title, fontsize=10.5, x=0.01, ha="left")

    return _drawn(draw)


def svg(draw_to: Callable[[str | os.PathLike[str]], Path]) -> str:
    """Return the picture that ``draw_to(path)`` writes as SVG text, ready to stand inside an HTML page."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        text = draw_to(Path(folder) / "picture.svg").read_text(encoding="utf-8")
    return text[text.index("<svg") :]


def _own_style() -> Any:
    """Return a context with our own settings of matplotlib, the user's left alone."""
    import matplotlib

    settings: Any = dict(matplotlib.rcParamsDefault)
    settings.pop("backend", None)
    settings.update(_STYLE)
    return matplotlib.rc_context(settings)


def _drawn(draw: Callable[[Figure], None]) -> Figure:
    """Draw on a fresh figure with our own style."""
    from matplotlib.figure import Figure

    with _own_style():
        figure = Figure(layout="constrained")
        draw(figure)
        _clear_legends(figure)
    return figure


def _clear_legends(figure: Figure) -> None:
    """Make room at the top of axes whose legend lies on data: its samples would be taken for points of a curve."""
    axes = [ax for ax in figure.axes if ax.get_legend() is not None and ax.get_adjustable() != "datalim"]
    if not axes:
        return
    figure.draw_without_rendering()
    for ax in axes:
        legend = ax.get_legend()
        box = legend.get_window_extent()
        if any(np.all((xy > box.min) & (xy < box.max), axis=1).any() for xy in map(_on_screen, ax.lines)):
            share = min(box.height / ax.bbox.height + 0.03, 0.6)
            to_scale, from_scale = ax.transScale.transform, ax.transScale.inverted().transform
            low, high = (to_scale((ax.get_xlim()[1], y))[1] for y in ax.get_ylim())
            top = from_scale((to_scale((ax.get_xlim()[1], 1.0))[0], high + (high - low) * share / (1.0 - share)))[1]
            ax.set_ylim(top=top)
            legend.set_loc("upper right")


def write(figure: Figure, path: str | os.PathLike[str]) -> Path:
    """Write a figure; the file appears only when it is complete.

    Raises
    ------
    UsageError
        For a suffix that is none of :data:`SUFFIXES`.
    ResultError
        If it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in SUFFIXES:
        raise UsageError(f"cannot draw to {path}: its suffix is {path.suffix!r}; use one of {', '.join(SUFFIXES)}.")
    with _own_style(), complete_file(path) as partial:
        # Each format has a name of its own for what made the file; no date, so that equal figures are equal files.
        field = {".png": {"Software": mark()}, ".pdf": {"Creator": mark(), "CreationDate": None}}
        metadata = field.get(path.suffix.lower(), {"Creator": mark(), "Date": None})
        figure.savefig(partial, dpi=150, metadata=metadata)
    return path


def _on_screen(line: Line2D) -> np.ndarray:
    """Return the points of a curve in pixels, and where it is a line, points between them."""
    points = np.asarray(line.get_transform().transform(line.get_xydata())).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]  # a logarithmic axis has no place for zero
    if line.get_linestyle() in ("None", "") or len(points) < 2:
        return points
    between = np.linspace(0.0, 1.0, 10)[:, None, None]
    return (points[:-1] + between * np.diff(points, axis=0)).reshape(-1, 2)


def _draw_transfer(ax: Axes, data: dict[str, Any]) -> None:
    """Draw mean with standard errors, the fitted tanh, and the bounds of the output."""
    transfer, fit = data["transfer"], data.get("fit") or {}
    vin, mean, stderr, std = (np.asarray(transfer[name], dtype=float) for name in ("vin", "mean", "stderr", "std"))
    if transfer.get("low") is not None and transfer.get("high") is not None:
        low, high, what = np.asarray(transfer["low"]), np.asarray(transfer["high"]), "1 % to 99 % of the time"
    else:
        low, high, what = mean - std, mean + std, "mean ± standard deviation"
    ax.fill_between(1e3 * vin, low, high, color=COLORS[5], alpha=0.3, lw=0, label=what)
    if fit.get("resolved", bool(fit)):
        fine = np.linspace(vin.min(), vin.max(), 400)
        amplitude, level = fit.get("amplitude", 0.4), fit.get("level", 0.0)
        tanh = level + amplitude * np.tanh((fine - fit["offset"]) / fit["v0"])
        ax.plot(1e3 * fine, tanh, color=COLORS[1], label=_fit_label(fit))
    elif fit:
        bound = (
            f"V0 at most {engineering(fit['v0_max'], 'V', 3)}" if fit.get("v0_max") is not None else "no bound on V0"
        )
        ax.plot([], [], " ", label=f"tanh not resolved: {bound}")
    ax.errorbar(1e3 * vin, mean, stderr, fmt="o", color=COLORS[0], label="mean ± standard error", zorder=3)
    ax.set(xlabel="input voltage [mV]", ylabel="output voltage [V]", title="Transfer curve")
    # Room for the legend beside the curve, whichever way it goes.
    rising = mean[-1] >= mean[0]
    ax.set_ylim(min(low.min(), mean.min()) - 0.04, max(high.max(), mean.max()) + 0.3)
    ax.legend(loc="upper left" if rising else "upper right", borderaxespad=0.1)


def _fit_label(fit: Mapping[str, Any]) -> str:
    return f"tanh, V0 = {with_error(fit['v0'], fit.get('v0_stderr'), 'V')}, R² = {fit['r2']:.4f}"


def _draw_sample(ax: Axes, data: dict[str, Any]) -> None:
    """Draw a stretch of the output waveform."""
    sample = data["sample"]
    time, out = np.asarray(sample["time"], dtype=float), np.asarray(sample["out"], dtype=float)
    ax.plot(1e9 * (time - time[0]), out, color=COLORS[0], lw=0.9)
    where = f" at {engineering(sample['vin'], 'V', 3)} input" if sample.get("vin") is not None else ""
    ax.set(xlabel="time [ns]", ylabel="output voltage [V]", title=f"Output{where}")
    ax.margins(x=0.01)


def _draw_autocorrelation(ax: Axes, data: dict[str, Any]) -> None:
    """Draw the autocorrelation of the output and where it crosses 1/e or what tau_c says."""
    auto, noise = data["autocorrelation"], data.get("noise") or {}
    lag, value = 1e9 * np.asarray(auto["lag"], dtype=float), np.asarray(auto["value"], dtype=float)
    if auto.get("stderr") is not None:
        error = np.asarray(auto["stderr"], dtype=float)
        ax.fill_between(lag, value - error, value + error, color=COLORS[5], alpha=0.35, lw=0, label="± standard error")
    ax.plot(lag, value, color=COLORS[0])
    ax.axhline(0.0, color="#808080", lw=0.8)
    if noise.get("tau_c"):
        # The width is counted on both sides of zero lag: half of it lies in the picture.
        half = 0.5e9 * noise["tau_c"]
        width = with_error(noise["tau_c"], noise.get("tau_c_stderr"), "s")
        label = f"half of the full width at half maximum,\nτc / 2, with τc = {width}"
        ax.plot([0.0, half, half], [0.5, 0.5, -1.0], "--", color=COLORS[1], lw=1.2, label=label)
    ax.set(xlabel="lag [ns]", ylabel="autocorrelation", title="Autocorrelation of the output")
    ax.set_ylim(min(-0.2, 1.1 * value.min()), 1.3)
    ax.margins(x=0.01)
    ax.legend(loc="upper right")


def _draw_power(ax: Axes, data: dict[str, Any]) -> None:
    """Draw the power of each block, largest on top, with numbers."""
    power = dict(sorted(data["energy"]["power"].items(), key=lambda item: item[1]))
    values = 1e6 * np.asarray(list(power.values()), dtype=float)
    bars = ax.barh([name.replace("_", " ") for name in power], values, color=COLORS[0], height=0.62)
    total = values.sum()
    errors = data["energy"].get("power_stderr") or {}
    texts = [
        f"{with_error(v * 1e-6, errors.get(name), 'W')} ({v / total:.0%})" if total else "0 W"
        for name, v in zip(power, values, strict=True)
    ]
    ax.bar_label(bars, texts, padding=3, fontsize=8)
    ax.set_xlim(min(0.0, 1.35 * values.min()), 1.65 * max(values.max(), 1e-9))
    ax.grid(axis="y", visible=False)
    per_decision = data["energy"].get("per_decision")
    stderr = data["energy"].get("per_decision_stderr")
    tail = f", {with_error(per_decision, stderr, 'J')} per decision" if per_decision else ""
    ax.set(xlabel="average power [µW]", title=f"Power by block{tail}")


def _draw_panel(ax: Axes, panel: Panel) -> None:
    """Draw one panel of a reproduced figure, inset included."""
    for curve in panel.curves:
        _draw_curve(ax, curve)
    ax.set(xlabel=panel.xlabel, ylabel=panel.ylabel, title=panel.title, xscale=panel.xscale, yscale=panel.yscale)
    if panel.ticks:
        ax.set_xticks(range(len(panel.ticks)), panel.ticks, rotation=30, ha="right")
    if panel.equal:
        # A map ends where its cells do.
        ax.set_aspect("equal", adjustable="box" if any(curve.kind == "map" for curve in panel.curves) else "datalim")
    if panel.inset is not None:
        # A rising curve leaves the lower right corner free, a falling one the upper right.
        rising = np.asarray(panel.curves[0].y)[-1] > np.asarray(panel.curves[0].y)[0]
        inner = ax.inset_axes((0.66, 0.14 if rising else 0.6, 0.33, 0.31))
        _draw_panel(inner, panel.inset)
        inner.tick_params(labelsize=6.5)
        inner.set_xlabel(panel.inset.xlabel, fontsize=6.5, labelpad=1)
        inner.set_ylabel(panel.inset.ylabel, fontsize=6.5, labelpad=1)
        inner.set_title(panel.inset.title, fontsize=7.5)
    if any(curve.label for curve in panel.curves):
        ax.legend(loc="best" if panel.inset is None else "lower left")


def _draw_curve(ax: Axes, curve: Curve) -> None:
    color = COLORS[curve.color % len(COLORS)]
    if curve.kind == "band":
        ax.fill_between(
            curve.x, curve.y, np.asarray(curve.y_high, dtype=float), color=color, alpha=0.25, lw=0, label=curve.label
        )
    elif curve.kind == "points":
        ax.errorbar(curve.x, curve.y, curve.yerr, fmt="o", color=color, label=curve.label, zorder=3)
    elif curve.kind in ("line", "dashed"):
        ax.plot(curve.x, curve.y, "--" if curve.kind == "dashed" else "-", color=color, label=curve.label)
    elif curve.kind == "map":
        _draw_map(ax, curve)
    elif curve.kind == "bars":
        bars = ax.bar(curve.x, curve.y, width=0.25, yerr=curve.yerr, color=color, label=curve.label)
        heights = [f"{v:,.0f}" if v >= 100 else f"{v:.3g}" for v in np.asarray(curve.y, dtype=float)]
        ax.bar_label(bars, heights, padding=1, fontsize=7)
    else:
        raise UsageError(f"unknown kind of curve {curve.kind!r}. Known: points, line, dashed, band, bars, map.")


def _draw_map(ax: Axes, curve: Curve) -> None:
    """Draw whole numbers over a plane as coloured cells, with the name of each in the middle of its cells."""
    x, y, z = (np.asarray(values, dtype=float) for values in (curve.x, curve.y, curve.z))
    ax.grid(visible=False)
    ax.pcolormesh(x, y, z.T, cmap="tab20", vmin=-0.5, vmax=19.5, shading="nearest", rasterized=True)
    for number, name in enumerate(curve.names):
        at = np.argwhere(z == number)
        if len(at):
            middle = np.median(at, axis=0).astype(int)
            ax.text(x[middle[0]], y[middle[1]], name, ha="center", va="center", fontsize=6.5)
