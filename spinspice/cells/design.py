"""What an imported cell is made of, as plain data: a subcircuit, roles of its nodes, its junctions."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from spinspice.devices.base import Device
from spinspice.errors import UsageError
from spinspice.netlist.cards import Element
from spinspice.netlist.elaborate import Block, Placer, elaborate
from spinspice.netlist.expressions import Number
from spinspice.netlist.identifiers import safe
from spinspice.netlist.subcircuit import Subcircuit, senses
from spinspice.stimuli import Waveform


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
        Role -> node: vin, out, vdd, and where there are any vss, mid, clk and others, and further ports by their own
        names; a comparator has inp and inn in place of vin.
    bias : mapping
        Further port -> voltage [V].
    sources : mapping
        Clock or further port -> its waveform [V].
    idle : {"", "high", "low"}
        Where both outputs of a comparator stand between decisions; empty where ``out`` holds its decision.
    common_mode : float, optional
        Voltage at which the inputs of a comparator are compared [V]; the middle of the supply by default.
    junctions : tuple of Junction
    blocks : mapping
        Element -> block.
    values : mapping
        Parameters of the subcircuit that are set.
    single_ended : bool
        Supply from 0 to VDD instead of -VDD/2 to VDD/2.
    notes : tuple of str
        What was left out of the netlist.
    given : mapping
        Parameters that were set, of the subcircuit or of the file around it.
    """

    name: str
    subcircuit: Subcircuit
    outside: Subcircuit
    ports: Mapping[str, str]
    junctions: tuple[Junction, ...]
    bias: Mapping[str, float] = dataclasses.field(default_factory=dict)
    sources: Mapping[str, Waveform] = dataclasses.field(default_factory=dict)
    idle: str = ""
    common_mode: float | None = None
    blocks: Mapping[str, str] = dataclasses.field(default_factory=dict)
    values: Mapping[str, float] = dataclasses.field(default_factory=dict)
    single_ended: bool = False
    notes: tuple[str, ...] = ()
    given: Mapping[str, float] = dataclasses.field(default_factory=dict)

    @property
    def is_comparator(self) -> bool:
        """Whether it compares two inputs at a clock edge."""
        return "inp" in self.ports


def port_order(design: Design) -> list[str]:
    """Return the roles of the ports in their order; an inner node that has a role becomes the last port."""
    roles = {node: role for role, node in design.ports.items()}
    ports = design.subcircuit.ports
    return [*(roles[node] for node in ports), *(role for node, role in roles.items() if node not in ports)]


def node_names(design: Design) -> dict[str, str]:
    """Return the name in the cell of every node: its role, or its own unless a role has that."""
    roles = {node: role for role, node in design.ports.items()}
    nodes = design.subcircuit.nodes - {"0"} - roles.keys()
    wanted = {node: f"{node}_inner" if node in design.ports else node for node in sorted(nodes)}
    names = roles | {node: node for node, name in wanted.items() if safe(name) == node}
    taken = set(names.values())
    for node in sorted(wanted.keys() - names.keys()):
        names[node] = safe(wanted[node], taken)
        taken.add(names[node])
    return names


def free_name(name: str, taken: set[str]) -> str:
    """Return the name, with underscores until nothing else has it."""
    while name in taken:
        name += "_"
    return name


def free_prefix(names: Iterable[str]) -> str:
    """Return what the names of ammeters begin with, and none of these names does."""
    prefix, names = "vm_", tuple(names)
    while any(name.startswith(prefix) for name in names):
        prefix += "m_"
    return prefix


def meant_circuit(design: Design, taken: Iterable[str], placer: Placer | None = None) -> Block:
    """Return the circuit that a design means, without its junctions, every parameter a number.

    Raises
    ------
    CircuitError
        Naming the line.
    """
    junctions = {junction.element for junction in design.junctions}
    parts = {name: part for name, part in design.subcircuit.parts.items() if name not in junctions}
    for part in parts.values():
        for source in senses(part):
            if source in junctions:
                raise part.card.error(f"it senses the current of {source}, whose place a junction takes.")
    return elaborate(dataclasses.replace(design.subcircuit, parts=parts), design.outside, design.values, taken, placer)


def junction_device(part: Element, kinds: Mapping[str, type[Device]]) -> Device:
    """Return the device that an instance of a compact model is, from its parameters.

    Raises
    ------
    CircuitError
        For a parameter that is unknown or no number.
    """
    kind = kinds[part.master]
    spelling = {name.lower(): name for name in kind().parameters()}
    values = {}
    for name, value in part.parameters.items():
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
