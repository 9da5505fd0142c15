"""Engines that start a process of their own for every run."""

from __future__ import annotations

from spinspice.engines.base import DEFAULT_TIMEOUT, Engine, Session
from spinspice.engines.process import stop_all
from spinspice.errors import CircuitError
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms


class ProcessEngine(Engine):
    """An engine whose runs are processes: they can be stopped, and a session starts one for every run."""

    def interrupt(self) -> None:
        stop_all()

    def load(self, testbench: Testbench) -> Session:
        return RunAgain(self, testbench)


class RunAgain(Session):
    """A session of an engine that starts anew for every run."""

    def __init__(self, engine: Engine, testbench: Testbench) -> None:
        self._engine = engine
        self._testbench: Testbench | None = testbench

    def run(self, *, timeout: float = DEFAULT_TIMEOUT, **parameters: float) -> Waveforms:
        if self._testbench is None:
            raise CircuitError("this session is closed; load the testbench again.")
        self._testbench = self._testbench.with_parameters(**parameters)
        return self._engine.run(self._testbench, timeout=timeout)

    def close(self) -> None:
        self._testbench = None
