"""cmtj with the constants of spinspice, so that the two can be compared to the last figures."""

from __future__ import annotations

import contextlib

import pytest

from spinspice.constants import e, gamma, hbar, k_B, mu_0

cmtj = pytest.importorskip("cmtj", reason="cmtj, the independent macrospin solver of the test extra, is not installed")


@contextlib.contextmanager
def constants_of_spinspice():
    """The constants of spinspice inside cmtj, and its own again afterwards."""
    constants = cmtj.constants.PhysicalConstants
    constants.set_magnetic_permeability(mu_0)
    constants.set_gyromagnetic_ratio(gamma * mu_0)
    constants.set_TtoAm(1.0 / mu_0)
    constants.set_hbar(hbar)
    constants.set_elementary_charge(e)
    constants.set_boltzmann_constant(k_B)
    yield
    constants.resetToDefaults()
