"""What every engine offers: run a testbench, or load it once and run it again with other parameters."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Literal, Self

from spinspice.errors import EngineNotFound
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Realisation of the compact models.
Model = Literal["verilog-a", "b-source"]
MODELS: tuple[Model, ...] = ("verilog-a", "b-source")
#: Capabilities: B elements in circuits, noise of transistors in a transient, blocks of Verilog, a foundry's libraries
#: as they are (``.lib`` with sections and expressions of ngspice), a process of its own for every run.
BEHAVIOURAL_SOURCES, TRANSIENT_NOISE, DIGITAL = "behavioural sources", "transient noise", "digital blocks"
FOUNDRY_LIBRARIES, OWN_PROCESS = "foundry libraries", "own process"
CAPABILITIES = (BEHAVIOURAL_SOURCES, TRANSIENT_NOISE, DIGITAL, FOUNDRY_LIBRARIES, OWN_PROCESS)
#: Wall-clock limit of a run when none is given [s].
DEFAULT_TIMEOUT = 600.0


@dataclasses.dataclass(frozen=True)
class EngineInfo:
    """An engine that was found: its name, version, realisations it can run, and where it is."""

    name: str
    version: str
    models: tuple[Model, ...]
    path: str


class Closing(ABC):
    """Something that is used with ``with`` and closed at its end."""

    @abstractmethod
    def close(self) -> None:
        """Release what is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Session(Closing):
    """A testbench loaded into an engine, to be run many times without parsing it again. Use it with ``with``."""

    @abstractmethod
    def run(self, *, timeout: float = DEFAULT_TIMEOUT, **parameters: float) -> Waveforms:
        """Run with some of ``testbench.parameters`` changed (they stay changed)."""


class Engine(ABC):
    """A simulator with one realisation of the compact models."""

    #: Name by which it is chosen.
    name: ClassVar[str]
    #: What it offers beyond a transient of elements, models and compact models: the constants of this module.
    capabilities: ClassVar[frozenset[str]] = frozenset()
    #: Engine that stands in where this one is not installed.
    stand_in: ClassVar[str | None] = None

    def __init__(self, model: Model = "verilog-a") -> None:
        self.model = model

    @classmethod
    @abstractmethod
    def find(cls) -> EngineInfo | None:
        """Return what was found on this machine, or None."""

    def require(self) -> EngineInfo:
        """Return what was found, if it can run this engine's realisation of the compact models.

        Raises
        ------
        EngineNotFound
            Otherwise, with the one command that adds what is missing.
        """
        info = self.find()
        if info is None:
            raise EngineNotFound(f"the engine {self.name} was not found on this machine. Run: spinspice doctor")
        if self.model not in info.models:
            raise EngineNotFound(
                f"{self.name} {info.version} runs {' and '.join(info.models)} models, not {self.model}. "
                f"Use model={info.models[0]!r}, or another engine (spinspice doctor lists them)."
            )
        return info

    def interrupt(self) -> None:  # noqa: B027 (optional: engines without a process of their own have nothing to stop)
        """Stop the runs that other threads have in progress; they end with an EngineError."""

    @abstractmethod
    def run(self, testbench: Testbench, *, timeout: float = DEFAULT_TIMEOUT, keep: Path | None = None) -> Waveforms:
        """Run a testbench.

        Parameters
        ----------
        testbench : Testbench
        timeout : float
            Wall-clock limit [s].
        keep : Path, optional
            Folder in which to keep deck and log; on failure they are kept in any case.

        Raises
        ------
        EngineError
            If the waveforms did not come out complete and clean; quotes the log line, the deck line and the folder.
        """

    @abstractmethod
    def load(self, testbench: Testbench) -> Session:
        """Load a testbench for repeated runs."""
