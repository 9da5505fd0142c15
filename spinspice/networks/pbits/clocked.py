r"""What a clocked p-bit decides, measured as it sits in a network: latched, by its clock, behind its node's resistance.

The calibration of an open cell is not that of a latched one where the transition is a few millivolts wide: a model of
the open cell is uncertain by its form, edges of clocks reach the input, and a latch that opens may hold the neuron to
what it said before. So one cell is run alone; its input changes when a neighbour's would, one clock before its own
latch closes, and its states are counted:

.. math::
    P(m = 1) = \frac{1}{1 + e^{-2 (v - v_0 + a\, m') / V_0}}

by maximum likelihood, whose standard errors are those of Fisher's information. The calibration has a = 0, which is what
the cell does on average; a second fit with the last state m' says whether any of it is left: a > 0 is a coupling of the
p-bit to itself, by which a network acts as at a larger I0.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.pbit_clocked import ClockedPBit
from spinspice.errors import ResultError, check_range
from spinspice.networks.couplings import Resistor
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits.extraction import LOAD
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import EDGE, Sequencer
from spinspice.networks.pbits.surrogate import STEP, Calibration
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Levels of the input in widths V0 about the middle, drawn with equal chances: our choice, near the most informative.
LEVELS = np.linspace(-1.5, 1.5, 7)
#: Updates that are left out at the start, and fewest that are fitted: our choice.
START, FEWEST = 4, 50
#: Delay of a neighbour's output after its latch closed, edge of the level [s], parts of a clock for states: our choice.
AFTER, RISE, READ = 60e-12, 10e-12, 0.15


@dataclasses.dataclass(frozen=True)
class Decisions:
    """States of a clocked p-bit over its inputs.

    Attributes
    ----------
    inputs : array, shape (k,)
        Level that drove its node [V].
    states : array, shape (k,)
        What it was latched at, -1 or 1.
    before : array, shape (k,)
        Its state before.
    """

    inputs: Array
    states: Array
    before: Array

    @property
    def calibration(self) -> Calibration:
        """Width and middle of its transition with standard errors.

        Errors of both hardly correlate where levels lie evenly about the middle; the judge draws them apart.
        """
        (slope, at), covariance = _fitted(self, False)
        return _calibration(slope, at, covariance)

    @property
    def memory(self) -> tuple[float, float]:
        """Return a, what is left of the state before as an input [V], and its standard error."""
        (slope, _, kept), covariance = _fitted(self, True)
        # Of a quotient kept / slope, to first order.
        change = np.array([-kept / slope**2, 0.0, 1.0 / slope])
        return float(kept / slope), float(math.sqrt(change @ covariance @ change))


def decisions_testbench(
    cell: ClockedPBit,
    guess: Calibration,
    *,
    clock: float,
    R_node: float = 20e3,
    updates: int = 600,
    turns: int = 1,
    seed: int = 1,
) -> Testbench:
    """Return the run of one cell that decides at every clock.

    Parameters
    ----------
    cell : ClockedPBit
    guess : Calibration
        About where its transition is: levels are 1.5 of its widths to both sides of its middle.
    clock : float
        From one update of the network's sequencer to the next [s].
    R_node : float
        Resistance of the node [Ohm].
    turns : int
        Clocks from one of its decisions to the next. For the calibration one will do; what the latch keeps takes as
        many as the network has, since at one clock the magnet itself may still be where it was.
    updates : int
        Decisions. V0 over their root is about the standard error of the middle.
    """
    check_range("updates", updates, FEWEST + START, 1e7, where="calibration of a clocked p-bit")
    check_range("clock", clock, 4 * (AFTER + RISE), 1.0, unit="s", where="calibration of a clocked p-bit")
    levels = guess.v0 + guess.V0 * np.random.default_rng([seed, 0xC1]).choice(LEVELS, updates)
    change = _closings(clock, turns, updates)[1:] - clock + AFTER
    times = np.ravel([np.append(0.0, change + RISE), np.append(change, change[-1] + clock)], order="F")
    names = [f"p{k}" for k in range(turns)]
    alone = Ising(names, np.zeros((turns, turns)))
    inputs: dict[str, Any] = {"drive": Pwl(times.tolist(), np.repeat(levels, 2).tolist())}
    sources = Sequencer(clock=clock).sources(alone, *cell.rails)
    inputs |= {name: sources[name] for name in ("ck0", "ckb0")}
    couplings = {"r": Resistor("drive", "vin_a", R_node)}
    couplings |= {f"load_{port}": Resistor(f"{port}_a", "0", LOAD) for port in ("out", "outb")}
    network = Network(
        cells={"a": Placed(cell.rebuilt(probes="none"), {"clk": "ck0", "clkb": "ckb0"})}, couplings=couplings,
        inputs=inputs, outputs=["outb_a"],
    )  # fmt: skip
    return network.testbench(stop=((updates - 1) * turns + 1 + READ) * clock, seed=seed, step=STEP, save=["v(drive)"])


def decisions(cell: ClockedPBit, waveforms: Waveforms, clock: float, turns: int = 1) -> Decisions:
    """Return what the cell decided in the run of :func:`decisions_testbench`."""
    at = _closings(clock, turns, int(waveforms.time[-1] / clock - 1) // turns + 1)
    states = np.sign(np.interp(at + READ * clock, waveforms.time, waveforms["v(outb_a)"]) - cell.middle)
    inputs = np.interp(at, waveforms.time, waveforms["v(drive)"])
    return Decisions(inputs[START:], states[START:], states[START - 1 : -1])


def _closings(clock: float, turns: int, count: int) -> Array:
    """Return when the latch of the first of so many turns closes [s]."""
    return np.asarray(clock * (1.0 - EDGE + turns * np.arange(count)), dtype=float)


def fit_states(inputs: ArrayLike, states: ArrayLike) -> Calibration:
    """Return width and middle of a transition from states at inputs, for any source of them."""
    v, m = np.asarray(inputs, dtype=float), np.asarray(states, dtype=float)
    return Decisions(v, m, np.zeros(m.size)).calibration


def _calibration(slope: float, at: float, covariance: Array) -> Calibration:
    """Turn slope 1/V0 and argument at zero, -v0/V0, into a calibration, errors to first order."""
    change = np.array([-at / slope**2, 1.0 / slope])
    return Calibration(
        V0=1.0 / slope,
        v0=-at / slope,
        stderr=float(math.sqrt(change @ covariance @ change)),
        V0_stderr=float(math.sqrt(covariance[0, 0]) / slope**2),
    )


def _fitted(found: Decisions, memory: bool) -> tuple[Array, Array]:
    """Return coefficients of v, 1 and the last state in the argument of tanh, and their covariance: Newton's method.

    Raises
    ------
    ResultError
        For too few decisions, or decisions that say nothing of a width: all alike, or parted by a level.
    """
    v, m = found.inputs, found.states
    if m.size < FEWEST:
        raise ResultError(f"{m.size} decisions of a clocked p-bit: at least {FEWEST} make a calibration.")
    middle, scale = float(v.mean()), float(v.std())
    if abs(m.mean()) == 1.0 or scale == 0.0 or not v[m > 0].min() < v[m < 0].max():
        raise ResultError(
            "the decisions of a clocked p-bit do not mix: all are alike, or a level parts them. Its transition is "
            "elsewhere, or much narrower than the levels."
        )
    design = np.column_stack([(v - middle) / scale, np.ones(m.size), *([found.before] if memory else [])])
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-2.0 * design @ beta))
        information = 4.0 * (design * (p * (1.0 - p))[:, None]).T @ design
        step = np.linalg.solve(information, 2.0 * design.T @ (0.5 * (m + 1.0) - p))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    if beta[0] <= 0.0:
        raise ResultError("the state of a clocked p-bit does not rise with its input. Give it more updates.")
    covariance = np.linalg.inv(information)
    back = np.eye(beta.size)  # from scaled inputs to volts
    back[0, 0], back[1, 0] = 1.0 / scale, -middle / scale
    return back @ beta, back @ covariance @ back.T
