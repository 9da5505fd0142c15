"""A cell made of a designer's own SPICE subcircuit, with junctions of spinspice in it.

The circuit stays what it is: its elements are written as they were read, in their order, with the junctions in the
place of the elements they replace, and zero-volt ammeters at pins. Ports get the names of their roles.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Self

from spinspice.cells.cell import Cell, Pin, Probes, Transistors, check_choice
from spinspice.cells.sizing import check_two_terminals
from spinspice.cmos import Technology
from spinspice.cmos.bins import Size
from spinspice.devices.base import Device
from spinspice.devices.noise import SEED_LIMIT
from spinspice.errors import UsageError
from spinspice.netlist.expressions import Number
from spinspice.netlist.guard import element_numbers
from spinspice.netlist.subcircuit import Part, Subcircuit

#: Block of what belongs to none.
REST = "rest"


@dataclasses.dataclass(frozen=True)
class OwnModels:
    """Transistors whose models stand in the netlist."""

    name: str = "models of the netlist"
    corner: str = ""
    licence: str = "as the netlist says"
    verilog_a: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Junction:
    """A junction in a netlist: the element whose place it takes, the node of its reference layer, and its device.

    Parameters
    ----------
    name : str
        Name of the junction and of its block.
    element : str
        Element with two nodes, or an instance of a compact model.
    reference : str
        Node at the side of the reference layer, as the netlist calls it.
    states : tuple of str
        Nodes that an instance of a compact model gives its state; empty where they are to be chosen.
    device : Device, optional
        Junction of its own, instead of the one that the cell is given.
    """

    name: str
    element: str
    reference: str
    states: tuple[str, ...] = ()
    device: Device | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Design:
    """A subcircuit and what is known about it, checked: all that an imported cell is made of, as plain data.

    Parameters
    ----------
    name : str
        Name of the cell.
    subcircuit, outside : Subcircuit
        The cell, and the scope of the file around it.
    ports : mapping
        Role -> node: vin, out, vdd, and where there are any vss, mid and further ports by their own names.
    bias : mapping
        Further port -> voltage [V].
    junctions : tuple of Junction
    blocks : mapping
        Element -> block.
    values : mapping
        Parameters of the subcircuit that are set, as text.
    single_ended : bool
        Supply from 0 to VDD instead of -VDD/2 to VDD/2.
    notes : tuple of str
        What was left out of the netlist because it was trusted.
    """

    name: str
    subcircuit: Subcircuit
    outside: Subcircuit
    ports: Mapping[str, str]
    junctions: tuple[Junction, ...]
    bias: Mapping[str, float] = dataclasses.field(default_factory=dict)
    blocks: Mapping[str, str] = dataclasses.field(default_factory=dict)
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    single_ended: bool = False
    notes: tuple[str, ...] = ()


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
    probes : {"blocks", "elements"}
        Ammeters where a block or a junction meets a port, or at every pin of every element (for an audit).
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
        check_choice("probes", probes, ("blocks", "elements"))
        for device in devices.values():
            check_two_terminals(device)
        self.kind = design.name
        self.ports = tuple(_port_order(design))
        super().__init__(name or design.name, *self.ports, seed=1)
        self.design = design
        self.technology: Transistors = technology or OwnModels()
        self.vdd = technology.check_vdd(vdd) if technology else vdd
        self.probes = probes
        self.pins = []
        self._transistors = technology
        self._devices = MappingProxyType(dict(devices))
        self.device = next(iter(devices.values()))
        self._names = _node_names(design)
        self._prefix = _free_prefix(design.subcircuit)
        self._metered: set[str] = set()
        self._states = _states(design, self._devices, self._names)
        used = {design.blocks.get(part, REST) for part in self._ordinary}
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
    def notes(self) -> tuple[str, ...]:
        """What was left out of a netlist that was trusted."""
        return self.design.notes

    @property
    def devices(self) -> Mapping[str, Device]:
        """Junctions by name, which is that of their block."""
        return self._devices

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """Nodes inside the cell that show the state of each junction."""
        return self._states

    @property
    def _ordinary(self) -> list[str]:
        """Elements that are no junctions."""
        taken = {junction.element for junction in self.design.junctions}
        return [name for name in self.design.subcircuit.parts if name not in taken]

    def _definition_cards(self) -> list[str]:
        """Return what stands before the elements: models, parameters and subcircuits, all inside the cell."""
        design = self.design
        sizes = sorted(_sizes(design, self._transistors)) if self._transistors else []
        cards = self._transistors.cards_for(sizes).splitlines() if self._transistors else []
        others = [
            line
            for name, child in design.outside.inner.items()
            if name != design.subcircuit.name
            for line in child.text()
        ]
        outside = dataclasses.replace(design.outside, inner={}).definitions()
        values = design.subcircuit.parameters | dict(design.values)
        parameters = [f".param {name}={value}" for name, value in values.items() if name != "seed"]
        return [*cards, *outside, *others, *parameters, *design.subcircuit.definitions()]

    def _element_cards(self) -> list[str]:
        junctions = {junction.element: junction for junction in self.design.junctions}
        lines: list[str] = []
        for name, part in self.design.subcircuit.parts.items():
            lines += self._junction(junctions[name], part) if name in junctions else self._part(part)
        return lines

    def _junction(self, junction: Junction, part: Part) -> list[str]:
        """Return a junction, with an ammeter at the first node of the element whose place it takes."""
        name = junction.name
        first, second = (self._names[node] for node in part.nodes[:2])
        lines, inner = self._meter(name, first)
        ammeter = f"{self._prefix}{name}"
        self.pins += [Pin(name, name, first, ammeter), Pin(name, name, second, ammeter, -1.0)]
        at_first = part.nodes[0] == junction.reference
        free, reference = (second, inner) if at_first else (inner, second)
        device = self._devices[name]
        values = sorted(device.instance_parameters(_seed(self.design, name)).items())
        nodes = (f"x{name}", free, reference, *self._states[name], device.model)
        return [*lines, " ".join([*nodes, *(f"{key}={value}" for key, value in values)])]

    def _part(self, part: Part) -> list[str]:
        """Return an element with its pins metered."""
        block = self.design.blocks.get(part.name, REST)
        lines: list[str] = []
        nodes: list[str] = []
        for number, node in enumerate(part.nodes, start=1):
            here = self._names.get(node, node)
            if here == "0" or (self.probes == "blocks" and here not in self.ports):
                nodes.append(here)
                continue
            label = f"{part.name}_{number}" if self.probes == "elements" else f"{block}_{here}"
            pin = Pin(block, part.name if self.probes == "elements" else block, here, f"{self._prefix}{label}")
            if pin not in self.pins:
                self.pins.append(pin)
            more, inner = self._meter(label, here)
            lines += more
            nodes.append(inner)
        return [*lines, part.text(nodes, self._names)]

    def _meter(self, label: str, node: str) -> tuple[list[str], str]:
        """Return the card of an ammeter, unless it is there already, and the node behind it."""
        ammeter = f"{self._prefix}{label}"
        inner = f"{ammeter}_i"
        if ammeter in self._metered:
            return [], inner
        self._metered.add(ammeter)
        return [f"{ammeter} {node} {inner} 0"], inner


def _port_order(design: Design) -> list[str]:
    """Return the roles of the ports in their order; an inner node that has a role becomes the last port."""
    roles = {node: role for role, node in design.ports.items()}
    ports = design.subcircuit.ports
    return [*(roles[node] for node in ports), *(role for node, role in roles.items() if node not in ports)]


def _node_names(design: Design) -> dict[str, str]:
    """Return the name in the cell of every node: its role, or its own unless a role has that."""
    roles = {node: role for role, node in design.ports.items()}
    nodes = design.subcircuit.nodes - {"0"}
    names = dict(roles)
    taken = set(roles.values()) | nodes
    for node in sorted(nodes - roles.keys()):
        name = node
        if node in design.ports:
            name = _free(f"{node}_inner", taken)
        names[node] = name
        taken.add(name)
    return names


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _free_prefix(subcircuit: Subcircuit) -> str:
    """Return what the names of ammeters begin with, and no name of the netlist does."""
    prefix = "vm_"
    while any(name.startswith(prefix) for name in (*subcircuit.parts, *subcircuit.nodes)):
        prefix += "m_"
    return prefix


def _states(design: Design, devices: Mapping[str, Device], names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return the state nodes of each junction: those of the netlist, else the plain names where they are free."""
    states, taken = {}, set(names.values())
    for junction in design.junctions:
        ports = devices[junction.name].ports[2:]
        plain = len(design.junctions) == 1 and not taken.intersection(ports)
        chosen = ports if plain else tuple(_free(f"{junction.name}_{port}", taken) for port in ports)
        given = tuple(names.get(node, node) for node in junction.states)
        states[junction.name] = given if len(given) == len(ports) else chosen
    return MappingProxyType(states)


