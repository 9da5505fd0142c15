"""Large decks in parts: a testbench whose cells do not act on one another, as several, and their waveforms as one.

The cost of a cell rises where a deck no longer fits into the processor's caches, and one deck keeps one processor busy.
Cells that share nothing but nodes held by ideal sources (:mod:`spinspice.netlist.parts`) run as decks of their own.
Names and seeds stay, so each cell gets the noise it would have had. Each deck chooses its own time points, as a deck of
those cells alone does; the whole has the points of all, and signals are linear between their own. A current that
several decks share is the sum of its parts, so accounts of energy close as before.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import UsageError, check_whole
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Cells in a deck by default: our choice, where the cost of a cell is still that of one alone (docs/performance.md).
CELLS = 64
#: Points nearer to one another than this fraction of the run are one: rounding of the engines' clocks.
SAME_POINT = 1e-12
_WORD = re.compile(r"[a-z_]\w*")
_CELL = re.compile(r"^[xn]", re.IGNORECASE | re.MULTILINE)

#: How far decks are split: None at 64 cells, False never, or the largest number of cells in a deck.
Split = int | bool | None


@dataclasses.dataclass(frozen=True)
class Decks:
    """A testbench in parts.

    Parameters
    ----------
    whole : Testbench
    decks : tuple of Testbench
        One if the testbench stays whole.
    homes : mapping
        Signal -> numbers of the decks that have it; a signal of several is their sum.
    reason : str
        Why it stays whole.
    """

    whole: Testbench
    decks: tuple[Testbench, ...]
    homes: Mapping[str, tuple[int, ...]]
    reason: str = ""

    def join(self, runs: Sequence[Waveforms]) -> Waveforms:
        """Return the waveforms of all decks as those of the whole testbench."""
        if len(self.decks) == 1:
            return runs[0]
        time = _points([run.time for run in runs], self.whole.stop)
        signals = {
            name: functools.reduce(np.add, [np.interp(time, runs[i].time, runs[i][name]) for i in decks])
            for name, decks in self.homes.items()
        }
        events = {name: run.events[name] for name in self.whole.save for run in runs if name in run.events}
        notes = list(dict.fromkeys(note for run in runs for note in run.provenance.get("notes", ())))
        provenance = {
            **runs[0].provenance,
            "testbench": self.whole.digest(),
            "title": self.whole.title,
            "parameters": dict(self.whole.parameters),
            "seed": self.whole.parameters.get("seed"),
            "wall_time": sum(float(run.provenance.get("wall_time", 0.0)) for run in runs),
            "decks": len(runs),
            **({"notes": notes} if notes else {}),
        }
        return Waveforms(time, signals, events=events, provenance=provenance)


def split_testbench(testbench: Testbench, split: Split = None) -> Decks:
    """Divide a testbench into decks of cells that do not act on one another.

    Parameters
    ----------
    testbench : Testbench
    split : int, bool or None
        Largest number of cells (instances outside subcircuits) in a deck; None and True are 64, False leaves the
        testbench whole. What is coupled stays together, whatever its size.

    Raises
    ------
    UsageError
        For a number below 1.
    """
    if split is False:
        return _whole(testbench, "it is not to be split")
    largest = CELLS if split is None or split is True else check_whole("split", split, -(10**9), 10**9)
    if largest < 1:
        raise UsageError(f"split = {split} cells in a deck is less than 1. Give a number, or False to split nothing.")
    return _split(testbench, largest)


def _split(testbench: Testbench, largest: int) -> Decks:
    if len(_CELL.findall(testbench.circuit)) <= largest:  # most are small: no further look
        return _whole(testbench, f"it has {largest} cells or fewer")
    if testbench.digital:
        return _whole(testbench, "digital blocks see all cells")
    from spinspice.netlist.parts import Coupled, parts  # only where a deck is large

    try:
        made, homes = parts(testbench.circuit, testbench.save, largest)
    except Coupled as reason:
        return _whole(testbench, str(reason))
    decks = []
    for number, part in enumerate(made, start=1):
        words = set(_WORD.findall(part.circuit.lower()))
        own = {name: value for name, value in testbench.parameters.items() if name.lower() in words}
        title = f"{testbench.title}, deck {number} of {len(made)}"
        decks.append(testbench.replace(circuit=part.circuit, save=part.save, parameters=own, title=title))
    return Decks(testbench, tuple(decks), homes)


def _whole(testbench: Testbench, reason: str) -> Decks:
    return Decks(testbench, (testbench,), dict.fromkeys(testbench.save, (0,)), reason)


def run_in_decks(testbench: Testbench, run: Callable[[Testbench], Waveforms], split: Split = None) -> Waveforms:
    """Run the decks of a testbench one after the other by ``run``, and return the waveforms of the whole."""
    decks = split_testbench(testbench, split)
    return decks.join([run(deck) for deck in decks.decks])


def _points(times: Sequence[NDArray[np.float64]], stop: float) -> NDArray[np.float64]:
    """Return the points of all decks, those of one moment once."""
    first = times[0]
    if all(time.size == first.size and np.allclose(time, first, rtol=0.0, atol=SAME_POINT * stop) for time in times):
        return first
    every = np.unique(np.concatenate(times))
    return every[np.diff(every, prepend=-np.inf) > SAME_POINT * stop]
