"""Writer for HSPICE: junctions as Verilog-A by ``.hdl``, transistors as BSIM4 level 54.

Not run in HSPICE, which is not to be had here: the README of the folder says what was checked instead.
"""

from __future__ import annotations

from spinspice.export.folder import Files, Job, cell_library, celsius, title
from spinspice.export.readme import foreign_readme, read_by_vacask
from spinspice.export.sources import carried_files, dialect_of
from spinspice.netlist.dialects.hspice import Hspice
from spinspice.units import format_number

#: What runs the exported folder, inside it.
COMMAND = "hspice testbench.sp"


def _testbench(job: Job, writer: Hspice, library: str) -> str:
    """Return the deck."""
    bench = job.bench
    options = writer.run_options(bench.options)
    lines = [
        f"* {title(job)}",
        "* What to change: input, seed of the junction",
        *(f".param {name}={value}" for name, value in writer.parameters()),
        "* A parameter given to a subcircuit is not overruled by one of the same name outside",
        ".option parhier=local",
        "* The junctions",
        *(f'.hdl "verilog_a/{model}.va"' for model in bench.models),
        "* The cell, with its transistor models",
        f'.include "{library}"',
        "* The test bench",
        *writer.global_nodes(),
        *writer.cards(),
        *writer.conditions(),
        "* The run; the junctions bound the time step themselves",
        f".temp {celsius(bench)}",
        *(f".option {name}={value}" for name, value in options.items()),
        f".option post=2 probe=1 delmax={format_number(bench.max_step or bench.step)}",
        f".tran {format_number(bench.step)} {format_number(bench.stop)}",
        f".print tran {' '.join(writer.signal(signal) for signal in bench.save)}",
        ".end",
    ]
    return "\n".join(lines) + "\n"


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    writer = dialect_of(job, Hspice)
    library = f"{job.cell.name}_cell.sp"
    files = {
        "README.md": "",
        "testbench.sp": _testbench(job, writer, library),
        library: cell_library(job, writer.library()),
    }
    files |= carried_files(job)
    files["README.md"] = foreign_readme(
        job,
        files,
        simulator="HSPICE",
        command=COMMAND,
        result="`testbench.tr0` (text, for WaveView and the like) and the listing `testbench.lis`",
        checks=[read_by_vacask("hspice")],
        notes=[
            "The junctions are Verilog-A, compiled by HSPICE itself (`.hdl`); a version with `$bound_step` is needed.",
            *writer.notes(),
            "Numbers, node names and the hierarchy are those of the other exports of this cell.",
        ],
    )
    return files
