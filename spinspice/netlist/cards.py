"""Reads SPICE cards (ngspice's dialect, the subset that translates) into plain data; what it does not know is an error.

Everything is lower case in the data, as in SPICE. Nodes ``gnd`` and ``0`` are one. Expressions stay expressions.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from spinspice.errors import CircuitError, NetlistError
from spinspice.netlist.expressions import Expression, Number, Text, parse_expression

#: Where cards come from that spinspice wrote itself.
THE_CIRCUIT = "the circuit"
#: Cards that name a file.
_PATH = re.compile(r"\.(lib|inc|include)\s", re.IGNORECASE)
_WORD = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|\"[^\"]*\"|[^\s(){}=,']+|=")
_KEY = re.compile(r"([A-Za-z_$][\w$]*)\s*=\s*")
_QUOTED = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|'[^']*'|\"[^\"]*\"")
#: Nodes of each kind of element; X takes what is left.
_NODES = {"r": 2, "c": 2, "l": 2, "v": 2, "i": 2, "e": 4, "g": 4, "f": 2, "h": 2, "d": 2, "m": 4, "q": 3, "j": 3}
_WAVEFORMS = ("pulse", "sin", "exp", "pwl")
_FOREIGN_WAVEFORMS = ("sffm", "am", "trnoise", "trrandom", "external")


class NoTranslation(CircuitError):
    """A card that is well formed, but not of those that are read into data; ``{to}`` stands for who wanted it."""


@dataclasses.dataclass(frozen=True)
class Card:
    """One card: the number of its first line and its text, continuation lines joined and comments gone."""

    line: int
    text: str
    source: str = THE_CIRCUIT

    def error(self, what: str) -> CircuitError:
        """Return an error that names the line and quotes the card."""
        shown = self.text if len(self.text) < 120 else self.text[:117] + "..."
        kind = CircuitError if self.source == THE_CIRCUIT else NetlistError
        return kind(f"line {self.line} of {self.source}, {shown!r}: {what}")


@dataclasses.dataclass(frozen=True)
class Element:
    """An element: its kind is the first letter of its name.

    ``nodes`` are all that it names, those that carry current first; of E and G the last two are sensed only.
    ``control`` is the source that controls F and H. ``behaviour`` is the expression of a behavioural source, and
    ``quantity`` what it sets, ``v`` or ``i``. ``letter`` is the kind where it is no longer that of the name.
    """

    card: Card
    name: str
    nodes: tuple[str, ...]
    master: str = ""
    value: Expression | None = None
    control: str = ""
    behaviour: Expression | None = None
    quantity: str = ""
    letter: str = ""
    waveform: str = ""
    arguments: tuple[Expression, ...] = ()
    small_signal: tuple[Expression, ...] = ()
    parameters: dict[str, Expression] = dataclasses.field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Letter of the element."""
        return self.letter or self.name[0]

    @property
    def pins(self) -> tuple[str, ...]:
        """Nodes that carry current."""
        return self.nodes[:2] if self.kind in "eg" else self.nodes

    def values(self) -> Iterator[Expression]:
        """Yield its numbers and expressions, but for that of a behavioural source."""
        yield from (*self.parameters.values(), *self.arguments, *self.small_signal)
        if self.value is not None:
            yield self.value


@dataclasses.dataclass(frozen=True)
class Model:
    """A ``.model`` card."""

    card: Card
    name: str
    type: str
    parameters: dict[str, Expression]


