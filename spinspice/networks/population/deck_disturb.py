r"""What transistor readouts are expected to count: the clocked law with the drive that reading leaves the junctions.

A read takes the stimulus from the junction for a few ns and puts the read current on it, and far from the peak of its
tuning curve, where a junction hardly ever leaves its state, that is when most of its switches happen. The voltage of
every junction over a clock period is taken from runs in which the junctions stand still, once in P and once in AP. With
the two escape rates :math:`\lambda(t)` of the moment, the chance to be in AP follows

.. math::
    \dot p = \lambda_P(t) (1 - p) - \lambda_{AP}(t)\, p

from clock edge to clock edge; started in either state it gives the two transition probabilities of the chain that the
bits are (:func:`spinspice.analysis.counting.chain_moments`). Left out: how the node moves after a switch within a read.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.readout import FROZEN, OPTIONS
from spinspice.engines import Engine, get_engine
from spinspice.networks.population.deck import PopulationDeck
from spinspice.networks.readouts import readout_network
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Clock periods of a run in which the junctions stand still; the last from edge to edge is looked at.
PERIODS = 3


def read_probabilities(
    deck: PopulationDeck, stimulus: int = 0, *, engine: str | Engine = "auto", model: str | None = None
) -> NDArray[np.float64]:
    """Return the probabilities that a bit differs from the one before, out of P and out of AP, shape (2, n).

    Parameters
    ----------
    deck : PopulationDeck
        With a ``readout``.
    stimulus : int
        Which of its stimuli.
    engine, model
        As for :func:`spinspice.engines.get_engine`.
    """
    solver = get_engine(engine, model)
    runs = [solver.run(_still(deck, float(deck.stimuli[stimulus]), state)) for state in (0, 1)]
    first, last = deck.timing.edges(PERIODS)[-2:]
    time = np.unique(np.concatenate([[first, last], *(run.time for run in runs)]))
    time = time[(time >= first) & (time <= last)]
    middle, steps = 0.5 * (time[1:] + time[:-1]), np.diff(time)
    drives = [_drives(deck, run, middle) for run in runs]
    rates = np.array([deck.population.escape_rates(drive)[state] for state, drive in enumerate(drives)])
    total = rates.sum(axis=0)
    rest, kept = rates[0] / total, np.exp(-total * steps[:, np.newaxis])
    antiparallel = np.stack([np.zeros(deck.population.size), np.ones(deck.population.size)])
    for k in range(steps.size):
        antiparallel = rest[k] + (antiparallel - rest[k]) * kept[k]
    return np.stack([antiparallel[0], 1.0 - antiparallel[1]])


def _drives(deck: PopulationDeck, run: Waveforms, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normalised drives of the junctions at some times, shape (times, n)."""
    nodes = [
        np.interp(times, run.time, run[f"v(x{number}.nj)"] - run[f"v(bias{number})"])
        for number in range(1, deck.population.size + 1)
    ]
    return np.stack(nodes, axis=1) / deck.population.critical


def _still(deck: PopulationDeck, stimulus: float, state: int) -> Testbench:
    """Return a run in which all junctions stay in one state."""
    cells = {cell.name: cell for cell in deck.cells()}
    frozen = {
        name: cell.rebuilt(device=cell.device.replace(delta=FROZEN, state0=state), probes="blocks")
        for name, cell in cells.items()
    }
    numbers = range(1, deck.population.size + 1)
    network = readout_network(
        [frozen[cell.name] for cell in deck.cells()],
        deck.timing,
        seeds=[1] * deck.population.size,
        biases=[float(centre) for centre in deck.population.centres],
        stimulus=repr(stimulus),
    )
    return Testbench.from_pyspice(
        network.circuit(),
        stop=PERIODS * deck.dt,
        step=deck.timing.rise,
        max_step=deck.dt / 50,
        save=tuple(name for k in numbers for name in (f"v(x{k}.nj)", f"v(bias{k})")),
        options=OPTIONS,
        title=f"population of {deck.population.size} junctions that stand still in state {state}",
    )
