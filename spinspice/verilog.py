"""Digital parts of a circuit as plain data: Verilog modules, and their signals over time. Engines run them."""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import CircuitError, check_range

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: Files that a Verilog source may include or instantiate: all of them in its folder count for its content.
SUFFIXES = (".v", ".vh", ".sv", ".svh")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DigitalBlock:
    """A Verilog module for a testbench, or for a clocked run of its own.

    In a circuit it stands as an element with the letter A whose model is :attr:`name`; first the bits of all inputs,
    then those of all outputs, in the order of the module's ports, the highest bit of each port first
    (:meth:`card` writes it). Its nodes are digital: bridges (``adc_bridge``, ``dac_bridge``) join them to voltages.

    Parameters
    ----------
    name : str
        Name of the model in the circuit, lower case.
    source : str
        Verilog file that holds the module; modules and include files beside it are found.
    top : str
        The module.
    parameters : mapping of str to int
        Parameters of the module.
    arguments : mapping of str to str
        What ``$value$plusargs`` finds: ``{"weights": "00ff"}`` for ``"weights=%h"``. Changes compile nothing anew.
    delay : float, optional
        From a change of its inputs to that of its outputs in a circuit [s]; default that of ngspice, 1 ns.

    Raises
    ------
    CircuitError
        For a name that is no lower-case word, or an argument that is not a word.
    """

    name: str
    source: str
    top: str
    parameters: Mapping[str, int] = dataclasses.field(default_factory=dict)
    arguments: Mapping[str, str] = dataclasses.field(default_factory=dict)
    delay: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise CircuitError(
                f"DigitalBlock.name = {self.name!r} is no name of a model: lower-case letters, digits and _, "
                "a letter first, such as 'core'."
            )
        if not isinstance(self.top, str) or not _WORD.fullmatch(self.top):
            raise CircuitError(f"DigitalBlock.top = {self.top!r} is no name of a module: letters, digits and _.")
        if self.delay is not None:
            check_range("delay", self.delay, 1e-15, 1.0, unit="s", where="DigitalBlock")
        for name, number in self.parameters.items():
            if not _WORD.fullmatch(str(name)) or isinstance(number, bool) or not isinstance(number, int | np.integer):
                raise CircuitError(
                    f"DigitalBlock.parameters holds {name!r}: {number!r}; it takes words with whole numbers."
                )
        for name, value in self.arguments.items():
            if not _WORD.fullmatch(str(name)) or not re.fullmatch(r"[\w.,:/+\-]+", str(value), re.ASCII):
                raise CircuitError(
                    f"DigitalBlock.arguments holds {name!r}: {value!r}; both are single words, without quotes, braces "
                    "or =, such as 'weights': '00ff'."
                )

    def files(self) -> dict[str, bytes]:
        """Return name and content of every Verilog file in the folder of the source.

        Raises
        ------
        CircuitError
            If the source cannot be read.
        """
        source = Path(self.source)
        if not source.is_file():
            raise CircuitError(f"digital block {self.name}: cannot read the Verilog source {source}: no such file.")
        paths = sorted(path for path in source.parent.iterdir() if path.suffix in SUFFIXES)
        return {path.name: path.read_bytes() for path in paths}

    def identity(self) -> dict[str, object]:
        """Return what determines the behaviour of the block, as JSON data: for the digest of a testbench."""
        data = dataclasses.asdict(self) | {"source": Path(self.source).name}
        if self.delay is None:
            del data["delay"]  # keeps the digest of blocks without one
        data["files"] = {name: hashlib.sha256(text).hexdigest() for name, text in self.files().items()}
        return data

    def card(self, inputs: Iterable[str], outputs: Iterable[str]) -> str:
        """Return the element of a circuit that is this block, with its digital nodes in the order of the ports."""
        return f"a{self.name} [{' '.join(inputs)}] [{' '.join(outputs)}] {self.name}"


@dataclasses.dataclass(frozen=True)
class DigitalSignal:
    """A digital signal over time: it takes ``values[k]`` at ``time[k]`` and keeps it until ``time[k + 1]``."""

    #: Times of the changes [s], shape (n,), increasing.
    time: NDArray[np.float64]
    #: Values from these times on, unsigned, shape (n,).
    values: NDArray[np.int64]

    def at(self, time: ArrayLike) -> NDArray[np.int64]:
        """Return the value at ``time`` [s]; at the instant of a change the value after it, before the first one 0."""
        index = np.searchsorted(self.time, time, side="right") - 1
        return np.where(index < 0, 0, self.values[np.maximum(index, 0)])

    def window(self, start: float, stop: float) -> DigitalSignal:
        """Return the part from ``start`` to ``stop`` [s], beginning with the value at ``start``."""
        inside = (self.time > start) & (self.time <= stop)
        time = np.concatenate([[start], self.time[inside]])
        return DigitalSignal(time, np.concatenate([[self.at(start)], self.values[inside]]).astype(np.int64))

    def rises(self) -> NDArray[np.float64]:
        """Return the times [s] at which the value goes from 0 to another."""
        before = np.concatenate([[0], self.values[:-1]])
        return self.time[(before == 0) & (self.values != 0)]

    def toggles(self) -> int:
        """Return how many times a bit changed its value: what switching energy is counted from."""
        changed = self.values[1:] ^ self.values[:-1]
        return int(np.bitwise_count(changed).sum())
