"""Runs of a cell: what drives its input, what is saved, and how the samples are read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import Cell, bench_circuit
from spinspice.devices import Device, Macrospin, Telegraph
from spinspice.stimuli import Ramp
from spinspice.testbench import Testbench, signals
from spinspice.waveforms import Waveforms

#: Shortest switching time of a telegraph junction over the length of the run. Engines refuse less than 1e-9, and
#: a junction in a circuit needs more; a run lasts hundreds of stays, so this is still under 1e-5 of a stay.
T_SW_PER_RUN = 1e-8


def cell_testbench(
    cell: Cell,
    *,
    stop: float,
    vin: float | tuple[float, float] = 0.0,
    seed: int = 1,
    save: tuple[str, ...] = (),
) -> Testbench:
    """Return a transient run of one cell on the bench of :func:`spinspice.cells.bench_circuit`.

    Parameters
    ----------
    cell : Cell
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
    return f"dc {start!r} {Ramp(start=start, end=end, duration=stop).text()}"


def time_step(cell: Cell, stop: float) -> float:
    """Longest time step of a run [s]: the noise step of a macrospin; a 5000th of the run for a telegraph junction.

    The models ask for shorter steps where they need them.
    """
    steps = [device.dt for device in cell.devices.values() if isinstance(device, Macrospin)]
    return min(steps, default=stop / 5000.0)


def resolvable(cell: Cell, stop: float) -> tuple[Cell, str]:
    """Return a cell whose junction an engine can follow through a run of ``stop`` [s], and what was changed for it.

    A telegraph junction that stays for seconds and switches in a nanosecond would have a switching time below what
    ngspice resolves in one run; it is lengthened to 1e-8 of the run, still far below the stays.
    """
    shortest = T_SW_PER_RUN * stop
    times = [device.t_sw for device in cell.devices.values() if isinstance(device, Telegraph)]
    if min(times, default=shortest) >= shortest:
        return cell, ""

    def longer(device: Device) -> Device:
        return device.replace(t_sw=max(device.t_sw, shortest)) if isinstance(device, Telegraph) else device

    note = f"switching time raised from {min(times):g} to {shortest:g} s, what a run of {stop:g} s resolves"
    return cell.with_junctions(longer), note


def sampled(waveforms: Waveforms, name: str, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a signal at ``times`` [s], linear between the points of the engine."""
    return np.interp(times, waveforms.time, waveforms[name])


def _reference(device: Macrospin) -> tuple[float, float, float]:
    """Direction of the reference layer."""
    return device.px, device.py, device.pz


def junction_signals(cell: Cell) -> tuple[str, ...]:
    """Signals from which the state of the (first) junction follows: the magnetisation, or the state 0 or 1."""
    device, nodes = cell.device, next(iter(cell.states.values()))
    if isinstance(device, Macrospin):
        return tuple(cell.node_signal(nodes[i]) for i, weight in enumerate(_reference(device)) if weight != 0.0)
    return (cell.node_signal(nodes[0]),)


def junction_state(cell: Cell, waveforms: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """State of the junction at ``times`` [s]: m . p of a macrospin, 0 (P) or 1 (AP) of a telegraph junction."""
    names = junction_signals(cell)
    device = cell.device
    if not isinstance(device, Macrospin):
        return sampled(waveforms, names[0], times)
    weights = [weight for weight in _reference(device) if weight != 0.0]
    return np.sum([w * sampled(waveforms, name, times) for w, name in zip(weights, names, strict=True)], axis=0)
