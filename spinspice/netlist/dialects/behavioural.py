"""The words of LTspice and Xyce: PSpice's language, junctions as behavioural sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from spinspice.netlist.dialects.base import Options, same_options
from spinspice.netlist.dialects.language import COMMON, Forms, Language
from spinspice.netlist.dialects.spice import SpiceDialect

_FORMS: Forms = {
    **COMMON,
    ("ln", 1): "ln({0})",
    ("floor", 1): "floor({0})",
    ("ceil", 1): "ceil({0})",
    ("**", 2): "pow({0},{1})",
}


class BehaviouralDialect(SpiceDialect):
    """What both have in common."""

    quotes: ClassVar[tuple[str, str]] = ("{", "}")
    params: ClassVar[str] = "PARAMS: "
    realisation: ClassVar[str] = "abm"

    @staticmethod
    def signal(signal: str) -> str:
        """Return a signal with a colon between the levels."""
        return signal.replace("(v.", "(").replace(".", ":")


class Ltspice(BehaviouralDialect):
    """LTspice."""

    simulator: ClassVar[str] = "LTspice"
    language: ClassVar[Language] = Language("LTspice", _FORMS)
    binned: ClassVar[bool] = False
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        **SpiceDialect.models,
        **{(kind, level): f"{kind} level=14" for kind in ("nmos", "pmos") for level in (14, 54)},
        **{(kind, level): f"{kind} level=8" for kind in ("nmos", "pmos") for level in (8, 49)},
    }
    options: ClassVar[Options] = same_options("reltol", "abstol", "vntol", "chgtol", "gmin", "trtol")


class Xyce(BehaviouralDialect):
    """Xyce."""

    simulator: ClassVar[str] = "Xyce"
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        **SpiceDialect.models,
        **{(kind, level): f"{kind} level=9" for kind in ("nmos", "pmos") for level in (8, 49)},
    }
    language: ClassVar[Language] = Language("Xyce", _FORMS)
