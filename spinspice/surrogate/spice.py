r"""A surrogate as a behavioural subcircuit for ngspice: a magnet's compact model, and sources in place of transistors.

Every node with a state is a capacitor, and a source beside it drives the currents of
:mod:`spinspice.surrogate.branches` into it. A table of two voltages is written as a sum of products of functions of one
each (its singular vectors), each of them a ``pwl``; that of the input, which spans decades, over an exponential of the
input. What charges a node by another is a source as well, and small capacitors show the slopes of all nodes.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from spinspice.files import complete_file, mark
from spinspice.surrogate.branches import Pair
from spinspice.surrogate.surrogate import Surrogate
from spinspice.units import format_number

Array = NDArray[np.float64]
#: Largest error of a current and of a capacitance over the largest of its table, and most products: our choice.
CURRENT, CHARGE, MOST = 5e-4, 3e-2, 12
#: Capacitor that shows the slope of a node [F]: our choice, small beside that of any node.
SENSE = 1e-17


def subcircuit(surrogate: Surrogate, name: str = "surrogate") -> str:
    """Return the text of the subcircuit ``name vin out vdd vss mx my mz``, parameter seed.

    The library of the junction must be there, as an engine of spinspice puts it; ``vdd`` and ``vss`` carry no current.
    Power is not in it (:meth:`~.surrogate.Surrogate.power`).
    """
    s, law = surrogate, surrogate.branches
    device = " ".join(f"{key}={value}" for key, value in s.device.instance_parameters("{seed}").items())
    names = [*(f"x{k}" for k in range(1, len(law.nodes))), "out"]
    fixed = "jr"
    ends = (names[0], fixed) if law.sign > 0 else (fixed, names[0])
    volts = [_held("vin", law.pairs[0].x), *(f"v({node})" for node in names)]
    lines = [
        f"* {mark()}: surrogate of {s.cell} on {s.technology}, without transistors",
        f".subckt {name} vin out vdd vss mx my mz seed=1",
        f"X1 {' '.join(ends)} mx my mz {s.device.model} {device}",
        f"Vjr {fixed} 0 {format_number(law.fixed)}",
        "Cs0 vin s0 " + format_number(SENSE) + "\nVs0 s0 0 0",
    ]
    for k, node in enumerate(names):
        terms: list[str] = []
        charges: list[str] = []
        own = 0.0
        for pair in law.pairs:
            a, b = volts[pair.a], volts[pair.b]
            if pair.current[k].any():
                terms += _products(pair, pair.current[k], a, b, CURRENT)
            for side, by in enumerate((pair.a, pair.b)):
                table = pair.charge[k, side]
                if not table.any():
                    continue
                if by == k + 1:  # the least of it is a capacitor, which keeps the node stiff
                    least = float(table.min()) if len(charges) or own else float(max(table.min(), SENSE))
                    own, table = own + least, table - least
                factors = "+".join(_products(pair, table, a, b, CHARGE))
                if factors:
                    charges.append(f"({factors})*i(Vs{by})*{format_number(1.0 / SENSE)}")
        if k == len(names) - 1 and (s.shunt or s.pull):
            terms.append(f"{format_number(s.pull)}-{format_number(s.shunt)}*v({node})")
        lines += [
            f"C{k + 1} {node} 0 {format_number(own)}",
            f"Cs{k + 1} {node} s{k + 1} {format_number(SENSE)}\nVs{k + 1} s{k + 1} 0 0",
            f"B{k + 1} 0 {node} i=" + "+".join(terms or ["0"]),
            *([f"Bc{k + 1} {node} 0 i=" + "+".join(charges)] if charges else []),
        ]
    lines.append(f".ends {name}")
    return "\n".join(_wrapped(line) for text in lines for line in text.split("\n")) + "\n"


def _held(node: str, grid: Array) -> str:
    return f"max(min(v({node}),{format_number(float(grid[-1]))}),{format_number(float(grid[0]))})"


def _products(pair: Pair, table: Array, a: str, b: str, tolerance: float) -> list[str]:
    """Return products of functions of one voltage each that add up to a table."""
    scale, head = np.ones(pair.x.size), ""
    middle = np.abs(table).max(axis=1)
    if pair.a == 0 and middle.min() > 0.0 and middle.max() > 30.0 * middle.min():
        scale, head = middle, f"exp({_pwl(a, pair.x, np.log(middle), 1e-4)})*"
    left, sizes, right = np.linalg.svd(table / scale[:, None], full_matrices=False)
    most, found = float(np.abs(table / scale[:, None]).max()), []
    rest = table / scale[:, None]
    for k in range(min(MOST, sizes.size)):
        if not most or np.abs(rest).max() <= tolerance * most:
            break
        size = np.sqrt(sizes[k])
        one, two = size * left[:, k], size * right[k]
        rest = rest - np.outer(one, two)
        reach = 0.3 * tolerance * most
        found.append(
            f"{head}({_pwl(a, pair.x, one, reach / np.abs(two).max(), absolute=True)})"
            f"*({_pwl(b, pair.y, two, reach / np.abs(one).max(), absolute=True)})"
        )
    return found


def _pwl(x: str, places: Array, values: Array, tolerance: float, absolute: bool = False) -> str:
    """Return a table as a function of ngspice with as few corners as a tolerance lets it; its ends go on flat."""
    most = tolerance if absolute else tolerance * max(float(np.ptp(values)), 1e-300)
    fine = np.linspace(places[0], places[-1], 4 * (places.size - 1) + 1)
    from scipy.interpolate import CubicSpline

    wanted = CubicSpline(places, values)(fine)
    kept = [0, fine.size - 1]
    while len(kept) < fine.size:
        miss = np.abs(np.interp(fine, fine[kept], wanted[kept]) - wanted)
        worst = int(np.argmax(miss))
        if miss[worst] <= most:
            break
        kept = sorted({*kept, worst})
    pairs = ",".join(f"{fine[k]:.9g},{wanted[k]:.9g}" for k in kept)
    return f"pwl({x},{pairs})"


def _wrapped(line: str, width: int = 100) -> str:
    """Return a line on several, each but the first behind a plus; cut at commas."""
    out, rest = [], line
    while len(rest) > width and "," in rest[:width]:
        at = rest.rfind(",", 0, width) + 1
        out.append(rest[:at])
        rest = rest[at:]
    return "\n+ ".join([*out, rest])


def write_subcircuit(surrogate: Surrogate, path: str | os.PathLike[str], name: str = "surrogate") -> None:
    """Write :func:`subcircuit` to a file."""
    with complete_file(path) as place:
        place.write_text(subcircuit(surrogate, name), encoding="utf-8")
