"""The tables of a cell file: ports, sources, junctions, blocks and parameters, each checked against the subcircuit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from spinspice.cells.design import Junction, junction_device
from spinspice.cells.imported import REST
from spinspice.devices import two_terminal_models
from spinspice.errors import UsageError, check_range, did_you_mean, shown
from spinspice.netlist.cards import Element
from spinspice.netlist.expressions import Number
from spinspice.netlist.identifiers import safe
from spinspice.netlist.subcircuit import GROUND_PORT, Subcircuit
from spinspice.presets import load_preset
from spinspice.stimuli import Waveform, from_table
from spinspice.units import parse_number

ROLES = ("vin", "inp", "inn", "clk", "clkb", "out", "outb", "vdd", "vss", "mid")
#: Roles of a comparator under other names that designers give them.
_ALIASES = {"vip": "inp", "vinp": "inp", "vin+": "inp", "vinn": "inn", "vin-": "inn"}
#: Roles that a clock drives; a neuron names its waveform in [sources], a comparator's is that of the study.
CLOCKS = ("clk", "clkb")
_NEURON, _COMPARATOR = ("vin", "out", "vdd"), ("inp", "inn", "out", "vdd")
_JUNCTION = ("reference", "preset", "name")
#: Parameters of an element whose place a junction takes that say nothing.
_NEUTRAL = (("m", Number(1.0)), ("tc1", Number(0.0)), ("tc2", Number(0.0)))
_NAME = re.compile(r"[a-z][a-z0-9_]*")
SEE = "See docs/import.md"


def read_ports(
    table: Mapping[str, Any], held: Mapping[str, str], subcircuit: Subcircuit, where: str
) -> tuple[dict[str, str], bool]:
    """Return the node of each role and of each further port that a source holds, and whether this is a comparator.

    ``held`` are further ports, or roles that a clock drives, with the table that says how: [bias] or [sources].
    """
    where_ports = f"{where}: [ports]"
    check_keys(table, (*ROLES, *_ALIASES), where_ports)
    named = {_ALIASES.get(role, role): value for role, value in table.items()}
    if len(named) < len(table):
        raise UsageError(f"{where_ports} names a role twice: {', '.join(table)}.")
    comparator = bool({"inp", "inn"} & named.keys())
    if comparator and "vin" in named:
        raise UsageError(f"{where_ports} has vin, the input of a neuron, and inp or inn, those of a comparator.")
    missing = [role for role in (_COMPARATOR if comparator else _NEURON) if role not in named]
    if comparator and not named.keys() & set(CLOCKS):
        missing.append("clk or clkb")
    if missing:
        raise UsageError(
            f"{where_ports} lacks {', '.join(missing)}. Ports of {subcircuit.name}: {_list(subcircuit.ports)}."
        )
    ports = {}
    for role, value in named.items():
        node = _node(read_text(value, f"{where_ports} {role}").lower(), subcircuit)
        known = subcircuit.nodes - {"0"} if role == "mid" else subcircuit.ports
        if node not in known:
            raise UsageError(
                f"{where_ports} {role} = {shown(value)} is no port of {subcircuit.name}. {did_you_mean(node, known)}"
            )
        ports[role] = node
    for name, held_by in held.items():
        if name in CLOCKS and name in ports:
            continue
        if name not in subcircuit.ports or name in ROLES:
            rest = [port for port in subcircuit.ports if port not in ports.values()]
            raise UsageError(
                f"{where}: {held_by} {name} is no further port of {subcircuit.name}. {did_you_mean(name, rest)}"
            )
        ports[safe(name, ports)] = name
    if len(set(ports.values())) < len(ports):
        raise UsageError(f"{where}: a port of {subcircuit.name} has two roles.")
    _check_idle(ports, subcircuit, where)
    return ports, comparator


def _check_idle(ports: Mapping[str, str], subcircuit: Subcircuit, where: str) -> None:
    """Refuse a port that nothing drives and nothing reads."""
    idle = [port for port in subcircuit.ports if port not in ports.values()]
    if idle:
        raise UsageError(
            f"{where}: the port {idle[0]} of {subcircuit.name} has no role. Name it in [ports] "
            f"({', '.join(ROLES)}), or give it a voltage in [bias] or a waveform in [sources]."
        )


def read_sources(table: Mapping[str, Any], where: str) -> dict[str, Waveform]:
    """Return the waveform of each port that has one: a table as :func:`spinspice.stimuli.from_table` reads it."""
    sources = {}
    for name, entry in table.items():
        what = f"{where}: [sources] {name}"
        if not isinstance(entry, Mapping):
            raise UsageError(
                f'{what} = {entry!r} is no waveform. Write {{ kind = "pulse", low = 0, high = 0.8, ... }}, or a '
                "constant voltage into [bias]."
            )
        if entry.get("kind") == "measured":
            raise UsageError(f'{what}: a cell reads no files. Write the points down as kind = "pwl".')
        sources[name.lower()] = from_table(entry, what)
    return sources


def check_clocks(ports: Mapping[str, str], sources: Mapping[str, Waveform], comparator: bool, where: str) -> None:
    """Check that a neuron's clocks have waveforms, and that a comparator leaves them to its study."""
    for role in CLOCKS:
        if role in ports and role not in sources and not comparator:
            raise UsageError(
                f"{where}: {role} has no waveform. Write [sources] {role} = "
                '{ kind = "pulse", low = 0, high = 0.8, rise = "20p", fall = "20p", width = "5n", period = "10n" }.'
            )
        if comparator and role in sources:
            raise UsageError(
                f"{where}: [sources] {role}: the clock of a comparator is that of the study (--clock). Leave it out."
            )


