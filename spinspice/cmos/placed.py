"""Devices of a foundry as designers place them: with the parameters of the foundry's subcircuits, and their meaning.

A netlist says ``X1 d g s b sky130_fd_pr__nfet_01v8 w=4 l=0.15 nf=4 nrd=...``. A :class:`FoundryDevice` takes the
numbers of one such line and returns a :class:`Placed`: a subcircuit with the model that belongs to just this size, and
its parameters, all as numbers. Nothing is left to the simulator to choose (some choose a model by the whole width,
others by that of a finger), so that every engine and every exported language sees the same transistor.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Iterable, Mapping
from typing import ClassVar

from spinspice.errors import ParameterError, did_you_mean

#: Number of devices in parallel: the multiplier ``m`` of an instance under a name that no simulator takes for its own.
COPIES = "copies"
#: Largest number of fingers, and of devices in parallel.
MOST_COPIES = 100_000


@dataclasses.dataclass(frozen=True)
class Placed:
    """What an instance becomes.

    Parameters
    ----------
    master : str
        Subcircuit.
    cards : str
        Its definition.
    parameters : mapping
        Numbers that the instance gives it.
    verilog_a : tuple of str
        Verilog-A files that it needs beside those of the technology.
    licence_files : tuple of str
        Files with the terms of these.
    alike : bool
        Whether the instance asks for no mismatch.
    """

    master: str
    cards: str
    parameters: Mapping[str, float]
    verilog_a: tuple[str, ...] = ()
    licence_files: tuple[str, ...] = ()
    alike: bool = False


#: Ports of a transistor.
FOUR = ("d", "g", "s", "b")


class FoundryDevice(abc.ABC):
    """A device of a foundry.

    Parameters
    ----------
    name : str
        Name of the foundry's subcircuit.
    ports : tuple of str
    defaults : mapping
        Parameters that an instance may give, with their defaults as text: expressions of one another.
    """

    #: What sizes are counted in, for messages.
    units: str = ""
    #: Highest supply that it is made for [V]; 0 where that of the technology counts.
    vdd_max: float = 0.0
    #: Parameters that take standard normal numbers, by which one device differs from the next.
    spread: tuple[str, ...] = ()

    def __init__(self, name: str, ports: tuple[str, ...], defaults: Mapping[str, str]) -> None:
        self.name = name
        self.ports = ports
        self.defaults = dict(defaults)

    @abc.abstractmethod
    def place(self, values: Mapping[str, float]) -> Placed:
        """Return what an instance with these numbers, one for every parameter of :attr:`defaults`, becomes.

        Raises
        ------
        ParameterError
            For a size without a model.
        """

    def check_names(self, names: Iterable[str]) -> None:
        """Refuse a parameter that the foundry's subcircuit does not have.

        Raises
        ------
        ParameterError
            With the closest one.
        """
        for name in names:
            if name not in self.defaults:
                raise ParameterError(f"{self.name} has no parameter {name!r}. {did_you_mean(name, self.defaults)}")

    def check_given(self, values: Mapping[str, float]) -> None:
        """Refuse counts and sizes that are none, among the numbers that an instance gives.

        Raises
        ------
        ParameterError
            Naming the parameter and what is allowed.
        """
        self.check_names(values)
        for name, number in values.items():
            if name in ("nf", "ng") and (number < 1.0 or number != int(number)):
                raise ParameterError(f"{name} = {number:g} of {self.name} is no number of fingers. Use 1, 2, 3, ...")
            if name in ("w", "l", "m", "mult", "mf") and number <= 0.0:
                raise ParameterError(f"{name} = {number:g} of {self.name} must be above 0.")
            if name in ("nf", "ng", "m", "mult", "mf") and number > MOST_COPIES:
                raise ParameterError(f"{name} = {number:g} of {self.name} is more than {MOST_COPIES}.")


class DeviceLibrary(abc.ABC):
    """The devices of a technology at one corner."""

    #: What the names of its devices begin with.
    prefixes: ClassVar[tuple[str, ...]] = ()
    #: Sizes of a transistor as a netlist writes them, for messages.
    example: ClassVar[str] = ""

    @property
    @abc.abstractmethod
    def names(self) -> tuple[str, ...]:
        """Devices that there are."""

    @abc.abstractmethod
    def ports(self, name: str) -> tuple[str, ...]:
        """Return the ports of a device of :attr:`names`, without reading its models."""

    @abc.abstractmethod
    def device(self, name: str) -> FoundryDevice:
        """Return a device of :attr:`names`."""

    @abc.abstractmethod
    def shared(self, cards: Iterable[str]) -> str:
        """Return the parameters that cards of devices refer to, as cards."""

    def missing(self, name: str) -> str:
        """Return what is known of a name that only looks like a device of this foundry; empty for any other name."""
        if not name.startswith(self.prefixes) or name in self.names:
            return ""
        return (
            f"{name} is not among the devices that are taken from the foundry's package. "
            f"{did_you_mean(name, self.names)}"
        )
