"""What the writers for LTspice and Xyce share: junctions as behavioural sources of PSpice's kind, without a compiler.

Neither was run here; the README of the folder says what was checked instead. Only the macrospin with two terminals has
a form in these sources; another junction is an error that quotes its card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from spinspice.engines.deck import time_steps
from spinspice.export.folder import Files, Job, cell_library, title
from spinspice.export.readme import foreign_readme
from spinspice.export.sources import dialect_of, terms
from spinspice.netlist.dialects.behavioural import BehaviouralDialect
from spinspice.paths import data_dir
from spinspice.units import format_number

#: The library of junctions.
LIBRARY = "spinspice_abm.lib"
#: Relative tolerance of a run: Newton's iteration must resolve the magnet's small steps, which a behavioural source
#: does not ask for as a compiled model does. Our choice; ngspice agrees with the compiled models at it.
RELTOL = {"reltol": "1e-05"}
#: What the tests show of the library.
RUN_IN_NGSPICE = (
    "{} running it there gives the waveforms of spinspice's own engine for the same seed within 0.01 V for 1 ns."
)


def tran(job: Job) -> str:
    """Return the transient: step, stop, start, longest step."""
    step, longest = (format_number(value) for value in time_steps(job.bench, "b-source"))
    return f".tran {step} {format_number(job.bench.stop)} 0 {longest}"


def _testbench(job: Job, writer: BehaviouralDialect, library: str, run: Iterable[str]) -> str:
    """Return the deck."""
    lines = [
        f"* {title(job)}",
        "* What to change: input, seed of the junction",
        *(f".param {name}={value}" for name, value in writer.parameters()),
        "* The junctions",
        f'.include "{LIBRARY}"',
        "* The cell, with its transistor models",
        f'.include "{library}"',
        "* The test bench",
        *writer.global_nodes(),
        *writer.cards(),
        *writer.conditions(),
        "* The run; behavioural sources cannot bound the time step, so the longest one stands here",
        *run,
        ".end",
    ]
    return "\n".join(lines) + "\n"


def write_folder(
    job: Job,
    dialect: type[BehaviouralDialect],
    run: Callable[[BehaviouralDialect, Mapping[str, str]], Iterable[str]],
    *,
    command: str,
    result: str,
    checks: Iterable[str],
    notes: Iterable[str],
) -> Files:
    """Return the files of an exported folder; ``run`` makes options, transient and what is kept of a set of options."""
    writer = dialect_of(job, dialect)
    options = writer.run_options(job.bench.options, RELTOL)
    library = f"{job.cell.name}_cell.lib"
    files = {
        "README.md": "",
        "testbench.cir": _testbench(job, writer, library, run(writer, options)),
        library: cell_library(job, writer.library()),
        LIBRARY: (data_dir("netlists") / LIBRARY).read_text(encoding="utf-8"),
        **terms(job),
    }
    longest = time_steps(job.bench, "b-source")[1]
    more = f"The junctions need time steps of {longest:g} s or less: the last number of `.tran`."
    files["README.md"] = foreign_readme(
        job,
        files,
        simulator=writer.simulator,
        command=command,
        result=result,
        checks=checks,
        notes=[*notes, *writer.notes(), more],
    )
    return files
