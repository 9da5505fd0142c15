"""Invertible gates: energies whose ground states are the rows of a truth table.

Any linear constraint on bits gives one (:meth:`Ising.from_constraints`). Half and full adders are such squares;
COPY, NOT, AND and OR are given in the form of Camsari et al., Phys. Rev. X 7, 031014 (2017), and are checked against
their truth tables by enumeration in the tests.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import reduce

from spinspice.errors import UsageError, check_range, did_you_mean
from spinspice.networks.pbits.ising import Ising


def copy(a: str = "a", b: str = "b") -> Ising:
    """Return b = a."""
    return Ising.of({(a, b): 1.0})


def invert(a: str = "a", b: str = "b") -> Ising:
    """Return b = not a."""
    return Ising.of({(a, b): -1.0})


def and_gate(a: str = "a", b: str = "b", c: str = "c") -> Ising:
    """Return c = a and b."""
    return Ising.of({(a, b): -1.0, (a, c): 2.0, (b, c): 2.0}, {a: 1.0, b: 1.0, c: -2.0})


def or_gate(a: str = "a", b: str = "b", c: str = "c") -> Ising:
    """Return c = a or b."""
    return Ising.of({(a, b): -1.0, (a, c): 2.0, (b, c): 2.0}, {a: -1.0, b: -1.0, c: 2.0})


def half_adder(a: str = "a", b: str = "b", s: str = "s", c: str = "c") -> Ising:
    """Return a + b = 2 c + s; s alone is the exclusive or, c its auxiliary p-bit. Couplings of 1 and 2."""
    return Ising.from_constraints([{a: 1, b: 1, c: -2, s: -1}]).scaled(2.0)


def full_adder(a: str = "a", b: str = "b", ci: str = "ci", s: str = "s", co: str = "co") -> Ising:
    """Return a + b + ci = 2 co + s."""
    return Ising.from_constraints([{a: 1, b: 1, ci: 1, co: -2, s: -1}]).scaled(2.0)


#: Gates by name.
GATES: dict[str, Callable[..., Ising]] = {
    "copy": copy,
    "not": invert,
    "and": and_gate,
    "or": or_gate,
    "xor": half_adder,
    "half-adder": half_adder,
    "full-adder": full_adder,
}


def gate(name: str) -> Ising:
    """Return a gate by name, or ``adder:N`` and ``multiplier:NxM``.

    Raises
    ------
    UsageError
    """
    kind, _, size = name.partition(":")
    try:
        if kind == "adder" and size:
            return adder(int(size))
        if kind == "multiplier" and size:
            first, second = (int(part) for part in size.split("x"))
            return multiplier(first, second)
    except ValueError:
        raise UsageError(f"{name!r}: write adder:4, or multiplier:2x2.") from None
    if name not in GATES:
        raise UsageError(f"unknown gate {name!r}. {did_you_mean(name, (*GATES, 'adder:N', 'multiplier:NxM'))}")
    return GATES[name]()


def adder(bits: int) -> Ising:
    """Return a + b = s for numbers a, b of some bits: p-bits a0, b0, ... from the lowest, sum s0 ... and carries c1 ...

    The last carry is the highest bit of the sum.
    """
    bits = int(check_range("bits", bits, 1, 64, where="adder"))

    def carry(k: int) -> str:
        return f"s{bits}" if k == bits else f"c{k}"

    parts = [half_adder("a0", "b0", "s0", carry(1))]
    parts += [full_adder(f"a{k}", f"b{k}", carry(k), f"s{k}", carry(k + 1)) for k in range(1, bits)]
    return reduce(Ising.__add__, parts)


def multiplier(first: int, second: int) -> Ising:
    """Return a b = p: p-bits a0 ..., b0 ... from the lowest, product p0 ...

    An array of AND gates whose columns are added by half and full adders, from the lowest, carries going to the next.
    """
    first = int(check_range("first", first, 1, 16, where="multiplier"))
    second = int(check_range("second", second, 1, 16, where="multiplier"))
    columns: list[list[str]] = [[] for _ in range(first + second + 1)]
    parts: list[Ising] = []
    for i, j in itertools.product(range(first), range(second)):
        parts.append(and_gate(f"a{i}", f"b{j}", f"q{i}_{j}"))
        columns[i + j].append(f"q{i}_{j}")
    names: dict[str, str] = {}
    for k in range(first + second):
        waiting = columns[k]
        while len(waiting) > 1:
            three = len(waiting) >= 3
            taken, waiting = waiting[: 3 if three else 2], waiting[3 if three else 2 :]
            total, up = f"t{k}_{len(parts)}", f"k{k}_{len(parts)}"
            adds: Callable[..., Ising] = full_adder if three else half_adder
            parts.append(adds(*taken, total, up))
            waiting.append(total)
            columns[k + 1].append(up)
        if waiting:
            names[waiting[0]] = f"p{k}"
    return reduce(Ising.__add__, parts).renamed(names)
