"""Capacitors and resistors of SG13G2: the MIM capacitor, and the resistors on r3_cmc, whose Verilog-A comes along.

Nominal values; the foundry's mismatch of them is not drawn.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from spinspice.cmos.passives import Passive
from spinspice.cmos.placed import COPIES
from spinspice.cmos.sg13g2_text import first

#: Names -> parameters that an instance may give, beside m.
PASSIVES = {
    "cap_cmim": ("w", "l", "mm_ok"),
    **dict.fromkeys(("rsil", "rppd", "rhigh"), ("w", "l", "b", "ps", "mm_ok", "trise", "sw_et", "postsim")),
}
#: Largest size that is taken for meant [m].
_LARGEST = 1e-3
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\s*=\s*(\S+)")
_NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?", re.IGNORECASE)
#: The foundry's C1 with its model cmim_core, 40e-18 F/um at the edge.
_CMIM = (
    f"r1 plus inner 55m m={{{COPIES}}}",
    f"c1 inner minus {{cap_carea*w*l*1e12+2*40e-18*(w+l)*1e6}} tc1=3.6e-6 tc2=2e-9 m={{{COPIES}}}",
)


def ports_of(name: str) -> tuple[str, ...]:
    """Return the ports of a device of :data:`PASSIVES`."""
    return ("plus", "minus") if name == "cap_cmim" else ("1", "2", "bn")


@functools.lru_cache(maxsize=16)
def passive(name: str, folder: Path) -> Passive:
    """Return a device of :data:`PASSIVES`; ``folder`` holds the foundry's libraries."""
    if name == "cap_cmim":
        sizes = {"w": "7e-6", "l": "7e-6"}
        return Passive(name, ports_of(name), sizes, _CMIM, units="metres", largest=_LARGEST, ignored=("mm_ok",))
    text = first(rf"^\.subckt {name} 1 2 bn\s*$(.*?)^\.ends", folder / "resistors_mod.lib")
    lines = [line.split(";")[0].rstrip() for line in text.splitlines()]
    cards = "\n".join(line for line in lines if line.strip(" +")).replace("\n+", " ").splitlines()
    defaults: dict[str, str] = {}
    body: list[str] = []
    for card in cards:
        if not card.lower().startswith(".param"):
            body.append(_braced(card))
            continue
        for key, value in _ASSIGNMENT.findall(card):
            if key in PASSIVES[name]:
                defaults[key] = value
            elif key != "m":
                body.append(f".param {key}={{{value}}}")
    module = folder.parent / "va" / "r3_cmc"
    return Passive(
        name,
        ports_of(name),
        defaults,
        tuple(body),
        units="metres",
        largest=_LARGEST,
        verilog_a=(str(module / "r3_cmc.va"),),
        licence_files=tuple(str(module / file) for file in ("LICENSE.txt", "NOTICE.txt")),
    )


def _braced(card: str) -> str:
    """Return an element or model with its expressions in braces, and its multiplier as ours.

    Numbers stay as they are: ngspice may round one in braces, and dfinf stands at the end of its range.
    """
    head = _ASSIGNMENT.sub("", card).strip()
    values = ((key, COPIES if key == value == "m" else value) for key, value in _ASSIGNMENT.findall(card))
    written = (f"{key}={value}" if _NUMBER.fullmatch(value) else f"{key}={{{value}}}" for key, value in values)
    return " ".join([head, *written])