@dataclasses.dataclass
class Scope:
    """A subcircuit, or the whole circuit: then without name and ports."""

    card: Card
    name: str = ""
    ports: tuple[str, ...] = ()
    defaults: dict[str, Expression] = dataclasses.field(default_factory=dict)
    parameters: dict[str, Expression] = dataclasses.field(default_factory=dict)
    elements: dict[str, Element] = dataclasses.field(default_factory=dict)
    models: dict[str, Model] = dataclasses.field(default_factory=dict)
    subcircuits: dict[str, Scope] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Circuit(Scope):
    """A whole circuit, with what belongs to no subcircuit."""

    globals: list[str] = dataclasses.field(default_factory=list)
    initial: dict[str, Expression] = dataclasses.field(default_factory=dict)
    nodesets: dict[str, Expression] = dataclasses.field(default_factory=dict)
    options: dict[str, Expression] = dataclasses.field(default_factory=dict)


def read_cards(text: str, source: str = THE_CIRCUIT) -> Iterator[Card]:
    """Yield the cards of a deck: comments removed, ``+`` lines joined to what they continue."""
    pending: Card | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        line = _strip_comment(line)
        if not line:
            continue
        if line.startswith("+"):
            if pending is None:
                raise Card(number, line, source).error("there is no card before it to continue.")
            pending = Card(pending.line, f"{pending.text} {line[1:].strip()}", source)
            continue
        if pending is not None:
            yield pending
        pending = Card(number, line, source)
    if pending is not None:
        yield pending


def _strip_comment(line: str) -> str:
    """Return a line without its comment: as in ngspice after ``;`` or ``//``, or after ``$`` that follows a blank.

    The path of a file may begin with a variable of a schematic editor, ``$::NAME/...``.
    """
    line = line.strip()
    if line.startswith("*"):
        return ""
    if _PATH.match(line):
        return re.split(r";|\s\$\s", line, maxsplit=1)[0].strip()
    return re.split(r";|(?:^|(?<=[\s,]))\$|//", line, maxsplit=1)[0].strip()


def read_circuit(text: str, *, target: str = "", advice: str = "") -> Circuit:
    """Read a circuit.

    Parameters
    ----------
    text : str
    target, advice : str
        For messages: what the circuit is translated for, and what to try where that cannot be done.

    Raises
    ------
    CircuitError
        Naming the line and the card that is not understood.
    """
    circuit = Circuit(card=Card(0, ""))
    open_scopes: list[Scope] = [circuit]
    for card in read_cards(text):
        try:
            _read_card(card, circuit, open_scopes)
        except NoTranslation as gap:
            what = str(gap).replace("{to}", f" to {target}" if target else "")
            raise card.error(f"{what} {advice}".rstrip()) from None
        except CircuitError as error:
            if str(error).startswith("line "):
                raise
            raise card.error(str(error)) from None
    if len(open_scopes) > 1:
        raise open_scopes[-1].card.error("this subcircuit has no .ends.")
    return circuit


def _read_card(card: Card, circuit: Circuit, open_scopes: list[Scope]) -> None:
    scope = open_scopes[-1]
    word = card.text.split(maxsplit=1)[0].lower()
    if not word.startswith("."):
        element = read_element(card)
        if element.name in scope.elements:
            raise card.error(f"there is a {element.name} already, on line {scope.elements[element.name].card.line}.")
        scope.elements[element.name] = element
    elif word == ".subckt":
        child = _read_subcircuit(card)
        if child.name in scope.subcircuits:
            raise card.error(f"there is a subcircuit {child.name} already.")
        scope.subcircuits[child.name] = child
        open_scopes.append(child)
    elif word == ".ends":
        if len(open_scopes) == 1:
            raise card.error("there is no .subckt to end.")
        open_scopes.pop()
    elif word == ".model":
        model = _read_model(card)
        if model.name in scope.models:
            raise card.error(f"there is a model {model.name} already, on line {scope.models[model.name].card.line}.")
        scope.models[model.name] = model
    elif word in {".param", ".parameters"}:
        _, values = split_parameters(card, card.text.split(maxsplit=1)[1] if " " in card.text else "")
        for name, value in values.items():
            if name in scope.parameters:
                raise card.error(f"the parameter {name} is set twice.")
            scope.parameters[name] = value
    elif len(open_scopes) > 1:
        raise card.error(f"{word} is not understood inside a subcircuit.")
    elif word == ".global":
        circuit.globals += [node_name(node) for node in card.text.split()[1:]]
    elif word in {".ic", ".nodeset"}:
        (circuit.initial if word == ".ic" else circuit.nodesets).update(_read_conditions(card))
    elif word in {".option", ".options"}:
        head, values = split_parameters(card, card.text.split(maxsplit=1)[1] if " " in card.text else "")
        if head:
            raise NoTranslation(f"the option {head[0]} has no translation{{to}}. Leave it out.")
        circuit.options.update(values)
    elif word != ".title":
        raise NoTranslation(f"{word} has no translation{{to}}. Write the circuit without it.")


