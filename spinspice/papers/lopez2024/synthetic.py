"""Synthetic talkers with the moments of the measured ones: for machines without the measurements, never for results."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np

from spinspice.papers.lopez2024.tokens import FORMANTS, VOWELS, Vowels

MOMENTS = Path(__file__).with_name("vowel_moments.toml")


def synthetic_vowels(talkers: int = 37, seed: int = 1995) -> Vowels:
    """Return talkers drawn from a normal distribution with the means, deviations and correlations of 37 women.

    A deviation is the sum of a part that all vowels of a talker share and one of each token; both have the measured
    correlations, and their variances are in the measured proportion (31 to 69 %).
    """
    moments = tomllib.loads(MOMENTS.read_text(encoding="utf-8"))
    mean, deviation = (np.array([moments[name][vowel] for vowel in VOWELS], float) for name in ("mean", "deviation"))
    root = np.linalg.cholesky(np.array(moments["correlation"]["rows"]))
    rng = np.random.default_rng(seed)
    shared = rng.standard_normal((talkers, 1, FORMANTS)) * np.sqrt(moments["share"])
    own = rng.standard_normal((talkers, len(VOWELS), FORMANTS)) * np.sqrt(1.0 - moments["share"])
    formants = np.maximum(mean + deviation * ((shared + own) @ root.T), 50.0)
    names = tuple(f"s{number:02d}" for number in range(1, talkers + 1))
    source = f"{talkers} SYNTHETIC talkers with the moments of measured women (--vowels FILE takes measurements)"
    return Vowels(names, formants, source, synthetic=True)
