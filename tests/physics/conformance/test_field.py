"""Junctions with field ports on every engine: constant fields as those of parameters, R(H) loops, fields that vary."""

from __future__ import annotations

import numpy as np
import pytest
from physics import astroid

from spinspice.devices import Macrospin, MacrospinField, Telegraph, TelegraphField
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.telegraph import switching_times
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings

FIELD = (0.02, -0.03, 0.05)


def card(device, seed: int) -> str:
    return " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())


def macrospin_bench(device: Macrospin, sources: str = "", nodes: str = "", stop: float = 0.5e-9) -> Testbench:
    """One macrospin under a voltage that varies, in a field from ``sources`` on ``nodes``."""
    return Testbench(
        circuit=f"va a 0 sin(0 0.2 1g)\n{sources}xj a 0 {nodes} mx my mz {device.model} {card(device, 3)}\n",
        stop=stop,
        step=device.dt,
        save=("v(mx)", "v(my)", "v(mz)", "i(va)"),
    )


def telegraph_bench(device: Telegraph, duration: float, sources: str = "", nodes: str = "", seed: int = 5) -> Testbench:
    return Testbench(
        circuit=f"va a 0 0.01\n{sources}xj a 0 {nodes} state count {device.model} {card(device, seed)}\n",
        stop=duration,
        step=duration / 50,
        save=("v(state)", "v(count)"),
    )


def sources(field) -> str:
    return "".join(f"vb{axis} b{axis} 0 {value}\n" for axis, value in zip("xyz", field, strict=True))


@pytest.mark.parametrize("field", [(0.0, 0.0, 0.0), FIELD, None])
def test_a_constant_field_is_that_of_the_parameters(engine, field):
    """Ports at a voltage, or open, against Bx, By, Bz: the same points in time, the same path to rounding.

    The ports are rows of the matrix, which is therefore solved in another order: 1e-13 after 400 points, the limit is
    1e-10.
    """
    more = {"B_k": 0.05, "alpha": 0.05, "field_like": 0.2, "vcma": 0.05}
    own = dict(zip(("Bx", "By", "Bz"), field or (0.0, 0.0, 0.0), strict=True))
    plain = engine.run(macrospin_bench(Macrospin(**more, **own)))
    driven = engine.run(macrospin_bench(MacrospinField(**more), sources(field) if field else "", "bx by bz"))
    assert np.array_equal(plain.time, driven.time)
    for name in ("v(mx)", "v(my)", "v(mz)"):
        assert np.max(np.abs(plain[name] - driven[name])) < 1e-10
    assert np.max(np.abs(plain["i(va)"] - driven["i(va)"])) < 1e-10 * np.max(np.abs(plain["i(va)"]))


def test_ports_add_to_the_parameters(engine):
    """Half of the field as parameters and half through the ports."""
    half = dict(zip(("Bx", "By", "Bz"), (0.5 * value for value in FIELD), strict=True))
    whole = dict(zip(("Bx", "By", "Bz"), FIELD, strict=True))
    plain = engine.run(macrospin_bench(Macrospin(**whole)))
    driven = engine.run(macrospin_bench(MacrospinField(**half), sources(half.values()), "bx by bz"))
    assert np.max(np.abs(plain["v(mz)"] - driven["v(mz)"])) < 1e-8


def test_path_in_a_field_that_varies_follows_the_reference(engine):
    """Sine fields of 50 mT and GHz on all axes: m(t) at 300 K within 1e-2 of the reference for 1 ns."""
    device = MacrospinField(B_k=0.05, alpha=0.05)
    frequencies = (1e9, 2e9, 3e9)
    circuit = "".join(f"vb{a} b{a} 0 sin(0 0.05 {f:g})\n" for a, f in zip("xyz", frequencies, strict=True))
    bench = macrospin_bench(device, circuit, "bx by bz", 1e-9)
    waves = engine.run(bench.replace(circuit=bench.circuit.replace("sin(0 0.2 1g)", "0.1")))
    times = np.linspace(0.0, 1e-9, 4001)
    field = np.array([0.05 * np.sin(2 * np.pi * f * times) for f in frequencies])
    exact = simulate_macrospin(device, 1e-9, 3, voltage=0.1, field=(times, field), scheme="rk4", substeps=16)
    for axis, name in enumerate(("v(mx)", "v(my)", "v(mz)")):
        assert np.max(np.abs(np.interp(exact.time, waves.time, waves[name]) - exact.m[:, axis])) < 1e-2


def loop(engine, device, axes: str, ramp: float, angles) -> np.ndarray:
    """Return the switching fields [B_k], shape (angles, 2), of an R(H) loop by a field ramp in one transient."""
    quarter = astroid.TOP / astroid.rate(device, ramp)
    top = astroid.TOP * device.B_k
    lines = [f"vf f 0 pwl(0 {top} {2 * quarter!r} {-top} {4 * quarter!r} {top})", "va a 0 0.01"]
    save = ["v(f)"]
    for i, angle in enumerate(np.radians(angles)):
        easy, hard = float(np.cos(angle)), float(np.sin(angle))
        nodes = ["0" if axis not in axes else f"b{axis}{i}" for axis in "xyz"]
        lines += [f"ee{i} b{axes[0]}{i} 0 f 0 {easy!r}", f"eh{i} b{axes[1]}{i} 0 f 0 {hard!r}", f"vm{i} a a{i} 0"]
        lines.append(f"xj{i} a{i} 0 {' '.join(nodes)} mx{i} my{i} mz{i} {device.model} {card(device, 1)}")
        save += [f"v(m{axes[0]}{i})", f"i(vm{i})"]
    bench = Testbench(circuit="\n".join(lines) + "\n", stop=4 * quarter, step=device.dt, save=tuple(save))
    waves = engine.run(bench)
    found = []
    for i, angle in enumerate(np.radians(angles)):
        turns = np.nonzero(np.diff(np.sign(waves[f"v(m{axes[0]}{i})"])))[0]
        assert len(turns) == 2, f"{angles[i]} degrees: {len(turns)} turns"
        found.append(np.abs(waves["v(f)"][turns]) / device.B_k)
        # At the ends m lies near the field: R(H) goes from parallel to antiparallel and back.
        ends = np.interp([2 * quarter, 4 * quarter], waves.time, 0.01 / waves[f"i(vm{i})"])
        if np.degrees(angle) < 30:
            assert ends[0] == pytest.approx(device.R_AP, rel=0.06)
            assert ends[1] == pytest.approx(device.R_P, rel=0.06)
    return np.array(found)


