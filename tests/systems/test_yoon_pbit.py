"""The measured p-bit on SKY130: levels of the divider by width, and the free junction against its rates."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from spinspice.analysis.statistics import mean_with_error
from spinspice.devices.laws.resistance import conductance
from spinspice.engines import get_engine
from spinspice.networks.couplings import Transistor
from spinspice.networks.network import Network, Placed
from spinspice.papers.yoon2026.cell import JUNCTION, VDD, WIDTHS, cell, fluctuating, sweeps
from spinspice.reproduce import run

pytestmark = pytest.mark.engine("ngspice")


@pytest.fixture(scope="module")
def found():
    return sweeps(get_engine("ngspice"))


def test_levels_by_width(found):
    """Wider transistors cross over at lower inputs; between the edges only one of the two outputs is high."""
    edges = [found[width].edges for width in WIDTHS]
    assert all(low < high for low, high in edges)
    assert all(wide[1] < narrow[0] for narrow, wide in itertools.pairwise(edges))
    for width, (low, high) in zip(WIDTHS, edges, strict=True):
        sweep = found[width]
        at = (low + high) / 2
        outputs = [np.interp(at, sweep.inputs, out) for out in sweep.out]
        assert outputs[0] > 0.98 * VDD and outputs[1] < 0.02 * VDD
        assert 0.05 < np.interp(at, sweep.inputs, sweep.swing) < 0.2


def test_both_states_take_what_the_transistor_gives(found):
    """The junction's current by its own law is that of the transistor alone, at the same drain: within 0.1 %."""
    sweep, own = found[27e-6], cell(27e-6)
    at = float(np.mean(sweep.edges))
    for row, cosine in zip(sweep.mid, (1.0, -1.0), strict=True):
        mid = float(np.interp(at, sweep.inputs, row))
        alone = Network(
            cells={"a": Placed(own, {"vin": "gate"})}, outputs=["drain"],
            couplings={"n": Transistor(own.technology, "n", "drain", "gate", "vss", 27e-6, own.technology.l_min)},
            inputs={"gate": at - VDD / 2, "drain": mid - VDD / 2},
        )  # fmt: skip
        waves = get_engine("ngspice").run(alone.testbench(stop=1e-9, step=1e-11, save=["i(vin_drain)"]))
        junction = (VDD - mid) * float(conductance(JUNCTION, VDD - mid, cosine))
        assert -float(waves["i(vin_drain)"][-1]) == pytest.approx(junction, rel=1e-3)


def test_free_junction_has_the_mean_of_its_rates(found):
    sweep = found[27e-6]
    at = float(np.mean(sweep.edges))
    duration = 0.4
    time, _, out = fluctuating(get_engine("ngspice"), 27e-6, at, duration, seed=5)
    estimate = mean_with_error(np.interp(np.linspace(0.0, duration, 20_000), time, out))
    law = float(np.interp(at, sweep.inputs, sweep.mean))
    assert abs(estimate.value - law) < 4 * estimate.stderr and estimate.stderr < 0.08


def test_figure():
    figure = run("yoon2026-sigmoid", short=True, seed=1)
    assert [row.agrees for row in figure.rows] == [True, True, True, False, False]
    assert all(row.note for row in figure.rows if not row.agrees)
    assert "could not be opened" in figure.remarks[-1]
