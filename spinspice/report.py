"""One self-contained HTML page about characterised cells: numbers, tables, pictures, provenance, how to do it again.

Nothing in the page points outside it: pictures are inline SVG, so it can be mailed, archived and printed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spinspice.characterize import Characterization
from spinspice.errors import UsageError
from spinspice.files import complete_file
from spinspice.plotting import plain, plot_characterization, plot_result, svg
from spinspice.replay import render as replay
from spinspice.studies.result import StudyResult
from spinspice.units import engineering, with_error

_CAPTION = (
    "Transfer curve with standard errors, fitted tanh and spread of the output; a stretch of the output; its "
    "autocorrelation; power by block."
)
#: Columns of a transfer curve: between them the output is 98 % of the time.
BOUNDS = {"1 % [mV]": "low", "99 % [mV]": "high"}
_TEMPLATE = Path(__file__).resolve().parent / "templates" / "report.html.j2"


def write_report(
    results: Any,
    path: str | os.PathLike[str],
    *,
    title: str = "Neuron cells, characterised",
    interactive: bool = False,
) -> Path:
    """Write the report of one or several characterised cells.

    Parameters
    ----------
    results : StudyResult, Characterization, mapping, or a sequence of them
        Studies bring their own tables and pictures; for the keys of the others see
        :func:`spinspice.plotting.plot_characterization`.
    path : path
        The HTML file.
    title : str
        Its heading.
    interactive : bool
        Add the curves to zoom and read off; the page grows by 5 MB, and still loads nothing from elsewhere.

    Raises
    ------
    UsageError
        If there is no result to report, or for ``interactive`` without the package plotly.
    ResultError
        If the file cannot be written.
    """
    path = Path(path)
    if isinstance(results, Mapping) or not isinstance(results, Sequence):
        results = [results]
    if not results:
        raise UsageError("write_report() got no results; give at least one result of characterize().")
    page = render(results, title=title, interactive=interactive)
    with complete_file(path) as partial:
        partial.write_text(page, encoding="utf-8")
    return path


def render(results: Sequence[Any], *, title: str, interactive: bool = False) -> str:
    """Return the page as text."""
    import jinja2
    from markupsafe import Markup

    from spinspice import __version__, schematic
    from spinspice.interactive import panels_html, script

    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    sections = [
        _study(result, number) if _is_study(result) else _section(plain(result), number)
        for number, result in enumerate(results, start=1)
    ]
    for section, result in zip(sections, results, strict=True):
        name = result.get("cell") if isinstance(result, Mapping) else getattr(result, "cell", None)
        section["schematic"] = Markup(schematic.cell_svg(str(name)) or "")
        section["curves"] = ""
        if interactive and isinstance(result, StudyResult):
            section["curves"] = Markup(panels_html(result.panels(), f"{section['anchor']}-curve"))
    library = Markup(script()) if interactive else ""
    return template.render(title=title, version=__version__, sections=sections, library=library)


def _is_study(result: Any) -> bool:
    """Whether a result brings its own tables and pictures; those of a characterised neuron stand here."""
    return isinstance(result, StudyResult) and not isinstance(result, Characterization)


def _picture(draw_to: Callable[[str | os.PathLike[str]], Path], number: int) -> Any:
    """Return a picture as markup of our own making; its identifiers differ from those of other pictures of the page."""
    from markupsafe import Markup

    picture = svg(draw_to)
    for mark in ('id="', 'href="#', "url(#"):
        picture = picture.replace(mark, f"{mark}s{number}-")
    return Markup(picture)


def _study(result: StudyResult, number: int) -> dict[str, Any]:
    """Return what the template needs to know of a study: its first table as cards, the others as tables."""
    first, *others = result.tables()
    two = len(first.head) == 2
    tables = others if two else (first, *others)
    parts = (result.settings, result.provenance)
    return {
        "anchor": f"cell-{number}",
        "heading": result.title,
        "preset": result.settings.get("preset", ""),
        "engine": result.engine,
        "seed": result.seed,
        "cards": first.rows if two else (),
        "picture": _picture(lambda path: plot_result(result, path), number),
        "caption": ". ".join(panel.title for panel in result.panels()) + ".",
        "tables": [{"caption": table.title, "head": table.head, "rows": table.rows} for table in tables],
        "command": result.command,
        "remarks": [*result.notes, *result.failures],
        "provenance": [(name, _text(value)) for part in parts for name, value in part.items() if name != "call"],
    }


def _section(data: dict[str, Any], number: int) -> dict[str, Any]:
    """Return what the template needs to know of one cell."""
    provenance = data.get("provenance") or {}
    return {
        "anchor": f"cell-{number}",
        "heading": f"{str(data['cell']).upper()} ({data['preset']})",
        "preset": data["preset"],
        "engine": data["engine"],
        "seed": data["seed"],
        "cards": _cards(data),
        "picture": _picture(lambda path: plot_characterization(data, path), number),
        "caption": _CAPTION,
        "tables": _tables(data),
        "command": replay(provenance.get("call")),
        "remarks": [*(data.get("notes") or []), *(data.get("failures") or [])],
        "provenance": [
            (name, _text(value))
            for part in (data.get("settings") or {}, provenance)
            for name, value in part.items()
            if name != "call"
        ],
    }


def _cards(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the headline numbers as (label, value); what could not be measured is left out."""
    fit, noise, energy = (data.get(name) or {} for name in ("fit", "noise", "energy"))
    cards = []
    if fit and not fit.get("resolved", True):
        bound = fit.get("v0_max")
        text = "no bound" if bound is None else f"at most {engineering(bound, 'V', 3)}"
        cards.append(("width V0 of the tanh", f"not resolved: {text}"))
    elif fit:
        cards.append(("width V0 of the tanh", with_error(fit["v0"], fit.get("v0_stderr"), "V")))
        cards.append(("R² of the fit", f"{fit['r2']:.4f}"))
    if noise.get("sigma") is not None:
        cards.append(("noise amplitude σ", with_error(noise["sigma"], noise.get("sigma_stderr"), "V")))
    if noise.get("tau_c") is not None:
        cards.append(("correlation time τc (FWHM)", with_error(noise["tau_c"], noise.get("tau_c_stderr"), "s")))
    if energy:
        power, stderr = sum(energy["power"].values()), energy.get("total_power_stderr")
        cards.append(("power", with_error(power, stderr, "W")))
    if energy.get("per_decision") is not None:
        stderr = energy.get("per_decision_stderr")
        cards.append(("energy per decision", with_error(energy["per_decision"], stderr, "J")))
    if energy.get("closure") is not None:
        cards.append(("energy audit closes to", f"{abs(energy['closure']):.1e}"))
    return cards


