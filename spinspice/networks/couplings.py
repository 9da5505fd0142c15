"""What couples the cells of a network: resistors, capacitors, transistors, junctions, diodes, and ideal sources.

Nodes are those of the network; ``0`` is ground, ``vdd`` and ``vss`` are the rails. Every coupling is an element of the
circuit under its own name and, where the network is metered, a block of the energy audit.
"""

from __future__ import annotations

import abc
import dataclasses
import math
from collections.abc import Mapping
from typing import Literal

from spinspice.cmos import Technology
from spinspice.cmos.bins import Size
from spinspice.devices.base import Device
from spinspice.errors import CircuitError, check_range
from spinspice.pyspice import Circuit
from spinspice.verilog import DigitalBlock

#: Node behind each pin of a coupling: the pin's own, or the one behind its ammeter.
Ends = Mapping[str, str]


class Coupling(abc.ABC):
    """An element between nodes of a network."""

    @property
    def stochastic(self) -> bool:
        """Whether it holds a junction that needs a seed of the network."""
        return False

    @property
    @abc.abstractmethod
    def pins(self) -> dict[str, str]:
        """Pins that carry current, and their nodes."""

    @property
    def senses(self) -> tuple[str, ...]:
        """Nodes whose voltage it senses without a current."""
        return ()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Nodes that it touches or senses."""
        return *self.pins.values(), *self.senses

    @abc.abstractmethod
    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        """Place it between ``ends``; ``seed`` is the text of a junction's seed."""

    @property
    def size(self) -> Size | None:
        """Polarity, width and length of a transistor, whose model card the network must hold."""
        return None

    @property
    def block(self) -> DigitalBlock | None:
        """Verilog that runs beside the circuit, whose testbench must hold it."""
        return None


@dataclasses.dataclass(frozen=True)
class Resistor(Coupling):
    """Resistance [Ohm] between two nodes: a synapse, a wire. May be text such as ``{R_syn}``, a parameter."""

    a: str
    b: str
    resistance: float | str

    def __post_init__(self) -> None:
        _positive("resistance", self.resistance, "Ohm", "Resistor")

    @property
    def pins(self) -> dict[str, str]:
        return {"a": self.a, "b": self.b}

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        circuit.R(name, ends["a"], ends["b"], self.resistance)


@dataclasses.dataclass(frozen=True)
class Capacitor(Coupling):
    """Capacitance [F] between two nodes."""

    a: str
    b: str
    capacitance: float | str

    def __post_init__(self) -> None:
        _positive("capacitance", self.capacitance, "F", "Capacitor")

    @property
    def pins(self) -> dict[str, str]:
        return {"a": self.a, "b": self.b}

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        circuit.C(name, ends["a"], ends["b"], self.capacitance)


@dataclasses.dataclass(frozen=True)
class Transistor(Coupling):
    """A transistor of a technology as a synapse: drain, gate, source, width and length [m]; bulk on its own rail."""

    technology: Technology
    polarity: Literal["n", "p"]
    drain: str
    gate: str
    source: str
    w: float
    length: float

    @property
    def pins(self) -> dict[str, str]:
        bulk = "vss" if self.polarity == "n" else "vdd"
        return {"d": self.drain, "g": self.gate, "s": self.source, "b": bulk}

    @property
    def size(self) -> Size:
        return self.polarity, self.w, self.length

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        place = self.technology.nmos if self.polarity == "n" else self.technology.pmos
        place(circuit, name, *(ends[pin] for pin in "dgsb"), w=self.w, l=self.length)


@dataclasses.dataclass(frozen=True)
class Junction(Coupling):
    """A two-terminal junction between two nodes: its free layer at ``free``, its reference layer at ``ref``.

    ``states`` are the nodes of its state, by default named after the coupling; ``seed`` a seed of its own, by default
    the network's for its name.
    """

    device: Device
    free: str
    ref: str
    states: tuple[str, ...] = ()
    seed: int | str | None = None

    @property
    def stochastic(self) -> bool:
        return self.seed is None

    @property
    def pins(self) -> dict[str, str]:
        return {"free": self.free, "ref": self.ref}

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        own = seed if self.seed is None else self.seed
        self.device.add_to(circuit, name, ends["free"], ends["ref"], *self.states, seed=own)


