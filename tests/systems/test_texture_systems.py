"""Neurons, synapses, meshes and arrays of walls, skyrmions and coupled magnets: laws, leaks, resets, bad input."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.detector import Detector
from spinspice.benches.skyrmion import SkyrmionNeuron, counting_synapse
from spinspice.benches.skyrmion_mesh import Mesh, branch, static_current
from spinspice.benches.wall import WallNeuron
from spinspice.benches.wall_crossbar import WallCrossbar, write_cell
from spinspice.cmos import get_technology
from spinspice.constants import k_B
from spinspice.devices import MacrospinField
from spinspice.devices.reference.skyrmion import simulate_skyrmion
from spinspice.devices.reference.wall import simulate_wall
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, ResultError, UsageError
from spinspice.networks.arrays import clock, clocked_fields, ground_states, perpendicular_couplings
from spinspice.networks.dipoles import field_network
from spinspice.papers.torrejon2017.reservoir import disk as vortex
from spinspice.presets import load_preset
from spinspice.reproduce import run as reproduce
from spinspice.stimuli import Pwl
from spinspice.studies import run

pytestmark = pytest.mark.engine("auto", model="verilog-a")
#: The divider and the inverter follow the position by up to this part of the charge: our bound, there is no law.
LAG = 0.02


@pytest.mark.parametrize("leak", ["none", "field", "anisotropy", "width"])
def test_wall_neuron_fires_at_the_charge_of_the_law(leak):
    """At T = 0, without a leak and with each: the charge within the lag of the divider, which only adds to it."""
    found = run("wall-neuron", leak=leak, device={"T": 0.0}, spikes=1, repeats=1)
    assert found.exact < found.first[0] < (1.0 + LAG) * found.exact


@pytest.mark.parametrize("study", ["wall-neuron", "skyrmion-neuron"])
def test_neurons_at_temperature(study):
    """First passage at 300 K: four standard errors of the law and the lag at T = 0; each spike has its energy."""
    cold = run(study, device={"T": 0.0}, spikes=1, repeats=1)
    found = run(study, spikes=2, repeats=8)
    error = found.first.std(ddof=1) / np.sqrt(found.first.size)
    lag = cold.first[0] - cold.exact
    assert found.first.size == 8 and abs(found.first.mean() - found.exact - lag) < 4.0 * error
    assert found.later.size >= 8 and found.energies.min() > 1e-13
    assert found.intervals.min() > found.settings["reset"] * 0.5


def test_a_leak_takes_the_wall_back_between_pulses():
    """Pulses with pauses: a neuron without a leak needs the charge of the constant current, one with a leak more."""
    given = {"device": {"T": 0.0}, "spikes": 1, "repeats": 1, "pulse": 2e-9, "pause": 2e-9}
    plain, leaky = (run("wall-neuron", leak=leak, back=0.2, **given).first[0] for leak in ("none", "field"))
    exact = run("wall-neuron", device={"T": 0.0}, spikes=1, repeats=1).exact
    assert abs(plain - exact) < 80e-15  # one pulse
    assert leaky > plain + 80e-15


def test_a_leak_that_is_too_strong_and_what_else_cannot_be():
    with pytest.raises(ResultError, match="the leak stops the wall before its contact"):
        run("wall-neuron", leak="field", back=1.5, spikes=1, repeats=1)
    with pytest.raises(ResultError, match="the leak stops the skyrmion"):
        run("skyrmion-neuron", back=1.5, spikes=1, repeats=1)
    with pytest.raises(UsageError, match="needs a wall on a track, got a Skyrmion"):
        run("wall-neuron", preset="skyrmion-track", spikes=1, repeats=1)
    with pytest.raises(ResultError, match="has no levels"):
        run("wall-levels", preset="dw-memristor", pulses=2, repeats=1)
    wall, generic = load_preset("dw-neuron").device, get_technology("generic")
    with pytest.raises(CircuitError, match="it would fire at once"):
        WallNeuron(device=wall.replace(q0=0.25e-6), technology=generic)
    with pytest.raises(CircuitError, match="allowed none, field"):
        WallNeuron(device=wall, technology=generic, leak="drip")
    runner = load_preset("skyrmion-neuron").device
    with pytest.raises(CircuitError, match="turns no inverter"):
        SkyrmionNeuron(device=runner.replace(dG=0.05), technology=generic)
    with pytest.raises(CircuitError, match="needs a skyrmion at least"):
        counting_synapse(runner, [], np.zeros((2, 2)), 1e-9)


def test_a_wall_or_a_skyrmion_that_leaves_its_track_is_said():
    """A wall whose angle turns climbs over a soft end; a skyrmion that is pushed hard goes over the edge."""
    wall = load_preset("dw-neuron").device.replace(T=0.0)
    with pytest.raises(ResultError, match="the wall leaves its track at .* allowed up to"):
        simulate_wall(wall, 3e-8, current=-3e-4)
    skyrmion = load_preset("skyrmion-neuron").device.replace(T=0.0)
    with pytest.raises(ResultError, match="pushed over an end of its track at .* allowed up to"):
        simulate_skyrmion(skyrmion, 1e-8, current=-2e-4)
    with pytest.raises(ResultError, match="the wall leaves its track"):
        run("wall-neuron", current=3e-4, device={"T": 0.0, "B_K": 0.05}, reset=0.0, spikes=3, repeats=1)


def test_memristor_steps_through_its_levels():
    found = run("wall-levels", pulses=5, repeats=2)
    assert found.levels == 6 and np.round(np.diff(found.cold)).tolist() == [1.0] * 5
    assert 0.0 < found.one_step_stderr < 0.5 and 0.01 < found.retention < 1.0


def test_skyrmions_under_a_contact_are_counted_by_a_binomial_law():
    """Twenty that diffuse in a box, a contact over part of it: mean and variance of their number."""
    device = load_preset("skyrmion-track").device.replace(
        alpha=0.5, length=200e-9, width=100e-9, k_edge=1e-4, dt=2.5e-10, max_step=1.25e-10
    )
    soft = np.sqrt(2.0 * np.pi * k_B * 300.0 / 1e-4)  # the edges as one Gaussian
    part = 50e-9 / (200e-9 + soft)
    found = simulate_skyrmion(device, 1.5e-6, np.arange(600), decimate=2000)
    number = (np.abs(found.x[:, 1:] - 50e-9) < 25e-9).reshape(30, 20, -1).sum(axis=1)
    late = number[:, 1:].ravel()  # a quarter of a microsecond apart: 3 of the slowest times
    assert abs(late.mean() - 20 * part) < 4.0 * late.std() / np.sqrt(late.size)
    variance = 20 * part * (1.0 - part)
    assert abs(late.var() / variance - 1.0) < 4.0 * np.sqrt(2.0 / late.size)


def test_mesh_is_kirchhoffs_law_with_particles():
    """Two branches side by side against the law of one, both signs; a branch without spin-Hall effect is a resistor."""
    engine = get_engine("auto", "verilog-a")
    for theta in (0.0, 0.3):
        mesh = Mesh(size=2, device=branch(T=0.0, theta_SH=theta), spread=0.0)
        for volts in (-0.01, 0.02):
            waves = engine.run(mesh.testbench(np.array([volts]), 2e-7))
            assert -waves["i(vin)"][-1] == pytest.approx(2.0 * static_current(mesh.device, volts), rel=2e-3)
    assert static_current(branch(T=0.0, theta_SH=0.0), 0.02) == pytest.approx(
        -static_current(branch(T=0.0, theta_SH=0.0), -0.02)
    )
    with pytest.raises(CircuitError, match="from 2 nodes"):
        Mesh(size=1)
    with pytest.raises(CircuitError, match="give k_trap"):
        Mesh(device=branch(k_trap=0.0))


@pytest.mark.parametrize("shape", ["triangle", "square"])
def test_arrays_follow_boltzmann(shape):
    found = run("magnets", shape=shape, stays=400)
    for value, error, law in (found.neighbour, found.ground):
        assert abs(value - law) < 4.0 * error


def test_couplings_and_clock_of_arrays():
    J = perpendicular_couplings([[0, 0], [1, 0], [1, 1], [0, 1]], 1.0)
    assert J[0, 1] == -1.0 and J[0, 2] == pytest.approx(-(2.0**-1.5))
    energy, states = ground_states(J)
    assert energy == pytest.approx(-4.0 + 2.0 * 2.0**-1.5) and sorted(s[1] * s[0] for s in states) == [-1.0, -1.0]
    fields = clocked_fields(J, 0.05)
    assert fields[:, :, 2, 2].sum(axis=1).min() == pytest.approx(-0.05)
    device = MacrospinField(vcma=0.1, B_k=0.2)
    assert clock(device, 1e-9, 2e-9, 1e-9)[1].tolist() == [2.0, 2.0, 0.0, 0.0]
    for call, message in (
        (lambda: perpendicular_couplings([[0, 0], [0, 0]], 1.0), "at the same place"),
        (lambda: perpendicular_couplings([[0, 0]], 1.0), "two or more"),
        (lambda: clocked_fields([[1.0]], 0.1), "zero on its diagonal"),
        (lambda: clock(MacrospinField(), 1e-9, 1e-9, 1e-9), "need vcma"),
        (lambda: ground_states(np.zeros((21, 21))), "allowed up to 20"),
        (lambda: field_network(device, np.zeros((2, 2, 3, 3)), drives=[0.0]), "n drives or none"),
    ):
        with pytest.raises(CircuitError, match=message):
            call()


@pytest.mark.parametrize("name", ["grollier2016-fig9", "prychynenko2018-mesh"])
def test_short_figures_agree(name):
    figure = reproduce(name, short=True)
    assert figure.rows and all(row.agrees for row in figure.rows), figure.table()
    assert figure.panels


@pytest.mark.slow
@pytest.mark.parametrize("name", ["debashis2016-ising", "nomura-gates", "bhanja2016-edges", "torrejon2017-digits"])
def test_long_figures_agree(name):
    figure = reproduce(name, short=True)
    # Noise takes the gain of the reservoir, which its figure says
    differing = ["the same at 300 K"] if name == "torrejon2017-digits" else []
    assert figure.rows and [row.quantity for row in figure.rows if not row.agrees] == differing, figure.table()


def crossbar(**changes) -> WallCrossbar:
    """Three inputs, two neurons at T = 0, weights from the sites of the walls."""
    synapse = load_preset("dw-levels").device.replace(R_P=1e4, TMR=1.5, R_track=200.0, T=0.0, max_step=1e-11)
    neuron = WallNeuron(
        device=load_preset("dw-neuron").device.replace(T=0.0), technology=get_technology("generic"), reset=0.0
    )
    places = 62.5e-9 * np.array([[-7, 7], [-3, 3], [0, 0]])
    return WallCrossbar(**({"synapse": synapse, "neuron": neuron, "positions": places} | changes))


@pytest.mark.parametrize(
    "engine", [pytest.param(n, marks=pytest.mark.engine(n)) for n in ("ngspice-process", "vacask")]
)
def test_crossbar_of_walls_adds_and_fires(engine):
    """Currents are sums of G V; each column fires at the charge of its neuron; reading moves no synapse."""
    array, volts = crossbar(), [-0.2, -0.15, -0.2]
    waves = get_engine(engine, "verilog-a").run(array.testbench(volts, 3e-8))
    law = array.column_currents(volts)
    before = np.searchsorted(waves.time, 5e-9)
    assert -sum(waves[f"i(vrow{i})"][before] for i in range(3)) == pytest.approx(law.sum(), rel=2e-3)
    exact = run("wall-neuron", device={"T": 0.0}, spikes=1, repeats=1)
    for j in range(2):
        spike = waves.time[np.argmax(waves[f"v(c{j}out)"] > 0.4)]
        assert -law[j] * spike == pytest.approx(exact.first[0], rel=0.02)
        for i in range(3):
            assert 1e-6 * waves[f"v(q{i}_{j})"][-1] == pytest.approx(array.positions[i, j], abs=1e-11)


def test_synapse_is_written_through_two_transistors():
    """Four pulses on the word line are four sites up, or down with the lines turned round."""
    synapse, generic = crossbar().synapse, get_technology("generic")
    for sign in (1.0, -1.0):
        bench = write_cell(synapse.replace(q0=-sign * 250e-9), generic, 4, volts=0.5 * sign, width=0.85e-9)
        waves = get_engine("auto", "verilog-a").run(bench)
        assert 1e-6 * waves["v(q)"][-1] / 62.5e-9 == pytest.approx(0.0, abs=0.05)
        contact = synapse.contact_conductance(0.0, -0.05)  # in series with track and transistors, some hundred ohms
        assert contact / (1.0 + 500.0 * contact) < -waves["i(vread)"][-1] / 0.05 < contact


def test_crossbars_that_cannot_be():
    with pytest.raises(CircuitError, match="give \\(rows, columns\\)"):
        crossbar(positions=np.zeros(3))
    with pytest.raises(CircuitError, match="move it onto the track"):
        crossbar(positions=np.full((1, 1), 1e-6))
    with pytest.raises(CircuitError, match="2 inputs for 3 rows"):
        crossbar().testbench([0.1, 0.1], 1e-9)


def test_oscillator_study_against_the_laws():
    """Power, frequency and linewidth at 300 K; inside the range it has the field's frequency, outside not."""
    found = run("oscillator", duration=6e-6, repeats=4)
    value, error = found.linewidth
    assert abs(value - found.exact_linewidth) < 4.0 * error
    assert abs(found.power.mean() - found.exact_power) < 4.0 * found.power.std(ddof=1) / 2.0 + 2e-3
    cold = {"device": {"T": 0.0}, "field": 2e-5, "repeats": 2, "duration": 6e-6}
    inside, outside = (run("oscillator", detuning=part, **cold) for part in (0.6, 1.5))
    assert abs(inside.off[0]) < 0.01 * inside.half_range
    assert outside.off[0] == pytest.approx(outside.exact_off, rel=0.05)
    with pytest.raises(ResultError, match="the amplitude settles in"):
        run("oscillator", duration=1e-6)
    with pytest.raises(UsageError, match="spin-torque oscillator"):
        run("oscillator", preset="dw-neuron")


