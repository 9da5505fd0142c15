"""What a card of a foreign netlist may be: lists of what is allowed, everything else is refused by its line.

Checked are the kinds of cards, elements and models, every word, and every expression: arithmetic with the functions of
:data:`FUNCTIONS` on parameters, and in a behavioural source on voltages and currents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Card, NoTranslation, read_element, split_parameters
from spinspice.netlist.expressions import Expression, functions_in, names_in, parse_expression

#: Functions of an expression.
FUNCTIONS = frozenset(
    [
        *("sqrt", "exp", "ln", "log", "log10", "abs", "floor", "ceil", "int", "nint", "sgn"),
        *("sin", "cos", "tan", "asin", "acos", "atan", "arctan", "atan2", "sinh", "cosh", "tanh"),
        *("asinh", "acosh", "atanh", "min", "max", "pow", "pwr", "ternary_fcn"),
    ]
)
#: Further ones of a behavioural source: voltages, currents, step and ramp.
_PROBES = frozenset({"v", "i", "u", "uramp"})
#: Functions that draw numbers without a seed.
_RANDOM = frozenset({"gauss", "agauss", "unif", "aunif", "limit", "random", "rgauss", "sunif", "sgauss", "poisson"})
#: Kinds of elements with the nodes that carry current; an instance (X) has as many as it names.
NODES = {"r": 2, "c": 2, "l": 2, "v": 2, "i": 2, "e": 2, "g": 2, "f": 2, "h": 2, "b": 2, "d": 2, "m": 4, "q": 3, "j": 3}
#: Kinds whose master is a model.
MODELLED = "dmqj"
#: Types of models, all of them circuit elements of the simulator itself.
_MODELS = frozenset(["r", "c", "l", "d", "npn", "pnp", "njf", "pjf", "nmos", "pmos"])
_WORD = re.compile(r"[\w.#:<>\[\]+\-]+!?")
_BEHAVIOUR = re.compile(r"(\S+\s+\S+\s+\S+)\s+[vi]\s*=\s*(.+)")
_PROBED = re.compile(r"\bv\s*\(\s*([^\s(),]+)\s*(?:,\s*([^\s(),]+)\s*)?\)|\bi\s*\(\s*([^\s(),]+)\s*\)")
_QUOTED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|\"[^\"]*\"")
#: Everything a card may be made of outside of expressions.
_PLAIN = re.compile(r"[\w\s.,:#<>\[\]()=+\-*/!]*")


def check_element(card: Card) -> tuple[str, tuple[str, ...], str, str]:
    """Check an element; return its name, the nodes that carry current, what follows them, and its master or "".

    Raises
    ------
    CircuitError
        For a kind of element, a word or an expression that is not allowed.
    """
    text = _checked_text(card)
    name, kind = text.split(maxsplit=1)[0], text[0]
    if not _WORD.fullmatch(name):
        raise card.error(f"{name!r} is no name of an element.")
    if kind == "b":
        return _behaviour(card, text)
    if kind in "vi":
        _source(card, text)
    if kind != "x" and kind not in NODES:
        raise card.error(
            f"elements of kind {kind.upper()} are not taken (allowed: {', '.join(sorted(NODES)).upper()}, X). "
            "A line of text begins with *."
        )
    head, values = ([], {}) if kind in "vi" else _parameters(card, _without_marks(text[len(name) :]))
    words = head or text.split()[1:]
    count = len(head) - 1 if kind == "x" else NODES[kind]
    needed = count + (1 if kind in MODELLED else 0)
    if count < 1 or len(words) < needed:
        raise card.error(f"{max(needed, 2)} words are needed after the name, {len(words)} are given.")
    for word in head:
        _check_word(card, word)
    _check_expressions(card, values.values())
    master = words[count] if kind in MODELLED + "x" else ""
    nodes, rest = _split_nodes(card, text, count)
    return name, nodes, rest, master


def element_numbers(card: Card) -> dict[str, Expression]:
    """Return the parameters of an element that was checked."""
    name = card.text.split(maxsplit=1)[0]
    return _parameters(card, _without_marks(card.text.lower()[len(name) :]))[1]


def check_model(card: Card) -> str:
    """Check a ``.model`` card and return the model's name."""
    head, values = _parameters(card, _after_word(_checked_text(card)))
    if len(head) != 2 or not _WORD.fullmatch(head[0]):
        raise card.error("a model is written: .model name type parameter=value ...")
    if head[1] not in _MODELS:
        raise card.error(f"models of type {head[1]!r} are not taken. {did_you_mean(head[1], _MODELS)}")
    _check_expressions(card, values.values())
    return head[0]


def check_param(card: Card) -> dict[str, str]:
    """Check a ``.param`` card; return the parameters and their values as text."""
    return _assignments(card, _after_word(_checked_text(card)), words=0)[1]


def check_subckt(card: Card) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """Check a ``.subckt`` card; return name, ports, and defaults of its parameters."""
    head, defaults = _assignments(card, _without_marks(_after_word(_checked_text(card))))
    if len(head) < 2:
        raise card.error("a subcircuit needs a name and at least one port.")
    for word in head:
        _check_word(card, word, expression=False)
    name, ports = head[0], tuple(head[1:])
    if len(set(ports)) < len(ports):
        raise card.error("two ports have the same name.")
    return name, ports, defaults


