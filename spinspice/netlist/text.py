"""Elements, models and subcircuits as the cards that ngspice reads."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.netlist.arithmetic import to_spice
from spinspice.netlist.cards import Element, Model
from spinspice.netlist.elaborate import Block
from spinspice.netlist.expressions import Expression, Number
from spinspice.units import format_number


def element_text(element: Element, name: str = "") -> str:
    """Return an element as a card; one with an expression is a source B, whatever it was."""
    name = name or element.name
    if element.behaviour is not None:
        name = name if name[0] == "b" else f"b{name}"
        return " ".join([name, *element.nodes, f"{element.quantity}={to_spice(element.behaviour)}"])
    words = [name, *element.nodes, *filter(None, [element.control])]
    if element.kind in "vi":
        words += _source(element)
    elif element.value is not None:
        words += [_value(element.value)]
    words += filter(None, [element.master])
    return " ".join([*words, *_assignments(element.parameters)])


def model_text(model: Model) -> str:
    """Return a ``.model`` card."""
    return " ".join([".model", model.name, model.type, *_assignments(model.parameters)])


def block_text(block: Block) -> list[str]:
    """Return a subcircuit as cards, those that it places inside it."""
    lines = [" ".join([".subckt", block.name, *block.ports])]
    for cards in block.definitions:
        lines += cards.splitlines()
    for child in block.blocks:
        lines += block_text(child)
    return [*lines, *map(element_text, block.elements), ".ends"]


def _value(tree: Expression) -> str:
    return format_number(tree.value) if isinstance(tree, Number) else to_spice(tree)


def _assignments(values: Mapping[str, Expression]) -> list[str]:
    return [f"{name}={_value(value)}" for name, value in values.items()]


def _source(element: Element) -> list[str]:
    words = ["dc", _value(element.value)] if element.value is not None else []
    if element.small_signal:
        words += ["ac", *map(_value, element.small_signal)]
    if element.waveform:
        words.append(f"{element.waveform}({' '.join(map(_value, element.arguments))})")
    return words
