"""The kinds of data that can be fitted, by name."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.errors import UsageError, did_you_mean
from spinspice.fitting.base import Data
from spinspice.fitting.curves import Mean, Rate, Rates, Switching
from spinspice.fitting.resistances import ResistanceBias, ResistanceField
from spinspice.fitting.stays import Dwells, Trace

KINDS: Mapping[str, type[Data]] = {
    kind.kind: kind for kind in (Trace, Dwells, Rates, Rate, Mean, Switching, ResistanceBias, ResistanceField)
}


def find_kind(name: str) -> type[Data]:
    """Return a kind of data by its name.

    Raises
    ------
    UsageError
    """
    if name not in KINDS:
        raise UsageError(f"no kind of data {name!r}. {did_you_mean(name, KINDS)}")
    return KINDS[name]
