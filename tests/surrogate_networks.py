"""A driven network of analog neurons, once as a circuit of resistors and once of surrogates."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import ASN
from spinspice.engines import get_engine
from spinspice.networks.couplings import Capacitor, Gain, Resistor
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl
from spinspice.surrogate import Surrogate
from spinspice.surrogate.network import SurrogateNetwork

Array = NDArray[np.float64]
#: Resistance of a node [Ohm] and its time constant [s]; length of a symbol, its edge and step of a run [s].
R_NODE, TAU, SYMBOL, EDGE, STEP = 50e3, 2.4e-9, 4e-9, 40e-12, 20e-12


@dataclasses.dataclass(frozen=True)
class Driven:
    """Weights of a network of n, of one input and bias."""

    weights: Array
    inputs: Array
    bias: Array
    symbols: Array

    @classmethod
    def draw(
        cls, n: int, count: int, seed: int, *, synapses: int = 4, radius: float = 0.8, gain: float = 4.5
    ) -> Driven:
        """Return one of sparse signed weights whose loop gain has a spectral radius."""
        rng = np.random.default_rng(seed)
        W = np.zeros((n, n))
        for i in range(n):
            W[i, rng.choice(n, synapses, replace=False)] = rng.uniform(-1, 1, synapses)
        W *= radius / gain / np.abs(np.linalg.eigvals(W)).max()
        return cls(W, rng.uniform(-0.3, 0.3, n), rng.uniform(-0.03, 0.03, n), 0.25 * rng.choice([-1.0, 1.0], count))

    def circuit(self, cell: ASN) -> Network:
        """Return the circuit: a resistor a weight, behind an ideal inverter where it is negative."""
        n = self.bias.size
        couplings: dict[str, Any] = {f"inv{j}": Gain(f"out_n{j}_b", f"out_n{j}", -1.0) for j in range(n)}
        couplings["inv_drive"] = Gain("drive_b", "drive", -1.0)
        for i in range(n):
            left = 1.0
            links = [(f"out_n{j}", w) for j, w in enumerate(self.weights[i]) if w]
            links += [("drive", self.inputs[i])]
            for k, (node, w) in enumerate(links):
                couplings[f"r{i}_{k}"] = Resistor(node if w > 0 else f"{node}_b", f"vin_n{i}", R_NODE / abs(w))
                left -= abs(w)
            part = abs(self.bias[i]) / (cell.vdd / 2)
            couplings[f"b{i}"] = Resistor("vdd" if self.bias[i] > 0 else "vss", f"vin_n{i}", R_NODE / part)
            couplings[f"g{i}"] = Resistor("0", f"vin_n{i}", R_NODE / (left - part))
            couplings[f"c{i}"] = Capacitor("0", f"vin_n{i}", TAU / R_NODE)
        times = np.ravel(
            [SYMBOL * np.arange(self.symbols.size), SYMBOL * np.arange(1, self.symbols.size + 1) - EDGE], "F"
        )
        drive = Pwl(times.tolist(), np.repeat(self.symbols, 2).tolist())
        nodes = [f"{port}_n{i}" for port in ("vin", "out") for i in range(n)]
        return Network(
            cells={f"n{i}": Placed(cell) for i in range(n)}, couplings=couplings, inputs={"drive": drive}, outputs=nodes
        )

    def run_circuit(self, device: Any, seed: int) -> tuple[Array, Array]:
        """Return node voltages and outputs of the circuit, (n, times) every STEP."""
        cell = ASN(device.replace(max_step=STEP), probes="none")
        bench = self.circuit(cell).testbench(stop=SYMBOL * self.symbols.size, seed=seed, step=STEP)
        even = get_engine("ngspice").run(bench).resample(STEP)
        rows = [np.array([even[f"v({port}_n{i})"][1:] for i in range(self.bias.size)]) for port in ("vin", "out")]
        return rows[0], rows[1]

    def surrogates(self, surrogate: Surrogate) -> SurrogateNetwork:
        """Return the same of surrogates, each loaded by the resistors that it drives itself."""
        load = np.maximum(self.weights, 0.0).sum(axis=0) / R_NODE
        names = [f"n{i}" for i in range(self.bias.size)]
        return surrogate.network(self.weights, self.bias, self.inputs[:, None], tau=TAU, load=load, names=names)

    def run_surrogates(self, surrogate: Surrogate, seed: int, **more: Any) -> tuple[Array, Array]:
        """Return node voltages and outputs of the surrogates, (n, times) every STEP."""
        hold = round(SYMBOL / STEP)
        states = self.surrogates(surrogate).run(self.symbols[None], seed, dt=STEP, steps=hold, record=1, **more)
        return states.node, states.output


def correlations(a: Array, b: Array, start: int = 500) -> Array:
    """Return the correlation of every row of two arrays, the start left out."""
    return np.array([np.corrcoef(x[start:], y[start:])[0, 1] for x, y in zip(a, b, strict=True)])
