"""What a circuit may not hold, wherever it comes from: commands to a simulator in place of a description.

ngspice obeys more than cards: control blocks (their dot card counts by its beginning, in any case), comments that begin
with ``*#``, and code models that start programs or load libraries. So dot cards are a list of what is allowed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path

from spinspice.errors import CircuitError, did_you_mean

#: Dot cards that describe a circuit.
CARDS = frozenset(
    [
        *(
            "param",
            "para",
            "func",
            "csparam",
            "subckt",
            "macro",
            "ends",
            "eom",
            "model",
            "include",
            "inc",
            "lib",
            "endl",
        ),
        *("global", "ic", "nodeset", "temp", "option", "options", "opt", "if", "elseif", "else", "endif"),
    ]
)
#: Dot cards that say what to run or to write, which is the testbench's matter.
ANALYSES = frozenset(
    [
        *("tran", "ac", "dc", "op", "noise", "disto", "pz", "sens", "sp", "tf", "pss", "hb", "four", "fourier"),
        *("save", "print", "plot", "probe", "measure", "meas", "width", "end"),
    ]
)
#: Options that make ngspice a shell, or ask a terminal.
SHELL_OPTIONS = frozenset({"unixcom", "interactive", "noclobber", "program", "editor", "rawfile", "sourcepath"})
_OPTIONS = re.compile(rf"\b({'|'.join(sorted(SHELL_OPTIONS))})\b", re.IGNORECASE)
#: Code models of ngspice that start a program or load a library.
_LOADERS = re.compile(r"\b(d_process|d_cosim)\b", re.IGNORECASE)
#: Names of the ground of the whole circuit, inside subcircuits as well.
GROUNDS = frozenset({"0", "gnd"})
_HEADER = re.compile(r"[ \t]*\.(?:subckt|macro)[ \t]+(.*)", re.IGNORECASE)
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]")
_DOT = re.compile(r"[\s+]*\.\s*([a-z_]\w*)", re.IGNORECASE)
_INCLUDE = re.compile(r"""\s*\.(?:inc(?:lude)?|lib)\s+("[^"]+"|'[^']+'|\S+)""", re.IGNORECASE)
_DEEPEST = 20


@functools.lru_cache(maxsize=64)  # what a study runs a thousand times is looked at once
def check_circuit(text: str) -> None:
    """Refuse text that is more than a circuit.

    Raises
    ------
    CircuitError
        Naming the line, what stands there, and what is allowed.
    """
    odd = _INVISIBLE.search(text)
    if odd:
        number = text.count("\n", 0, odd.start()) + 1
        raise CircuitError(
            f"line {number} of the circuit holds the control character {odd[0]!r} (U+{ord(odd[0]):04X}). "
            "A circuit is printable text, line by line. Take it out."
        )
    for number, line in enumerate(text.splitlines(), start=1):
        fault = _refusal(line)
        if fault:
            raise CircuitError(f"line {number} of the circuit, {_shown(line)}, {fault}")
    for number, name, ports in _subcircuits(text):
        check_ports(name, ports, f"line {number} of the circuit: ")


def _subcircuits(text: str) -> Iterable[tuple[int, str, list[str]]]:
    """Yield line, name and ports of the subcircuits in a text."""
    lines = [re.split(r"[;$]", line, maxsplit=1)[0] for line in text.splitlines()]
    for number, line in enumerate(lines, start=1):
        header = _HEADER.match(line)
        if header:
            card = header[1]
            for more in lines[number:]:
                if not more.lstrip().startswith("+"):
                    break
                card += " " + more.lstrip()[1:]
            nodes = re.split(r"\S+\s*=|params:", card, maxsplit=1, flags=re.IGNORECASE)[0].split()
            if nodes:
                yield number, nodes[0], nodes[1:]