def _seed(design: Design, name: str) -> str:
    """Return the seed of a junction: that of the cell, or its distance from a number that belongs to the name.

    Our choice: one of several seeds as an expression that every simulator reads, so that a cell has one seed; two
    junctions of a cell have different ones (the same for one seed of the cell in 2**31 at most).
    """
    if name == design.junctions[0].name:
        return "{seed}"
    return "{abs(seed-" + str(zlib.crc32(name.encode()) % SEED_LIMIT | 1) + ")}"


def _sizes(design: Design, technology: Technology) -> set[Size]:
    """Return the transistors of a technology that the netlist places.

    Raises
    ------
    CircuitError
        For a size that is no number where the models depend on the size.
    """
    sizes: set[Size] = set()
    kinds = {kind.name.lower(): polarity for polarity, kind in (("n", technology.n), ("p", technology.p))}
    everything = (*design.subcircuit.all_parts(), *design.outside.all_parts())
    for part in everything:
        if part.master not in kinds or technology.binned is None:
            continue
        values = element_numbers(part.card)
        w, length = values.get("w"), values.get("l")
        if not isinstance(w, Number) or not isinstance(length, Number):
            raise part.card.error(
                f"w and l of a transistor of {technology.name} must be numbers: its models depend on the size."
            )
        unit = technology.n.unit
        sizes.add((kinds[part.master], w.value * unit, length.value * unit))  # type: ignore[arg-type]
    return sizes


def junction_device(part: Part, kinds: Mapping[str, type[Device]]) -> Device:
    """Return the device that an instance of a compact model is, from its parameters.

    Raises
    ------
    CircuitError
        For a parameter that is unknown or no number.
    """
    kind = kinds[part.master]
    spelling = {name.lower(): name for name in kind().parameters()}
    values = {}
    for name, value in element_numbers(part.card).items():
        if name == "seed":
            continue
        if name not in spelling:
            raise part.card.error(f"{part.master} has no parameter {name!r}. Known: {', '.join(spelling.values())}.")
        if not isinstance(value, Number):
            raise part.card.error(f"{name} of a junction must be a number, not an expression.")
        values[spelling[name]] = value.value
    try:
        return kind(**values)
    except UsageError as reason:
        raise part.card.error(str(reason)) from None
