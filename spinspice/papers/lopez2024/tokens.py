"""Tokens of spoken vowels as numbers: which vowels, which formants, whose."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

#: The seven vowels, in the order of their numbers (our reading: Lopez et al. refer to Romera et al. 2018 for them).
VOWELS = ("ae", "ah", "aw", "er", "ih", "iy", "uw")
#: Formants of a token: F1 to F3 in the steady state, then at 20, 50 and 80 % of the duration.
FORMANTS = 12


@dataclasses.dataclass(frozen=True)
class Vowels:
    """Tokens of some talkers: each talker says each vowel once.

    Parameters
    ----------
    talkers : tuple of str
        Names, such as ``w01``; length ``n``.
    formants : array, shape (n, 7, 12)
        Formant frequencies [Hz] of each talker and each of :data:`VOWELS`, without gaps.
    source : str
        Where they are from, for tables and pictures.
    synthetic: bool
        Whether they are drawn, not measured.
    """

    talkers: tuple[str, ...]
    formants: NDArray[np.float64]
    source: str
    synthetic: bool = False

    def label(self, title: str) -> str:
        """Return a title that says so if the talkers are synthetic."""
        return f"{title} - SYNTHETIC vowels" if self.synthetic else title

    def tokens(self, talkers: NDArray[np.int_]) -> tuple[NDArray[np.float64], NDArray[np.int_]]:
        """Return formants (7 n, 12) [Hz] and numbers of the vowels (7 n,) of the talkers with these indices."""
        chosen = self.formants[talkers]
        return chosen.reshape(-1, FORMANTS), np.tile(np.arange(len(VOWELS)), len(chosen))

    def split(self, seed: int, share: float = 0.8) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
        """Return indices of the talkers for training and for test, drawn by ``seed``.

        All tokens of a talker are on one side. ``share`` of the talkers, rounded down, are for training: 29 of 37,
        the only split of whole talkers that gives the published 196/203 and 54/56.
        """
        order = np.random.default_rng(seed).permutation(len(self.talkers))
        trained = int(share * len(order))
        return np.sort(order[:trained]), np.sort(order[trained:])
