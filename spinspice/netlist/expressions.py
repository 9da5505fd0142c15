"""Expressions of SPICE decks, read into a small tree as ngspice understands them.

In ngspice (measured with version 46) a power binds tighter than a sign and associates from the left, ``log`` is natural
and ``pwr`` drops the sign of its base. Nothing is evaluated here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from spinspice.errors import CircuitError

#: Longer suffixes stand before those they begin with.
_SCALES = {"meg": 6, "t": 12, "g": 9, "k": 3, "m": -3, "u": -6, "µ": -6, "n": -9, "p": -12, "f": -15, "a": -18}
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
class Operation(Expression):
    """An operator (``-`` or ``!`` with one argument, ``?`` with three) or, with a word for it, a function."""

    operator: str
    arguments: tuple[Expression, ...]


def parse_expression(text: str) -> Expression:
    """Read an expression as ngspice would: a number with a suffix, or arithmetic, with or without braces or quotes.

    >>> parse_expression("{2*k1 + 1.5meg}")
    Operation(operator='+', arguments=(Operation(operator='*', arguments=(Number(value=2.0), Name(name='k1'))), ...

    Raises
    ------
    CircuitError
        If it is none.
    """
    parser = _Parser(text)
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
        return float(mantissa) * 25.4e-6 * 10.0 ** int(exponent or 0)
    scale = next((power for prefix, power in _SCALES.items() if letters.startswith(prefix)), 0)
    # As decimal text, so that 5p is the double nearest to 5e-12.
    return float(f"{mantissa}e{int(exponent or 0) + scale}")


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        inner = text.strip()
        if inner[:1] + inner[-1:] in {"{}", "''", '""'}:
            inner = inner[1:-1]
        # Braces inside braces are brackets.
        self.tokens = list(self._split(inner.replace("{", "(").replace("}", ")").lower()))
        self.at = 0

    def _split(self, text: str) -> Iterator[str]:
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if not match:
                raise self.error(f"{text[position:].strip()!r} is not understood")
            yield match.group(match.lastgroup or 0)
            position = match.end()

    def error(self, what: str) -> CircuitError:
        """Return an error that quotes the expression."""
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
        if_true = self._ternary()
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
            return Name(token)
        self._take()
        arguments = [self._ternary()]
        while self._peek() == ",":
            self._take()
            arguments.append(self._ternary())
        self._take(")")
        return Operation(token, tuple(arguments))


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