@pytest.mark.parametrize(
    "geometry", ["perpendicular", pytest.param("in-plane", marks=pytest.mark.slow)], ids=lambda name: name
)
def test_hysteresis_loop_against_stoner_and_wohlfarth(engine, geometry):
    """Switching fields at T = 0, both branches, extrapolated to a ramp that takes for ever: 1 % (measured: 0.4 %).

    Overdamped (alpha 1), since the law is one of equilibrium; two ramps, whose delay goes with the power 2/3 of
    the rate.
    """
    device, axes = astroid.magnet(geometry, step=2e-10 if geometry == "perpendicular" else 5e-11)
    angles = [0.01, 20.0, 45.0, 80.0]
    fast, slow = (loop(engine, device, axes, ramp, angles) for ramp in (4e-4, 1e-4))
    exact = np.array([astroid.switching_field(angle) for angle in angles])[:, None]
    assert np.max(np.abs(astroid.extrapolated(fast, slow, 4.0) / exact - 1.0)) < 0.01


def test_telegraph_in_a_constant_field(engine):
    """A field at the port is that of the parameter: the same events."""
    plain = Telegraph(delta=8.0, field=0.15, t_sw=2e-11)
    driven = TelegraphField(delta=8.0, field=0.05, B_k=0.2, t_sw=2e-11)
    count = 20 if engine.model == "b-source" else 60
    duration = count * float(1 / plain.escape_rates(0.1)[0] + 1 / plain.escape_rates(0.1)[1])
    one = engine.run(telegraph_bench(plain, duration))
    other = engine.run(telegraph_bench(driven, duration, "vb b 0 0.02\n", "b"))
    first, second = (crossings(waves.time, waves["v(count)"]) for waves in (one, other))
    assert len(first) > count
    assert len(first) == len(second)
    assert np.max(np.abs(first - second)) < 1e-4 * duration


def test_telegraph_in_an_open_field(engine):
    """An open port is at 0 T."""
    duration = 50e-6
    plain = engine.run(telegraph_bench(Telegraph(), duration))
    driven = engine.run(telegraph_bench(TelegraphField(), duration, nodes="b"))
    assert np.array_equal(np.round(plain["v(count)"][-1:]), np.round(driven["v(count)"][-1:]))
    assert plain["v(count)"][-1] > 20


def test_telegraph_flips_in_a_field_that_varies(osdi_engine):
    """A sine of the field: every event where the reference has it, within the steps of the field."""
    device = TelegraphField(delta=9.0, B_k=0.1, t_sw=1e-11)
    tau = 0.5 / device.natural_rate
    period, count = 4.0 * tau, 60
    times = np.linspace(0.0, period, 2001)
    field = 0.01 * np.sin(2 * np.pi * times / period)
    exact = switching_times(
        device, count, 5, voltage=(times[[0, -1]], [0.01, 0.01]), field=(times, field), period=period
    )
    bench = telegraph_bench(device, float(exact[-1]), f"vb b 0 sin(0 0.01 {1 / period!r})\n", "b")
    waves = osdi_engine.run(bench.replace(max_step=0.01 * tau))
    flips = crossings(waves.time, waves["v(count)"])
    shared = min(len(flips), count)
    assert shared >= count - 1
    assert np.max(np.abs(flips[:shared] - exact[:shared])) < 0.02 * tau


@pytest.mark.parametrize("h", [-0.2, 0.15])
def test_occupation_in_a_field(engine, h):
    """Detailed balance with barriers delta (1 +- h)^2: P(AP) = rate_P / (rate_P + rate_AP), four standard errors."""
    device = TelegraphField(delta=6.0, B_k=0.05, t_sw=2e-11)
    rates = [float(rate) for rate in device.rates_in_field(h * device.B_k, 0.01 / device.V_c)]
    cycles, cycle = 60 if engine.model == "b-source" else 400, 1 / rates[0] + 1 / rates[1]
    waves = engine.run(telegraph_bench(device, cycles * cycle, f"vb b 0 {h * device.B_k!r}\n", "b", seed=11))
    p = rates[0] / sum(rates)
    assert abs(waves.mean("v(state)") - p) < 4.0 * p * (1 - p) * np.sqrt(2.0 / cycles)


def test_a_field_beyond_the_anisotropy_field_sets_the_state(engine):
    """At 1.5 B_k the barrier out of AP is gone and that out of P 6.25 times as high: P within a few attempt times."""
    device = TelegraphField(delta=6.0, B_k=0.05, t_sw=1e-10, state0=1.0)
    waves = engine.run(telegraph_bench(device, 2e-7, "vb b 0 0.075\n", "b").replace(step=1e-9))
    assert waves["v(state)"][-1] < 1e-3
    assert np.round(waves["v(count)"][-1]) == 1.0
