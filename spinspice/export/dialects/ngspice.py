"""Writer for ngspice: a deck that any ngspice from 39 on runs as it is, and one beside it for compiled Verilog-A.

The deck with B-source junctions is the one to start with: it needs no compiler. Both give the junction the same noise.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from spinspice.devices import Device, find_model
from spinspice.engines.base import Model
from spinspice.engines.deck import LIBRARIES, make_deck
from spinspice.export.folder import Files, Job, cell_library, split_circuit, title
from spinspice.export.readme import render
from spinspice.export.sources import carried_files, modules
from spinspice.paths import data_dir
from spinspice.units import format_number

#: What runs the exported folder, inside it.
COMMAND = "ngspice -b testbench.cir"
_RUN_CARDS = (".temp", ".options", ".save", ".tran")


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    theirs, every = _modules(job)
    cell_lib = f"{job.cell.name}.lib"
    files = {
        "README.md": _readme(job, cell_lib),
        "testbench.cir": _deck(job, cell_lib, "b-source", "waveform.txt", theirs),
        "testbench_osdi.cir": _deck(job, cell_lib, "verilog-a", "waveform_osdi.txt", every),
        cell_lib: cell_library(job, split_circuit(job.bench.circuit)[0]),
    }
    for library in LIBRARIES.values():
        files[library] = (data_dir("netlists") / library).read_text(encoding="utf-8")
    return files | _other_libraries(job) | carried_files(job)


def _others(job: Job) -> list[type[Device]]:
    """Return the compact models of other packages that the test bench uses."""
    return [kind for kind in map(find_model, job.bench.models) if kind.folder is not None]


def _other_libraries(job: Job) -> Files:
    """Return the libraries of compact models of other packages, in both realisations."""
    files: Files = {}
    for kind in _others(job):
        written = kind.model_files().library("b-source")
        if "b-source" in kind.realisations and written is not None:
            files[f"{kind.model}.lib"] = written.read_text(encoding="utf-8")
        files[f"{kind.model}_osdi.lib"] = kind.osdi_card()
    return files


def compile_commands(job: Job) -> list[str]:
    """Return the commands that must have been run once in the folder before :data:`COMMAND`."""
    return [f"openvaf-r {shlex.quote(source)} -o {shlex.quote(name)}.osdi" for name, source in _modules(job)[0].items()]


def _modules(job: Job) -> tuple[dict[str, str], dict[str, str]]:
    """Return the Verilog-A modules of the transistors, and all with those of the junctions: name and source of each."""
    every = modules(job.bench)
    return {name: source for name, source in every.items() if name not in job.bench.models}, every


def _deck(job: Job, cell_lib: str, model: Model, output: str, osdi: Iterable[str]) -> str:
    """Return a test bench with the cell and one library of junctions that writes its waveforms to ``output``.

    Options, what is saved and the transient are the cards of the engine's own deck, so that both run alike.
    """
    bench = job.bench
    _, cards = split_circuit(bench.circuit)
    engine = make_deck(bench, model)
    lines = [
        f"* {title(job)}",
        "* What to change: input, seed of the junction",
        *(f".param {name}={format_number(value)}" for name, value in bench.parameters.items()),
        "* The cell, with its transistor models",
        f'.include "{cell_lib}"',
        "* The test bench",
        cards.strip(),
        "* The junctions",
        f'.include "{LIBRARIES[model]}"',
        *(f'.include "{kind.model}{"_osdi" * (model == "verilog-a")}.lib"' for kind in _others(job)),
        "* The run",
        *(line for line in engine.lines if line.split()[0] in _RUN_CARDS),
        ".control",
        "* One thread: a small circuit is many times slower on several; last, how to look for an operating point",
        *(f"pre_{setting}" for setting in engine.settings),
        *(f"pre_osdi {module}.osdi" for module in osdi),
        "run",
        "set wr_singlescale",
        "set wr_vecnames",
        "set numdgt=15",
        f"wrdata {output} {' '.join(bench.save)}",
        "quit",
        ".endc",
        ".end",
    ]
    return "\n".join(lines) + "\n"


def _readme(job: Job, cell_lib: str) -> str:
    theirs, every = _modules(job)
    return render(
        "export_ngspice.md.j2",
        job,
        b_source=LIBRARIES["b-source"],
        cell_lib=cell_lib,
        command=COMMAND,
        modules=every,
        osdi=LIBRARIES["verilog-a"],
        transistors=theirs,
    )
