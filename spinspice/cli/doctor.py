"""``spinspice doctor``: which simulators are here, what each can do, and the one command that adds what is missing."""

from __future__ import annotations

from typing import Any

import click

from spinspice.cli.options import JSON, emit


@click.command()
@JSON
def doctor(as_json: bool) -> int:
    """Say which simulators were found, their versions, what each can do, and how to add what is missing."""
    report = examine()
    if as_json:
        emit(report)
    else:
        _show(report)
    return 0 if report["auto"] else 1


def examine() -> dict[str, Any]:
    """Look at this machine: engines, compiler, what ``auto`` takes."""
    import platform

    from spinspice import __version__
    from spinspice.engines import ENGINES, MODELS, engine_class, find_engine, get_engine
    from spinspice.errors import EngineError

    engines = []
    for name in ENGINES[1:]:
        info = find_engine(name)
        missing = {}
        for model in MODELS:
            try:
                engine_class(name)(model).require()
            except EngineError as reason:
                missing[model] = str(reason)
        engines.append(
            {
                "name": name,
                "found": info is not None,
                "version": info.version if info else None,
                "path": info.path if info else None,
                "models": [model for model in MODELS if model not in missing],
                "missing": missing,
            }
        )
    try:
        chosen = get_engine("auto")
        auto: dict[str, str] | None = {"engine": chosen.name, "model": chosen.model}
    except EngineError:
        auto = None
    return {
        "spinspice": __version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "compiler": _compiler(),
        "engines": engines,
        "auto": auto,
    }


def _compiler() -> dict[str, Any]:
    """Whether Verilog-A can be compiled here."""
    from spinspice.engines import osdi
    from spinspice.errors import EngineError

    try:
        compiler = osdi.require_compiler()
    except EngineError as reason:
        return {"found": False, "version": None, "path": None, "missing": str(reason)}
    return {"found": True, "version": compiler.version, "path": str(compiler.path), "missing": None}


def _show(report: dict[str, Any]) -> None:
    from spinspice.cli.tables import show

    click.echo(f"spinspice {report['spinspice']}, Python {report['python']}, {report['machine']}")
    compiler = report["compiler"]
    rows = [
        (
            engine["name"],
            engine["version"] or "-",
            ", ".join(engine["models"]) or "-",
            engine["path"] or "not found",
        )
        for engine in report["engines"]
    ]
    rows.append(("OpenVAF compiler", compiler["version"] or "-", "", compiler["path"] or "not found"))
    show("Simulators", ("engine", "version", "compact models it runs", "where"), rows, left=4)
    # What an engine that is there does not do by nature (VACASK and B-sources) needs no advice.
    lacking = [engine for engine in report["engines"] if "verilog-a" not in engine["models"]]
    advice = [reason for engine in lacking for reason in engine["missing"].values()]
    if compiler["missing"]:
        advice.append(compiler["missing"])
    for reason in dict.fromkeys(advice):
        click.echo(f"missing: {reason}")
    auto = report["auto"]
    if auto:
        click.echo(f"engine auto takes {auto['engine']} with {auto['model']} models.")
    else:
        click.echo("No simulator can run cells here yet; any one of the commands above adds one.")