def renamed_probes(text: str, names: Mapping[str, str]) -> str:
    """Return the expression of a behavioural source with other names of nodes."""

    def change(match: re.Match[str]) -> str:
        if match[3]:
            return match[0]
        return f"v({','.join(names.get(node, node) for node in match.group(1, 2) if node)})"

    return _PROBED.sub(change, text)


def _checked_text(card: Card) -> str:
    """Return the text of a card in lower case, if nothing in it is out of the ordinary."""
    plain = _QUOTED.sub(" ", card.text)
    if not card.text.isascii():
        odd = next(character for character in card.text if not character.isascii())
        raise card.error(f"it holds {odd!r} (U+{ord(odd):04X}), which is no letter of a netlist. Write u for µ.")
    kind = card.text[:1].lower()
    if kind != "b" and not _PLAIN.fullmatch(plain):
        odd = next(character for character in plain if not _PLAIN.fullmatch(character))
        raise card.error(f"the character {odd!r} has no place outside of an expression. Put an expression into braces.")
    if kind != "b" and ("(" in plain or ")" in plain) and kind not in "vi" and not card.text.lower().startswith(".mod"):
        raise card.error("brackets stand in expressions only. Put the expression into braces.")
    return card.text.lower()


def _after_word(text: str) -> str:
    return text.split(maxsplit=1)[1] if len(text.split(maxsplit=1)) > 1 else ""


def _without_marks(text: str) -> str:
    return re.sub(r"\bparams:", " ", text)


def _parameters(card: Card, text: str) -> tuple[list[str], dict[str, Expression]]:
    try:
        return split_parameters(card, text)
    except CircuitError as reason:
        raise reason if str(reason).startswith("line ") else card.error(str(reason)) from None


def _assignments(card: Card, text: str, words: int | None = None) -> tuple[list[str], dict[str, str]]:
    """Return the words before the first parameter, and parameters with their values as text in braces."""
    head, values = _parameters(card, text)
    if words is not None and len(head) != words:
        raise card.error(f"{head[0]!r} is not understood: name=value is. Functions cannot be defined.")
    _check_expressions(card, values.values())
    masked = _QUOTED.sub(lambda match: "#" * len(match[0]), text)
    keys = list(re.finditer(r"([a-z_$][\w$]*)\s*=\s*", masked))
    ends = [*(key.start() for key in keys), len(text)][1:]
    return head, {key[1]: text[key.end() : end].strip() for key, end in zip(keys, ends, strict=False)}


def _behaviour(card: Card, text: str) -> tuple[str, tuple[str, ...], str, str]:
    match = _BEHAVIOUR.fullmatch(text)
    if not match:
        raise card.error("a behavioural source is written: Bname node node V=expression, or I=expression.")
    # Nodes may be numbers, which are no names of parameters.
    tree = _parse(card, _PROBED.sub("v(1)", match[2]))
    _check_expressions(card, [tree], FUNCTIONS | _PROBES)
    name, *nodes = match[1].split()
    for word in (name, *nodes):
        _check_word(card, word, expression=False)
    return name, tuple(nodes), text[match.end(1) :].strip(), ""


def _source(card: Card, text: str) -> None:
    """Check V or I by reading it: constant, small-signal, PULSE, SIN, EXP or PWL of numbers."""
    try:
        element = read_element(Card(card.line, text, card.source))
    except NoTranslation as reason:
        raise card.error(str(reason).replace(" has no translation{to}", " is not taken").replace("{to}", "")) from None
    except CircuitError as reason:
        raise reason if str(reason).startswith("line ") else card.error(str(reason)) from None
    values = [*element.arguments, *element.small_signal, *([element.value] if element.value else [])]
    _check_expressions(card, values)


def _split_nodes(card: Card, text: str, count: int) -> tuple[tuple[str, ...], str]:
    words = text.split(maxsplit=count + 1)
    nodes = tuple(words[1 : count + 1])
    for node in nodes:
        _check_word(card, node, expression=False)
    return nodes, words[count + 1] if len(words) > count + 1 else ""


def _check_word(card: Card, word: str, expression: bool = True) -> None:
    """Refuse a word that is neither a name, a number nor (where there may be one) an expression."""
    if expression and _QUOTED.fullmatch(word):
        _check_expressions(card, [_parse(card, word)])
    elif not _WORD.fullmatch(word):
        raise card.error(f"{word!r} is neither a name nor a number.")


def _parse(card: Card, text: str) -> Expression:
    try:
        return parse_expression(text)
    except CircuitError as reason:
        raise card.error(str(reason)) from None


def _check_expressions(card: Card, trees: Iterable[Expression], allowed: frozenset[str] = FUNCTIONS) -> None:
    for tree in trees:
        for name in sorted(functions_in(tree) - allowed):
            if name in _RANDOM:
                raise card.error(f"{name}() draws numbers that no seed repeats. Vary parameters by a study instead.")
            raise card.error(f"the function {name}() is not taken: arithmetic is. {did_you_mean(name, allowed)}")
        for name in sorted(names_in(tree)):
            if "file" in name:
                raise card.error(f"{name}: a cell reads no files. Write the values down.")
