"""Runs of a cell: what drives its input, what is saved, and how the samples are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.junctions import Probe, probe, state
from spinspice.cells import Cell, bench_circuit
from spinspice.stimuli import Ramp, Waveform
from spinspice.testbench import Testbench, signals
from spinspice.waveforms import Waveforms


def cell_testbench(
    cell: Cell,
    *,
    stop: float,
    vin: float | tuple[float, float] | Waveform = 0.0,
    seed: int = 1,
    save: tuple[str, ...] = (),
) -> Testbench:
    """Return a transient run of one cell on the bench of :func:`spinspice.cells.bench_circuit`.

    Parameters
    ----------
    cell : Cell
    stop : float
        Duration [s].
    vin : float, (float, float) or Waveform
        Input [V]; of two values, the first at the start and the second at the end, linear in between.
    seed : int
        Seed of the junction.
    save : tuple of str
        Signals besides ``v(out)``.
    """
    circuit = bench_circuit(cell)
    parameters: dict[str, float] = {"seed": seed}
    if isinstance(vin, tuple):
        circuit["Vin"].dc_value = ramp(vin, stop)
    elif isinstance(vin, Waveform):
        circuit["Vin"].dc_value = f"dc {float(vin.value(0.0))!r} {vin.text()}"
    else:
        parameters["vin"] = float(vin)
    return Testbench.from_pyspice(
        circuit,
        stop=stop,
        step=time_step(cell, stop),
        save=signals(("v(out)", *save)),
        parameters=parameters,
        title=f"{cell.name} with {cell.device.model}",
    )


def ramp(ends: tuple[float, float], stop: float) -> str:
    """Return the value of a source that goes from the first to the second of ``ends`` [V] in the time ``stop`` [s]."""
    start, end = (float(value) for value in ends)
    return f"dc {start!r} {Ramp(start=start, end=end, duration=stop).text()}"


def time_step(cell: Cell, stop: float) -> float:
    """Longest time step of a run [s]: what the fastest junction suggests."""
    return min(device.time_step(stop) for device in cell.devices.values())


def resolvable(cell: Cell, stop: float) -> tuple[Cell, str]:
    """Return a cell whose junction an engine can follow through a run of ``stop`` [s], and what was changed for it.

    A junction is changed as its :meth:`~spinspice.devices.Device.resolvable` says.
    """
    notes = [device.resolution_note(stop) for device in cell.devices.values()]
    changes = "; ".join(dict.fromkeys(note for note in notes if note))
    return (cell.with_junctions(lambda device: device.resolvable(stop)), changes) if changes else (cell, "")


def sampled(waveforms: Waveforms, name: str, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a signal at ``times`` [s], linear between the points of the engine."""
    return np.interp(times, waveforms.time, waveforms[name])


def probes(cell: Cell) -> tuple[Probe, ...]:
    """Return the junctions of a cell, each with the signals that its state needs."""
    signals = cell.state_signals()
    return tuple(probe(device, signals[name]) for name, device in cell.devices.items())


def junction_signals(cell: Cell) -> tuple[str, ...]:
    """Signals from which the states of the junctions follow."""
    return tuple(name for _, names in probes(cell) for name in names)


def junction_state(cell: Cell, waveforms: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """State of the (first) junction at ``times`` [s]: m . p of a macrospin, 0 (P) or 1 (AP) of a telegraph junction."""
    return state(probes(cell)[0], waveforms, times)
