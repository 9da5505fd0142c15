"""From names to a cell: which circuit, junction, transistors and supply are meant."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeGuard, Union, cast

from spinspice.cells.base import NeuronCell, own_cells
from spinspice.cells.cell import Cell
from spinspice.cells.sizing import Sizing
from spinspice.cmos import Technology, get_technology
from spinspice.devices.base import Device
from spinspice.devices.noise import SEED_LIMIT
from spinspice.errors import UsageError, check_is, did_you_mean
from spinspice.lazy import load_own
from spinspice.plugins import taken
from spinspice.presets import Preset, load_preset
from spinspice.units import number, whole_number

if TYPE_CHECKING:
    from spinspice.cells.cell_file import CellFile

#: What makes a cell of a junction and transistors.
CellKind = Union[type[NeuronCell], "CellFile"]


def is_cell_file(value: object) -> TypeGuard[CellFile]:
    """Whether a value is the cell that a file describes; what reads netlists loads only for one."""
    module = sys.modules.get("spinspice.cells.cell_file")
    return module is not None and isinstance(value, module.CellFile)


def cells() -> dict[str, type[NeuronCell]]:
    """Return all cell classes by name: those of spinspice, of installed packages, and made by this program."""
    own = own_cells()
    return {**own, **taken("spinspice.cells", dict(own), _checked), **NeuronCell.known}


def _checked(name: str, loaded: Any) -> type[NeuronCell]:
    if not (isinstance(loaded, type) and issubclass(loaded, NeuronCell)) or loaded.kind != name:
        raise TypeError("a cell is a subclass of spinspice.cells.NeuronCell whose kind is the name of its entry point")
    return loaded


def get_cell(name: str) -> type[NeuronCell]:
    """Return the class of a cell by name.

    Raises
    ------
    UsageError
        For an unknown cell, with the closest known name.

    Examples
    --------
    >>> get_cell("bsn").blocks
    ('mtj', 'input', 'inverters')
    """
    check_is(name, str, "cell", "a name, such as 'bsn'")
    load_own("spinspice.cells", name.lower())
    known = NeuronCell.known if name.lower() in NeuronCell.known else cells()
    if name.lower() not in known:
        raise UsageError(f"unknown cell {name!r}. {did_you_mean(name.lower(), known)} Or a cell file, NAME.toml.")
    return known[name.lower()]


def cell_kind(name: str | CellFile, trust: bool = False) -> CellKind:
    """Return the class of a built-in cell by name, or the cell that a file describes (a path that ends in .toml)."""
    kind: CellFile
    if is_cell_file(name):
        kind = name
    else:
        check_is(name, str | os.PathLike, "cell", "'bsn', a cell file, or a cell that you built")  # type: ignore[arg-type]
        text = os.fspath(cast(str, name))
        if not text.lower().endswith(".toml"):
            return get_cell(text)
        kind = importlib.import_module("spinspice.cells.cell_file").CellFile.load(text, trust)
    if kind.design.is_comparator:
        raise UsageError(
            f"{kind.kind} is a comparator (its ports have the roles inp and inn), not a neuron: "
            "spinspice characterize comparator --cell FILE.toml, or characterize readout --cell FILE.toml."
        )
    return kind


def choose_preset(kind: CellKind, preset: str | Preset | None) -> Preset | None:
    """Return the preset that is asked for, else that of the cell; None where the cell has its own junctions.

    Raises
    ------
    UsageError
        For an unknown preset, or none where one is needed.
    """
    if preset is not None:
        check_is(preset, (str, Preset), "preset", "a name ('faria2021'), a Preset or a Device")
    if preset == "":
        raise UsageError("preset is an empty text. Give a name (`spinspice presets` lists them), or leave it out.")
    name = preset or kind.preset
    if is_cell_file(kind) and not kind.needs_junction:
        if preset:
            raise UsageError(f"every junction of {kind.kind} has parameters of its own. Leave the preset out.")
        return None
    if not name:
        raise UsageError(f"{kind.kind} names no junction. Give a preset (`spinspice presets` lists them).")
    return load_preset(name) if isinstance(name, str) else name


def choose_technology(kind: CellKind, cmos: str | None) -> Technology | None:
    """Return the technology that is asked for, else that of the cell; None where the netlist has its own models."""
    name = cmos or (kind.technology if is_cell_file(kind) else "generic")
    return get_technology(name) if name else None


def choose_vdd(kind: CellKind, preset: Preset | None, technology: Technology | None) -> float | None:
    """Return the supply of a cell that is not told one [V]: its file's, else the preset's, else the technology's."""
    if is_cell_file(kind):
        return kind.vdd
    preferred = preset.cell["vdd"] if preset else None
    return technology.supply(preferred) if technology else preferred