def _tables(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the transfer curve and the power split as tables of text."""
    transfer = data["transfer"]
    columns = [("Vin [mV]", "vin"), ("mean [mV]", "mean"), ("standard error [mV]", "stderr"), ("noise [mV]", "std")]
    columns += [(head, name) for head, name in BOUNDS.items() if transfer.get(name) is not None]
    size = len(transfer["vin"])
    rows = [[_millivolts(transfer[key][index]) for _, key in columns] for index in range(size)]
    if transfer.get("independent") is not None:
        columns.append(("independent samples", "independent"))
        rows = [[*row, f"{n:.0f}"] for row, n in zip(rows, transfer["independent"], strict=True)]
    tables = [{"caption": "Transfer curve", "head": [head for head, _ in columns], "rows": rows}]
    power = (data.get("energy") or {}).get("power") or {}
    if power:
        total = sum(power.values())
        errors = data["energy"].get("power_stderr") or {}
        split = [
            [name.replace("_", " "), with_error(watts, errors.get(name), "W"), f"{watts / total:.1%}" if total else "-"]
            for name, watts in sorted(power.items(), key=lambda item: -item[1])
        ]
        split.append(["total", with_error(total, data["energy"].get("total_power_stderr"), "W"), "100.0%"])
        tables.append({"caption": "Average power by block", "head": ["block", "power", "share"], "rows": split})
    return tables


def _millivolts(value: float | None) -> str:
    """Return volts as millivolts; a standard error that JSON has not is unknown."""
    return "unknown" if value is None else f"{1e3 * float(value):.2f}"


def _text(value: Any) -> str:
    """Return a value of the provenance for people: nested mappings flat, long numbers as they are."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(inner) for inner in value)
    return str(value)
