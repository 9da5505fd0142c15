"""IHP's open 130 nm SiGe process: its 1.2 V transistors as PSP 103.6 cards, cut from the package ``ihp-gdsfactory``.

PSP103 is no part of ngspice: the package brings its Verilog-A source (ECL-2.0 licence of NXP, CEA-Leti and others, as
its release notes say), which the engine compiles once. Of the foundry's library the corner's parameters and both
low-voltage devices are kept, each as it is with one finger and junctions computed from its width. One thing is written
differently: the numbers that the foundry draws for the mismatch of a device (``agauss``) are its parameters
``mm_vt``, ``mm_u0``, ``mm_w`` and ``mm_l``, standard normal numbers that are 0 unless the technology has a seed; with
all at 0 a device is the foundry's without mismatch.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from spinspice.cmos.base import HalfSupply, Technology, Transistor, check_corner
from spinspice.cmos.packages import cached_cut, licence_files, package_folder, read_source
from spinspice.cmos.sg13g2_text import SPREAD, element_of, first, model_of, without_draws
from spinspice.cmos.traits import Traits

#: Constants of circuits.
TRAITS = Traits(decision_time=3e-9, access_ratio=0.7, feature_size=130e-9)
#: Corner -> what it is; sections ``mos_...`` of the foundry's library.
CORNERS = {"tt": "typical", "ff": "fast", "ss": "slow", "fs": "fast n, slow p", "sf": "slow n, fast p"}
#: Subcircuits of the low-voltage devices by polarity.
DEVICES = {"n": "sg13_lv_nmos", "p": "sg13_lv_pmos"}
_DISTRIBUTION, _FOLDER = "ihp-gdsfactory", "models/ngspice"
_HEADER = "w=0.35u l=0.34u ng=1 m=1 trise=0 z1=0.34e-6 z2=0.38e-6 wmin=0.15e-6 pre_layout=1 rfmode=0 swsoa=0"

#: Measured with these cards at the typical corner, 300 K and w = 2 um, see HalfSupply; A/m is uA/um.
TABLE_WIDTH = 2e-6
_HALF_SUPPLY = HalfSupply(
    vdd=(1.08, 1.14, 1.2, 1.26, 1.32),
    lengths=(130e-9, 200e-9, 500e-9, 1e-6, 2e-6, 5e-6, 10e-6),
    n=(
        (10.306, 15.049, 21.094, 28.568, 37.564),
        (19.78, 26.435, 34.29, 43.366, 53.662),
        (20.989, 26.052, 31.716, 37.975, 44.816),
        (13.93, 16.946, 20.281, 23.931, 27.889),
        (8.1537, 9.808, 11.625, 13.603, 15.739),
        (3.7174, 4.4284, 5.2052, 6.0468, 6.9522),
        (1.9993, 2.3687, 2.7708, 3.2054, 3.6718),
    ),
    p=(
        (6.8021, 9.6403, 13.111, 17.237, 22.031),
        (4.9849, 6.8253, 9.0213, 11.582, 14.513),
        (2.9047, 3.8353, 4.915, 6.1445, 7.5232),
        (1.6746, 2.1843, 2.7703, 3.4325, 4.1703),
        (0.88946, 1.1535, 1.456, 1.7967, 2.1754),
        (0.36453, 0.47133, 0.59348, 0.73091, 0.88347),
        (0.18255, 0.23585, 0.29678, 0.36532, 0.44139),
    ),
)


def sg13g2(corner: str = "tt") -> Technology:
    """Return the 1.2 V transistors of IHP SG13G2 at a corner (tt, ff, ss, fs, sf; the first letter is n).

    Raises
    ------
    UsageError
        For an unknown corner, or if the package ``ihp-gdsfactory`` is not installed.
    """
    from spinspice.cmos.sg13g2_devices import LibraryG2

    corner = check_corner(corner, CORNERS, "sg13g2")
    folder = _folder()
    models, psp103 = folder / "models", folder / "va" / "psp103"
    files = [
        models / f"{name}.lib"
        for name in ("cornerMOSlv", "sg13g2_moslv_mod_mismatch", "sg13g2_moslv_parm", "sg13g2_moslv_mismatch")
    ]
    cards = cached_cut(f"sg13g2-{corner}", files, functools.partial(_make, corner, *files))
    n, p = (Transistor(name=DEVICES[kind], element="X", spread=SPREAD) for kind in "np")
    return Technology(
        name="sg13g2",
        corner=corner,
        vdd=1.2,
        vdd_range=(1.08, 1.32),
        cards=cards["cards"],
        library=LibraryG2(corner, models),
        n=n,
        p=p,
        l_min=130e-9,
        w_min=150e-9,
        grid=5e-9,
        half_supply=_HALF_SUPPLY,
        # Gate and drain at 0.6 V are near threshold: longer channels would be slower than the junction.
        l_inverter=130e-9,
        corners=tuple(CORNERS),
        traits=TRAITS,
        licence="Apache-2.0 (Copyright 2023 IHP PDK Authors); PSP103 source: ECL-2.0",
        note="IHP SG13G2, 1.2 V devices sg13_lv_nmos and sg13_lv_pmos, PSP 103.6; cut from ihp-gdsfactory",
        verilog_a=(str(psp103 / "psp103.va"),),
        licence_files=(*_licence(folder), str(psp103 / "releasenotesPSP103p6.txt")),
    )


def foundry_library(corner: str = "tt") -> tuple[Path, str]:
    """Return the foundry's own library in the installed package, and its section for a corner."""
    return _folder() / "models" / "cornerMOSlv.lib", f"mos_{corner}"


def _folder() -> Path:
    return package_folder("sg13g2", "ihp", _DISTRIBUTION, _FOLDER)


def _licence(folder: Path) -> tuple[str, ...]:
    """Return the file with the terms of the package that a folder of it belongs to."""
    return licence_files(folder.parents[2], _DISTRIBUTION)


def _make(corner: str, library: Path, devices: Path, models: Path, mismatch: Path) -> dict[str, Any]:
    """Cut the parameters of a corner and both devices."""
    corners = first(rf"^\.LIB mos_{corner}\s*$(.*?)^\.ENDL", library)
    sigmas = read_source(mismatch)
    wanted = re.compile(r"^\s*(\.param\s+sg13g2_lv_[np]mos_\w+\s*=.*?)\s*$", re.MULTILINE | re.IGNORECASE)
    parts = wanted.findall(corners) + wanted.findall(sigmas)
    for name in DEVICES.values():
        parts.append(_device(name, devices, models))
    return {"cards": "\n".join(parts) + "\n"}


def _device(name: str, devices: Path, models: Path) -> str:
    """Return the subcircuit of a device with one finger: its element as the foundry writes it, and its model."""
    # The first element of the subcircuit is the one for rfmode = 0, no given areas and an odd number of fingers.
    text = without_draws(element_of(name, devices, 0), name, devices)
    head = f".subckt {name} d g s b {_HEADER} {' '.join(f'{key}=0' for key in SPREAD)}"
    return "\n".join([head, text, model_of(name, models), f".ends {name}"])
