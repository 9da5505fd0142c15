"""The reference telegraph junction: exponential stays, nine decades of rates, exact Poisson process under drive."""

from __future__ import annotations

import numpy as np
import pytest
from physics import oracles
from scipy import stats

from spinspice.devices import noise
from spinspice.devices.reference.telegraph import simulate_telegraph, switching_times
from spinspice.devices.telegraph import Telegraph


def stays_of(device, count, seed, **drive):
    """Return stays in P and stays in AP [s] of the first ``count`` events."""
    stays = np.diff(switching_times(device, count, seed, **drive), prepend=0.0)
    return stays[::2], stays[1::2]


def assert_exponential(stays, rate):
    """Mean within 4 standard errors and Kolmogorov-Smirnov distance at the same probability."""
    assert abs(stays.mean() * rate - 1.0) < oracles.SIGMAS / np.sqrt(len(stays))
    assert stats.kstest(stays * rate, "expon").pvalue > oracles.P_VALUE


@pytest.mark.parametrize("delta", [0.0, 2.3, 4.6, 6.9, 9.2, 11.5, 13.8, 16.1, 18.4, 20.7])
@pytest.mark.parametrize("drive", [-0.2, 0.0, 0.1])
def test_stays_are_exponential_over_nine_decades(delta, drive):
    """Rates of 1e9/s to 1/s at zero drive, and with a bias that makes the two states unequal."""
    junction = Telegraph(delta=delta)
    rates = junction.escape_rates(drive)
    for stays, rate in zip(stays_of(junction, 20_000, 3, voltage=drive * junction.V_c), rates, strict=True):
        assert_exponential(stays, rate)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stays_are_the_thresholds_over_the_rates(seed):
    """At constant drive each stay is E_n / lambda: what simulators are compared with, event by event."""
    junction = Telegraph(delta=9.0, state0=1.0)
    rates = junction.escape_rates(0.05)
    stays = np.diff(switching_times(junction, 1000, seed, voltage=0.005), prepend=0.0)
    expected = noise.thresholds(seed, np.arange(1000)) / np.where(np.arange(1000) % 2 == 0, rates[1], rates[0])
    assert stays == pytest.approx(expected, rel=1e-9, abs=1e-12 * expected.mean())


def test_rates_of_the_published_law():
    """Mizrahi 2018, eq. 6 (escape rates phi0 exp(-delta (1 +- V/V_c))) and eq. 1 (cycles r0 / cosh), by counting."""
    junction = Telegraph(delta=13.78)
    for volts in (-0.02, 0.0, 0.01, 0.03):
        d = volts / junction.V_c
        parallel, antiparallel = stays_of(junction, 20_000, 5, voltage=volts)
        assert abs(1e9 * parallel.mean() * np.exp(-13.78 * (1 + d)) - 1) < oracles.SIGMAS / 100
        assert abs(1e9 * antiparallel.mean() * np.exp(-13.78 * (1 - d)) - 1) < oracles.SIGMAS / 100
        cycles = 10_000 / (parallel.sum() + antiparallel.sum())
        r0 = 0.5 * 1e9 * np.exp(-13.78)
        tau_P, tau_AP = np.exp(13.78 * d), np.exp(-13.78 * d)
        error = np.hypot(tau_P, tau_AP) / (tau_P + tau_AP) / 100
        assert abs(cycles / (r0 / np.cosh(13.78 * d)) - 1) < oracles.SIGMAS * error
        if volts == 0.0:
            assert abs(cycles - 518) < 518 * oracles.SIGMAS * error + 1


def test_positive_voltage_stabilises_the_parallel_state():
    junction = Telegraph()
    parallel, antiparallel = stays_of(junction, 2000, 1, voltage=0.02)
    assert parallel.mean() > 5 * antiparallel.mean()


def test_temperature_scales_the_barrier():
    """delta refers to 300 K: at 400 K a barrier of 8 is one of 6."""
    hot, cold = Telegraph(delta=8.0, T=400.0), Telegraph(delta=6.0)
    assert switching_times(hot, 100, 3) == pytest.approx(switching_times(cold, 100, 3), rel=1e-12)


