"""Expressions of SPICE decks, read into a small tree as ngspice understands them.

In ngspice (measured with version 46) a power binds tighter than a sign and associates from the left, and ``log`` is
natural. Nothing is evaluated here (:mod:`spinspice.netlist.arithmetic` does).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator

from spinspice.errors import CircuitError

#: Longer suffixes stand before those they begin with. ``mil`` is missing: ngspice 46 takes 1mil as 25.4e-6 outside of
#: braces and as 1e-3 inside.
_SCALES = {"meg": 6, "t": 12, "g": 9, "k": 3, "m": -3, "u": -6, "µ": -6, "n": -9, "p": -12, "f": -15, "a": -18}
#: Units that may follow a number; other letters behind it are more likely a slip than a unit.
_UNITS = frozenset(
    [
        "",
        "ohm",
        "ohms",
        "f",
        "farad",
        "h",
        "henry",
        "v",
        "volt",
        "volts",
        "a",
        "amp",
        "amps",
        "s",
        "sec",
        "hz",
        "m",
        "w",
    ]
)
#: Voltage of a node, or between two, and current of a source: names there are no parameters.
_PROBE = re.compile(r"(?<![\w.])([vi])\s*\(\s*([^\s(),{}]+)\s*(?:,\s*([^\s(),{}]+)\s*)?\)")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[a-zµΩ]*)|(?P<name>[a-z_][\w.]*)"
    r"|(?P<operator>\*\*|&&|\|\||[<>=!]=|[-+*/^<>!?:(),]))"
)
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?([a-zµΩ]*)")
#: Longest expression: a tree of this depth can be walked.
MOST_TOKENS = 250
#: Binary operators from loose to tight; those of one row associate from the left.
_PRECEDENCE = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/"))


class Expression:
    """A node of the tree."""


@dataclasses.dataclass(frozen=True)
class Number(Expression):
    """A number, its suffix applied."""

    value: float


@dataclasses.dataclass(frozen=True)
class Name(Expression):
    """A parameter."""

    name: str


@dataclasses.dataclass(frozen=True)
class Text(Expression):
    """A value that is text, such as the version of a model."""

    text: str


@dataclasses.dataclass(frozen=True)
class Probe(Expression):
    """``v(node)``, ``v(node,node)`` or ``i(source)`` in a behavioural source."""

    quantity: str
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Operation(Expression):
    """An operator (``-`` or ``!`` with one argument, ``?`` with three) or, with a word for it, a function."""

    operator: str
    arguments: tuple[Expression, ...]


def parse_expression(text: str, probes: bool = False) -> Expression:
    """Read an expression as ngspice would: a number with a suffix, or arithmetic, with or without braces or quotes.

    With ``probes`` voltages and currents are read as such (:class:`Probe`); their names are those of nodes and sources.

    >>> parse_expression("{2*k1 + 1.5meg}")
    Operation(operator='+', arguments=(Operation(operator='*', arguments=(Number(value=2.0), Name(name='k1'))), ...

    Raises
    ------
    CircuitError
        If it is none.
    """
    parser = _Parser(text, probes)
    try:
        return parser.parse()
    except RecursionError:
        raise parser.error("brackets, signs or conditions are nested too deep") from None


def parse_spice_number(text: str) -> float:
    """Return a SPICE number; letters behind the suffix are a unit and have no meaning (``1kohm`` is ``1k``).

    >>> parse_spice_number("4.7kOhm"), parse_spice_number("1megHz"), parse_spice_number("10V")
    (4700.0, 1000000.0, 10.0)
    """
    match = _NUMBER.fullmatch(text.lower())
    if not match:
        raise CircuitError(f"{text!r} is not a number.")
    mantissa, exponent, letters = match.groups()
    if letters.startswith("mil"):
        raise CircuitError(
            f"{text!r}: ngspice takes mil as 25.4e-6 outside of an expression and as 1e-3 inside. Write 25.4u for 1mil."
        )
    prefix = next((prefix for prefix in _SCALES if letters.startswith(prefix)), "")
    if letters[len(prefix) :] not in _UNITS and letters not in _UNITS:
        raise CircuitError(
            f"{text!r}: the letters {letters!r} are neither a suffix (t g meg k m u n p f a) nor one with a unit."
        )
    # As decimal text, so that 5p is the double nearest to 5e-12.
    return float(f"{mantissa}e{int(exponent or 0) + _SCALES.get(prefix, 0)}")


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str, probes: bool = False) -> None:
        self.text = text
        self.probes: dict[str, Probe] = {}
        inner = text.strip()
        if inner[:1] + inner[-1:] in {"{}", "''", '""'}:
            inner = inner[1:-1]
        # Braces inside braces are brackets.
        inner = inner.replace("{", "(").replace("}", ")").lower()
        self.tokens = list(self._split(_PROBE.sub(self._keep, inner) if probes else inner))
        self.at = 0

    def _keep(self, match: re.Match[str]) -> str:
        """Put a voltage or current aside under a name that no text can hold."""
        key = f"_{len(self.probes)}_"
        while key in self.text:
            key += "_"
        self.probes[key] = Probe(match[1], tuple(name for name in match.group(2, 3) if name))
        return f" {key} "

    def _split(self, text: str) -> Iterator[str]:
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if not match:
                raise self.error(f"{text[position:].strip()!r} is not understood")
            if match.lastgroup == "number" and text[match.end() : match.end() + 1].isalnum():
                odd = re.match(r"\w+", text[match.start("number") :])
                shown = odd[0] if odd else match["number"]
                raise self.error(f"{shown!r} is not a number: digits follow a letter. Write 4.7k for 4k7, 16 for 0x10")
            yield match.group(match.lastgroup or 0)
            position = match.end()

    def error(self, what: str) -> CircuitError:
        """Return an error that quotes the expression."""
        for key, probe in self.probes.items():
            what = what.replace(key, f"{probe.quantity}({','.join(probe.names)})")
        shown = self.text.strip() if len(self.text) < 120 else self.text.strip()[:117] + "..."
        return CircuitError(f"in the expression {shown!r}, {what}.")

    def _peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def _take(self, expected: str = "") -> str:
        token = self._peek()
        if not token or (expected and token != expected):
            raise self.error(
                f"{expected or 'a value'!r} was expected " + (f"before {token!r}" if token else "at the end")
            )
        self.at += 1
        return token

    def parse(self) -> Expression:
        if len(self.tokens) > MOST_TOKENS:
            raise self.error(f"there are {len(self.tokens)} numbers, names and operators, more than {MOST_TOKENS}")
        tree = self._ternary()
        if self._peek():
            raise self.error(f"an operator was expected before {self._peek()!r}")
        return tree

    def _ternary(self) -> Expression:
        condition = self._binary(0)
        if self._peek() != "?":
            return condition
        self._take()
        if_true = self._binary(0)
        if self._peek() == "?":
            raise self.error("put the condition between '?' and ':' into brackets: ngspice reads it in two ways")
        self._take(":")
        return Operation("?", (condition, if_true, self._ternary()))

    def _binary(self, level: int) -> Expression:
        if level == len(_PRECEDENCE):
            return self._unary()
        left = self._binary(level + 1)
        while self._peek() in _PRECEDENCE[level]:
            operator = self._take()
            left = Operation(operator, (left, self._binary(level + 1)))
        return left

    def _unary(self) -> Expression:
        if self._peek() in {"-", "+", "!"}:
            operator = self._take()
            argument = self._unary()
            if operator == "-" and isinstance(argument, Number):
                return Number(-argument.value)
            return argument if operator == "+" else Operation(operator, (argument,))
        return self._power()

    def _power(self) -> Expression:
        base = self._atom()
        while self._peek() in {"**", "^"}:
            self._take()
            signed = self._peek() in {"-", "+"}
            base = Operation("**", (base, self._unary() if signed else self._atom()))
        return base

    def _atom(self) -> Expression:
        token = self._take()
        if token == "(":
            inner = self._ternary()
            self._take(")")
            return inner
        if token[0].isdigit() or token[0] == ".":
            return Number(parse_spice_number(token))
        if not (token[0].isalpha() or token[0] == "_"):
            raise self.error(f"a value was expected in place of {token!r}")
        if self._peek() != "(":
            return self.probes.get(token) or Name(token)
        self._take()
        arguments = [self._ternary()]
        while self._peek() == ",":
            self._take()
            arguments.append(self._ternary())
        self._take(")")
        return Operation(token, tuple(arguments))


def rewrite(tree: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return a tree with each leaf (number, name, text or probe) replaced by what ``change`` makes of it."""
    if isinstance(tree, Operation):
        return Operation(tree.operator, tuple(rewrite(argument, change) for argument in tree.arguments))
    return change(tree)


def leaves(tree: Expression) -> Iterator[Expression]:
    """Yield numbers, names, texts and probes of a tree."""
    if isinstance(tree, Operation):
        for argument in tree.arguments:
            yield from leaves(argument)
    else:
        yield tree


def functions_in(tree: Expression) -> set[str]:
    """Return the functions that an expression calls."""
    if not isinstance(tree, Operation):
        return set()
    called = {tree.operator} if tree.operator[0].isalpha() or tree.operator[0] == "_" else set()
    return called.union(*(functions_in(argument) for argument in tree.arguments))


def names_in(tree: Expression) -> set[str]:
    """Return the parameters that an expression refers to."""
    if isinstance(tree, Name):
        return {tree.name} - {"temper"}
    if isinstance(tree, Operation):
        return set().union(*(names_in(argument) for argument in tree.arguments))
    return set()
