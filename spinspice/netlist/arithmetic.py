"""Arithmetic on expressions: their values as ngspice would find them, and their text.

Functions and operators that ngspice 46 itself takes in two ways (in ``.param`` and in a behavioural source), or in
another way than other simulators, have a value only where all agree. Checked against ngspice by
``tests/engines/test_arithmetic_ngspice.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from spinspice.errors import CircuitError
from spinspice.netlist.expressions import Expression, Name, Number, Operation, Probe, Text
from spinspice.units import format_number


def _power(base: float, exponent: float) -> float:
    """``**``: in ngspice -2**3 with a negative base is 8, elsewhere -8."""
    if base < 0.0 and exponent % 2.0:
        raise CircuitError(f"the power {exponent:g} of {base:g}, a negative number, differs between simulators.")
    return math.pow(base, exponent)


def _pow(base: float, exponent: float) -> float:
    if base < 0.0 and exponent % 1.0:
        raise CircuitError(f"pow({base:g},{exponent:g}) has no value.")
    return math.pow(base, exponent)


def _pwr(base: float, exponent: float) -> float:
    if base < 0.0:
        raise CircuitError(f"pwr({base:g},{exponent:g}): the sign of the base is kept by some simulators only.")
    return math.pow(base, exponent)


#: Function -> number of arguments and value.
FUNCTIONS: dict[str, tuple[int, Callable[..., float]]] = {
    "sqrt": (1, math.sqrt),
    "exp": (1, math.exp),
    "ln": (1, math.log),
    "log": (1, math.log),
    "log10": (1, math.log10),
    "abs": (1, abs),
    "floor": (1, math.floor),
    "ceil": (1, math.ceil),
    "int": (1, math.trunc),
    "nint": (1, round),  # to the even number of two, as in ngspice
    "sgn": (1, lambda x: float(x > 0.0) - float(x < 0.0)),
    **{name: (1, getattr(math, name)) for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: (1, getattr(math, name)) for name in ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")},
    "arctan": (1, math.atan),
    "min": (2, min),
    "max": (2, max),
    "pow": (2, _pow),
    "pwr": (2, _pwr),
    "ternary_fcn": (3, lambda condition, yes, no: yes if condition else no),
}
_BINARY: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": _power,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "&&": lambda a, b: bool(a) and bool(b),
    "||": lambda a, b: bool(a) or bool(b),
}


def evaluate(tree: Expression, value_of: Callable[[str], float]) -> float:
    """Return the value of an expression; ``value_of`` gives that of a parameter.

    >>> from spinspice.netlist.expressions import parse_expression
    >>> evaluate(parse_expression("{2*w + 1k}"), {"w": 3.0}.__getitem__)
    1006.0

    Raises
    ------
    CircuitError
        If it has none: a division by zero, a root of a negative number, or what simulators do not agree on.
    """
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return value_of(tree.name)
    if not isinstance(tree, Operation):
        raise CircuitError(f"{to_spice(tree)} is no number that is known before the run.")
    if tree.operator == "?":
        condition, yes, no = tree.arguments
        return evaluate(yes if evaluate(condition, value_of) else no, value_of)
    arguments = [evaluate(argument, value_of) for argument in tree.arguments]
    try:
        result = float(_apply(tree.operator, arguments))
    except CircuitError:
        raise
    except (ZeroDivisionError, ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        shown = to_spice(Operation(tree.operator, tuple(map(Number, arguments))))
        raise CircuitError(f"{shown} is no finite number.")
    return result


def _apply(operator: str, arguments: list[float]) -> float:
    if operator in FUNCTIONS:
        count, function = FUNCTIONS[operator]
        if len(arguments) != count:
            raise CircuitError(f"{operator}() takes {count} argument(s), {len(arguments)} are given.")
        return function(*arguments)
    if len(arguments) == 1:
        return -arguments[0] if operator == "-" else float(not arguments[0])
    return _BINARY[operator](*arguments)


def gain_of(tree: Expression) -> tuple[float, Probe] | None:
    """Return factor and probe of an expression that is a number times one voltage or current, else None."""
    found = _affine(tree)
    if found is None or found[0] != 0.0 or len(found[1]) != 1:
        return None
    ((probe, factor),) = found[1].items()
    return factor, probe


def _affine(tree: Expression) -> tuple[float, dict[Probe, float]] | None:
    """Return constant and factors of the probes of an expression that is linear in them, else None."""
    if isinstance(tree, Number):
        return tree.value, {}
    if isinstance(tree, Probe):
        return 0.0, {tree: 1.0}
    if not isinstance(tree, Operation) or tree.operator not in {"+", "-", "*", "/"}:
        return None
    parts = [_affine(argument) for argument in tree.arguments]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if len(known) == 1:
        return _scaled(known[0], -1.0)
    (left, right), operator = known, tree.operator
    if operator in {"+", "-"}:
        constant, factors = _scaled(right, 1.0 if operator == "+" else -1.0)
        return left[0] + constant, {**left[1], **{p: left[1].get(p, 0.0) + f for p, f in factors.items()}}
    if operator == "*" and not left[1]:
        return _scaled(right, left[0])
    if right[1] or (operator == "/" and right[0] == 0.0):
        return None
    return _scaled(left, right[0] if operator == "*" else 1.0 / right[0])


def _scaled(part: tuple[float, dict[Probe, float]], factor: float) -> tuple[float, dict[Probe, float]]:
    return factor * part[0], {probe: factor * value for probe, value in part[1].items()}


def to_spice(tree: Expression) -> str:
    """Return an expression as ngspice reads it, every operation in brackets.

    >>> from spinspice.netlist.expressions import parse_expression
    >>> to_spice(parse_expression("2*v(a,b)-i(v1)^2", probes=True))
    '((2.0*v(a,b))-(i(v1)**2.0))'
    """
    if isinstance(tree, Number):
        text = format_number(tree.value)
        return f"({text})" if tree.value < 0.0 else text
    if isinstance(tree, Name):
        return tree.name
    if isinstance(tree, Text):
        return tree.text
    if isinstance(tree, Probe):
        return f"{tree.quantity}({','.join(tree.names)})"
    assert isinstance(tree, Operation)
    arguments = [to_spice(argument) for argument in tree.arguments]
    if tree.operator == "?":
        return f"ternary_fcn({','.join(arguments)})"
    if tree.operator[0].isalpha():
        return f"{tree.operator}({','.join(arguments)})"
    if len(arguments) == 1:
        return f"({tree.operator}{arguments[0]})"
    operator = "**" if tree.operator == "^" else tree.operator
    return f"({operator.join(arguments)})"
