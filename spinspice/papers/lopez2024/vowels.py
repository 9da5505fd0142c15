"""Spoken vowels: reader of ``vowdata.dat`` (Hillenbrand et al. 1995), the talkers that can be used, and the split.

J. Hillenbrand, L. A. Getty, M. J. Clark and K. Wheeler, J. Acoust. Soc. Am. 97, 3099 (1995). The measurements carry no
licence, so the file is the user's: its path is given, or stands in the environment as ``SPINSPICE_VOWELS``. Without it,
:mod:`spinspice.papers.lopez2024.synthetic` draws talkers with the same moments.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ResultError, UsageError, did_you_mean
from spinspice.papers.lopez2024.synthetic import synthetic_vowels
from spinspice.papers.lopez2024.tokens import VOWELS, Vowels

#: Talkers by the first letter of a token's name.
GROUPS = {"men": "m", "women": "w", "boys": "b", "girls": "g"}
#: Name of the environment variable with the path of the file.
VARIABLE = "SPINSPICE_VOWELS"
#: Fewest talkers that a split into training and test can be made of (our choice).
MIN_TALKERS = 5
#: Columns of the file after the name: duration, f0, F1 to F4 in the steady state, then 3 x 3 formants.
_COLUMNS = 16
_STEADY, _LATER = slice(2, 5), slice(6, 15)
_TOKEN = re.compile(r"([mwbg]\d\d)([a-z]{2})$")
_ROW = re.compile(r"\s*[mwbg]\d")


def load_vowels(path: str | os.PathLike[str] | None = None) -> Vowels:
    """Read the tokens of one group of talkers.

    Parameters
    ----------
    path : str or path, optional
        ``FILE`` or ``FILE:GROUP`` with a group of :data:`GROUPS`; default the environment's ``SPINSPICE_VOWELS``, and
        without it synthetic talkers. The default group is women, as in the paper.

    Returns
    -------
    Vowels
        The talkers whose steady-state F1 to F3 are known for all seven vowels (37 women). A later formant that could
        not be measured (zero in the file: 8 values in 6 tokens of these women) is replaced by the steady-state one.

    Raises
    ------
    UsageError
        For a missing file, an unknown group, or too few talkers of it.
    ResultError
        For a file that is truncated or of another format.
    """
    path = path or os.environ.get(VARIABLE)
    if path is None or path == "":
        return synthetic_vowels()
    file, group = _file_and_group(str(path))
    return select(read_tokens(file), group, file.name)


def read_tokens(file: Path) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Return the 15 numbers of each token by (talker, vowel); errors as :func:`load_vowels`."""
    try:
        lines = file.read_text(encoding="latin-1").splitlines()
    except OSError as reason:
        raise UsageError(
            f"cannot read the vowels in {file}: {reason.strerror}. Give the path of vowdata.dat by --vowels FILE or "
            f"{VARIABLE}; without either, synthetic talkers are used."
        ) from None
    tokens = {}
    for number, line in enumerate(lines, 1):
        if not _ROW.match(line):
            continue
        token, values = _row(line, f"{file}, line {number}")
        if token in tokens:
            raise ResultError(f"{file}, line {number}: the token {''.join(token)} is there twice. Remove one.")
        tokens[token] = values
    if not tokens:
        raise ResultError(
            f"{file} holds no tokens. Expected lines such as 'w01ae 305 225 678 ...' with {_COLUMNS} columns: the "
            "original vowdata.dat."
        )
    return tokens


def select(tokens: dict[tuple[str, str], NDArray[np.float64]], group: str, source: str) -> Vowels:
    """Return the talkers of a group who can be used, gaps filled; arguments, rules, errors as :func:`load_vowels`."""
    said: dict[str, dict[str, NDArray[np.float64]]] = {}
    for (talker, vowel), values in sorted(tokens.items()):
        if talker.startswith(GROUPS[group]):
            said.setdefault(talker, {})[vowel] = values
    known = {vowel: sum(_usable(each, vowel) for each in said.values()) for vowel in VOWELS}
    fewest = min(known, key=lambda vowel: known[vowel])
    complete = [talker for talker, each in said.items() if all(_usable(each, vowel) for vowel in VOWELS)]
    if len(complete) < MIN_TALKERS:
        raise UsageError(
            f"{source}: only {len(complete)} of {len(said)} {group} have F1 to F3 of all seven vowels (fewest: "
            f"{fewest!r}, {known[fewest]} talkers); a split needs {MIN_TALKERS}. Take another group "
            f"({', '.join(GROUPS)}) or the complete file."
        )
    formants = np.array([[_filled(said[talker][vowel]) for vowel in VOWELS] for talker in complete])
    return Vowels(tuple(complete), formants, f"{len(complete)} {group} of {source}")


def _file_and_group(text: str) -> tuple[Path, str]:
    """Split ``FILE:GROUP``; a colon in a path that exists belongs to the path."""
    head, colon, group = text.rpartition(":")
    if not colon or Path(text).exists():
        return Path(text), "women"
    if group not in GROUPS:
        raise UsageError(f"no group of talkers {group!r} in --vowels {text}. {did_you_mean(group, GROUPS)}")
    return Path(head), group


def _row(line: str, where: str) -> tuple[tuple[str, str], NDArray[np.float64]]:
    """Return (talker, vowel) and the numbers of a line."""
    name, *words = line.split()
    if len(words) != _COLUMNS - 1:
        raise ResultError(
            f"{where}: {len(words) + 1} columns where vowdata.dat has {_COLUMNS}. The file is truncated or of another "
            "format; fetch it again."
        )
    match = _TOKEN.match(name)
    try:
        values = np.array([float(word) for word in words])
    except ValueError:
        raise ResultError(f"{where}: not a number among {' '.join(words)!r}. Expected 15 after the name.") from None
    if match is None or not np.all(np.isfinite(values) & (values >= 0.0)):
        raise ResultError(
            f"{where}: {line.strip()!r} is no token. Expected a name such as w01ae (talker, vowel) and 15 numbers, "
            "none negative."
        )
    return (match[1], match[2]), values


def _usable(said: dict[str, NDArray[np.float64]], vowel: str) -> bool:
    """Whether the talker's vowel has its three steady-state formants."""
    return vowel in said and bool(np.all(said[vowel][_STEADY] > 0.0))


def _filled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 12 formants of a token, a later one that is missing (zero) replaced by the steady-state one."""
    steady = values[_STEADY]
    later = values[_LATER].reshape(3, 3)
    return np.concatenate([steady, np.where(later == 0.0, steady, later).ravel()])
