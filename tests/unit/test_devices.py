"""Parameters of the compact models: ranges, names, laws; and one set of defaults in Python and Verilog-A."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.constants import k_B
from spinspice.devices import Macrospin, MacrospinSOT, Telegraph, models
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError, ParameterError
from spinspice.paths import data_dir


def verilog_a_defaults(model: str) -> dict[str, float]:
    """Parameters of a module and their defaults, includes followed."""
    text = (data_dir("verilog_a") / f"{model}.va").read_text()
    for name in re.findall(r'`include "(\w+_parameters\.inc)"', text):
        text += (data_dir("verilog_a") / name).read_text()
    return {name: float(value) for name, value in re.findall(r"parameter real (\w+) = ([^ ;]+)", text)}


@pytest.mark.parametrize("device", [kind() for kind in models().values()], ids=lambda d: d.model)
def test_verilog_a_has_the_same_parameters_and_defaults(device):
    defaults = verilog_a_defaults(device.model)
    assert defaults.pop("seed") == 1.0
    assert set(defaults) == set(device.parameters())
    for name, value in device.parameters().items():
        assert defaults[name] == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Macrospin(TMR=120.0), "TMR = 120 .*ratio, not per cent"),
        (lambda: Telegraph(TMR=100), "TMR = 100 .*ratio, not per cent"),
        (lambda: Macrospin(R_P=-1.0), r"R_P = -1 Ohm is outside \(0"),
        (lambda: Macrospin(alpha=math.nan), "alpha = nan"),
        (lambda: Macrospin(Ms=math.inf), "Ms = inf"),
        (lambda: Macrospin(px=0.5), "length 0.5, not 1"),
        (lambda: MacrospinSOT(sy_hm=0.0), "length 0, not 1"),
        (lambda: Macrospin(R_P="twelve"), "not a number"),
        (lambda: Macrospin().replace(tmr=1.0), "no parameter 'tmr'. Did you mean TMR"),
        (lambda: Telegraph(state0=0.5), "neither 0 nor 1"),
        (lambda: Telegraph().instance_parameters(seed=-1), "seed = -1"),
        (lambda: Telegraph().instance_parameters(seed=2**31), "seed = "),
    ],
)
def test_bad_parameters_say_what_is_allowed(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


def test_spice_text_is_read():
    assert Macrospin(R_P="12.7k").R_P == 12700.0


def test_published_numbers():
    """Reference numbers: disk of 22 nm, critical current of a 60 kT junction, r0 of Mizrahi's junctions."""
    assert Macrospin().easy_plane_variance == pytest.approx(0.0035830, rel=1e-4)
    stable = Macrospin(kz=1.0, kx=0.0, Nz=0.0, pz=1.0, px=0.0, alpha=0.01, pol=0.6)
    stable = stable.replace(B_k=2 * 60 * k_B * 300 / stable.moment)
    assert stable.delta == pytest.approx(60.0)
    assert stable.I_c0 == pytest.approx(25.171e-6, rel=1e-4)
    for delta, rate in ((13.78, 518.0), (6.0, 1.239e6), (8.87, 70.3e3), (18.675, 3.9)):
        assert Telegraph(delta=delta).natural_rate == pytest.approx(rate, rel=1e-2)
    assert Macrospin(R_P=1100, TMR=1.2).R_AP == pytest.approx(2420.0)


def test_telegraph_laws():
    """Escape rates multiply to phi0^2 exp(-2 delta); cycle rate is half their harmonic mean; T lowers the barrier."""
    junction = Telegraph(delta=8.0)
    drive = np.linspace(-1, 1, 11)
    out_of_P, out_of_AP = junction.escape_rates(drive)
    assert np.allclose(out_of_P * out_of_AP, junction.phi0**2 * np.exp(-16.0), rtol=1e-12)
    assert np.allclose(junction.rate(drive), 1.0 / (1.0 / out_of_P + 1.0 / out_of_AP), rtol=1e-12)
    assert out_of_P[-1] < out_of_AP[-1]
    assert junction.replace(T=150.0).barrier == pytest.approx(16.0)
    assert Telegraph(delta=0.0).with_resolvable_switching().t_sw == pytest.approx(2.5e-12)
    assert Telegraph(delta=15.0).with_resolvable_switching() == Telegraph(delta=15.0)


def test_conductance_limits():
    """Parallel at any bias: 1/R_P. Antiparallel: R_AP at zero bias, half the TMR at V_half. No TMR: a resistor."""
    junction = Macrospin()
    assert conductance(junction, 0.7, 1.0) == pytest.approx(1 / junction.R_P)
    assert conductance(junction, 0.0, -1.0) == pytest.approx(1 / junction.R_AP)
    assert 1 / conductance(junction, junction.V_half, -1.0) == pytest.approx(junction.R_P * 1.5)
    assert conductance(Macrospin(TMR=0.0), 0.3, -0.2) == pytest.approx(1 / 12.7e3)


def test_an_instance_in_a_pyspice_circuit():
    circuit = Circuit("test")
    Telegraph().add_to(circuit, "mtj", "a", circuit.gnd, seed=instance_seed(1, "mtj"))
    line = next(line for line in str(circuit).splitlines() if line.lower().startswith("xmtj"))
    assert line.split()[1:6] == ["a", "0", "mtj_state", "mtj_count", "mtj_telegraph"]
    assert f"seed={float(instance_seed(1, 'mtj'))!r}" in line
    with pytest.raises(CircuitError, match="ports free, ref, state, count"):
        Telegraph().add_to(circuit, "m2", "a")


def test_seeds_of_instances_do_not_depend_on_their_neighbours():
    seeds = {name: instance_seed(7, name) for name in ("x1.mtj", "x2.mtj", "x10.mtj")}
    assert len(set(seeds.values())) == 3
    assert all(0 <= seed < 2**31 for seed in seeds.values())
    assert instance_seed(8, "x1.mtj") != seeds["x1.mtj"]
