"""Cursive letters as plane curves: x(s), y(s) of single-stroke glyphs.

The paper shows six letters and does not publish their shapes. Ours come from the Hershey fonts (A. V. Hershey, US Naval
Weapons Laboratory, 1967), face "scripts", through the PyPI package Hershey-Fonts: pip install 'spinspice[fonts]'.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.errors import UsageError, did_you_mean

#: Lower-case letters that the face draws in one stroke.
SINGLE_STROKE = tuple("abceflorz")
#: The six letters drawn here (our choice).
SIX = tuple("abcelo")


def letter(name: str, parts: ArrayLike) -> NDArray[np.float64]:
    """Return points (x, y) of a letter at the given parts (0 to 1) of its length, shape (n, 2).

    The letter fills a unit square: height or width is 1, the other less.

    Raises
    ------
    UsageError
        For another letter, or without the package Hershey-Fonts.
    """
    if name not in SINGLE_STROKE:
        raise UsageError(f"the letter {name!r} is not one stroke. {did_you_mean(name, SINGLE_STROKE)}")
    stroke = _stroke(name)
    lengths = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(stroke, axis=0), axis=1))])
    at = np.asarray(parts, dtype=float) * lengths[-1]
    return np.stack([np.interp(at, lengths, column) for column in stroke.T], axis=1)


@functools.cache
def _stroke(name: str) -> NDArray[np.float64]:
    """Corners of the stroke within a unit square, y upwards."""
    try:
        from HersheyFonts import HersheyFonts
    except ImportError:
        raise UsageError("letters need the package Hershey-Fonts: pip install 'spinspice[fonts]'.") from None
    font = HersheyFonts()
    font.load_default_font("scripts")
    (stroke,) = font.strokes_for_text(name)
    points = np.array(list(stroke), dtype=float) * (1.0, -1.0)
    points -= points.min(axis=0)
    return points / points.max()
