"""SPICE numbers in, SI out."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

import spinspice
from spinspice.errors import ParameterError
from spinspice.units import DETERMINISTIC, Estimate, engineering, format_number, parse_number, with_error


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
    ("value", "text"), [(0.0, "0 V"), (1.239e6, "1.239 MV"), (-3.3e-12, "-3.3 pV"), (999.96, "1 kV"), (12, "12 V")]
)
def test_engineering(value, text):
    assert engineering(value, "V") == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1.1399, 3, "1.14 V"),
        (0.99996, 3, "1 V"),
        (0.99996, 4, "1 V"),
        (0.9994, 3, "999 mV"),
        (123.0, 2, "120 V"),
        (-999.97, 4, "-1 kV"),
        (2.986e-21, 4, "2.986 zV"),
        (4.2e16, 3, "42 PV"),
        (0.0, 4, "0 V"),
    ],
)
def test_no_number_for_people_has_a_power_of_ten_beside_its_prefix(value, digits, text):
    assert engineering(value, "V", digits) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (Estimate(0.0503, 4e-4, "V"), "50.30 ± 0.40 mV"),
        (Estimate(50.3, 0.4, "mV"), "50.30 ± 0.40 mV"),
        (Estimate(0.5, 0.01), "0.500 ± 0.010"),
        (Estimate(0.0503, None, "V"), "50.3 mV ± unknown"),
        (Estimate(5e-12, DETERMINISTIC, "s"), "5 ps (deterministic)"),
        (Estimate(None, None, "V"), "-"),
        (Estimate(2e-3, None, "V", bound="at most"), "at most 2 mV"),
        (Estimate(12.0, None, "%", bound="at least"), "at least 12 %"),
        (Estimate(math.nan, None, "V", bound="at most"), "no bound"),
    ],
)
def test_an_estimate_is_written_with_its_error(estimate, text):
    assert str(estimate) == text


def test_distance_of_estimates_in_standard_errors():
    assert Estimate(1.0, 0.3).differs(Estimate(2.0, 0.4)) == pytest.approx(2.0)
    assert Estimate(1.0, 0.5).differs(2.0) == pytest.approx(2.0)
    assert Estimate(1.0, 0.0).differs(1.0) == 0.0 and Estimate(1.0, 0.0).differs(2.0) == math.inf
    assert math.isnan(Estimate(1.0, None).differs(1.0)) and math.isnan(Estimate(1.0, 0.1, bound="at most").differs(1.0))


def test_numbers_with_errors_are_written_in_one_place():
    """No other module puts two numbers around a sign of plus and minus (tables of studies: their own tests)."""
    package = Path(spinspice.__file__).parent
    left = ("units.py", "characterize", "studies", "show")
    held = [
        f"{path.name}:{number}"
        for path in package.rglob("*.py")
        if not set(path.relative_to(package).parts) & set(left)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"\}\s*(±|\+-|\+/-)\s*[\"{]", line)
    ]
    assert held == []


@pytest.mark.parametrize(
    ("value", "error", "unit", "alone", "both"),
    [
        (0.3, 0.012, "nJ", "0.3 nJ", "0.300 ± 0.012 nJ"),
        (2500.0, 30.0, "pJ", "2500 pJ", "2500 ± 30 pJ"),
        (0.991, 0.06, "%", "0.991 %", "0.991 ± 0.060 %"),
        (-0.631, 0.02, "pC", "-0.631 pC", "-0.631 ± 0.020 pC"),
        (0.25, 0.01, "mT", "0.25 mT", "0.250 ± 0.010 mT"),
        (0.25, 0.01, "m", "250 mm", "250 ± 10 mm"),
        (0.25, 0.01, "T", "250 mT", "250 ± 10 mT"),
        (4000.0, 200.0, "m/s", "4 km/s", "4.00 ± 0.20 km/s"),
        (0.25, 0.01, "mol", "250 mmol", "250 ± 10 mmol"),
    ],
)
def test_a_unit_that_has_a_prefix_takes_no_second(value, error, unit, alone, both):
    assert engineering(value, unit) == alone
    assert with_error(value, error, unit) == both