def node_name(text: str) -> str:
    """Return a node as it is called inside: lower case, ground ``0``."""
    text = text.lower()
    return "0" if text == "gnd" else text


def split_parameters(card: Card, text: str) -> tuple[list[str], dict[str, Expression]]:
    """Split ``a b p=1 q={x}`` into the words before the first parameter, and the parameters."""
    masked = _QUOTED.sub(lambda match: "#" * len(match.group()), text)
    keys = list(_KEY.finditer(masked))
    head = _WORD.findall(text[: keys[0].start()] if keys else text)
    values: dict[str, Expression] = {}
    for key, following in zip(keys, [*keys, None][1:], strict=True):
        name = key.group(1).lower()
        value = text[key.end() : following.start() if following else len(text)].strip().rstrip(", \t")
        # The bracket that may enclose all parameters of a .model card.
        while value.endswith(")") and value.count(")") > value.count("("):
            value = value[:-1].rstrip(", \t")
        if name in values:
            raise card.error(f"{name} is given twice.")
        if name == "version":
            values[name] = Text(value.strip("'\""))
            continue
        if not value or (len(value.split()) > 1 and not _QUOTED.fullmatch(value)):
            raise card.error(
                f"{name} = {value!r} is not one value. Put an expression into braces; a comment in a line begins "
                "with ; or $."
            )
        values[name] = parse_expression(value)
    return head, values


def _read_subcircuit(card: Card) -> Scope:
    rest = card.text.split(maxsplit=1)[1] if " " in card.text else ""
    head, defaults = split_parameters(card, re.sub(r"\bparams:", " ", rest, flags=re.IGNORECASE))
    if len(head) < 2:
        raise card.error("a subcircuit needs a name and at least one port.")
    return Scope(card, head[0].lower(), tuple(node_name(node) for node in head[1:]), defaults)


def _read_model(card: Card) -> Model:
    head, parameters = split_parameters(card, card.text.split(maxsplit=1)[1] if " " in card.text else "")
    if len(head) != 2:
        raise card.error("a model is written: .model name type parameter=value ...")
    return Model(card, head[0].lower(), head[1].lower(), parameters)


def _read_conditions(card: Card) -> dict[str, Expression]:
    pairs = re.findall(r"v\(\s*([^()\s,]+)\s*\)\s*=\s*(\{[^{}]*\}|'[^']*'|[^\s]+)", card.text, flags=re.IGNORECASE)
    rest = re.sub(r"v\([^()]*\)\s*=\s*(\{[^{}]*\}|'[^']*'|[^\s]+)", "", card.text, flags=re.IGNORECASE)
    if not pairs or rest.split()[1:]:
        raise card.error("write v(node)=value, one or more.")
    return {node_name(node): parse_expression(value) for node, value in pairs}


