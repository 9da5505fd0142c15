r"""A surrogate as a behavioural subcircuit for ngspice: a magnet's compact model, and sources in place of transistors.

Every node with a state is a capacitor, and a source beside it drives the currents of
:mod:`spinspice.surrogate.branches` into it. A table of two voltages is written as a sum of products of functions of one
each (its singular vectors), each of them a ``pwl`` in a source of its own; that of the input, which spans decades, over
an exponential of the input. What charges a node by another is a source as well, and small capacitors show the slopes of
all nodes. It saves no time beside transistors: it stands where their models are not to be had.
"""

from __future__ import annotations

import dataclasses
import os

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from spinspice.files import complete_file, mark
from spinspice.surrogate.branches import Branches, Pair
from spinspice.surrogate.surrogate import Surrogate
from spinspice.units import format_number

Array = NDArray[np.float64]
#: Largest error of a current and of a capacitance over the largest of its table, and most products: our choice.
CURRENT, CHARGE, MOST = 1e-3, 0.1, 12
#: Capacitor that shows the slope of a node [F]: our choice, small beside that of any node.
SENSE = 1e-17
#: Error of the logarithm of a current, and part of an error that may come from the corners of a function: our choice.
LOGARITHM, PART = 1e-4, 0.3


def subcircuit(surrogate: Surrogate, name: str = "surrogate") -> str:
    """Return the text of the subcircuit ``name vin out vdd vss mx my mz``, parameter seed.

    The library of the junction must be there, as an engine of spinspice puts it; ``vdd`` and ``vss`` carry no current.
    Power is not in it (:meth:`~.surrogate.Surrogate.power`).
    """
    s, law = surrogate, surrogate.branches
    device = " ".join(f"{key}={value}" for key, value in s.device.instance_parameters("{seed}").items())
    names = ["out" if k == law.output else f"x{k + 1}" for k in range(len(law.nodes))]
    ends = (names[0], "jr") if law.sign > 0 else ("jr", names[0])
    low, high = (format_number(float(end)) for end in law.pairs[0].x[[0, -1]])
    functions = _Functions([f"max(min(v(vin),{high}),{low})", *(f"v({node})" for node in names)], [])
    lines = [
        f"* {mark()}: surrogate of {s.cell} on {s.technology}, without transistors",
        f".subckt {name} vin out vdd vss mx my mz seed=1",
        f"X1 {' '.join(ends)} mx my mz {s.device.model} {device}",
        f"Vjr jr 0 {format_number(law.fixed)}",
        f"Cs0 vin s0 {format_number(SENSE)}\nVs0 s0 0 0",
    ]
    for k, node in enumerate(names):
        terms, charges, own = _branches(law, k, functions)
        if k == law.output and (s.shunt or s.pull):
            terms.append(f"{format_number(s.pull)}-{format_number(s.shunt)}*v({node})")
        lines += [
            f"C{k + 1} {node} 0 {format_number(own)}",
            f"Cs{k + 1} {node} s{k + 1} {format_number(SENSE)}\nVs{k + 1} s{k + 1} 0 0",
            f"B{k + 1} 0 {node} i=" + "+".join(terms or ["0"]),
            *([f"Bc{k + 1} {node} 0 i=" + "+".join(charges)] if charges else []),
        ]
    lines += [*functions.cards, f".ends {name}"]
    return "\n".join(_wrapped(line) for text in lines for line in text.split("\n")) + "\n"


def _branches(law: Branches, node: int, functions: _Functions) -> tuple[list[str], list[str], float]:
    """Return the currents into a node and those that charge it as expressions, and its plain capacitor [F]."""
    terms: list[str] = []
    charges: list[str] = []
    own = 0.0
    for pair in law.pairs:
        if pair.current[node].any():
            terms += functions.products(pair, pair.current[node], CURRENT)
        for side, by in enumerate((pair.a, pair.b)):
            table = pair.charge[node, side]
            if not table.any():
                continue
            if by == node + 1:  # the least of it is a capacitor, which keeps the node stiff
                least = float(table.min()) if own else max(float(table.min()), SENSE)
                own, table = own + least, table - least
            factors = "+".join(functions.products(pair, table, CHARGE))
            if factors:
                charges.append(f"({factors})*i(Vs{by})*{format_number(1.0 / SENSE)}")
    return terms, charges, own


@dataclasses.dataclass(frozen=True)
class _Functions:
    """Functions of one voltage each, as sources with a node of their own: an expression of them is short."""

    volts: list[str]
    cards: list[str]

    def node(self, text: str) -> str:
        """Return the voltage of a new node that has the value of an expression."""
        k = len(self.cards) + 1
        self.cards.append(f"Bf{k} f{k} 0 v={text}")
        return f"v(f{k})"

    def products(self, pair: Pair, table: Array, tolerance: float) -> list[str]:
        """Return products of functions of one voltage each that add up to a table."""
        a, b = self.volts[pair.a], self.volts[pair.b]
        scale, head = np.ones(pair.x.size), ""
        reach = np.abs(table).max(axis=1)
        if pair.a == 0 and reach.min() > 0.0 and reach.max() > 30.0 * reach.min():
            scale, head = reach, self.node(f"exp({_pwl(a, pair.x, np.log(reach), LOGARITHM)})") + "*"
        rest = table / scale[:, None]
        most = float(np.abs(rest).max())
        left, sizes, right = np.linalg.svd(rest, full_matrices=False)
        found: list[str] = []
        for k in range(min(MOST, sizes.size)):
            if not most or np.abs(rest).max() <= tolerance * most:
                break
            # The first voltage's function carries the size, so that both are of the order of what they are.
            one, two = sizes[k] * left[:, k] * np.abs(right[k]).max(), right[k] / np.abs(right[k]).max()
            rest = rest - np.outer(one, two)
            near = PART * tolerance * most
            unit = np.abs(one).max()
            factors = (
                self.node(_pwl(a, pair.x, one / unit, near / unit)), self.node(_pwl(b, pair.y, two, near / unit)),
            )  # fmt: skip
            found.append(f"{format_number(float(unit))}*{head}{factors[0]}*{factors[1]}")
        return found


def _pwl(x: str, places: Array, values: Array, tolerance: float) -> str:
    """Return a table as a function of ngspice with as few corners as a tolerance lets it; its ends go on flat."""
    fine = np.linspace(places[0], places[-1], 4 * (places.size - 1) + 1)
    wanted = CubicSpline(places, values)(fine)
    kept = [0, fine.size - 1]
    while len(kept) < fine.size:
        miss = np.abs(np.interp(fine, fine[kept], wanted[kept]) - wanted)
        worst = int(np.argmax(miss))
        if miss[worst] <= tolerance:
            break
        kept = sorted({*kept, worst})
    pairs = ",".join(f"{fine[k]:.9g},{wanted[k]:.9g}" for k in kept)
    return f"pwl( {x},{pairs})"


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
