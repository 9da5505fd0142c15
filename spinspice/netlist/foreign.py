"""The files of a netlist that somebody else wrote: read as data, with what they include, and nothing run.

A simulator would obey more than a circuit: control blocks, shell commands, files from anywhere on the machine. Here
each such line is refused by its number, or left out with a note where it cannot change the circuit
(:mod:`spinspice.netlist.bench`): control blocks, analyses, and elements outside of subcircuits. None of it is ever run,
since a cell is a circuit and what is run is its test bench's matter. With ``trust`` files from other folders are read
too, and commands are left out. A foundry's library that spinspice has as a technology is not read but named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from spinspice.errors import NetlistError, UsageError
from spinspice.netlist.bench import FoundryLibrary, control_note, foundry_library, is_foreign_model, left_out
from spinspice.netlist.cards import Card, read_cards
from spinspice.netlist.languages import other_language

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
#: A ``.subckt`` card of a schematic editor's top level.
_COMMENTED = re.compile(r"^[ \t]*\*\*[ \t]*(\.subckt[ \t]+(\S+))", re.IGNORECASE | re.MULTILINE)
_TRUST = "Give --trust (trust=True) if you know the file and can do without the line"


class Reader:
    """Reads a file and what it includes into cards.

    Parameters
    ----------
    path : Path
        The netlist; files it includes must lie in its folder or below.
    trust : bool
        Take files from elsewhere too, and leave out commands.
    top : str
        Subcircuit that is wanted: one whose ``.subckt`` and ``.ends`` are comments (``**.subckt``), as a schematic
        editor writes that of its top level, is read as if they were not.

    Attributes
    ----------
    notes : list of str
        What was left out.
    foundry : FoundryLibrary or None
        Foundry's library that the netlist asks for.
    globals : dict
        Global nodes besides ground, each with its card.
    outside : list of Card
        Elements outside of subcircuits, which were left out.
    commented : str
        Name of the first subcircuit whose card is a comment, or empty.
    """

    def __init__(self, path: Path, trust: bool = False, top: str = "") -> None:
        self.path = path
        self.trust = trust
        self.notes: list[str] = []
        self.foundry: FoundryLibrary | None = None
        self.globals: dict[str, Card] = {}
        self.commented = ""
        self._top = top
        self._depth = 0
        self.outside: list[Card] = []
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
        cards = list(self._file(self.path.resolve(), self.path.name, "", ()))
        if self.outside:
            names = [card.text.split(maxsplit=1)[0] for card in self.outside]
            shown = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
            self.notes.append(
                f"{self.path.name}: {len(names)} elements outside of subcircuits ({shown}) are left out; "
                "spinspice's test bench stands for them."
            )
        return cards

    def _file(self, path: Path, name: str, section: str, outer: tuple[tuple[Path, str], ...]) -> Iterator[Card]:
        text = self._text(path, name)
        if not outer:
            found = _COMMENTED.search(text)
            self.commented = found[2].lower() if found else ""
            text = uncommented(text, self._top) if self._top else text
        cards = read_cards(self._without_control(text, name), name)
        chosen = _section(cards, section, name) if section else cards
        for card in chosen:
            word = card.text.split(maxsplit=1)[0].lower()
            if word == ".end":
                if any(chosen):
                    raise card.error("there is more after the end of the netlist. Remove one or the other.")
                return
            if word in {".inc", ".include", ".lib"}:
                yield from self._included(card, path, (*outer, (path, section.lower())))
            elif _COMMANDS.match(word):
                self._refuse_command(card, word)
            elif not self._left_out(card, word):
                yield card

    def _left_out(self, card: Card, word: str) -> bool:
        """Leave out a card that belongs to a test bench; return whether it was one."""
        if word in (".subckt", ".ends"):
            self._depth += 1 if word == ".subckt" else -1
        elif word == ".global":
            nodes = [node.lower() for node in card.text.split()[1:]]
            self.globals |= {node: card for node in nodes if node not in ("0", "gnd")}
            return True
        elif self._depth < 1 and not word.startswith("."):
            if found := other_language(card.text):
                raise card.error(found)
            self.outside.append(card)
            return True
        elif left_out(card) or (self._depth < 1 and is_foreign_model(card)):
            self.notes.append(f"{card.source}: line {card.line}, {_short(card.text)!r}, is left out.")
            return True
        return False

    def _included(self, card: Card, path: Path, outer: tuple[tuple[Path, str], ...]) -> Iterator[Card]:
        match = _INCLUDE.match(card.text)
        is_library = card.text[:4].lower() == ".lib"
        if not match or (bool(match[3]) != is_library):
            raise card.error("write .include FILE, or .lib FILE SECTION with quotes around a name that has blanks.")
        named = match[2].strip("\"'")
        library = foundry_library(card, named, match[3])
        if library is not None:
            self._name_library(library)
            return
        target = path.parent / Path(named)
        try:
            found = target.resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as reason:
            raise card.error(
                f"the file cannot be read ({reason}). Paths are relative to the file they stand in, and variables of a "
                "schematic editor ($::...) have no value here."
            ) from None
        if not self.trust and not found.is_relative_to(self._folder):
            raise card.error(
                f"{found} lies outside the folder of the netlist, {self._folder}. Copy it there, or give --trust "
                "(trust=True) if it may be read."
            )
        if (found, match[3].lower()) in outer:
            raise card.error("the files include one another in a circle.")
        if len(outer) > DEEPEST:
            raise card.error(f"files include files more than {DEEPEST} deep.")
        yield from self._file(found, named, match[3], outer)

    def _name_library(self, library: FoundryLibrary) -> None:
        """Keep what technology and corner a netlist asks for.

        Raises
        ------
        NetlistError
            If it asks for two.
        """
        before = self.foundry
        if before is None or (before.technology == library.technology and not before.corner):
            self.foundry = library
        elif before.technology != library.technology or (library.corner and library.corner != before.corner):
            raise library.card.error(
                f"{library.technology}:{library.corner} beside {before.technology}:{before.corner} of line "
                f"{before.card.line} of {before.card.source}. Keep one."
            )
        card = library.card
        corner = f", at the corner {library.corner} unless another is asked for" if library.corner else ""
        self.notes.append(
            f"{card.source}: line {card.line}, {_short(card.text)!r}, is not read; spinspice's technology "
            f"{library.technology} stands for it{corner}."
        )

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
        """Return the text without control blocks, and without hidden commands if they may be there at all."""
        lines, start, block = text.split("\n"), 0, list[str]()
        for number, line in enumerate(lines, start=1):
            bare = line.strip()
            word = bare.split(maxsplit=1)[0].lower() if bare else ""
            if start:
                lines[number - 1] = ""
                block.append(line)
                if word == ".endc":
                    self.notes.append(control_note(name, start, number, "\n".join(block)))
                    start = 0
            elif word == ".control":
                lines[number - 1], start, block = "", number, []
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


def uncommented(text: str, name: str) -> str:
    """Return a text in which the commented ``.subckt`` of a name, and the ``.ends`` that follows it, are cards.

    Nothing is changed where there is a subcircuit of this name already.
    """
    if re.search(rf"^[ \t]*\.subckt[ \t]+{re.escape(name)}\b", text, re.IGNORECASE | re.MULTILINE):
        return text
    match = next((m for m in _COMMENTED.finditer(text) if m[2].lower() == name.lower()), None)
    if not match:
        return text
    before, after = text[: match.start()] + match[1], text[match.end() :]
    return before + re.sub(r"^[ \t]*\*\*[ \t]*(\.ends\b)", r"\1", after, count=1, flags=re.IGNORECASE | re.MULTILINE)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def _section(cards: Iterator[Card], section: str, name: str) -> Iterator[Card]:
    """Yield the cards of one section of a library, those of sections inside it included."""
    opened: list[str] = []
    found = False
    for card in cards:
        words = card.text.lower().split()
        if words[0] == ".lib" and len(words) == 2:
            opened.append(words[1].strip("\"'"))
            found = found or opened[-1] == section.lower()
        elif words[0] == ".endl":
            if not opened or (len(words) > 1 and words[1] != opened[-1]):
                raise card.error(f"the section that is open here is {opened[-1] if opened else 'none'}.")
            opened.pop()
        elif section.lower() in opened:
            yield card
    if section.lower() in opened:
        raise NetlistError(f"{name}: the section {section!r} has no .endl.")
    if not found:
        raise NetlistError(
            f"{name} has no section {section!r}. Name one that stands in it as .lib {section} ... .endl."
        )
