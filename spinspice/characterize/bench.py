"""Runs of a neuron cell: what drives its input, what is saved, and how the samples are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import NeuronCell, bench_circuit
from spinspice.devices import Macrospin, Telegraph
from spinspice.testbench import Testbench, signals
from spinspice.waveforms import Waveforms

#: Shortest switching time of a telegraph junction over the length of the run. Engines refuse less than 1e-9, and
#: a junction in a circuit needs more; a run lasts hundreds of stays, so this is still under 1e-5 of a stay.
T_SW_PER_RUN = 1e-8


def cell_testbench(
    cell: NeuronCell,
    *,
    stop: float,
    vin: float | tuple[float, float] = 0.0,
    seed: int = 1,
    save: tuple[str, ...] = (),
) -> Testbench:
    """Return a transient run of one cell on the bench of :func:`spinspice.cells.bench_circuit`.

    Parameters
    ----------
    cell : NeuronCell
    stop : float
        Duration [s].
    vin : float or (float, float)
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
    return f"dc {start!r} pwl(0 {start!r} {stop!r} {end!r})"


def time_step(cell: NeuronCell, stop: float) -> float:
    """Longest time step of a run [s]: the noise step of a macrospin; a 5000th of the run for a telegraph junction.

    The models ask for shorter steps where they need them.
    """
    return cell.device.dt if isinstance(cell.device, Macrospin) else stop / 5000.0


def resolvable(cell: NeuronCell, stop: float) -> tuple[NeuronCell, str]:
    """Return a cell whose junction an engine can follow through a run of ``stop`` [s], and what was changed for it.

    A telegraph junction that stays for seconds and switches in a nanosecond would have a switching time below what
    ngspice resolves in one run; it is lengthened to 1e-8 of the run, still far below the stays.
    """
    device = cell.device
    if not isinstance(device, Telegraph) or device.t_sw >= T_SW_PER_RUN * stop:
        return cell, ""
    longer = device.replace(t_sw=T_SW_PER_RUN * stop)
    changed = cell.rebuilt(device=longer)
    return (
        changed,
        f"switching time raised from {device.t_sw:g} to {longer.t_sw:g} s, what a run of {stop:g} s resolves",
    )


def sampled(waveforms: Waveforms, name: str, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a signal at ``times`` [s], linear between the points of the engine."""
    return np.interp(times, waveforms.time, waveforms[name])


def junction_signals(cell: NeuronCell) -> tuple[str, ...]:
    """Signals from which the state of the junction follows: the magnetisation, or the state 0 or 1."""
    device = cell.device
    if isinstance(device, Macrospin):
        axes = [axis for axis in "xyz" if getattr(device, f"p{axis}") != 0.0]
        return tuple(cell.node_signal(f"m{axis}") for axis in axes)
    return (cell.node_signal("state"),)


def junction_state(cell: NeuronCell, waveforms: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """State of the junction at ``times`` [s]: m . p of a macrospin, 0 (P) or 1 (AP) of a telegraph junction."""
    names = junction_signals(cell)
    device = cell.device
    if not isinstance(device, Macrospin):
        return sampled(waveforms, names[0], times)
    weights = [getattr(device, f"p{name[-2]}") for name in names]
    return np.sum([w * sampled(waveforms, name, times) for w, name in zip(weights, names, strict=True)], axis=0)
