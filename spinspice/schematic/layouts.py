"""Where the elements of a cell stand, and the wires between their pins; cells without an entry stand in rows.

Coordinates in units of schemdraw, y upwards. An element hangs from (x, y) down to (x, y - 1.5); the gate of a
transistor is 1.37 to the left or right of its middle.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

#: Height of an element, and distance of a gate from its channel.
HEIGHT, GATE = 1.5, 1.37
Spot = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an element hangs, and the side of a gate."""

    x: float
    y: float
    gate: str = "left"


@dataclasses.dataclass(frozen=True)
class Layout:
    """Places by name of the element, wires as lists of corners, and spots where the name of the net is written."""

    places: Mapping[str, Place]
    wires: Sequence[Sequence[Spot]] = ()
    labels: Sequence[Spot] = ()


def _divider(x: float, top: float, middle: float) -> tuple[dict[str, Place], list[list[Spot]]]:
    """Return junction over input transistor between rails at top and 0."""
    places = {"mtj": Place(x, top - 1.0), "in": Place(x, 2.5)}
    wires: list[list[Spot]] = [
        [(x, top), (x, top - 1.0)],
        [(x, top - 1.0 - HEIGHT), (x, middle), (x, 2.5)],
        [(x, 1.0), (x, 0.0)],
    ]
    return places, wires


def _bsn() -> Layout:
    places, wires = _divider(0.0, 7.0, 3.5)
    before = 0.0
    for number, x in ((1, 3.2), (2, 6.4)):
        places |= {f"p{number}": Place(x, 6.0), f"n{number}": Place(x, 2.5)}
        wires += [
            [(before, 3.5), (x - GATE, 3.5)],
            [(x - GATE, 5.25), (x - GATE, 3.5), (x - GATE, 1.75)],
            [(x, 7.0), (x, 6.0)],
            [(x, 4.5), (x, 3.5), (x, 2.5)],
            [(x, 1.0), (x, 0.0)],
        ]
        before = x
    wires += [[(6.4, 3.5), (7.6, 3.5)], [(-0.9, 7.0), (0.0, 7.0), (3.2, 7.0), (6.4, 7.0)]]
    wires += [[(-0.9, 0.0), (0.0, 0.0), (3.2, 0.0), (6.4, 0.0)]]
    labels = [(-0.9, 7.0), (-0.9, 0.0), (7.6, 3.5), (0.0, 3.5), (3.2, 3.5)]
    return Layout(places, wires, labels)


def _asn() -> Layout:
    places, wires = _divider(-4.6, 9.0, 4.5)
    wires.append([(-4.6, 4.5), (-3.6, 4.5)])
    places |= {
        "ref": Place(0, 8), "w1": Place(0, 2.5, "right"), "w2": Place(3, 2.5), "w3": Place(3, 5.25),
        "w4": Place(3, 8, "right"),
        "l1": Place(7.5, 8, "right"), "l2": Place(10.5, 8), "n1": Place(7.5, 5.25), "n2": Place(10.5, 5.25, "right"),
        "tn": Place(9, 2.5),
        "tp": Place(16.5, 8), "p1": Place(15, 5.25), "p2": Place(18, 5.25, "right"), "l3": Place(15, 2.5, "right"),
        "l4": Place(18, 2.5),
    }  # fmt: skip
    wires += [
        # bias: reference resistor, Wilson mirror, p diode
        [(0, 9), (0, 8)], [(0, 6.5), (0, 4.5), (0, 2.5)], [(0, 4.5), (1.63, 4.5)], [(0, 1), (0, 0)],
        [(1.37, 1.75), (1.5, 1.75), (1.63, 1.75)], [(1.5, 1.75), (1.5, 3.1), (3, 3.1)], [(3, 3.75), (3, 3.1), (3, 2.5)],
        [(3, 3.1), (4, 3.1)], [(3, 1), (3, 0)],
        [(3, 9), (3, 8)], [(3, 6.5), (3, 5.9), (3, 5.25)],
        [(3, 5.9), (4.37, 5.9), (4.37, 7.25)], [(4.37, 5.9), (4.8, 5.9)],
        # n pair
        [(7.5, 9), (7.5, 8)], [(10.5, 9), (10.5, 8)], [(8.87, 7.25), (9, 7.25), (9.13, 7.25)],
        [(9, 7.25), (9, 5.9), (7.5, 5.9)], [(7.5, 6.5), (7.5, 5.9), (7.5, 5.25)],
        [(10.5, 6.5), (10.5, 5.9), (10.5, 5.25)],
        [(10.5, 5.9), (11.87, 5.9), (12.4, 5.9)], [(11.87, 5.9), (11.87, 4.5)],
        [(7.5, 3.75), (7.5, 3.1), (9, 3.1), (10.5, 3.1), (10.5, 3.75)], [(9, 3.1), (9, 2.5)], [(9, 1), (9, 0)],
        # p pair
        [(16.5, 9), (16.5, 8)], [(16.5, 6.5), (16.5, 5.9)], [(15, 5.25), (15, 5.9), (16.5, 5.9), (18, 5.9), (18, 5.25)],
        [(16.37, 1.75), (16.5, 1.75), (16.63, 1.75)], [(16.5, 1.75), (16.5, 3.1), (15, 3.1)],
        [(15, 3.75), (15, 3.1), (15, 2.5)], [(18, 3.75), (18, 3.1), (18, 2.5)],
        [(18, 3.1), (19.37, 3.1), (20, 3.1)], [(19.37, 3.1), (19.37, 4.5)], [(15, 1), (15, 0)], [(18, 1), (18, 0)],
        # rails
        [(-5.4, 9), (-4.6, 9), (0, 9), (3, 9), (7.5, 9), (10.5, 9), (16.5, 9)],
        [(-5.4, 0), (-4.6, 0), (0, 0), (3, 0), (9, 0), (15, 0), (18, 0)],
    ]  # fmt: skip
    labels = [
        (-5.4, 9.0), (-5.4, 0.0), (-3.6, 4.5), (4.0, 3.1), (4.8, 5.9), (0.0, 4.5), (12.4, 5.9), (20.0, 3.1),
    ]  # fmt: skip
    return Layout(places, wires, labels)