def read_element(card: Card) -> Element:
    """Read an element of a kind that translates."""
    name = card.text.split()[0].lower()
    kind, rest = name[0], card.text[len(name) :]
    if kind in "vi":
        return _read_source(card, name, _WORD.findall(rest))
    if kind == "x":
        head, parameters = split_parameters(card, re.sub(r"\bparams:", " ", rest, flags=re.IGNORECASE))
        if len(head) < 2:
            raise card.error("an instance needs nodes and the name of a subcircuit.")
        return Element(card, name, tuple(map(node_name, head[:-1])), head[-1].lower(), parameters=parameters)
    if kind == "n":
        head, parameters = split_parameters(card, rest)
        if len(head) < 2:
            raise card.error("an element of a Verilog-A module needs nodes and the name of a model.")
        return Element(card, name, tuple(map(node_name, head[:-1])), head[-1].lower(), parameters=parameters)
    if kind not in _NODES:
        known = ", ".join(sorted(_NODES)) + ", n, x"
        raise NoTranslation(f"elements of kind {name[0].upper()} have no translation{{to}} (known: {known}).")
    head, parameters = split_parameters(card, rest)
    count = _NODES[kind]
    nodes, more = tuple(map(node_name, head[:count])), head[count:]
    if len(nodes) < count:
        raise card.error(f"{count} nodes are needed, {len(nodes)} are given.")
    if kind in "dmqj":
        if kind == "q" and len(more) > 1 and not re.match(r"[-+.\d{']", more[1]):
            nodes, more = (*nodes, node_name(more[0])), more[1:]  # with a node of the substrate
        if not more or len(more) > (1 if kind == "m" else 2):
            raise card.error("the name of a model is expected after the nodes, then parameters.")
        if len(more) == 2:
            parameters = {"area": parse_expression(more[1]), **parameters}
        return Element(card, name, nodes, more[0].lower(), parameters=parameters)
    if kind in "rcl":  # editors write coefficients of temperature that are 0
        parameters = {n: v for n, v in parameters.items() if n not in ("tc1", "tc2") or v != Number(0.0)}
    control = more.pop(0).lower() if kind in "fh" and more else ""
    if not more and kind in parameters:
        value = parameters.pop(kind)
    elif len(more) == 1:
        value = parse_expression(more[0])
    else:
        what = "one value" if kind not in "fh" else "a source and one value"
        raise card.error(f"{what} is expected after the nodes; got {' '.join(more) or 'nothing'}.")
    return Element(card, name, nodes, value=value, control=control, parameters=parameters)


def _read_source(card: Card, name: str, words: list[str]) -> Element:
    """Read V or I: nodes, then ``[DC] value``, ``AC magnitude [phase]`` and a waveform in any order."""
    if len(words) < 3:
        raise card.error("a source needs two nodes and a value.")
    nodes, words = (node_name(words[0]), node_name(words[1])), words[2:]
    value: Expression | None = None
    ac: tuple[Expression, ...] = ()
    while words:
        word = words[0].lower()
        if word in _WAVEFORMS:
            arguments = tuple(parse_expression(item) for item in words[1:] if item != "=")
            if "=" in words:
                raise NoTranslation(f"options of {word} have no translation{{to}}.")
            return Element(card, name, nodes, value=value, waveform=word, arguments=arguments, small_signal=ac)
        if "=" in words[1:]:
            raise NoTranslation(f"{words[words.index('=') - 1]}= of a source has no translation{{to}}. Leave it out.")
        if word in _FOREIGN_WAVEFORMS or word == "=":
            raise NoTranslation(f"{word} has no translation{{to}} (known: DC, AC, {', '.join(_WAVEFORMS)}).")
        if word == "ac":
            numbers = []
            for item in words[1:3]:
                if item.lower() in ("dc", *_WAVEFORMS):
                    break
                numbers.append(parse_expression(item))
            ac, words = tuple(numbers), words[1 + len(numbers) :]
        elif value is None:
            words = words[1:] if word == "dc" else words
            if not words:
                raise card.error("there is no value after DC.")
            value, words = parse_expression(words[0]), words[1:]
        else:
            raise card.error(f"{words[0]!r} is not understood.")
    return Element(card, name, nodes, value=value, small_signal=ac)