@dataclasses.dataclass(frozen=True)
class Diode(Coupling):
    """A diode from ``anode`` to ``cathode``: saturation current [A] and ideality."""

    anode: str
    cathode: str
    saturation: float = 1e-14
    ideality: float = 1.0

    def __post_init__(self) -> None:
        check_range("saturation", self.saturation, 0.0, 1.0, unit="A", where="Diode", open_low=True)
        check_range("ideality", self.ideality, 0.5, 10.0, where="Diode")

    @property
    def pins(self) -> dict[str, str]:
        return {"a": self.anode, "b": self.cathode}

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        circuit.model(f"diode_{name}", "D", IS=self.saturation, N=self.ideality)
        circuit.D(name, ends["a"], ends["b"], model=f"diode_{name}")


@dataclasses.dataclass(frozen=True)
class Gain(Coupling):
    """An ideal amplifier without delay: v(node) = gain (v(sense) - v(origin)), a voltage source (E)."""

    node: str
    sense: str
    gain: float
    origin: str = "0"

    def __post_init__(self) -> None:
        check_range("gain", self.gain, -1e6, 1e6, where="Gain")

    @property
    def pins(self) -> dict[str, str]:
        return {"out": self.node}

    @property
    def senses(self) -> tuple[str, ...]:
        return self.sense, self.origin

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        circuit.VCVS(name, ends["out"], circuit.gnd, self.sense, self.origin, voltage_gain=self.gain)


@dataclasses.dataclass(frozen=True)
class WeightedSum(Coupling):
    r"""An ideal synapse: :math:`\tau \dot v = \sum_j w_j v_j + v_0 - v` at its node.

    Currents :math:`w_j v_j / R` from linear sources (G) into a resistor R with a capacitor :math:`\tau / R` beside it.

    Parameters
    ----------
    node : str
        Where the sum appears.
    weights : mapping
        Node -> weight [1].
    offset : float
        v_0 [V].
    tau : float
        Time constant [s]; 0 for none.
    resistance : float
        R [Ohm], the output resistance of the synapse. Our choice: 1 kOhm, small beside a gate.
    """

    node: str
    weights: Mapping[str, float]
    offset: float = 0.0
    tau: float = 0.0
    resistance: float = 1e3

    def __post_init__(self) -> None:
        check_range("tau", self.tau, 0.0, 1.0, unit="s", where="WeightedSum")
        _positive("resistance", self.resistance, "Ohm", "WeightedSum")
        if self.node in self.weights:
            raise CircuitError(f"the sum at {self.node} holds its own node. Name the outputs that it adds up.")
        for sense, weight in self.weights.items():
            check_range("weight", weight, -1e9, 1e9, where=f"WeightedSum of {sense}")

    @property
    def pins(self) -> dict[str, str]:
        return {"out": self.node}

    @property
    def senses(self) -> tuple[str, ...]:
        return tuple(self.weights)

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        inner = ends["out"]
        for index, (sense, weight) in enumerate(self.weights.items()):
            gain = weight / self.resistance
            circuit.VCCS(f"{name}_{index}", circuit.gnd, inner, sense, circuit.gnd, transconductance=gain)
        if self.offset:
            circuit.I(f"{name}_0", circuit.gnd, inner, self.offset / self.resistance)
        circuit.R(name, inner, circuit.gnd, self.resistance)
        if self.tau:
            circuit.C(name, inner, circuit.gnd, self.tau / self.resistance)


def _positive(name: str, value: float | str, unit: str, where: str) -> None:
    if not isinstance(value, str):
        check_range(name, value, 0.0, math.inf, unit=unit, where=where, open_low=True)
        if not math.isfinite(value):
            raise CircuitError(f"{name} of a {where} is infinite. Leave the coupling out.")
