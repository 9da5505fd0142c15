"""``spinspice surrogate``: a neuron cell as a file that stands for it in large networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from spinspice.cli.options import (
    CMOS,
    ENGINE_OPTIONS,
    FORCE,
    JSON,
    MISMATCH,
    PARAM,
    SEED,
    TRUST,
    WORKERS,
    check_output,
    emit,
    volts,
)
from spinspice.cli.progress import Progress


def _engine_options(function: Any) -> Any:
    for option in reversed(ENGINE_OPTIONS):
        function = option(function)
    return function


@click.command()
@click.argument("cell", metavar="CELL")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the surrogate: .json or .npz.")
@click.option("--spice", metavar="FILE", type=click.Path(path_type=Path), help="Write it as a subcircuit for ngspice.")
@click.option("--preset", metavar="P", help="Junction. Default: the cell's own.")
@CMOS
@MISMATCH
@click.option("--vdd", metavar="V", help="Supply. Default: the preset's.")
@click.option(
    "--runs", metavar="N", default=4, show_default=True, help="Runs of the circuit at each held input; 0: none."
)
@click.option("--duration", metavar="T", default="100n", show_default=True, help="Length of these runs.")
@SEED
@WORKERS
@TRUST
@PARAM
@JSON
@FORCE
@_engine_options
def surrogate(
    cell: str,
    out: Path | None,
    spice: Path | None,
    preset: str | None,
    cmos: str | None,
    mismatch: int | None,
    vdd: str | None,
    runs: int,
    duration: str,
    seed: int,
    workers: int | None,
    trust: bool,
    parameters: dict[str, str],
    as_json: bool,
    engine: str,
    model: str | None,
) -> int:
    """Extract the surrogate of CELL (asn, bsn, or a cell file NAME.toml) and set it beside the circuit.

    Runs with its nodes held give the currents and capacitances between them; the magnet is that of the compact model.
    It is then compared with the circuit at inputs that were not used (docs/surrogate.md). Exit status 1 if it misses
    there by four standard errors more than 2 % of the swing in the mean, 5 % in the noise or 10 % in the
    correlation time.
    """
    from spinspice.cells import choose_cell
    from spinspice.surrogate import extract
    from spinspice.surrogate.spice import write_subcircuit
    from spinspice.surrogate.validation import validate
    from spinspice.units import parse_number

    check_output(out, suffixes=(".json", ".npz"))
    check_output(spice, suffixes=(".lib", ".sp", ".cir", ".inc"))
    length = parse_number(duration, "duration")
    made, _, _ = choose_cell(
        cell, preset, cmos, volts(vdd, "vdd"), mismatch=mismatch, trust=trust, parameters=parameters
    )
    found = extract(made, engine=engine, model=model, seed=seed)
    if out is not None:
        found.save(out)
    if spice is not None:
        write_subcircuit(found, spice)
    check = None
    if runs:
        with Progress(f"{found.cell} beside the circuit") as progress:
            check = validate(
                found, made, engine, model=model, runs=runs, duration=length, seed=seed + 1, workers=workers,
                progress=progress,
            )  # fmt: skip
    if as_json:
        emit({"surrogate": found.summary(), "validation": None if check is None else check.to_dict()})
    else:
        from spinspice.cli.tables import show

        grids = [found.grid(), *([check.table(), check.electrical_table()] if check is not None else [])]
        for grid in grids:
            show(grid.title, grid.head, grid.rows)
        for path in (out, spice):
            if path is not None:
                click.echo(f"wrote {path}")
    return 0 if check is None or check.agrees else 1
