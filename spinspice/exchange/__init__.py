"""Waveforms in and out: .raw files of any SPICE, CSV, value change dumps, NetCDF.

waves = read_waveforms("ltspice.raw")
write_waveforms(waves, "waves.vcd")
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from spinspice.errors import ResultError, UsageError
from spinspice.exchange.raw import read_raw_plots, write_raw
from spinspice.exchange.text import read_csv, write_csv
from spinspice.exchange.vcd import read_vcd_file, write_vcd
from spinspice.waveforms import Waveforms

__all__ = ["read_raw_plots", "read_waveforms", "write_waveforms"]

#: Suffixes that are read and written.
SUFFIXES = (".raw", ".csv", ".vcd", ".nc")


def read_waveforms(path: str | os.PathLike[str], *, plot: int = 0) -> Waveforms:
    """Read waveforms from a file, by its suffix; .txt and .tsv count as .csv.

    Parameters
    ----------
    path : path
    plot : int
        Which plot of a .raw file that holds several, from 0.

    Raises
    ------
    ResultError, UsageError
        For a file that is none of these, is damaged, or holds no run over time.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix == ".raw":
        plots = read_raw_plots(path)
        if not 0 <= plot < len(plots):
            raise UsageError(f"{path} holds {len(plots)} plots; there is no number {plot}.")
        name, columns = plots[plot]
        axis = next(iter(columns))
        if axis.lower() != "time":
            raise ResultError(f"{path}: plot {plot} ({name}) runs over {axis}, not over time.")
        time = np.asarray(columns[axis], dtype=float)
        signals = {key.lower(): np.real(values) for key, values in columns.items() if key != axis}
        return Waveforms(time, signals, provenance={"file": str(path), "plot": name})
    if suffix in (".csv", ".txt", ".tsv", ".dat"):
        return read_csv(path)
    if suffix == ".vcd":
        return read_vcd_file(path)
    if suffix == ".nc":
        return Waveforms.load(path)
    raise UsageError(f"{path}: waveforms are read from {', '.join(SUFFIXES)}; its suffix is {suffix!r}.")


def write_waveforms(waves: Waveforms, path: str | os.PathLike[str], *, names: Sequence[str] | None = None) -> Path:
    """Write waveforms to a file, by its suffix.

    Parameters
    ----------
    waves : Waveforms
    path : path
    names : sequence of str, optional
        Signals; default all.

    Raises
    ------
    SignalError, UsageError, ResultError
    """
    path = Path(path)
    chosen = {name.lower(): waves[name] for name in (names if names is not None else list(waves))}
    cut = Waveforms(waves.time, chosen, events=waves.events, digital=waves.digital, provenance=waves.provenance)
    writers = {".raw": write_raw, ".csv": write_csv, ".vcd": write_vcd, ".nc": lambda waves, path: waves.save(path)}
    if path.suffix.lower() not in writers:
        raise UsageError(f"cannot write {path}: its suffix is {path.suffix!r}; use one of {', '.join(writers)}.")
    writers[path.suffix.lower()](cut, path)
    return path
