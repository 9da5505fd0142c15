"""Elements of a foreign netlist, read by kind into data (:class:`spinspice.netlist.cards.Element`).

What a kind may have is listed here; any other word or parameter is an error. Controlled sources with an expression or a
polynomial become behavioural sources.
"""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Callable, Sequence

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Card, Element, NoTranslation, read_element, split_parameters
from spinspice.netlist.expressions import Expression, Number, Operation, Probe, parse_expression
from spinspice.netlist.guard import check_behaviour, check_expressions, check_name, checked_text

#: Parameters of passive elements, beside their value; ``w`` and ``l`` where they have a model.
_PASSIVE = frozenset({"m", "tc1", "tc2", "temp", "dtemp", "scale", "w", "l"})
#: Words behind the nodes of other kinds of controlled sources.
_OTHER_FORMS = (
    "table",
    "laplace",
    "freq",
    "delay",
    "pwl",
    "npwl",
    "ppwl",
    "vcr",
    "vccap",
    "and",
    "nand",
    "or",
    "nor",
    "opamp",
)
_GROUP = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|\"[^\"]*\"|[^\s(){}=,']+|=")
_BEHAVIOUR = re.compile(r"(value|vol|cur)\s*=\s*(.+)")
_POLYNOMIAL = re.compile(r"poly\s*\(\s*(\d+)\s*\)(.*)|poly\s+(\d+)(?=\s)(.*)")
_NUMBER = re.compile(r"[+-]?(\d|\.\d)[\w.]*([eE][+-]?\d+\w*)?")
_INITIAL = "{}: an initial condition belongs to the run, not to a cell. Leave it out."
#: Most variables of a polynomial.
_MOST_VARIABLES = 20


def read_foreign_element(card: Card) -> Element:
    """Read an element.

    Raises
    ------
    CircuitError
        For a kind of element, a word, a parameter or an expression that is not allowed, naming the line.
    """
    text = checked_text(card)
    name = text.split(maxsplit=1)[0].rstrip("(,")
    check_name(card, name)
    reader = _READERS.get(name[0])
    if reader is None:
        raise card.error(
            f"elements of kind {name[0].upper()} are not taken (allowed: {', '.join(sorted(_READERS)).upper()}). "
            "A line of text begins with *."
        )
    try:
        element = reader(card, name, text[len(name) :].strip())
    except CircuitError as reason:
        if re.search(r"\sic\s*=", text):
            raise card.error(_INITIAL.format("ic")) from None
        raise reason if str(reason).startswith("line ") else card.error(str(reason)) from None
    for node in element.nodes:
        check_name(card, node)
    check_expressions(card, element.values())
    if element.behaviour is not None:
        check_behaviour(card, element.behaviour)
    if "ic" in element.parameters:
        raise card.error(_INITIAL.format("ic"))
    return element


def _split(card: Card, text: str, words: int) -> tuple[list[str], dict[str, Expression]]:
    """Return the words before the parameters, at least so many, and the parameters."""
    head, values = split_parameters(card, re.sub(r"\bparams:", " ", text))
    if len(head) < words:
        raise card.error(f"{words} words are needed after the name, {len(head)} are given.")
    return head, values


def _positional(card: Card, word: str) -> Expression:
    """Return a value without a name: a number, a parameter, or an expression in braces."""
    if word[0] not in "{'\"" and not _NUMBER.fullmatch(word) and not re.fullmatch(r"[a-z_]\w*", word):
        raise card.error(f"{word!r} is not one value. Put an expression into braces.")
    return parse_expression(word)


def _passive(card: Card, name: str, text: str) -> Element:
    """R, C or L: a value, or a model, or both."""
    head, values = _split(card, text, 2)
    nodes, more, kind = tuple(head[:2]), head[2:], name[0]
    value = values.pop(kind, None)
    for word in more[2:]:
        raise card.error(f"{word!r} is not understood: after the nodes stand a value, a model and parameters.")
    given = [word for word in more if word[0] in "{'\"+-." or word[0].isdigit()]
    names = [word for word in more if word not in given]
    if len(given) + (value is not None) > 1 or len(names) > 1:
        raise card.error("it has two values. Leave one out.")
    if given:
        value = _positional(card, given[0])
    _only(card, values, _PASSIVE)
    master = names[0] if names else ""
    if value is None and not master:
        raise card.error("a value is expected after the nodes, or a model. Words are needed after the name.")
    return Element(card, name, nodes, master, value=value, parameters=values)


def _only(card: Card, values: Sequence[str] | dict[str, Expression], allowed: frozenset[str]) -> None:
    for parameter in values:
        if parameter == "ic":
            raise card.error(_INITIAL.format("ic"))
        if parameter not in allowed:
            known = did_you_mean(parameter, allowed) if allowed else "None is."
            raise card.error(f"the parameter {parameter} is not taken here. {known}")


def _modelled(nodes: int) -> Callable[[Card, str, str], Element]:
    """Return a reader of an element with so many nodes, a model and perhaps an area."""

    def read(card: Card, name: str, text: str) -> Element:
        head, values = _split(card, text, nodes + 1)
        count = nodes
        if name[0] == "q" and len(head) > 4 and not _NUMBER.fullmatch(head[4]) and head[4][0] not in "{'\"":
            count = 4  # with a node of the substrate
        more = head[count + 1 :]
        if "off" in more or "off" in values:
            raise card.error(_INITIAL.format("off"))
        if more and name[0] in "dqj" and not values.keys() & {"area"}:
            values = {"area": _positional(card, more.pop(0)), **values}
        for word in more:
            raise card.error(f"{word!r} behind the model is not taken. Parameters are written name=value.")
        return Element(card, name, tuple(head[:count]), head[count], parameters=values)

    return read


