"""A reservoir as a circuit: neurons, synapses, interconnect, inputs; and its states over symbols."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.asn_paired import PairedASN, WilsonBias
from spinspice.cells.cell import Probes
from spinspice.errors import CircuitError, check_range
from spinspice.networks.couplings import Capacitor, Coupling, Resistor
from spinspice.networks.network import Network, Placed
from spinspice.networks.reservoir.calibration import Calibration
from spinspice.networks.reservoir.map import Components, components
from spinspice.networks.reservoir.synapses import SynapseTable, programmed
from spinspice.networks.reservoir.topology import Topology
from spinspice.stimuli import Staircase
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Edge of an input over the symbol time [1], and time step of a run [s]. Our choices.
EDGE, STEP = 0.02, 20e-12


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class ReservoirCircuit:
    """Neurons and what joins them.

    Parameters
    ----------
    topology : Topology
    cell : PairedASN
        Of every node.
    calibration : Calibration
        Of that cell.
    symbol : float
        Time of one symbol [s].
    R_node : float
        Resistance of a gate's node [Ohm].
    tau : float, optional
        Time constant of the interconnect [s]; default 0.6 symbols.
    v_in : float, optional
        Voltage of the input nodes for u = 1 [V].
    synapses : SynapseTable, optional
        Programmable synapses in place of resistors between neurons.
    """

    topology: Topology
    cell: PairedASN
    calibration: Calibration
    symbol: float = 4e-9
    R_node: float = 50e3
    tau: float | None = None
    v_in: float | None = None
    synapses: SynapseTable | None = None

    def __post_init__(self) -> None:
        check_range("symbol", self.symbol, 1e-11, 1.0, unit="s", where="ReservoirCircuit")
        if not isinstance(self.cell, PairedASN):
            raise CircuitError(f"nodes of a reservoir are of PairedASN cells, got {type(self.cell).__name__}.")
        if self.tau is None:
            object.__setattr__(self, "tau", 0.6 * self.symbol)

    @property
    def components(self) -> Components:
        """Conductances and capacitors."""
        assert self.tau is not None
        return components(self.topology, self.calibration, R_node=self.R_node, tau=self.tau, v_in=self.v_in)

    def network(self, inputs: ArrayLike, **changes: Any) -> Network:
        """Return the network that hears the inputs, shape (t,) or (t, k); ``changes`` are fields of Network."""
        made = self.components
        cell = self.cell
        lines = {"nb": "nb", "pb": "pb"} if cell.shared else {}
        cells = {f"n{i}": Placed(cell, dict(lines)) for i in range(self.topology.nodes)}
        if cell.shared:
            cells["wilson"] = Placed(WilsonBias.of(cell), lines)
        settings: dict[str, Any] = {
            "cells": cells,
            "couplings": self._couplings(made),
            "inputs": {**self._inputs(np.asarray(inputs, dtype=float), made), **self._lines(made)},
            "outputs": [f"{node}_n{i}" for node in ("out", "vin") for i in range(self.topology.nodes)],
            "title": f"reservoir of {self.topology.nodes} neurons",
        }
        return Network(**{**settings, **changes})

    def testbench(
        self, inputs: ArrayLike, seed: int, *, step: float = STEP, probes: Probes = "none", **settings: Any
    ) -> Testbench:
        """Return a run over all inputs; ``step`` [s] is also the noise step of the junctions, where theirs is shorter.

        Raises
        ------
        ParameterError
            For a step that is too long for the magnet.
        """
        device: Any = self.cell.device
        cell = self.cell.rebuilt(device=device.replace(dt=max(device.dt, step), max_step=step))
        symbols = len(np.asarray(inputs))
        network = dataclasses.replace(self, cell=cell).network(inputs, probes=probes)
        return network.testbench(stop=symbols * self.symbol, seed=seed, step=step, **settings)

    def averages(self, waveforms: Waveforms, symbols: int, window: float = 1.0) -> tuple[Array, Array]:
        """Return the states x averaged over the last part ``window`` of every symbol, and z at its end, both (t, n)."""
        return averages(self.calibration, self.topology.nodes, waveforms, symbols, self.symbol, window)

    def conductances(self) -> dict[str, tuple[float, float]]:
        """Return, for each synapse w_<to>_<from>, the conductance asked for and the one that is made [S]."""
        wanted = self._weights(self.components)
        own = {} if self.synapses is None else programmed(wanted, self.synapses)[2]
        return {name: (value, own.get(name, value)) for name, (_, _, value) in wanted.items()}

    def _weights(self, made: Components) -> dict[str, tuple[str, str, float]]:
        """Return output, gate and conductance [S] of each synapse."""
        found = {}
        for part, port in ((made.falling, "out"), (made.rising, "outb")):
            for i, j in zip(*np.nonzero(part), strict=True):
                found[f"w_{i}_{j}"] = (f"{port}_n{j}", f"vin_n{i}", float(part[i, j]))
        return found

    def _lines(self, made: Components) -> dict[str, float]:
        """Return the voltages that hold the settings of synapses [V]."""
        return {} if self.synapses is None else programmed(self._weights(made), self.synapses)[1]

    def _couplings(self, made: Components) -> dict[str, Coupling]:
        wanted = self._weights(made)
        found: dict[str, Coupling] = {name: Resistor(a, b, 1.0 / value) for name, (a, b, value) in wanted.items()}
        if self.synapses is not None:
            found = programmed(wanted, self.synapses)[0]
        for kind, node in (("plus", "u"), ("minus", "ub")):
            part = getattr(made, kind)
            for i, k in zip(*np.nonzero(part), strict=True):
                found[f"in_{i}_{k}"] = Resistor(f"{node}{k}", f"vin_n{i}", 1.0 / part[i, k])
        for kind, node in (("high", "vdd"), ("low", "vss"), ("ground", "0")):
            for i, value in enumerate(getattr(made, kind)):
                if value > 0.0:
                    found[f"b_{i}_{kind}"] = Resistor(node, f"vin_n{i}", 1.0 / value)
        if made.C_node:
            found |= {f"c_{i}": Capacitor(f"vin_n{i}", "0", made.C_node) for i in range(self.topology.nodes)}
        return found

    def _inputs(self, u: Array, made: Components) -> dict[str, Any]:
        u = u[:, None] if u.ndim == 1 else u
        self.topology.drive(u)  # checks shape and numbers
        found = {}
        for k in range(u.shape[1]):
            for sign, node, part in ((1.0, "u", made.plus), (-1.0, "ub", made.minus)):
                if part[:, k].any():
                    levels = sign * made.v_in * u[:, k]
                    if np.abs(levels).max() > self.cell.vdd / 2.0 * (1.0 + 1e-9):
                        raise CircuitError(
                            f"input {k} reaches {np.abs(levels).max():.3g} V, beyond the rails at "
                            f"{self.cell.vdd / 2:g} V. "
                            f"Take v_in of {self.cell.vdd / 2 / np.abs(u[:, k]).max():.3g} V or less."
                        )
                    found[f"{node}{k}"] = Staircase.even(levels, self.symbol, EDGE * self.symbol)
        return found


def averages(
    calibration: Calibration, nodes: int, waveforms: Waveforms, symbols: int, symbol: float, window: float = 1.0
) -> tuple[Array, Array]:
    """Return x averaged over the last part of every symbol and z at its end, shapes (symbols, nodes)."""
    check_range("window", window, 0.0, 1.0, open_low=True, where="part of a symbol that is averaged")
    time = waveforms.time
    ends = symbol * np.arange(1, symbols + 1)
    ends[-1] = min(ends[-1], time[-1])
    starts = symbol * np.arange(1, symbols + 1) - window * symbol
    out = calibration.falling
    x, z = np.empty((symbols, nodes)), np.empty((symbols, nodes))
    for i in range(nodes):
        value = waveforms[f"v(out_n{i})"]
        area = np.concatenate([[0.0], np.cumsum((value[1:] + value[:-1]) / 2.0 * np.diff(time))])
        mean = (np.interp(ends, time, area) - np.interp(starts, time, area)) / (ends - starts)
        x[:, i] = (out.level - mean) / out.A
        z[:, i] = (np.interp(ends, time, waveforms[f"v(vin_n{i})"]) - out.v0) / out.V0
    return x, z
