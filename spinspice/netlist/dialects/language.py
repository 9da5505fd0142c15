"""Expressions in the words of a dialect: a table of forms, and numbers as it reads them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from spinspice.errors import CircuitError
from spinspice.netlist.expressions import Expression, Name, Number, Operation, Text
from spinspice.units import format_number

#: (operator or function of SPICE, number of its arguments) -> form, with {0}, {1} for the arguments.
Forms = Mapping[tuple[str, int], str]
_OF_ONE = ("sqrt", "exp", "log10", "abs", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh")
#: What dialects say alike; every operation in brackets, as they differ in what binds tighter.
COMMON: Forms = {
    **{(operator, 2): f"({{0}}{operator}{{1}})" for operator in "+-*/"},
    **{(operator, 1): f"({operator}{{0}})" for operator in "+-*/"},
    **{(name, 1): f"{name}({{0}})" for name in _OF_ONE},
    **{(name, 2): f"{name}({{0}},{{1}})" for name in ("min", "max", "pow")},
}


def shortest(value: float) -> str:
    """Return a number that reads back as the same double; a whole one without a point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e6 else format_number(value)


@dataclasses.dataclass(frozen=True)
class Language:
    """How a dialect writes an expression.

    ``quote`` is the form of a text, ``temperature`` the name of SPICE's ``temper``, "" where there is none.
    """

    simulator: str
    forms: Forms
    number: Callable[[float], str] = shortest
    quote: str = "{0}"
    temperature: str = ""

    def write(self, tree: Expression) -> str:
        """Return an expression without quotes or braces around it.

        Raises
        ------
        CircuitError
            For a function or an operator that the dialect does not have.
        """
        if isinstance(tree, Number):
            return self.number(tree.value)
        if isinstance(tree, Text):
            return self.quote.format(tree.text)
        if isinstance(tree, Name):
            if tree.name != "temper":
                return tree.name
            if not self.temperature:
                raise CircuitError(f"temper, the temperature, has no translation to {self.simulator}.")
            return self.temperature
        assert isinstance(tree, Operation)
        arguments = [self.write(argument) for argument in tree.arguments]
        count = len(arguments)
        # log is the natural one in ngspice, that of base 10 in others.
        form = self.forms.get(("ln" if tree.operator == "log" else tree.operator, count))
        if form is not None:
            return form.format(*arguments)
        if not tree.operator[0].isalpha():
            raise CircuitError(f"the operator {tree.operator} has no translation to {self.simulator}.")
        known = ", ".join(sorted({name for name, _ in self.forms if name[0].isalpha()}))
        what = f"{tree.operator}() of {count} arguments"
        raise CircuitError(f"{what} has no translation to {self.simulator}. Known: {known}.")
