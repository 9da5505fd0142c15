"""What every engine offers: run a testbench, or load it once and run it again with other parameters."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Literal, Self

from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Realisation of the compact models.
Model = Literal["verilog-a", "b-source"]
MODELS: tuple[Model, ...] = ("verilog-a", "b-source")
#: Wall-clock limit of a run when none is given [s].
DEFAULT_TIMEOUT = 600.0


@dataclasses.dataclass(frozen=True)
class EngineInfo:
    """An engine that was found: its name, version, realisations it can run, and where it is."""

    name: str
    version: str
    models: tuple[Model, ...]
    path: str


class Session(ABC):
    """A testbench loaded into an engine, to be run many times without parsing it again. Use it with ``with``."""

    @abstractmethod
    def run(self, *, timeout: float = DEFAULT_TIMEOUT, **parameters: float) -> Waveforms:
        """Run with some of ``testbench.parameters`` changed (they stay changed)."""

    @abstractmethod
    def close(self) -> None:
        """Release the engine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Engine(ABC):
    """A simulator with one realisation of the compact models."""

    #: Name by which it is chosen.
    name: ClassVar[str]

    def __init__(self, model: Model = "verilog-a") -> None:
        self.model = model

    @classmethod
    @abstractmethod
    def find(cls) -> EngineInfo | None:
        """Return what was found on this machine, or None."""

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
