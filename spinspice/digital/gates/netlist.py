"""A netlist of standard cells as arrays, in the order in which it is evaluated."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from spinspice.digital.gates.library import CLOCK_GATE, FLIP_FLOP, CellLibrary, StandardCell
from spinspice.errors import ParameterError, UsageError, did_you_mean

#: Most inputs of a gate.
FAN_IN = 3


@dataclasses.dataclass(frozen=True)
class GateNetlist:
    """Gates between ports, flip-flops on one clock, and clock gates. Nets are numbers; net 0 is low, net 1 high.

    Parameters
    ----------
    library : CellLibrary
    counts : dict of str to int
        Number of cells by name.
    ports : dict of str to array of int
        Nets of each port, the lowest bit first.
    inputs : tuple of str
        Ports that are inputs.
    nets : int
        Number of nets.
    cells : tuple of str
        Name of each gate, in an order in which every gate comes after those that drive it.
    gates : array of int, shape (gates, FAN_IN + 1)
        Nets of inputs (unused ones low) and of the output of each gate.
    flops : array of int, shape (flops, 3)
        Nets of D and Q, and the number of the clock gate, -1 for the clock itself.
    clock_gates : array of int, shape (clock gates,)
        Nets of their enables.
    """

    library: CellLibrary
    counts: dict[str, int]
    ports: dict[str, NDArray[np.int64]]
    inputs: tuple[str, ...]
    nets: int
    cells: tuple[str, ...]
    gates: NDArray[np.int64]
    flops: NDArray[np.int64]
    clock_gates: NDArray[np.int64]

    @property
    def area(self) -> float:
        """Sum of the areas of the cells [m^2], without the room between them."""
        return sum(self.library.cell(name).area * count for name, count in self.counts.items())

    @property
    def size(self) -> int:
        """Number of cells."""
        return sum(self.counts.values())

    def port(self, name: str) -> NDArray[np.int64]:
        """Return the nets of a port.

        Raises
        ------
        UsageError
            With the closest known name.
        """
        if name not in self.ports:
            raise UsageError(f"the netlist has no port {name!r}. {did_you_mean(name, self.ports)}")
        return self.ports[name]

    @classmethod
    def from_yosys(cls, data: Mapping[str, Any], top: str, library: CellLibrary) -> Self:
        """Make it of what Yosys' ``write_json`` writes.

        Raises
        ------
        UsageError
            For a cell that the library does not have.
        ParameterError
            For gates that drive themselves in a circle.
        """
        module = data["modules"][top]
        number: dict[Any, int] = {"0": 0, "1": 1, "x": 0, "z": 0}

        def net(bit: Any) -> int:
            return number.setdefault(bit, max(len(number) - 2, 2))

        ports = {name: np.array([net(bit) for bit in port["bits"]], np.int64) for name, port in module["ports"].items()}
        placed = [(cell["type"], cell["connections"]) for cell in module["cells"].values()]
        enables = [pins for kind, pins in placed if kind == CLOCK_GATE]
        gated = {net(pins["GCLK"][0]): n for n, pins in enumerate(enables)}
        flops = [
            (net(pins["D"][0]), net(pins["Q"][0]), gated.get(net(pins["CLK"][0]), -1))
            for kind, pins in placed if kind == FLIP_FLOP
        ]  # fmt: skip
        gates = []
        for kind, pins in placed:
            if kind in (CLOCK_GATE, FLIP_FLOP):
                continue
            cell = library.cell(kind)
            nets = [net(pins[pin][0]) for pin in cell.inputs]
            gates.append((kind, [*nets, *[0] * (FAN_IN - len(nets)), net(pins[cell.output][0])]))
        order = _order([nets for _, nets in gates])
        return cls(
            library=library,
            counts=dict(sorted(collections.Counter(kind for kind, _ in placed).items())),
            ports=ports,
            inputs=tuple(name for name, port in module["ports"].items() if port["direction"] == "input"),
            nets=len(number) - 2,
            cells=tuple(gates[k][0] for k in order),
            gates=np.array([gates[k][1] for k in order], np.int64).reshape(-1, FAN_IN + 1),
            flops=np.array(flops, np.int64).reshape(-1, 3),
            clock_gates=np.array([net(pins["GATE"][0]) for pins in enables], np.int64),
        )

    def loads(self) -> NDArray[np.float64]:
        """Return what every net drives [F]: its input pins, and wire for each of them. Clock nets are left out."""
        load = np.zeros(self.nets)
        for kind, nets in zip(self.cells, self.gates, strict=True):
            for pin, net in zip(self.library.cell(kind).inputs, nets[:-1], strict=False):
                load[net] += self._pin(kind, pin)
        np.add.at(load, self.flops[:, 0], self._pin(FLIP_FLOP, "D") if len(self.flops) else 0.0)
        np.add.at(load, self.clock_gates, self._pin(CLOCK_GATE, "GATE") if len(self.clock_gates) else 0.0)
        return load

    def clock_load(self, kind: str) -> float:
        """Return the load that the clock pin of a cell is, with its wire [F]."""
        return self._pin(kind, "CLK")

    def drivers(self) -> list[tuple[StandardCell, int]]:
        """Return every cell that drives a net, and the net: gates, then flip-flops."""
        made = [(self.library.cell(kind), int(nets[-1])) for kind, nets in zip(self.cells, self.gates, strict=True)]
        return made + [(self.library.cell(FLIP_FLOP), int(q)) for q in self.flops[:, 1]]

    def _pin(self, kind: str, pin: str) -> float:
        return self.library.cell(kind).capacitance[pin] + self.library.wire


def _order(gates: list[list[int]]) -> list[int]:
    """Return an order in which gates come after those that drive them."""
    driver = {nets[-1]: k for k, nets in enumerate(gates)}
    waiting = [{driver[net] for net in nets[:-1] if net in driver} for nets in gates]
    driven: dict[int, list[int]] = collections.defaultdict(list)
    for k, before in enumerate(waiting):
        for gate in before:
            driven[gate].append(k)
    left = [len(before) for before in waiting]
    ready = collections.deque(k for k, n in enumerate(left) if n == 0)
    order = []
    while ready:
        gate = ready.popleft()
        order.append(gate)
        for k in driven[gate]:
            left[k] -= 1
            if left[k] == 0:
                ready.append(k)
    if len(order) != len(gates):
        raise ParameterError(f"{len(gates) - len(order)} gates of the netlist drive each other in a circle.")
    return order
