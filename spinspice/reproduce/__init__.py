"""Published figures, simulated again: what the paper has, what comes out here, whether they agree, and if not why.

A figure is a module with ``TITLE`` and ``run(...) -> Reproduction``; a new one is a module and a line in ``_MODULES``.
"""

from __future__ import annotations

import importlib

from spinspice.errors import UsageError, did_you_mean
from spinspice.jobs import Progress
from spinspice.reproduce.base import Curve, Panel, Reproduction, Row

__all__ = ["FIGURES", "Curve", "Panel", "Reproduction", "Row", "run"]

#: Names and one-line titles of the figures that can be reproduced.
FIGURES: dict[str, str] = {
    "ganguly-fig1d": "transfer curves of the analog and the binary stochastic neuron",
    "mizrahi-fig1j": "tuning curve of a superparamagnetic junction: rate against current",
    "mizrahi-fig2a": "tuning curves of the nine junctions, shifted side by side",
    "mizrahi-fig2b": "barometric function as a sum of the nine tuning curves",
    "mizrahi-fig2c": "cursive letters as sums of the nine tuning curves",
    "mizrahi-fig3b": "gripper: error against learning steps",
    "mizrahi-fig3c": "gripper: error against the sizes of its populations",
    "mizrahi-fig4a": "transformations that populations learn, in series and of two inputs too",
    "mizrahi-fig4b": "gripper: error against the spread of the junctions, and with dead ones",
    "mizrahi-fig4c": "gripper of scaled junctions: error against energy",
}
_MODULES = {
    "ganguly-fig1d": "spinspice.reproduce.ganguly_fig1d",
    "mizrahi-fig1j": "spinspice.reproduce.mizrahi_fig1j",
    "mizrahi-fig2a": "spinspice.reproduce.mizrahi_fig2a",
    "mizrahi-fig2b": "spinspice.reproduce.mizrahi_fig2b",
    "mizrahi-fig2c": "spinspice.reproduce.mizrahi_fig2c",
    "mizrahi-fig3b": "spinspice.reproduce.mizrahi_fig3b",
    "mizrahi-fig3c": "spinspice.reproduce.mizrahi_fig3c",
    "mizrahi-fig4a": "spinspice.reproduce.mizrahi_fig4a",
    "mizrahi-fig4b": "spinspice.reproduce.mizrahi_fig4b",
    "mizrahi-fig4c": "spinspice.reproduce.mizrahi_fig4c",
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

    Raises
    ------
    UsageError
        For an unknown figure.
    EngineError
        If a simulation fails.
    """
    if name not in _MODULES:
        raise UsageError(f"no figure {name!r} to reproduce. {did_you_mean(name, FIGURES)}")
    module = importlib.import_module(_MODULES[name])
    result = module.run(short=short, seed=seed, workers=workers, engine=engine, model=model, progress=progress)
    assert isinstance(result, Reproduction)
    return result
