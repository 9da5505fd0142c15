"""ngspice through its shared library, in a worker process that can be killed.

No program start, no files: a run saves the 10 ms and the raw file of `ngspice -b`. The circuit goes over as text with
everything inlined, since ngspice's search path grows with every include; after each run the plots are
destroyed and the circuit is removed, or memory would grow with every run.
"""

from __future__ import annotations

import functools
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinspice.engines import cosimulation, ngspice_pool, osdi
from spinspice.engines.anew import RunAgain
from spinspice.engines.base import (
    BEHAVIOURAL_SOURCES,
    DEFAULT_TIMEOUT,
    DIGITAL,
    FOUNDRY_LIBRARIES,
    Engine,
    EngineInfo,
    Model,
    Session,
)
from spinspice.engines.deck import Deck, make_deck
from spinspice.engines.log import failure, read_log, read_notes
from spinspice.engines.ngspice_pool import Worker, WorkerDied, WorkerTimeout
from spinspice.engines.ngspice_process import OLDEST, OLDEST_OSDI, require_ngspice, timed_out
from spinspice.engines.outcome import describe, keep_files, make_waveforms, missing_part, noted
from spinspice.engines.reach import is_plain, make_plain_folder, reachable
from spinspice.errors import CircuitError, EngineError
from spinspice.testbench import Testbench
from spinspice.units import format_number
from spinspice.waveforms import Waveforms


@functools.cache
def _probe(library: str) -> EngineInfo | None:
    """Return what a library is, by starting a worker with it (which stays for the first run)."""
    try:
        worker = ngspice_pool.acquire(library)
    except (OSError, WorkerDied, WorkerTimeout):
        return None
    ngspice_pool.release(worker, reuse=True)
    version = int(worker.version) if worker.version.isdigit() else 0
    if version < OLDEST:
        return None
    compiled = worker.with_osdi and version >= OLDEST_OSDI
    models: tuple[Model, ...] = ("verilog-a", "b-source") if compiled else ("b-source",)
    return EngineInfo("ngspice", worker.version, models, library)


class NgspiceShared(Engine):
    """libngspice through PySpice, in a worker process."""

    name = "ngspice"
    capabilities = frozenset({BEHAVIOURAL_SOURCES, DIGITAL, FOUNDRY_LIBRARIES})
    stand_in = "ngspice-process"

    @classmethod
    def find(cls) -> EngineInfo | None:
        library = ngspice_pool.find_library()
        return _probe(library) if library else None

    def require(self) -> EngineInfo:
        return require_ngspice(self.find(), self.model, f"shared library of ngspice {OLDEST} or later")

    def run(self, testbench: Testbench, *, timeout: float = DEFAULT_TIMEOUT, keep: Path | None = None) -> Waveforms:
        with NgspiceSession(self, testbench) as session:
            return session.run_once(timeout, keep)

    def interrupt(self) -> None:
        ngspice_pool.interrupt()

    def load(self, testbench: Testbench) -> Session:
        if testbench.digital:  # the state of Verilog modules starts anew only with the circuit
            return RunAgain(self, testbench)
        return NgspiceSession(self, testbench)


