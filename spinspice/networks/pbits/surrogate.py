"""Networks of extracted p-bits: the same J, h and I0 as the circuit, millions of steps a second."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.analysis.transfer import tanh_law
from spinspice.errors import UsageError, check_range
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.motion import move, settle
from spinspice.networks.pbits.sampling import MAX_COUNTED, Sparse, stream

Array = NDArray[np.float64]
#: Step [s]: that of the noise of the compact models in networks.
STEP = 5e-12
#: Entries of a table of thresholds over the component of a layer.
EDGES = 4097
#: Time that is left out before states are counted [s]: our choice, ten times what a p-bit remembers.
WARM = 5e-9
#: V0 below so many half-widths is looked at again, over so many V0: our choice, two points in V0.
NARROW, REACH = 0.5, 3.5


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calibration:
    """Width V0 and middle v0 of a p-bit's transition [V], what the crossbar needs, and the standard errors of both.

    NaN: unknown.
    """

    V0: float
    v0: float
    stderr: float = math.nan
    V0_stderr: float = math.nan

    def off_by(self, draw: np.random.Generator) -> tuple[float, float]:
        """Return what the middle of a real p-bit may lie beside v0 [V], and its width over V0 [1]; 0 and 1 for NaN."""
        errors = np.nan_to_num([self.stderr, self.V0_stderr / self.V0])
        offset, width = draw.normal(size=2) * errors
        return float(offset), float(math.exp(width))


@dataclasses.dataclass(frozen=True)
class Transfer:
    """Mean output [1] of a p-bit over its input [V]."""

    inputs: Array
    mean: Array

    def calibration(self) -> Calibration:
        """Return width and middle of the tanh that fits best."""
        from scipy.optimize import curve_fit

        middle, reach = float(self.inputs.mean()), float(np.ptp(self.inputs)) / 4
        fitted, spread = curve_fit(
            lambda v, v0, off: tanh_law(v, v0, off, 1.0, 0.0), self.inputs - middle, self.mean, p0=(reach / 1.5, 0.0)
        )
        return Calibration(V0=float(abs(fitted[0])), v0=float(middle + fitted[1]), stderr=float(np.sqrt(spread[1, 1])))


@dataclasses.dataclass(frozen=True)
class Run:
    """What a simulated network did.

    Attributes
    ----------
    rows : array
        Number of the state at even times, the first p-bit its highest bit.
    counts : array, shape (2**n,)
        How often each state was met; empty for more than 24 p-bits.
    step : float
        Time between two of them [s].
    flips : int
        Changes of all p-bits.
    last : array, shape (n,)
        State at the end, -1 or +1.
    """

    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    step: float
    flips: int
    last: Array


def simulate(
    ising: Ising,
    pbits: ExtractedPBit | Sequence[ExtractedPBit],
    calibration: Calibration | Sequence[Calibration],
    *,
    I0: float = 1.0,
    duration: float,
    seed: int = 1,
    record: float = 50e-12,
    tau_synapse: float = 0.0,
    clock: float = 0.0,
    groups: Sequence[Sequence[str]] = (),
    ramp: ArrayLike = 1.0,
    magnets: ArrayLike | None = None,
    step: float = STEP,
) -> Run:
    """Run a network of extracted p-bits.

    Parameters
    ----------
    ising : Ising
        Up to 62 p-bits if their states are to be told apart.
    pbits, calibration : one for all, or one each
        Calibration that the resistors and trims were made with: need not be that of the p-bit.
    I0 : float
    duration : float
        [s], after a start that is left out (:data:`WARM`).
    seed : int
        Seed of start and noise.
    record : float
        Time between recorded states [s].
    tau_synapse : float
        Time constant of every node [s].
    clock : float
        Time from one update of a sequencer to the next [s]; 0 for p-bits that run free.
    groups : sequence of sequences of names
        What the sequencer updates at once, in this order; default one p-bit at a time.
    ramp : array
        Factor on I0 over the run, in equal parts.
    magnets : array, shape (n, steps), optional
        Component of each magnet along its reference layer at each step, in place of drawn ones: those of the compact
        model with the seeds of a circuit, for a comparison step by step.
    step : float
        [s].
    """
    n = len(ising)
    cells = [pbits] * n if isinstance(pbits, ExtractedPBit) else list(pbits)
    fits = [calibration] * n if isinstance(calibration, Calibration) else list(calibration)
    if len(cells) != n or len(fits) != n:
        raise UsageError(f"{len(cells)} p-bits and {len(fits)} calibrations for a network of {n}. Give one, or {n}.")
    if clock:
        check_range("clock", clock, step, 1.0, unit="s", where="sequencer of p-bits")
    check_range("duration", duration, record, 1.0, unit="s", where="network of extracted p-bits")
    every = max(1, round(record / step))
    turns = turns_of(ising, groups)
    couplings = Sparse.of(ising)
    rows = np.zeros(int(duration / (every * step)), dtype=np.int64)
    counts = np.zeros(2**n if n <= MAX_COUNTED else 1, dtype=np.int64)
    m = np.random.default_rng([seed, 0x5B17]).choice([-1.0, 1.0], n)
    width = np.array([fit.V0 for fit in fits]) * I0
    flips = move(
        (couplings.start, couplings.other, couplings.weight),
        np.array([fit.v0 for fit in fits]),
        width * ising.h,
        width,
        np.array([cell.row(step) for cell in cells]),
        cells[0].junctions,
        -math.expm1(-step / tau_synapse) if tau_synapse else 1.0,
        round(cells[0].delay / step),
        min(round(cells[0].lead / step), round(cells[0].delay / step)),
        np.zeros((n, 0)) if magnets is None else np.ascontiguousarray(magnets, dtype=float),
        turns,
        round(clock / step),
        np.atleast_1d(np.asarray(ramp, dtype=float)),
        round(WARM / step) if magnets is None else 0,
        every,
        stream(seed, "extracted"),
        counts,
        rows,
        m,
    )  # fmt: skip
    return Run(rows, counts if n <= MAX_COUNTED else np.zeros(0, np.int64), every * step, flips, m)


def follow_layers(
    ising: Ising,
    pbit: ExtractedPBit,
    calibration: Calibration,
    curve: Transfer,
    *,
    I0: float = 1.0,
    samples: int = 100_000,
    seed: int = 1,
    record: float = 200e-12,
) -> NDArray[np.int64]:
    """Return how often each state is met if circuit and synapses follow the layers at once, shape (2**n,).

    This is the law with memory of :mod:`spinspice.networks.pbits.laws` for thresholds that move as a freely turning
    layer makes them, each with the mean output of the cell. For a pair of p-bits only that mean counts; for more it
    also matters how thresholds move, since a network stays in its state until that is no longer allowed: a full adder
    at I0 = 0.5 is right in 0.84 of the time if uniform thresholds are drawn anew one by one, in 0.83 if they diffuse,
    in 0.79 if a layer turns.

    Parameters
    ----------
    pbit : ExtractedPBit
        Its magnet turns; its delays are not used.
    curve : Transfer
        Mean output.
    record : float
        Time between samples [s].
    **others
        As for :func:`simulate`; up to 24 p-bits.
    """
    n = len(ising)
    check_range("p-bits", n, 1, MAX_COUNTED, where="histogram of states")
    couplings = Sparse.of(ising)
    counts = np.zeros(2**n, dtype=np.int64)
    counts[0] = samples
    width = np.full(n, calibration.V0 * I0)
    level = 2.0 / math.pi * np.arcsin(np.linspace(-1.0, 1.0, EDGES))  # uniform, where the component is a cosine
    free = dataclasses.replace(pbit, magnet=dataclasses.replace(pbit.magnet, pull=0.0))
    settle(
        (couplings.start, couplings.other, couplings.weight),
        np.full(n, calibration.v0),
        width * ising.h,
        width,
        np.array([free.row(STEP)] * n),
        np.interp(level, np.maximum.accumulate(curve.mean), curve.inputs),
        round(WARM / STEP),
        max(1, round(record / STEP)),
        stream(seed, "layers"),
        counts,
        np.random.default_rng([seed, 0x5B17]).choice([-1.0, 1.0], n),
    )
    return counts


def turns_of(ising: Ising, groups: Sequence[Sequence[str]]) -> NDArray[np.bool_]:
    """Return which p-bits are updated at each turn of a sequencer, shape (turns, n); by default one after the other.

    Raises
    ------
    UsageError
        For p-bits of one group that are coupled, or a p-bit that is in none.
    """
    taken = [list(group) for group in groups] or [[name] for name in ising.names]
    turns = np.zeros((len(taken), len(ising)), dtype=bool)
    for turn, group in zip(turns, taken, strict=True):
        turn[[ising.place(name) for name in group]] = True
        inside = np.argwhere(ising.J[np.ix_(turn, turn)])
        if inside.size:
            names = np.array(ising.names)[turn]
            a, b = names[inside[0]]
            raise UsageError(f"{a} and {b} are coupled: updated at once they do not sample Boltzmann. Part them.")
    missing = [name for name, never in zip(ising.names, (~turns.any(axis=0)).tolist(), strict=True) if never]
    if missing:
        raise UsageError(f"p-bit {missing[0]} is in no group of the sequencer. Every p-bit needs a turn.")
    return turns


def transfer(pbit: ExtractedPBit, *, seed: int = 1, clock: float = 0.0, duration: float = 20e-6) -> Transfer:
    """Return the mean output of an extracted p-bit at 17 inputs over +-2 half-widths.

    Several junctions, or a slow divider, leave a transition of which so wide a grid holds few points: then 17 inputs
    over +-3.5 widths V0 about the middle of a first look.
    """
    middle, reach = pbit.v_x + pbit.magnet.pull / 2 * pbit.w, 2.0 * pbit.w
    first = _means(pbit, middle, reach, seed, clock, duration)
    look = first.calibration()
    if look.V0 > NARROW * pbit.w:
        return first
    return _means(pbit, look.v0, REACH * max(look.V0, reach / 16), seed, clock, duration)


def _means(pbit: ExtractedPBit, middle: float, reach: float, seed: int, clock: float, duration: float) -> Transfer:
    """Return the mean output about a middle, all inputs at once, as p-bits of different offsets without couplings."""
    inputs = middle + np.linspace(-reach, reach, 17)
    alone = Ising([f"p{i}" for i in range(17)], np.zeros((17, 17)))
    run = simulate(
        alone, pbit, [Calibration(V0=1.0, v0=v) for v in inputs], duration=duration, seed=seed, clock=clock,
        groups=[alone.names] if clock else (), record=max(clock, 100e-12),
    )  # fmt: skip
    return Transfer(inputs, np.array([2.0 * np.mean((run.rows >> (16 - i)) & 1) - 1.0 for i in range(17)]))


def calibrate(pbit: ExtractedPBit, *, seed: int = 1, clock: float = 0.0, duration: float = 20e-6) -> Calibration:
    """Return V0 and v0 of an extracted p-bit: a tanh through its mean output; least squares weigh all inputs alike."""
    return transfer(pbit, seed=seed, clock=clock, duration=duration).calibration()
