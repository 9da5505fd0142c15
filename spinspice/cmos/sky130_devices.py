"""Transistors of SKY130 as the foundry's subcircuits take them: sizes in micrometres, fingers, junctions, mismatch.

A cell that is imported places them by name with the parameters of the foundry's subcircuits. Two of these count
devices, in different ways, as in the foundry's library: ``m`` is the number of devices in parallel, while ``mult`` only
enters the mismatch, whose variance it divides. The model is chosen by the width of a finger, ``w / nf``: bins
are made for it (BSIM4's own widths are those of a finger), and the foundry's settings for ngspice ask for it
(``ngbehavior=hsa``); ngspice by itself, without ``.option wnflag=1``, would choose by the whole width.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from spinspice.cmos.bins import Bin
from spinspice.cmos.packages import cached_cut, read_source
from spinspice.cmos.placed import COPIES, FOUR, DeviceLibrary, FoundryDevice, Placed
from spinspice.cmos.sky130_passives import PASSIVES
from spinspice.cmos.sky130_text import LIMIT, MISMATCH, foreign, needed, parameters_of, plain_lines
from spinspice.errors import ParameterError

PREFIX = "sky130_fd_pr__"
#: Transistors whose models stand in the library of continuous models, each a subcircuit of one BSIM4 element.
TRANSISTORS = tuple(
    PREFIX + name
    for name in (
        *("nfet_01v8", "nfet_01v8_lvt", "nfet_01v8_esd", "nfet_03v3_nvt", "nfet_05v0_nvt", "nfet_g5v0d10v5"),
        *("esd_nfet_05v0_nvt", "esd_nfet_g5v0d10v5"),
        *("pfet_01v8", "pfet_01v8_lvt", "pfet_01v8_hvt", "pfet_g5v0d10v5", "esd_pfet_g5v0d10v5"),
    )
)
#: Part of a name -> highest supply [V]: its nominal one and a tenth more.
_SUPPLIES = {"g5v0d10v5": 5.5, "05v0": 5.5, "03v3": 3.63}
#: Micrometres in a metre.
_UNIT = 1e-6
_ASSIGNMENTS = re.compile(r"([A-Za-z_]\w*)\s*=\s*(\{[^{}]*\}|'[^']*'|\"[^\"]*\"|\S+)")
#: Parameters of an instance; everything else in the head of a subcircuit is the foundry's own arithmetic.
_INSTANCE = ("w", "l", "nf", "ad", "as", "pd", "ps", "nrd", "nrs", "sa", "sb", "sd", "mult")


@dataclasses.dataclass(frozen=True)
class _Cut:
    """A device as it is cut out: defaults, the cards between head and models, and its models by size."""

    defaults: dict[str, str]
    head: tuple[str, ...]
    bins: tuple[Bin, ...]


class Transistor130(FoundryDevice):
    """A transistor of SKY130."""

    units = "micrometres"
    spread = ("mm",)

    def __init__(self, name: str, cut: _Cut) -> None:
        super().__init__(name, FOUR, {**cut.defaults, "m": "1"})
        self.vdd_max = next((volts for part, volts in _SUPPLIES.items() if part in name), 0.0)
        self._cut = cut

    def place(self, values: Mapping[str, float]) -> Placed:
        index = self._bin(values["w"], values["l"], values["nf"])
        master = f"{self.name}__{index}"
        given = {name: values[name] for name in self._cut.defaults}
        head = " ".join(f"{name}=0" for name in (*given, *self.spread))
        cards = [f".subckt {master} d g s b {head} {COPIES}=1", *self._cut.head, self._cut.bins[index].text]
        return Placed(master, "\n".join([*cards, f".ends {master}"]), {**given, COPIES: values["m"]})

    def _bin(self, w: float, length: float, fingers: float) -> int:
        """Return the number of the model of a size [um]; of two that hold a limit the later one counts."""
        finger = w / fingers * _UNIT
        found = [i for i, entry in enumerate(self._cut.bins) if entry.holds(finger, length * _UNIT)]
        if found:
            return found[-1]
        ranges = [(entry.lmin, entry.lmax, entry.wmin, entry.wmax) for entry in self._cut.bins]
        fitting = [
            r for r, entry in zip(ranges, self._cut.bins, strict=True) if entry.holds(entry.wmin, length * _UNIT)
        ]
        low, high = min(r[0] for r in ranges) / _UNIT, max(r[1] for r in ranges) / _UNIT
        widths = f"widths of a finger from {min(r[2] for r in fitting or ranges) / _UNIT:.6g} to "
        widths += f"{max(r[3] for r in fitting or ranges) / _UNIT:.6g}"
        at = f" at l = {length:.6g}" if fitting else ""
        hint = " Sizes are numbers of micrometres: write w=0.84, not 840e-9 or 0.84u." if min(w, length) < 1e-3 else ""
        raise ParameterError(
            f"{self.name} has no model for w = {w:.6g} um in {fingers:g} finger{'s' * (fingers != 1)} and l = "
            f"{length:.6g} um. There are models for {widths} um{at} and lengths from {low:.6g} to {high:.6g} um.{hint}"
        )


@dataclasses.dataclass(frozen=True)
class Library130(DeviceLibrary):
    """Devices of SKY130 at one corner.

    Parameters
    ----------
    corner : str
    library : Path
        The foundry's library.
    switches : mapping
        Parameters of the section of the corner.
    files : tuple of Path
        Files that the section includes.
    """

    corner: str
    library: Path
    switches: Mapping[str, str] = dataclasses.field(hash=False)
    files: tuple[Path, ...]
    prefixes: ClassVar[tuple[str, ...]] = (PREFIX,)
    example: ClassVar[str] = "w=0.84 l=0.15"

    @property
    def names(self) -> tuple[str, ...]:
        return (*TRANSISTORS, *PASSIVES)

    def ports(self, name: str) -> tuple[str, ...]:
        return PASSIVES[name].ports if name in PASSIVES else FOUR

    def device(self, name: str) -> FoundryDevice:
        if name in PASSIVES:
            return PASSIVES[name]
        models = next(path for path in self.files if path.name.startswith("models_fet"))
        return _transistor(name, models)

    def shared(self, cards: Iterable[str]) -> str:
        known = self._cached("parameters", self._known)
        return "\n".join(f".param {name} = {known[name]}" for name in needed(" ".join(cards), known))

    def _known(self) -> dict[str, Any]:
        known = {**self.switches, "MC_MM_SWITCH": "1"}
        for path in self.files:
            if path.name.startswith(("parameters_", "models_global")):
                known |= parameters_of(read_source(path))
            elif path.name.startswith("models_resistors"):
                known |= parameters_of(read_source(path).partition(".subckt")[0])
        return known

    def _cached(self, what: str, cut: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return cached_cut(f"sky130-{self.corner}-{what}", [self.library, *self.files], cut)


@functools.lru_cache(maxsize=32)
def _transistor(name: str, models: Path) -> Transistor130:
    data = cached_cut(f"sky130-{name.removeprefix(PREFIX)}", [models], functools.partial(_cut, name, models))
    bins = tuple(Bin(**entry) for entry in data["bins"])
    return Transistor130(name, _Cut(data["defaults"], tuple(data["head"]), bins))


def _cut(name: str, models: Path) -> dict[str, Any]:
    """Cut a device: what an instance may give it, its element with sizes in metres, and its models."""
    match = re.search(rf"^\.subckt\s+{name}\s+d g s b\s.*?^\.ends\b", read_source(models), re.MULTILINE | re.DOTALL)
    if not match:
        raise foreign(models.parent, f"no subcircuit {name}")
    cards = _joined(plain_lines(match[0])[:-1])
    defaults, head, bins = {}, [], []
    for card in cards:
        word = card.split(maxsplit=1)[0].lower()
        if word in (".subckt", ".param"):
            for key, value in _ASSIGNMENTS.findall(card):
                if key in _INSTANCE:
                    defaults[key] = value
                else:
                    head.append(f".param {key} = {MISMATCH.sub('mm', value)}")
        elif word == ".model":
            bins.append(_bin_of(card))
        else:
            head.append(f"{_in_metres(MISMATCH.sub('mm', card))} m = {{{COPIES}}}")
    return {"defaults": defaults, "head": head, "bins": bins}


def _joined(lines: Iterable[str]) -> list[str]:
    cards: list[str] = []
    for line in lines:
        if line.startswith("+") and cards:
            cards[-1] += " " + line[1:].strip()
        else:
            cards.append(line)
    return cards


def _bin_of(card: str) -> dict[str, Any]:
    """Return a model with its limits [m], under the name of the device: no number, and no limits in the card."""
    limits = {"lmin": 0.0, "lmax": 1.0, "wmin": 0.0, "wmax": 1.0}
    limits |= {key.lower(): float(value) for key, value in LIMIT.findall(card)}
    word, name, rest = LIMIT.sub("", card).split(maxsplit=2)
    values = rest.split(" ")
    # Short lines: a simulator may not read longer ones.
    body = "\n+ ".join(" ".join(values[i : i + 24]) for i in range(0, len(values), 24))
    return {**limits, "text": f"{word} {name.partition('.')[0]} {body}"}


def _in_metres(card: str) -> str:
    """Return the element of a device with its sizes converted to metres."""
    card = re.sub(r"\b(l|w|pd|ps|sa|sb|sd) = \{\1\}", rf"\1 = {{\1*{_UNIT:g}}}", card)
    return re.sub(r"\b(ad|as) = \{\1\}", rf"\1 = {{\1*{_UNIT**2:g}}}", card)
