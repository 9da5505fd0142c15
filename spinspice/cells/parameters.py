"""Parameters of an imported netlist: set by its cell file, a study or the command line, to numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from spinspice.cells.design import Design
from spinspice.errors import CircuitError, UsageError, did_you_mean
from spinspice.netlist.arithmetic import evaluate
from spinspice.netlist.expressions import Number, functions_in, names_in, parse_expression
from spinspice.netlist.scopes import Scope


def parameter_names(design: Design) -> tuple[str, ...]:
    """Return the parameters that can be set: of the subcircuit, inside it, and of the file around it."""
    sources = (design.subcircuit.parameters, design.subcircuit.values, design.outside.values)
    return tuple(dict.fromkeys(name for source in sources for name in source if name != "seed"))


def with_parameters(design: Design, values: Mapping[str, Any], where: str) -> Design:
    """Return a design with some of its parameters set; names as in the netlist, in any case.

    Raises
    ------
    UsageError
        For a name that is no parameter, or a value that is no number.
    """
    known = parameter_names(design)
    outside, own, given = dict(design.outside.values), dict(design.values), dict(design.given)
    for name, value in values.items():
        key = name.lower()
        if key not in known:
            hint = did_you_mean(key, known) if known else "It has none: write w={win} in the netlist and win=0.6 there."
            raise UsageError(f"{where}: {name} is no parameter of {design.subcircuit.name}. {hint}")
        number = given[key] = _number(value, f"{where}: {name}")
        if key in design.subcircuit.parameters or key in design.subcircuit.values:
            own[key] = number
        else:
            outside[key] = Number(number)
    around = dataclasses.replace(design.outside, values=outside)
    return dataclasses.replace(design, outside=around, values=own, given=given)


def parameter_value(design: Design, name: str) -> float:
    """Return what a parameter is worth as the design has it.

    Raises
    ------
    UsageError
        If it is no number before the run.
    """
    try:
        return Scope(design.subcircuit, design.values, Scope(design.outside, {})).value(name.lower())
    except CircuitError as reason:
        raise UsageError(f"the parameter {name} of {design.subcircuit.name} has no value: {reason}") from None


def read_parameters(words: Iterable[str], option: str = "--param", *, fold: bool = True) -> dict[str, str]:
    """Return the parameters that a command line gives as ``NAME=VALUE``; names in lower case, as netlists have them,
    or with ``fold=False`` as they are.

    Raises
    ------
    UsageError
        For a word that is not of this form, or a name that comes twice.
    """
    values: dict[str, str] = {}
    for word in words:
        name, sign, value = (part.strip() for part in word.partition("="))
        if not (name and sign and value):
            raise UsageError(f"{option} {word!r} is not NAME=VALUE, such as win=1.2.")
        key = name.lower() if fold else name
        if key in values:
            raise UsageError(f"{option} {name} is given twice. Keep one.")
        values[key] = value
    return values


def _number(value: Any, what: str) -> float:
    """Return a number, given as such or as a netlist writes it."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise UsageError(f'{what} = {value!r} is not a number. Write 0.6, 6e-7 or "600n".')
    text = value.strip() if isinstance(value, str) else repr(value)
    try:
        tree = parse_expression(text)
    except CircuitError as reason:
        raise UsageError(f"{what} = {value!r} is not a number: {reason}") from None
    if not text or names_in(tree) or functions_in(tree):
        raise UsageError(f"{what} = {value!r} is not a number.")
    return evaluate(tree, dict[str, float]().__getitem__)
