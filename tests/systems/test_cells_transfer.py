"""Both neuron cells in a simulator: averaged transfer a tanh, rails, midpoint, what sets the width, any junction."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.analysis.statistics import mean_with_error
from spinspice.analysis.transfer import fit_tanh
from spinspice.cells import ASN, BSN, bench_circuit
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.laws.resistance import conductance
from spinspice.engines import get_engine
from spinspice.jobs import run_jobs
from spinspice.presets import load_preset
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("ngspice-process")

WARM_UP = 2e-9
#: Steps of half a noise sample: means do not need the path to 1e-2.
FARIA = load_preset("faria2021").device.replace(max_step=2.5e-12)


def bench(cell, vin, duration, seed, step=5e-12):
    save = ("v(out)", "v(mid)", cell.node_signal(cell.state_nodes[0]))
    parameters = {"vin": float(vin), "seed": float(seed)}
    return Testbench.from_pyspice(bench_circuit(cell), stop=duration, step=step, save=save, parameters=parameters)


def runs(cell, inputs, duration, seed=100):
    """One run at each input, each with its own seed; even samples after the warm-up."""
    jobs = [bench(cell, vin, duration, seed + i) for i, vin in enumerate(inputs)]
    return run_jobs(jobs, engine="ngspice-process", workers=2, reduce=lambda w: w.window(WARM_UP).resample(5e-12))


@functools.cache
def bsn_runs():
    inputs = np.linspace(-0.027, 0.027, 9)
    return inputs, runs(BSN(FARIA), inputs, 60e-9)


@functools.cache
def asn_runs():
    inputs = np.array([-0.4, -0.16, -0.12, -0.08, -0.04, 0.0, 0.04, 0.08, 0.12, 0.16, 0.4])
    return inputs, runs(ASN(FARIA), inputs, 10e-9)


def fitted(inputs, waves):
    means = [mean_with_error(wave["v(out)"]) for wave in waves]
    return fit_tanh(inputs, [m.value for m in means], [m.stderr for m in means])


def test_the_averaged_output_of_a_bsn_is_a_tanh_centred_at_zero():
    fit = fitted(*bsn_runs())
    assert fit.r2 >= 0.99
    assert fit.amplitude < 0.0  # falls as the input rises
    # The offset that remains comes from spin torque, which pulls <m . p> to -0.1 (1.5 mV), and from sampling.
    assert abs(fit.offset) < 2e-3 + 4 * fit.offset_stderr
    assert 6e-3 < fit.v0 < 12e-3  # measured 9 mV with long runs


def test_the_output_of_a_bsn_is_at_either_rail():
    inputs, waves = bsn_runs()
    out = waves[len(inputs) // 2]["v(out)"]
    assert out.min() < -0.39
    assert out.max() > 0.39
    high, low = np.mean(out > 0.36), np.mean(out < -0.36)
    assert high > 0.1
    assert low > 0.1
    assert high + low > 0.8  # the rest is on the way
    assert np.mean(waves[0]["v(out)"]) > 0.39
    assert np.mean(waves[-1]["v(out)"]) < -0.39


def test_the_averaged_output_of_an_asn_is_a_tanh_between_the_rails():
    inputs, waves = asn_runs()
    fit = fitted(inputs, waves)
    assert fit.r2 >= 0.99
    assert abs(fit.offset) < 6e-3 + 4 * fit.offset_stderr
    means = [wave["v(out)"].mean() for wave in waves]
    assert means[0] > 0.35  # within 50 mV of the upper rail
    assert means[-1] < -0.34
    assert np.all(np.diff(means) < 0.0)


def test_the_asn_follows_its_midpoint_which_the_bsn_only_compares():
    _, waves = asn_runs()
    middle = waves[5]
    # The buffer answers after some 60 ps (5 ps a sample), and then with the same waveform.
    alike = [np.corrcoef(middle["v(out)"][lag:], middle["v(mid)"][: -lag or None])[0, 1] for lag in range(25)]
    assert max(alike) > 0.96
    assert 4 <= int(np.argmax(alike)) <= 16
    assert abs(middle["v(mid)"].mean()) < 0.02
    noise = middle["v(out)"].std()
    assert 0.02 < noise < middle["v(mid)"].std()  # analog noise of tens of mV, a little smoothed
    assert waves[0]["v(out)"].std() < 0.1 * noise  # and quiet at the rails


@pytest.mark.parametrize("technology", ["generic", "generic-lvt"])
def test_the_midpoint_crosses_the_middle_as_transistor_and_junction_say(technology):
    """Without torque m . p = cos(phi) with phi uniform, so P(mid > 0) = arccos(x) / pi at the cosine x of balance."""
    cell = BSN(FARIA.replace(pol=0.0), technology)
    voltage, current = transistor_current(cell)
    half = cell.vdd / 2
    g_p, g_ap = (float(conductance(cell.device, half, c)) for c in (1.0, -1.0))
    spread = (g_p - g_ap) / (g_p + g_ap)
    slope = np.gradient(np.log(current), voltage)
    width = spread / float(np.interp(0.0, voltage, slope))
    inputs = [-0.6 * width, 0.6 * width]
    for vin, wave in zip(inputs, runs(cell, inputs, 120e-9, seed=300), strict=True):
        balance = (np.interp(vin, voltage, current) / half * 2 / (g_p + g_ap) - 1.0) / spread
        share = mean_with_error((wave["v(mid)"] > 0.0).astype(float))
        assert abs(share.value - np.arccos(balance) / np.pi) < 4 * share.stderr


def transistor_current(cell):
    """Current of the input transistor with the midpoint in the middle, against the input."""
    circuit = Circuit("input transistor")
    circuit.raw_spice = cell.technology.cards
    half = cell.vdd / 2
    circuit.V("d", "d", circuit.gnd, half)
    circuit.V("g", "g", circuit.gnd, f"PWL(0 {half - 0.1} 1m {half + 0.1})")
    size = cell.sizing
    cell.technology.nmos(circuit, "1", "d", "g", "0", "0", w=size.w_input, l=size.l_input)
    waves = get_engine("ngspice-process").run(
        Testbench.from_pyspice(circuit, stop=1e-3, step=2e-6, save=("v(g)", "i(vd)"))
    )
    return waves["v(g)"] - half, -waves["i(vd)"]


@pytest.mark.parametrize("kind", [ASN, BSN])
def test_a_telegraph_junction_drives_the_same_cells(kind):
    # Hardly driven by voltage, so both states live as long: 20 ns on average.
    device = Telegraph(R_P=12.7e3, TMR=1.0, delta=3.0, phi0=1e9, V_c=50.0, t_sw=5e-11)
    cell = kind(device)
    wave = get_engine("ngspice-process").run(bench(cell, 0.0, 1e-6, 7, step=1e-9)).window(10e-9).resample(1e-10)
    state, out = wave["v(x1.state)"], wave["v(out)"]
    settled = np.convolve(np.abs(np.diff(state, prepend=state[0])), np.ones(31), "same") < 1e-3
    parallel, antiparallel = out[settled & (state < 0.5)], out[settled & (state > 0.5)]
    assert parallel.size > 100
    assert antiparallel.size > 100
    if kind is BSN:
        assert parallel.min() > 0.39
        assert antiparallel.max() < -0.39
    else:
        assert np.ptp(parallel) < 2e-3
        assert parallel.min() > 0.02 > -0.02 > antiparallel.max()


def test_cells_in_one_circuit_are_neurons_of_their_own():
    cell = BSN(FARIA)
    circuit = bench_circuit(cell)
    for number, seed in ((2, 1), (3, 99)):
        circuit.X(str(number), cell.name, "vin", f"out{number}", "vdd", "vss", f"mid{number}", seed=seed)
    save = ("v(x1.mx)", "v(x2.mx)", "v(x3.mx)", "v(mid)", "v(mid2)")
    waves = get_engine("ngspice-process").run(
        Testbench.from_pyspice(circuit, stop=3e-9, step=5e-12, save=save, parameters={"vin": 0.0, "seed": 1})
    )
    # Same seed, same circuit: equal up to the solver's tolerance; another seed: another path.
    early = waves.window(0.0, 1e-9)
    np.testing.assert_allclose(early["v(x1.mx)"], early["v(x2.mx)"], atol=1e-2)
    assert np.abs(waves["v(x1.mx)"] - waves["v(x3.mx)"]).max() > 0.3


@pytest.mark.parametrize("vdd", [0.8, 1.0, 1.2])
def test_the_midpoint_is_centred_at_every_supply(vdd):
    still = Telegraph(R_P=12.7e3, TMR=1.0, delta=200.0, V_c=1e3)
    mean = 1.0 / float(conductance(still, vdd / 2, 0.0))
    cell = BSN(still, vdd=vdd).rebuilt(device=still.replace(R_P=mean, TMR=0.0))
    wave = get_engine("ngspice-process").run(bench(cell, 0.0, 1e-9, 1, step=1e-11))
    # The table gives the current to 0.5 %; the midpoint's slope turns that into 0.5 % of the supply at most.
    assert abs(wave["v(mid)"][-1]) < 5e-3 * vdd


def test_corners_move_the_midpoint_but_leave_a_neuron():
    still = Macrospin(TMR=0.0, R_P=15.7e3, T=0.0)
    middle = {}
    for corner in ("ss", "tt", "ff"):
        cell = BSN(still, get_technology("generic", corner))
        middle[corner] = get_engine("ngspice-process").run(bench(cell, 0.0, 0.1e-9, 1))["v(mid)"][-1]
    assert middle["ff"] < middle["tt"] - 0.05 < middle["ss"] - 0.1