def choose_cell(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None = None,
    cmos: str | None = None,
    vdd: float | str | None = None,
    *,
    mismatch: int | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
    sizing: Sizing | None = None,
) -> tuple[Cell, str, str]:
    """Return a cell, the name of its junction, and where that is from.

    Parameters
    ----------
    cell : str, CellFile or Cell
        Name of a built-in cell, path of a cell file, or a cell that is built.
    preset : str, Preset or Device, optional
        Junction; default the cell's own.
    cmos : str, optional
        Transistors; default the cell file's, else ``generic``.
    vdd : float, optional
        Supply [V]; default that of the cell file or preset.
    mismatch : int, optional
        Seed of transistors that differ (:meth:`spinspice.cmos.Technology.with_mismatch`); default all alike.
    trust : bool
        As for :meth:`spinspice.cells.CellFile.load`.
    parameters : mapping, optional
        Parameters of the netlist of a cell file, set to numbers.
    sizing : Sizing, optional
        Sizes of a built-in cell, in place of those for its junction.

    Raises
    ------
    UsageError
        For an unknown name, or a junction for a cell that has one.
    """
    cell, preset, cmos, volts, mismatch = check_choices(cell, preset, cmos, vdd, mismatch)
    if isinstance(cell, Cell):
        named = (cmos or cell.technology.name).partition(":")[0]
        if named != cell.technology.name or volts not in (None, cell.vdd):
            raise UsageError("a cell that is built already has transistors and supply; leave cmos and vdd out.")
        if preset is not None and not isinstance(preset, str):
            raise UsageError("a cell that is built already has its junction; leave preset out, or give its name only.")
        if mismatch is not None:
            raise UsageError("a cell that is built already has its transistors; build it on technology.with_mismatch.")
        if parameters:
            raise UsageError("a cell that is built already has its parameters; set them before it is built.")
        return cell, preset or "custom", f"{type(cell.device).__name__} of the user"
    kind = cell_kind(cell, trust)
    if parameters:
        if not is_cell_file(kind):
            raise UsageError(
                f"{kind.kind} is no netlist of your own and has no parameters. Leave {min(parameters)} out."
            )
        kind = kind.with_parameters(parameters)
    made: Any = choose_technology(kind, cmos)
    if mismatch is not None:
        made = _differing(kind, made, mismatch)
    more: dict[str, Any] = {} if sizing is None else {"sizing": sizing}
    if isinstance(preset, Device):
        return kind(preset, made, vdd=volts, **more), "custom", f"{type(preset).__name__} of the user"
    known = choose_preset(kind, preset)
    supply = volts if volts is not None else choose_vdd(kind, known, made)
    if known is None:
        assert is_cell_file(kind)
        return kind(None, made, vdd=supply), "netlist", "as the netlist has it"
    return kind(known.device, made, vdd=supply, **more), known.name, f"{known.name}: {known.source}"


def check_choices(cell: Any, preset: Any, cmos: Any, vdd: Any, mismatch: Any) -> tuple[Any, Any, Any, Any, Any]:
    """Return the arguments of :func:`choose_cell` as it takes them: paths as text, numbers as numbers.

    Raises
    ------
    UsageError
        For arguments that are swapped, or of a type that cannot be meant.
    """
    if isinstance(cell, os.PathLike):
        cell = os.fspath(cell)
    if isinstance(cell, Device | Preset):
        raise UsageError(
            f"the cell comes first and the junction second; the first argument is a {type(cell).__name__}. Write "
            f"characterize({preset if isinstance(preset, str) else 'bsn'!r}, junction)."
        )
    if isinstance(cell, type):
        raise UsageError(
            f"{cell.__name__} is a class of cells. Write its name, or build one: {cell.__name__}(junction)."
        )
    if not (isinstance(cell, str | Cell) or is_cell_file(cell)):
        raise UsageError(
            f"cell = {cell!r} is a {type(cell).__name__}: give asn, bsn, a cell file, or a cell you built."
        )
    if preset is not None and not isinstance(preset, str | Preset | Device):
        hint = "A junction is made first: Macrospin(...)." if isinstance(preset, type) else "Give a name or a device."
        raise UsageError(f"preset = {preset!r} is a {type(preset).__name__}, no junction. {hint}")
    if isinstance(cmos, os.PathLike):
        cmos = os.fspath(cmos)
    if cmos is not None and not isinstance(cmos, str):
        raise UsageError(
            f"cmos = {cmos!r} is a {type(cmos).__name__}; give the name of a technology, such as 'generic'."
        )
    vdd = None if vdd is None else number(vdd, "vdd")
    if mismatch is not None:
        mismatch = whole_number(mismatch, "mismatch", 0, SEED_LIMIT - 1, "seed of the transistors")
    return cell, preset, cmos, vdd, mismatch


def _differing(kind: CellKind, made: Technology | None, mismatch: int) -> Technology:
    """Return a technology whose transistors differ.

    Raises
    ------
    UsageError
        Where the models stand in a netlist, or the technology has no model of mismatch.
    """
    if made is None:
        raise UsageError(
            f"mismatch: the models of {kind.kind} stand in its netlist, which says nothing of mismatch. Name a "
            "technology (cmos), or leave it out."
        )
    return made.with_mismatch(mismatch)
