"""The telegraph junction on every engine: exact thresholds, rates over nine decades, time-dependent drive, edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed, thresholds
from spinspice.devices.reference.telegraph import switching_times
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings


def bench(device: Telegraph, seed: int, duration: float, source: str = "0", signals: str = "count") -> Testbench:
    """One junction under a voltage source."""
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())
    return Testbench(
        circuit=f"xj a 0 state count {device.model} {card}\nva a 0 {source}\n",
        stop=duration,
        step=duration / 50,
        save=("v(a)", "i(va)", *(f"v({name})" for name in signals.split())),
    )


def with_barrier(delta: float, drive: float = 0.0) -> Telegraph:
    """A junction whose switching time does not disturb its mean stays up to some drive."""
    return Telegraph(delta=delta).with_resolvable_switching(drive)


def dwells(waves) -> np.ndarray:
    """Completed stays [s]."""
    return np.diff(crossings(waves.time, waves["v(count)"]), prepend=0.0)


@pytest.mark.parametrize("delta", [6.0, 9.0, 13.0])
def test_same_flips_as_the_thresholds(osdi_engine, delta):
    """1,000 stays: each within 2 t_sw (0.5 % at 6 kT, 5e-6 at 13 kT) of its drawn threshold, the mean within 0.12.

    Budget: an event begins within a step of t_sw / 8; a pace below t_sw is raised to it; easing out, about 3 t_sw long
    at 13 kT, is 3 % off on average and ends within a step.
    """
    junction = with_barrier(delta)
    tau = 0.5 / junction.natural_rate
    waves = osdi_engine.run(bench(junction, 7, 1010 * tau))
    stays = dwells(waves)
    exact = tau * thresholds(7, np.arange(len(stays)))
    assert len(stays) > 900
    assert np.max(np.abs(stays - exact)) < 2.0 * junction.t_sw
    assert abs(np.mean(stays - exact)) < 0.12 * junction.t_sw
    assert len(waves.time) < 85 * len(stays)


@pytest.mark.parametrize(
    "delta",
    [0.0, 20.7, *(pytest.param(d, marks=pytest.mark.slow) for d in (2.3, 4.6, 6.9, 9.2, 11.5, 13.8, 16.1, 18.4))],
)
def test_rates_over_nine_decades(osdi_engine, delta):
    """Mean stay within four standard errors, stays exponential, fewer than 100 points a flip, at every rate."""
    junction = with_barrier(delta)
    tau = 0.5 / junction.natural_rate
    junction = junction.replace(t_sw=max(junction.t_sw, 1e-9 * 400 * tau))
    waves = osdi_engine.run(bench(junction, 21, 400 * tau))
    stays = dwells(waves) / tau
    assert abs(np.mean(stays) - 1.0) < 4.0 / np.sqrt(len(stays))
    assert stats.kstest(stays, "expon").pvalue > 6e-5
    assert len(waves.time) < 100 * len(stays)


@pytest.mark.parametrize("source", ["0.02", "pulse(-0.03 0.03 {t} 1n 1n {t} {p})", "sin(0 0.03 {f})"])
def test_hazard_integral_is_exponential_under_any_drive(osdi_engine, source):
    """The hazard integral over each stay is its unit-exponential threshold, for constant, stepped, sinusoidal V(t)."""
    junction = with_barrier(9.0, drive=0.3)
    tau = 0.5 / junction.natural_rate
    text = source.format(t=5 * tau, p=10 * tau, f=0.1 / tau)
    waves = osdi_engine.run(bench(junction, 3, 300 * tau, text).replace(max_step=0.05 * tau))
    flips = crossings(waves.time, waves["v(count)"])
    # Hazard on a fine grid of the known drive, in the state of each stay.
    grid = np.union1d(np.linspace(0.0, flips[-1], 2_000_001), waves.time[waves.time <= flips[-1]])
    voltage = np.interp(grid, waves.time, waves["v(a)"])
    if "sin" in source:
        voltage = 0.03 * np.sin(2 * np.pi * 0.1 / tau * grid)
    rates = np.where(
        np.searchsorted(flips, grid, side="right") % 2 == 0, *junction.escape_rates(voltage / junction.V_c)
    )
    hazard = np.concatenate([[0.0], np.cumsum(0.5 * (rates[1:] + rates[:-1]) * np.diff(grid))])
    stays = np.diff(np.interp(flips, grid, hazard), prepend=0.0)
    assert stats.kstest(stays, "expon").pvalue > 6e-5
    assert abs(np.mean(stays) - 1.0) < 4.0 / np.sqrt(len(stays))
    assert abs(np.mean(stays - thresholds(3, np.arange(len(stays))))) < 1e-3


def test_edges_take_the_switching_time(osdi_engine):
    """The state is a smoothstep of 3/4 t_sw in time; from 10 to 90 % it needs 0.608 of that, 0.456 t_sw.

    The first step meets the event anywhere and is trapezoidal: within a step of t_sw / 8.
    """
    junction = Telegraph(delta=9.0, t_sw=1e-9)
    tau = 0.5 / junction.natural_rate
    waves = osdi_engine.run(bench(junction, 7, 10 * tau, signals="state count"))
    flips = crossings(waves.time, waves["v(count)"])
    for flip in flips:
        around = np.abs(waves.time - flip) < 5 * junction.t_sw
        time, state = waves.time[around], waves["v(state)"][around]
        rising = state[-1] > state[0]
        levels = np.interp([0.1, 0.9] if rising else [-0.9, -0.1], state if rising else -state, time)
        assert levels[1] - levels[0] == pytest.approx(0.456 * junction.t_sw, abs=0.125 * junction.t_sw)


def test_sign_of_voltage(engine):
    """A positive voltage from free to ref keeps the junction parallel: occupation of AP (1 - tanh(delta V/V_c))/2."""
    junction = with_barrier(5.0)
    tau = 0.5 / junction.natural_rate
    d = 0.1
    waves = engine.run(bench(junction, 9, 500 * tau, str(d * junction.V_c), "state count"))
    # Rate of relaxation 2 cosh(delta d) / (2 tau), so about 500 cosh(0.5) / 2 independent samples a state.
    p = 0.5 * (1.0 - np.tanh(junction.delta * d))
    samples = 500 * np.cosh(junction.delta * d)
    assert abs(waves.mean("v(state)") - p) < 4.0 * np.sqrt(2.0 * p * (1 - p) / samples)
    low, high = np.percentile(-waves["i(va)"], [5, 95]) / (d * junction.V_c)
    assert high == pytest.approx(1 / junction.R_P, rel=1e-3)
    assert low == pytest.approx(
        1 / junction.R_P / (1 + junction.TMR / (1 + (d * junction.V_c / junction.V_half) ** 2)), rel=1e-3
    )


def test_mean_rate_follows_the_tuning_curve(engine):
    """Cycles a second at two drives against r0 / cosh(delta V / V_c) (Mizrahi 2018, eq. 1 with the factor 1/2)."""
    junction = with_barrier(4.0)
    for d in (0.0, 0.2):
        duration = 600 / junction.rate(d)
        waves = engine.run(bench(junction, instance_seed(4, str(d)), float(duration), str(d * junction.V_c)))
        cycles = waves["v(count)"][-1] / 2
        # The count of an alternating renewal process: variance of cycles = n (s1^2 + s2^2)/(s1 + s2)^2 <= n.
        assert abs(cycles - 600) < 4.0 * np.sqrt(600)


#: Escape rates apart: net field, asymmetric torque, driven by current.
LOPSIDED = Telegraph(delta=8.0, field=0.15, asymmetry=0.3, drive=1.0, I_c=1e-4, t_sw=2e-11)


def under_current(
    device: Telegraph, seed: int, duration: float, source: str, signals: str = "state count"
) -> Testbench:
    """One junction under a current source."""
    return bench(device, seed, duration, signals=signals).replace(
        circuit=bench(device, seed, duration).circuit.replace("va a 0 0", f"ia 0 a {source}"),
        save=("v(a)", *(f"v({name})" for name in signals.split())),
    )


@pytest.mark.parametrize("drive", [0.0, -0.25])
def test_both_escape_rates_with_field_and_asymmetry(osdi_engine, drive):
    """Every stay is its drawn threshold over the rate of its state; the rates are 20 and 0.1 to one."""
    rates = LOPSIDED.escape_rates(drive)
    cycle = float(1 / rates[0] + 1 / rates[1])
    waves = osdi_engine.run(under_current(LOPSIDED, 13, 300 * cycle, str(drive * LOPSIDED.I_c)))
    stays = dwells(waves)
    expected = thresholds(13, np.arange(len(stays))) / np.where(np.arange(len(stays)) % 2 == 0, *rates)
    assert len(stays) > 400
    assert np.max(np.abs(stays - expected)) < 0.01 * cycle
    assert abs(np.mean(stays - expected)) < 1e-3 * np.mean(stays)


def test_occupation_with_field_and_asymmetry(engine):
    """Detailed balance: P(AP) = rate_P / (rate_P + rate_AP), on every engine."""
    drive = -0.2
    rates = LOPSIDED.escape_rates(drive)
    cycles, cycle = 400, float(1 / rates[0] + 1 / rates[1])
    waves = engine.run(under_current(LOPSIDED, 17, cycles * cycle, str(drive * LOPSIDED.I_c)))
    p = float(rates[0] / sum(rates))
    # Time in one state of an alternating renewal process: variance of its share 2 p^2 (1 - p)^2 per cycle.
    assert abs(waves.mean("v(state)") - p) < 4.0 * p * (1 - p) * np.sqrt(2.0 / cycles)


def test_a_stable_junction_keeps_its_state_when_the_drive_turns_round(osdi_engine):
    """Hysteresis: 60 kT, a triangle of current of 1.2 I_c and a jump: two events a period, those of the reference."""
    device = Telegraph(delta=60.0, drive=1.0, I_c=3e-4, state0=1.0, t_sw=1e-8)
    period, top = 0.01, 3.6e-4
    times = np.array([0.0, 0.3, 0.4, 0.7, 0.70001, 1.0]) * period
    values = np.array([-0.5, 1.0, 0.2, -1.0, 0.5, -0.5]) * top
    points = " ".join(
        f"{k * period + t:.9g} {v:.9g}" for k in range(2) for t, v in zip(times[:-1], values[:-1], strict=True)
    )
    source = f"pwl({points} {2 * period:.9g} {values[-1]:.9g})"
    waves = osdi_engine.run(under_current(device, 5, 2 * period, source).replace(max_step=2e-6))
    flips = crossings(waves.time, waves["v(count)"])
    exact = switching_times(device, len(flips), 5, current=(times, values), period=period)
    assert len(flips) == 4
    # Rates grow by e in 4 us or more; the error of a step of 2 us in ln rate is 1/48, far from the ends.
    assert np.max(np.abs(flips - exact)) < 0.05 * 4e-6 + 4 * device.t_sw
    settled = waves["v(state)"][np.searchsorted(waves.time, np.arange(1, 3) * period - 1e-6)]
    assert np.allclose(settled, 1.0, atol=1e-6)
