"""ngspice as a process of its own for every run: works from version 39 on, and a crash costs one run."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from spinspice.engines import cosimulation, osdi
from spinspice.engines.anew import ProcessEngine
from spinspice.engines.base import (
    BEHAVIOURAL_SOURCES,
    DEFAULT_TIMEOUT,
    DIGITAL,
    FOUNDRY_LIBRARIES,
    OWN_PROCESS,
    EngineInfo,
    Model,
)
from spinspice.engines.deck import Deck, make_deck
from spinspice.engines.log import failure, read_log, read_notes
from spinspice.engines.one_thread import one_thread, preloaded
from spinspice.engines.outcome import describe, keep_files, make_waveforms, missing_part, noted
from spinspice.engines.process import ask_version, engine_environment, run_limited, status_text
from spinspice.engines.rawfile import read_raw
from spinspice.engines.reach import reachable
from spinspice.errors import EngineError, EngineNotFound, EngineTimeout
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Oldest version that the B-source models run on, and oldest with the compiled-model interface the compiler writes.
OLDEST, OLDEST_OSDI = 39, 44
#: The one command that adds ngspice.
INSTALL_HINT = "bash scripts/install_ngspice.sh   (or: sudo apt-get install ngspice libngspice0)"


@functools.lru_cache(maxsize=8)
def _probe(path: str, stamp: float) -> tuple[int, bool]:
    """Return the version of a program and whether it loads compiled models; (0, False) if it is no ngspice."""
    match = re.search(r"ngspice-(\d+)", ask_version([path, "--version", "-n"]))
    if not match:
        return 0, False
    version = int(match[1])
    if version < OLDEST_OSDI:
        return version, False
    # A build without OSDI calls the command unknown; one with it complains about the file.
    with tempfile.TemporaryDirectory(prefix="spinspice-") as folder:
        deck = Path(folder, "probe.cir")
        deck.write_text("* probe\nR1 a 0 1\n.control\nosdi\n.endc\n.end\n")
        said = ask_version([path, "-n", "-b", deck.name], folder=Path(folder))
        return version, bool(said) and "no such command" not in said


def find_ngspice() -> EngineInfo | None:
    """Return the ngspice program on the PATH and what it can run, or None if there is none of version 39 or later."""
    # On Windows "ngspice" opens a window, and "ngspice_con" is the program for batches.
    names = ("ngspice_con", "ngspice") if sys.platform == "win32" else ("ngspice",)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        return None
    version, with_osdi = _probe(path, os.stat(path).st_mtime)
    if version < OLDEST:
        return None
    models: tuple[Model, ...] = ("verilog-a", "b-source") if with_osdi else ("b-source",)
    return EngineInfo("ngspice-process", str(version), models, path)


def require_ngspice(info: EngineInfo | None, model: Model, what: str) -> EngineInfo:
    """Return what was found if it can run a realisation of the compact models.

    Raises
    ------
    EngineNotFound
        If nothing was found (``what`` names it), or it is too old for compiled models, or the compiler is missing.
    """
    if info is None:
        raise EngineNotFound(f"no {what}. Run: {INSTALL_HINT}")
    if model not in info.models:
        raise EngineNotFound(
            f"ngspice {info.version} ({info.path}) cannot load compiled Verilog-A models; it takes version "
            f"{OLDEST_OSDI} or later. Run: {INSTALL_HINT}\n(or use model='b-source')"
        )
    if model == "verilog-a":
        osdi.require_compiler()
    return info


class NgspiceProcess(ProcessEngine):
    """``ngspice -b`` in a folder of its own, with a binary raw file."""

    name = "ngspice-process"
    capabilities = frozenset({BEHAVIOURAL_SOURCES, DIGITAL, FOUNDRY_LIBRARIES, OWN_PROCESS})

    @classmethod
    def find(cls) -> EngineInfo | None:
        return find_ngspice()

    def require(self) -> EngineInfo:
        return require_ngspice(self.find(), self.model, f"ngspice of version {OLDEST} or later on the PATH")

    def run(self, testbench: Testbench, *, timeout: float = DEFAULT_TIMEOUT, keep: Path | None = None) -> Waveforms:
        info = self.require()
        try:
            with tempfile.TemporaryDirectory(prefix="spinspice-", ignore_cleanup_errors=True) as name:
                folder = Path(name)
                deck = make_deck(testbench, self.model, cosimulation.model_cards(testbench, folder, relative=True))
                compiled = osdi.compile_models(deck.modules, testbench.verilog_a)
                deck = deck.with_control(reachable(path, folder) for path in compiled)
                started = time.perf_counter()
                waveforms = _Run(info, deck, folder, testbench, keep, compiled).execute(timeout)
        except OSError as reason:
            raise EngineError(
                f"cannot run ngspice in the folder for temporary files: {reason}. Make room there, or set TMPDIR."
            ) from reason
        waveforms.provenance.update(
            describe(
                testbench,
                engine=self.name,
                version=info.version,
                model=self.model,
                wall_time=time.perf_counter() - started,
            )
        )
        return waveforms


class _Run:
    """One process in one folder."""

    def __init__(
        self,
        info: EngineInfo,
        deck: Deck,
        folder: Path,
        testbench: Testbench,
        keep: Path | None,
        compiled: Sequence[Path] = (),
    ) -> None:
        self.info, self.deck, self.folder, self.testbench, self.keep = info, deck, folder, testbench, keep
        self.compiled = compiled

    def execute(self, timeout: float) -> Waveforms:
        """Run, judge and read."""
        (self.folder / "deck.cir").write_text(self.deck.text, encoding="utf-8")
        status = self._run(timeout)
        log = (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")
        if status != 0 or read_log(log, self.deck.lines):
            raise self._failure(log, status_text(status))
        try:
            signals = read_raw(self.folder / "waves.raw")
        except EngineError as reason:
            raise self._failure(log, str(reason).rstrip(".")) from None
        axis = signals.pop("time")
        lacking = missing_part(self.testbench, axis, signals)
        if lacking:
            raise self._failure(log, lacking)
        if self.keep is not None:
            self._keep(log)
        waveforms = make_waveforms(self.testbench, axis, signals, noted(read_notes(log, self.deck.lines)))
        waveforms.digital.update(cosimulation.read_waveforms(self.testbench, self.folder))
        return waveforms

    def _run(self, timeout: float) -> int:
        """Run to the end or the wall-clock limit, and return the exit status."""
        command = [self.info.path, "-n", "-b", "-r", "waves.raw", "deck.cir"]  # -n: no start-up file of the user
        try:
            environment = preloaded(engine_environment(), one_thread(self.info.path).library, self.folder)
            log = self.folder / "log.txt"
            return run_limited(command, folder=self.folder, log=log, timeout=timeout, environment=environment)
        except subprocess.TimeoutExpired:
            text = (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")
            raise timed_out(f"ngspice {self.info.version}", timeout, text, self._keep(text)) from None

    def _keep(self, log: str) -> str:
        return keep_files({"deck.cir": self.deck.text, "log.txt": log}, self.keep, self.compiled)

    def _failure(self, log: str, reason: str) -> EngineError:
        return failure(
            engine=f"ngspice {self.info.version}",
            log=log,
            deck=self.deck.lines,
            reason=reason,
            kept=self._keep(log),
            rerun="ngspice -n -b -r waves.raw deck.cir",
        )


def timed_out(engine: str, timeout: float, log: str, kept: str) -> EngineTimeout:
    """Return the error of a run that was stopped at its wall-clock limit."""
    last = [line for line in log.splitlines() if line.strip() and "Reference value" not in line][-1:]
    said = f" Its last words: {last[0].strip()[:200]}" if last else ""
    return EngineTimeout(
        f"{engine} was stopped at the wall-clock limit of {timeout:g} s.{said}\n"
        "Raise timeout=, shorten the run, or look whether its operating point hangs (run it alone with .op).\n"
        f"Deck and log are kept in {kept}."
    )
