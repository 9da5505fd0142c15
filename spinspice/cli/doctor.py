"""``spinspice doctor``: which simulators are here, what each can do, and the one command that adds what is missing."""

from __future__ import annotations

from typing import Any

import click

from spinspice.cli.options import JSON, emit


@click.command()
@JSON
def doctor(as_json: bool) -> int:
    """Say which simulators were found, their versions, what each can do, and how to add what is missing."""
    from spinspice.doctor import examine

    report = examine()
    if as_json:
        emit(report)
    else:
        _show(report)
    return 0 if report["auto"] else 1


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
    blocks = report["verilator"]
    rows.append(("Verilator", (blocks["version"] or "-").removeprefix("Verilator "), "", blocks["path"] or "not found"))
    show("Simulators", ("engine", "version", "compact models it runs", "where"), rows, left=4)
    # What an engine that is there does not do by nature (VACASK and B-sources) needs no advice.
    lacking = [engine for engine in report["engines"] if "verilog-a" not in engine["models"]]
    advice = [reason for engine in lacking for reason in engine["missing"].values()]
    if compiler["missing"]:
        advice.append(compiler["missing"])
    for reason in dict.fromkeys(advice):
        click.echo(f"missing: {reason}")
    if blocks["missing"]:
        click.echo(f"optional, for circuits with Verilog in them: {blocks['missing']}")
    threads = {engine["name"]: engine["threads"] for engine in report["engines"] if engine["threads"]}
    for said in dict.fromkeys(threads.values()):
        click.echo(f"{' and '.join(name for name, own in threads.items() if own == said)}: {said}")
    auto = report["auto"]
    if auto:
        click.echo(f"engine auto takes {auto['engine']} with {auto['model']} models.")
    else:
        click.echo("No simulator can run cells here yet; any one of the commands above adds one.")