def check_ports(name: str, ports: Iterable[str], where: str = "") -> None:
    """Refuse a port that ngspice takes for the ground of the whole circuit; what is connected to it would be ignored.

    Raises
    ------
    CircuitError
    """
    for port in ports:
        if str(port).lower() in GROUNDS:
            raise CircuitError(
                f"{where}subcircuit {name} has a port named {port!r}: to ngspice that is the ground of the whole "
                "circuit, whatever the port is connected to, and to VACASK it is not. Call it vss."
            )


@functools.lru_cache(maxsize=8192)  # circuits of a study share most of their lines
def _refusal(line: str) -> str:
    """Return why a circuit may not hold a line; empty for nothing."""
    word = _card(line)
    if word in ANALYSES:
        return "is an analysis card. Give the circuit alone; the testbench says what to run and what to save."
    return _fault(line) or _unknown(line, word)


def check_included(text: str, folder: Path | None = None) -> None:
    """Refuse a circuit whose included files hold commands.

    Parameters
    ----------
    text : str
        The circuit.
    folder : Path, optional
        Folder of relative paths; default the working folder.

    Raises
    ------
    CircuitError
        Naming file and line.
    """
    waiting = [(path, 1) for path in _included(text, folder or Path.cwd())]
    seen: set[Path] = set()
    while waiting:
        path, depth = waiting.pop()
        if path in seen or depth > _DEEPEST:
            continue
        seen.add(path)
        state = path.stat()
        fault, further = _read(path, state.st_size, state.st_mtime_ns)
        if fault:
            raise CircuitError(fault)
        waiting += [(other, depth + 1) for other in further]


@functools.lru_cache(maxsize=256)
def _read(path: Path, _size: int, _time: int) -> tuple[str, tuple[Path, ...]]:
    """Return what is wrong with an included file, and what it includes."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "", ()  # the simulator says that it cannot read it
    for number, line in enumerate(text.splitlines(), start=1):
        fault = _fault(line)
        if fault:
            return f"line {number} of {path}, which the circuit includes, {_shown(line)}, {fault}", ()
    return "", tuple(_included(text, path.parent))


def _included(text: str, folder: Path) -> list[Path]:
    found = []
    for line in text.splitlines():
        match = _INCLUDE.match(line)
        if match:
            named = Path(match[1].strip("\"'")).expanduser()
            found += [path for path in {folder / named, Path.cwd() / named} if path.is_file()]
    return found


def _card(line: str) -> str:
    """Return the name of a dot card, in lower case; an empty string for other lines."""
    match = _DOT.match(line)
    return match[1].lower() if match else ""


def _fault(line: str) -> str:
    """Return why a line is a command to the simulator; an empty string if it is none."""
    text = line.strip()
    if text.startswith("*"):
        # A second # makes it a comment to ngspice too: a banner, as foundries' files have.
        command = text[2:].strip(" \t") if text.startswith("*#") else ""
        if (command and not command.startswith("#")) or text.startswith("*ng_script"):
            return "is a command: ngspice obeys comments that begin so. Begin a comment with '* '."
        return ""
    word = _card(line)
    if word.startswith(("control", "endc")):
        return "is a control block: commands, not a circuit. Leave it out; testbench and engine say what is run."
    if word.startswith(("opt", "option")) and (found := _OPTIONS.search(text)):
        return f"sets {found[1]!r}, a setting of the simulator's shell. Leave it out."
    found = _LOADERS.search(text)
    if found:
        return (
            f"uses {found[1]!r}, which starts a program or loads a library. "
            "Verilog comes in through Testbench.digital; leave the rest out."
        )
    return ""


def _unknown(line: str, word: str) -> str:
    if not word or line.lstrip().startswith("*"):
        return ""
    if word not in CARDS:
        return f"is no card of a circuit. {did_you_mean(word, CARDS)}"
    if line.lstrip().startswith("+"):
        return "continues a card with another card. Write each on a line of its own."
    return ""


def _shown(line: str) -> str:
    line = line.strip()
    return repr(line if len(line) < 120 else line[:117] + "...")
