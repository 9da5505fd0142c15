"""What the log of an ngspice run really said: exit status 0 does not mean that the circuit was understood.

ngspice (versions 39 to 47) ends with status 0 after it ignored a malformed line or an unknown model parameter, and
prints much that is harmless. So a log is searched for two kinds of lines: *faults*, with which no run counts as done,
and *symptoms* (failed homotopy steps, singular matrices, arguments out of range), which are normal on the way to an
operating point and only explain a run that did fail. Of what looks like a fault, :mod:`spinspice.engines.harmless` says
what is none and becomes a note.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from spinspice.engines import harmless
from spinspice.errors import ConvergenceError, EngineError

#: Kind of a finding -> what it means.
MEANING = {
    "ignored": "ngspice ignored a part of the deck, so its result would be that of another circuit",
    "parameter": "ngspice met a parameter that it does not know",
    "model": "ngspice met a model that it does not know",
    "subcircuit": "ngspice met a subcircuit that is not defined",
    "file": "ngspice could not read a file that the deck names",
    "syntax": "ngspice could not read the deck",
    "signal": "ngspice was asked to save signals that the circuit does not have",
    "range": "ngspice met a parameter outside its range",
    "disk": "ngspice could not write its waveforms: the disk is full or cannot be written",
    "memory": "ngspice ran out of memory",
    "convergence": "ngspice did not converge",
    "time step": "the time step of ngspice became too small",
    "aborted": "ngspice stopped before the end",
    "error": "ngspice reported an error",
}
_CONVERGENCE = ("convergence", "time step")
_ADVICE = {
    "disk": "Make room where temporary files go, or set TMPDIR to another folder.",
    "convergence": (
        "Look for nodes without a path to ground, voltage sources in a loop and B-sources that jump; or loosen "
        "Testbench.options, such as {'reltol': 1e-2, 'gmin': 1e-10}."
    ),
    "time step": (
        "Something changes faster than the shortest step ngspice takes, 1e-11 of its longest: smooth steep sources and "
        "B-sources that jump, lengthen the switching time t_sw of telegraph junctions, or lower Testbench.max_step. "
        "Where hundreds of cells in a deck do not find their first step: Testbench.options {'pivrel': 0.1}."
    ),
}
# First match wins, so special sayings stand before general ones.
_FAULTS: tuple[tuple[str, str], ...] = (
    (r"\bignored\b|resistance to low", "ignored"),
    (r"un(known|recognized|defined) parameter|cannot compute substitute", "parameter"),
    (r"out of bounds", "range"),
    (r"write error|no space left", "disk"),
    (r"can't find model|valid modelname|unknown model|unable to find definition of model", "model"),
    (r"unknown subckt", "subcircuit"),
    (r"could not find (include|library)|can't open|no such file|cannot open|unable to open", "file"),
    (r"no data saved", "signal"),
    (r"out of memory|memory allocation|can't allocate|memory required", "memory"),
    (r"operating point could not|operating point .*failed|transient op failed|initial timepoint", "convergence"),
    (r"timestep too small", "time step"),
    (r"iteration limit reached|no convergence", "convergence"),
    (r"expression err|formula\(\) error|misplaced operator|not enough parameters|unimplemented", "syntax"),
    (r"syntax error|parse error|no circuit loaded|circuit not parsed", "syntax"),
    (r"^error on line|netlist line no|too (few|many) (nodes|parameters)", "syntax"),
    (r"simulation\(s\) aborted|interrupted due to error|fatal error|^doanalyses|internal error", "aborted"),
    (r"^error\b(?!.*out of range for)", "error"),
)
_SYMPTOMS: tuple[tuple[str, str], ...] = (
    (r"singular matrix", "convergence"),
    (r"out of range for", "convergence"),
    (r"stepping failed|gmin step failed", "convergence"),
)
_FAULT_PATTERNS = [(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _FAULTS]
_SYMPTOM_PATTERNS = [(re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _SYMPTOMS]
#: Kinds in the order in which they explain best.
_RANK = [
    "disk", "file", "subcircuit", "model", "parameter", "range", "ignored", "signal", "memory", "time step",
    "convergence", "syntax", "error", "aborted",
]  # fmt: skip
_PROGRESS = re.compile(r"\s*Reference value\s*:\s*\S+\s*\r?|% complete.*?\r")
# Where ngspice 46 gives two numbers, the internal one is that of a deck without comments and empty lines.
_NUMBER = re.compile(r"(?:internal line no\. ?|(?<!internal )\bline (?:no\. ?)?)(\d+)(?!.*internal line no)")


@dataclasses.dataclass(frozen=True)
class Finding:
    """A line of a log that matters: its kind (a key of :data:`MEANING`), its text, and the deck line it points to."""

    kind: str
    text: str
    deck_line: int | None = None
    deck_text: str = ""


def read_log(log: str, deck: Sequence[str] = ()) -> list[Finding]:
    """Return the faults that a log reports; none for a run that went well.

    Parameters
    ----------
    log : str
        Standard output and error of ngspice, or what the library printed.
    deck : sequence of str
        Lines of the deck, to find the one that is meant.
    """
    return _search(log, deck, _FAULT_PATTERNS)


def read_notes(log: str, deck: Sequence[str] = ()) -> list[str]:
    """Return what a reader of the result should know of a log that holds no faults."""
    return harmless.sort_out(clean(log).splitlines(), harmless.NGSPICE, deck)[1]


def read_symptoms(log: str, deck: Sequence[str] = ()) -> list[Finding]:
    """Return the lines that may explain a failure, but also occur in runs that went well."""
    return _search(log, deck, _SYMPTOM_PATTERNS)


def clean(log: str) -> str:
    """Return a log without progress messages and the library's stream names."""
    lines = (re.sub(r"^(stderr|stdout) ?", "", line).rstrip() for line in _PROGRESS.sub("", log).splitlines())
    return "\n".join(line for line in lines if line)


