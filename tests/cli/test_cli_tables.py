"""Tables: numbers with one prefix for value and error."""

from __future__ import annotations

import math

import pytest

from spinspice.cli.tables import show_power
from spinspice.units import with_error


@pytest.mark.parametrize(
    ("value", "stderr", "text"),
    [
        (0.0503, 4e-4, "50.30 ± 0.40 mV"),
        (1.5e-10, 1e-12, "150.0 ± 1.0 ps"),
        (0.0, 2e-3, "0.0 ± 2.0 mV"),
        (-0.4, 1.2e-3, "-400.0 ± 1.2 mV"),
        (0.4, None, "400 mV ± unknown"),
        (0.4, math.nan, "400 mV ± unknown"),
        (0.4, 0.0, "400 mV (deterministic)"),
        (None, None, "-"),
    ],
)
def test_value_and_error_share_a_prefix(value, stderr, text):
    assert with_error(value, stderr, "s" if "ps" in text else "V") == text


def test_power_adds_up(capsys):
    show_power({"mtj": 9e-6, "input": 1e-6}, 1e-4, {"mtj": 9e-6})
    out = capsys.readouterr().out
    assert "10 µW" in out and "90.0%" in out and "closes to 0.0001" in out
