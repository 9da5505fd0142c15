r"""Power of a population from the currents of its sources in a SPICE run, audited, and extrapolated to more junctions.

The stimulus delivers :math:`V \sum_i I_i` and the shift of junction i :math:`-c_i I_i`, with :math:`I_i` the mean
current through the branch of junction i. That current is a function of the centre :math:`c_i` alone where the
junctions are equal, so a population of other size on the same range needs no run of its own: its currents are read
off those of the measured centres, linearly in between.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import Capacitor, audit
from spinspice.cells.bench import LOAD
from spinspice.errors import ParameterError, UsageError
from spinspice.networks.population.deck import PopulationDeck, sources, terminals
from spinspice.networks.population.population import Population
from spinspice.networks.population.power import Power
from spinspice.waveforms import Waveforms


@dataclasses.dataclass(frozen=True)
class DeckPower:
    """Mean powers over a stretch of a run at one stimulus.

    Parameters
    ----------
    population : Population
    stimulus_voltage : float
        The stimulus [V].
    currents : array, shape (n,)
        Mean current from the stimulus through each junction (and its reference, if it has one) to its shift [A].
    power : Power
        Of the shifts and of the stimulus [W].
    read : float
        Of supply, clock and pulses of the readouts [W].
    blocks : mapping
        Mean power [W] that each block takes.
    closure : float
        (delivered - taken) / delivered of the audit.
    """

    population: Population
    stimulus_voltage: float
    currents: NDArray[np.float64]
    power: Power
    read: float
    blocks: dict[str, float]
    closure: float

    def extrapolated(self, population: Population) -> Power:
        """Return the power of another population of equal junctions, at the same stimulus.

        Raises
        ------
        ParameterError
            If its junctions are others, or tuned to where this one has none.
        """
        own = self.population
        alike = np.unique(np.concatenate([np.stack([p.delta, p.critical]) for p in (own, population)], axis=1), axis=1)
        if alike.shape[1] > 1 or own.nominal != population.nominal:
            raise ParameterError("powers extrapolate to a population of the same, equal junctions only.")
        low, high = own.centres.min(), own.centres.max()
        if population.centres.min() < low or population.centres.max() > high:
            raise ParameterError(
                f"centres from {population.centres.min():g} to {population.centres.max():g} V go beyond those that "
                f"were measured, {low:g} to {high:g} V."
            )
        order = np.argsort(own.centres)
        currents = np.interp(population.centres, own.centres[order], self.currents[order])
        return Power(float(-population.centres @ currents), float(self.stimulus_voltage * currents.sum()))


def deck_power(deck: PopulationDeck, waveforms: Waveforms, stimulus: int = 0, warm_up: int = 0) -> DeckPower:
    """Account for the energy of a run while one of its stimuli was on.

    Parameters
    ----------
    deck : PopulationDeck
        With ``probes``.
    waveforms : Waveforms
        Of its run.
    stimulus : int
        Which of the stimuli.
    warm_up : int
        Clock cycles to leave out at its beginning, while the junctions come to equilibrium.

    Raises
    ------
    UsageError
        For a deck without probes, or a stretch that is not in the run.
    """
    if not deck.probes:
        raise UsageError("this deck keeps no currents. Make it with probes=True.")
    if not 0 <= stimulus < len(deck.stimuli) or not 0 <= warm_up < deck.steps:
        raise UsageError(
            f"stimulus {stimulus} after {warm_up} cycles: the deck has {len(deck.stimuli)} stimuli of {deck.steps} "
            "cycles each."
        )
    start = stimulus * deck.steps
    stretch = waveforms.window((start + warm_up) * deck.dt, (start + deck.steps) * deck.dt)
    loads = []
    if deck.readout is not None:
        loads = [Capacitor(f"load{k}", f"v(out{k})", LOAD) for k in range(1, deck.population.size + 1)]
    account = audit(stretch, terminals(deck), sources(deck), loads)
    given = {name: energy / account.duration for name, energy in account.delivered.items()}
    stim = given.pop("stim")
    shifts = [given.pop(f"bias{number}") for number in range(1, deck.population.size + 1)]
    # The current of a shift's source flows into it: from the stimulus, through the junction.
    currents = [stretch.mean(f"i(vbias{number})") for number in range(1, deck.population.size + 1)]
    return DeckPower(
        population=deck.population,
        stimulus_voltage=float(deck.stimuli[stimulus]),
        currents=np.array(currents),
        power=Power(sum(shifts), stim),
        read=sum(given.values()),
        blocks=account.power,
        closure=account.closure,
    )
