"""Export of a cell to a folder that a simulator runs by itself: no Python, nothing of spinspice needed.

One module for each dialect (:mod:`spinspice.export.dialects`); its writer turns an
:class:`~spinspice.export.folder.Job` into files.
"""

from __future__ import annotations

import dataclasses
import importlib
import os
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from spinspice.benches.cell import cell_testbench, resolvable
from spinspice.cells import Cell, CellFile, choose_cell
from spinspice.cells.plausible import input_doubts
from spinspice.devices import Device
from spinspice.devices.noise import SEED_LIMIT
from spinspice.errors import UsageError, check_is, did_you_mean
from spinspice.export.dialects import dialect_names
from spinspice.export.dialects.ngspice import compile_commands
from spinspice.export.folder import Files, Job
from spinspice.export.sources import check_terms
from spinspice.files import check_folder, complete_file
from spinspice.studies.inputs import one_input
from spinspice.testbench import Testbench
from spinspice.units import number, whole_number

__all__ = ["DIALECTS", "Export", "export_cell", "write_job"]

#: Names of the dialects: the modules of :mod:`spinspice.export.dialects`.
DIALECTS: tuple[str, ...] = tuple(dialect_names())


def find_writer(dialect: str) -> tuple[Callable[[Job], Files], str]:
    """Return the writer of a dialect, files by name from a job; and the command that runs them in their folder.

    Raises
    ------
    UsageError
        For an unknown dialect.
    """
    names = dialect_names()
    if dialect not in names:
        raise UsageError(f"no writer for the dialect {dialect!r}. {did_you_mean(dialect, names)}")
    module = importlib.import_module(f"spinspice.export.dialects.{dialect}")
    return module.write, module.COMMAND


@dataclasses.dataclass(frozen=True)
class Export:
    """What was written: the folder, its files, the command that runs it, and the same run for spinspice's engines."""

    folder: Path
    files: tuple[str, ...]
    command: str
    testbench: Testbench

    def summary(self) -> str:
        """Return what was written and how to run it, as text."""
        return "\n".join([f"Wrote {self.folder}:", *(f"  {name}" for name in self.files), f"Run it: {self.command}"])


def export_cell(
    cell: str | CellFile | Cell = "bsn",
    preset: str | Device | None = None,
    cmos: str | None = None,
    *,
    dialect: str = "ngspice",
    out: str | os.PathLike[str],
    seed: int = 1,
    vin: Any = None,
    duration: float | str = 20e-9,
    vdd: float | None = None,
    mismatch: int | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Export:
    """Write a cell with its test bench, models and a README to a folder.

    Parameters
    ----------
    cell : str, CellFile or Cell
        Name of a cell, path of a cell file, or a cell that you built (junction, transistors and supply are its own).
    preset : str or Device, optional
        Junction; default the one the cell was published with, or that of the cell file.
    cmos : str, optional
        Transistor technology; default that of the cell file, else ``generic``.
    dialect : str
        One of :data:`DIALECTS`.
    out : path
        Folder; made if missing. One that holds an export is written anew, files of other names in it are left alone;
        one that holds files of others is refused.
    seed : int
        Seed of the junction. Running ``Export.testbench`` in an engine with the same realisation of the junction gives
        the same waveform as the exported deck.
    vin : float, str, or sequence that holds one, optional
        Constant input voltage [V]; default the middle of the supply.
    duration : float
        Length of the transient run [s].
    vdd : float, optional
        Supply [V]; default the preset's, else the technology's.
    mismatch, trust, parameters
        As for :func:`spinspice.cells.choose_cell`.

    Raises
    ------
    UsageError
        For an unknown dialect, cell, preset or technology, or a parameter out of range.
    ResultError
        If the folder cannot be written.
    """
    find_writer(dialect)
    neuron, _, junction = choose_cell(cell, preset, cmos, vdd, mismatch=mismatch, trust=trust, parameters=parameters)
    vin = neuron.middle if vin is None else one_input(vin)
    input_doubts(neuron.rails, vin, warn=True)
    seed = whole_number(seed, "seed", 0, SEED_LIMIT - 1, "seed of the exported junction")
    duration = number(duration, "duration")
    check_is(out, str | os.PathLike, "out", "the path of a folder")  # type: ignore[arg-type]
    check_terms(neuron)
    neuron, _ = resolvable(neuron, duration)
    nodes = (neuron.node_signal(node) for node in neuron.state_nodes)
    middle = (neuron.node_signal("mid"),) if "mid" in neuron.ports else ()
    save = (*middle, *nodes, "i(vdd)")
    title = f"{neuron.name.upper()} at a constant input"
    bench = cell_testbench(neuron, stop=duration, vin=vin, seed=seed, save=save).replace(title=title)
    return write_job(Job(bench=bench, cell=neuron, junction=junction), dialect=dialect, out=out)


def write_job(job: Job, *, dialect: str, out: str | os.PathLike[str]) -> Export:
    """Write a job in a dialect to a folder; folder and errors as :func:`export_cell`."""
    write, command = find_writer(dialect)
    files = write(job)
    before = compile_commands(job) if dialect == "ngspice" else []
    folder = Path(out)
    check_folder(folder, ["README.md"])
    for name, text in files.items():
        with complete_file(folder / name, own_folder=True) as partial:
            partial.write_text(text, encoding="utf-8")
    return Export(folder, tuple(files), " && ".join([f"cd {shlex.quote(str(folder))}", *before, command]), job.bench)
