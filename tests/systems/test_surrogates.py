"""Surrogates beside their circuits: extraction, held inputs, a network, the subcircuit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from surrogate_networks import Driven, correlations

from spinspice.cells import ASN, choose_cell
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.errors import ResultError, UsageError
from spinspice.networks.couplings import Resistor
from spinspice.networks.network import Network, Placed
from spinspice.presets import load_preset
from spinspice.stimuli import Pwl
from spinspice.surrogate import extract
from spinspice.surrogate.spice import subcircuit
from spinspice.surrogate.validation import LIMITS, validate
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("ngspice")


@pytest.fixture(scope="module")
def asn():
    return extract("asn", "generic", "ngspice", duration=40e-9)


def test_an_analog_neuron_is_extracted(asn):
    # Figures of the cell's own page: gain -4.5, swing 0.7 V, noise 47 mV, output resistance some kOhm.
    assert asn.branches.miss < 0.01
    assert asn.swing == pytest.approx(0.70, abs=0.03)
    assert float(asn.gain(0.0)) == pytest.approx(-4.45, abs=0.15)
    assert float(asn.sigma(0.0)) == pytest.approx(47e-3, rel=0.08)
    assert 2e3 < asn.resistance < 6e3


@pytest.fixture(scope="module")
def bsn():
    return extract("bsn", "generic", "ngspice", duration=40e-9)


def test_a_binary_neuron_is_extracted(bsn):
    assert bsn.branches.nodes == ("mid", "bar", "out")
    assert bsn.branches.miss < 0.01
    assert bsn.swing == pytest.approx(0.80, abs=0.01)


def test_at_rest_the_law_stands_where_slow_ramps_stand(asn, bsn):
    """Tables measured with nodes held, against ramps in which they are free."""
    for s, limit in ((asn, 2e-3), (bsn, 2e-3)):
        low, high = s.transition(beyond=0.5)
        for k in np.linspace(*np.searchsorted(s.tables.v, (low, high)), 9).astype(int):
            for j in (0, 4, 8):
                # A step and back: what is left is where it comes to rest, not where it began.
                v = np.full(4000, s.tables.v[k])
                v[:1000] += 0.01
                found = s.nodes(v, np.full(v.size, s.tables.c[j]))[:, -1]
                near = np.abs(s.branches.rest[0, k, j] - s.branches.rest[0, :, j]).argsort()[:3]
                steep = np.ptp(s.branches.rest[-1, near, j])  # an inverter: a hair's breadth in, a rail out
                assert found[0] == pytest.approx(s.branches.rest[0, k, j], abs=limit * s.swing)
                assert found[-1] == pytest.approx(s.branches.rest[-1, k, j], abs=limit * s.swing + steep)


def test_held_inputs_agree_with_the_circuit(asn):
    cell, _, _ = choose_cell("asn", None, "generic")
    found = validate(asn, cell, "ngspice", inputs=[-0.02, 0.05], duration=40e-9, runs=2, workers=1)
    assert found.agrees and found.miss < 0.01
    for row in found.rows:
        # With the circuit's own magnet no statistics enter: what is left is the electrical part.
        assert abs(row.electrical["mean"][0]) < 0.005
        assert abs(row.electrical["sigma"][0]) < 0.02 and abs(row.electrical["fwhm"][0]) < 0.03
    assert len(found.table().rows) == len(found.electrical_table().rows) == 2
    assert found.to_dict()["inputs"][0]["electrical"]["mean"][1] > 0.0
    with pytest.raises(UsageError, match="seed"):
        validate(asn, cell, "ngspice", seed=1)


def test_the_output_of_a_loaded_neuron_is_divided(asn):
    device = load_preset("ganguly2018").device.replace(max_step=5e-12)
    network = Network(
        cells={"a": Placed(ASN(device), {"vin": "drive"})},
        couplings={"r": Resistor("out_a", "0", 50e3)},
        inputs={"drive": -0.05},
        outputs=["out_a"],
    )
    waves = get_engine("ngspice").run(network.testbench(stop=10e-9, seed=4, step=5e-12)).resample(5e-12)
    own = asn.loaded(1 / 50e3).motion(np.full(2001, -0.05), seed=instance_seed(4, "a")).output
    plain = asn.motion(np.full(2001, -0.05), seed=instance_seed(4, "a")).output
    assert np.abs(np.mean(waves["v(out_a)"] - own)) < 0.01 * asn.swing
    assert np.abs(np.mean(waves["v(out_a)"] - plain)) > 0.01 * asn.swing


def test_a_wrong_spin_torque_shows(bsn):
    """The magnet is put where the circuit's is now and then: a torque turned round shows all the same."""
    cell, _, _ = choose_cell("bsn", None, "generic")
    turned = dataclasses.replace(bsn, device=bsn.device.replace(pol=-bsn.device.pol))
    (wrong,), (right,) = (
        validate(s, cell, "ngspice", inputs=[0.0], duration=40e-9, runs=2, workers=1).rows for s in (turned, bsn)
    )
    assert wrong.electrical == right.electrical
    assert right.agrees("mean") and not wrong.agrees("mean", errors=3.0)


