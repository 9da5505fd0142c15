"""The files of a netlist that somebody else wrote: read as data, with what they include, and nothing run.

A simulator would obey more than a circuit: control blocks, shell commands, files from anywhere on the machine. Here
each such line is refused by its number. With ``trust`` files from other folders are read too, and control blocks and
commands are left out with a note; they are never run, since a cell is a circuit and what is run is its test bench's
matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from spinspice.errors import NetlistError, UsageError
from spinspice.netlist.cards import Card, read_cards

#: Largest file, all that it includes counted [bytes], and longest card [characters].
MOST_BYTES, LONGEST_CARD = 8_000_000, 50_000
#: Files that include one another, deepest.
DEEPEST = 20
#: First words that are commands of a simulator or its shell, wherever they stand.
_COMMANDS = re.compile(
    r"(!.*|\.?(shell|system|exec|source|codemodel|osdi|pre_\w+))$",
    re.IGNORECASE,
)
#: Of these, what loads code into the simulator: not to be had by trust either.
_LOADERS = re.compile(r"\.?(codemodel|osdi|pre_\w+)$", re.IGNORECASE)
_INCLUDE = re.compile(r"""(\.inc(?:lude)?|\.lib)\s+("[^"]*"|'[^']*'|[^\s"']+)\s*(\S*)$""", re.IGNORECASE)
_TRUST = "Give --trust (trust=True) if you know the file and can do without the line"


class Reader:
    """Reads a file and what it includes into cards.

    Parameters
    ----------
    path : Path
        The netlist; files it includes must lie in its folder or below.
    trust : bool
        Take files from elsewhere too, and leave out control blocks and commands.

    Attributes
    ----------
    notes : list of str
        What was left out.
    """

    def __init__(self, path: Path, trust: bool = False) -> None:
        self.path = path
        self.trust = trust
        self.notes: list[str] = []
        self._folder = path.resolve().parent
        self._left = MOST_BYTES

    def cards(self) -> list[Card]:
        """Return all cards, includes in their places.

        Raises
        ------
        NetlistError
            For what is not read, naming the file, the line and its text.
        UsageError
            If a file cannot be read.
        """
        return list(self._file(self.path.resolve(), self.path.name, "", ()))

    def _file(self, path: Path, name: str, section: str, outer: tuple[Path, ...]) -> Iterator[Card]:
        cards = read_cards(self._without_control(self._text(path, name), name), name)
        chosen = _section(cards, section, name) if section else cards
        for card in chosen:
            word = card.text.split(maxsplit=1)[0].lower()
            if word == ".end":
                if any(chosen):
                    raise card.error("there is more after the end of the netlist. Remove one or the other.")
                return
            if word in {".inc", ".include", ".lib"}:
                yield from self._included(card, path, outer)
            elif _COMMANDS.match(word):
                self._refuse_command(card, word)
            else:
                yield card

    def _included(self, card: Card, path: Path, outer: tuple[Path, ...]) -> Iterator[Card]:
        match = _INCLUDE.match(card.text)
        is_library = card.text[:4].lower() == ".lib"
        if not match or (bool(match[3]) != is_library):
            raise card.error("write .include FILE, or .lib FILE SECTION with quotes around a name that has blanks.")
        named = match[2].strip("\"'")
        target = path.parent / Path(named)
        try:
            found = target.resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as reason:
            raise card.error(
                f"the file cannot be read ({reason}). Paths are relative to the file they stand in."
            ) from None
        if not self.trust and not found.is_relative_to(self._folder):
            raise card.error(
                f"{found} lies outside the folder of the netlist, {self._folder}. Copy it there, or give --trust "
                "(trust=True) if it may be read."
            )
        if found in outer or found == path:
            raise card.error("the files include one another in a circle.")
        if len(outer) >= DEEPEST:
            raise card.error(f"files include files more than {DEEPEST} deep.")
        yield from self._file(found, named, match[3], (*outer, path))

    def _text(self, path: Path, name: str) -> str:
        """Return the text of a file with one kind of line end, if it is text."""
        try:
            size = path.stat().st_size
            if not path.is_file():
                raise UsageError(f"{name} is no file. Give a SPICE netlist.")
            if size > self._left:
                raise UsageError(
                    f"{name} is too large: netlists of up to {MOST_BYTES / 1e6:g} MB are read, all that they include "
                    "counted. Leave models out and name a technology."
                )
            self._left -= size
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as reason:
            raise UsageError(f"cannot read the netlist {path}: {reason.strerror}. Give an existing file.") from reason
        except UnicodeDecodeError as reason:
            raise UsageError(f"{name} is not text in UTF-8: {reason}. Save it as such.") from None
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        _check_characters(text, name)
        return text

    def _without_control(self, text: str, name: str) -> str:
        """Return the text without control blocks and hidden commands, if they may be there at all."""
        lines, start = text.split("\n"), 0
        for number, line in enumerate(lines, start=1):
            bare = line.strip()
            word = bare.split(maxsplit=1)[0].lower() if bare else ""
            if start:
                lines[number - 1] = ""
                if word == ".endc":
                    self.notes.append(f"{name}: lines {start} to {number}, a control block, are left out.")
                    start = 0
            elif word == ".control":
                self._allow(Card(number, bare, name), "a control block gives the simulator commands")
                lines[number - 1], start = "", number
            elif word == ".endc":
                raise Card(number, bare, name).error("there is no .control to end.")
            elif bare.startswith("*#"):
                self._allow(Card(number, bare, name), "ngspice would obey this comment as a command")
                self.notes.append(f"{name}: line {number}, {bare!r}, is left out.")
        if start:
            raise Card(start, lines[start - 1] or ".control", name).error("this control block has no .endc.")
        return "\n".join(lines)

    def _refuse_command(self, card: Card, word: str) -> None:
        if _LOADERS.match(word):
            raise card.error("it loads code into the simulator, which a cell may not. Remove it.")
        self._allow(card, "it is a command to the simulator or its shell, not an element")
        self.notes.append(f"{card.source}: line {card.line}, {card.text!r}, is left out.")

    def _allow(self, card: Card, what: str) -> None:
        if not self.trust:
            raise card.error(f"{what}. {_TRUST}.")


def _check_characters(text: str, name: str) -> None:
    """Refuse characters that hide what a line is, letters beyond ASCII outside of comments, and endless cards."""
    length = 0
    for number, line in enumerate(text.split("\n"), start=1):
        first = line.lstrip()[:1]
        if first not in {"", "*"}:
            length = length + len(line) if first == "+" else len(line)
        if length > LONGEST_CARD:
            raise Card(number, line, name).error(f"the card is longer than {LONGEST_CARD} characters.")
        if line.isascii() and line.isprintable():
            continue
        for character in line:
            if character != "\t" and unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}:
                raise Card(number, line, name).error(
                    f"it holds the character U+{ord(character):04X}, which does not show. Remove it."
                )


def _section(cards: Iterator[Card], section: str, name: str) -> Iterator[Card]:
    """Yield the cards of one section of a library."""
    inside, found = False, False
    for card in cards:
        words = card.text.lower().split()
        if words[0] == ".lib" and len(words) == 2:
            inside = words[1] == section.lower()
            found = found or inside
        elif words[0] == ".endl":
            inside = False
        elif inside:
            yield card
    if not found:
        raise NetlistError(
            f"{name} has no section {section!r}. Name one that stands in it as .lib {section} ... .endl."
        )