def _strongarm() -> Layout:
    """The latch; below it the inverters and the latch that holds. What is far apart is joined by names."""
    places = {"t": Place(4.0, 0.6)}
    wires: list[Sequence[Spot]] = [
        [(2.0, 2.0), (2.0, 1.3), (4.0, 1.3), (6.0, 1.3), (6.0, 2.0)],
        [(4.0, 1.3), (4.0, 0.6)],
    ]
    labels = [(4.0, 1.3)]
    for side, x, gate, inner, away in (("n", 2.0, "left", "right", -1.0), ("p", 6.0, "right", "left", 1.0)):
        out, far = x + 3.4 * away, x + 6.8 * away
        places |= {
            f"m{side}": Place(x, 3.5, gate), f"c{side}": Place(x, 6.0, inner), f"l{side}": Place(x, 9.0, inner),
            f"r{side}": Place(out, 9.0, gate), f"s{side}": Place(far, 9.0, gate),
        }  # fmt: skip
        wires += [[(x, 4.5), (x, 4.0), (x, 3.5)], [(x, 7.5), (x, 6.9), (x, 6.0)], [(x, 6.9), (out, 6.9), (out, 7.5)]]
        wires += [[(x, 4.0), (far, 4.0), (far, 7.5)]]
        labels += [(out, 6.9), (far, 4.0)]
    for number, (high, low) in enumerate((("ip", "in"), ("jp", "jn"), ("op", "on"))):
        x, y = 4.5 * number - 7.0, -7.0
        left = x - GATE
        places |= {high: Place(x, y + 3.5), low: Place(x, y - 1.0)}
        wires += [[(left, y + 3.5 - HEIGHT / 2), (left, y), (left, y - 1.0 - HEIGHT / 2)], [(left - 0.4, y), (left, y)]]
        wires += [[(x, y + 2.0), (x, y), (x, y - 1.0)], [(x, y), (x + 0.4, y)]]
        labels += [(left - 0.4, y), (x + 0.4, y)]
    for number, one in enumerate("ab"):
        x, y = 7.6 + 7.4 * number, -7.0
        places |= {f"{one}p1": Place(x, y + 4.0), f"{one}p2": Place(x, y + 2.0), f"{one}n1": Place(x - 1.2, y - 1.0)}
        places |= {f"{one}n2": Place(x + 2.6, y - 1.0)}
        wires += [[(x, y + 2.5), (x, y + 2.0)], [(x, y + 0.5), (x, y)], [(x + 2.6, y), (x + 3.1, y)]]
        wires += [[(x - 1.2, y - 1.0), (x - 1.2, y), (x, y), (x + 2.6, y), (x + 2.6, y - 1.0)]]
        labels.append((x + 3.1, y))
    return Layout(places, wires, labels)


#: Layouts by kind of cell.
LAYOUTS: Mapping[str, Layout] = {"bsn": _bsn(), "asn": _asn(), "comparator": _strongarm()}
