"""What circuits with ammeters share: where charge enters them, and the signals of their nodes and ammeters."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from spinspice.netlist.commands import check_ports
from spinspice.probes import Terminal
from spinspice.pyspice import SubCircuit

#: Ground: inside a subcircuit and outside the same node.
GROUND = "0"


@dataclasses.dataclass(frozen=True)
class Pin:
    """A place where charge enters an element or a block: power entering there is v(node) * sign * i(ammeter)."""

    block: str
    element: str
    node: str
    ammeter: str
    sign: float = 1.0


class Metered(SubCircuit):
    """A subcircuit whose :attr:`pins` say where charge enters its elements, each with a zero-volt ammeter.

    A port is on a bench connected to a node of its own name, unless the bench says otherwise.
    """

    pins: list[Pin]

    def __init__(self, name: str, *ports: str, **parameters: Any) -> None:
        """Check the ports and hand them to PySpice.

        Raises
        ------
        CircuitError
            For a port that no simulator takes for one.
        """
        check_ports(name, ports)
        super().__init__(name, *ports, **parameters)

    @property
    def ammeters(self) -> tuple[str, ...]:
        """Names of the ammeters: zero-volt sources inside."""
        return tuple(dict.fromkeys(pin.ammeter for pin in self.pins))

    def node_signal(self, node: str, instance: str = "x1", ports: Mapping[str, str] | None = None) -> str:
        """Return the signal of a node, ``v(...)``.

        Parameters
        ----------
        node : str
            Port, ground, or node inside.
        instance : str
            Name of the instance, with its letter X.
        ports : mapping, optional
            Outer nodes of the ports; a port that is not named is taken to be connected to a node of its own name.
        """
        if node in self.external_nodes or node == GROUND:
            return f"v({(ports or {}).get(node, node)})".lower()
        return f"v({instance}.{node})".lower()

    def current_signal(self, ammeter: str, instance: str = "x1") -> str:
        """Return the signal of an ammeter, ``i(v.x1.vm_mtj)``."""
        return f"i(v.{instance}.{ammeter})".lower()

    def pin_signals(self, instance: str = "x1", ports: Mapping[str, str] | None = None) -> list[Terminal]:
        """Return each pin with an ammeter as signals; arguments as for :meth:`node_signal`."""
        return [
            Terminal(
                pin.block,
                pin.element,
                self.node_signal(pin.node, instance, ports),
                self.current_signal(pin.ammeter, instance),
                pin.sign,
            )
            for pin in self.pins
        ]
