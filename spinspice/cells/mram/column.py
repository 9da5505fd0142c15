"""What stands at the ends of the lines: word driver, write driver, sense amplifier with its reference."""

from __future__ import annotations

from spinspice.cells.mram.parts import GROUND, MeteredCircuit
from spinspice.cells.mram.sizing import MemorySizing

#: Capacitor that holds the clamps' gate voltage while a read starts [F], our choice; one an array.
C_BIAS = 200e-15


def add_word_driver(net: MeteredCircuit, size: MemorySizing, row: int, target: str) -> None:
    """Place two inverters between the port ``word<row>`` and a word line."""
    net.inverter("word", f"wa{row}", f"word{row}", f"wb{row}", size.w_logic_n, size.w_logic_p)
    net.inverter("word", f"wc{row}", f"wb{row}", target, size.w_driver_n, size.w_driver_p)


def add_write_driver(net: MeteredCircuit, size: MemorySizing, column: int, bit: str, source: str) -> None:
    """Place the bidirectional driver of a column.

    ``setp<column>`` high lifts the bit line to the supply ``vbit`` (the cell goes to P) through a transmission gate,
    which conducts at any ``vbit``; ``setap<column>`` high lifts the source line to vdd (AP). Both low: both lines at
    ground, so that half-selected cells see no voltage. ``read`` high lets go of the bit line.
    """
    small, large = (size.w_logic_n, size.w_logic_p), (size.w_driver_n, size.w_driver_p)
    up, down = f"up{column}", f"down{column}"
    net.inverter("write", f"da{column}", f"setp{column}", up, *small)
    net.nor("write", f"db{column}", f"setp{column}", "read", down, *small)
    net.inverter("write", f"dc{column}", up, f"pass{column}", *small)
    net.transistor("p", "write", f"dp{column}", bit, up, "vbit", large[1])
    net.transistor("n", "write", f"dq{column}", bit, f"pass{column}", "vbit", large[0])
    net.transistor("n", "write", f"dn{column}", bit, down, GROUND, large[0])
    net.inverter("write", f"ea{column}", f"setap{column}", f"hold{column}", *small)
    net.inverter("write", f"eb{column}", f"hold{column}", source, *large)


def add_bias(net: MeteredCircuit, size: MemorySizing) -> None:
    """Place the replica that makes the clamps' gate voltage: a read path with its reference resistor, carrying I_read.

    One for all columns. Its current is a source of the testbench at the port ``bias``; the clamps' voltage follows
    transistors and resistor into any technology and corner.
    """
    net.transistor("n", "bias", "bc", "bias", "bias", "b1", size.w_clamp, size.l_clamp)
    net.transistor("n", "bias", "bs", "b1", "vdd", "b2", size.w_access)
    _add_reference(net, size, "bias", "b", "b2")
    net.capacitor("bias", "bk", "bias", C_BIAS)


def add_sense_amplifier(net: MeteredCircuit, size: MemorySizing, column: int, bit: str) -> None:
    """Place a clamped current latch between a bit line and its reference.

    Before the sensing (``sense`` low) both latch nodes are held at the supply while the clamps (gates at ``bias``)
    bring both lines to the read voltage and the currents settle. When ``sense`` rises, the larger current pulls its
    node down first and the cross-coupled inverters finish; then no current flows. ``out<column>`` rises for an AP
    cell, ``outn<column>`` for a P cell; both are low before.
    """
    c = str(column)
    add = net.transistor
    for side, other, line in ((f"q{c}", f"r{c}", bit), (f"r{c}", f"q{c}", f"ref{c}")):
        leg = f"leg{side}"
        add("p", "sense", f"sp{side}", side, "sense", "vdd", size.w_latch_p)
        add("p", "sense", f"sx{side}", side, other, "vdd", size.w_latch_p)
        add("n", "sense", f"sn{side}", side, other, f"{leg}a", size.w_latch_n)
        add("n", "sense", f"sc{side}", f"{leg}a", "bias", f"{leg}b", size.w_clamp, size.l_clamp)
        add("n", "sense", f"ss{side}", f"{leg}b", "read", line, size.w_access)
    add("p", "sense", f"se{c}", f"q{c}", "sense", f"r{c}", size.w_latch_p)
    net.inverter("sense", f"oi{c}", f"r{c}", f"out{c}", size.w_latch_n, size.w_latch_p)
    net.inverter("sense", f"oj{c}", f"q{c}", f"outn{c}", size.w_latch_n, size.w_latch_p)
    _add_reference(net, size, "sense", f"f{c}", f"ref{c}")


def _add_reference(net: MeteredCircuit, size: MemorySizing, block: str, name: str, line: str) -> None:
    """Place the path of a cell with the reference resistor in place of the junction, switched on for good."""
    net.resistor(block, f"{name}r", line, f"{name}x", size.R_ref)
    net.transistor("n", block, f"{name}a", f"{name}x", "vdd", f"{name}y", size.w_access)
    net.transistor("n", block, f"{name}d", f"{name}y", "vdd", GROUND, size.w_driver_n)
