"""Published figures, simulated again: what the paper has, what comes out here, whether they agree, and if not why.

A figure is a module with ``TITLE`` and ``run(request) -> Reproduction``; a new one is a module and a line in
``_MODULES``.
"""

from __future__ import annotations

import importlib
import os

from spinspice.errors import UsageError, did_you_mean
from spinspice.jobs import Progress
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

__all__ = ["FIGURES", "Curve", "Panel", "Reproduction", "Request", "Row", "run"]

#: Names and one-line titles of the figures that can be reproduced.
FIGURES: dict[str, str] = {
    "ganguly-fig1d": "transfer curves of the analog and the binary stochastic neuron",
    "lopez-energy": "energy of an input to a chain of junctions, and accuracy of longer chains",
    "lopez-fig1b": "thresholds of a chain of switching junctions at two sets of control currents",
    "lopez-fig1c": "map of the 16 switching configurations of a chain",
    "lopez-fig2": "three switching junctions learn to classify spoken vowels",
    "lopez-fig3": "the chain of junctions against perceptrons with 27 and 47 parameters",
    "mizrahi-fig1j": "tuning curve of a superparamagnetic junction: rate against current",
    "mizrahi-fig2a": "tuning curves of the nine junctions, shifted side by side",
    "mizrahi-fig2b": "barometric function as a sum of the nine tuning curves",
    "mizrahi-fig2c": "cursive letters as sums of the nine tuning curves",
    "mizrahi-fig3b": "gripper: error against learning steps",
    "mizrahi-fig3c": "gripper: error against the sizes of its populations",
    "mizrahi-fig4a": "transformations that populations learn, in series and of two inputs too",
    "mizrahi-fig4b": "gripper: error against the spread of the junctions, and with dead ones",
    "mizrahi-fig4c": "gripper of scaled junctions: error against energy",
    "mizrahi-fig5b": "full system of 128 x 128: area by technology",
    "mizrahi-fig5c": "full system of 128 x 128: energy by phase and technology",
}
_MODULES = {
    "ganguly-fig1d": "spinspice.reproduce.ganguly_fig1d",
    "lopez-energy": "spinspice.reproduce.lopez_energy",
    "lopez-fig1b": "spinspice.reproduce.lopez_fig1b",
    "lopez-fig1c": "spinspice.reproduce.lopez_fig1c",
    "lopez-fig2": "spinspice.reproduce.lopez_fig2",
    "lopez-fig3": "spinspice.reproduce.lopez_fig3",
    "mizrahi-fig1j": "spinspice.reproduce.mizrahi_fig1j",
    "mizrahi-fig2a": "spinspice.reproduce.mizrahi_fig2a",
    "mizrahi-fig2b": "spinspice.reproduce.mizrahi_fig2b",
    "mizrahi-fig2c": "spinspice.reproduce.mizrahi_fig2c",
    "mizrahi-fig3b": "spinspice.reproduce.mizrahi_fig3b",
    "mizrahi-fig3c": "spinspice.reproduce.mizrahi_fig3c",
    "mizrahi-fig4a": "spinspice.reproduce.mizrahi_fig4a",
    "mizrahi-fig4b": "spinspice.reproduce.mizrahi_fig4b",
    "mizrahi-fig4c": "spinspice.reproduce.mizrahi_fig4c",
    "mizrahi-fig5b": "spinspice.reproduce.mizrahi_fig5b",
    "mizrahi-fig5c": "spinspice.reproduce.mizrahi_fig5c",
}


def run(
    name: str,
    *,
    short: bool = False,
    seed: int = 1,
    workers: int | None = None,
    engine: str = "auto",
    model: str | None = None,
    progress: Progress | None = None,
    vowels: str | os.PathLike[str] | None = None,
) -> Reproduction:
    """Simulate a published figure again.

    Parameters
    ----------
    name : str
        One of :data:`FIGURES`.
    short : bool
        Fewer points and trials: seconds in place of minutes, with wider error bars.
    seed : int
        Seed of all noise.
    workers : int, optional
        Processes; default the number of cores.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    progress : callable, optional
        As for :func:`spinspice.jobs.run_jobs`.
    vowels : str or path, optional
        ``FILE`` or ``FILE:GROUP``, for figures that learn spoken vowels:
        :func:`spinspice.systems.classifier.vowels.load_vowels`.

    Raises
    ------
    UsageError
        For an unknown figure, or vowels for a figure that takes none.
    EngineError
        If a simulation fails.
    """
    if name not in _MODULES:
        raise UsageError(f"no figure {name!r} to reproduce. {did_you_mean(name, FIGURES)}")
    module = importlib.import_module(_MODULES[name])
    if vowels is not None and not getattr(module, "TAKES_VOWELS", False):
        raise UsageError(f"{name} learns no vowels, so it takes none. Leave --vowels out.")
    request = Request(
        short=short, seed=seed, workers=workers, engine=engine, model=model, progress=progress, vowels=vowels
    )
    result = module.run(request)
    assert isinstance(result, Reproduction)
    return result
