"""What must not switch: cells that are read, cells beside a write, cells that are left alone.

The current that the circuit gives such a cell is small or short. What it does is asked of the Fokker-Planck equation,
which takes the whole waveform (:func:`spinspice.devices.laws.fokker_planck.switching_probability`), and for reads also
of many samples of the stochastic equation.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.memory import MemoryBench, Operation, Read, Timing, memory_bench
from spinspice.cells.mram import MemoryArray
from spinspice.devices import Macrospin
from spinspice.devices.laws.fokker_planck import boltzmann_angles, escape_rate, switching_probability, time_unit
from spinspice.devices.noise import instance_seed
from spinspice.engines import DEFAULT_TIMEOUT, Engine, get_engine
from spinspice.errors import ParameterError, check_range
from spinspice.memory.write_errors import CONFIDENCE, check_uniaxial
from spinspice.waveforms import Waveforms

YEAR = 365.25 * 86400.0
#: Kinds of cells that an operation does not address.
KINDS = ("same row", "same column", "elsewhere")
#: Members of an ensemble that are integrated at a time.
_CHUNK = 20_000


def retention(device: Macrospin, cells: int = 1) -> float:
    r"""Return the mean time [s] for which a bit is kept without current, tau_D over the escape rate.

    About :math:`\tau_D \sqrt{\pi / \Delta}\, e^\Delta` for a high barrier (Brown, Phys. Rev. 130, 1677 (1963)).

    With ``cells``, the mean time to the first lost bit of so many. The barrier is that of coherent reversal, the same
    for all cells, at the device's temperature.
    """
    check_uniaxial(device)
    check_range("cells", cells, 1, 10**15, where="retention")
    return time_unit(device) / escape_rate(device.delta) / cells


@dataclasses.dataclass(frozen=True)
class Disturb:
    """Largest current in cells that an operation does not address, by kind, and what it does to the worst of them.

    Parameters
    ----------
    overdrive : dict of float
        Kind of cell -> largest |I| / I_c0 [1]; kinds that the array has.
    probability : dict of float
        Kind of cell -> probability that the cell with that current switches in the operation [1], Fokker-Planck.
    duration : float
        Length of the stretch [s].
    flipped : int
        Unaddressed cells that did switch in the run.
    """

    overdrive: dict[str, float]
    probability: dict[str, float]
    duration: float
    flipped: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)


def half_select(
    array: MemoryArray,
    operation: Operation,
    *,
    timing: Timing | None = None,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> tuple[Disturb, Waveforms, MemoryBench]:
    """Run one operation and look at all cells that it does not address.

    Columns whose bit is None in a write are on the selected word line but not addressed (kind ``same row``); cells of
    the written columns on other word lines are ``same column``: their current is leakage and displacement.
    """
    bench = memory_bench(array, [operation], timing=timing, seed=seed)
    waves = get_engine(engine, model).run(bench.testbench, timeout=timeout)
    return _disturb(bench, waves), waves, bench


def _disturb(bench: MemoryBench, waves: Waveforms) -> Disturb:
    array, operation = bench.array, bench.slots[0].operation
    written = (True,) * array.columns if isinstance(operation, Read) else tuple(b is not None for b in operation.bits)
    worst: dict[str, tuple[float, NDArray[np.float64]]] = {}
    flipped = 0
    for row in range(array.rows):
        for column in range(array.columns):
            if row == operation.row and written[column]:
                continue
            kind = KINDS[0] if row == operation.row else KINDS[1] if written[column] else KINDS[2]
            sign = 1.0 if array.state[row, column] else -1.0
            against = sign * waves[array.junction_current(row, column)] / array.device.I_c0
            peak = float(np.abs(against).max())
            if kind not in worst or peak > worst[kind][0]:
                worst[kind] = (peak, against)
            mz = waves[array.mz(row, column)]
            flipped += int(mz[0] * mz[-1] < 0.0)
    times, delta = waves.time / time_unit(array.device), array.device.delta
    probability = {kind: switching_probability(times, i, delta) for kind, (_, i) in worst.items()}
    return Disturb({kind: peak for kind, (peak, _) in worst.items()}, probability, float(np.ptp(waves.time)), flipped)


@dataclasses.dataclass(frozen=True)
class ReadDisturb:
    """Reads of one state: how often the cell switched, and what the escape rate says.

    Parameters
    ----------
    bit : int
    reads, flips : int
        Reads in the reference solver, each from equilibrium, under the current waveform of the circuit.
    bound : float
        Upper bound at 95 % confidence on the probability of a flip, from the count (no flips: 3.0 / reads).
    predicted : float
        Probability of a flip in one read: Fokker-Planck equation along the current waveform.
    overdrive : float
        Current against the state over I_c0, settled, just before the decision [1]; negative: it stabilises.
    peak : float
        Largest |I| / I_c0 during the read [1].
    """

    bit: int
    reads: int
    flips: int
    bound: float
    predicted: float
    overdrive: float
    peak: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain data for JSON."""
        return dataclasses.asdict(self)


