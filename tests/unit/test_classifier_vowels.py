"""Vowels: counts of the measured file, gaps, splits, synthetic talkers, and files that cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from vowel_files import measured, write_talkers

from spinspice.errors import ResultError, UsageError
from spinspice.papers.lopez2024.synthetic import synthetic_vowels
from spinspice.papers.lopez2024.vowels import VARIABLE, VOWELS, load_vowels, read_tokens

#: Tokens of the 37 women with a formant that could not be measured.
GAPS = {"w06er", "w30er", "w38iy", "w40aw", "w44er", "w47iy"}


def test_measured_women():
    vowels = load_vowels(f"{measured()}:women")
    assert vowels.formants.shape == (37, 7, 12)
    assert vowels.formants.min() > 100.0
    assert not vowels.synthetic
    tokens = read_tokens(measured())
    assert len([talker for talker, _ in tokens if talker[0] == "w"]) == 48 * 12
    gaps = {
        talker + vowel
        for talker in vowels.talkers
        for vowel in VOWELS
        if np.any(tokens[talker, vowel][[2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14]] == 0.0)
    }
    assert gaps == GAPS


def test_a_gap_takes_the_steady_state_value():
    vowels, tokens = load_vowels(f"{measured()}:women"), read_tokens(measured())
    row = vowels.formants[vowels.talkers.index("w40"), VOWELS.index("aw")]
    raw = tokens["w40", "aw"]
    assert raw[10] == 0.0, "F2 at 50 % is the gap"
    assert row[7] == raw[3]
    assert row[6] == raw[9]


def test_split_is_by_talker():
    vowels = synthetic_vowels(37)
    seen = set()
    for seed in range(20):
        train, test = vowels.split(seed)
        assert (len(train), len(test)) == (29, 8)
        assert sorted([*train, *test]) == list(range(37))
        seen.add(tuple(test))
    assert len(seen) == 20
    formants, labels = vowels.tokens(train)
    assert formants.shape == (203, 12)
    assert np.array_equal(np.bincount(labels), np.full(7, 29))
    np.testing.assert_array_equal(formants[8], vowels.formants[train[1], 1])


def test_synthetic_talkers_have_the_moments_of_the_measured():
    real, made = load_vowels(f"{measured()}:women").formants, synthetic_vowels(4000).formants
    deviation = real.std(axis=0, ddof=1)
    # Moments are stored to 1 Hz; 4 standard errors of 4000 talkers.
    assert np.all(np.abs(made.mean(axis=0) - real.mean(axis=0)) < 0.5 + 4.0 * deviation / np.sqrt(4000))
    assert np.all(np.abs(made.std(axis=0) - deviation) < 0.5 + 4.0 * deviation / np.sqrt(8000))


def test_without_a_path_the_talkers_are_synthetic_and_say_so(monkeypatch, tmp_path):
    monkeypatch.delenv(VARIABLE, raising=False)
    vowels = load_vowels()
    assert vowels.synthetic and "SYNTHETIC" in vowels.source and "SYNTHETIC" in vowels.label("title")
    monkeypatch.setenv(VARIABLE, f"{write_talkers(tmp_path / 'v.dat')}:men")
    assert load_vowels().source == "20 men of v.dat"


def test_another_group_of_talkers(tmp_path):
    file = write_talkers(tmp_path / "v.dat", "b", talkers=12)
    assert load_vowels(f"{file}:boys").talkers[:2] == ("b01", "b02")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda lines: [*lines[:-1], lines[-1][:30]], ResultError, r"line 144: \d+ columns where vowdata.dat has 16"),
        (lambda lines: [line + " 7" for line in lines], ResultError, "line 5: 17 columns"),
        (lambda lines: [line.replace("m03ih 300", "m03ih ---") for line in lines], ResultError, "not a number among"),
        (lambda lines: [line.replace("m03ih 300", "m03ih -30") for line in lines], ResultError, "none negative"),
        (lambda lines: [line.replace("m03ih", "m03i7") for line in lines], ResultError, "is no token"),
        (lambda lines: [*lines, lines[-1]], ResultError, "m20uw is there twice"),
        (lambda lines: lines[:4], ResultError, "holds no tokens"),
        (
            lambda lines: [line for line in lines if "iy" not in line or line < "m04"],
            UsageError,
            "only 3 of 20 men have .*fewest: 'iy', 3 talkers.* needs 5",
        ),
    ],
)
def test_bad_files(tmp_path, change, error, message):
    file = write_talkers(tmp_path / "v.dat")
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    with pytest.raises(error, match=message):
        load_vowels(f"{file}:men")


def test_bad_paths(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the vowels in .*nowhere.dat: No such file"):
        load_vowels(tmp_path / "nowhere.dat")
    file = write_talkers(tmp_path / "v.dat")
    with pytest.raises(UsageError, match="no group of talkers 'man'.* Did you mean men"):
        load_vowels(f"{file}:man")
    with pytest.raises(UsageError, match="only 0 of 0 women"):
        load_vowels(file)
