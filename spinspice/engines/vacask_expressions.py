"""SPICE expressions written for VACASK.

The two languages look alike and differ in detail, so text is never passed through: in VACASK a sign binds tighter than
a power, and a quotient of integers is an integer. The writer therefore brackets every operation, spells powers
``pow(a, b)`` and gives every number a decimal point.
"""

from __future__ import annotations

from spinspice.errors import CircuitError
from spinspice.netlist.expressions import Expression, Name, Number, Operation, Text
from spinspice.units import format_number

_SAME_NAME = (
    *("sqrt", "exp", "ln", "log10", "abs", "floor", "ceil", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
)
#: SPICE function -> (number of arguments, how VACASK says it).
_FUNCTIONS = {name: (1, name + "({0})") for name in _SAME_NAME} | {
    "log": (1, "ln({0})"),
    "arctan": (1, "atan({0})"),
    "min": (2, "min({0}, {1})"),
    "max": (2, "max({0}, {1})"),
    "pow": (2, "pow({0}, {1})"),
    "pwr": (2, "pow(abs({0}), {1})"),
    "atan2": (2, "atan2({0}, {1})"),
    "sgn": (1, "({0} > 0.0 ? 1.0 : ({0} < 0.0 ? -1.0 : 0.0))"),
    "int": (1, "({0} < 0.0 ? ceil({0}) : floor({0}))"),
    "ternary_fcn": (3, "({0} != 0.0 ? {1} : {2})"),
}


def to_vacask(tree: Expression) -> str:
    """Write an expression in VACASK's language.

    >>> from spinspice.netlist.expressions import parse_expression
    >>> to_vacask(parse_expression("{-2^2 + wn/3}"))
    '((-pow(2.0, 2.0)) + (wn / 3.0))'

    Raises
    ------
    CircuitError
        For a function that VACASK does not have.
    """
    if isinstance(tree, Number):
        return format_number(tree.value)
    if isinstance(tree, Text):
        return '"' + tree.text + '"'
    if isinstance(tree, Name):
        return "$temp" if tree.name == "temper" else tree.name
    assert isinstance(tree, Operation)
    operator, arguments = tree.operator, [to_vacask(argument) for argument in tree.arguments]
    if operator == "**":
        return f"pow({arguments[0]}, {arguments[1]})"
    if operator == "?":
        return f"({arguments[0]} != 0.0 ? {arguments[1]} : {arguments[2]})"
    if operator[0].isalpha():
        count, form = _FUNCTIONS.get(operator, (-1, ""))
        if count != len(arguments):
            known = "" if count < 0 else f" with {len(arguments)} arguments"
            raise CircuitError(f"VACASK has no function {operator}(){known}. Known: {', '.join(sorted(_FUNCTIONS))}.")
        return form.format(*arguments)
    if operator == "!":
        return f"({arguments[0]} == 0.0 ? 1.0 : 0.0)"
    if len(arguments) == 1:
        return f"({operator}{arguments[0]})"
    if operator in {"&&", "||"}:
        return f"(({arguments[0]} != 0.0) {operator} ({arguments[1]} != 0.0) ? 1.0 : 0.0)"
    joined = f"({arguments[0]} {operator} {arguments[1]})"
    # A comparison is an integer in VACASK; a quotient of two would be cut.
    return joined if operator in {"+", "-", "*", "/"} else f"({joined} ? 1.0 : 0.0)"
