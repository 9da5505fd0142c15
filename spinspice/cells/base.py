"""Cells drawn here: transistors, ammeters on every block; what neuron cells share: junction over transistor.

A cell is a PySpice ``SubCircuit``: it drops into any PySpice circuit. It carries its transistor models inside itself;
the junction is an instance of the subcircuit named after the compact model, from the library that the engine adds.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Literal, Self, get_args

from spinspice.cells.cell import Cell, Pin, Probes, check_choice
from spinspice.cells.sizing import InverterSizing, Sizing, check_two_terminals
from spinspice.cmos import Technology, get_technology
from spinspice.cmos.bins import Size
from spinspice.devices.base import Device
from spinspice.errors import CircuitError, UsageError, check_is


class TransistorCell(Cell):
    """A subcircuit of transistors that carries its models and an ammeter on every block.

    Subclasses set the class attributes, call ``super().__init__``, place elements with ``_nmos``, ``_pmos`` and
    ``_resistor``, and end with ``_finish``.

    Parameters
    ----------
    technology : Technology or str
        Transistors.
    vdd : float, optional
        Supply for which the cell is sized [V]; the technology's own by default. It is split: vdd at +VDD/2, vss at
        -VDD/2, signals around 0 V.
    probes : {"none", "blocks", "elements"}
        Ammeters nowhere, at the pins of each block, or at every pin of every element (for an audit; a quarter slower).
    name : str, optional
        Name of the subcircuit.
    **parameters
        Parameters of the subcircuit with their defaults.

    Raises
    ------
    CircuitError
        For an unknown choice.
    """

    technology: Technology

    def __init__(
        self, technology: Technology | str, *, vdd: float | None, probes: Probes, name: str | None, **parameters: Any
    ) -> None:
        check_choice("probes", probes, get_args(Probes))
        super().__init__(name or self.kind, *self.ports, **parameters)
        check_is(technology, (str, Technology), "technology", "a name ('generic') or a Technology")
        self.technology = get_technology(technology) if isinstance(technology, str) else technology
        self.vdd = self.technology.check_vdd(self.technology.vdd if vdd is None else vdd)
        self.probes = probes
        self.pins: list[Pin] = []
        self._sizes: list[Size] = []

    def _finish(self) -> None:
        """Take over the model cards of the transistors that were placed."""
        self.raw_spice = self.technology.cards_for(sorted(set(self._sizes)))

    @property
    def area(self) -> float:
        """Area of the transistors [m^2], by the rule of a memory's bit cell: w + 3 l_min by l + 4 l_min each."""
        l_min = self.technology.l_min
        return sum((w + 3.0 * l_min) * (length + 4.0 * l_min) for _, w, length in self._sizes)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments that make this cell again."""
        raise NotImplementedError

    def rebuilt(self, **changes: Any) -> Self:
        """Return the same cell (same sizes) with other arguments, e.g. ``probes="elements"`` or another device."""
        return type(self)(**(self.arguments() | changes))

    def _meter(self, name: str, node: str) -> str:
        """Add the ammeter vm_<name> from ``node`` and return the node behind it; once for each name."""
        if self.probes == "none":
            return node
        inner = f"{name}_i"
        if f"Vm_{name}" not in self.element_names:
            self.V(f"m_{name}", node, inner, 0)
        return inner

    def _tap(self, block: str, element: str, pin: str, node: str) -> str:
        """Return the node to which a pin is connected so that its current (or its block's) is measured."""
        if self.probes == "none":
            return node
        if self.probes == "elements":
            name = f"{element}_{pin}"
        elif node in self.ports:
            rail = "vss" if block == "input" else "vdd"
            name = block if node == rail else f"{block}_{node}"
        else:
            return node
        entry = Pin(block, element if self.probes == "elements" else block, node, f"vm_{name}")
        if entry not in self.pins:
            self.pins.append(entry)
        return self._meter(name, node)

    def _nmos(self, block: str, name: str, d: str, g: str, s: str, *, w: float, length: float) -> None:
        """Add an n channel with its bulk on vss."""
        nodes = [self._tap(block, name, pin, node) for pin, node in zip("dgsb", (d, g, s, "vss"), strict=True)]
        self._sizes.append(("n", w, length))
        self.technology.nmos(self, name, *nodes, w=w, l=length)

    def _pmos(self, block: str, name: str, d: str, g: str, s: str, *, w: float, length: float) -> None:
        """Add a p channel with its bulk on vdd."""
        nodes = [self._tap(block, name, pin, node) for pin, node in zip("dgsb", (d, g, s, "vdd"), strict=True)]
        self._sizes.append(("p", w, length))
        self.technology.pmos(self, name, *nodes, w=w, l=length)

    def _resistor(self, block: str, name: str, plus: str, minus: str, resistance: float) -> None:
        """Add a resistor; in an element audit one ammeter gives the power at both its ends."""
        inner = self._tap(block, name, "p", plus)
        if self.probes == "elements":
            self.pins.append(Pin(block, name, minus, f"vm_{name}_p", -1.0))
        elif minus in self.ports:
            minus = self._tap(block, name, "m", minus)
        self.R(name, inner, minus, resistance)


class NeuronCell(TransistorCell):
    """One junction and one transistor between the rails, and an output stage: what ASN and BSN have in common.

    Ports: vin, out, vdd, vss and mid, the midpoint of the divider (leave it unconnected, or probe it). Subcircuit
    parameter: ``seed`` of the junction. The supply is split: vdd at +VDD/2, vss at -VDD/2, input and output around 0 V.
    State nodes of the junction keep their names inside the cell: ``v(x1.mx)`` of a macrospin, ``v(x1.state)`` of a
    telegraph junction in the instance X1.

    Parameters
    ----------
    device : Device
        Two-terminal junction.
    technology : Technology or str
        Transistors.
    vdd : float, optional
        Supply for which the cell is sized [V]; the technology's own by default.
    sizing : Sizing, optional
        Sizes, of the kind that the cell declares (:attr:`sizes`); by default those that match the junction.
    reference : {"vdd", "mid"}
        Side of the junction's reference layer. With ``"vdd"`` (our choice) the current of the divider favours the
        antiparallel state, so that spin torque and transistor move the midpoint the same way.
    probes : {"none", "blocks", "elements"}
        Ammeters nowhere, at the pins of each block, or at every pin of every element (for an audit; a quarter slower).
    name : str, optional
        Name of the subcircuit.

    Raises
    ------
    CircuitError
        For a device that is no two-terminal junction, or an unknown choice.
    """

    #: Junction the cell was published with.
    preset: ClassVar[str] = ""
    #: Its sizes: a subclass of :class:`Sizing` that adds those of the output stage.
    sizes: ClassVar[type[Sizing]] = InverterSizing
    #: All cells by :attr:`kind`: each registers itself when its class is made.
    known: ClassVar[dict[str, type[NeuronCell]]] = {}
    sizing: Sizing
    technology: Technology
    ports: tuple[str, ...] = ("vin", "out", "vdd", "vss", "mid")

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "kind" in vars(cls):
            _register(cls)

    def __init__(
        self,
        device: Device | None = None,
        technology: Technology | str = "generic",
        *,
        vdd: float | None = None,
        sizing: Sizing | None = None,
        reference: Literal["vdd", "mid"] = "vdd",
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        check_two_terminals(device)
        assert device is not None
        check_choice("reference", reference, ("vdd", "mid"))
        super().__init__(technology, vdd=vdd, probes=probes, name=name, seed=1)
        self.device = device
        if sizing is not None and not isinstance(sizing, self.sizes):
            raise CircuitError(
                f"sizing of {self.kind} is {type(sizing).__name__}; it needs {self.sizes.__name__}, with "
                f"{', '.join(self.sizes.names())}. Use {type(self).__name__}.sizes.for_junction(device, technology)."
            )
        self.sizing = sizing or self.sizes.for_junction(device, self.technology, self.vdd)
        self.reference = reference
        self._build_divider()
        self._build_output()
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "device": self.device,
            "technology": self.technology,
            "vdd": self.vdd,
            "sizing": self.sizing,
            "reference": self.reference,
            "probes": self.probes,
            "name": self.name,
        }

    def with_junctions(self, change: Callable[[Device], Device]) -> Self:
        return self.rebuilt(device=change(self.device))

    def _build_output(self) -> None:
        """Add the output stage between mid and out."""
        raise NotImplementedError

    def _build_divider(self) -> None:
        top = self._meter("mtj", "vdd")
        ends = ("mid", top) if self.reference == "vdd" else (top, "mid")
        self.device.add_to(self, "mtj", *ends, *self.state_nodes, seed="{seed}")
        if self.probes != "none":
            self.pins += [Pin("mtj", "mtj", "vdd", "vm_mtj"), Pin("mtj", "mtj", "mid", "vm_mtj", -1.0)]
        size = self.sizing
        self._nmos("input", "in", "mid", "vin", "vss", w=size.w_input, length=size.l_input)


@functools.cache
def own_cells() -> dict[str, type[NeuronCell]]:
    """Return the cell classes of spinspice by name: a module of this package that defines one is enough."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        importlib.import_module(f"{__package__}.{module.name}")
    own = sorted((kind.__module__, name) for name, kind in NeuronCell.known.items())
    return {name: NeuronCell.known[name] for module, name in own if module.startswith(f"{__package__}.")}


def _register(cell: type[NeuronCell]) -> None:
    """Add a cell to the known ones; the first of a name stays, unless its own module makes it anew.

    Raises
    ------
    UsageError
        For a name that no subcircuit can have, or that is taken.
    """
    name, before = cell.kind, NeuronCell.known.get(cell.kind)
    if name != name.lower() or not name.isidentifier():
        raise UsageError(
            f"kind = {name!r} of {cell.__name__}: the name of a cell, which is that of its subcircuit, is of "
            "lower-case letters, digits and _."
        )
    if before is None and not cell.__module__.startswith("spinspice.cells."):
        before = own_cells().get(name)
    if before is not None and (before.__module__, before.__qualname__) != (cell.__module__, cell.__qualname__):
        raise UsageError(f"the name {name!r} is taken by the cell {before.__module__}.{before.__name__}.")
    NeuronCell.known[name] = cell
