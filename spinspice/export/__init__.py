"""Export of a cell to a folder that a simulator runs by itself: no Python, nothing of spinspice needed.

One writer for each dialect (:data:`DIALECTS`); a writer turns an :class:`~spinspice.export.folder.Job` into files.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path

from spinspice.cells import NeuronCell
from spinspice.devices import Device
from spinspice.errors import UsageError, did_you_mean
from spinspice.export import ngspice
from spinspice.export.bench import cell_testbench
from spinspice.export.folder import Files, Job
from spinspice.files import complete_file
from spinspice.presets import load_preset

__all__ = ["DEFAULT_PRESET", "DIALECTS", "Export", "export_cell"]

#: Writer of each dialect: files by name, from a job.
_WRITERS: dict[str, Callable[[Job], Files]] = {"ngspice": ngspice.write}
#: Names of the dialects.
DIALECTS: tuple[str, ...] = tuple(_WRITERS)
#: Junction of an exported cell unless another is asked for.
DEFAULT_PRESET = "ganguly2018"


@dataclasses.dataclass(frozen=True)
class Export:
    """What was written: the folder, its files, and the command that runs it."""

    folder: Path
    files: tuple[str, ...]
    command: str

    def summary(self) -> str:
        """Return what was written and how to run it, as text."""
        return "\n".join([f"Wrote {self.folder}:", *(f"  {name}" for name in self.files), f"Run it: {self.command}"])


def export_cell(
    cell: str | type[NeuronCell] = "bsn",
    preset: str | Device = DEFAULT_PRESET,
    cmos: str = "generic",
    *,
    dialect: str = "ngspice",
    out: str | os.PathLike[str],
    seed: int = 1,
    vin: float = 0.0,
    duration: float = 20e-9,
    vdd: float | None = None,
) -> Export:
    """Write a cell with its test bench, models and a README to a folder.

    Parameters
    ----------
    cell : str or class
        Name of a cell, or a subclass of :class:`spinspice.cells.NeuronCell`.
    preset : str or Device
        Name of a junction, or a device.
    cmos : str
        Transistor technology.
    dialect : str
        One of :data:`DIALECTS`.
    out : path
        Folder; made if missing. Files of the same names in it are replaced, others left alone.
    seed : int
        Seed of the junction: the exported deck gives the same waveform as ``cell_testbench(..., seed=seed)`` in an
        engine with the same realisation of the junction.
    vin : float
        Constant input voltage [V].
    duration : float
        Length of the transient run [s].
    vdd : float, optional
        Supply [V]; default the preset's, else the technology's.

    Raises
    ------
    UsageError
        For an unknown dialect, cell, preset or technology, or a parameter out of range.
    ResultError
        If the folder cannot be written.
    """
    if dialect not in _WRITERS:
        raise UsageError(f"no writer for the dialect {dialect!r}. {did_you_mean(dialect, DIALECTS)}")
    known = load_preset(preset) if isinstance(preset, str) else None
    device = known.device if known else preset
    if not isinstance(device, Device):
        raise UsageError(f"preset = {preset!r} is neither the name of a preset nor a device.")
    if vdd is None and known:
        vdd = known.cell.get("vdd")
    bench, neuron = cell_testbench(cell, device, cmos, vin=vin, duration=duration, seed=seed, vdd=vdd)
    what = f"preset {known.name}: {known.source}" if known else f"{type(device).__name__} of the user"
    job = Job(bench=bench, cell=neuron, junction=what, seed=seed)
    files = _WRITERS[dialect](job)
    folder = Path(out)
    for name, text in files.items():
        with complete_file(folder / name) as partial:
            partial.write_text(text, encoding="utf-8")
    return Export(folder, tuple(files), f"cd {folder} && {ngspice.COMMAND}")
