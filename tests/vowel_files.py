"""Vowels for tests: the measured women where the file is at hand, and made-up rows in the same format."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spinspice.papers.lopez2024.synthetic import synthetic_vowels
from spinspice.papers.lopez2024.vowels import VARIABLE, VOWELS

_BESIDE = Path(__file__).resolve().parents[2] / "shared" / "data" / "hillenbrand_women.dat"


def measured() -> Path:
    """Return the file of the measured women (beside the project, or named in the environment); skip without it."""
    for path in (_BESIDE, Path(os.environ.get(VARIABLE, ""))):
        if path.is_file():
            return path
    pytest.skip("no measured vowels: name vowdata.dat in SPINSPICE_VOWELS")


def write_talkers(path: Path, group: str = "m", talkers: int = 20, scale: float = 0.87) -> Path:
    """Write made-up talkers in the format of vowdata.dat, formants ``scale`` times those of women."""
    made = scale * synthetic_vowels(talkers, seed=7).formants
    lines = ["Filenames:", "", "col1:  filename", ""]
    for number, talker in enumerate(made, 1):
        for vowel, formants in zip(VOWELS, talker, strict=True):
            values = [300, 130, *formants[:3], 3500, *formants[3:]]
            lines.append(f"{group}{number:02d}{vowel} " + " ".join(f"{value:.0f}" for value in values))
    path.write_text("\n".join(lines) + "\n")
    return path
