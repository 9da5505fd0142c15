"""Learning by control currents, with the chain in the loop (Lopez et al. 2024, Sec. II).

In a step one randomly chosen token of every class is applied. A junction that switched for too few of them gets 10 uA
more control current, one that switched for too many 10 uA less. Under each input there is a set of control currents.

Beside it stands a rule of ours with the same parameters: apply *every* training token in a step. The sign then belongs
to the whole training set in place of seven tokens, and the currents settle instead of wandering.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.errors import UsageError, check_range
from spinspice.networks.chain.behavioural import Chain

#: Control currents at the start and their change in a step [A] (Sec. II).
START, CHANGE = -500e-6, 10e-6
#: Steps of a training (Fig. 2).
STEPS = 80
#: Inputs of the staircase that finds the order of the junctions [A].
STAIRCASE = np.linspace(0.0, 1200e-6, 121)


@dataclasses.dataclass(frozen=True)
class Learning:
    """Course of a training.

    Parameters
    ----------
    controls : array, shape (steps + 1, n_inputs, N)
        Control currents before each step and after the last [A].
    ranks : array, shape (N,)
        Place of each junction in the order of thresholds at the start: 0 switches at the smallest input.
    hits : array, shape (steps,)
        Share of the tokens shown that were recognised in each step, before its change.
    """

    controls: NDArray[np.float64]
    ranks: NDArray[np.int_]
    hits: NDArray[np.float64]


def find_ranks(chain: Chain, seed: int, start: float = START) -> NDArray[np.int_]:
    """Return the order of the junctions' thresholds, seen on a staircase of inputs at equal control currents."""
    seen = chain.switched(STAIRCASE, np.full(chain.size, start), instance_seed(seed, "staircase"))
    return np.argsort(np.argsort(-seen.sum(axis=0), kind="stable"), kind="stable")


def levels(
    chain: Chain, currents: NDArray[np.float64], controls: NDArray[np.float64], seed: int, name: str = "inference"
) -> NDArray[np.int_]:
    """Return how many junctions each input switches, shape (n, n_inputs).

    Parameters
    ----------
    chain : Chain
    currents : array, shape (n, n_inputs)
        Inputs [A], applied one after the other.
    controls : array, shape (n_inputs, N)
        Control currents under each input [A].
    seed, name
        Seed of the noise, and of what.
    """
    return np.stack(
        [
            chain.switched(column, controls[j], instance_seed(seed, f"{name} {j}")).sum(axis=1)
            for j, column in enumerate(currents.T)
        ],
        axis=1,
    )


def recognition(
    chain: Chain,
    currents: NDArray[np.float64],
    wanted: NDArray[np.int_],
    controls: NDArray[np.float64],
    seed: int,
    name: str = "inference",
) -> float:
    """Return the share of inputs whose switching configuration is the wanted one, shape (n, n_inputs)."""
    return float(np.mean(np.all(levels(chain, currents, controls, seed, name) == wanted, axis=1)))


def learn(
    chain: Chain,
    currents: NDArray[np.float64],
    labels: NDArray[np.int_],
    cells: NDArray[np.int_],
    *,
    steps: int = STEPS,
    seed: int = 1,
    start: float = START,
    change: float = CHANGE,
    every_token: bool = False,
) -> Learning:
    """Train control currents by the rule of the paper.

    Parameters
    ----------
    chain : Chain
        Anything with :meth:`Chain.switched`.
    currents : array, shape (n, n_inputs)
        Inputs of the training tokens [A].
    labels : array, shape (n,)
        Classes: rows of ``cells``.
    cells : array, shape (n_classes, n_inputs)
        Junctions that each class is to switch under each input.
    steps : int
        Number of steps.
    seed : int
        Seed of the choice of tokens and of the thermal noise.
    start, change : float
        Control currents at the start, and their change in a step [A].
    every_token : bool
        Apply all tokens in each step (our rule), in place of one of each class (the paper's).

    Raises
    ------
    UsageError
        If a class wants more junctions than there are, or has no token.
    """
    check_range("steps", steps, 1, 100_000, where="training of a chain")
    if np.max(cells) > chain.size:
        raise UsageError(f"a class is to switch {np.max(cells)} junctions; the chain has {chain.size}. Lengthen it.")
    groups = [np.flatnonzero(labels == label) for label in range(len(cells))]
    if not all(len(group) for group in groups):
        raise UsageError(f"class {[len(group) for group in groups].index(0)} has no token to learn from.")
    rng = np.random.default_rng(instance_seed(seed, "choice of tokens"))
    ranks = find_ranks(chain, seed, start)
    wants = cells[:, :, None] > ranks
    controls = np.full((steps + 1, cells.shape[1], chain.size), start)
    hits = np.zeros(steps)
    for step in range(steps):
        chosen = np.arange(len(labels)) if every_token else np.array([rng.choice(group) for group in groups])
        shown, wanted = currents[chosen], labels[chosen]
        seeds = (instance_seed(seed, f"step {step} input {j}") for j in range(cells.shape[1]))
        seen = np.stack([chain.switched(shown[:, j], controls[step, j], s) for j, s in enumerate(seeds)], axis=1)
        missing = wants[wanted].sum(axis=0) - seen.sum(axis=0)
        controls[step + 1] = controls[step] + change * np.sign(missing)
        hits[step] = np.mean(np.all(seen.sum(axis=2) == cells[wanted], axis=1))
    return Learning(controls, ranks, hits)