def _search(log: str, deck: Sequence[str], patterns: list[tuple[re.Pattern[str], str]]) -> list[Finding]:
    lines = [line for line in clean(log).splitlines() if not line.startswith("Circuit:")]
    lines, _ = harmless.sort_out(lines, harmless.NGSPICE, deck)
    echoes = {_squeeze(card) for card in deck}
    found: list[Finding] = []
    for index, line in enumerate(lines):
        if _squeeze(line) in echoes:
            continue
        kind = next((kind for pattern, kind in patterns if pattern.search(line.strip())), None)
        if kind is None:
            continue
        number = harmless.contradiction(line, harmless.NGSPICE, deck) or _deck_line(lines, index, deck)
        finding = Finding(kind, line.strip(), number, deck[number - 1] if number else "")
        if finding not in found:
            found.append(finding)
    return found


def _deck_line(lines: list[str], index: int, deck: Sequence[str]) -> int | None:
    """Return the number (from 1) of the deck line that a log line and its neighbours speak of."""
    near = [lines[i] for i in (index, index + 1, index - 1) if 0 <= i < len(lines)]
    cards = {_squeeze(card): number for number, card in reversed(list(enumerate(deck, start=1)))}
    for line in near:
        quoted = re.search(r"'([^']+ [^']+)'", line)
        tails = (line.split(":", 1)[-1], line.rsplit(":", 1)[-1], line.removesuffix(" ..."))
        for candidate in (line, quoted[1] if quoted else "", *tails):
            if _squeeze(candidate) in cards:
                return cards[_squeeze(candidate)]
    for line in near:
        undefined = re.search(r"undefined parameter \[(\w+)\]|could not find \w+ file (\S+)", line, re.IGNORECASE)
        if undefined:
            word = re.compile(rf"\b{re.escape(undefined[1] or undefined[2])}\b", re.IGNORECASE)
            return next((number for number, card in enumerate(deck, start=1) if word.search(card)), None)
    for line in near[:2]:
        named = re.search(r"in line ([a-z]\S*)|(r\S*): resistance to low", line)
        if named:
            return _by_name(named[1] or named[2], deck)
        bounds = re.search(r"parameter (\w+) is out of bounds", line, re.IGNORECASE)
        if bounds:  # the first instance that sets it, which need not be the one
            wanted = re.compile(rf"^[xn]\S*\s.*\b{bounds[1]}\s*=", re.IGNORECASE)
            return next((number for number, card in enumerate(deck, start=1) if wanted.search(card)), None)
    for line in near:
        numbered = _NUMBER.search(line)
        if numbered and 1 <= int(numbered[1]) <= len(deck):
            return int(numbered[1])
    return None


def _by_name(name: str, deck: Sequence[str]) -> int | None:
    """Return the line of an element, given its full name (``n.x1.n1`` is n1 inside x1)."""
    wanted = name.lower().split(".")[-1]
    return next((number for number, card in enumerate(deck, start=1) if card.lower().split()[:1] == [wanted]), None)


def _squeeze(text: str) -> str:
    return " ".join(text.lower().split())


def failure(
    *, engine: str, log: str, deck: Sequence[str], reason: str = "", kept: str = "", rerun: str = ""
) -> EngineError:
    """Return the error that says why a run failed.

    Parameters
    ----------
    engine : str
        Name and version, such as ``"ngspice 46"``.
    log : str
        All that it printed.
    deck : sequence of str
        Lines of the deck.
    reason : str
        What was seen besides the log (exit status, missing points); used alone if the log is silent.
    kept : str
        Folder with deck and log.
    rerun : str
        Command that repeats the run by hand.
    """
    faults = sorted(read_log(log, deck), key=lambda finding: _RANK.index(finding.kind))
    symptoms = read_symptoms(log, deck)
    parts: list[str] = []
    kind = ""
    if faults:
        first = faults[0]
        kind = first.kind
        parts.append(f"{MEANING[kind].replace('ngspice', engine)}.")
        explained = [first, *symptoms[:1]] if kind in (*_CONVERGENCE, "aborted", "error") else [first]
        for finding in explained:
            parts.append(f"  log: {finding.text}")
            if finding.deck_line:
                parts.append(f"  deck line {finding.deck_line}: {finding.deck_text.strip()}")
        if reason and kind in ("aborted", "error"):
            parts.append(f"  {reason}")
    else:
        parts.append(f"{engine}: {reason}.")
        parts += [f"  log: {line}" for line in clean(log).splitlines()[-2:]]
    if kind in _ADVICE:
        parts.append(_ADVICE[kind])
    if kept:
        parts.append(f"Deck and log are kept in {kept}" + (f"; by hand: {rerun}" if rerun else "."))
    error: type[EngineError] = ConvergenceError if kind in _CONVERGENCE else EngineError
    return error("\n".join(parts))