def read_idle(data: Mapping[str, Any], ports: Mapping[str, str], where: str) -> str:
    """Return where the outputs of a comparator stand between decisions: high, low, or empty if out holds its one."""
    for key in ("idle", "common_mode"):
        if key in data and "inp" not in ports:
            raise UsageError(f"{where}: {key} belongs to a comparator, whose ports have the roles inp and inn.")
    idle = read_text(data.get("idle", ""), f"{where}: idle").lower()
    if "idle" in data and idle not in ("high", "low"):
        raise UsageError(f"{where}: idle = {data['idle']!r}. {did_you_mean(idle, ('high', 'low'))}")
    if idle and "outb" not in ports:
        raise UsageError(f"{where}: idle = {idle!r} needs both outputs: name the port that is outb in [ports].")
    return idle


def read_junctions(
    table: Mapping[str, Any], subcircuit: Subcircuit, where: str, *, needed: bool = True
) -> tuple[Junction, ...]:
    """Return the junctions: elements that the file names, and instances of compact models in the netlist."""
    given = {name.lower(): value for name, value in table.items()}
    for name in given:
        if name not in subcircuit.parts:
            hint = did_you_mean(name, subcircuit.parts)
            raise UsageError(f"{where}: [junctions] {name} is no element of {subcircuit.name}. {hint}")
    native = two_terminal_models()
    chosen = [part for part in subcircuit.parts.values() if part.name in given or part.master in native]
    if not chosen and needed:
        raise UsageError(
            f"{where}: [junctions] names no element of {subcircuit.name}, and no junction stands there. {SEE}."
        )
    junctions = tuple(_junction(part, given.get(part.name, {}), f"{where}: [junctions] {part.name}") for part in chosen)
    names = [junction.name for junction in junctions]
    if len(set(names)) < len(names):
        raise UsageError(f"{where}: two junctions are called {max(names, key=names.count)}. Give one a name = ... .")
    for junction in junctions:
        instance = f"x{junction.name}"
        if instance in subcircuit.parts and instance not in given and instance != junction.element:
            raise UsageError(
                f"{where}: the junction {junction.name} would be {instance}, which is there. Give it a name."
            )
    return junctions


