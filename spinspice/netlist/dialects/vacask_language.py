"""SPICE expressions written for VACASK.

The two languages look alike and differ in detail, so text is never passed through: in VACASK a sign binds tighter than
a power, a quotient of integers is an integer, and so is a comparison. So every operation is bracketed, powers are
``pow(a, b)``, every number has a decimal point.
"""

from __future__ import annotations

from spinspice.netlist.dialects.language import Forms, Language
from spinspice.netlist.expressions import Expression
from spinspice.units import format_number

_SAME_NAME = (
    *("sqrt", "exp", "ln", "log10", "abs", "floor", "ceil", "sin", "cos", "tan", "asin", "acos", "atan"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
)
_FORMS: Forms = {
    **{(operator, 2): f"({{0}} {operator} {{1}})" for operator in "+-*/"},
    **{(operator, 1): f"({operator}{{0}})" for operator in "+-"},
    **{(operator, 2): f"(({{0}} {operator} {{1}}) ? 1.0 : 0.0)" for operator in ("==", "!=", "<", "<=", ">", ">=")},
    **{(operator, 2): f"(({{0}} != 0.0) {operator} ({{1}} != 0.0) ? 1.0 : 0.0)" for operator in ("&&", "||")},
    ("!", 1): "({0} == 0.0 ? 1.0 : 0.0)",
    ("**", 2): "pow({0}, {1})",
    ("?", 3): "({0} != 0.0 ? {1} : {2})",
    **{(name, 1): name + "({0})" for name in _SAME_NAME},
    ("arctan", 1): "atan({0})",
    ("min", 2): "min({0}, {1})",
    ("max", 2): "max({0}, {1})",
    ("pow", 2): "pow({0}, {1})",
    ("pwr", 2): "pow(abs({0}), {1})",
    ("atan2", 2): "atan2({0}, {1})",
    ("sgn", 1): "({0} > 0.0 ? 1.0 : ({0} < 0.0 ? -1.0 : 0.0))",
    ("int", 1): "({0} < 0.0 ? ceil({0}) : floor({0}))",
    ("ternary_fcn", 3): "({0} != 0.0 ? {1} : {2})",
}
LANGUAGE = Language("VACASK", _FORMS, number=format_number, quote='"{0}"', temperature="$temp")


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
    return LANGUAGE.write(tree)
