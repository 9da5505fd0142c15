"""The sequencer of clocked p-bits as stimuli: which clock every p-bit has, and the pulses of each clock."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from spinspice.errors import check_range
from spinspice.networks.couplings import Coupling
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.surrogate import turns_of
from spinspice.stimuli import Pulse

#: Edges of a clock over its period, and time that a latch is open: our choice.
EDGE, OPEN = 0.02, 0.4


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sequencer:
    """Clocks of p-bits.

    Parameters
    ----------
    clock : float
        From one update to the next [s].
    groups : sequence of sequences of names
        p-bits that are updated at once; default one at a time. ``Ising.colours()`` gives the fewest that may be.
    """

    clock: float
    groups: Sequence[Sequence[str]] = ()

    def __post_init__(self) -> None:
        check_range("clock", self.clock, 50e-12, 1.0, unit="s", where="sequencer of p-bits")

    def turns(self, ising: Ising) -> list[list[str]]:
        """Return who is updated at each turn."""
        return [
            [n for n, in_it in zip(ising.names, turn, strict=True) if in_it] for turn in turns_of(ising, self.groups)
        ]

    def sweep(self, ising: Ising) -> float:
        """Return the time in which every p-bit has its turn [s]."""
        return self.clock * len(self.turns(ising))

    def clock_of(self, ising: Ising) -> Mapping[str, str]:
        """Return the clock of every p-bit, ``ck<turn>``."""
        return {name: f"ck{k}" for k, turn in enumerate(self.turns(ising)) for name in turn}

    def couplings(self, ising: Ising, low: float, high: float) -> dict[str, Coupling]:
        """Return what makes the clocks of the sources, by name: nothing where they are sources themselves."""
        return {}

    def sources(self, ising: Ising, low: float, high: float) -> dict[str, Pulse]:
        """Return the pulses at the nodes ``ck<turn>`` and ``ckb<turn>`` between two levels [V].

        The latch of turn k closes at (k + 1) clock - edge, and is open for the part :data:`OPEN` of a clock before.
        """
        count = len(self.turns(ising))
        edge, width = EDGE * self.clock, OPEN * self.clock
        made = {}
        for k in range(count):
            times = {
                "delay": (k + 1) * self.clock - width - 3 * edge, "rise": edge, "fall": edge, "width": width,
                "period": count * self.clock,
            }  # fmt: skip
            made[f"ck{k}"] = Pulse(low=low, high=high, **times)
            made[f"ckb{k}"] = Pulse(low=high, high=low, **times)
        return made
