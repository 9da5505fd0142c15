"""Complaints of engines that change no result, each with the reason why: they become notes, everything else is a fault.

A saying stands here only if what the engine does is what the models' own manual says of such a card, or what the card
says anyway; where that depends on numbers of the card, they are checked, and a card that contradicts itself stays a
fault. The sayings are those of ngspice 39 to 47 and of VACASK 0.3, found in their programs and provoked one by one in
``tests/engines/test_harmless.py``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence

from spinspice.errors import ParameterError
from spinspice.units import parse_number

#: Largest difference between thicknesses that are written as consistent, over the thickness: rounding of decimal
#: numbers to doubles and back, with room for a last printed digit of nine.
ROUNDING = 1e-8
#: Constant of the equivalent oxide thickness: the relative permittivity of silicon dioxide in BSIM4.
_OXIDE, _EPSROX = 3.9, 3.9
_THICKNESS = re.compile(r"\b(toxe|toxp|dtox|eot|epsrox)\s*=\s*([^\s,)]+)", re.IGNORECASE)
#: Ratings that LTspice and makers of devices write into models: "do not affect the electrical behavior" (help of
#: LTspice, diode and bipolar transistor).
_RATINGS = "vpk|ipk|iave|irms|diss|vceo|icrating"


@dataclasses.dataclass(frozen=True)
class Harmless:
    """A complaint that changes no result.

    Parameters
    ----------
    pattern : pattern
        The whole line, without what the engine puts before it.
    reason : str
        Why it changes nothing, as a note says it; ``{0}``, ``{1}`` are the groups of the pattern.
    check : callable, optional
        Number of the first line of the deck, from 1, for which the reason does not hold, or None.
    """

    pattern: re.Pattern[str]
    reason: str
    check: Callable[[Sequence[str]], int | None] | None = None


def _cards(deck: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield first line and text of each card, continuation lines joined."""
    number, text = 0, ""
    for index, line in enumerate(deck, start=1):
        if line.startswith("+"):
            text += " " + line[1:]
            continue
        if text:
            yield number, text
        number, text = index, line
    yield number, text


def inconsistent_thickness(deck: Sequence[str]) -> int | None:
    """Return the line of the first model whose electrical thickness is not the physical one plus ``dtox``."""
    for number, card in _cards(deck):
        if not card.lstrip(". ").lower().startswith("model"):
            continue
        given = {name.lower(): text for name, text in _THICKNESS.findall(card)}
        if not {"toxp", "dtox"} <= given.keys() or not {"toxe", "eot"} & given.keys():
            continue
        try:
            values = {name: parse_number(text, name) for name, text in given.items()}
        except ParameterError:  # an expression, of which nothing is known here
            return number
        electrical = values["toxe"] if "toxe" in values else values["eot"] * values.get("epsrox", _EPSROX) / _OXIDE
        if abs(electrical - values["toxp"] - values["dtox"]) > ROUNDING * abs(electrical):
            return number
    return None


_PREFIX = r"(?:OSDI\(warn\) \S+: |Warning: )?"


def _saying(text: str) -> re.Pattern[str]:
    return re.compile(_PREFIX + text + r"\.?", re.IGNORECASE)


#: Complaints of the transistor models, which ngspice and VACASK share since both have Berkeley's code.
MODELS: tuple[Harmless, ...] = (
    Harmless(
        _saying(r"(nsub|gamma1|gamma2|vbm|vbx|xt) is ignored because k1 or k2 is given"),
        "{0} of a BSIM card stands beside k1 or k2, which go before it by the rule of the model (manuals of BSIM3v3 "
        "and BSIM4, body effect: k1 and k2 are computed from it only where they are not given)",
    ),
    Harmless(
        _saying(r"(?:toxe|eot), toxp and dtox all given and .* != toxp \+ dtox; dtox ignored"),
        "a BSIM4 card gives its thickness twice, as toxe (or eot) and as toxp + dtox; the two agree but for rounding",
        inconsistent_thickness,
    ),
    Harmless(
        _saying(r"k([12]) should be specified with k([12])"),
        "a BSIM card gives k{1} without k{0}; the other has its default (manuals of BSIM3v3 and BSIM4)",
    ),
    Harmless(
        _saying(r"(pd|ps) = \S+ is less than w"),
        "a transistor has no perimeter of its drain or source (pd, ps), which then adds no sidewall capacitance",
    ),
)
#: Further ones of ngspice alone.
NGSPICE: tuple[Harmless, ...] = (
    *MODELS,
    Harmless(
        _saying(rf"unrecognized parameter \(({_RATINGS})\) - ignored"),
        "the rating {0} of a model is no electrical parameter (help of LTspice)",
    ),
    Harmless(
        re.compile(r"(?:Note: )?Transient op finished successfully\.?", re.IGNORECASE),
        "ngspice found no operating point by iteration; the run starts from where a transient from zero had come to",
    ),
)
#: Those of VACASK.
VACASK: tuple[Harmless, ...] = MODELS


def sort_out(lines: Sequence[str], table: Sequence[Harmless], deck: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are not harmless, and the notes that stand for the others.

    Parameters
    ----------
    lines : sequence of str
        What an engine said.
    table : sequence of Harmless
        :data:`NGSPICE` or :data:`VACASK`.
    deck : sequence of str
        Lines of the deck, for the checks.
    """
    left, notes = [], []
    for line in lines:
        entry, match = next(((e, m) for e in table if (m := e.pattern.fullmatch(line.strip()))), (None, None))
        if entry is None or match is None or (entry.check is not None and entry.check(deck) is not None):
            left.append(line)
        else:
            notes.append(entry.reason.format(*match.groups()))
    return left, list(dict.fromkeys(notes))


def contradiction(line: str, table: Sequence[Harmless], deck: Sequence[str]) -> int | None:
    """Return the line of the deck for which a complaint that may be harmless is not."""
    for entry in table:
        if entry.check is not None and entry.pattern.fullmatch(line.strip()):
            return entry.check(deck)
    return None
