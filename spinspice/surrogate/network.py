"""Networks of surrogate neurons: nodes that add up outputs and inputs, and the cells behind them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.constants import gamma
from spinspice.devices.laws.rotor import Magnet
from spinspice.devices.reference.compiling import packed
from spinspice.devices.reference.macrospin import initial
from spinspice.devices.reference.macrospin_equations import coefficients
from spinspice.errors import UsageError, check_range, check_whole, did_you_mean
from spinspice.surrogate import network_kernel as compiled
from spinspice.surrogate.neuron import Neuron, seed_row

Array = NDArray[np.float64]
#: What moves the magnets: the compact model, a layer that turns freely, or a static mean without noise.
Magnets = Literal["rotor", "reference", "mean"]
#: Step of a run [s]: our choice, that of networks in circuits. Weights with fewer entries than this part are sparse.
STEP, SPARSE = 20e-12, 0.25


@dataclasses.dataclass(frozen=True)
class States:
    """What a network did, every so many steps: arrays of shape (cells, times), at ``time`` [s].

    Attributes
    ----------
    node, output : arrays
        Inputs and outputs of the cells at these times [V].
    mean : array
        Mean of the output since the time before [V].
    """

    time: Array
    node: Array
    output: Array
    mean: Array


@dataclasses.dataclass(frozen=True, kw_only=True)
class SurrogateNetwork:
    r"""Cells whose inputs are :math:`v_0 + b + W (z - z_0) + W_{in} u`, smoothed by their nodes.

    z_0 and v_0 are the middle of the supply. What a resistor does: a synapse of a part G/G_total of a node's
    conductance is a weight of that size, negative behind an inverter.

    Parameters
    ----------
    surrogate : Neuron
        Of every cell, unloaded.
    weights : array, shape (n, n)
        W, to (row) from (column) [1].
    bias : array, shape (n,)
        b [V].
    input_weights : array, shape (n, k)
        W_in [1].
    tau : array, shape (n,)
        Time constant of each node [s]; 0 for none.
    load : array, shape (n,)
        Conductance from each output to the middle [S].
    complement : array, shape (n, n)
        Weights from the complements of the outputs, likewise [1]; zero where the surrogate has none.
    complement_load : array, shape (n,)
        Conductance from each complement to the middle [S].
    names : sequence of str
        Of the cells in a circuit: a network seed gives them the seeds that its cells have there.
    """

    surrogate: Neuron
    weights: Array
    bias: Array
    input_weights: Array
    tau: Array
    load: Array
    complement: Array
    complement_load: Array
    names: tuple[str, ...]

    @classmethod
    def of(
        cls,
        surrogate: Neuron,
        weights: ArrayLike,
        bias: ArrayLike = 0.0,
        input_weights: ArrayLike | None = None,
        *,
        tau: ArrayLike = 0.0,
        load: ArrayLike = 0.0,
        complement: ArrayLike | None = None,
        complement_load: ArrayLike = 0.0,
        names: Sequence[str] = (),
    ) -> Self:
        """Return a network; single numbers stand for one each, and without input weights every cell has an input of
        its own of weight 1.

        Raises
        ------
        UsageError
            For shapes that do not fit or numbers that are not finite.
        """
        W = np.asarray(weights, dtype=float)
        if W.ndim != 2 or W.shape[0] != W.shape[1] or not W.size:
            raise UsageError(f"weights have the shape {W.shape}; give (cells, cells), to from.")
        n = W.shape[0]
        W_in = np.eye(n) if input_weights is None else np.asarray(input_weights, dtype=float)
        W_in = W_in[:, None] if W_in.ndim == 1 else W_in
        if W_in.ndim != 2 or W_in.shape[0] != n:
            raise UsageError(f"input_weights have the shape {W_in.shape}; give ({n}, inputs).")
        W_b = np.zeros((n, n)) if complement is None else np.asarray(complement, dtype=float)
        if W_b.shape != (n, n):
            raise UsageError(f"complement has the shape {W_b.shape}; give ({n}, {n}), to from.")
        if W_b.any() and not surrogate.branches.complement:
            raise UsageError(
                f"the surrogate of {surrogate.cell} has no complement of its output. Extract it with complement=True."
            )
        rows = {"bias": bias, "tau": tau, "load": load, "complement_load": complement_load}
        for name, value in rows.items():
            if np.shape(value) not in ((), (n,)):
                raise UsageError(f"{name} has the shape {np.shape(value)}; give a number or one each, ({n},).")
        b, t, g, g_b = (np.array(np.broadcast_to(np.asarray(value, dtype=float), (n,))) for value in rows.values())
        for name, found in (("weights", W), ("bias", b), ("input_weights", W_in), ("tau", t), ("load", g),
                            ("complement", W_b), ("complement_load", g_b)):  # fmt: skip
            if not np.isfinite(found).all():
                raise UsageError(f"{name} of a network of surrogates hold a number that is not finite.")
        if min(t.min(), g.min(), g_b.min()) < 0.0:
            raise UsageError("tau and load of a network of surrogates are not negative. Give seconds and siemens.")
        if names and len(names) != n:
            raise UsageError(f"{len(names)} names for {n} cells. Give one each, or none.")
        return cls(
            surrogate=surrogate, weights=W, bias=b, input_weights=W_in, tau=t, load=g, complement=W_b,
            complement_load=g_b, names=tuple(names),
        )  # fmt: skip

    def __len__(self) -> int:
        return self.bias.size

    def run(
        self,
        inputs: ArrayLike,
        seeds: ArrayLike = 1,
        *,
        dt: float | None = None,
        steps: int = 1,
        record: int | None = None,
        linear: bool = False,
        magnet: Magnets = "rotor",
    ) -> States:
        """Run the network.

        Parameters
        ----------
        inputs : array, shape (channels, columns)
            u [V], a column for ``steps`` steps.
        seeds : int, or array of shape (cells,)
            Seed of the network, or of each junction.
        dt : float, optional
            Step [s]; default 20 ps, or that of the noise for ``magnet="reference"``.
        steps : int
            Steps of a column.
        record : int, optional
            Steps between recorded states; default those of a column.
        linear : bool
            Inputs go straight from column to column instead of standing still.
        magnet : {"rotor", "reference", "mean"}
            Layers that turn freely, with noise in a stream of their own; those of the compact model, with the noise
            of a circuit's junctions (some 20 times slower); or the mean curve without noise.

        Raises
        ------
        UsageError
            For shapes that do not fit, an unknown ``magnet``, or rotors of a junction that does not turn freely.
        """
        if magnet not in get_args(Magnets):
            raise UsageError(f"magnet = {magnet!r} is unknown. {did_you_mean(magnet, get_args(Magnets))}")
        u = np.atleast_2d(np.asarray(inputs, dtype=float))
        if u.ndim != 2 or u.shape[0] != self.input_weights.shape[1] or not u.shape[1] or not np.isfinite(u).all():
            raise UsageError(
                f"inputs have the shape {np.shape(inputs)}; give finite volts as "
                f"({self.input_weights.shape[1]}, columns): a row for each input."
            )
        hold = check_whole("steps", steps, 1, 2**28, where="network of surrogates")
        every = hold if record is None else check_whole("record", record, 1, 2**28, where="network of surrogates")
        own = self.surrogate.device.dt
        step = (own if magnet == "reference" else STEP) if dt is None else dt
        check_range("dt", step, 0.0, 1e-6, unit="s", where="network of surrogates", open_low=True)
        if magnet == "reference" and not math.isclose(step, own):
            raise UsageError(
                f'magnet="reference" moves by the step of the noise, {own:g} s; dt = {step:g} s is another.'
            )
        count = hold * u.shape[1] // every
        if count == 0:
            raise UsageError(f"record = {every} steps are more than the run has, {hold * u.shape[1]}.")
        out = tuple(np.zeros((len(self), count)) for _ in range(3))
        row = seed_row(seeds, len(self), self.names)
        self._run(np.ascontiguousarray(u), row, step, hold, every, linear, magnet, out)
        return States(step * every * (np.arange(count) + 1.0), *out)

    def _run(self, u, seeds, dt, hold, every, linear, magnet, out):
        s = self.surrogate
        rate = np.array([1.0 if t == 0.0 else -math.expm1(-dt / t) for t in self.tau])
        walk = (
            hold,
            every,
            linear,
            u,
            *_edges(self.weights),
            self.bias,
            np.ascontiguousarray(self.input_weights),
            rate,
        )
        behind = _edges(self.complement) if self.complement.any() else (np.zeros((0, 0)), _edges(np.ones((2, 2)))[1])
        if magnet == "mean":
            kinds, which = np.unique(self.load, return_inverse=True)
            v = s.tables.v
            curves = np.array([(s.loaded(float(g)) if g else s).static_mean(v) for g in kinds])
            grid = np.array([v[0], 1.0 / (v[1] - v[0])])
            places, mirror = s.mirror
            compiled.run_means(
                math.exp(-dt / s.delay), curves, grid, which.astype(np.int64), mirror, places, behind, *walk, s.middle,
                *out,
            )  # fmt: skip
            return
        loads = np.array([self.load + s.shunt, self.load * s.middle + s.pull, self.complement_load]).T
        cell = (*s.arrays, np.ascontiguousarray(loads), behind)
        if magnet == "reference":
            substeps = max(1, math.ceil(dt / s.device.max_step - 1e-9))
            compiled.run_reference(
                coefficients(s.device), initial(s.device, None, len(self)), substeps, seeds, dt, *walk, s.middle, *cell,
                s.parts(dt), *out,
            )  # fmt: skip
            return
        rotor, normals = self._rotor(dt), compiled.normal_table()
        with packed():
            compiled.run_rotors(rotor, seeds, dt, *walk, s.middle, *cell, s.four, normals, *out)

    def _rotor(self, dt: float) -> tuple[float, ...]:
        device, sign = self.surrogate.device, self.surrogate.branches.sign
        magnet = Magnet.of(device)
        if abs(device.px) < 1.0 - 1e-9:
            raise UsageError('a rotor\'s reference layer lies along x; this one does not. Use magnet="reference".')
        keep = math.exp(-dt / magnet.tau)
        kick = magnet.sigma * math.sqrt(1.0 - keep**2)
        return kick, keep, gamma * coefficients(device).stt * math.copysign(1.0, device.px) * sign


def _edges(weights: Array) -> tuple[Array, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the weights from each cell, and where they lead if most are zero."""
    W = np.ascontiguousarray(weights.T)
    none = np.zeros(0, dtype=np.int64)
    if np.count_nonzero(W) > SPARSE * W.size:
        return W, (none, none)
    start, end = np.nonzero(W)
    starts = np.searchsorted(start, np.arange(W.shape[0] + 1)).astype(np.int64)
    if end.size == 0:
        return W[:1] * 0.0, (starts, np.zeros(1, dtype=np.int64))
    return W[start, end][None], (starts, end.astype(np.int64))
