"""Networks in engines: couplings do what they say, energy is accounted for, engines agree."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import BSN
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin
from spinspice.engines import get_engine
from spinspice.networks import Capacitor, Gain, Junction, Network, Resistor, Transistor, WeightedSum
from spinspice.networks.metering import audit_network, energy_signals

#: Accuracy of a node voltage that linear couplings set [V]: the engines' absolute tolerance and relative 1e-3 of it.
VOLTAGE = 2e-6


@pytest.fixture(scope="module")
def cell() -> BSN:
    return BSN(Macrospin())


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "vacask")])
def engine(request):
    return get_engine(request.param)


def everything(cell, probes):
    """Three neurons, with a coupling of each kind between them."""
    couplings = {
        "ab": Resistor("out_a", "vin_b", 91e3),
        "leak": Resistor("vin_b", "0", 2e3),
        "cross": Capacitor("vin_b", "out_b", 1e-16),
        "switch": Transistor(get_technology("generic"), "n", "out_b", "vin_c", "vss", 2e-7, 6e-8),
        "weight": Junction(Macrospin(), "vin_c", "vdd"),
        "pull": Resistor("vin_c", "vss", 1e4),
        "back": WeightedSum("vin_a", {"out_c": 0.02}, offset=1e-3, tau=5e-11),
        "draw": Resistor("vin_a", "0", 1e3),
    }
    return Network(cells=dict.fromkeys("abc", cell), couplings=couplings, probes=probes)


def test_linear_couplings_give_their_sums(engine, cell):
    couplings = {
        "sum": WeightedSum("total", {"out_a": 0.02, "vin_a": -0.5}, offset=1e-3),  # a gate would draw charge from it
        "gain": Gain("twice", "total", 2.0),
        "load": Resistor("twice", "0", 1e3),
    }
    network = Network(cells={"a": cell}, couplings=couplings, inputs={"vin_a": 5e-3})
    waves = engine.run(network.testbench(stop=5e-10, save=["v(total)", "v(twice)"]))
    wanted = 0.02 * waves["v(out_a)"] - 0.5 * 5e-3 + 1e-3
    np.testing.assert_allclose(waves["v(total)"], wanted, atol=VOLTAGE, rtol=0)
    np.testing.assert_allclose(waves["v(twice)"], 2 * wanted, atol=2 * VOLTAGE, rtol=0)


@pytest.mark.parametrize("probes", ["blocks", "elements"])
def test_energy_of_cells_and_couplings_is_that_of_the_sources(engine, cell, probes):
    network = everything(cell, probes)
    waves = engine.run(network.testbench(stop=2e-9, save=energy_signals(network)))
    account = audit_network(network, waves)
    assert abs(account.closure) < 1e-8
    assert {"a.mtj", "b.inverters", "ab", "cross", "switch", "weight", "back"} <= set(account.blocks)
    assert account.power["back"] < 0.0  # an ideal coupling gives energy
    first, last = (waves["v(out_a)"] - waves["v(vin_b)"])[:-1], (waves["v(out_a)"] - waves["v(vin_b)"])[1:]
    power = np.sum((first**2 + first * last + last**2) / 3.0 / 91e3 * np.diff(waves.time)) / account.duration
    assert account.power["ab"] == pytest.approx(power, rel=1e-6)  # straight lines between time points


def test_a_pin_that_is_left_out_breaks_the_account(engine, cell, monkeypatch):
    from spinspice.networks import metering

    network = everything(cell, "blocks")
    waves = engine.run(network.testbench(stop=1e-9, save=energy_signals(network)))
    pins = metering.terminals(network)
    monkeypatch.setattr(metering, "terminals", lambda _: pins[1:])
    assert abs(audit_network(network, waves).closure) > 1e-3


@pytest.mark.engine("ngspice")
def test_a_cell_more_changes_nothing_in_the_others(cell):
    engine = get_engine("ngspice")
    small = Network(cells={"a": cell}, inputs={"vin_a": 0.0})
    large = Network(cells={"b": cell, "a": cell}, inputs={"vin_a": 0.0, "vin_b": 1e-3})
    alone, beside = (engine.run(n.testbench(stop=5e-10, seed=3, save=["v(xa.mx)"])) for n in (small, large))
    assert beside.resample(5e-12)["v(xa.mx)"] == pytest.approx(alone.resample(5e-12)["v(xa.mx)"], abs=1e-3)
