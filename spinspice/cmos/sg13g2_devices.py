"""Transistors of SG13G2 as the foundry's subcircuits take them: sizes in metres, fingers, junctions, mismatch.

The foundry's subcircuit computes the areas and perimeters of source and drain from width and fingers, in one way for an
odd number of fingers and in another for an even one, or takes those that an instance gives. The same arithmetic, read
from the foundry's text, is done here once for every instance.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from spinspice.cmos.packages import FOUNDRIES, cached_cut, read_source
from spinspice.cmos.placed import COPIES, FOUR, DeviceLibrary, FoundryDevice, Placed
from spinspice.cmos.sg13g2_passives import PASSIVES, passive, ports_of
from spinspice.cmos.sg13g2_text import SPREAD, element_of, first, model_of, without_draws
from spinspice.errors import ParameterError
from spinspice.netlist.arithmetic import evaluate
from spinspice.netlist.expressions import parse_expression

TRANSISTORS = ("sg13_lv_nmos", "sg13_lv_pmos", "sg13_hv_nmos", "sg13_hv_pmos")
#: Lengths and widths of a finger for which the models are meant [m]: heads of the foundry's libraries, and lower, the
#: defaults of its high-voltage devices. Ten times the upper ones are taken: a mistaken unit is told from a designer's
#: choice (our choice).
_RANGES = {
    "sg13_lv_nmos": (0.13e-6, 10e-6, 0.15e-6, 10e-6),
    "sg13_lv_pmos": (0.13e-6, 10e-6, 0.15e-6, 10e-6),
    "sg13_hv_nmos": (0.34e-6, 10e-6, 0.15e-6, 10e-6),
    "sg13_hv_pmos": (0.28e-6, 10e-6, 0.15e-6, 10e-6),
}
_MARGIN = 10.0
_JUNCTION = ("as", "ad", "ps", "pd")
#: What the element and the model of a device refer to.
_GIVEN = ("w", "l", "ng", "trise", "pre_layout", *_JUNCTION)
_SIMPLE = re.compile(r"([A-Za-z]\w*)=('[^']*'|[^\s']+)")


@dataclasses.dataclass(frozen=True)
class _Cut:
    """Defaults of a device, its junctions for an odd and an even number of fingers, and its cards."""

    defaults: Mapping[str, str]
    odd: Mapping[str, str]
    even: Mapping[str, str]
    cards: str


class TransistorG2(FoundryDevice):
    """A transistor of SG13G2."""

    units = "metres"
    spread = SPREAD

    def __init__(self, name: str, cut: _Cut) -> None:
        super().__init__(name, FOUR, cut.defaults)
        self.vdd_max = 3.63 if "_hv_" in name else 0.0  # 3.3 V and a tenth more
        self._cut = cut

    def place(self, values: Mapping[str, float]) -> Placed:
        self._check_size(values["w"], values["l"], values["ng"])
        if values["rfmode"]:
            raise ParameterError(
                f"rfmode = 1 asks for the model of {self.name} with delayed charges (pspnqs103va), which is not taken. "
                "Leave it out."
            )
        given = {name: values[name] for name in _GIVEN}
        if values["as"] <= 1e-50:
            fingers = values["ng"]
            odd = int(int(fingers / 2 + 0.501) * 2 + 0.001) != fingers
            given |= {
                name: evaluate(parse_expression(text), values.__getitem__)
                for name, text in (self._cut.odd if odd else self._cut.even).items()
            }
        master = f"{self.name}__placed"
        return Placed(master, self._cut.cards, {**given, COPIES: values["m"]}, alike=values["mm_ok"] != 1)

    def _check_size(self, w: float, length: float, fingers: float) -> None:
        l_min, l_max, w_min, w_max = _RANGES[self.name]
        finger = w / fingers
        tiny = 1.0 - 1e-9
        if l_min * tiny <= length <= l_max * _MARGIN and w_min * tiny <= finger <= w_max * _MARGIN:
            return
        hint = " Sizes are in metres: write w=1u, not w=1." if max(w, length) > 1e-2 else ""
        raise ParameterError(
            f"{self.name} has no model for w = {w:.6g} m in {fingers:g} finger{'s' * (fingers != 1)} and l = "
            f"{length:.6g} m. Its models are meant for widths of a finger from {w_min:g} to {w_max:g} m and lengths "
            f"from {l_min:g} to {l_max:g} m.{hint}"
        )


@dataclasses.dataclass(frozen=True)
class LibraryG2(DeviceLibrary):
    """Devices of SG13G2 at one corner; ``folder`` holds the foundry's libraries."""

    corner: str
    folder: Path
    prefixes: ClassVar[tuple[str, ...]] = tuple(prefix for prefix, name in FOUNDRIES.items() if name == "sg13g2")
    example: ClassVar[str] = "w=1u l=0.13u"

    @property
    def names(self) -> tuple[str, ...]:
        return (*TRANSISTORS, *PASSIVES)

    def ports(self, name: str) -> tuple[str, ...]:
        return ports_of(name) if name in PASSIVES else FOUR

    def device(self, name: str) -> FoundryDevice:
        if name in PASSIVES:
            return passive(name, self.folder)
        return _transistor(name, self.folder)

    def shared(self, cards: Iterable[str]) -> str:
        used = set(re.findall(r"\b(?:sg13g2_[lh]v_[np]mos_|rsh_|cap_carea)\w*", " ".join(cards)))
        return "\n".join(f".param {name}={value}" for name, value in self._parameters().items() if name in used)

    def _parameters(self) -> dict[str, str]:
        files = [self.folder / f"{name}.lib" for name in (*_files("lv"), *_files("hv"), "cornerRES", "cornerCAP")]
        return cached_cut(f"sg13g2-{self.corner}-parameters", files, functools.partial(self._read, files))

    def _read(self, files: Iterable[Path]) -> dict[str, str]:
        known: dict[str, str] = {}
        for path in files:
            text = read_source(path)
            if path.name.startswith("corner"):
                kind = {"RES": "res_typ", "CAP": "cap_typ"}.get(path.stem[6:], f"mos_{self.corner}")
                text = first(rf"^\.LIB {kind}\s*$(.*?)^\.ENDL", path)
            for name, value in re.findall(r"^\s*\.param\s+(\w+)\s*=\s*(\S+)", text, re.MULTILINE | re.IGNORECASE):
                known[name] = value
        return known


