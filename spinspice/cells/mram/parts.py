"""A subcircuit that places transistors, junctions and wires, with an ammeter at every pin on request."""

from __future__ import annotations

from spinspice.cells.metering import GROUND, Metered, Pin
from spinspice.cmos import Technology
from spinspice.cmos.bins import Size
from spinspice.devices.base import Device


class MeteredCircuit(Metered):
    """Elements by block; :attr:`pins` says where charge enters them, for an energy audit.

    Parameters
    ----------
    name : str
        Name of the subcircuit.
    ports : tuple of str
    technology : Technology
    metered : bool
        Whether every pin off ground gets an ammeter (doubles the nodes; for an audit).
    """

    def __init__(self, name: str, ports: tuple[str, ...], technology: Technology, *, metered: bool) -> None:
        super().__init__(name, *ports, seed=1)
        self.technology = technology
        self.metered = metered
        self.pins: list[Pin] = []
        self._sizes: set[Size] = set()

    @property
    def verilog_a(self) -> tuple[str, ...]:
        """Verilog-A files that the transistors need."""
        return self.technology.verilog_a

    def transistor(
        self, polarity: str, block: str, name: str, d: str, g: str, s: str, w: float, length: float | None = None
    ) -> None:
        """Place an n (bulk at ground) or p (bulk at vdd) channel."""
        length = self.technology.l_min if length is None else length
        bulk = GROUND if polarity == "n" else "vdd"
        nodes = [self._tap(block, name, pin, node) for pin, node in zip("dgsb", (d, g, s, bulk), strict=True)]
        place = self.technology.nmos if polarity == "n" else self.technology.pmos
        place(self, name, *nodes, w=w, l=length)
        self._sizes.add(("n" if polarity == "n" else "p", w, length))

    def inverter(self, block: str, name: str, source: str, target: str, w_n: float, w_p: float) -> None:
        """Place an inverter."""
        self.transistor("p", block, f"{name}p", target, source, "vdd", w_p)
        self.transistor("n", block, f"{name}n", target, source, GROUND, w_n)

    def nor(self, block: str, name: str, first: str, second: str, target: str, w_n: float, w_p: float) -> None:
        """Place a NOR gate; its p channels in series are twice as wide."""
        self.transistor("p", block, f"{name}pa", f"{name}_m", first, "vdd", 2.0 * w_p)
        self.transistor("p", block, f"{name}pb", target, second, f"{name}_m", 2.0 * w_p)
        self.transistor("n", block, f"{name}na", target, first, GROUND, w_n)
        self.transistor("n", block, f"{name}nb", target, second, GROUND, w_n)

    def resistor(self, block: str, name: str, plus: str, minus: str, resistance: float) -> None:
        """Place a resistor."""
        self.R(name, self._tap(block, name, "p", plus), self._tap(block, name, "m", minus), resistance)

    def capacitor(self, block: str, name: str, node: str, capacitance: float) -> None:
        """Place a capacitor to ground."""
        self.C(name, self._tap(block, name, "p", node), GROUND, capacitance)

    def junction(self, block: str, name: str, device: Device, free: str, ref: str, seed: str) -> None:
        """Place a junction whose state nodes are called ``<name>_<port>``; its ammeter is always there."""
        self.V(f"i_{name}", free, f"{name}_free", 0)
        self.pins += [Pin(block, name, free, f"vi_{name}"), Pin(block, name, ref, f"vi_{name}", -1.0)]
        device.add_to(self, name, f"{name}_free", ref, seed=seed)

    def close(self) -> None:
        """Take in the cards of the transistors that were placed."""
        self.raw_spice = self.technology.cards_for(sorted(self._sizes))

    def _tap(self, block: str, element: str, pin: str, node: str) -> str:
        if not self.metered or node == GROUND:  # no power enters at 0 V
            return node
        meter = f"m_{element}_{pin}"
        self.V(meter, node, f"{element}_{pin}_t", 0)
        self.pins.append(Pin(block, element, node, f"v{meter}"))
        return f"{element}_{pin}_t"