@pytest.mark.parametrize("period_in_stays", [0.03, 1.0, 300.0])
def test_hazard_under_a_sinusoidal_drive(period_in_stays):
    """The hazard integral over each stay, by the Jacobi-Anger series, is the drawn threshold and exponential.

    The drive is sampled at 4096 points a period: its logarithmic rate is off by 1e-6 at most.
    """
    junction = Telegraph(delta=6.0)
    period, swing = period_in_stays * np.exp(6.0) * 1e-9, 2.0
    t = np.linspace(0.0, period, 4097)
    volts = swing / 6.0 * junction.V_c * np.sin(2 * np.pi * t / period)
    flips = switching_times(junction, 10_000, 7, voltage=(t, volts), period=period)
    log_rate = np.log(1e9) - 6.0
    by_state = [oracles.sinusoidal_hazard(log_rate, sign * swing, period, flips) for sign in (-1.0, 1.0)]
    starts = [np.concatenate([[0.0], values[:-1]]) for values in by_state]
    odd = np.arange(10_000) % 2 == 1
    hazard = np.where(odd, by_state[1] - starts[1], by_state[0] - starts[0])
    assert hazard == pytest.approx(noise.thresholds(7, np.arange(10_000)), rel=1e-5, abs=1e-6)
    assert_exponential(hazard, 1.0)


def test_first_passage_under_a_stepped_drive():
    """P(no event before t) = exp(-hazard(t)), with a step of the voltage at t = tau that doubles d."""
    junction = Telegraph(delta=6.0)
    tau = np.exp(6.0) * 1e-9
    steps = (np.array([0.0, tau, tau, 3 * tau]), np.array([0.01, 0.01, -0.02, -0.02]))
    members = 20_000
    first = switching_times(junction, 1, np.arange(members), voltage=steps)[:, 0]
    before, after = (float(junction.escape_rates(d)[0]) for d in (0.1, -0.2))
    hazard = np.where(first < tau, first * before, tau * before + (first - tau) * after)
    assert_exponential(hazard, 1.0)
    for t in (0.3 * tau, tau, 1.3 * tau):
        survival = np.exp(-(min(t, tau) * before + max(t - tau, 0.0) * after))
        error = np.sqrt(survival * (1 - survival) / members)
        assert abs((first > t).mean() - survival) < oracles.SIGMAS * error


def test_ramp_from_far_below_the_rate():
    """A linear ramp of V: hazard phi0 exp(-delta) (1 - e^(-a t)) / a, whose end leaves some junctions unswitched."""
    junction = Telegraph(delta=6.0)
    tau, slope = np.exp(6.0) * 1e-9, 3.0
    ramp = (np.array([0.0, 10 * tau]), np.array([0.0, 10 * slope * junction.V_c / 6.0]))
    first = switching_times(junction, 1, np.arange(20_000), voltage=ramp)[:, 0] / tau
    inside = first < 10.0
    share = 1.0 - np.exp(-1.0 / slope)
    assert abs(inside.mean() - share) < oracles.SIGMAS * np.sqrt(share * (1 - share) / 20_000)
    hazard = (1.0 - np.exp(-slope * first[inside])) / slope
    assert stats.kstest(hazard, stats.truncexpon(b=1.0 / slope).cdf).pvalue > oracles.P_VALUE


def test_periodic_table_equals_the_unrolled_one():
    """A drive given for one period, and the same written out for forty."""
    junction = Telegraph(delta=4.0)
    period = 3e-8
    t = np.linspace(0.0, period, 65)
    v = 0.05 * np.sin(2 * np.pi * t / period) + 0.02 * np.cos(4 * np.pi * t / period)
    periodic = switching_times(junction, 400, 11, voltage=(t, v), period=period)
    periods = int(np.ceil(periodic[-1] / period)) + 1
    long_t = np.concatenate([t[:-1] + n * period for n in range(periods)])
    unrolled = switching_times(junction, 400, 11, voltage=(long_t, np.tile(v[:-1], periods)))
    assert unrolled == pytest.approx(periodic, rel=1e-9)


