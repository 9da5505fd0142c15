"""Writer for Spectre: its own language, junctions as Verilog-A by ``ahdl_include``, transistors as ``bsim4``.

Not run in Spectre, which is not to be had here: the README of the folder says what was checked instead.
"""

from __future__ import annotations

from spinspice.export.folder import Files, Job, cell_heading, celsius, title, wrap_cards
from spinspice.export.readme import foreign_readme, read_by_vacask
from spinspice.export.sources import carried_files, dialect_of, modules
from spinspice.netlist.dialects.spectre import Spectre
from spinspice.units import format_number

#: What runs the exported folder, inside it.
COMMAND = "spectre testbench.scs"


def _testbench(job: Job, writer: Spectre, library: str) -> str:
    """Return the deck."""
    bench = job.bench
    options = writer.run_options(bench.options, {"temp": celsius(bench)})
    lines = [
        f"// {title(job)}",
        "simulator lang=spectre",
        " ".join(["global 0", *writer.circuit.globals]),
        "// What to change: input, seed of the junction",
        *(f"parameters {name}={value}" for name, value in writer.parameters()),
        "// The junctions and, where they are Verilog-A, the transistors",
        *(f'ahdl_include "{source}"' for source in modules(bench).values()),
        "// The cell, with its transistor models",
        f'include "{library}"',
        "// The test bench",
        *writer.cards(),
        *writer.conditions(),
        "// The run; the junctions bound the time step themselves",
        f"simulatorOptions options {' '.join(f'{name}={value}' for name, value in options.items())}",
        f"tran1 tran stop={format_number(bench.stop)} maxstep={format_number(bench.max_step or bench.step)}",
        f"save {' '.join(writer.signal(signal) for signal in bench.save)}",
    ]
    return "\n".join(lines) + "\n"


def _cell(job: Job, writer: Spectre) -> str:
    """Return the file of the cell."""
    heading = "".join(f"// {line}\n" for line in cell_heading(job))
    return f"{heading}simulator lang=spectre\n{''.join(map(_folded, writer.library().splitlines()))}"


def _folded(line: str) -> str:
    """Return a line with its end, long cards folded; a condition stays in one line."""
    return f"{line}\n" if line.startswith(("if ", "} else")) else wrap_cards(line)


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    writer = dialect_of(job, Spectre)
    library = f"{job.cell.name}_cell.scs"
    files = {"README.md": "", "testbench.scs": _testbench(job, writer, library), library: _cell(job, writer)}
    files |= carried_files(job)
    files["README.md"] = foreign_readme(
        job,
        files,
        simulator="Spectre",
        command=COMMAND,
        result="`testbench.raw`, in the format of the installation",
        checks=[
            read_by_vacask(
                "spectre",
                f", the name{'' if writer.modules else ' and the version'} of the transistor model, which are its own, "
                "and capital letters",
            )
        ],
        notes=[
            "The junctions are Verilog-A, compiled by Spectre itself (`ahdl_include`).",
            *writer.notes(),
            *(["The transistor model is Verilog-A too, as its authors wrote it."] * bool(writer.modules)),
            "An instance that would be called like a word of the language or a parameter has an underscore behind it.",
            "Names are in lower case.",
        ],
    )
    return files
