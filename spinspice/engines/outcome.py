"""The last step of a run, the same for every engine: are the waveforms complete, and where deck and log are kept."""

from __future__ import annotations

import contextlib
import functools
import os
import platform
import re
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import spinspice
from spinspice.engines.reach import link_all
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms, crossings

#: How far before the stop time the last point may lie, as a fraction of it (rounding of the last step).
END_TOLERANCE = 1e-9
_COUNT = re.compile(r"(^|[._(])count\)$")


def missing_part(testbench: Testbench, time: NDArray[np.float64], signals: Mapping[str, NDArray[np.float64]]) -> str:
    """Return what waveforms lack of what the testbench asked for, or an empty string if they are complete."""
    absent = [name for name in testbench.save if name not in signals]
    if absent:
        return f"the circuit has no signal {', '.join(absent)} (saved: {', '.join(signals) or 'none'})"
    if time.size < 2 or time[-1] < testbench.stop * (1.0 - END_TOLERANCE):
        reached = f"{time[-1]:g}" if time.size else "0"
        return f"the run ended at {reached} s of {testbench.stop:g} s"
    for name in testbench.save:
        bad = ~np.isfinite(signals[name])
        if bad.any():
            return f"{name} is not finite from {time[int(np.argmax(bad))]:g} s on"
    return ""


def make_waveforms(
    testbench: Testbench,
    time: NDArray[np.float64],
    signals: Mapping[str, NDArray[np.float64]],
    provenance: Mapping[str, Any],
) -> Waveforms:
    """Return the saved signals, in the order asked for, with the events of every saved node ``count``."""
    kept = {name: signals[name] for name in testbench.save}
    events = {name: crossings(time, values) for name, values in kept.items() if _COUNT.search(name)}
    return Waveforms(time, kept, events=events, provenance=provenance)


def noted(notes: Sequence[str]) -> dict[str, Any]:
    """Return the provenance of a run of which there is something to know; empty if there is not."""
    return {"notes": list(notes)} if notes else {}


def describe(testbench: Testbench, *, engine: str, version: str, model: str, wall_time: float) -> dict[str, Any]:
    """Return the provenance of a run: what is needed to repeat it, and how long it took [s]."""
    return {
        "spinspice": spinspice.__version__,
        "engine": engine,
        "engine_version": version,
        "model": model,
        "testbench": testbench.digest(),
        "title": testbench.title,
        "parameters": dict(testbench.parameters),
        "seed": testbench.parameters.get("seed"),
        "stop": testbench.stop,
        "temperature": testbench.temperature,
        "wall_time": wall_time,
        "machine": platform.machine(),
    }


class _Kept:
    """The folder of this process for what failed runs leave: one for all of them, so that one line can name it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.folder: Path | None = None
        self.count = 0
        self.stopped = False

    def new(self) -> Path:
        """Return a new folder for one run."""
        with self._lock:
            if self.stopped:
                raise OSError("it was stopped from outside")
            if self.folder is None or not self.folder.is_dir():
                self.folder, self.count = Path(tempfile.mkdtemp(prefix="spinspice-failed-")), 0
            self.count += 1
            return self.folder / str(self.count)


@functools.cache
def _kept(process: int) -> _Kept:
    return _Kept()


@contextlib.contextmanager
def keeping_nothing() -> Iterator[None]:
    """Keep nothing of runs that fail meanwhile: they were stopped on purpose."""
    kept = _kept(os.getpid())
    kept.stopped = True
    try:
        yield
    finally:
        kept.stopped = False


def kept_folder() -> Path | None:
    """Return the folder that holds decks and logs of the failed runs of this process; None if there are none."""
    folder = _kept(os.getpid()).folder
    return folder if folder is not None and folder.is_dir() else None


def keep_files(files: Mapping[str, str], folder: Path | None = None, beside: Iterable[Path] = ()) -> str:
    """Write deck and log where they can be looked at, and return the folder, or why they could not be kept.

    Parameters
    ----------
    files : mapping
        File name -> text.
    folder : Path, optional
        Default: a new folder below ``spinspice-failed-...`` in the system's folder for temporary files.
    beside : iterable of Path
        Compiled models; those that the deck names without a folder get a link.
    """
    try:
        if folder is None:
            folder = _kept(os.getpid()).new()
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        link_all(beside, folder)
    except OSError as reason:
        return f"(nowhere: {reason})"
    return str(folder)
