"""Cards by size of transistor: of a device with a model for every range of sizes, a cell carries those it uses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from spinspice.errors import ParameterError

#: Relative accuracy to which ngspice compares sizes with the ends of a bin.
SIZE = 1e-9
#: Polarity, width [m] and length [m] of a transistor.
Size = tuple[Literal["n", "p"], float, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bin:
    """Cards that hold for widths from ``wmin`` to ``wmax`` and lengths from ``lmin`` to ``lmax``, in metres."""

    lmin: float
    lmax: float
    wmin: float
    wmax: float
    text: str

    def holds(self, w: float, length: float) -> bool:
        """Return whether a transistor of this size may use these cards.

        In ngspice both ends belong to a bin, to within 1e-9, and of two bins the later card counts.
        """
        return _between(self.lmin, length, self.lmax) and _between(self.wmin, w, self.wmax)


def _between(low: float, value: float, high: float) -> bool:
    return low * (1.0 - SIZE) < value < high * (1.0 + SIZE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Binned:
    """Cards of two devices, each a subcircuit with one model for every range of sizes.

    Parameters
    ----------
    shared : str
        Cards that both need.
    heads, tails : dict of str
        Cards before and after the bins, by polarity.
    bins : dict of tuple of Bin
    """

    shared: str
    heads: dict[str, str]
    tails: dict[str, str]
    bins: dict[str, tuple[Bin, ...]]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Make it of what a cache holds."""
        return cls(
            shared=data["shared"],
            heads={polarity: data[polarity]["head"] for polarity in "np"},
            tails={polarity: data[polarity]["tail"] for polarity in "np"},
            bins={polarity: tuple(Bin(**entry) for entry in data[polarity]["bins"]) for polarity in "np"},
        )

    def all(self) -> str:
        """Return every card."""
        return self._text(self.bins)

    def for_sizes(self, sizes: Iterable[Size]) -> str:
        """Return the cards that transistors of these sizes use, in the foundry's order.

        Raises
        ------
        ParameterError
            For a size that no bin holds.
        """
        used: dict[str, set[Bin]] = {"n": set(), "p": set()}
        for polarity, w, length in sizes:
            found = [entry for entry in self.bins[polarity] if entry.holds(w, length)]
            if not found:
                raise ParameterError(
                    f"no model for {polarity} transistors of w = {w:g} m and l = {length:g} m; widths from "
                    f"{min(b.wmin for b in self.bins[polarity]):g} m to {max(b.wmax for b in self.bins[polarity]):g} m "
                    f"and lengths from {min(b.lmin for b in self.bins[polarity]):g} m to "
                    f"{max(b.lmax for b in self.bins[polarity]):g} m have one. Choose another size."
                )
            used[polarity] |= set(found)
        return self._text({polarity: [b for b in self.bins[polarity] if b in used[polarity]] for polarity in used})

    def _text(self, bins: Mapping[str, Iterable[Bin]]) -> str:
        parts = [self.shared]
        for polarity, entries in bins.items():
            texts = [entry.text for entry in entries]
            if texts:
                parts += [self.heads[polarity], *texts, self.tails[polarity]]
        return "\n".join(parts) + "\n"