@pytest.mark.parametrize(("name", "level"), [("asn", 0.05), ("bsn", 0.004)])
def test_the_subcircuit_does_what_the_surrogate_does(name, level, request):
    s = request.getfixturevalue(name)
    times, levels = [0.0, 1e-9, 1.05e-9, 3e-9], [-level, -level, level, level]
    deck = subcircuit(s) + "X1 vin out vdd vss mx my mz surrogate seed=7\nVdd vdd 0 0.4\nVss vss 0 -0.4\n"
    deck += f"Vin vin 0 {Pwl(times, levels).text()}\n"
    bench = Testbench(circuit=deck, stop=3e-9, step=5e-12, save=("v(out)", "v(mx)", "v(x1.x1)"))
    even = get_engine("ngspice").run(bench).resample(5e-12)
    v = np.interp(even.time, times, levels)
    given = s.nodes(v, np.asarray(even["v(mx)"]))
    assert np.sqrt(np.mean((even["v(x1.x1)"] - given[0]) ** 2)) < 0.005 * s.swing
    # The edges of an inverter go across the swing in 50 ps: 1 ps is 2 % of it.
    assert np.sqrt(np.mean((even["v(out)"] - given[-1]) ** 2)) < (0.005 if name == "asn" else 0.02) * s.swing


def test_a_loaded_subcircuit_is_a_loaded_surrogate(asn):
    s = asn.loaded(1e-5, 0.1)
    deck = subcircuit(s) + "X1 vin out vdd vss mx my mz surrogate seed=7\nVdd vdd 0 0.4\nVss vss 0 -0.4\n"
    bench = Testbench(circuit=deck + "Vin vin 0 0\n", stop=1e-9, step=5e-12, save=("v(out)", "v(mx)"))
    even = get_engine("ngspice").run(bench).resample(5e-12)
    given = s.follow(np.zeros(even.time.size), np.asarray(even["v(mx)"]))
    assert np.sqrt(np.mean((even["v(out)"] - given) ** 2)) < 0.005 * s.swing


@pytest.mark.parametrize(
    ("cell", "more", "words"),
    [
        ("asn", {"preset": "mizrahi2018-scaled"}, "Macrospin|unknown preset|preset"),
        ("nsa", {}, "unknown cell"),
        ("asn", {"technology": "sky13"}, "technology"),
        ("asn", {"duration": 1e-9}, "duration"),
        ("nowhere.toml", {}, "cell file"),
    ],
)
def test_what_has_no_surrogate_is_told(cell, more, words):
    with pytest.raises((UsageError, ResultError), match=words):
        extract(cell, engine="ngspice", **more)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "technology"),
    [
        *((cell, technology) for cell in ("asn", "bsn") for technology in ("generic", "sky130", "sg13g2")),
        ("examples/08_neuron.toml", None),
    ],
)
def test_every_cell_agrees_with_its_circuit_at_held_inputs(cell, technology):
    """Mean within 2 % of the swing, noise within 5 %, correlation time within 10 %, at five inputs."""
    made, _, _ = choose_cell(cell, None, technology)
    found = validate(extract(made, engine="ngspice"), made, "ngspice", runs=4, duration=100e-9)
    for row in found.rows:
        for name, limit in LIMITS.items():
            difference, stderr = getattr(row, name)[4:]
            own, _ = row.electrical[name]
            print(f"{cell} {technology} {row.vin:.4g} {name}: {difference:.4f} +- {stderr:.4f}, electrical {own:.4f}")
            assert row.agrees(name) and abs(own) < limit
            # Errors that are large beside what is asked for would let anything pass.
            assert stderr < limit


@pytest.mark.slow
def test_a_driven_network_is_not_to_be_told_from_its_surrogates(asn):
    """Correlation of states, circuit with surrogates of other noise, beside that of two surrogates with each other."""
    driven = Driven.draw(20, 30, seed=3)
    circuit = driven.run_circuit(load_preset("ganguly2018").device, seed=5)
    runs = [driven.run_surrogates(asn, seed) for seed in range(11, 17)]
    for which, limit in ((0, 0.9), (1, 0.6)):
        own = np.array([correlations(circuit[which], run[which]).mean() for run in runs])
        pairs = [correlations(a[which], b[which]).mean() for k, a in enumerate(runs) for b in runs[:k]]
        # The circuit is one draw of the noise among seven: its distance from the rest spreads as any of theirs does.
        mean, spread = np.mean(pairs), np.std(pairs, ddof=1)
        print(f"{('nodes', 'outputs')[which]}: circuit {own.mean():.4f}, surrogates {mean:.4f} +- {spread:.4f}")
        assert own.mean() > mean - 4 * spread / np.sqrt(len(runs))
        assert mean > limit
