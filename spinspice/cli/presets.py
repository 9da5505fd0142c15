"""``spinspice presets``: published junctions."""

from __future__ import annotations

import click

from spinspice.cli.options import JSON, emit


@click.command()
@click.argument("name", required=False)
@JSON
def presets(name: str | None, as_json: bool) -> None:
    """List the published junctions, or show NAME with the source of every value and what was chosen."""
    from spinspice.presets import list_presets, load_preset

    chosen = [load_preset(name)] if name else list_presets()
    if as_json:
        emit({"presets": [preset.to_dict() for preset in chosen]})
        return
    from spinspice.cli.tables import show

    if name is None:
        rows = [(preset.name, preset.device.model, preset.title) for preset in chosen]
        show(
            "Published junctions (spinspice presets NAME shows one)",
            ("name", "compact model", "what it is"),
            rows,
            left=3,
        )
        return
    preset = chosen[0]
    click.echo(f"{preset.title}\n{preset.source}\n")
    table: list[tuple[str, ...]] = []
    for field, value in preset.device.parameters().items():
        origin = "source" if field in preset.published else "chosen"
        table.append((field, f"{value:.6g}", origin, preset.published.get(field) or preset.chosen[field]))
    show(f"{preset.name} ({preset.device.model}, SI units)", ("parameter", "value", "from", "how"), table, left=4)
    for note in preset.notes:
        click.echo(f"Note: {note}")
    for limit in preset.device.validity:
        click.echo(f"Valid: {limit}")
