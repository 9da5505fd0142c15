"""Draws a cell: symbols where its layout has them, wires, dots where three meet, and names of nets."""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spinspice.errors import CircuitError, UsageError
from spinspice.files import complete_file, mark
from spinspice.schematic.layouts import GATE, HEIGHT, LAYOUTS, Layout, Place, Spot
from spinspice.symbols.drawing import Part, parts

#: Elements in a row where a cell has no layout of its own.
_ROW = 8


def available() -> bool:
    """Whether schemdraw is installed."""
    return importlib.util.find_spec("schemdraw") is not None


def draw_cell(cell: Any, path: str | os.PathLike[str]) -> Path:
    """Draw the schematic of a cell.

    Parameters
    ----------
    cell : TransistorCell
        Any cell of transistors, junctions, resistors and capacitors; its ammeters are left out.
    path : path
        An .svg file.

    Raises
    ------
    UsageError
        Without the package schemdraw, or for another suffix.
    CircuitError
        If a wire of the layout joins two nets: a layout that is not of this cell.
    """
    path = Path(path)
    if path.suffix.lower() != ".svg":
        raise UsageError(f"a schematic is an .svg file, got {path.name}. Name it {path.stem}.svg.")
    if not available():
        raise UsageError('schematics need the package schemdraw. Run: pip install "spinspice[drawings]"')
    text = _drawing(plan(cell))
    with complete_file(path) as place:
        place.write_text(text, encoding="utf-8")
    return path


@functools.cache
def cell_svg(name: str) -> str:
    """Return the schematic of a neuron cell or comparator of ours as SVG text; empty if it is another or not drawn.

    Cells of the user's netlists have no layout, and without schemdraw there are no pictures.
    """
    from spinspice.cells import Comparator, get_cell
    from spinspice.presets import load_preset

    if not available() or name not in LAYOUTS:
        return ""
    if name == Comparator.kind:
        return _drawing(plan(Comparator("generic")))
    kind = get_cell(name)
    return _drawing(plan(kind(load_preset(kind.preset).device)))


@dataclasses.dataclass(frozen=True)
class Plan:
    """A drawing as data: elements in place, the net of every pin, wires, and names to write at spots."""

    parts: tuple[tuple[Part, Place], ...]
    pins: dict[Spot, str]
    wires: Sequence[Sequence[Spot]]
    labels: dict[Spot, str]
    dots: tuple[Spot, ...]


def plan(cell: Any) -> Plan:
    """Return what is drawn of a cell, its wires checked against its nets.

    Raises
    ------
    CircuitError
        If a wire joins two nets or ends nowhere.
    """
    found = [_Named(part) for part in parts(cell.rebuilt(probes="none"))]
    layout = LAYOUTS.get(cell.kind)
    if layout is None or {one.short for one in found} != set(layout.places):
        layout = _rows(found)
    pins: dict[Spot, str] = {}
    placed = tuple((one.part, layout.places[one.short]) for one in found)
    for part, place in placed:
        pins |= _pins(part, place)
    nets = _nets(layout, pins)
    joined = Counter(_rounded(spot) for wire in layout.wires for spot in _ends(wire)) + Counter(list(pins))
    dots = tuple(spot for spot, count in joined.items() if count > 2)
    wired = {_rounded(spot) for wire in layout.wires for spot in wire}
    labels = {spot: net for spot, net in pins.items() if spot not in wired}
    labels |= {_rounded(spot): nets[_rounded(spot)] for spot in layout.labels}
    return Plan(placed, pins, layout.wires, labels, dots)


@dataclasses.dataclass(frozen=True)
class _Named:
    part: Part

    @property
    def short(self) -> str:
        """Name of an element without the letter of its kind."""
        return self.part.name[1:].lower()


def _rounded(spot: Spot) -> Spot:
    return round(spot[0], 3), round(spot[1], 3)


def kind_of(part: Part) -> str:
    """Return nmos, pmos, resistor, capacitor or junction."""
    model = part.model.lower()
    if part.symbol in ("res", "capa"):
        return {"res": "resistor", "capa": "capacitor"}[part.symbol]
    if model.startswith("mtj_") or len(part.nodes) < 4 or "mtj" in part.name.lower():
        return "junction"
    return "pmos" if "pmos" in model or "pfet" in model else "nmos"


def _pins(part: Part, place: Place) -> dict[Spot, str]:
    """Return the spots of the pins that are drawn, with their nets; bulks are on the rails and left out."""
    top, bottom = (place.x, place.y), (place.x, place.y - HEIGHT)
    kind = kind_of(part)
    if kind in ("nmos", "pmos"):
        drain, gate, source = part.nodes[:3]
        side = -GATE if place.gate == "left" else GATE
        spots = {(place.x + side, place.y - HEIGHT / 2): gate}
        spots |= {top: drain, bottom: source} if kind == "nmos" else {top: source, bottom: drain}
    elif kind == "junction":
        spots = {top: part.nodes[1], bottom: part.nodes[0]}  # the reference layer is above
    else:
        spots = {top: part.nodes[0], bottom: part.nodes[1]}
    return {_rounded(spot): net for spot, net in spots.items()}


def _ends(wire: Sequence[Spot]) -> Iterator[Spot]:
    """Yield every end of every piece of a wire: inner corners twice."""
    for one, other in itertools.pairwise(wire):
        yield from (one, other)