def test_a_diode_behind_a_bias_tee_sees_the_amplitude():
    """Its voltage is that of a square-law detector, less what its own curve takes (12 %)."""
    device, detector = vortex().replace(carrier=1.0, T=0.0, max_step=1.9e-10), Detector()
    levels = device.I_th * np.array([1.2, 1.4, 1.6, 1.8])
    starts = 2e-7 * np.arange(4)
    times = [0.0, *np.column_stack([starts + 1e-8, starts + 2e-7]).ravel().tolist()]
    wave = Pwl(times, [float(levels[0]), *np.repeat(levels, 2).tolist()])
    waves = get_engine("auto", "verilog-a").run(detector.testbench(device, wave, 8e-7))
    for start in starts[1:]:
        late = (waves.time > start + 1.8e-7) & (waves.time < start + 1.98e-7)
        swing = 0.5 * np.ptp(waves["v(rf)"][late])
        law = detector.square_law(detector.passed(device.f0) * swing)
        assert 0.8 * law < waves["v(det)"][late].mean() < 1.02 * law


@pytest.mark.parametrize("study", ["wall-neuron", "skyrmion-neuron"])
@pytest.mark.parametrize(
    ("engine", "model"),
    [
        pytest.param("vacask", "verilog-a", marks=pytest.mark.engine("vacask")),
        pytest.param("ngspice", "b-source", marks=pytest.mark.engine("ngspice", model="b-source")),
    ],
)
def test_neurons_are_the_same_in_every_realisation(study, engine, model):
    """The charge at the first spike at T = 0: half a per cent of that by Verilog-A in ngspice, and of one law."""
    given = {"device": {"T": 0.0}, "spikes": 1, "repeats": 1}
    one, other = run(study, **given), run(study, engine=engine, model=model, **given)
    assert other.first[0] == pytest.approx(one.first[0], rel=5e-3)
    assert other.exact == pytest.approx(one.exact, rel=1e-3)
