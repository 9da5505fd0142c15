"""What a cell is to the studies: a subcircuit with roles for its ports, junctions, ammeters and supplies.

:class:`~spinspice.cells.base.NeuronCell` draws one, :class:`~spinspice.cells.imported.ImportedCell` takes one from a
netlist. Benches, characterisation, audit and export know cells by what stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from spinspice.cells.metering import Metered
from spinspice.cells.metering import Pin as Pin
from spinspice.cells.sizing import Sizing
from spinspice.devices.base import Device
from spinspice.errors import CircuitError, did_you_mean
from spinspice.results import Grid, Summarised

if TYPE_CHECKING:
    from spinspice.stimuli import Waveform

#: Where ammeters sit: nowhere, at the pins of each block, or at every pin of every element.
Probes = Literal["none", "blocks", "elements"]


class Transistors(Protocol):
    """What a cell says of its transistors; a :class:`spinspice.cmos.Technology` is one."""

    @property
    def name(self) -> str:
        """Technology."""

    @property
    def corner(self) -> str:
        """Corner, or empty."""

    @property
    def mismatch(self) -> int | None:
        """Seed of transistors that differ, or None."""

    @property
    def licence(self) -> str:
        """Terms of the models."""

    @property
    def note(self) -> str:
        """What a reader should know of the models."""

    @property
    def verilog_a(self) -> tuple[str, ...]:
        """Verilog-A files that the models need."""

    @property
    def licence_files(self) -> tuple[str, ...]:
        """Files with the terms under which these may be copied."""


class Cell(Summarised, Metered):
    """A cell with an input ``vin``, an output ``out`` and supplies, made of junctions and transistors.

    Subcircuit parameter: ``seed``. A port carries the name of its role, which is the node it is connected to on
    the bench (:func:`spinspice.cells.bench_circuit`).
    """

    #: Name by which the cell is known, in results and reports.
    kind: str
    #: Blocks, in the order of reports.
    blocks: tuple[str, ...]
    #: Ports of the subcircuit, in order.
    ports: tuple[str, ...]
    #: First of the junctions.
    device: Device
    technology: Transistors
    #: Supply [V].
    vdd: float
    #: Sizes, where spinspice chose them.
    sizing: Sizing | None
    probes: Probes

    def _summary(self) -> str:
        names = ", ".join(f"{name} {type(device).__name__}" for name, device in self.devices.items())
        corner = f":{self.technology.corner}" if self.technology.corner else ""
        return f"{self.kind}: {names}; {self.technology.name}{corner}, vdd = {self.vdd:g} V"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [("ports", ", ".join(self.ports)), ("blocks", ", ".join(self.blocks))]
        rows += [(f"junction {name}", repr(device)) for name, device in self.devices.items()]
        rows += [("transistors", f"{self.technology.name} {self.technology.corner}")]
        rows += [(f"parameter {name}", f"{value:g}") for name, value in self.parameters.items()]
        return (Grid(self.kind, ("", ""), rows),)

    def __dir__(self) -> list[str]:
        """Names of cells for tab completion: those of PySpice's netlists, which this is too, are left out."""
        inherited = {name for kind in Metered.__mro__[1:] for name in vars(kind)} - set(vars(object))
        here = {name for kind in type(self).__mro__ if issubclass(kind, Metered) for name in vars(kind)}
        return sorted((set(super().__dir__()) - inherited) | here)

    def rebuilt(self, **changes: Any) -> Self:
        """Return the same cell (same sizes) with other arguments, e.g. ``probes="elements"``."""
        raise NotImplementedError

    def with_junctions(self, change: Callable[[Device], Device]) -> Self:
        """Return the same cell with each junction changed."""
        raise NotImplementedError

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        return -self.vdd / 2, self.vdd / 2

    @property
    def middle(self) -> float:
        """Middle of the supply [V]."""
        return sum(self.rails) / 2

    @property
    def bias(self) -> Mapping[str, float]:
        """Further ports that are held at a voltage [V]."""
        return {}

    @property
    def sources(self) -> Mapping[str, Waveform]:
        """Ports that have a waveform of their own, such as a clock [V]."""
        return {}

    @property
    def outputs(self) -> tuple[str, ...]:
        """Ports that carry a load on a bench."""
        return tuple(port for port in ("out", "outb") if port in self.ports)

    @property
    def parameters(self) -> Mapping[str, float]:
        """Parameters of a netlist that were set, by name as ``--param`` takes them."""
        return {}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of results should know of how the cell was made."""
        return ()

    @property
    def devices(self) -> Mapping[str, Device]:
        """Junctions by name, which is that of their block."""
        return {"mtj": self.device}

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        """Nodes inside the cell that show the state of each junction."""
        return {"mtj": self.device.state_ports()}

    @property
    def state_nodes(self) -> tuple[str, ...]:
        """The nodes of all :attr:`states`."""
        return tuple(node for nodes in self.states.values() for node in nodes)

    @property
    def verilog_a(self) -> tuple[str, ...]:
        """Verilog-A files that the transistors need; ``Testbench.from_pyspice`` takes them over."""
        return self.technology.verilog_a

    def state_signals(self, instance: str = "x1") -> dict[str, tuple[str, ...]]:
        """Return the signals of the :attr:`states` of each junction."""
        return {name: tuple(self.node_signal(node, instance) for node in nodes) for name, nodes in self.states.items()}


def check_choice(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Raise CircuitError for an argument of a cell that is none of those allowed."""
    if value not in allowed:
        raise CircuitError(f"{name} = {value!r} of a neuron cell. {did_you_mean(str(value), allowed)}")
