"""Characterise a neuron cell: transfer curve, fitted tanh, noise, correlation time, energy, all with standard errors.

Three stages, each a batch of independent runs on all processors:

1. *find* (only with ``vin="auto:N"``): the input is swept slowly up and down, first across the supply, then across what
   was found, which shows where the transition lies and how wide it is;
2. *transfer*: N inputs times ``trials`` seeds;
3. *noise*: ``trials`` runs at the fitted middle of the transition, for noise amplitude, correlation time and energy.

The first tenth of every run is discarded as warm-up. Every run has a seed of its own, made from the seed of the whole,
the stage, the point and the trial, so the result is bit-identical whatever the number of workers and the order of jobs.
"""

from spinspice.characterize.inputs import AutoVin, GridVin, ListVin, parse_vin
from spinspice.characterize.result import Characterization, EnergySplit, Noise, Transfer
from spinspice.characterize.run import CharacterizationInterrupted, characterize
from spinspice.characterize.settings import Settings

__all__ = [
    "AutoVin",
    "Characterization",
    "CharacterizationInterrupted",
    "EnergySplit",
    "GridVin",
    "ListVin",
    "Noise",
    "Settings",
    "Transfer",
    "characterize",
    "parse_vin",
]
