"""What synapses of p-bits are asked for, what they are made of, and what they know of their own transistors."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.pbit import PBit
from spinspice.errors import CircuitError
from spinspice.networks.couplings import Coupling
from spinspice.networks.pbits.ising import Ising

Array = NDArray[np.float64]
#: Smallest current of a branch that is told from a leak [A]: our choice.
LEAST = 1e-9


@dataclasses.dataclass(frozen=True, kw_only=True)
class Amplifier:
    """What is known of an amplifier with its resistor at the output: gain [1], and offset at its inputs [V]."""

    gain: float = math.inf
    offset: float = 0.0


@dataclasses.dataclass(frozen=True)
class Programme:
    """What voltage of the weight makes what current of a branch, as ``synapse_transistors.programmed`` finds it.

    Attributes
    ----------
    volts, amperes : array, shape (n,)
        Rising.
    """

    volts: Array
    amperes: Array

    def voltage(self, current: float) -> float:
        """Return the voltage [V] for a current [A], by the logarithm of the current.

        Raises
        ------
        CircuitError
            For a current that no voltage makes.
        """
        if not LEAST <= current <= self.amperes[-1]:
            raise CircuitError(f"{current:.3g} A is outside {LEAST:g} to {self.amperes[-1]:.3g} A.")
        return float(np.interp(np.log(current), np.log(np.maximum(self.amperes, LEAST / 100)), self.volts))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What a synapse is to make: v = v0 + V0 I0 (sum J m + h) at the gate of every p-bit.

    Parameters
    ----------
    ising : Ising
    I0 : float
    V0 : float
        Width of a p-bit's transition [V].
    v0 : mapping
        Middle of each p-bit's transition [V].
    cell : PBit
        Its supply, and the transistors that a synapse is made of.
    R_node : float
        Resistance of a gate's node [Ohm].
    r_out : float
        Resistance of the outputs [Ohm].
    outputs, rails : pair of str
        As for :func:`spinspice.networks.pbits.crossbar.crossbar`.
    programme : Programme, optional
        Currents of programmable transistors (:mod:`spinspice.networks.pbits.synapse_transistors`).
    amplifier : Amplifier, optional
        What is known of summing amplifiers (:mod:`spinspice.networks.pbits.synapse_amplifiers`).
    """

    ising: Ising
    I0: float
    V0: float
    v0: Mapping[str, float]
    cell: PBit
    R_node: float = 20e3
    r_out: float = 0.0
    outputs: tuple[str, str] = ("outb", "out")
    rails: tuple[str, str] = ("vdd", "vss")
    programme: Programme | None = None
    amplifier: Amplifier | None = None

    @property
    def unit(self) -> float:
        """Voltage at a gate for an input of I0 [V]."""
        return self.V0 * self.I0


@dataclasses.dataclass(frozen=True)
class Synapse:
    """Couplings of a network, what its inputs are held at [V], and cells that the synapses need."""

    couplings: Mapping[str, Coupling]
    inputs: Mapping[str, Any]
    cells: Mapping[str, Any] = dataclasses.field(default_factory=dict)