def _junction(part: Element, entry: Any, where: str) -> Junction:
    if isinstance(entry, str):
        entry = {"reference": entry}
    if not isinstance(entry, Mapping):
        raise UsageError(f'{where} = {entry!r} is not understood. Write {{ reference = "node" }}.')
    check_keys(entry, _JUNCTION, where)
    compact = two_terminal_models()  # those that a netlist may place itself
    native = part.master in compact
    nodes = part.nodes[:2] if native else part.nodes
    if len(nodes) != 2 or nodes[0] == nodes[1] or part.kind in "mqj":
        raise UsageError(
            f"{where} has the nodes {_list(part.nodes)}; a junction takes the place of an element with two."
        )
    given = read_text(entry.get("reference", nodes[1] if native else ""), where).lower()
    reference = next((node for node in (GROUND_PORT, "0") if given == "gnd" and node in nodes), given)
    if reference not in nodes:
        raise UsageError(f'{where}: reference = "{reference}" must be the node of the reference layer: {_list(nodes)}.')
    device = junction_device(part, compact) if native else None
    dropped = [] if native else [name for name, value in part.parameters.items() if (name, value) not in _NEUTRAL]
    if dropped:
        raise part.card.error(
            f"{dropped[0]} would be lost: a junction takes the place of this element, and has no {dropped[0]}. Leave "
            "it out; several junctions in parallel are several elements."
        )
    if "preset" in entry:
        device = load_preset(read_text(entry["preset"], where)).device
    stem = part.name[1:] if _NAME.fullmatch(part.name[1:]) else part.name
    return Junction(
        name=read_name(entry.get("name", stem), f"{where}: name"),
        element=part.name,
        reference=reference,
        states=part.nodes[2:] if native else (),
        device=device,
    )


def read_blocks(
    table: Mapping[str, Any], subcircuit: Subcircuit, junctions: tuple[Junction, ...], where: str
) -> dict[str, str]:
    """Return the block of each element that has one."""
    blocks: dict[str, str] = {}
    taken = {junction.element for junction in junctions}
    for block, names in table.items():
        what = f"{where}: [blocks] {block}"
        if read_name(block, what) in {REST, *(junction.name for junction in junctions)}:
            raise UsageError(
                f"{what}: this name is that of a junction, or of what belongs to no block. Choose another."
            )
        if not isinstance(names, list) or not names:
            raise UsageError(f"{what} = {names!r} is not a list of elements.")
        for name in names:
            element = read_text(name, what).lower()
            if element not in subcircuit.parts or element in taken:
                rest = [part for part in subcircuit.parts if part not in taken]
                raise UsageError(f"{what}: {name!r} is no element that can stand there. {did_you_mean(element, rest)}")
            if element in blocks:
                raise UsageError(f"{what}: {name!r} is in the block {blocks[element]} already.")
            blocks[element] = block
    return blocks


def check_keys(table: Any, known: tuple[str, ...], where: str) -> None:
    """Refuse a key that is not known."""
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: {key!r} is not known. {did_you_mean(str(key), known)}")


def read_table(data: Mapping[str, Any], key: str, where: str) -> Mapping[str, Any]:
    """Return a section of the file, empty where it is left out."""
    table = data.get(key, {})
    if not isinstance(table, Mapping):
        raise UsageError(f"{where}: {key} = {shown(table)} is not a table. Write a section [{key}].")
    return table


def read_text(value: Any, what: str) -> str:
    """Return a text."""
    if not isinstance(value, str) or not value.isprintable():
        raise UsageError(f"{what} = {shown(value)} is not a name. Write it in quotes.")
    return value


def read_name(value: Any, what: str) -> str:
    """Return a name that can stand in netlists and names of files."""
    text = read_text(value, what).lower()
    if not _NAME.fullmatch(text) or len(text) > 60:
        raise UsageError(f"{what} = {text!r} must be a letter followed by letters, digits or underscores.")
    return text


def read_volts(value: Any, what: str) -> float:
    """Return a voltage, a number or text with a suffix."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageError(f'{what} = {shown(value)} is not a voltage. Write 0.4 or "400m".')
    return check_range(what, parse_number(value, what), -100.0, 100.0, unit="V")


def _node(name: str, subcircuit: Subcircuit) -> str:
    return GROUND_PORT if name == "gnd" and GROUND_PORT in subcircuit.ports else name


def _list(names: Any) -> str:
    return ", ".join(names)