def _files(voltage: str) -> tuple[str, ...]:
    return f"cornerMOS{voltage}", f"sg13g2_mos{voltage}_mismatch"


@functools.lru_cache(maxsize=8)
def _transistor(name: str, folder: Path) -> TransistorG2:
    voltage = name.split("_")[1]
    files = [folder / f"sg13g2_mos{voltage}_{part}.lib" for part in ("mod_mismatch", "parm")]
    data = cached_cut(f"sg13g2-{name}", files, functools.partial(_cut, name, *files))
    return TransistorG2(name, _Cut(**data))


def _cut(name: str, devices: Path, models: Path) -> dict[str, Any]:
    """Cut a device: what an instance may give it, the arithmetic of its junctions, its element and its model."""
    head = first(rf"^\.subckt {name} [^\n]*\n((?:\+[^\n]*\n)+)", devices)
    defaults = {key.lower(): value for key, value in _SIMPLE.findall(head)}
    odd, even = (dict(_SIMPLE.findall(element_of(name, devices, number))) for number in (0, 1))
    element = without_draws(element_of(name, devices, 2), name, devices)
    element = re.sub(r"mult='m'", f"mult='{COPIES}'", element).replace("sqrt(m*", f"sqrt({COPIES}*")
    parameters = " ".join(f"{key}=0" for key in (*_GIVEN, "swsoa", *SPREAD))
    head = f".subckt {name}__placed d g s b {parameters} {COPIES}=1"
    return {
        "defaults": defaults,
        "odd": {key: odd[key] for key in _JUNCTION},
        "even": {key: even[key] for key in _JUNCTION},
        "cards": "\n".join([head, element, model_of(name, models), f".ends {name}__placed"]),
    }
