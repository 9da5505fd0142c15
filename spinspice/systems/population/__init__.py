"""Population coding with superparamagnetic junctions: Mizrahi et al., Nat. Commun. 9, 1533 (2018).

`population` (the junctions), `observe` (what a read-out counts), `basis` and `letters` (weighted sums of tuning
curves), `learning`, `gripper` and `transformations` (populations that learn), `power`; `deck`, `deck_power` and
`deck_disturb` (a population with its read-outs in one SPICE run).
"""

from __future__ import annotations

from spinspice.analysis.counting import count_moments
from spinspice.systems.population.basis import Basis, barometric, counted_responses
from spinspice.systems.population.deck import DeckCounts, PopulationDeck
from spinspice.systems.population.deck_disturb import read_probabilities
from spinspice.systems.population.deck_power import DeckPower, deck_power
from spinspice.systems.population.gripper import Trained, kill, train_gripper, train_scaled
from spinspice.systems.population.learning import Learner, LearningCurve, Reading, Rule, Sensors, decode, score, train
from spinspice.systems.population.observe import Observation, Observer
from spinspice.systems.population.population import (
    CoverageWarning,
    Population,
    drawn,
    published,
    scaled,
    tiled_centres,
)
from spinspice.systems.population.power import Power, junction_resistance, mean_currents, population_power
from spinspice.systems.population.transformations import TASKS, Task, train_polar, train_series, train_task

__all__ = [
    "TASKS",
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
    "Task",
    "Trained",
    "barometric",
    "count_moments",
    "counted_responses",
    "deck_power",
    "decode",
    "drawn",
    "junction_resistance",
    "kill",
    "mean_currents",
    "population_power",
    "published",
    "read_probabilities",
    "scaled",
    "score",
    "tiled_centres",
    "train",
    "train_gripper",
    "train_polar",
    "train_scaled",
    "train_series",
    "train_task",
]