class NgspiceSession(Session):
    """A testbench on a worker of its own; parameters change in the loaded circuit (``alterparam``, ``reset``)."""

    def __init__(self, engine: NgspiceShared, testbench: Testbench) -> None:
        self._engine = engine
        self._info = engine.require()
        self._testbench = testbench
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._cards: tuple[str, ...] = ()
        if testbench.digital:
            self._prepare_blocks()
        self._deck: Deck = make_deck(testbench, engine.model, self._cards)
        self._compiled = tuple(osdi.compile_models(self._deck.modules, testbench.verilog_a))
        self._worker: Worker | None = None
        self._open = True

    def _prepare_blocks(self) -> None:
        """Compile the digital blocks, and make a folder for their waveforms."""
        self._folder = make_plain_folder("spinspice-")
        try:
            self._cards = cosimulation.model_cards(self._testbench, Path(self._folder.name))
        except BaseException:
            self._folder.cleanup()
            raise

    def run(self, *, timeout: float = DEFAULT_TIMEOUT, **parameters: float) -> Waveforms:
        if not self._open:
            raise CircuitError("this session is closed; load the testbench again.")
        changed = self._testbench.with_parameters(**parameters)
        if self._worker is None:  # first run, or the run before failed
            self._testbench = changed
            self._deck = make_deck(changed, self._engine.model)
            return self._execute({"deck": list(self._deck.lines), "run": True}, timeout, None)
        self._testbench = changed
        values = {name: format_number(changed.parameters[name]) for name in parameters}
        return self._execute({"parameters": values, "run": True}, timeout, None)

    def run_once(self, timeout: float, keep: Path | None) -> Waveforms:
        """Load, run and unload in one request."""
        return self._execute({"deck": list(self._deck.lines), "run": True, "unload": True}, timeout, keep)

    def close(self) -> None:
        self._open = False
        if self._folder is not None:
            self._folder.cleanup()
        if self._worker is not None:
            worker, self._worker = self._worker, None
            alive = True
            try:
                worker.ask({"unload": True}, 10.0)
            except (WorkerDied, WorkerTimeout):
                alive = False
            ngspice_pool.release(worker, reuse=alive)

    def _take_worker(self) -> tuple[Worker, list[str]]:
        """Return a worker, and the commands that prepare it for this circuit."""
        try:
            worker = ngspice_pool.acquire(self._info.path, self._compiled)
        except (OSError, WorkerDied, WorkerTimeout) as reason:
            raise EngineError(
                f"the worker process of ngspice {self._info.version} does not start: {reason or 'no answer in time'}. "
                "Look at memory and at the folder for temporary files (TMPDIR), or use engine='ngspice-process'."
            ) from None
        commands = list(self._deck.settings)
        commands.append("set sourcepath = ( . )")  # every include adds a folder to it, for ever
        for path in self._compiled:
            if ngspice_pool.module_name(path) not in worker.loaded:
                worker.loaded[ngspice_pool.module_name(path)] = path
                commands.append(f"osdi {reachable(path, worker.folder)}")
        return worker, commands

    def _execute(self, request: dict[str, Any], timeout: float, keep: Path | None) -> Waveforms:
        """Run a request, judge the reply, and give the worker back or away."""
        started = time.perf_counter()
        worker, commands = (self._worker, []) if self._worker else self._take_worker()
        self._worker = None
        good = False
        try:
            worker.runs += 1
            reply = worker.ask({**request, "commands": commands}, timeout)
            waveforms = self._judge(reply, keep)
            good = True
        except WorkerTimeout:
            raise timed_out(f"ngspice {self._info.version}", timeout, "", self._keep("", keep)) from None
        except WorkerDied as how:
            reason = f"its worker process ended in the middle of the run: {how}"
            raise self._failure("", reason, keep) from None
        finally:
            if good and not request.get("unload"):
                self._worker = worker
            else:
                ngspice_pool.release(worker, reuse=good)
        waveforms.provenance.update(
            describe(
                self._testbench,
                engine=self._engine.name,
                version=self._info.version,
                model=self._engine.model,
                wall_time=time.perf_counter() - started,
            )
        )
        return waveforms

    def _judge(self, reply: Mapping[str, Any], keep: Path | None) -> Waveforms:
        """Return the waveforms of a reply, if they are complete and the log is clean."""
        log, signals = reply["log"], dict(reply["vectors"])
        if reply["exited"] or read_log(log, self._deck.lines):
            raise self._failure(log, "it gave up", keep)
        if "time" not in signals:
            raise self._failure(log, "it made no waveforms", keep)
        axis = signals.pop("time")
        lacking = missing_part(self._testbench, axis, signals)
        if lacking:
            raise self._failure(log, lacking, keep)
        if keep is not None:
            self._keep(log, keep)
        waveforms = make_waveforms(self._testbench, axis, signals, noted(read_notes(log, self._deck.lines)))
        if self._folder is not None:
            waveforms.digital.update(cosimulation.read_waveforms(self._testbench, Path(self._folder.name)))
        return waveforms

    def _keep(self, log: str, keep: Path | None) -> str:
        names = [str(path) if is_plain(path) else path.name for path in self._compiled]
        deck = make_deck(self._testbench, self._engine.model, self._cards).with_control(names)
        return keep_files({"deck.cir": deck.text, "log.txt": log}, keep, self._compiled)

    def _failure(self, log: str, reason: str, keep: Path | None) -> EngineError:
        return failure(
            engine=f"ngspice {self._info.version}",
            log=log,
            deck=self._deck.lines,
            reason=reason,
            kept=self._keep(log, keep),
            rerun="ngspice -n -b -r waves.raw deck.cir",
        )