def read_current(
    device: Macrospin,
    technology: Any,
    bit: int,
    *,
    rows: int = 2,
    vdd: float | None = None,
    timing: Timing | None = None,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return time [s] and current free to ref [A] of a cell during a read, and when sensing starts [s], from SPICE."""
    device = device.replace(max_step=max(device.max_step, 2.5e-12))
    array = MemoryArray(device, technology, rows=rows, columns=1, vdd=vdd, state=np.full((rows, 1), bit))
    bench = memory_bench(array, [Read(0)], timing=timing, seed=seed)
    waves = get_engine(engine, model).run(bench.testbench, timeout=timeout)
    sense = bench.slots[0].sense
    assert sense is not None
    return waves.time, waves[array.junction_current(0, 0)], sense


def read_disturb(
    device: Macrospin,
    waveform: tuple[NDArray[np.float64], NDArray[np.float64], float],
    bit: int,
    *,
    reads: int = 100_000,
    seed: int = 1,
) -> ReadDisturb:
    """Read a cell many times in the reference solver, with the current that the circuit gave it.

    Parameters
    ----------
    device : Macrospin
    waveform : (time, current, sense)
        As :func:`read_current` returns it.
    bit : {0, 1}
        State of the cell.
    reads : int
        Each starts from an angle drawn from Boltzmann's law.
    seed : int
    """
    from spinspice.devices.reference.macrospin import simulate_macrospin

    check_uniaxial(device)
    check_range("reads", reads, 1, 10**9, where="read_disturb")
    time, current, sense = waveform
    if time.size < 2 or time.size != current.size:
        raise ParameterError(f"a current waveform needs as many times as values, got {time.size} and {current.size}.")
    against = current / device.I_c0 * (1.0 if bit else -1.0)
    theta, phi = boltzmann_angles(device.delta, reads, instance_seed(seed, "initial angle"))
    sign = -1.0 if bit else 1.0
    start = np.stack([np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), sign * np.cos(theta)], axis=1)
    first = instance_seed(seed, "noise") % 2**30
    even = np.arange(time[0], time[-1], device.dt)
    drive = (even - time[0], np.interp(even, time, current))
    flips = 0
    for begin in range(0, reads, _CHUNK):
        chunk = slice(begin, min(begin + _CHUNK, reads))
        run = simulate_macrospin(
            device,
            float(time[-1] - time[0]),
            first + np.arange(chunk.start, chunk.stop),
            current=drive,
            m0=start[chunk],
            scheme="rk4",
            substeps=1,
            decimate=round((time[-1] - time[0]) / device.dt),
        )
        flips += int((sign * run.m[:, -1, 2] < 0.0).sum())
    return ReadDisturb(
        bit=bit,
        reads=reads,
        flips=flips,
        bound=_upper_bound(flips, reads),
        predicted=switching_probability(time / time_unit(device), against, device.delta),
        overdrive=float(np.interp(sense - 0.1e-9, time, against)),
        peak=float(np.abs(against).max()),
    )


def _upper_bound(events: int, trials: int) -> float:
    """Return the exact (Clopper-Pearson) one-sided bound on a probability."""
    from scipy.stats import beta

    return 1.0 if events == trials else float(beta.ppf(CONFIDENCE, events + 1, trials - events))
