"""What a netlist places by the name of a foundry's device, checked before it is looked up."""

from __future__ import annotations

from collections.abc import Iterable

from spinspice.cells.design import Design
from spinspice.cmos import Technology
from spinspice.cmos.packages import foundry_of
from spinspice.errors import UsageError
from spinspice.netlist.bench import FoundryLibrary
from spinspice.netlist.cards import Card, Element
from spinspice.netlist.subcircuit import Subcircuit

#: A resistor with m = 0.5 at the capacitors inside it.
_HALVED = "sky130_fd_pr__res_high_po"


def check_foundry_parts(design: Design, technology: Technology | None) -> None:
    """Refuse devices of a foundry that are placed in a way that it does not mean, or that there is nothing for.

    Raises
    ------
    CircuitError
        Naming the line.
    """
    sources = _reached(design.subcircuit, design.outside)
    defined = {source.name for source in sources} | {name for source in sources for name in source.models}
    defined |= design.outside.models.keys()
    for source in sources:
        for part in source.parts.values():
            if part.master and part.master not in defined:
                _check(part, technology)


def chosen_technology(cmos: str, library: FoundryLibrary | None, where: str) -> tuple[str, str]:
    """Return the technology of a cell file, and the corner of the library that its netlist reads ("" for none).

    Raises
    ------
    UsageError
        If the two contradict each other.
    """
    if library is None or ".toml" in cmos.lower():  # a library of the user's own stands for it
        return cmos, ""
    asked = f"{library.technology}:{library.corner}" if library.corner else library.technology
    name, _, corner = cmos.lower().partition(":")
    if not cmos:
        return library.technology, library.corner
    if name != library.technology or (corner and library.corner and corner != library.corner):
        raise UsageError(
            f"{where}: cmos = {cmos!r}, but the netlist reads the library of {asked} (line {library.card.line} of "
            f"{library.card.source}, {library.card.text!r}). Make them the same, or leave cmos out."
        )
    return cmos, "" if corner else library.corner


def placed_with(cards: Iterable[Card], subcircuit: Subcircuit) -> list[str]:
    """Return notes on parameters that a test bench gives the cell where it places it, and that are left out with it."""
    notes = []
    for card in cards:
        words = card.text.lower().split()
        if words[0][0] != "x" or subcircuit.name not in words:
            continue
        given = [word for word in words[words.index(subcircuit.name) + 1 :] if word not in ("m=1", "params:")]
        if given:
            what = f"line {card.line} places {subcircuit.name} with {' '.join(given)}"
            notes.append(f"{card.source}: {what}, which is left out too. Set it in [parameters] if it is meant.")
    return notes


def multiplied_resistors(subcircuit: Subcircuit, outside: Subcircuit) -> list[str]:
    """Return notes on resistors that ngspice gives another capacitance than their foundry, as they have an ``m``."""
    return [
        f"{part.card.source}: line {part.card.line}, {part.card.text!r}: half of the capacitance to the substrate is "
        "at each end, as the foundry's text says. ngspice takes the whole at both where such a line has an m."
        for source in _reached(subcircuit, outside)
        for part in source.parts.values()
        if part.master == _HALVED and "m" in part.parameters
    ]


def _reached(subcircuit: Subcircuit, outside: Subcircuit) -> list[Subcircuit]:
    """Return a subcircuit and those that it places, directly or not (by name, wherever they are defined)."""
    known: dict[str, list[Subcircuit]] = {}
    for child in outside.all_subcircuits():
        known.setdefault(child.name, []).append(child)
    found, waiting = {id(subcircuit): subcircuit}, [subcircuit]
    while waiting:
        for child in _children(waiting.pop(), known):
            if id(child) not in found:
                found[id(child)] = child
                waiting.append(child)
    return list(found.values())


def _children(source: Subcircuit, known: dict[str, list[Subcircuit]]) -> Iterable[Subcircuit]:
    for part in source.parts.values():
        yield from known.get(part.master, ()) if part.kind == "x" else ()


def _check(part: Element, technology: Technology | None) -> None:
    own = {kind.name.lower() for kind in (technology.n, technology.p)} if technology else set()
    # A library of the user's own may well have the foundry's names.
    foundry = "" if technology and technology.library is None and part.master in own else foundry_of(part.master)
    library = technology.library if technology else None
    if technology is not None and library is not None and foundry == technology.name:
        if missing := library.missing(part.master):
            raise part.card.error(missing)
        if part.kind != "x":
            units = library.device(part.master).units
            raise part.card.error(
                f"{part.master} is a subcircuit: sizes of {technology.name} are in {units}, and its transistors are "
                f"placed with X. Write X{part.name} ... {part.master} {library.example}."
            )
    elif foundry and foundry != (technology.name if technology else ""):
        chosen = f"the technology is {technology.name}" if technology else "no technology is named"
        raise part.card.error(
            f'{part.master} is a device of {foundry}, and {chosen}. Write cmos = "{foundry}" (or --cmos {foundry}).'
        )
    if technology is None:
        return
    for kind in (technology.n, technology.p):
        letter = kind.element.lower()
        if part.master == kind.name.lower() and part.kind != letter:
            raise part.card.error(
                f"{kind.name} of {technology.name} is placed with {kind.element}, not with {part.kind.upper()}."
            )
