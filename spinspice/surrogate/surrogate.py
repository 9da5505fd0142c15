"""A surrogate neuron: what a cell does to its input, from tables, with the noise of its own junction."""

from __future__ import annotations

import dataclasses
import functools
import math
import os
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.results import Grid
from spinspice.surrogate import moments
from spinspice.surrogate.files import load, save
from spinspice.surrogate.moments import Moments
from spinspice.surrogate.network import SurrogateNetwork
from spinspice.surrogate.neuron import Neuron
from spinspice.units import with_error

Array = NDArray[np.float64]
_MEANING = {
    "swing": "swing of the output",
    "level": "mean output",
    "gain": "gain",
    "sigma": "noise",
    "fwhm": "correlation time (FWHM)",
    "power": "power",
    "resistance": "output resistance",
    "miss": "distance from its run, over the swing",
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Surrogate(Neuron):
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
    branches : Branches
        Currents and capacitances of its nodes.
    tilt : float
        How much a current pulls the junction, ``b = tilt * current`` [1/A] (:class:`~.density.Density`).
    shunt, pull : float
        Conductance that the output carries [S], and current into it at 0 V [A].
    provenance : mapping
        Versions, engine, seed.
    known_moments : Moments, optional
        What :attr:`moments` returns without runs.
    """

    known_moments: Moments | None = None

    def summary(self) -> dict[str, Any]:
        """Return what it is, as few numbers and plain data."""
        middle = self.middle
        return {
            "cell": self.cell, "technology": self.technology, "swing": self.swing, "level": float(self.mean(middle)),
            "gain": float(self.gain(middle)), "sigma": float(self.sigma(middle)), "power": float(self.power(middle)),
            "fwhm": self._fwhm(middle), "resistance": self.resistance,
            "miss": self.branches.miss,
        }  # fmt: skip

    def _fwhm(self, v: float) -> float | None:
        time = float(np.interp(v, self.moments.v, self.moments.fwhm))
        return time if math.isfinite(time) else None

    def grid(self) -> Grid:
        """Return :meth:`summary` as a table of text."""
        found, m = self.summary(), self.moments
        errors = {"level": m.mean_stderr, "sigma": m.sigma_stderr, "fwhm": m.fwhm_stderr}
        at = {name: float(np.interp(self.middle, m.v, values)) for name, values in errors.items()}
        units = {"swing": "V", "level": "V", "gain": "", "sigma": "V", "fwhm": "s", "power": "W",
                 "resistance": "Ohm"}  # fmt: skip
        rows = [(_MEANING[name], with_error(found[name], at.get(name, 0.0), unit)) for name, unit in units.items()]
        rows += [(_MEANING["miss"], f"{100 * self.branches.miss:.2g} %")]
        return Grid(f"surrogate of {self.cell} on {self.technology}", ("at the middle of the supply", ""), rows)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, .json or .npz; see :func:`spinspice.surrogate.files.save`."""
        save(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read one from a file; see :func:`spinspice.surrogate.files.load`."""
        return load(path, cls)

    # Statistics

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

    # Circuits of it

    def loaded(self, conductance: float, voltage: float | None = None) -> Self:
        """Return a surrogate whose output carries a load; see :meth:`Neuron.loaded`. Its moments are its own."""
        return dataclasses.replace(super().loaded(conductance, voltage), known_moments=None)

    def network(
        self, weights: ArrayLike, bias: ArrayLike = 0.0, input_weights: ArrayLike | None = None, **more: Any
    ) -> SurrogateNetwork:
        """Return a network of such neurons; arguments as for :class:`spinspice.surrogate.network.SurrogateNetwork`."""
        return SurrogateNetwork.of(self, weights, bias, input_weights, **more)
