"""Devices of a technology that an imported netlist places: their models, chosen by size, and their mismatch."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from spinspice.cmos import Technology
from spinspice.cmos.base import Transistor, tidy
from spinspice.cmos.placed import FoundryDevice
from spinspice.devices.noise import instance_seed, normal
from spinspice.errors import CircuitError, ParameterError
from spinspice.netlist.arithmetic import evaluate
from spinspice.netlist.cards import Element
from spinspice.netlist.expressions import Expression, Number, parse_expression

#: Largest width and length that are taken for meant [m], as for the transistors of spinspice's own cells.
_WIDEST, _LONGEST = 1e-3, 1e-4


class DevicePlacer:
    """Places the devices of a technology; a :class:`~spinspice.netlist.elaborate.Placer`.

    Parameters
    ----------
    technology : Technology
    name : str
        Name of the cell. From the seed of the technology, this name and those of the instances that hold a transistor
        its mismatch is drawn, so each instance of a subcircuit has its own.

    Attributes
    ----------
    verilog_a, licence_files : dict of str
        Verilog-A files that the devices placed so far need beside those of the technology, and the terms of these.
    vdd_max : float
        Highest supply that one of the devices placed so far is made for [V].
    """

    def __init__(self, technology: Technology, name: str) -> None:
        self.technology = technology
        self.by_instance = technology.mismatch is not None
        self.verilog_a: dict[str, None] = {}
        self.licence_files: dict[str, None] = {}
        self.vdd_max = technology.vdd_range[1]
        self._name = name
        self._library = technology.library
        self._kinds = {kind.name.lower(): kind for kind in (technology.n, technology.p)}
        self._cards: dict[str, None] = {}

    def place(self, element: Element, path: str) -> tuple[Element, str]:
        """Return an element of the technology as it is to be written, and the cards that define it.

        Raises
        ------
        CircuitError
            Naming the line: for a parameter that the foundry's device does not have, or a size without a model.
        """
        library = self._library
        try:
            if library is not None and element.kind == "x" and element.master in library.names:
                return self._device(element, library.device(element.master), path)
            if element.kind == "m" and element.master in self._kinds:
                return self._model(element, self._kinds[element.master], path), ""
        except (ParameterError, CircuitError) as reason:
            raise reason if str(reason).startswith("line ") else element.card.error(str(reason)) from None
        return element, ""

    def shared(self) -> str:
        """Return the cards that all that was placed refers to."""
        return self.technology.cards if self._library is None else self._library.shared(self._cards)

    def _device(self, element: Element, device: FoundryDevice, path: str) -> tuple[Element, str]:
        """Return an instance of a foundry's device with all its parameters."""
        given = {name: _number(value) for name, value in element.parameters.items()}
        device.check_given(given)
        self.vdd_max = max(self.vdd_max, device.vdd_max)
        placed = device.place(complete(device.defaults, given))
        self._cards[placed.cards] = None
        self.verilog_a |= dict.fromkeys(placed.verilog_a)
        self.licence_files |= dict.fromkeys(placed.licence_files)
        written = dict(placed.parameters)
        if self.technology.mismatch is not None and not placed.alike:
            written |= {name: tidy(self._draw(path, k)) for k, name in enumerate(device.spread)}
        numbers: dict[str, Expression] = {name: Number(value) for name, value in written.items()}
        return dataclasses.replace(element, master=placed.master, parameters=numbers), placed.cards

    def _model(self, element: Element, kind: Transistor, path: str) -> Element:
        """Return a transistor that is placed with M, with its own mismatch."""
        given = {name: _number(value) for name, value in element.parameters.items()}
        for name, most in (("w", _WIDEST), ("l", _LONGEST)):
            if name in given and not 0.0 < given[name] * kind.unit <= most:
                raise ParameterError(
                    f"{name} = {given[name]:g} is no size of {kind.name}: above 0 and up to {most / kind.unit:g} is. "
                    f"Sizes of {self.technology.name} are in units of {kind.unit:g} m."
                )
        if self.technology.mismatch is None or kind.pelgrom is None:
            return element
        for name in ("w", "l"):
            if name not in given:
                raise ParameterError(f"{name} must be given where transistors differ: mismatch depends on the area.")
        draws = self._draw(path, 0), self._draw(path, 1)
        sizes = (given["w"] * kind.unit, given["l"] * kind.unit)
        shifts = kind.pelgrom.parameters(draws, *sizes, given.get("m", 1.0))
        taken = sorted(given.keys() & shifts.keys())
        if taken:
            raise ParameterError(f"{taken[0]} is what mismatch sets. Leave it out, or ask for no mismatch.")
        more = {name: Number(tidy(value)) for name, value in shifts.items()}
        return dataclasses.replace(element, parameters={**element.parameters, **more})

    def _draw(self, path: str, channel: int) -> float:
        assert self.technology.mismatch is not None
        return float(normal(instance_seed(self.technology.mismatch, f"{self._name}/{path}"), 0, channel))


def complete(defaults: Mapping[str, str], given: Mapping[str, float]) -> dict[str, float]:
    """Return a number for every parameter: those given, and defaults, which are expressions of others.

    >>> complete({"w": "1", "nrd": "{0.14/w}"}, {"w": 2.0})
    {'w': 2.0, 'nrd': 0.07}
    """
    values: dict[str, float] = {}

    def value(name: str) -> float:
        if name not in values:
            values[name] = given[name] if name in given else evaluate(parse_expression(defaults[name]), value)
        return values[name]

    return {name: value(name) for name in defaults}


def _number(value: object) -> float:
    assert isinstance(value, Number)  # elaborated
    return value.value
