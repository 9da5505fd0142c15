"""Drawn schematics: the circuit that is drawn is the one that runs, whatever the layout says."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict

import pytest

pytest.importorskip("schemdraw")

from spinspice.cells import BSN, Comparator, get_cell
from spinspice.cells.readout import ReadOut
from spinspice.errors import CircuitError, UsageError
from spinspice.presets import load_preset
from spinspice.schematic import cell_svg, draw_cell
from spinspice.schematic import draw as drawing
from spinspice.schematic.draw import _pins, plan
from spinspice.schematic.layouts import LAYOUTS, Layout
from spinspice.symbols.drawing import parts


def made(name):
    if name == "comparator":
        return Comparator("generic")
    kind = get_cell(name)
    return kind(load_preset(kind.preset).device)


def drawn_nets(cell):
    """Which pins a reader of the picture sees joined: by wires, by where they meet, by equal names."""
    seen = plan(cell)
    parent = {}

    def root(spot):
        parent.setdefault(spot, spot)
        while parent[spot] != spot:
            spot = parent[spot]
        return spot

    for wire in seen.wires:
        for one, other in itertools.pairwise(wire):
            parent[root(tuple(round(v, 3) for v in one))] = root(tuple(round(v, 3) for v in other))
    for spot, name in seen.labels.items():
        parent[root(spot)] = root(name)
    nets = defaultdict(set)
    for part, place in seen.parts:
        for number, spot in enumerate(sorted(_pins(part, place))):
            nets[root(spot)].add((part.name, number))
    return {frozenset(net) for net in nets.values()}


def true_nets(cell):
    nets = defaultdict(set)
    for part, place in plan(cell).parts:
        for number, (_, net) in enumerate(sorted(_pins(part, place).items())):
            nets[net].add((part.name, number))
    return {frozenset(net) for net in nets.values()}


@pytest.mark.parametrize("name", [*LAYOUTS])
def test_what_is_drawn_is_the_cell(name):
    cell = made(name)
    assert drawn_nets(cell) == true_nets(cell)
    bare = parts(cell.rebuilt(probes="none"))
    assert [part.name for part, _ in plan(cell).parts] == [part.name for part in bare]
    assert {one.split(".")[-1] for one in LAYOUTS[name].places} == {part.name[1:].lower() for part in bare}


def test_a_cell_without_a_layout_stands_in_rows():
    from spinspice.devices import as_two_state

    cell = ReadOut(as_two_state(load_preset("mizrahi2018-scaled").device, "test"), "generic")
    seen = plan(cell)
    assert not seen.wires and set(seen.labels) == set(seen.pins)
    assert drawn_nets(cell) == true_nets(cell)


def test_a_layout_of_another_cell_is_refused(monkeypatch):
    right = LAYOUTS["bsn"]
    wrong = Layout(right.places, [*right.wires, [(0.0, 3.5), (3.2, 4.5)]], right.labels)
    monkeypatch.setattr(drawing, "LAYOUTS", {"bsn": wrong})
    with pytest.raises(CircuitError, match="joins bar and mid"):
        plan(made("bsn"))
    monkeypatch.setattr(drawing, "LAYOUTS", {"bsn": Layout(right.places, [*right.wires, [(50.0, 0.0), (51.0, 0.0)]])})
    with pytest.raises(CircuitError, match="ends nowhere"):
        plan(made("bsn"))


def test_no_wire_runs_over_a_pin_that_it_does_not_reach():
    """A wire across a pin or a corner of another net would look joined."""
    for name, layout in LAYOUTS.items():
        spots = set(plan(made(name)).pins) | {spot for wire in layout.wires for spot in wire}
        for wire in layout.wires:
            for (x1, y1), (x2, y2) in itertools.pairwise(wire):
                assert x1 == x2 or y1 == y2, (name, wire)
                for x, y in spots - {(x1, y1), (x2, y2)}:
                    inside = (
                        min(x1, x2) - 1e-6 <= x <= max(x1, x2) + 1e-6 and min(y1, y2) - 1e-6 <= y <= max(y1, y2) + 1e-6
                    )
                    assert not inside or (round(x, 3), round(y, 3)) in {
                        (round(a, 3), round(b, 3)) for a, b in ((x1, y1), (x2, y2))
                    }, (name, wire, (x, y))


def test_file_and_text(tmp_path):
    cell = BSN(load_preset("faria2021").device, "generic")
    path = draw_cell(cell, tmp_path / "bsn.svg")
    text = path.read_text()
    for word in ("vin", "mid", "bar", "out", "vdd", "vss", "mtj"):
        assert re.search(rf">\s*{word}\s*<", text), word
    assert cell_svg("bsn").startswith("<svg") and cell_svg("of-a-user") == ""
    with pytest.raises(UsageError, match="an .svg file"):
        draw_cell(cell, tmp_path / "bsn.png")


def test_without_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(drawing, "available", lambda: False)
    cell_svg.cache_clear()
    assert cell_svg("bsn") == ""
    cell_svg.cache_clear()
    with pytest.raises(UsageError, match=r"spinspice\[drawings\]"):
        draw_cell(made("bsn"), tmp_path / "bsn.svg")
