r"""Slow symbols: a surrogate reservoir whose magnets have forgotten their past many times over within a step.

Where a step dt is long beside the correlation time of a neuron (0.7 ns), the mean of its output over a step is
:math:`F(v) + g \sqrt{S(v) / (c\,dt)}` with g standard normal, independent from step to step, S the density of its noise
at low frequencies [V^2 s] and c copies of the neuron side by side. Steps are then parts of a symbol in place of
picoseconds, so that symbols of microseconds cost what symbols of nanoseconds do. S is measured on the surrogate.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import ParameterError, ResultError, check_range
from spinspice.networks.reservoir.circuit import ReservoirCircuit
from spinspice.networks.reservoir.esn import DIVERGED, compressed
from spinspice.networks.reservoir.readout import Readout
from spinspice.networks.reservoir.topology import Topology
from spinspice.networks.reservoir.twin import twin
from spinspice.surrogate import Surrogate
from spinspice.surrogate.network import Magnets

Array = NDArray[np.float64]
#: Inputs of the table, blocks at each and their length [s]: S is known to sqrt(2 / blocks), 5 %. Our choice.
POINTS, BLOCKS, BLOCK = 33, 800, 8e-9
#: Correlation time of a neuron, and steps that are long beside it [s].
LEAST_STEP = 3e-9
#: Fewest steps of a symbol: five flatter the answer by the delay of a step (docs/reservoir.md). Our choice.
LEAST_STEPS = 10
#: Table of tanh for ideal nodes, whose error is below 1e-6: reach and points.
FLOW_REACH, FLOW_POINTS = 10.0, 10001


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Slow:
    """A neuron over long times: inputs [V], mean output [V] and density of its noise S [V^2 s] there, and the shortest
    step that is long beside its correlation time [s]."""

    v: Array
    mean: Array
    density: Array
    least: float = LEAST_STEP

    @classmethod
    def of(
        cls,
        surrogate: Surrogate,
        *,
        seed: int = 1,
        reach: float | None = None,
        magnet: Magnets = "rotor",
        block: float = BLOCK,
        blocks: int = BLOCKS,
        least: float = LEAST_STEP,
    ) -> Slow:
        """Measure one: neurons at fixed inputs, and the variance of the means of blocks.

        Parameters
        ----------
        surrogate : Surrogate
        seed : int
        reach : float, optional
            Inputs go this far to both sides of the middle [V]; default half of the way to the rails.
        magnet : {"rotor", "reference"}
            As of :meth:`~spinspice.surrogate.network.SurrogateNetwork.run`.
        block, blocks : float, int
            Time of a block [s], long beside the correlation time, and how many at each input.
        least : float
            Shortest step that may be taken with it [s].
        """
        check_range("blocks", blocks, 20, 10**6, where="Slow.of")
        reach = (surrogate.rails[1] - surrogate.middle) / 2.0 if reach is None else reach
        v = surrogate.middle + np.linspace(-reach, reach, POINTS)
        still = surrogate.network(np.zeros((POINTS, POINTS)), v - surrogate.middle, np.zeros((POINTS, 1)))
        dt = surrogate.device.dt if magnet == "reference" else 20e-12
        run = still.run(
            np.zeros((1, blocks)), instance_seed(seed, "slow"), dt=dt, steps=round(block / dt), magnet=magnet
        )
        means = run.mean[:, 1:]
        return cls(v=v, mean=means.mean(axis=1), density=means.var(axis=1, ddof=1) * block, least=least)


@njit(cache=True)
def _walk(row, column, weight, drive, rate, steps, v0, dv, mean, density, shrink, sigma, rng, v, x, z):
    """Step through symbols; mean and density are tables on an even grid, ``shrink`` the part of each output left."""
    n, size = v.size, mean.size
    out = np.empty(n)
    for t in range(drive.shape[0]):
        x[t] = 0.0
        for _ in range(steps):
            for i in range(n):
                place = min(max((v[i] - v0) / dv, 0.0), size - 1.000001)
                k = int(place)
                a = place - k
                noise = math.sqrt(max(density[k] + a * (density[k + 1] - density[k]), 0.0)) * sigma
                value = mean[k] + a * (mean[k + 1] - mean[k])
                out[i] = (value + noise * rng.standard_normal()) * shrink[i]
                x[t, i] += out[i] / steps
            for i in range(n):
                target = drive[t, i]
                for k in range(row[i], row[i + 1]):
                    target += weight[k] * out[column[k]]
                v[i] += rate * (target - v[i])
        z[t] = v


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class SlowReservoir:
    """A circuit's surrogate for slow symbols.

    Parameters
    ----------
    circuit : ReservoirCircuit
    surrogate : Surrogate
        Of its cell.
    slow : Slow
        Of that surrogate.
    copies : int
        Neurons side by side in place of each one.
    quiet : bool
        Leave the noise out.
    steps : int
        Parts of a symbol.
    """

    circuit: ReservoirCircuit
    surrogate: Surrogate
    slow: Slow
    copies: int = 1
    quiet: bool = False
    steps: int = 20

    def __post_init__(self) -> None:
        check_range("copies", self.copies, 1, 10**6, where="SlowReservoir")
        check_range("steps", self.steps, LEAST_STEPS, 10**6, where="SlowReservoir")
        if self.circuit.symbol / self.steps < self.slow.least * (1.0 - 1e-9):
            raise ParameterError(
                f"{self.steps} steps of a symbol of {self.circuit.symbol:.3g} s are shorter than {self.slow.least:g} "
                "s, in which magnets forget. Take twin_states for symbols this fast."
            )

    def states(self, inputs: ArrayLike, *, seed: int = 1, start: Array | None = None) -> tuple[Array, Array]:
        """Return x averaged over every symbol and z at its end, both (t, n), as ``twin_states`` does.

        ``start`` [V] are the node voltages before, which are changed in place; by default the neurons' middle.
        """
        circuit = self.circuit
        u = np.asarray(inputs, dtype=float)
        u = u[:, None] if u.ndim == 1 else u
        circuit.topology.drive(u)  # checks them
        v, out = self._start() if start is None else start, circuit.calibration.falling
        x, z = np.empty((len(u), v.size)), np.empty((len(u), v.size))
        weights, bias, W_in, shrink, rate = self._parts
        sigma = 0.0 if self.quiet else 1.0 / math.sqrt(self.copies * circuit.symbol / self.steps)
        rng = np.random.default_rng(instance_seed(seed, "slow"))
        drive = np.ascontiguousarray(circuit.components.v_in * u @ W_in.T + bias)
        _walk(
            *compressed(weights), drive, rate, self.steps, self.slow.v[0], self.slow.v[1] - self.slow.v[0],
            self.slow.mean, self.slow.density, shrink, sigma, rng, v, x, z,
        )  # fmt: skip
        return (out.level - x) / out.A, (z - out.v0) / out.V0

    def free_run(self, readout: Readout, warm: ArrayLike, steps: int, *, seed: int = 1) -> Array:
        """Return what it makes of itself: after the inputs ``warm`` each answer is its next input.

        The readout takes x, z and the input, in this order.

        Raises
        ------
        ResultError
            If it diverges: an answer beyond ten times the inputs that it was warmed with.
        """
        warm = np.asarray(warm, dtype=float)
        v = self._start()
        x, z = self.states(warm, seed=seed, start=v)
        x, z, u = x[-1], z[-1], float(warm[-1])
        most, made = DIVERGED * float(np.abs(warm).max()), np.empty(steps)
        for t in range(steps):
            u = float(readout(np.concatenate([x, z, [u]])[None, :])[0])
            if not abs(u) < most:
                raise ResultError(
                    f"the free run diverges: its answer {t} is {u:.3g}, more than {DIVERGED:g} times what it was "
                    "warmed with. Train on more symbols, or take a larger penalty."
                )
            made[t] = u
            (x,), (z,) = self.states(np.array([u]), seed=instance_seed(seed, f"free/{t}"), start=v)
        return made

    def _start(self) -> Array:
        return np.full(self.circuit.topology.nodes, self.circuit.calibration.falling.v0)

    @property
    def _parts(self) -> tuple[Array, Array, Array, Array, float]:
        """Weights, biases, input weights, part of each output left under its load, and rate of a step."""
        made = twin(self.circuit, self.surrogate, linear=True)
        shrink = 1.0 / (1.0 + self.circuit.calibration.falling.r_out * made.load)
        dt, tau = self.circuit.symbol / self.steps, float(made.tau[0])
        rate = -math.expm1(-dt / tau) if tau else 1.0
        return made.weights, made.bias, made.input_weights, shrink, rate


def ideal_flow(topology: Topology, inputs: ArrayLike, *, ratio: float, steps: int = 20) -> tuple[Array, Array]:
    r"""Return the states of ideal nodes that move all the time, :math:`\tau \dot z = W \tanh z + W^{in} u + b - z`.

    Parameters
    ----------
    topology : Topology
    inputs : array, shape (t,) or (t, k)
    ratio : float
        tau over the time of a symbol [1].
    steps : int
        Parts of a symbol.

    Returns
    -------
    x averaged over every symbol and z at its end, both (t, n).
    """
    check_range("ratio", ratio, 0.0, 1e6, open_low=True, where="ideal_flow")
    check_range("steps", steps, LEAST_STEPS, 10**6, where="ideal_flow")
    drive = topology.drive(inputs)
    grid = np.linspace(-FLOW_REACH, FLOW_REACH, FLOW_POINTS)
    x, z = np.empty_like(drive), np.empty_like(drive)
    _walk(
        *compressed(topology.W), drive, -math.expm1(-1.0 / (steps * ratio)), steps, grid[0], grid[1] - grid[0],
        np.tanh(grid), np.zeros_like(grid), np.ones(topology.nodes), 0.0, np.random.default_rng(0),
        np.zeros(topology.nodes), x, z,
    )  # fmt: skip
    return x, z
