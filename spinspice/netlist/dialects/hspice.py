"""HSPICE's words: expressions in quotation marks, junctions as Verilog-A, transistors as BSIM4 level 54."""

from __future__ import annotations

from typing import ClassVar

from spinspice.netlist.dialects.base import Options, same_options
from spinspice.netlist.dialects.language import COMMON, Language
from spinspice.netlist.dialects.spice import SpiceDialect


class Hspice(SpiceDialect):
    """HSPICE."""

    simulator: ClassVar[str] = "HSPICE"
    quotes: ClassVar[tuple[str, str]] = ("'", "'")
    #: ``log`` is natural and ``pow(x, y)`` cuts y to an integer: ``**`` does not.
    language: ClassVar[Language] = Language(
        "HSPICE",
        {
            **COMMON,
            ("ln", 1): "log({0})",
            ("pow", 2): "(({0})**({1}))",
            ("**", 2): "(({0})**({1}))",
            ("sgn", 1): "sgn({0})",
            ("int", 1): "int({0})",
            ("floor", 1): "(int({0})-(int({0})>({0}) ? 1 : 0))",  # it has int alone, which rounds towards zero
        },
    )
    options: ClassVar[Options] = same_options("reltol", "abstol", "gmin")

    @staticmethod
    def signal(signal: str) -> str:
        """``v(x1.mx)`` and ``i(vdd)`` are the same; ``i(v.x1.vm)`` of ngspice is ``i(x1.vm)``."""
        return f"i({signal[4:]}" if signal.startswith("i(v.") else signal
