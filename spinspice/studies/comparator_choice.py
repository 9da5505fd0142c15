"""Which comparator is studied: a built-in one, or that of a cell file; and what to try where one does not decide."""

from __future__ import annotations

from spinspice.benches.comparator import AnyComparator
from spinspice.cells.cell_file import CellFile
from spinspice.cells.comparator import TOPOLOGIES, Comparator, Topology
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cmos import get_technology
from spinspice.errors import UsageError
from spinspice.presets import load_preset


def choose_comparator(
    cell: str | CellFile | None,
    cmos: str | None,
    topology: Topology | None,
    vdd: float | None,
    *,
    trust: bool = False,
) -> AnyComparator:
    """Return a built-in comparator, or that of a cell file.

    Arguments as for :func:`spinspice.studies.comparator.study_comparator`.

    Raises
    ------
    UsageError
        For a cell that is no comparator, or one of a netlist and a topology.
    """
    if cell is None:
        return Comparator(get_technology(cmos or "generic"), topology=topology or TOPOLOGIES[0], vdd=vdd)
    if topology is not None:
        raise UsageError(
            f"topology = {topology!r} chooses a built-in comparator, and {cell} is one too. Leave one out."
        )
    kind = cell if isinstance(cell, CellFile) else CellFile.load(cell, trust)
    if not kind.design.is_comparator:
        raise UsageError(
            f"{kind.kind} is no comparator: no port has the role inp. Name inp, inn, clk in [ports] (docs/import.md)."
        )
    device = load_preset(kind.preset).device if kind.needs_junction and kind.preset else None
    made = kind(device, cmos, vdd=vdd)
    assert isinstance(made, OwnComparator)
    return made


def advice(cell: AnyComparator, everywhere: bool, period: float) -> str:
    """Return what to try with a comparator of a netlist."""
    if not isinstance(cell, OwnComparator):
        return ""
    if everywhere:
        return (
            " out must be high (above outb) where inp is above inn, within the half period that clk is high or clkb "
            "low: exchange out and outb or inp and inn in [ports], name the second output (outb), or look at "
            f"common_mode ({cell.common_mode:g} V) and vdd ({cell.vdd:g} V)."
        )
    return f" An offset larger than that, or a clock too fast: lengthen it (now {period:g} s)."
