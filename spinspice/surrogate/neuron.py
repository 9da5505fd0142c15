"""The law of a surrogate neuron: tables of a cell, the motion of its junction, and its static curves."""

from __future__ import annotations

import dataclasses
import functools
import math
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.drive import checked_seeds
from spinspice.devices.reference.macrospin import initial
from spinspice.devices.reference.macrospin_equations import coefficients
from spinspice.errors import PlausibilityWarning, UsageError, check_range
from spinspice.surrogate import kernel
from spinspice.surrogate.branches import Branches
from spinspice.surrogate.density import Density
from spinspice.surrogate.ramps import Tables

Array = NDArray[np.float64]
#: Most nodes of the quick kernel.
FOUR = 4
#: Longest step of the nodes of a cell [s]: our choice.
LONGEST_STEP = 2.5e-12


@dataclasses.dataclass(frozen=True)
class Motion:
    """What surrogates did: ``time`` [s] (t,), ``output`` [V] and ``cosine`` [1], shapes (t,) or (n, t)."""

    time: Array
    output: Array
    cosine: Array


@dataclasses.dataclass(frozen=True, kw_only=True)
class Neuron:
    """A neuron as tables and few numbers: the part of a :class:`~spinspice.surrogate.Surrogate` that moves."""

    cell: str
    technology: str
    rails: tuple[float, float]
    device: Macrospin
    tables: Tables
    branches: Branches
    tilt: float
    shunt: float = 0.0
    pull: float = 0.0
    provenance: Mapping[str, Any] = dataclasses.field(default_factory=lambda: MappingProxyType({}))

    @property
    def middle(self) -> float:
        """Middle of the supply [V]."""
        return sum(self.rails) / 2

    @property
    def swing(self) -> float:
        """Range of the output [V]."""
        return float(np.ptp(self.tables.output))

    @property
    def surface(self) -> Array:
        """Static output F at the inputs and cosines of the tables [V], shape (n, k)."""
        t = self.tables
        return np.interp(t.inner, t.level, t.output)

    @property
    def resistance(self) -> float:
        """Resistance of the output where it mostly is, across the transition [Ohm]: the median."""
        t = self.tables
        low, high = self.transition(beyond=0.0)
        inside = t.inner[(t.v >= low) & (t.v <= high)]
        return float(np.median(np.interp(inside, t.level, t.resistance)))

    # Motion

    def __call__(self, v: ArrayLike, *, seed: ArrayLike = 1, dt: float | None = None) -> Array:
        """Return the output [V] for a waveform of the input [V].

        Parameters
        ----------
        v : array, shape (time,) or (cells, time)
            Input every ``dt``; linear between.
        seed : int, or array of shape (cells,)
            Seed of the junction, as an instance in a circuit takes it; a single one for several cells makes those of
            the instances 0, 1, ...
        dt : float, optional
            Step of input and output [s]; default that of the junction's noise.
        """
        return self.motion(v, seed=seed, dt=dt).output

    def motion(self, v: ArrayLike, *, seed: ArrayLike = 1, dt: float | None = None) -> Motion:
        """Return output and junction; arguments as for calling it."""
        given = np.asarray(v, dtype=float)
        rows = np.atleast_2d(given)
        if given.ndim not in (1, 2) or rows.shape[-1] < 2 or not np.isfinite(rows).all():
            raise UsageError(
                f"the input of a surrogate has the shape {given.shape}; give finite volts as (time,) or (cells, time), "
                "two times at least."
            )
        step = check_range(
            "dt", self.device.dt if dt is None else dt, 0.0, 1.0, unit="s", where="input of a surrogate", open_low=True
        )
        self.check_inputs(rows)
        time: Array = step * np.arange(rows.shape[1], dtype=float)
        own = self.device.dt
        fine = own * np.arange(math.ceil(time[-1] / own - 1e-6) + 1)
        inputs = rows if math.isclose(own, step) else np.array([np.interp(fine, time, row) for row in rows])
        cosine, output = self._move(inputs, seed_row(seed, rows.shape[0]))
        if not math.isclose(own, step):
            cosine, output = (np.array([np.interp(time, fine, row) for row in part]) for part in (cosine, output))
        return Motion(time, output[0], cosine[0]) if given.ndim == 1 else Motion(time, output, cosine)

    def _move(self, inputs: Array, seeds: Array, substeps: int | None = None) -> tuple[Array, Array]:
        device = self.device
        cosine = np.empty((seeds.size, inputs.shape[1]))
        output = np.empty_like(cosine)
        if substeps is None:
            substeps = max(1, math.ceil(device.dt / device.max_step - 1e-9))
        kernel.move_all(
            coefficients(device), device.dt, seeds, initial(device, None, seeds.size), substeps, self.parts(device.dt),
            np.ascontiguousarray(inputs), *self.arrays, self.loads, cosine, output,
        )  # fmt: skip
        return cosine, output

    def beside(self, v: Array, magnet: Array, seed: float, every: int) -> Array:
        """Return the output [V] with the noise of a seed, the magnet put back to one that is known every so many steps.

        ``v`` and ``magnet``, shapes (time,) and (time, 3), are at the samples of the noise.
        """
        device = self.device
        cosine, output = np.empty((2, v.size))
        begin = initial(device, None, 1)[0]
        begin[:] = magnet[0]
        substeps = max(1, math.ceil(device.dt / device.max_step - 1e-9))
        kernel.move(
            coefficients(device), device.dt, float(seed), begin, substeps, self.parts(device.dt), v, *self.arrays,
            self.loads, np.ascontiguousarray(magnet), every, cosine, output,
        )  # fmt: skip
        return output

    def nodes(self, v: Array, cosine: Array) -> Array:
        """Return the nodes [V] for a known junction, both every step of its noise, shape (nodes, time)."""
        out = np.empty((len(self.branches.nodes), v.size))
        dt = self.device.dt
        kernel.follow(*self.arrays, dt, self.parts(dt), v, cosine, self.loads, out)
        return out

    def follow(self, v: Array, cosine: Array) -> Array:
        """Return the output [V] for a known junction, both every step of its noise, shape (time,)."""
        return self.nodes(v, cosine)[self.branches.output]

    @staticmethod
    def parts(dt: float) -> int:
        """Return the steps of the nodes in one of dt [s]."""
        return max(1, math.ceil(dt / LONGEST_STEP - 1e-9))

    @functools.cached_property
    def four(self) -> tuple[Any, ...]:
        """Tables as the quick kernel takes them, without pairs for a cell that it cannot move: of more nodes, with a
        complement, or with nodes on grids of their own (a file may have them)."""
        b = self.branches
        few = len(b.nodes) <= FOUR and not b.complement and b.one_grid
        tables = b.four if few else (np.zeros((0, 8), dtype=np.int64), np.zeros((0, 4)), np.zeros((0, 12)))
        return (*tables, self.arrays[0][-1])

    @property
    def loads(self) -> Array:
        """Conductance at the output [S], current into it at 0 V [A], conductance at the complement [S]."""
        return np.array([self.shunt, self.pull, 0.0])

    @functools.cached_property
    def mirror(self) -> tuple[Array, Array]:
        """Complement over the output at rest: first place and inverse step of an even grid; voltages there [V]."""
        b = self.branches
        out, other = (b.rest[k].ravel() for k in (b.output, -1))
        grid = np.linspace(out.min(), out.max(), 401)
        order = np.argsort(out)
        return np.array([grid[0], 1.0 / (grid[1] - grid[0])]), np.interp(grid, out[order], other[order])

    @functools.cached_property
    def arrays(self) -> tuple[Any, ...]:
        """Tables as the kernel takes them: law, nodes at rest, grid of these."""
        t, b, q = self.tables, self.branches, coefficients(self.device)
        grid = np.array([x for axis in (t.v, t.c) for x in (axis[0], 1.0 / (axis[1] - axis[0]))])
        junction = np.array([q.g_P, q.TMR, q.V_half, b.fixed, *b.span, b.sign, b.output, self.middle])
        return (*b.law, junction), np.ascontiguousarray(b.rest), grid

    @functools.cached_property
    def delay(self) -> float:
        """Time by which the output lags behind a small step of the input in the middle of its swing [s]."""
        dt, steps = self.device.dt, 1000
        mean = self.static_mean(self.tables.v)
        k = int(np.argmax(np.abs(np.gradient(mean))))
        v = np.full(2 * steps, self.tables.v[k])
        v[steps:] += 0.1 * (self.tables.v[1] - self.tables.v[0])
        out = self.follow(v, np.zeros(v.size))
        part = (out[steps:] - out[steps - 1]) / (out[-1] - out[steps - 1])
        return max(float(dt * (np.sum(1.0 - part) + 0.5)), 1e-15)

    def check_inputs(self, v: Array) -> None:
        """Warn of inputs beyond the tables: they are taken as the nearest end."""
        low, high = self.tables.v[0], self.tables.v[-1]
        slack = 1e-9 * (high - low)
        if v.size and (v.min() < low - slack or v.max() > high + slack):
            warnings.warn(
                f"inputs from {v.min():.4g} to {v.max():.4g} V leave the table of the surrogate of {self.cell}, "
                f"{low:g} to {high:g} V; beyond it the output is that at its end.",
                PlausibilityWarning, stacklevel=3,
            )  # fmt: skip

    # Static curves

    @functools.cached_property
    def density(self) -> Density:
        """Density of the junction's cosine, by current."""
        return Density.of(self.device, self.tilt)

    def transition(self, rest: float = 0.02, beyond: float = 0.25) -> tuple[float, float]:
        """Return inputs [V] between which the static mean goes from ``rest`` to 1 - ``rest`` of its way, and some."""
        mean = self.static_mean(self.tables.v)
        low, high = mean.min(), mean.max()
        inside = self.tables.v[(mean > low + rest * (high - low)) & (mean < high - rest * (high - low))]
        step = self.tables.v[1] - self.tables.v[0]
        more = beyond * (inside[-1] - inside[0]) + 2.0 * step
        return max(float(inside[0] - more), self.rails[0]), min(float(inside[-1] + more), self.rails[1])

    def static_mean(self, v: ArrayLike) -> Array:
        """Return the mean of the static curve over the junction's density [V]: that of a cell that follows at once."""
        return self._static(np.asarray(v, dtype=float))[0]

    def static_sigma(self, v: ArrayLike) -> Array:
        """Return the standard deviation of the static curve over the junction's density [V]."""
        return self._static(np.asarray(v, dtype=float))[1]

    def power(self, v: ArrayLike) -> Array:
        """Return the mean power that the supplies deliver at constant inputs [W], standing still, loads left out."""
        x = np.asarray(v, dtype=float)
        _, weights, values = self._nodes(x.ravel(), self.tables.power)
        return np.sum(weights * values, axis=1).reshape(x.shape)

    def _static(self, x: Array) -> tuple[Array, Array]:
        inner, weights, _ = self._nodes(x.ravel(), None)
        out = np.interp(inner, self.tables.level, self.tables.output)
        mean = np.sum(weights * out, axis=1)
        square = np.sum(weights * (out - mean[:, None]) ** 2, axis=1)
        return mean.reshape(x.shape), np.sqrt(square).reshape(x.shape)

    def _nodes(self, x: Array, table: Array | None) -> tuple[Array, Array, Any]:
        """Return inner voltage, weights and a table at inputs (n,) and nodes of the density, shapes (n, nodes)."""
        from scipy.interpolate import RegularGridInterpolator

        from spinspice.devices.laws.resistance import conductance

        t = self.tables
        self.check_inputs(x)
        nodes = self.density.nodes
        where = np.stack(np.broadcast_arrays(np.clip(x, t.v[0], t.v[-1])[:, None], nodes), axis=-1)
        inner = RegularGridInterpolator((t.v, t.c), t.inner)(where)
        values = None if table is None else RegularGridInterpolator((t.v, t.c), table)(where)
        centre = inner.mean(axis=1)
        current = centre * conductance(self.device, centre, 0.0)
        return inner, self.density.weights(current), values

    def loaded(self, conductance: float, voltage: float | None = None) -> Self:
        """Return a surrogate whose output carries a load: a conductance [S] to a voltage [V], default the middle.

        What moves has it exactly; the static curves by the resistance of the ramps, measured at small currents.
        """
        g = check_range("conductance", conductance, 0.0, 1.0, unit="S", where="load of a surrogate")
        t, held = self.tables, self.middle if voltage is None else voltage
        part = t.resistance * g
        output = (t.output + part * held) / (1.0 + part)
        return dataclasses.replace(
            self, tables=dataclasses.replace(t, output=output), shunt=self.shunt + g, pull=self.pull + g * held
        )


def seed_row(seed: ArrayLike, cells: int, names: Any = None) -> Array:
    """Return seeds of cells: those given, or of a single one those of the instances by their names (0, 1, ...)."""
    if np.ndim(seed) == 0 and cells > 1:
        checked_seeds(seed)
        return np.array([float(instance_seed(int(seed), str(k))) for k in (names or range(cells))])  # type: ignore[arg-type]
    seeds = checked_seeds(seed)
    if seeds.size != cells:
        raise UsageError(f"{seeds.size} seeds for {cells} cells. Give one, or one each.")
    return np.asarray(seeds, dtype=float)
