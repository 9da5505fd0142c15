"""Energy audit of both cells: it closes, agrees with the law of the junction, and notices what is missing."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from spinspice.analysis.energy import audit
from spinspice.cells import ASN, BSN, bench_circuit
from spinspice.devices import Macrospin
from spinspice.devices.laws.resistance import conductance
from spinspice.energy import audit_cell, energy_signals, quasi_static, sources, terminals
from spinspice.engines import get_engine
from spinspice.errors import ParameterError
from spinspice.testbench import Testbench

#: What the audit promises [1].
CLOSURE = 5e-3
KINDS = {"bsn": BSN, "asn": ASN}
#: The low-barrier disk of the defaults, on the half-sample steps that these energies need.
DEVICE = Macrospin(max_step=2.5e-12)
DURATION = {"bsn": 40e-9, "asn": 15e-9}
ENGINES = [
    pytest.param("ngspice-process", "verilog-a", marks=pytest.mark.engine("ngspice-process")),
    pytest.param("ngspice-process", "b-source", marks=pytest.mark.engine("ngspice-process", model="b-source")),
    pytest.param("vacask", "verilog-a", marks=pytest.mark.engine("vacask")),
]


@functools.cache
def audited(kind: str, engine: str, model: str):
    return audit_cell(KINDS[kind](DEVICE), duration=DURATION[kind], engine=engine, model=model, seed=5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("engine", "model"), ENGINES)
def test_delivered_is_dissipated_plus_stored(kind, engine, model):
    result = audited(kind, engine, model)
    assert abs(result.audit.closure) < CLOSURE
    assert set(result.audit.power) == set(KINDS[kind].blocks)
    assert all(power > 0.0 for power in result.audit.power.values())
    # Every element on its own is passive over many transitions: it takes energy, within what its charges may give back.
    for (_block, element), energy in result.audit.elements.items():
        assert energy > -1e-15, element


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("engine", "model"), ENGINES)
def test_static_and_switching_power_make_sense(kind, engine, model):
    result = audited(kind, engine, model).audit
    assert result.switching_power["mtj"] == 0.0
    # One current flows through junction and transistor; near the middle they share the supply evenly.
    assert result.power["input"] == pytest.approx(result.power["mtj"], rel=0.2)
    assert result.switching_power["input"] == pytest.approx(0.0, abs=0.01 * result.power["input"])
    output = "inverters" if kind == "bsn" else "buffer"
    # Charge is moved: 2 to 3 fF of gates and drains through 0.8 V at a few GHz is some microwatts.
    assert 0.0 < result.switching_power[output] < 0.6 * result.power[output]
    if kind == "asn":
        assert abs(result.switching_power["bias"]) < 1e-3 * result.power["bias"]


@pytest.mark.engine("ngspice-process")
def test_a_decision_costs_power_times_the_correlation_time():
    result = audited("bsn", "ngspice-process", "verilog-a")
    assert result.per_decision == pytest.approx(result.audit.total_power * result.tau.fwhm)
    data = result.to_dict()
    assert data["per_decision"] == result.per_decision
    assert data["closure"] == result.audit.closure
    assert 1e-15 < result.per_decision < 20e-15  # some 26 uW for some 170 ps


@pytest.fixture(scope="module")
def probed():
    """A short run of a BSN with an ammeter at every pin."""
    cell = BSN(DEVICE, probes="elements")
    save = (*energy_signals(cell), *(cell.node_signal(node) for node in cell.state_nodes))
    bench = Testbench.from_pyspice(
        bench_circuit(cell), stop=10e-9, step=5e-12, save=save, parameters={"vin": 0.0, "seed": 5}
    )
    return cell, get_engine("ngspice-process").run(bench)


@pytest.mark.engine("ngspice-process")
def test_the_ammeter_of_the_junction_obeys_its_conductance(probed):
    cell, waves = probed
    voltage = waves["v(vdd)"] - waves["v(mid)"]
    # Seen from its free layer, at the midpoint, the voltage is negative; the conductance depends on its square.
    law = conductance(DEVICE, voltage, waves[cell.node_signal("mx")]) * voltage
    # |m| is 1 to the solver's tolerance; reltol 1e-3 of the current.
    np.testing.assert_allclose(waves[cell.current_signal("vm_mtj")], law, rtol=2e-3)


@pytest.mark.engine("ngspice-process")
def test_a_pin_that_is_left_out_breaks_the_closure(probed):
    cell, waves = probed
    pins = terminals(cell)
    given = sources(cell)
    whole = audit(waves, pins, given)
    assert abs(whole.closure) < CLOSURE
    for index, pin in enumerate(pins):
        energy = np.trapezoid(waves[pin.voltage] * waves[pin.current], waves.time)
        if abs(energy) > 3 * CLOSURE * sum(whole.delivered.values()):
            assert abs(audit(waves, pins[:index] + pins[index + 1 :], given).closure) > CLOSURE, pin
    assert abs(audit(waves, pins, given[:1]).closure) > CLOSURE


@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("kind", KINDS)
def test_quasi_static_power_depends_on_the_midpoint_as_the_circuit_says(kind):
    cell = KINDS[kind](DEVICE)
    still = quasi_static(cell, 0.0, "ngspice-process")
    middle = np.argmin(np.abs(still.voltage))
    input_power = still.power["input"]
    # Sized to carry (VDD/2)/R with the midpoint in the middle, where (VDD/2)^2/R falls off in it; nothing at vss.
    expected = (cell.vdd / 2) ** 2 / cell.sizing.resistance
    assert input_power[middle] == pytest.approx(expected, rel=5e-3)
    assert abs(input_power[0]) < 1e-3 * expected
    if kind == "bsn":
        power = still.power["inverters"]
        assert power[middle] > 50 * max(power[0], power[-1])  # through-current in the middle, leakage at the rails
    else:
        assert np.ptp(still.power["bias"]) < 1e-3 * still.power["bias"].mean()


def test_a_run_shorter_than_its_warm_up_is_refused():
    with pytest.raises(ParameterError, match=r"duration = 1e-09 s.*audit_cell.*Lengthen the run"):
        audit_cell(BSN(DEVICE), duration=1e-9)
