"""What a card of a foreign netlist may be: lists of what is allowed, everything else is refused by its line.

Checked are the characters of every card, names, models, parameters, and every expression: arithmetic with the functions
of :data:`FUNCTIONS` on parameters, and in a behavioural source on voltages and currents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist import arithmetic
from spinspice.netlist.cards import Card, Model, split_parameters
from spinspice.netlist.expressions import Expression, Operation, functions_in, names_in

#: Functions of an expression.
FUNCTIONS = frozenset(arithmetic.FUNCTIONS)
#: Functions of a behavioural source with the number of their arguments: ngspice 46 has no int() and no arctan() there.
BEHAVIOURAL = {name: count for name, (count, _) in arithmetic.FUNCTIONS.items() if name not in ("int", "arctan")}
BEHAVIOURAL |= {"u": 1, "uramp": 1}
#: Functions that draw numbers without a seed.
_RANDOM = frozenset({"gauss", "agauss", "unif", "aunif", "limit", "random", "rgauss", "sunif", "sgauss", "poisson"})
#: Types of models, all of them circuit elements of the simulator itself.
MODELS = frozenset(["r", "c", "l", "d", "npn", "pnp", "njf", "pjf", "nmos", "pmos"])
_NAME = re.compile(r"[\w.#:<>\[\]+\-$]+")
_RANGE = re.compile(r"[<\[]\d+:\d+[>\]]")
_QUOTED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|\"[^\"]*\"")
#: Everything a card may be made of outside of expressions.
_PLAIN = re.compile(r"[\w\s.,:#<>\[\]()=+\-*/!$]*")


def check_model(card: Card) -> Model:
    """Read and check a ``.model`` card."""
    head, values = parameters(card, _after_word(checked_text(card)))
    if len(head) != 2 or not _NAME.fullmatch(head[0]):
        raise card.error("a model is written: .model name type parameter=value ...")
    if head[1] not in MODELS:
        raise card.error(f"models of type {head[1]!r} are not taken. {did_you_mean(head[1], MODELS)}")
    check_expressions(card, values.values())
    return Model(card, head[0], head[1], values)


def check_param(card: Card) -> dict[str, Expression]:
    """Read and check a ``.param`` card."""
    head, values = parameters(card, _after_word(checked_text(card)))
    if head:
        raise card.error(f"{head[0]!r} is not understood: name=value is. Functions cannot be defined.")
    check_expressions(card, values.values())
    return values


def check_subckt(card: Card) -> tuple[str, tuple[str, ...], dict[str, Expression]]:
    """Read and check a ``.subckt`` card; return name, ports, and defaults of its parameters."""
    head, defaults = parameters(card, re.sub(r"\bparams:", " ", _after_word(checked_text(card))))
    if len(head) < 2:
        raise card.error("a subcircuit needs a name and at least one port.")
    for word in head:
        check_name(card, word)
    check_expressions(card, defaults.values())
    name, ports = head[0], tuple(head[1:])
    if len(set(ports)) < len(ports):
        raise card.error("two ports have the same name.")
    return name, ports, defaults


def checked_text(card: Card) -> str:
    """Return the text of a card in lower case, if nothing in it is out of the ordinary."""
    if not card.text.isascii():
        odd = next(character for character in card.text if not character.isascii())
        raise card.error(f"it holds {odd!r} (U+{ord(odd):04X}), which is no letter of a netlist. Write u for µ.")
    plain = _QUOTED.sub(" ", card.text)
    if card.text[:1] not in {"b", "B"} and not _PLAIN.fullmatch(plain):
        odd = next(character for character in plain if not _PLAIN.fullmatch(character))
        raise card.error(f"the character {odd!r} has no place outside of an expression. Put an expression into braces.")
    text = card.text.lower()
    if text[:1] == "." and not text.startswith(".mod") and ("(" in plain or ")" in plain):
        raise card.error("brackets stand in expressions only. Put the expression into braces.")
    return text


def check_name(card: Card, word: str) -> None:
    """Refuse what cannot be a name of a node or an element."""
    if word.endswith("!"):
        raise card.error(
            f"{word} is a node of the whole circuit in other languages, and none in ngspice. Make it a port, or "
            "write 0."
        )
    if _RANGE.search(word):
        raise card.error(f"{word} is a range of names, several elements or nodes in one. Write each by itself.")
    if not _NAME.fullmatch(word):
        raise card.error(f"{word!r} is no name of a node or an element.")


def parameters(card: Card, text: str) -> tuple[list[str], dict[str, Expression]]:
    """Return the words before the first parameter, and the parameters; errors name the card."""
    try:
        return split_parameters(card, text)
    except CircuitError as reason:
        raise reason if str(reason).startswith("line ") else card.error(str(reason)) from None


def check_expressions(card: Card, trees: Iterable[Expression]) -> None:
    """Check functions and names of expressions."""
    for tree in trees:
        for name in sorted(functions_in(tree) - FUNCTIONS):
            _refuse(card, name, FUNCTIONS)
        _check_names(card, tree)


def check_behaviour(card: Card, tree: Expression) -> None:
    """Check functions and names of a behavioural source."""
    for name in sorted(functions_in(tree) - BEHAVIOURAL.keys()):
        if name in {"v", "i"}:
            raise card.error(f"write {name}(name)" + (", or v(node,node)." if name == "v" else " of a voltage source."))
        _refuse(card, name, BEHAVIOURAL)
    _check_counts(card, tree)
    _check_names(card, tree)


def _check_counts(card: Card, tree: Expression) -> None:
    if isinstance(tree, Operation):
        count = BEHAVIOURAL.get(tree.operator, len(tree.arguments))
        if count != len(tree.arguments):
            raise card.error(f"{tree.operator}() takes {count} argument(s), {len(tree.arguments)} are given.")
        for argument in tree.arguments:
            _check_counts(card, argument)


def _refuse(card: Card, name: str, allowed: Iterable[str]) -> None:
    if name in _RANDOM:
        raise card.error(f"{name}() draws numbers that no seed repeats. Vary parameters by a study instead.")
    more = " A value that depends on voltages is a source: B... I=v(...)/..." * (name in {"v", "i"})
    raise card.error(f"the function {name}() is not taken: arithmetic is. {did_you_mean(name, allowed)}{more}")


def _check_names(card: Card, tree: Expression) -> None:
    for name in sorted(names_in(tree)):
        if "file" in name:
            raise card.error(f"{name}: a cell reads no files. Write the values down.")


def _after_word(text: str) -> str:
    return text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""
