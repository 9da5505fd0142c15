"""Tells a file in another language from SPICE, so that an error can say which one it is."""

from __future__ import annotations

import re

#: Language -> what a line of it looks like, in lower case. The first that fits counts.
_SIGNS = {
    "VHDL": r"(entity|architecture)\s+\w+\s+(is|of)\b|library\s+ieee\b",
    "Spectre's language": r"simulator\s+lang\s*=\s*spectre|\w+\s+\([^()]*\)\s+\w+(\s+\w+\s*=.*)?$|ahdl_include\b"
    r"|(inline\s+)?subckt\s+\S+\s*\(?.*|(library|section)\s+\w+$|parameters\s+\w+\s*=|statistics\s*\{",
    "VACASK's language": r"(load|include)\s+\"[^\"]*\.osdi\"|ground\s+\w+$|control$|model\s+\w+\s+\w+(\s*\(.*)?$",
    "Verilog-A": r"`include\s+\"(disciplines|constants)\b.*|`timescale\b.*analog|analog\s+begin|electrical\s+.*;?$"
    r"|nature\b|discipline\b",
    "Verilog or Verilog-A": r"module\s+\w+\s*[(;#].*|`(include|timescale|define|ifdef)\b|endmodule\b",
    "an LTspice schematic (.asc)": r"version\s+4\b.*|sheet\s+\d+\s+\d+\s+\d+|(wire|symbol)\s+\S+\s+-?\d+\s+-?\d+.*",
    "an xschem schematic (.sch)": r"v\s*\{xschem\s+version.*|[gkvsetnbc]\s*\{.*",
    "a KiCad schematic": r"\(kicad_sch\b|eeschema schematic",
    "a gEDA schematic (.sch)": r"v\s+20\d{6}\s+\d",
    "a layout or a magic file": r"magic$|tech\s+\w+$|header\s+\d",
}
_ADVICE = {
    "Spectre's language": "Netlist the cell for ngspice or HSPICE",
    "VACASK's language": "Write the cell as a SPICE .subckt",
    "an LTspice schematic (.asc)": "Use View, SPICE Netlist in LTspice and give that file",
    "an xschem schematic (.sch)": "Use Netlist in xschem (LVS mode: .subckt) and give the .spice file",
    "a KiCad schematic": "Export the netlist as SPICE and give that file",
}


def other_language(line: str) -> str:
    """Return an error message for a line that belongs to another language, or "".

    >>> other_language("simulator lang=spectre")
    "this is Spectre's language, which is not read: SPICE is. Netlist the cell for ngspice or HSPICE."
    """
    text = line.strip().lower()
    for language, pattern in _SIGNS.items():
        if re.match(pattern, text):
            advice = _ADVICE.get(language, "Write the cell as a SPICE .subckt")
            return f"this is {language}, which is not read: SPICE is. {advice}."
    return ""
