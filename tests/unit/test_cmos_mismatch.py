"""Mismatch of the generic technologies: Pelgrom's law in what they write into a circuit."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.cmos import get_technology
from spinspice.cmos.generic import MISMATCH
from spinspice.errors import ParameterError, UsageError

DRAWS = 2000


def draws(technology, kind, w, length, m=1):
    """Threshold shift [V] and current factor of DRAWS transistors that are drawn alike."""
    circuit = Circuit("many")
    place = technology.nmos if kind == "n" else technology.pmos
    for i in range(DRAWS):
        place(circuit, str(i), "d", "g", "s", "b", w=w, l=length, m=m)
    found = re.findall(r"delvto=(\S+) mulu0=(\S+)", str(circuit))
    assert len(found) == DRAWS
    return np.array(found, dtype=float).T


@pytest.mark.parametrize("name", ["generic", "generic-lvt"])
@pytest.mark.parametrize(
    ("kind", "w", "length", "m"), [("n", 1e-6, 40e-9, 1), ("p", 2e-6, 200e-9, 1), ("n", 1e-6, 40e-9, 4)]
)
def test_differences_of_pairs_follow_the_area_law(name, kind, w, length, m):
    """Pairs of neighbours, 1000 of them: spread within 4 standard errors, 1 / sqrt(2 n) each; mean within 4 of zero."""
    shift, factor = draws(get_technology(name).with_mismatch(11), kind, w, length, m)
    law = MISMATCH[kind]
    for values, constant in ((shift, law.A_VT), (np.log(factor), law.A_beta)):
        difference = values[::2] - values[1::2]
        expected = constant / math.sqrt(w * length * m)
        n = difference.size
        assert abs(difference.std() / expected - 1.0) < 4.0 / math.sqrt(2 * n)
        assert abs(difference.mean()) < 4.0 * expected / math.sqrt(n)
    assert abs(np.corrcoef(shift, factor)[0, 1]) < 4.0 / math.sqrt(DRAWS)


def test_a_draw_is_that_of_its_seed_and_name():
    technology = get_technology("generic")
    first, again, other = (draws(technology.with_mismatch(seed), "n", 1e-6, 40e-9) for seed in (1, 1, 2))
    assert (first == again).all() and (first != other).any()
    circuit = Circuit("one")
    technology.nmos(circuit, "1", "d", "g", "s", "b", w=1e-6)
    assert "delvto" not in str(circuit)


def test_seeds_out_of_range_and_cells_that_are_built_are_refused():
    from spinspice.cells import BSN
    from spinspice.characterize import characterize
    from spinspice.devices import Macrospin

    with pytest.raises(ParameterError, match="mismatch = -1 .*seed of the transistors"):
        get_technology("generic").with_mismatch(-1)
    with pytest.raises(UsageError, match="already has its transistors; build it on technology.with_mismatch"):
        characterize(BSN(Macrospin()), mismatch=1)
