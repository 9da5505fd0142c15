"""SPICE numbers in, SI out."""

from __future__ import annotations

import math

import pytest

from spinspice.errors import ParameterError
from spinspice.units import engineering, format_number, parse_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5p", 5e-12),
        ("200n", 200e-9),
        ("1meg", 1e6),
        ("1M", 1e-3),
        ("-2.5u", -2.5e-6),
        ("1e-9", 1e-9),
        ("3", 3.0),
        (".5k", 500.0),
        ("10ns", 10e-9),
        ("12.7kOhm", 12700.0),
        (7, 7.0),
    ],
)
def test_parse_number_reads_spice_text_to_the_last_bit(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "5x", "five", "1..2", "--3", "1e", "nan", "inf"])
def test_parse_number_says_what_is_wrong(text):
    with pytest.raises(ParameterError, match="is not a number"):
        parse_number(text, "duration")


@pytest.mark.parametrize("value", [0.1, 1e-12, 1 / 3, math.pi * 1e-16, -2.5e30])
def test_format_number_survives_the_round_trip(value):
    assert float(format_number(value)) == value


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 V"), (1.239e6, "1.239 MV"), (-3.3e-12, "-3.3 pV"), (999.96, "1000 V"), (12, "12 V")]
)
def test_engineering(value, text):
    assert engineering(value, "V") == text
