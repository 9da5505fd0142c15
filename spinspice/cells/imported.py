"""A cell made of a designer's own SPICE subcircuit, with junctions of spinspice in it.

The circuit stays what it is: its elements are written as they were read, in their order, with the junctions in the
place of the elements they replace, and zero-volt ammeters at pins. Ports get the names of their roles.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Self, get_args

from spinspice.cells.cell import Cell, Pin, Probes, Transistors, check_choice
from spinspice.cells.design import (
    Design,
    Junction,
    free_name,
    free_prefix,
    meant_circuit,
    node_names,
    port_order,
)
from spinspice.cells.placing import DevicePlacer
from spinspice.cells.sizing import check_two_terminals
from spinspice.cmos import Technology
from spinspice.devices.base import Device
from spinspice.devices.noise import seed_text
from spinspice.devices.registry import models
from spinspice.netlist.cards import Element
from spinspice.netlist.elaborate import card_names
from spinspice.netlist.subcircuit import renamed
from spinspice.netlist.text import block_text, element_text, model_text
from spinspice.stimuli import Waveform

#: Block of what belongs to none.
REST = "rest"


@dataclasses.dataclass(frozen=True)
class OwnModels:
    """Transistors whose models stand in the netlist."""

    name: str = "models of the netlist"
    corner: str = ""
    mismatch: int | None = None
    licence: str = "as the netlist says"
    note: str = "They are the .model cards of the netlist."
    verilog_a: tuple[str, ...] = ()
    licence_files: tuple[str, ...] = ()


class ImportedCell(Cell):
    """A cell from a netlist; made by :class:`spinspice.cells.CellFile`, which reads and checks the files.

    Parameters
    ----------
    design : Design
        The circuit, its ports and junctions.
    devices : mapping
        Device of each junction.
    technology : Technology, optional
        Transistors whose models are added; without one the netlist has its own.
    vdd : float
        Supply [V].
    probes : {"none", "blocks", "elements"}
        Ammeters nowhere, where a block or a junction meets a port, or at every pin of every element (for an audit).
    name : str, optional
        Name of the subcircuit.
    """

    sizing = None

    def __init__(
        self,
        design: Design,
        devices: Mapping[str, Device],
        technology: Technology | None = None,
        *,
        vdd: float,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        check_choice("probes", probes, get_args(Probes))
        for device in devices.values():
            check_two_terminals(device)
        self.kind = design.name
        self.ports = tuple(port_order(design))
        super().__init__(name or design.name, *self.ports, seed=1)
        self.design = design
        self.technology: Transistors = technology or OwnModels()
        self.probes = probes
        self.pins = []
        self._transistors = technology
        self._devices = MappingProxyType(dict(devices))
        if devices:  # a comparator may have none
            self.device = next(iter(devices.values()))
        self._names = node_names(design)
        ours = [tuple(models()), (technology.n.name.lower(), technology.p.name.lower()) if technology else ()]
        self._placer = DevicePlacer(technology, self.name) if technology else None
        taken = {self.name.lower(), *(name for names in ours for name in names)}
        self._meant = meant_circuit(design, taken, self._placer)
        self.vdd = vdd
        if technology is not None and self._placer is not None:
            high = dataclasses.replace(technology, vdd_range=(technology.vdd_range[0], self._placer.vdd_max))
            self.vdd = high.check_vdd(vdd)
        if technology is not None and self._placer is not None and self._placer.verilog_a:
            modules = (*technology.verilog_a, *self._placer.verilog_a)
            terms = (*technology.licence_files, *self._placer.licence_files)
            self.technology = dataclasses.replace(technology, verilog_a=modules, licence_files=terms)
        self._card_names = card_names(self._meant.elements, {f"x{name}" for name in devices})
        self._prefix = free_prefix([*self._card_names.values(), *self._names.values()])
        self._metered: set[str] = set()
        self._states = _states(design, self._devices, self._names)
        used = {design.blocks.get(part.name, REST) for part in self._meant.elements}
        self.blocks = (*self._devices, *(b for b in dict.fromkeys((*design.blocks.values(), REST)) if b in used))
        self.raw_spice = "\n".join([*self._definition_cards(), *self._element_cards()]) + "\n"

    def rebuilt(self, **changes: Any) -> Self:
        same: dict[str, Any] = {"devices": self._devices, "technology": self._transistors, "vdd": self.vdd}
        same |= {"probes": self.probes, "name": self.name}
        return type(self)(self.design, **(same | changes))

    def with_junctions(self, change: Callable[[Device], Device]) -> Self:
        return self.rebuilt(devices={name: change(device) for name, device in self._devices.items()})

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        return (0.0, self.vdd) if self.design.single_ended else super().rails

    @property
    def bias(self) -> Mapping[str, float]:
        """Further ports that are held at a voltage [V]."""
        return self.design.bias

    @property
    def sources(self) -> Mapping[str, Waveform]:
        """Clocks and further ports that have a waveform [V]."""
        return self.design.sources

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of the netlist that were set, by its cell file or by the user."""
        return self.design.given

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out of a netlist that was trusted."""
        return (*self.design.notes, *self._meant.notes)

    @property
    def devices(self) -> Mapping[str, Device]:
        """Junctions by name, which is that of their block."""
        return self._devices

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """Nodes inside the cell that show the state of each junction."""
        return self._states

    def _definition_cards(self) -> list[str]:
        """Return what stands before the elements: models and subcircuits, all inside the cell."""
        cards = self._placer.shared().splitlines() if self._placer else []
        cards += [line for text in self._meant.definitions for line in text.splitlines()]
        blocks = [line for block in self._meant.blocks for line in block_text(block)]
        return [*cards, *map(model_text, self._meant.models), *blocks]

    def _element_cards(self) -> list[str]:
        junctions = {junction.element: junction for junction in self.design.junctions}
        ordinary = {part.name: part for part in self._meant.elements}
        lines: list[str] = []
        for name, part in self.design.subcircuit.parts.items():
            lines += self._junction(junctions[name], part) if name in junctions else self._part(ordinary[name])
        return lines

    def _junction(self, junction: Junction, part: Element) -> list[str]:
        """Return a junction, with an ammeter at the first node of the element whose place it takes."""
        name = junction.name
        first, second = (self._names[node] for node in part.nodes[:2])
        lines, inner = ([], first) if self.probes == "none" else self._meter(name, first)
        if self.probes != "none":
            ammeter = f"{self._prefix}{name}"
            self.pins += [Pin(name, name, first, ammeter), Pin(name, name, second, ammeter, -1.0)]
        at_first = part.nodes[0] == junction.reference
        free, reference = (second, inner) if at_first else (inner, second)
        device = self._devices[name]
        values = sorted(device.instance_parameters(_seed(self.design, name)).items())
        nodes = (f"x{name}", free, reference, *self._states[name], device.model)
        return [*lines, " ".join([*nodes, *(f"{key}={value}" for key, value in values)])]

    def _part(self, part: Element) -> list[str]:
        """Return an element with its pins metered."""
        block = self.design.blocks.get(part.name, REST)
        lines: list[str] = []
        nodes: list[str] = []
        own = self._card_names[part.name]
        part = renamed(part, self._node, lambda source: self._card_names[source])
        for number, here in enumerate(part.pins, start=1):
            metered = {"none": False, "blocks": here in self.ports, "elements": True}[self.probes]
            if here == "0" or not metered:
                nodes.append(here)
                continue
            label = f"{own}_{number}" if self.probes == "elements" else f"{block}_{here}"
            pin = Pin(block, part.name if self.probes == "elements" else block, here, f"{self._prefix}{label}")
            if pin not in self.pins:
                self.pins.append(pin)
            more, inner = self._meter(label, here)
            lines += more
            nodes.append(inner)
        sensed = part.nodes[len(part.pins) :]
        return [*lines, element_text(dataclasses.replace(part, nodes=(*nodes, *sensed)), own)]

    def _node(self, node: str) -> str:
        return self._names.get(node, node)

    def _meter(self, label: str, node: str) -> tuple[list[str], str]:
        """Return the card of an ammeter, unless it is there already, and the node behind it."""
        ammeter = f"{self._prefix}{label}"
        inner = f"{ammeter}_i"
        if ammeter in self._metered:
            return [], inner
        self._metered.add(ammeter)
        return [f"{ammeter} {node} {inner} 0"], inner


def _states(design: Design, devices: Mapping[str, Device], names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return the state nodes of each junction: those of the netlist, else the plain names where they are free."""
    states, taken = {}, set(names.values())
    for junction in design.junctions:
        ports = devices[junction.name].state_ports()
        plain = len(design.junctions) == 1 and not taken.intersection(ports)
        chosen = ports if plain else tuple(free_name(f"{junction.name}_{port}", taken) for port in ports)
        given = tuple(names.get(node, node) for node in junction.states)
        states[junction.name] = given if len(given) == len(ports) else chosen
    return MappingProxyType(states)


def _seed(design: Design, name: str) -> str:
    """Return the seed of a junction: that of the cell, or one made of it and the name (:func:`seed_text`)."""
    if name == design.junctions[0].name:
        return "{seed}"
    return seed_text(name)