def _nets(layout: Layout, pins: dict[Spot, str]) -> dict[Spot, str]:
    """Return the net of every spot that wires reach from a pin."""
    nets = dict(pins)
    pieces = [(_rounded(a), _rounded(b)) for wire in layout.wires for a, b in itertools.pairwise(wire)]
    changed = True
    while changed:
        changed = False
        for one, other in pieces:
            known = {nets[spot] for spot in (one, other) if spot in nets}
            if len(known) > 1:
                raise CircuitError(f"the wire from {one} to {other} joins {' and '.join(sorted(known))}.")
            for spot in (one, other):
                if known and spot not in nets:
                    nets[spot] = next(iter(known))
                    changed = True
    lost = [piece for piece in pieces if piece[0] not in nets]
    if lost:
        raise CircuitError(f"the wire from {lost[0][0]} to {lost[0][1]} ends nowhere.")
    return nets


def _rows(found: Sequence[_Named]) -> Layout:
    """Return places in rows, without wires: nets are joined by their names."""
    return Layout({
        one.short: Place(4.2 * (number % _ROW), -3.2 * (number // _ROW)) for number, one in enumerate(found)
    })  # fmt: skip


def _drawing(drawn: Plan) -> str:
    """Return a plan as SVG."""
    import schemdraw
    import schemdraw.elements as elm

    schemdraw.use("svg")
    sheet: Any = schemdraw.Drawing(show=False)
    sheet.config(fontsize=11, lw=1.4, margin=0.3)
    for part, place in drawn.parts:
        kind, top = kind_of(part), (place.x, place.y)
        name = part.name[1:] if part.name[0] in "XMRC" else part.name
        if kind in ("nmos", "pmos"):
            element = (elm.NFet if kind == "nmos" else elm.PFet)().at(top).theta(0)
            sheet += element.reverse() if place.gate == "left" else element
            offset = 0.25 if place.gate == "left" else -0.25
            sheet += elm.Label().theta(0).at((place.x + offset, place.y - HEIGHT / 2)).label(
                name, halign="left" if offset > 0 else "right", valign="center", fontsize=9, color="#59636e"
            )  # fmt: skip
            continue
        if kind == "junction":
            _junction(sheet, elm, place)
        else:
            chosen = elm.Resistor if kind == "resistor" else elm.Capacitor
            sheet += chosen().at(top).to((place.x, place.y - HEIGHT))
        sheet += elm.Label().theta(0).at((place.x + 0.55, place.y - HEIGHT / 2)).label(
            name, halign="left", valign="center", fontsize=9, color="#59636e"
        )  # fmt: skip
    for wire in drawn.wires:
        for one, other in itertools.pairwise(wire):
            sheet += elm.Line().at(one).to(other)
    for spot in drawn.dots:
        sheet += elm.Dot().at(spot)
    for spot, net in drawn.labels.items():
        _label(sheet, elm, drawn, spot, net)
    text = str(sheet.get_imagedata("svg").decode("utf-8"))
    start, end = text.index("<svg"), text.index(">", text.index("<svg")) + 1
    # Nothing before the element: the picture may stand inside a page.
    return f"{text[start:end]}<!-- {mark()} -->{text[end:]}"


def _label(sheet: Any, elm: Any, drawn: Plan, spot: Spot, net: str) -> None:
    """Write the name of a net: beside an end that is free, above a wire that goes on."""
    x, y = spot
    others = [p for wire in drawn.wires for a, b in itertools.pairwise(wire) for p in
              ((b,) if _rounded(a) == spot else (a,) if _rounded(b) == spot else ())]  # fmt: skip
    gates = {}
    for _, place in drawn.parts:
        side = -GATE if place.gate == "left" else GATE
        gates[_rounded((place.x + side, place.y - HEIGHT / 2))] = place.gate
    look: dict[str, Any] = {"fontsize": 11, "color": "#0072b2"}
    if len(others) == 1 and others[0][0] != x:
        left = others[0][0] > x
        where = {"halign": "right" if left else "left", "valign": "center"}
        x += -0.12 if left else 0.12
    elif not others and spot in gates:
        left = gates[spot] == "left"
        where = {"halign": "right" if left else "left", "valign": "center"}
        x += -0.12 if left else 0.12
    elif not others:
        above = any(_rounded((place.x, place.y)) == spot for _, place in drawn.parts)
        where = {"halign": "center", "valign": "bottom" if above else "top"}
        y += 0.12 if above else -0.12
    else:
        where = {"halign": "left", "valign": "bottom"}
        x, y = x + 0.08, y + 0.12
    sheet += elm.Label().theta(0).at((x, y)).label(net, **where, **look)


def _junction(sheet: Any, elm: Any, place: Place) -> None:
    """Two layers, the reference above with one arrow, the free one below with two, and the barrier between."""
    x, y = place.x, place.y
    sheet += elm.Line().at((x, y)).to((x, y - 0.35))
    sheet += elm.Line().at((x, y - 1.15)).to((x, y - HEIGHT))
    for low, high, arrow in ((y - 0.7, y - 0.35, "->"), (y - 1.15, y - 0.8, "<->")):
        sheet += elm.Rect(corner1=(x - 0.45, low), corner2=(x + 0.45, high)).at((0, 0)).theta(0)
        middle = (low + high) / 2
        sheet += elm.Line(arrow=arrow, arrowwidth=0.12, arrowlength=0.15).at((x - 0.3, middle)).to((x + 0.3, middle))
