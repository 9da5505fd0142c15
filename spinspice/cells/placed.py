"""A comparator from a netlist, placed inside a cell that spinspice draws."""

from __future__ import annotations

import dataclasses

from spinspice.cells.comparator import ComparatorSizing, Deciding
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cmos import Technology
from spinspice.errors import UsageError


def check_placeable(comparator: OwnComparator) -> None:
    """Refuse a comparator that a cell of ours cannot feed.

    Raises
    ------
    UsageError
    """
    further = [*comparator.bias, *comparator.sources]
    why = ""
    if further:
        why = f"the port {further[0]} would need a source of its own in every read-out"
    elif comparator.devices:
        why = "it holds junctions of its own"
    elif "vss" not in comparator.ports:
        why = "it has no port with the role vss, so its ground would be that of the whole circuit"
    if why:
        raise UsageError(
            f"{comparator.kind} cannot stand in a read-out: {why}. Use it alone: characterize comparator --cell."
        )


def sizing_of(comparator: OwnComparator, technology: Technology) -> ComparatorSizing:
    """Return the sizes that the cell around a comparator goes by: its input pair, the rest as usual.

    The width of the input transistors sets the hold capacitors and the time to settle; where it is not found, it is
    taken to be the usual one.
    """
    usual = ComparatorSizing.for_technology(technology)
    width = comparator.input_width
    return usual if width is None else dataclasses.replace(usual, w_pair=width)


def place(cell: Deciding, comparator: OwnComparator, plus: str, minus: str) -> None:
    """Place a comparator from a netlist between the nodes ``plus`` and ``minus`` of a cell with ports clk and out.

    Outputs that are reset get the latch of the built-in comparators behind them, which holds the decision.
    """
    inner = comparator.rebuilt(vdd=cell.vdd, name=f"own_{comparator.kind}", probes="blocks")
    cell.subcircuit(inner)
    nodes = {"inp": plus, "inn": minus, "clk": "clk", "vdd": "vdd", "vss": "vss", "clkb": "own_clkb", "mid": "own_mid"}
    idle = comparator.design.idle
    if idle:
        nodes |= {"outb": "qn", "out": "qp"} if idle == "high" else {"out": "qn", "outb": "qp"}
    else:
        nodes |= {"out": "out", "outb": "own_outb"}
    if "clkb" in comparator.ports:
        cell._inverter("timing", "ownclk", "clk", "own_clkb")
    cell.X("own", inner.name, *(cell._tap("comparator", "own", port, nodes[port]) for port in inner.ports))
    if idle:
        cell._hold_decision(idle_high=idle == "high")
