"""Writer for VACASK: the deck that spinspice's own engine runs, in a folder of its own."""

from __future__ import annotations

import spinspice
from spinspice.engines.vacask_netlist import write_deck
from spinspice.export.folder import Files, Job, cell_heading
from spinspice.export.readme import render
from spinspice.export.sources import carried_files, modules, refuse_own_modules

#: What runs the exported folder, inside it.
COMMAND = "vacask testbench.sim"


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    refuse_own_modules(job, "VACASK")
    job.bench.check_junctions()
    library = f"{job.cell.name}.inc"
    sources = modules(job.bench)
    deck = write_deck(
        job.bench,
        {model: sources[model] for model in job.bench.models},
        files=[source for name, source in sources.items() if name not in job.bench.models],
    )
    inside, outside = _split(deck.text.splitlines())
    title, *rest = outside
    first = next(i for i, line in enumerate(rest) if not line.startswith(("ground", "global", "load", "model")))
    testbench = [
        f"{title} ({job.junction.split(':')[0]}), exported by spinspice {spinspice.__version__}",
        *rest[:first],
        "// What to change: input, seed of the junction",
        *[line for line in rest[first:] if line.startswith("parameters")],
        "// The cell, with its transistor models",
        f'include "{library}"',
        "// The test bench",
        *[line for line in rest[first:] if not line.startswith("parameters")],
    ]
    heading = [f"// {line}" for line in cell_heading(job)]
    files = {
        "README.md": render("export_vacask.md.j2", job, command=COMMAND, library=library),
        "testbench.sim": "\n".join(testbench) + "\n",
        library: "\n".join([*heading, *inside]) + "\n",
    }
    return files | carried_files(job)


def _split(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines of subcircuits, and the others."""
    inside: list[str] = []
    outside: list[str] = []
    depth = 0
    for line in lines:
        word = line.split(maxsplit=1)[0] if line.strip() else ""
        depth += word == "subckt"
        (inside if depth else outside).append(line)
        depth -= word == "ends"
    return inside, outside
