"""A foundry's own library as a technology: one TOML file that says where it is and what its two devices are.

The library stays where it is and is read by the simulator: a cell carries a ``.lib`` (or ``.include``) card.
``docs/howto.md`` lists the keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinspice.cmos.base import HalfSupply, Technology, Transistor, check_corner
from spinspice.errors import UsageError, check_range, did_you_mean, shown
from spinspice.toml import read_toml

#: Keys of the file and of its tables: name -> whether it must be there.
_TOP = {
    "name": True,
    "library": True,
    "vdd": True,
    "vdd_range": True,
    "l_min": True,
    "w_min": True,
    "licence": True,
    "corners": True,
    "n": True,
    "p": True,
    "half_supply": True,
    "note": False,
    "grid": False,
    "l_inverter": False,
    "l_buffer": False,
    "verilog_a": False,
}
_DEVICE = {"device": True, "element": True, "unit": False, "diffusion": False}
_TABLE = {"vdd": True, "lengths": True, "n": True, "p": True}
_NUMBERS = ("vdd", "l_min", "w_min", "grid", "l_inverter", "l_buffer")


def technology_from_file(path: str | Path, corner: str = "tt") -> Technology:
    """Return the technology that a TOML file describes, at one of the corners it names.

    Raises
    ------
    UsageError
        If the file or the library cannot be read, a key is missing, unknown or of the wrong kind, or there is no such
        corner.
    """
    path = Path(path).expanduser()
    data = _read(path)
    _check(data, _TOP, path, "")
    corners = data["corners"]
    if not isinstance(corners, dict) or not corners or not all(isinstance(value, str) for value in corners.values()):
        raise UsageError(f'{path}: [corners] names the section of the library for each corner, such as tt = "tt_lib".')
    corner = check_corner(corner, corners, str(data["name"]))
    numbers = {key: _number(data[key], key, path) for key in _NUMBERS if key in data}
    return Technology(
        name=str(data["name"]),
        corner=corner,
        vdd_range=_numbers(data["vdd_range"], "vdd_range", path, count=2),  # type: ignore[arg-type]
        cards=_cards(path, str(data["library"]), corners[corner]),
        n=_transistor(data["n"], "n", path),
        p=_transistor(data["p"], "p", path),
        half_supply=_half_supply(data["half_supply"], path),
        corners=tuple(corners),
        licence=str(data["licence"]),
        note=str(data.get("note", f"described by {path}")),
        verilog_a=tuple(str(_beside(path, name)) for name in data.get("verilog_a", ())),
        **numbers,  # type: ignore[arg-type]
    )


def _read(path: Path) -> dict[str, Any]:
    return read_toml(path, "technology", "docs/howto.md")


def _check(data: Any, known: Mapping[str, bool], path: Path, table: str) -> None:
    """Refuse a table with missing or unknown keys."""
    where = f"[{table}] of {path}" if table else str(path)
    if not isinstance(data, dict):
        raise UsageError(f"{where} is not a table. See docs/howto.md.")
    for key in data:
        if key not in known:
            raise UsageError(f"{where} has an unknown key {key!r}. {did_you_mean(key, known)}")
    missing = [key for key, needed in known.items() if needed and key not in data]
    if missing:
        raise UsageError(f"{where} lacks {', '.join(missing)}. See docs/howto.md.")


def _number(value: Any, name: str, path: Path) -> float:
    """Return a positive number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{path}: {name} = {shown(value)} is not a number. Write it in SI, such as 1.2 or 130e-9.")
    return check_range(name, value, 0.0, 1e9, where=str(path), open_low=True)


def _numbers(values: Any, name: str, path: Path, count: int | None = None) -> tuple[float, ...]:
    """Return a list of positive numbers as a tuple."""
    if not isinstance(values, list) or not values or (count is not None and len(values) != count):
        raise UsageError(f"{path}: {name} is not a list of {count or 'some'} numbers, got {shown(values)}.")
    return tuple(_number(value, name, path) for value in values)


def _transistor(data: Any, polarity: str, path: Path) -> Transistor:
    _check(data, _DEVICE, path, polarity)
    if data["element"] not in ("M", "X"):
        raise UsageError(f"{path}: element = {data['element']!r} in [{polarity}]; M for a model, X for a subcircuit.")
    unit, diffusion = (_number(data[key], key, path) if key in data else None for key in ("unit", "diffusion"))
    return Transistor(
        name=str(data["device"]),
        element=data["element"],
        unit=1.0 if unit is None else unit,
        diffusion=diffusion or 0.0,
    )


def _half_supply(data: Any, path: Path) -> HalfSupply:
    _check(data, _TABLE, path, "half_supply")
    vdd, lengths = (_numbers(data[key], key, path) for key in ("vdd", "lengths"))
    rows = {}
    for polarity in "np":
        table = data[polarity]
        if not isinstance(table, list) or len(table) != len(lengths) or list(lengths) != sorted(lengths):
            raise UsageError(
                f"{path}: {polarity} of [half_supply] needs {len(lengths)} rows, one for each of the rising lengths."
            )
        rows[polarity] = tuple(_numbers(row, f"a row of {polarity}", path, count=len(vdd)) for row in table)
    if len(lengths) < 2:
        raise UsageError(f"{path}: [half_supply] needs two lengths or more, the second one for inverters.")
    return HalfSupply(vdd=vdd, lengths=lengths, n=rows["n"], p=rows["p"])


def _beside(path: Path, name: str) -> Path:
    """Return a file named in the description: relative to its folder."""
    found = (path.parent / Path(name).expanduser()).resolve()
    if not found.is_file():
        raise UsageError(f"{path} names {name!r}, but there is no file {found}. Paths are relative to {path.name}.")
    if '"' in str(found) or "\n" in str(found):
        raise UsageError(f"the path {found} holds a quotation mark, which no netlist can. Rename it.")
    return found


def _cards(path: Path, library: str, section: str) -> str:
    """Return the card that reads a section of the library, or all of it where the section is empty."""
    found = _beside(path, library)
    if section and not section.replace("_", "").replace("-", "").isalnum():
        raise UsageError(f"{path}: {section!r} in [corners] is no name of a section of a library.")
    return f'.lib "{found}" {section}\n' if section else f'.include "{found}"\n'
