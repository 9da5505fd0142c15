"""Writers for LTspice and Xyce: junctions as behavioural sources of PSpice's kind, which both take without a compiler.

Neither was run here; the README of the folder says what was checked instead. Only the macrospin with two terminals has
a form in these sources; another junction is an error that quotes its card.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import spinspice
from spinspice.engines.deck import time_steps
from spinspice.export.folder import Files, Job
from spinspice.export.readme import foreign_readme, read_by_vacask
from spinspice.export.sources import terms
from spinspice.export.spice import SpiceWriter
from spinspice.netlist.names import has_bins
from spinspice.paths import data_dir
from spinspice.units import format_number

#: The library of junctions.
LIBRARY = "spinspice_abm.lib"
#: What runs the exported folders, inside them.
COMMANDS = {"ltspice": "LTspice -b testbench.cir", "xyce": "Xyce testbench.cir"}
#: Relative tolerance of a run: Newton's iteration must resolve the magnet's small steps, which a behavioural source
#: does not ask for as a compiled model does. Our choice; ngspice agrees with the compiled models at it.
RELTOL = 1e-5
#: What the tests show of the library.
_RUN_IN_NGSPICE = (
    "{} running it there gives the waveforms of spinspice's own engine for the same seed within 0.01 V for 1 ns."
)


class _BehaviouralWriter(SpiceWriter):
    quotes: ClassVar[tuple[str, str]] = ("{", "}")
    params: ClassVar[str] = "PARAMS: "
    realisation: ClassVar[str] = "abm"
    functions: ClassVar[Mapping[str, str]] = {
        "ln": "ln({0})",
        "floor": "floor({0})",
        "ceil": "ceil({0})",
        "**": "pow({0},{1})",
    }

    def testbench(self, library: str) -> str:
        """Return the deck."""
        bench = self.bench
        lines = [
            f"* {bench.title} ({self.job.junction.split(':')[0]}), exported by spinspice {spinspice.__version__}",
            "* What to change: input, seed of the junction",
            *(f".param {name}={value}" for name, value in self.parameters()),
            "* The junctions",
            f'.include "{LIBRARY}"',
            "* The cell, with its transistor models",
            f'.include "{library}"',
            "* The test bench",
            *(f".global {' '.join(self.circuit.globals)}" for _ in self.circuit.globals[:1]),
            *self.cards(),
            *self.conditions(),
            "* The run; behavioural sources cannot bound the time step, so the longest one stands here",
            *self.run(),
            ".end",
        ]
        return "\n".join(lines) + "\n"

    def run(self) -> list[str]:
        """Return options, transient and what is kept."""
        raise NotImplementedError

    def tran(self) -> str:
        """Return the transient: step, stop, start, longest step."""
        step, longest = (format_number(value) for value in time_steps(self.bench, "b-source"))
        return f".tran {step} {format_number(self.bench.stop)} 0 {longest}"

    def celsius(self) -> str:
        """Return the temperature in degrees."""
        return format_number(round(self.bench.temperature - 273.15, 9))

    def signals(self) -> str:
        """Return the signals with a colon between the levels."""
        return " ".join(signal.replace("(v.", "(").replace(".", ":") for signal in self.bench.save)


class _LtspiceWriter(_BehaviouralWriter):
    simulator: ClassVar[str] = "LTspice"
    binned: ClassVar[bool] = False
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        **SpiceWriter.models,
        **{(kind, level): f"{kind} level=14" for kind in ("nmos", "pmos") for level in (14, 54)},
        **{(kind, level): f"{kind} level=8" for kind in ("nmos", "pmos") for level in (8, 49)},
    }
    options: ClassVar[tuple[str, ...]] = ("reltol", "abstol", "vntol", "chgtol", "gmin", "trtol")

    def run(self) -> list[str]:
        options = self.run_options({"reltol": RELTOL})
        return [
            f".temp {self.celsius()}",
            *(f".options {name}={value}" for name, value in options.items()),
            self.tran(),
            f".save {self.signals()}",
        ]


class _XyceWriter(_BehaviouralWriter):
    simulator: ClassVar[str] = "Xyce"
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        **SpiceWriter.models,
        **{(kind, level): f"{kind} level=9" for kind in ("nmos", "pmos") for level in (8, 49)},
    }
    options: ClassVar[tuple[str, ...]] = ("reltol",)

    def run(self) -> list[str]:
        options = self.run_options({"reltol": RELTOL})
        return [
            f".options device temp={self.celsius()}",
            *[".options parser model_binning=true"] * has_bins(self.circuit),
            *(f".options timeint {name}={value}" for name, value in options.items()),
            self.tran(),
            f".print tran {self.signals()}",
        ]


def write_ltspice(job: Job) -> Files:
    """Return the files of an exported folder for LTspice, by name."""
    return _write(
        job,
        _LtspiceWriter(job),
        COMMANDS["ltspice"],
        "`testbench.raw`",
        checks=[
            _RUN_IN_NGSPICE.format("ngspice in its mode for LTspice's language takes all but the line `.save`, and"),
        ],
        notes=[
            "The program may be called `LTspice.exe` or `XVIIx64.exe`; or open the test bench there and press Run.",
            "Level 14 is LTspice's BSIM4; it is of an earlier version than the 4.8 that the cards were written for.",
        ],
    )


def write_xyce(job: Job) -> Files:
    """Return the files of an exported folder for Xyce, by name."""
    return _write(
        job,
        _XyceWriter(job),
        COMMANDS["xyce"],
        "`testbench.cir.prn`, a table of text",
        checks=[
            read_by_vacask("xyce", ", the word `PARAMS:`; and with the junction in Verilog-A in place of its library"),
            _RUN_IN_NGSPICE.format(
                f"`{LIBRARY}` is that of the LTspice export, which ngspice reads in its mode for that language;"
            ),
        ],
        notes=["No Verilog-A: Xyce takes it as a compiled plugin only, made on the machine on which Xyce was built."],
    )


def _write(
    job: Job,
    writer: _BehaviouralWriter,
    command: str,
    result: str,
    checks: Iterable[str],
    notes: Iterable[str],
) -> Files:
    library = f"{job.cell.name}_cell.lib"
    files = {
        "README.md": "",
        "testbench.cir": writer.testbench(library),
        library: writer.deck_library(),
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
