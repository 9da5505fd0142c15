"""A network of p-bits as a circuit: cells, synapses, clocks, and the state of every p-bit over time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.pbit import PBit
from spinspice.cells.pbit_clocked import ClockedPBit
from spinspice.cells.pbit_modular import ModularPBit
from spinspice.cells.pbit_sot import SOTPBit
from spinspice.cells.pbit_telegraph import TelegraphPBit
from spinspice.errors import CircuitError
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits import ramp as ramps
from spinspice.networks.pbits.asked import Amplifier, Asked, Programme, Synapse
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.ramp import Ramp
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.synapses import SYNAPSES
from spinspice.waveforms import Waveforms

#: Schemes of update, and the cell of each.
UPDATES: dict[str, type[PBit]] = {
    "autonomous": PBit, "clocked": ClockedPBit, "telegraph": TelegraphPBit, "sot": SOTPBit, "modular": ModularPBit,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class PBitNetwork:
    """p-bits, and the synapses that J, h and I0 ask for.

    Parameters
    ----------
    ising : Ising
    cell : PBit
        The cell of every p-bit; what it is says how the network is updated (:data:`UPDATES`).
    V0 : float
        Width of its transition [V], as characterised.
    v0 : float or mapping
        Middle of the transition of all p-bits, or of each by name [V].
    I0 : float
    R_node : float
        Resistance of each gate's node [Ohm]: large beside what an inverter drives with its whole fan-out, small enough
        for the delay with the gate (10 ps at 20 kOhm); our choice. Half the resistance of a line, where the input is
        one and that is less.
    r_out : float
        Resistance of the outputs [Ohm], for which resistors make up: with 0, a full adder of nodes of 2 kOhm acts as at
        0.85 I0.
    synapse : {"resistors", "sum", "capacitors", "amplifiers", "transistors"}
        :mod:`spinspice.networks.pbits.synapses`.
    sequencer : Sequencer, optional
        Of clocked p-bits.
    mismatch : int, optional
        Seed by which the transistors of each cell differ from those of the next; None for none.
    ramp : Ramp, optional
        Annealing: couplings are driven between rails that follow it (:mod:`spinspice.networks.pbits.ramp`).
    programme : Programme, optional
        Currents of the branches of synapse ``transistors``.
    amplifier : Amplifier, optional
        Gain and offset of the amplifiers of synapse ``amplifiers``, for which resistors and references make up.
    """

    ising: Ising
    cell: PBit
    V0: float
    v0: float | Mapping[str, float] = 0.0
    I0: float = 1.0
    R_node: float = 20e3
    r_out: float = 0.0
    synapse: str = "resistors"
    sequencer: Sequencer | None = None
    mismatch: int | None = None
    ramp: Ramp | None = None
    programme: Programme | None = None
    amplifier: Amplifier | None = None

    def __post_init__(self) -> None:
        if isinstance(self.cell, ClockedPBit) != (self.sequencer is not None):
            raise CircuitError(
                "clocked p-bits need a sequencer, and other p-bits have no clock. Give both, or neither."
            )

    @property
    def update(self) -> str:
        """How p-bits are updated, a key of :data:`UPDATES`."""
        return next(name for name, kind in reversed(UPDATES.items()) if isinstance(self.cell, kind))

    def network(self, **changes: object) -> Network:
        """Return the network; ``changes`` are fields of :class:`spinspice.networks.Network`, e.g. probes="blocks".

        Raises
        ------
        CircuitError
            For weights out of reach, or groups of p-bits that are not coupled.
        """
        groups = self.ising.components
        if len(groups) > 1:
            raise CircuitError(
                f"p-bits {', '.join(groups[0])} are not coupled to {', '.join(groups[1])}. Make two networks of them."
            )
        make = SYNAPSES.get(self.synapse)
        if make is None:
            raise CircuitError(f"unknown synapse {self.synapse!r}. One of {', '.join(SYNAPSES)}.")
        asked = self.asked
        driven: dict[str, Any] = {}
        rails: dict[str, Any] = {}
        if self.ramp is not None:
            asked = dataclasses.replace(asked, outputs=ramps.OUTPUTS, rails=ramps.RAILS)
            driven = ramps.drivers(self.ising.names, self.cell)
            rails = {node: self.ramp.wave(level) for node, level in zip(ramps.RAILS, self._levels, strict=True)}
        placed: Synapse = make(asked)
        cells, clocks = self._cells()
        if self.sequencer is not None:
            driven |= self.sequencer.couplings(self.ising, *self.cell.rails)
        settings = {
            "cells": {**cells, **placed.cells},
            "couplings": {**placed.couplings, **driven},
            "inputs": {**placed.inputs, **clocks, **rails},
            "outputs": [f"outb_{name}" for name in self.ising.names],
            "title": f"{len(self.ising)} p-bits",
        }
        return Network(**{**settings, **changes})  # type: ignore[arg-type]

    @property
    def asked(self) -> Asked:
        """What its synapses are to make."""
        return Asked(
            ising=self.ising, I0=self.I0, V0=self.V0, v0=self.middles, cell=self.cell,
            R_node=min(self.R_node, self.cell.input_resistance / 2.0),
            r_out=self.r_out, programme=self.programme, amplifier=self.amplifier,
        )  # fmt: skip

    @property
    def middles(self) -> dict[str, float]:
        """Middle of the transition of each p-bit that the synapses are made with [V]."""
        if isinstance(self.v0, Mapping):
            return {name: float(self.v0.get(name, 0.0)) for name in self.ising.names}
        return dict.fromkeys(self.ising.names, float(self.v0))

    @property
    def cells(self) -> dict[str, PBit]:
        """The cell of each p-bit; with mismatch each has a subcircuit of its own."""
        if self.mismatch is None:
            return dict.fromkeys(self.ising.names, self.cell)
        drawn = self.cell.technology.with_mismatch(self.mismatch)
        return {name: self.cell.rebuilt(technology=drawn, name=f"{self.cell.name}_{name}") for name in self.ising.names}

    def _cells(self) -> tuple[dict[str, Placed], dict[str, object]]:
        """Return the cells and the sources of their clocks."""
        if self.sequencer is None:
            return {name: Placed(cell) for name, cell in self.cells.items()}, {}
        clocks = self.sequencer.clock_of(self.ising)
        cells = {
            name: Placed(cell, {"clk": clocks[name], "clkb": clocks[name].replace("ck", "ckb")})
            for name, cell in self.cells.items()
        }
        return cells, dict(self.sequencer.sources(self.ising, *self.cell.rails))

    @property
    def _levels(self) -> tuple[float, float]:
        """Full amplitude of the drivers' rails, upper and lower [V]."""
        return self.cell.vdd / 2, -self.cell.vdd / 2

    @property
    def interval(self) -> float:
        """Time between two states that are counted [s]: a sweep of the sequencer, else 20 ps (our choice)."""
        return self.sequencer.sweep(self.ising) if self.sequencer else 20e-12

    def rows(self, waveforms: Waveforms, step: float | None = None, start: float = 0.0) -> NDArray[np.int64]:
        """Return the state every ``step`` [s] after ``start`` as a number, the first p-bit its highest bit."""
        step = self.interval if step is None else step
        return self.rows_at(waveforms, np.arange(start + step, waveforms.time[-1] * (1 + 1e-12), step))

    def rows_at(self, waveforms: Waveforms, time: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the states at some times [s] as numbers."""
        row = np.zeros(time.size, dtype=np.int64)
        for name in self.ising.names:
            out = np.interp(time, waveforms.time, waveforms[f"v(outb_{name})"])
            row = 2 * row + (out > self.cell.middle)
        return row
