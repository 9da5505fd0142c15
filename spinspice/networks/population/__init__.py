"""Population coding with superparamagnetic junctions: Mizrahi et al., Nat. Commun. 9, 1533 (2018).

`population` (the junctions), `observe` (what a readout counts), `basis` (weighted sums of tuning curves), `learning`
(the rules by which populations learn), `power`; `deck`, `deck_power` and `deck_disturb` (a population with its readouts
in one SPICE run). What only the paper needs (gripper, transformations, letters) is in `spinspice.papers.mizrahi2018`.
"""

from __future__ import annotations

from spinspice.analysis.counting import count_moments
from spinspice.networks.population.basis import Basis, barometric, counted_responses
from spinspice.networks.population.deck import DeckCounts, PopulationDeck
from spinspice.networks.population.deck_disturb import read_probabilities
from spinspice.networks.population.deck_power import DeckPower, deck_power
from spinspice.networks.population.learning import Learner, LearningCurve, Reading, Rule, Sensors, decode, score, train
from spinspice.networks.population.observe import Observation, Observer
from spinspice.networks.population.population import (
    CoverageWarning,
    Population,
    tiled_centres,
)
from spinspice.networks.population.power import Power, junction_resistance, mean_currents, population_power

__all__ = [
    "Basis",
    "CoverageWarning",
    "DeckCounts",
    "DeckPower",
    "Learner",
    "LearningCurve",
    "Observation",
    "Observer",
    "Population",
    "PopulationDeck",
    "Power",
    "Reading",
    "Rule",
    "Sensors",
    "barometric",
    "count_moments",
    "counted_responses",
    "deck_power",
    "decode",
    "junction_resistance",
    "mean_currents",
    "population_power",
    "read_probabilities",
    "score",
    "tiled_centres",
    "train",
]
