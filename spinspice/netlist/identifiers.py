"""Names that mean the same in every simulator: letters, digits and underscores.

Netlists hold names such as ``m<3>``, ``net#1`` or ``x1.a``. A dot separates levels of the hierarchy where ngspice makes
a circuit flat, ``#`` marks nodes inside of devices, brackets are vectors, and some words are quantities of expressions
or words of a language (ngspice 46 crashes on a node called ``temper``). Such names are changed before a simulator sees
them, each to another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ODD = re.compile(r"[^a-z0-9_]")
#: Words that are quantities, functions, or words of a simulator's language. The list is ours: expressions of ngspice,
#: and the words of Spectre and VACASK.
RESERVED = frozenset(
    [
        "time",
        "temper",
        "temp",
        "tnom",
        "hertz",
        "pi",
        "e",
        "c",
        "kelvin",
        "boltz",
        "echarge",
        "planck",
        "true",
        "false",
        "yes",
        "no",
        "all",
        "ac",
        "alter",
        "altergroup",
        "analysis",
        "assert",
        "dc",
        "end",
        "endc",
        "ends",
        "control",
        "embed",
        "else",
        "envlp",
        "exp",
        "export",
        "for",
        "function",
        "gnd",
        "global",
        "ground",
        "hier",
        "if",
        "ic",
        "in",
        "include",
        "info",
        "inline",
        "int",
        "library",
        "load",
        "local",
        "march",
        "model",
        "montecarlo",
        "nodeset",
        "noise",
        "off",
        "op",
        "options",
        "pac",
        "param",
        "parameters",
        "params",
        "paramset",
        "plot",
        "poly",
        "print",
        "pss",
        "pulse",
        "pwl",
        "pxf",
        "pz",
        "real",
        "return",
        "save",
        "section",
        "endsection",
        "sens",
        "set",
        "shell",
        "simulator",
        "sin",
        "sp",
        "spectre",
        "spice",
        "stb",
        "subckt",
        "sweep",
        "tdr",
        "test",
        "to",
        "tran",
        "table",
        "value",
        "vary",
        "vol",
        "cur",
        "xf",
    ]
)


def safe(name: str, taken: Iterable[str] = ()) -> str:
    """Return a name (in lower case) of letters, digits and underscores that none of ``taken`` has.

    >>> safe("m<3>"), safe("x1.a", {"x1_a"}), safe("temper"), safe("3v3"), safe("12")
    ('m_3_', 'x1_a_2', 'temper_', 'n3v3', '12')
    """
    plain = _ODD.sub("_", name)
    if plain[0].isdigit() and (not plain.isdecimal() or plain[0] == "0"):
        plain = f"n{plain}"
    if plain in RESERVED:
        plain += "_"
    if plain not in taken:
        return plain
    # Doubling steps first, so that the thousandth of a name takes no thousand steps to find.
    high = 2
    while f"{plain}_{high}" in taken:
        high *= 2
    low = high // 2 + 1 if high > 2 else 2
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if f"{plain}_{middle}" in taken else (low, middle)
    return f"{plain}_{low}"


def safe_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """Return the safe name of each; a name that is safe as it stands keeps it, whatever the others are."""
    names, used = list(dict.fromkeys(names)), set(taken)
    result = {name: name for name in names if safe(name) == name and name not in used}
    used |= result.keys()
    for name in names:
        if name not in result:
            result[name] = safe(name, used)
            used.add(result[name])
    return {name: result[name] for name in names}
