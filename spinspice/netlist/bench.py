"""Cards of a test bench that stand in a designer's netlist: what can be left out, and what cannot.

A schematic editor writes the circuit and its test bench into one file. The bench is spinspice's own matter, so
analyses, output, control blocks and the elements outside of subcircuits are left out with a note; none of them is ever
run. What could change the circuit itself stays refused: scales, temperatures, initial conditions, conditional cards.
"""

from __future__ import annotations

import dataclasses
import re

from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Card
from spinspice.netlist.expressions import Number, parse_expression
from spinspice.netlist.guard import MODELS

#: Cards of a run, without effect on the circuit.
_RUN = frozenset(
    {
        *(".tran", ".ac", ".dc", ".op", ".noise", ".tf", ".sens", ".disto", ".pz", ".four", ".pss", ".sp"),
        *(".meas", ".measure", ".print", ".plot", ".probe", ".save", ".width", ".title", ".acmodel", ".backanno"),
    }
)
#: Options of a run: accuracy, output, solver; none of them changes what the circuit is.
_OPTIONS = frozenset(
    {
        *("reltol", "abstol", "vntol", "chgtol", "trtol", "pivtol", "pivrel", "gmin", "gminsteps", "srcsteps"),
        *("itl1", "itl2", "itl3", "itl4", "itl5", "itl6", "method", "maxord", "xmu", "numdgt", "ramptime"),
        *("savecurrents", "acct", "noacct", "noinit", "list", "node", "nopage", "nomod", "opts", "post", "probe"),
        *("klu", "sparse", "interp", "seed", "seedinfo", "warn", "autostop", "filetype", "ingold"),
        *("noopiter", "keepopinfo", "measdgt", "runlvl", "accurate"),
    }
)
_OPTION = re.compile(r"([A-Za-z_]\w*)(?:\s*=\s*('[^']*'|\{[^}]*\}|[^\s=]+))?")
#: Temperatures that mean the usual one [C]: spinspice's 300 K is 26.85 C.
_USUAL = (26.5, 27.5)
#: Files of the foundries' libraries -> technology and the pattern of sections with the corner as its group.
_LIBRARIES = (
    (re.compile(r"sky130(_fd_pr)?\.lib(\.spice)?"), "sky130", re.compile(r"(tt|ff|ss|fs|sf)(?:_mm)?")),
    (re.compile(r"cornermos[lh]v\.lib"), "sg13g2", re.compile(r"mos_(tt|ff|ss|fs|sf)(?:_mismatch|_stat)?")),
    (re.compile(r"sg13g2_(mos[lh]v|esd|bondpad|hbt|dschottky|svaricap)\w*\.lib"), "sg13g2", re.compile("()")),
    (re.compile(r"corner(res|cap|hbt|dio)\.lib"), "sg13g2", re.compile(r"(?:res|cap|hbt|dio)_(?:typ|tt)()(?:_\w+)?")),
)
#: Commands of a control block that change the circuit.
_CHANGES = re.compile(r"^\s*(alter\w*|option|set\s+(?:temp|scale)|\.?temp)\b.*$", re.IGNORECASE | re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class FoundryLibrary:
    """A card that reads a foundry's library: technology, corner ("" for one that names none), and the card."""

    technology: str
    corner: str
    card: Card


def foundry_library(card: Card, path: str, section: str) -> FoundryLibrary | None:
    """Return the technology that a ``.lib`` or ``.include`` card stands for, by the name of its file, or None.

    Raises
    ------
    CircuitError
        For a section that no corner stands for.
    """
    name = re.split(r"[/\\]", path)[-1].lower()
    for pattern, technology, sections in _LIBRARIES:
        if pattern.fullmatch(name):
            match = sections.fullmatch(section.lower())
            if not match:
                raise card.error(
                    f"it reads a library of {technology}, for which spinspice has the corners tt, ff, ss, fs and sf of "
                    f"the transistors and nominal passive devices, not the section {section!r}. Name one of these."
                )
            return FoundryLibrary(technology, match[1], card)
    return None


def left_out(card: Card) -> bool:
    """Whether a card belongs to a run and may be left out.

    Raises
    ------
    CircuitError
        For an option or a temperature that would change the circuit.
    """
    word = card.text.split(maxsplit=1)[0].lower()
    if word in _RUN:
        return True
    rest = card.text[len(word) :].strip()
    if word == ".temp":
        return _usual("temp", rest, card)
    if word in (".option", ".options", ".opt"):
        return all(_option(name.lower(), value, card) for name, value in _OPTION.findall(rest))
    return False


def is_foreign_model(card: Card) -> bool:
    """Whether a card is the model of a switch or a code model, which no element of a cell can be.

    Outside of subcircuits it belongs to the test bench.
    """
    words = re.split(r"[\s(]+", card.text.lower(), maxsplit=3)
    return len(words) > 2 and words[0] == ".model" and words[2] not in MODELS


def _option(name: str, value: str, card: Card) -> bool:
    if name in ("temp", "tnom"):
        return _usual(name, value, card)
    if name == "scale":
        raise card.error(
            "the option scale changes the size of every element. Write the sizes as they are meant, without it."
        )
    if name == "wnflag":
        if value != "1":
            raise card.error("wnflag chooses models by the whole width of a transistor; here that of a finger counts.")
        return True
    if name not in _OPTIONS:
        raise card.error(
            f"the option {name} may change the circuit and is not taken. {did_you_mean(name, _OPTIONS)} These are left "
            "out."
        )
    return True


def _usual(name: str, value: str, card: Card) -> bool:
    try:
        tree = parse_expression(value)
    except CircuitError as reason:
        raise card.error(str(reason)) from None
    if isinstance(tree, Number) and _USUAL[0] <= tree.value <= _USUAL[1]:
        return True
    raise card.error(
        f"{name} = {value} C is not the temperature of a run here, 300 K unless a junction or a study says otherwise "
        "(temperature = ...). Leave the card out and say it there."
    )


def control_note(name: str, start: int, end: int, text: str) -> str:
    """Return what is said of a control block that is left out."""
    changes = _CHANGES.search(text)
    more = f" It would have changed the circuit ({changes[0].strip()!r}): that is not done." if changes else ""
    return f"{name}: lines {start} to {end}, a control block, are left out and never run.{more}"
