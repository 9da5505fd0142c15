"""Models of several ranges of sizes in a netlist: cards ``name.1``, ``name.2`` with lmin, lmax, wmin, wmax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spinspice.netlist.cards import Card, Model, split_parameters
from spinspice.netlist.expressions import Expression, Number, Operation
from spinspice.netlist.names import sizes_of_bin


def chosen_bin(models: Sequence[Model], parameters: Mapping[str, Expression]) -> Model | None:
    """Return the model to whose range a transistor with these parameters belongs, or None if it is in none.

    As in ngspice the later card counts where two ranges meet.

    Raises
    ------
    CircuitError
        If a model has no limits that are numbers, or the transistor no size.
    ValueError
        If the size is an expression, of which nothing is known here.
    """
    for model in reversed(models):
        tests = [(_number(size), low, high) for size, low, high in sizes_of_bin(model, parameters)]
        if all(low < size < high for size, low, high in tests):
            return model
    return None


def _number(size: Expression) -> float:
    if isinstance(size, Number):
        return size.value
    if isinstance(size, Operation) and size.operator == "/":  # a width over its number of fingers
        over, under = (_number(argument) for argument in size.arguments)
        return over / under
    raise ValueError(size)


def check_size(card: Card, parameters: Mapping[str, Expression], bins: Mapping[str, str]) -> None:
    """Check that a transistor belongs to one of several ranges of its model.

    Parameters
    ----------
    card : Card
        The transistor.
    parameters : mapping
        Its parameters.
    bins : mapping
        Models by name, each its card as text.

    Raises
    ------
    CircuitError
        Naming the transistor, its size and the ranges; ngspice would say that it finds no model.
    """
    models = [_model(name, text, card.source) for name, text in bins.items()]
    try:
        found = chosen_bin(models, parameters)
    except ValueError:
        return  # an expression: the engine chooses
    if found is None:
        ranges = "; ".join(f"{model.name} {_range(model)}" for model in models)
        raise card.error(f"its size is in none of the ranges of its model: {ranges}.")


def _range(model: Model) -> str:
    low = {name: value.value for name, value in model.parameters.items() if isinstance(value, Number)}
    return f"W {low['wmin']:g} to {low['wmax']:g} m, L {low['lmin']:g} to {low['lmax']:g} m"


def _model(name: str, text: str, source: str) -> Model:
    card = Card(0, text, source)
    head, parameters = split_parameters(card, text.split(maxsplit=1)[1])
    return Model(card, name, head[1], parameters)
