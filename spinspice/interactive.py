"""Curves to zoom and to read off in a report: panels as plotly figures, with the library inside the page."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from typing import Any

import numpy as np

from spinspice.errors import UsageError
from spinspice.panels import Curve, Panel
from spinspice.plotting import COLORS

#: Height of a figure [pixels].
_HEIGHT = 380


def panels_html(panels: Sequence[Panel], anchor: str) -> str:
    """Return panels as elements of a page that :func:`script` is in.

    Parameters
    ----------
    panels : sequence of Panel
        Maps (whole numbers over a plane) are left to the still picture.
    anchor : str
        Start of the identifiers of the elements.

    Raises
    ------
    UsageError
        Without the package plotly.
    """
    require()
    import plotly.graph_objects as go

    parts = []
    for number, panel in enumerate(panels, start=1):
        if any(curve.kind == "map" for curve in panel.curves):
            continue
        figure = go.Figure([trace for curve in panel.curves for trace in _traces(go, curve)])
        figure.update_layout(
            title={"text": panel.title, "font": {"size": 15}}, template="plotly_white", height=_HEIGHT,
            margin={"l": 60, "r": 20, "t": 50, "b": 50}, hovermode="x unified" if _is_a_run(panel) else "closest",
            legend={"orientation": "h", "y": -0.2},
        )  # fmt: skip
        ticks = {"tickvals": list(range(len(panel.ticks))), "ticktext": list(panel.ticks)} if panel.ticks else {}
        figure.update_xaxes(title=panel.xlabel, type=panel.xscale, **ticks)
        figure.update_yaxes(title=panel.ylabel, type=panel.yscale, exponentformat="SI")
        parts.append(
            figure.to_html(
                full_html=False, include_plotlyjs=False, div_id=f"{anchor}-{number}",
                config={"displaylogo": False, "responsive": True, "scrollZoom": True},
            )
        )  # fmt: skip
    return "\n".join(parts)


def script() -> str:
    """Return plotly's own script (4 MB), once for a page."""
    require()
    import plotly.offline

    return str(plotly.offline.get_plotlyjs())


def require() -> None:
    """Raise UsageError unless plotly is installed."""
    if importlib.util.find_spec("plotly") is None:
        raise UsageError('interactive curves need the package plotly. Run: pip install "spinspice[waveforms]"')


def _is_a_run(panel: Panel) -> bool:
    return all(curve.kind == "line" for curve in panel.curves)


def _list(values: Any) -> list[Any]:
    """Return numbers as a list, None where there is none."""
    array = np.asarray(values, dtype=float)
    return [float(value) if np.isfinite(value) else None for value in array]


def _traces(go: Any, curve: Curve) -> list[Any]:
    """Return what draws a curve."""
    color, name = COLORS[curve.color % len(COLORS)], curve.label or None
    x = np.asarray(curve.x)
    places: list[Any] = _list(x) if x.dtype.kind in "fiu" else [str(value) for value in x]
    common = {"x": places, "name": name, "showlegend": bool(name)}
    if curve.kind == "bars":
        return [go.Bar(**common, y=_list(curve.y), marker_color=color)]
    if curve.kind == "band":
        edge = {"mode": "lines", "line": {"width": 0, "color": color}}
        low = go.Scatter(x=common["x"], y=_list(curve.y), showlegend=False, hoverinfo="skip", **edge)
        return [low, go.Scatter(**common, y=_list(curve.y_high), fill="tonexty", opacity=0.3, **edge)]
    error = {"error_y": {"type": "data", "array": _list(curve.yerr), "thickness": 1}} if curve.yerr is not None else {}
    look: dict[str, Any] = {"mode": "lines", "line": {"color": color, "width": 1.5}}
    if curve.kind == "points":
        look = {"mode": "markers", "marker": {"color": color, "size": 6}}
    elif curve.kind == "dashed":
        look["line"]["dash"] = "dash"
    return [go.Scatter(**common, y=_list(curve.y), **look, **error)]