def test_current_drive_and_voltage_drive_of_either_law():
    """I = V / R of the state: a voltage on a current-driven junction, and a current on a voltage-driven one."""
    by_current = Telegraph(drive=1.0, I_c=1e-4, TMR=0.8, V_half=0.2)
    by_voltage = by_current.replace(drive=0.0)
    amperes, volts = 2e-5, 0.03
    rates = by_current.escape_rates(amperes / by_current.I_c)
    stays = np.diff(switching_times(by_current, 2, 1, current=amperes), prepend=0.0)
    assert stays * rates == pytest.approx(noise.thresholds(1, np.arange(2)), rel=1e-12)

    tmr = 0.8 / (1.0 + (volts / 0.2) ** 2)
    drives = np.array([volts / 1e3, volts / (1e3 * (1.0 + tmr))]) / by_current.I_c
    stays = np.diff(switching_times(by_current, 2, 1, voltage=volts), prepend=0.0)
    rates = np.array([by_current.escape_rates(drives[0])[0], by_current.escape_rates(drives[1])[1]])
    assert stays * rates == pytest.approx(noise.thresholds(1, np.arange(2)), rel=1e-12)

    # The current that flows at 0.03 V in the antiparallel state brings the voltage-driven junction back to 0.03 V
    current = volts / (1e3 * (1.0 + tmr))
    stays = np.diff(switching_times(by_voltage, 2, 1, current=current), prepend=0.0)
    expected = by_voltage.escape_rates(volts / by_voltage.V_c)[1]
    assert stays[1] * expected == pytest.approx(noise.thresholds(1, 1), rel=1e-12)


def test_a_ramp_through_the_resistance_is_refined():
    """A voltage ramp on a current-driven junction bends in the exponent: the same as a finely sampled ramp."""
    junction = Telegraph(drive=1.0, I_c=1e-4, TMR=2.0, V_half=0.1, delta=5.0)
    tau = np.exp(5.0) * 1e-9
    coarse = (np.array([0.0, 50 * tau]), np.array([-0.1, 0.15]))
    t = np.linspace(0.0, 50 * tau, 200_001)
    fine = (t, np.interp(t, *coarse))
    a = switching_times(junction, 30, 4, voltage=coarse)
    assert a == pytest.approx(switching_times(junction, 30, 4, voltage=fine), rel=1e-6)


def test_run_of_a_given_duration():
    """All events up to the end, states and stays consistent with one another."""
    junction = Telegraph(delta=5.0, state0=1.0)
    run = simulate_telegraph(junction, 1e-4, 6, voltage=0.01)
    assert 300 < run.flips.size < 1000
    assert np.array_equal(run.flips, switching_times(junction, run.flips.size, 6, voltage=0.01))
    assert switching_times(junction, run.flips.size + 1, 6, voltage=0.01)[-1] > 1e-4
    assert run.state_at(0.0) == 1
    assert np.array_equal(run.state_at(run.flips), run.states)
    middle = run.flips[:-1] + 0.5 * np.diff(run.flips)
    assert np.array_equal(run.state_at(middle), run.states[:-1])
    together = np.sort(np.concatenate([run.dwell_times(0), run.dwell_times(1)]))
    assert together == pytest.approx(np.sort(run.dwell_times()))
    assert run.dwell_times(0).mean() > run.dwell_times(1).mean()


def test_occupation_and_autocovariance_of_a_population():
    """P(AP) = l_P / (l_P + l_AP), approached at the rate l_P + l_AP: 4000 junctions from P, at five times."""
    junction = Telegraph(delta=5.0)
    rate_P, rate_AP = (float(r) for r in junction.escape_rates(-0.1))
    total, members = rate_P + rate_AP, 4000
    flips = switching_times(junction, 60, np.arange(members), voltage=-0.01)
    for t in np.array([0.1, 0.3, 1.0, 3.0, 6.0]) / total:
        share = ((flips <= t).sum(axis=1) % 2).mean()
        exact = oracles.two_state_occupation(rate_P, rate_AP) * (1.0 - np.exp(-total * t))
        assert abs(share - exact) < oracles.SIGMAS * np.sqrt(exact * (1 - exact) / members)
