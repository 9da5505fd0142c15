"""A surrogate neuron: what a cell does to its input, from tables, with the noise of its own junction."""

from __future__ import annotations

import dataclasses
import functools
import math
import os
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.devices import Macrospin
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.drive import checked_seeds
from spinspice.devices.reference.macrospin import initial
from spinspice.devices.reference.macrospin_equations import coefficients
from spinspice.errors import PlausibilityWarning, UsageError, check_range
from spinspice.results import Grid
from spinspice.surrogate import kernel, moments
from spinspice.surrogate.density import Density
from spinspice.surrogate.moments import Moments
from spinspice.surrogate.ramps import Tables
from spinspice.units import with_error

if TYPE_CHECKING:
    from spinspice.surrogate.network import SurrogateNetwork

Array = NDArray[np.float64]
#: Shortest time constant [s]: our choice.
SHORTEST = 1e-14
_MEANING = {
    "swing": "swing of the output",
    "level": "mean output",
    "gain": "gain",
    "sigma": "noise",
    "fwhm": "correlation time (FWHM)",
    "power": "power",
    "resistance": "output resistance",
    "capacitance": "capacitance of the inner node",
    "miss": "distance from its run, over the swing",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Stage:
    """How fast a cell follows: what is fitted to one run of it.

    Parameters
    ----------
    capacitance : float
        Of the inner node [F].
    low, high : float
        Voltages of the junction between which the current of the stage behind it does not saturate [V].
    floor, ceiling : float
        Between which its output is off the rails, referred to its input [V].
    tau_inner, tau_out : float
        Time constants of that stage and of the output in the middle of its swing [s].
    tau_bottom, tau_top : float
        Time constants of the output at the ends of its swing [s].
    bottom, top : float
        These ends [V].
    tau_loop : float
        Time constant within the feedback of the output [s].
    up, down : float
        Fastest rise and fall of the output [V/s].
    miss : float
        Rms distance from the run that they were fitted to, over the swing [1].
    """

    capacitance: float
    low: float
    high: float
    floor: float
    ceiling: float
    tau_inner: float
    tau_out: float
    tau_bottom: float
    tau_top: float
    bottom: float
    top: float
    tau_loop: float
    up: float
    down: float
    miss: float = math.nan

    def row(self, dt: float) -> Array:
        """Return it as the kernel takes it, for a step [s].

        Limits of the current, and the part of a step that the stage goes; most that the output rises and falls; a
        number of no use; lower end of the output and 2 over its swing; what the amplifier makes of (u, z - O) in a
        step at the lower end, in the middle and at the upper end of the swing; rails of the stage.
        """
        from scipy.linalg import expm

        part = -math.expm1(-dt / self.tau_inner) if self.tau_inner > 0.0 else 1.0
        loop = max(self.tau_loop, SHORTEST)
        taus = [max(tau, SHORTEST) for tau in (self.tau_bottom, self.tau_out, self.tau_top)]
        turns = [expm(dt * np.array([[-1.0 / loop, -1.0 / loop], [1.0 / tau, 0.0]])).ravel() for tau in taus]
        first = [self.low, self.high, part, self.up * dt, self.down * dt, 0.0, self.bottom]
        return np.array([*first, 2.0 / (self.top - self.bottom), *np.concatenate(turns), self.floor, self.ceiling])


@dataclasses.dataclass(frozen=True)
class Motion:
    """What surrogates did: ``time`` [s] (t,), ``output`` [V] and ``cosine`` [1], shapes (t,) or (n, t)."""

    time: Array
    output: Array
    cosine: Array


@dataclasses.dataclass(frozen=True, kw_only=True)
class Surrogate:
    """A neuron as tables and few numbers, made by :func:`spinspice.surrogate.extract`.

    Called with a waveform it returns the output: ``s(v, seed=7)``. The law is in :mod:`spinspice.surrogate.kernel`.

    Parameters
    ----------
    cell, technology : str
        Where it is from.
    rails : (float, float)
        Voltages of vss and vdd [V].
    device : Macrospin
        Junction.
    tables : Tables
        Of ramps with a frozen junction.
    stage : Stage
        How fast it follows.
    tilt : float
        How much a current pulls the junction, ``b = tilt * current`` [1/A] (:class:`~.density.Density`).
    provenance : mapping
        Versions, engine, seed.
    known_moments : Moments, optional
        What :attr:`moments` returns without runs.
    """

    cell: str
    technology: str
    rails: tuple[float, float]
    device: Macrospin
    tables: Tables
    stage: Stage
    tilt: float
    provenance: Mapping[str, Any] = dataclasses.field(default_factory=lambda: MappingProxyType({}))
    known_moments: Moments | None = None

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

    def summary(self) -> dict[str, Any]:
        """Return what it is, as few numbers and plain data."""
        middle = self.middle
        return {
            "cell": self.cell, "technology": self.technology, "swing": self.swing, "level": float(self.mean(middle)),
            "gain": float(self.gain(middle)), "sigma": float(self.sigma(middle)), "power": float(self.power(middle)),
            "fwhm": self._fwhm(middle), "resistance": self.resistance,
            "capacitance": self.stage.capacitance, "miss": self.stage.miss,
        }  # fmt: skip

    def _fwhm(self, v: float) -> float | None:
        time = float(np.interp(v, self.moments.v, self.moments.fwhm))
        return time if math.isfinite(time) else None

    @property
    def resistance(self) -> float:
        """Resistance of the output where it mostly is, across the transition [Ohm]: the median."""
        t = self.tables
        low, high = self.transition(beyond=0.0)
        inside = t.inner[(t.v >= low) & (t.v <= high)]
        return float(np.median(np.interp(inside, t.level, t.resistance)))

    def grid(self) -> Grid:
        """Return :meth:`summary` as a table of text."""
        found, m = self.summary(), self.moments
        errors = {"level": m.mean_stderr, "sigma": m.sigma_stderr, "fwhm": m.fwhm_stderr}
        at = {name: float(np.interp(self.middle, m.v, values)) for name, values in errors.items()}
        units = {"swing": "V", "level": "V", "gain": "1", "sigma": "V", "fwhm": "s", "power": "W", "resistance": "Ohm",
                 "capacitance": "F", "miss": "1"}  # fmt: skip
        rows = [(_MEANING[name], with_error(found[name], at.get(name, 0.0), unit)) for name, unit in units.items()]
        return Grid(f"surrogate of {self.cell} on {self.technology}", ("at the middle of the supply", ""), rows)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, .json or .npz; see :func:`spinspice.surrogate.files.save`."""
        from spinspice.surrogate.files import save

        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read one from a file; see :func:`spinspice.surrogate.files.load`."""
        from spinspice.surrogate.files import load

        return load(path, cls)

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
            coefficients(device), device.dt, seeds, initial(device, None, seeds.size), substeps,
            np.ascontiguousarray(inputs), *self.arrays, self.stage.row(device.dt), cosine, output,
        )  # fmt: skip
        return cosine, output

    def follow(self, v: Array, cosine: Array) -> Array:
        """Return the output [V] for a known junction, both every step of its noise, shape (time,)."""
        out = np.empty(v.size)
        kernel.follow(self.arrays, self.stage.row(self.device.dt), self.device.dt, v, cosine, out)
        return out

    @functools.cached_property
    def arrays(self) -> tuple[Any, ...]:
        """Tables as the kernel takes them."""
        t = self.tables
        grid = [(axis[0], 1.0 / (axis[1] - axis[0])) for axis in (t.v, t.c, t.level)]
        flat = np.array([x for pair in grid for x in pair])
        inner, rate = (np.ascontiguousarray(x) for x in (t.inner, t.conductance / self.stage.capacitance))
        return inner, rate, np.ascontiguousarray(t.output), flat

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

    # Statistics

    @functools.cached_property
    def density(self) -> Density:
        """Density of the junction's cosine, by current."""
        return Density.of(self.device, self.tilt)

    @functools.cached_property
    def moments(self) -> Moments:
        """Mean, spread and correlation time at inputs across the transition, from runs of the surrogate.

        Those that it was made with, else runs that take some seconds; seeds are fixed, so they come out the same.
        """
        if self.known_moments is not None:
            return self.known_moments
        v = np.linspace(*self.transition(), moments.INPUTS)
        kept = moments.outputs_of(self, np.repeat(v, moments.SEEDS), np.tile(moments.seeds_of(), v.size))
        return moments.moments_of(
            kept.reshape(v.size, moments.SEEDS, -1), v, moments.EVERY * self.device.dt, self.swing
        )

    def transition(self, rest: float = 0.02, beyond: float = 0.25) -> tuple[float, float]:
        """Return inputs [V] between which the static mean goes from ``rest`` to 1 - ``rest`` of its way, and some."""
        mean = self.static_mean(self.tables.v)
        low, high = mean.min(), mean.max()
        inside = self.tables.v[(mean > low + rest * (high - low)) & (mean < high - rest * (high - low))]
        step = self.tables.v[1] - self.tables.v[0]
        more = beyond * (inside[-1] - inside[0]) + 2.0 * step
        return max(float(inside[0] - more), self.rails[0]), min(float(inside[-1] + more), self.rails[1])

    @functools.cached_property
    def _curves(self) -> tuple[Any, Any]:
        """Mean and standard deviation of the output as smooth curves over the input."""
        from scipy.interpolate import PchipInterpolator

        m, every = self.moments, self.tables.v[::10]
        outside = every[(every < m.v[0] - 1e-9) | (every > m.v[-1] + 1e-9)]
        v = np.concatenate([outside, m.v])
        order = np.argsort(v)
        still, spread = self._static(outside)
        values = [np.concatenate(pair)[order] for pair in ((still, m.mean), (spread, m.sigma))]
        mean, sigma = (PchipInterpolator(v[order], value, extrapolate=False) for value in values)
        return mean, sigma

    def mean(self, v: ArrayLike) -> Array:
        """Return the mean output at constant inputs [V]: that of runs, smooth between them (monotone cubic pieces)."""
        return self._curve(0, v)

    def sigma(self, v: ArrayLike) -> Array:
        """Return the standard deviation of the output at constant inputs [V], likewise."""
        return self._curve(1, v)

    def gain(self, v: ArrayLike) -> Array:
        """Return the slope of :meth:`mean` [1]; 0 beyond the tables."""
        x = np.asarray(v, dtype=float)
        self.check_inputs(x)
        inside = (x >= self.tables.v[0]) & (x <= self.tables.v[-1])
        slope: Array = np.where(
            inside, self._curves[0].derivative()(np.clip(x, self.tables.v[0], self.tables.v[-1])), 0.0
        )
        return slope

    def _curve(self, which: int, v: ArrayLike) -> Array:
        x = np.asarray(v, dtype=float)
        self.check_inputs(x)
        found: Array = self._curves[which](np.clip(x, self.tables.v[0], self.tables.v[-1]))
        return found

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

    # Circuits of it

    def loaded(self, conductance: float, voltage: float | None = None) -> Surrogate:
        """Return a surrogate whose output carries a load: a conductance [S] to a voltage [V], default the middle.

        Its output resistance is that of the ramps, measured at small currents.
        """
        g = check_range("conductance", conductance, 0.0, 1.0, unit="S", where="load of a surrogate")
        t, held = self.tables, self.middle if voltage is None else voltage
        part = t.resistance * g
        output = (t.output + part * held) / (1.0 + part)
        return dataclasses.replace(self, tables=dataclasses.replace(t, output=output), known_moments=None)

    def network(
        self, weights: ArrayLike, bias: ArrayLike = 0.0, input_weights: ArrayLike | None = None, **more: Any
    ) -> SurrogateNetwork:
        """Return a network of such neurons; arguments as for :class:`spinspice.surrogate.network.SurrogateNetwork`."""
        from spinspice.surrogate.network import SurrogateNetwork

        return SurrogateNetwork.of(self, weights, bias, input_weights, **more)


def seed_row(seed: ArrayLike, cells: int, names: Any = None) -> Array:
    """Return seeds of cells: those given, or of a single one those of the instances by their names (0, 1, ...)."""
    if np.ndim(seed) == 0 and cells > 1:
        checked_seeds(seed)
        return np.array([float(instance_seed(int(seed), str(k))) for k in (names or range(cells))])  # type: ignore[arg-type]
    seeds = checked_seeds(seed)
    if seeds.size != cells:
        raise UsageError(f"{seeds.size} seeds for {cells} cells. Give one, or one each.")
    return np.asarray(seeds, dtype=float)
