"""Waveforms: named arrays over time, with units, events and where they came from."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ResultError, SignalError, did_you_mean
from spinspice.files import write_netcdf
from spinspice.results import Grid, Result
from spinspice.units import engineering
from spinspice.verilog import DigitalSignal

if TYPE_CHECKING:
    import xarray


class Waveforms(Result, Mapping[str, NDArray[np.float64]]):
    """The result of a transient run: a mapping from signal names to arrays over :attr:`time`.

    Parameters
    ----------
    time : array, shape (n,)
        Time [s], increasing.
    signals : mapping of str to array, shape (n,)
        ``v(node)`` [V] and ``i(source)`` [A]; currents as ngspice counts them, from the plus to the minus node
        through the source.
    events : mapping of str to array, optional
        Times [s] of discrete events by the signal they were found in, such as the switching events of a junction.
    digital : mapping of str to DigitalSignal, optional
        Signals inside the digital blocks of the circuit, each with its own times: ``block.signal``.
    provenance : mapping, optional
        How the run was made: engine and version, hash of the testbench, parameters, seed, wall time.
    """

    def __init__(
        self,
        time: NDArray[np.float64],
        signals: Mapping[str, NDArray[np.float64]],
        *,
        events: Mapping[str, NDArray[np.float64]] | None = None,
        digital: Mapping[str, DigitalSignal] | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        self.time = np.asarray(time, dtype=float)
        self._signals = {name: np.asarray(values, dtype=float) for name, values in signals.items()}
        self.events = dict(events or {})
        self.digital = dict(digital or {})
        self.provenance = dict(provenance or {})
        for name, values in self._signals.items():
            if values.shape != self.time.shape:
                raise ResultError(f"signal {name!r} has shape {values.shape}, time has {self.time.shape}.")

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        try:
            return self._signals[name.lower()]
        except KeyError:
            raise SignalError(f"no signal {name!r} in this result. {did_you_mean(name, self._signals)}") from None

    def get(self, name: str, default: Any = None) -> Any:
        """Return a signal, or ``default`` where there is none of this name."""
        return self._signals.get(name.lower(), default)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._signals

    def __iter__(self) -> Iterator[str]:
        return iter(self._signals)

    def __len__(self) -> int:
        return len(self._signals)

    def _summary(self) -> str:
        span = f"{engineering(self.time[0], 's')} to {engineering(self.time[-1], 's')}" if self.time.size else "empty"
        names = list(self) if len(self) <= 6 else [*list(self)[:5], f"{len(self) - 5} more"]
        return f"{', '.join(names)}; {self.time.size} points, {span}"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [
            (name, *(engineering(float(f(v)), self.units[name]) for f in (np.min, np.max)), _mean(self, name))
            for name, v in self._signals.items()
            if v.size
        ]
        return (Grid("Signals", ("signal", "lowest", "highest", "time average"), rows),)

    @property
    def title(self) -> str:
        """One line that says what this is."""
        return str(self.provenance.get("title") or f"{len(self)} signals")

    def to_dict(self) -> dict[str, Any]:
        """Return plain data: time [s], signals, their units, events, digital signals, provenance."""
        return {
            "time": self.time.tolist(),
            "signals": {name: values.tolist() for name, values in self._signals.items()},
            "units": self.units,
            "events": {name: np.asarray(times).tolist() for name, times in self.events.items()},
            "digital": {
                name: {"time": signal.time.tolist(), "values": signal.values.tolist()}
                for name, signal in self.digital.items()
            },
            "provenance": json.loads(json.dumps(self.provenance, default=str)),
        }

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return time and signals as columns."""
        return {"time": self.time, **self._signals}, {"time": "s", **self.units}

    @property
    def units(self) -> dict[str, str]:
        """Unit of each signal."""
        return {name: "A" if name.startswith("i(") else "V" for name in self}

    def window(self, start: float, stop: float = np.inf) -> Waveforms:
        """Return the part from ``start`` to ``stop`` [s], points on the limits included."""
        keep = (self.time >= start) & (self.time <= stop)
        if not keep.any():
            raise ResultError(
                f"no point between {start:g} and {stop:g} s; this result spans {self.time[0]:g} to {self.time[-1]:g} s."
            )
        events = {name: times[(times >= start) & (times <= stop)] for name, times in self.events.items()}
        cut = {name: values[keep] for name, values in self._signals.items()}
        digital = {name: signal.window(start, stop) for name, signal in self.digital.items()}
        return Waveforms(self.time[keep], cut, events=events, digital=digital, provenance=self.provenance)

    def mean(self, name: str) -> float:
        """Return the time average of a signal (trapezoidal: time steps differ)."""
        return float(np.trapezoid(self[name], self.time) / (self.time[-1] - self.time[0]))

    def resample(self, step: float) -> Waveforms:
        """Return the waveforms on a uniform grid of ``step`` [s], interpolated linearly."""
        count = int(np.floor((self.time[-1] - self.time[0]) / step * (1 + 1e-12))) + 1
        grid = self.time[0] + step * np.arange(count)
        even = {name: np.interp(grid, self.time, values) for name, values in self._signals.items()}
        return Waveforms(grid, even, events=self.events, digital=self.digital, provenance=self.provenance)

    def to_xarray(self) -> xarray.Dataset:
        """Return an ``xarray.Dataset`` over ``time``; events are variables over their own dimensions."""
        import xarray

        data: dict[str, Any] = {
            name: ("time", values, {"units": self.units[name]}) for name, values in self._signals.items()
        }
        for name, times in self.events.items():
            data[f"events {name}"] = (f"event of {name}", times, {"units": "s"})
        for name, signal in self.digital.items():
            data[f"digital {name}"] = (f"change of {name}", signal.values)
            data[f"times of {name}"] = (f"change of {name}", signal.time, {"units": "s"})
        attributes = {"provenance": json.dumps(self.provenance, default=str)}
        return xarray.Dataset(data, coords={"time": ("time", self.time, {"units": "s"})}, attrs=attributes)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Store as NetCDF; the file appears only when it is complete.

        Raises
        ------
        ResultError
            If it cannot be written (with the reason and where).
        """
        return write_netcdf(self.to_xarray(), path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Waveforms:
        """Read what :meth:`save` wrote.

        Raises
        ------
        ResultError
            If the file is missing, damaged, or no spinspice result.
        """
        import xarray

        try:
            with xarray.open_dataset(path, engine="h5netcdf") as data:
                data.load()
            provenance = json.loads(data.attrs["provenance"])
        except (OSError, KeyError, ValueError) as reason:
            raise ResultError(f"cannot read {path} as spinspice waveforms: {reason}.") from reason
        parts: dict[str, dict[str, Any]] = {"events ": {}, "digital ": {}, "times of ": {}, "": {}}
        for name in map(str, data):
            prefix = next(start for start in parts if name.startswith(start))
            parts[prefix][name.removeprefix(prefix)] = data[name].values
        digital = {name: DigitalSignal(parts["times of "][name], values) for name, values in parts["digital "].items()}
        return cls(data["time"].values, parts[""], events=parts["events "], digital=digital, provenance=provenance)

    def plot(self, *names: Any, ax: Any = None, path: str | os.PathLike[str] | None = None) -> Any:
        """Draw signals (default: all) over time.

        Parameters
        ----------
        *names : str or path
            Signals; the last one may be the picture file, in place of ``path``.
        ax : matplotlib axes, optional
            Where to draw; default axes of a new figure.
        path : path, optional
            Picture file (.png, .svg or .pdf), as for other results.

        Returns
        -------
        matplotlib axes or Path
            The axes; with a file, its path.
        """
        if path is None and names and Path(names[-1]).suffix.lower() in (".png", ".svg", ".pdf"):
            *names, path = names  # type: ignore[assignment]
        if ax is None and path is not None:
            from matplotlib.figure import Figure

            ax = Figure(layout="constrained").subplots()
        elif ax is None:
            import matplotlib.pyplot as plt

            ax = plt.subplots()[1]
        for name in names or tuple(self):
            ax.plot(self.time, self[name], label=f"{name} [{self.units[name.lower()]}]")
        ax.set_xlabel("time [s]")
        ax.legend()
        if path is None:
            return ax
        return importlib.import_module("spinspice.plotting").write(ax.figure, path)


def _mean(waveforms: Waveforms, name: str) -> str:
    return engineering(waveforms.mean(name), waveforms.units[name]) if waveforms.time.size > 1 else "-"


def crossings(time: NDArray[np.float64], count: NDArray[np.float64]) -> NDArray[np.float64]:
    """Times [s] at which a non-decreasing ``count`` reaches 1, 2, 3, ...: the switching events of a junction.

    Parameters
    ----------
    time : array, shape (n,)
        Time [s].
    count : array, shape (n,)
        The node ``count`` of a telegraph junction.

    Returns
    -------
    array, shape (number of events,)
        Linear between the time points.
    """
    count = np.maximum.accumulate(count)
    return np.interp(np.arange(1, int(np.floor(count[-1])) + 1), count, time)
