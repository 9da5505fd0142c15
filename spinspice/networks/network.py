"""A network: cells and couplings by name, as plain data, and the circuit that they make."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

from spinspice.cells.bench import LOAD
from spinspice.cells.cell import Cell, Probes
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.errors import CircuitError, check_range, did_you_mean
from spinspice.jobs import run_job
from spinspice.networks.couplings import Coupling, Transistor
from spinspice.pyspice import Circuit
from spinspice.results import Grid, Summarised
from spinspice.splitting import Split
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Names of cells, couplings and nodes: lower case, since simulators fold case.
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
#: The rails, which every cell's ports of these names are connected to.
RAILS = ("vdd", "vss")


@dataclasses.dataclass(frozen=True)
class Placed:
    """A cell in a network.

    Parameters
    ----------
    cell : Cell or Metered
        A cell; or with ``probes=None`` of the network any subcircuit that names its ``ports``.
    nodes : mapping
        Port -> node, where it is not the default: the rail for vdd and vss, else ``<port>_<name of the cell>``.
    seed : int or str, optional
        Seed of its junction, a number or an expression; default the parameter ``seed_<name of the cell>``.
    parameters : mapping
        Further parameters of the subcircuit, such as the trim code of a comparator.
    """

    cell: Any
    nodes: Mapping[str, str] = dataclasses.field(default_factory=dict)
    seed: int | str | None = None
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def noisy(self) -> bool:
        """Whether the cell has a junction."""
        return getattr(self.cell, "device", None) is not None

    @property
    def supplied(self) -> bool:
        """Whether the cell is on the rails."""
        return bool(set(RAILS) & set(self.cell.ports))

    @property
    def bias(self) -> Mapping[str, float]:
        """Further ports that are held at a voltage [V]."""
        return self.cell.bias if isinstance(self.cell, Cell) else {}

    def node(self, port: str, name: str) -> str:
        """Return the node of a port of the cell that is placed under a name."""
        return self.nodes.get(port, port if port in RAILS else f"{port}_{name}")


@dataclasses.dataclass(frozen=True)
class Drive:
    """An input of a network whose source has a name of its own.

    Parameters
    ----------
    value : object
        Volts, ``{parameter}``, or a waveform; amperes into the node if ``current``.
    name : str
        Name of the source, without its letter; default ``in_<node>``.
    current : bool
        A current source.
    """

    value: Any
    name: str = ""
    current: bool = False

    def add_to(self, circuit: Circuit, node: str) -> None:
        """Place the source on a node."""
        value = self.value.text() if hasattr(self.value, "text") else self.value
        place, ends = (circuit.I, (circuit.gnd, node)) if self.current else (circuit.V, (node, circuit.gnd))
        place(self.name or f"in_{node}", *ends, value)

    def source(self, node: str) -> str:
        """Return the name of the source as signals have it."""
        return f"{'i' if self.current else 'v'}{self.name or f'in_{node}'}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network(Summarised):
    """Cells and couplings on common rails.

    Parameters
    ----------
    cells : mapping
        Name -> :class:`Placed`, or a cell alone. Rails are there where a cell has ports of their names.
    couplings : mapping
        Name -> :class:`~spinspice.networks.Coupling`.
    inputs : mapping
        Node -> what a source holds it at: volts, ``{parameter}``, or a waveform of :mod:`spinspice.stimuli`; or a
        :class:`Drive`.
    outputs : sequence of str
        Nodes to keep; default the output of every cell.
    load : float
        Capacitance on the output of each cell [F].
    probes : {"none", "blocks", "elements"} or None
        Ammeters: nowhere (a quarter faster), at the blocks of each cell and at each coupling, or at every pin. None
        leaves each cell as it is, and couplings without.
    title : str

    Raises
    ------
    CircuitError
        For a name that is no name or is given twice, a port that a cell does not have, a node that nothing drives, or
        cells of different supplies.
    """

    cells: Mapping[str, Placed] = dataclasses.field(default_factory=dict)
    couplings: Mapping[str, Coupling] = dataclasses.field(default_factory=dict)
    inputs: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    outputs: Sequence[str] = ()
    load: float = LOAD
    probes: Probes | None = "none"
    title: str = "network"

    def __post_init__(self) -> None:
        placed = {name: cell if isinstance(cell, Placed) else Placed(cell) for name, cell in self.cells.items()}
        object.__setattr__(self, "cells", MappingProxyType(placed))
        drives = {node: value if isinstance(value, Drive) else Drive(value) for node, value in self.inputs.items()}
        object.__setattr__(self, "inputs", MappingProxyType(drives))
        check_range("load", self.load, 0.0, 1.0, unit="F", where="Network")
        self._check_names()
        self._check_cells()
        self._check_nodes()

    def _summary(self) -> str:
        inputs = f", driven at {', '.join(self.inputs)}" if self.inputs else ""
        return f"{self.title}: {len(self.cells)} cells, {len(self.couplings)} couplings{inputs}"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [(name, repr(each.cell), " ".join(self.ports(name).values())) for name, each in self.cells.items()]
        rows += [(name, type(each).__name__, " ".join(each.nodes)) for name, each in self.couplings.items()]
        return (Grid(self.title, ("name", "what", "nodes"), rows),)

    # What there is.

    @property
    def vdd(self) -> float:
        """Supply [V]."""
        low, high = self.rails
        return high - low

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V].

        Raises
        ------
        CircuitError
            If no cell is supplied.
        """
        rails = self._rails
        if rails is None:
            raise CircuitError("no cell of this network has a port vdd or vss: it has no supply.")
        return rails

    @property
    def _rails(self) -> tuple[float, float] | None:
        return next((placed.cell.rails for placed in self.cells.values() if placed.supplied), None)

    @property
    def nodes(self) -> tuple[str, ...]:
        """All nodes, ground left out."""
        found = [node for name, each in self.cells.items() for node in self.ports(name).values()]
        found += [node for coupling in self.couplings.values() for node in coupling.nodes]
        return tuple(node for node in dict.fromkeys((*found, *self.inputs)) if node != "0")

    def ports(self, name: str) -> dict[str, str]:
        """Return the nodes of a cell's ports, in the order of the ports."""
        placed = self._placed(name)
        return {port: placed.node(port, name) for port in placed.cell.ports}

    def output(self, name: str) -> str:
        """Return the node of a cell's output."""
        return self.ports(name)["out"]

    @property
    def observed(self) -> tuple[str, ...]:
        """Nodes that a run keeps."""
        return tuple(self.outputs) or tuple(self.output(name) for name in self.cells if self._has_output(name))

    @property
    def loaded(self) -> tuple[str, ...]:
        """Nodes with a load: the outputs of cells."""
        given = [self.ports(name) for name in self.cells if self.load and self._has_output(name)]
        return tuple(dict.fromkeys(nodes[port] for nodes in given for port in ("out", "outb") if port in nodes))

    @property
    def streams(self) -> tuple[str, ...]:
        """Names of cells and couplings that have noise of their own."""
        cells = [name for name, placed in self.cells.items() if placed.noisy and placed.seed is None]
        return *cells, *(name for name, coupling in self.couplings.items() if coupling.stochastic)

    def seeds(self, seed: int) -> dict[str, float]:
        """Return the seeds of all junctions as parameters of a testbench: each by the name of its cell or coupling."""
        return {f"seed_{name}": float(instance_seed(seed, name)) for name in self.streams}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    # The circuit.

    def circuit(self) -> Circuit:
        """Return the PySpice circuit: cell ``a`` is Xa, sources are Vdd and Vss, Vin_<node>, Vbias_<cell>_<port>."""
        circuit = Circuit(self.title)
        models = self._subcircuits(circuit)
        self._model_cards(circuit)
        if self._rails is not None:
            low, high = self._rails
            circuit.V("dd", "vdd", circuit.gnd, high)
            circuit.V("ss", "vss", circuit.gnd, low)
        for node, drive in self.inputs.items():
            drive.add_to(circuit, node)
        for name, placed in self.cells.items():
            cell = models[name]
            seed = f"{{seed_{name}}}" if placed.seed is None else placed.seed
            given = {"seed": seed} if placed.noisy else {}
            circuit.X(name, cell.name, *self.ports(name).values(), **given, **placed.parameters)
            for port, voltage in placed.bias.items():
                circuit.V(f"bias_{name}_{port}", self.ports(name)[port], circuit.gnd, voltage)
        for node in self.loaded:
            circuit.C(f"load_{node}", node, circuit.gnd, self.load)
        for name, coupling in self.couplings.items():
            coupling.add_to(circuit, name, self._ends(circuit, name, coupling), f"{{seed_{name}}}")
        return circuit

    def testbench(
        self,
        *,
        stop: float,
        seed: int = 1,
        step: float | None = None,
        save: Iterable[str] = (),
        parameters: Mapping[str, float] = MappingProxyType({}),
        **settings: Any,
    ) -> Testbench:
        """Return a run.

        Parameters
        ----------
        stop : float
            Duration [s].
        seed : int
            Seed of all noise: every cell and junction has a stream of its own, which depends on its name only.
        step : float, optional
            Suggested step [s]; default the shortest of the junctions.
        save : iterable of str
            Further signals, beside the voltages of :attr:`observed`.
        parameters : mapping
            Of inputs and couplings that are left as ``{name}``.
        **settings
            Other fields of :class:`spinspice.testbench.Testbench`.
        """
        wanted = dict.fromkeys([*(f"v({node})" for node in self.observed), *save])
        settings.setdefault("title", self.title)
        settings.setdefault("digital", tuple(each.block for each in self.couplings.values() if each.block))
        return Testbench.from_pyspice(
            self.circuit(),
            stop=stop,
            step=self._step(stop) if step is None else step,
            save=tuple(wanted),
            parameters={**self.seeds(seed), **parameters},
            **settings,
        )

    def run(
        self,
        *,
        stop: float,
        engine: str | Engine = "auto",
        model: str | None = None,
        workers: int | None = None,
        split: Split = None,
        **settings: Any,
    ) -> Waveforms:
        """Run a :meth:`testbench`; uncoupled cells as decks of ``split``, as :func:`spinspice.jobs.run_jobs` does."""
        return run_job(self.testbench(stop=stop, **settings), engine=engine, model=model, workers=workers, split=split)

    # Checks and details.

    def _placed(self, name: str) -> Placed:
        if name not in self.cells:
            raise CircuitError(f"the network has no cell {name!r}. {did_you_mean(name, self.cells)}")
        return self.cells[name]

    def _has_output(self, name: str) -> bool:
        return "out" in self._placed(name).cell.ports

    def _step(self, stop: float) -> float:
        noisy = [placed.cell for placed in self.cells.values() if placed.noisy]
        devices = [device for cell in noisy for device in cell.devices.values()]
        return min((device.parameters().get("dt", stop / 5000.0) for device in devices), default=stop / 5000.0)

    def _subcircuits(self, circuit: Circuit) -> dict[str, Cell]:
        """Define the subcircuits, once for cells that are alike, and return the cell that stands for each."""
        texts: dict[str, str] = {}
        made: dict[str, Cell] = {}
        same: dict[int, Cell] = {}
        for name, placed in self.cells.items():
            cell = same.get(id(placed.cell))
            if cell is None:
                cell = placed.cell if self.probes is None else placed.cell.rebuilt(probes=self.probes)
                if texts.get(cell.name, str(cell)) != str(cell):
                    cell = cell.rebuilt(name=f"{cell.name}_{name}")
                if cell.name not in texts:
                    texts[cell.name] = str(cell)
                    circuit.subcircuit(cell)
                same[id(placed.cell)] = cell
            made[name] = cell
        return made

    def _model_cards(self, circuit: Circuit) -> None:
        """Add the model cards of transistors that couple cells."""
        placed = [each for each in self.couplings.values() if isinstance(each, Transistor)]
        while placed:  # not by hash: foundries' technologies hold tables
            first = placed[0].technology
            circuit.raw_spice += first.cards_for(sorted({each.size for each in placed if each.technology == first}))
            placed = [each for each in placed if each.technology != first]

    def _ends(self, circuit: Circuit, name: str, coupling: Coupling) -> dict[str, str]:
        """Return the nodes of a coupling's pins, each behind its ammeter ``m_<coupling>_<pin>`` if there is one."""
        if self.probes in ("none", None):
            return coupling.pins
        ends = {}
        for pin, node in coupling.pins.items():
            ends[pin] = node if node == "0" else f"{name}.{pin}"
            if node != "0":
                circuit.V(f"m_{name}_{pin}", node, ends[pin], 0)
        return ends

    def _check_names(self) -> None:
        for what, names in (("cell", self.cells), ("coupling", self.couplings), ("node", self.nodes)):
            for name in names:
                if not isinstance(name, str) or not _NAME.fullmatch(name):
                    raise CircuitError(
                        f"{name!r} is no name of a {what} of a network. Write lower-case letters, digits and _."
                    )
        if not self.cells and not self.couplings:
            raise CircuitError("a network without cells and couplings. Name one at least.")
        twice = sorted(set(self.cells) & set(self.couplings))
        if twice:
            raise CircuitError(f"{twice[0]} is the name of a cell and of a coupling. Rename one.")

    def _check_cells(self) -> None:
        first_name = next((name for name, placed in self.cells.items() if placed.supplied), "")
        for name, placed in self.cells.items():
            for port in placed.nodes:
                if port not in placed.cell.ports:
                    raise CircuitError(f"cell {name} has no port {port!r}. {did_you_mean(port, placed.cell.ports)}")
            if placed.supplied and placed.cell.rails != self._rails:
                raise CircuitError(
                    f"cells {first_name} and {name} have the rails {self._rails} and {placed.cell.rails} V. "
                    "A network has one supply."
                )

    def _check_nodes(self) -> None:
        known = set(self.nodes)
        for node in self.outputs:
            if node not in known:
                raise CircuitError(f"the network has no node {node!r} to keep. {did_you_mean(node, known)}")
        for node in RAILS:
            if node in self.inputs:
                raise CircuitError(f"{node} is a rail, which the network holds. Take it out of the inputs.")
        touched: dict[str, int] = {}
        for name in self.cells:
            for port, node in self.ports(name).items():
                if port not in self._placed(name).bias:
                    touched[node] = touched.get(node, 0) + 1
        for coupling in self.couplings.values():
            for node in set(coupling.nodes):
                touched[node] = touched.get(node, 0) + 1
        for name in self.cells:
            given = self.ports(name).get("vin")
            if given is not None and given not in self.inputs and touched[given] < 2:
                raise CircuitError(
                    f"nothing drives the input of cell {name}, node {given}. Couple it, or name it among the inputs."
                )
