"""One copy of each constant, true to CODATA; the Verilog-A models hold the same digits."""

from __future__ import annotations

import re

import pytest
import scipy.constants

from spinspice import constants
from spinspice.paths import data_dir

CODATA = {
    "k_B": scipy.constants.k,
    "e": scipy.constants.e,
    "hbar": scipy.constants.hbar,
    "mu_0": scipy.constants.mu_0,
    "gamma": scipy.constants.physical_constants["electron gyromag. ratio"][0],
}


@pytest.mark.parametrize("name", CODATA)
def test_constants_are_those_of_codata(name):
    assert getattr(constants, name) == pytest.approx(CODATA[name], rel=1e-9)


def test_verilog_a_holds_the_same_digits():
    text = "".join(path.read_text() for path in data_dir("verilog_a").glob("m*.*"))
    digits = {float(number) for number in re.findall(r"\d\.\d{5,}e[+-]?\d+", text)}
    for name in CODATA:
        assert getattr(constants, name) in digits, f"{name} = {getattr(constants, name)!r} not in the Verilog-A models"
