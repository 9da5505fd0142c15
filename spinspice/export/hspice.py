"""Writer for HSPICE: junctions as Verilog-A by ``.hdl``, transistors as BSIM4 level 54.

Not run in HSPICE, which is not to be had here: the README of the folder says what was checked instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import spinspice
from spinspice.export.folder import Files, Job
from spinspice.export.readme import foreign_readme, read_by_vacask
from spinspice.export.sources import carried_files
from spinspice.export.spice import SpiceWriter
from spinspice.units import format_number

#: What runs the exported folder, inside it.
COMMAND = "hspice testbench.sp"


class _HspiceWriter(SpiceWriter):
    simulator: ClassVar[str] = "HSPICE"
    quotes: ClassVar[tuple[str, str]] = ("'", "'")
    #: ``log`` is natural and ``pow(x, y)`` cuts y to an integer: ``**`` does not.
    functions: ClassVar[Mapping[str, str]] = {
        "ln": "log({0})",
        "pow": "(({0})**({1}))",
        "**": "(({0})**({1}))",
        "sgn": "sgn({0})",
        "int": "int({0})",
    }
    options: ClassVar[tuple[str, ...]] = ("reltol", "abstol", "gmin")

    def testbench(self, library: str) -> str:
        """Return the deck."""
        bench = self.bench
        options = self.run_options({})
        lines = [
            f"* {bench.title} ({self.job.junction.split(':')[0]}), exported by spinspice {spinspice.__version__}",
            "* What to change: input, seed of the junction",
            *(f".param {name}={value}" for name, value in self.parameters()),
            "* A parameter given to a subcircuit is not overruled by one of the same name outside",
            ".option parhier=local",
            "* The junctions",
            *(f'.hdl "verilog_a/{model}.va"' for model in bench.models),
            "* The cell, with its transistor models",
            f'.include "{library}"',
            "* The test bench",
            *(f".global {' '.join(self.circuit.globals)}" for _ in self.circuit.globals[:1]),
            *self.cards(),
            *self.conditions(),
            "* The run; the junctions bound the time step themselves",
            f".temp {format_number(round(bench.temperature - 273.15, 9))}",
            *(f".option {name}={value}" for name, value in options.items()),
            f".option post=2 probe=1 delmax={format_number(bench.max_step or bench.step)}",
            f".tran {format_number(bench.step)} {format_number(bench.stop)}",
            f".print tran {' '.join(self._signal(signal) for signal in bench.save)}",
            ".end",
        ]
        return "\n".join(lines) + "\n"

    @staticmethod
    def _signal(signal: str) -> str:
        """``v(x1.mx)`` and ``i(vdd)`` are the same; ``i(v.x1.vm)`` of ngspice is ``i(x1.vm)``."""
        return f"i({signal[4:]}" if signal.startswith("i(v.") else signal


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    writer = _HspiceWriter(job)
    library = f"{job.cell.name}_cell.sp"
    files = {"README.md": "", "testbench.sp": writer.testbench(library), library: writer.deck_library()}
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