def _instance(card: Card, name: str, text: str) -> Element:
    head, values = _split(card, text, 2)
    return Element(card, name, tuple(head[:-1]), head[-1], parameters=values)


def _behavioural(card: Card, name: str, text: str) -> Element:
    match = re.fullmatch(r"(\S+?)[\s,]+(\S+)\s+([vi])\s*=\s*(.+)", text)
    if not match:
        raise card.error("a behavioural source is written: Bname node node V=expression, or I=expression.")
    tree = parse_expression(match[4], probes=True)
    return Element(card, name, (match[1], match[2]), behaviour=tree, quantity=match[3])


def _controlled(card: Card, name: str, text: str) -> Element:
    """E, G, F or H: linear, a polynomial, or (E and G) an expression."""
    kind = name[0]
    words = list(_GROUP.finditer(text))
    if len(words) < 3:
        raise card.error("3 words are needed after the name: two nodes, and what controls the source.")
    nodes, rest = (words[0][0], words[1][0]), text[words[1].end() :].strip().lstrip("),").strip()
    word = re.match(r"\w*", rest)
    first = word[0] if word else ""
    if expression := _BEHAVIOUR.fullmatch(rest):
        return _from_expression(card, name, nodes, expression[1], expression[2])
    if polynomial := _POLYNOMIAL.fullmatch(rest):
        count, more = polynomial[1] or polynomial[3], polynomial[2] or polynomial[4]
        return _from_polynomial(card, name, nodes, int(count), _GROUP.findall(more or ""))
    if first in _OTHER_FORMS:
        raise card.error(f"{first} is not taken. Write B{name[1:]} {nodes[0]} {nodes[1]} V=expression, or I=.")
    rest = re.sub(r"^(vcvs|vccs|cccs|ccvs)\s", "", rest)
    sensed = 2 if kind in "eg" else 1
    head, values = split_parameters(card, rest)
    if len(head) < sensed:
        raise card.error(f"{sensed} words are needed behind the nodes: what controls the source.")
    value = values.pop("gain", None)
    if len(head) == sensed + 1 and value is None:
        value = _positional(card, head.pop())
    if len(head) != sensed or value is None:
        raise card.error("after what controls the source stands one value, its gain.")
    _only(card, values, frozenset({"m"}) if kind in "gf" else frozenset())
    if kind in "eg":
        return Element(card, name, (*nodes, head[0], head[1]), value=value, parameters=values)
    return Element(card, name, nodes, control=head[0], value=value, parameters=values)


def _from_expression(card: Card, name: str, nodes: tuple[str, str], keyword: str, text: str) -> Element:
    quantity = {"e": "v", "g": "i"}.get(name[0], "")
    wrong = {"v": "cur", "i": "vol"}.get(quantity)
    if not quantity or keyword == wrong:
        raise card.error(f"{keyword}= is not of an element of kind {name[0].upper()}. Allowed: E vol=, G cur=, value=.")
    try:
        tree = parse_expression(text, probes=True)
    except CircuitError as reason:
        written = f"B{name[1:]} {nodes[0]} {nodes[1]} {quantity}=expression"
        raise card.error(f"{reason} It may also be written {written}.") from None
    return Element(card, name, nodes, behaviour=tree, quantity=quantity)


def _from_polynomial(card: Card, name: str, nodes: tuple[str, str], count: int, words: list[str]) -> Element:
    """Return a polynomial as a behavioural source: coefficients in SPICE's order, by degree."""
    kind = name[0]
    per = 2 if kind in "eg" else 1
    if not 1 <= count <= _MOST_VARIABLES or len(words) < per * count + 2:
        raise card.error(
            f"poly({count}) needs {per * count} names of what controls it and two coefficients or more (up to "
            f"{_MOST_VARIABLES} variables)."
        )
    names, numbers = words[: per * count], words[per * count :]
    quantity = "v" if kind in "eg" else "i"
    variables = [Probe(quantity, tuple(names[per * i : per * (i + 1)])) for i in range(count)]
    orders = itertools.count()
    terms = itertools.chain.from_iterable(itertools.combinations_with_replacement(variables, n) for n in orders)
    tree: Expression = Number(0.0)
    for word, factors in zip(numbers, terms, strict=False):
        term = _positional(card, word)
        for factor in factors:
            term = Operation("*", (term, factor))
        tree = Operation("+", (tree, term))
    return Element(card, name, nodes, behaviour=tree, quantity="v" if kind in "eh" else "i")


def _source(card: Card, name: str, text: str) -> Element:
    """V or I: constant, small-signal, PULSE, SIN, EXP or PWL of numbers."""
    try:
        element = read_element(Card(card.line, f"{name} {text}", card.source))
        # With ground as it is written, which may be a port.
        return dataclasses.replace(element, card=card, nodes=tuple(_GROUP.findall(text)[:2]))
    except NoTranslation as reason:
        raise card.error(str(reason).replace(" has no translation{to}", " is not taken").replace("{to}", "")) from None


_READERS: dict[str, Callable[[Card, str, str], Element]] = {
    **dict.fromkeys("rcl", _passive),
    **dict.fromkeys("efgh", _controlled),
    **dict.fromkeys("vi", _source),
    "b": _behavioural,
    "d": _modelled(2),
    "m": _modelled(4),
    "q": _modelled(3),
    "j": _modelled(3),
    "x": _instance,
}
