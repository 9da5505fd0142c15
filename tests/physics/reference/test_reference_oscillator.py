"""The oscillator of one amplitude against its exact laws: power, line, phase, locking to a force and to one another."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.constants import gamma, k_B, mu_0
from spinspice.devices import MacrospinOscillator, SpinTorqueOscillator
from spinspice.devices.laws import oscillator as laws
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.oscillator import simulate_oscillator
from spinspice.errors import ParameterError, ResultError, UsageError

I_TH = 1e-3


def device(z: float = 1.5, D: float = 1e5, N: float = 0.0, **more) -> SpinTorqueOscillator:
    """Oscillator of the tables: Gamma 3e7 /s, Q 1; its frame turns at the frequency of the current z I_th."""
    given = {"dt": 2e-10, "tau_I": 1e-9, "f0": 200e6, "x0": 0.4} | more
    base = SpinTorqueOscillator(Gamma=3e7, Q=1.0, I_th=I_TH, D=D, N=N, **given)
    return base.replace(f_ref=base.frequency(z * I_TH), max_step=2e-10)


#: z, D [1/s], mean and variance of the power, by integrating its law numerically.
POWER = [
    (0.5, 1e5, 0.006423, 3.985e-5),
    (1.0, 1e5, 0.032574, 6.056e-4),
    (1.2, 1e5, 0.091935, 1.4209e-3),
    (1.5, 1e5, 0.200000, 1.3333e-3),
    (1.5, 1e6, 0.210725, 1.1073e-2),
    (2.0, 1e5, 0.333333, 1.1111e-3),
]
#: z, D [1/s], N [rad/s], width of the line by the eigenvalue and at low noise [Hz].
LINES = [
    (1.5, 1e5, 0.0, 82521.9, 79577.5),
    (1.5, 1e5, 1.5e8, 406913.0, 397888.0),
    (1.5, 1e5, 3e8, 1.33877e6, 1.35282e6),
    (1.2, 1e5, 3e8, 2.5884e6, 3.7922e6),
    (1.5, 1e6, 3e8, 7.7724e6, 13.528e6),
    (1.5, 1e4, 3e8, 135.68e3, 135.28e3),
]


@pytest.mark.parametrize(("z", "D", "mean", "variance"), POWER)
def test_power_of_the_law_and_of_the_simulation(z, D, mean, variance):
    law = laws.power_moments(device(z, D), z * I_TH)
    assert law == pytest.approx((mean, variance), rel=2e-4)
    run = simulate_oscillator(device(z, D), 3e-6, np.arange(128), current=z * I_TH, decimate=20)
    p = run.power[:, 150:]  # after 0.6 us, 18 times the time of the slowest
    means, squares = p.mean(axis=1), ((p - law[0]) ** 2).mean(axis=1)
    # The noise step costs 7/15 of it, over the relaxation time of the power, of the variance.
    short = 1.0 - 7.0 / 15.0 * 2.0 * max(device(z, D).amplitude_rate(z * I_TH), 1e7) * 2e-10
    for values, exact in ((means, law[0]), (squares, short * law[1])):
        assert abs(values.mean() - exact) < 4.0 * values.std(ddof=1) / np.sqrt(values.size)


@pytest.mark.parametrize(("z", "D", "N", "exact", "low"), LINES)
def test_width_of_the_line(z, D, N, exact, low):
    assert -laws.slowest_decay(device(z, D, N), z * I_TH).real / np.pi == pytest.approx(exact, rel=1e-4)
    assert laws.linewidth(device(z, D, N), z * I_TH) == pytest.approx(low, rel=1e-4)


def correlation(run, start: int, lags) -> np.ndarray:
    """Return <a*(0) a(t)> of each member, shape (n, lags)."""
    a = run.a[:, start:]
    return np.array([(np.conj(a[:, : a.shape[1] - lag]) * a[:, lag:]).mean(axis=1) for lag in lags]).T


def test_late_decay_of_the_correlation_is_the_eigenvalue():
    """Between 0.1 and 0.4 us at nu = 4: decay and turning of the correlation."""
    oscillator = device(N=3e8, dt=5e-10)
    run = simulate_oscillator(oscillator, 8e-6, np.arange(256), current=1.5e-3, decimate=20)
    c = correlation(run, 100, (10, 40))
    blocks = c.reshape(16, 16, 2).mean(axis=1)
    ratio = np.log(blocks[:, 1] / blocks[:, 0]) / 0.3e-6
    exact = laws.slowest_decay(oscillator, 1.5e-3)
    for found, value in ((ratio.real, exact.real), (ratio.imag, exact.imag)):
        assert abs(found.mean() - value) < 4.0 * found.std(ddof=1) / 4.0


def test_variance_of_the_phase():
    oscillator = device(D=1e3, N=3e8, dt=1e-9)
    run = simulate_oscillator(oscillator, 2e-6, np.arange(512), current=1.5e-3, decimate=50)
    turned = run.phase - run.phase[:, 20:21]  # stationary after 1 us
    for index in (22, 40):
        exact = float(laws.phase_variance(oscillator, 1.5e-3, run.time[index] - run.time[20]))
        assert abs(turned[:, index].var() / exact - 1.0) < 4.0 * np.sqrt(2.0 / 512)


def quiet(**more) -> SpinTorqueOscillator:
    """Without noise, on a long grid."""
    return device(D=0.0, N=3e8, T=0.0, dt=5e-9, x0=0.447, **more)


def edge(locked, inside: float, outside: float) -> float:
    """Return the end of the locking range between a detuning inside and one outside [Hz], to 1/500."""
    assert locked(inside) and not locked(outside)
    while abs(outside - inside) > 2e-3 * abs(outside):
        middle = 0.5 * (inside + outside)
        inside, outside = (middle, outside) if locked(middle) else (inside, middle)
    return 0.5 * (inside + outside)


@pytest.mark.parametrize(("force", "low", "high"), [(1e5, -147.8e3, 145.7e3), (1e6, -1599e3, 1377e3)])
def test_locking_to_a_force(force, low, high):
    """Both ends of the exact, asymmetric range; Adler's half range within what the asymmetry is."""
    oscillator = quiet()
    assert laws.locking_half_range(oscillator, 1.5e-3, force) == pytest.approx(146.7e3 * force / 1e5, rel=1e-3)

    def locked(detuning: float) -> bool:
        tone = [[force, oscillator.f_ref + detuning, 0.0]]
        run = simulate_oscillator(oscillator, 2e7 / force * 1e-6, current=1.5e-3, tones=tone)
        slip = run.phase - 2.0 * np.pi * detuning * run.time
        half = slip.size // 2
        return bool(abs(slip[-1] - slip[half]) < np.pi)

    assert edge(locked, 0.9 * high, 1.1 * high) == pytest.approx(high, rel=6e-3)
    assert edge(locked, 0.9 * low, 1.1 * low) == pytest.approx(low, rel=6e-3)


@pytest.mark.parametrize(("phase", "exact"), [(0.0, 6.44e3), (np.pi / 2, 25.53e3), (np.pi / 4, 22.57e3)])
def test_two_oscillators_lock_to_one_another(phase, exact):
    """Against direct integration, and the formula within 2 %."""
    strength = 2e4
    matrix = strength * np.exp(1j * phase) * np.array([[0.0, 1.0], [1.0, 0.0]])
    one = quiet()
    assert laws.mutual_range(one, 1.5e-3, strength, phase) == pytest.approx(exact, rel=0.02)

    def locked(difference: float) -> bool:
        pair = [one.replace(f0=one.f0 + sign * difference / 2.0) for sign in (-1.0, 1.0)]
        run = simulate_oscillator(pair, 10.0 / exact, [1, 2], current=1.5e-3, coupling=matrix, decimate=20)
        slip = run.phase[1] - run.phase[0]
        return bool(abs(slip[-1] - slip[slip.size // 2]) < 0.3)

    assert edge(locked, 0.8 * exact, 1.2 * exact) == pytest.approx(exact, rel=0.02)


def test_vortex_from_geometry():
    """The numbers of the 375 nm disk: frequency, rates, threshold, noise, coupling, line."""
    disk = SpinTorqueOscillator.vortex(
        diameter=375e-9, t_free=6e-9, Ms=1.27e6, A_ex=15e-12, alpha=0.01, pol=0.6, p_z=0.3, RA=3.6e-12, TMR=1.0
    )
    current = 1.5 * disk.I_th
    assert disk.f0 == pytest.approx(253.1e6, rel=1e-3) and disk.I_th == pytest.approx(5.06e-3, rel=1e-3)
    assert disk.Gamma == pytest.approx(3.135e7, rel=1e-3) and disk.N == pytest.approx(3.18e8, rel=1e-3)
    assert disk.D == pytest.approx(1.709e4, rel=1e-3) and disk.power(current) == pytest.approx(0.2)
    assert disk.coupling(current) == pytest.approx(4.06, rel=1e-3)
    assert disk.amplitude_rate(current) == pytest.approx(1.57e7, rel=2e-3)
    assert laws.linewidth(disk, current) == pytest.approx(238e3, rel=3e-3)
    assert laws.locking_half_range(disk, current, 0.5 * disk.k_B * 1e-4) == pytest.approx(4.4e6, rel=0.01)
    assert disk.frequency(current) == pytest.approx(263.2203e6, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SpinTorqueOscillator(x0=0.8, y0=0.8), "the core leaves the disk"),
        (lambda: SpinTorqueOscillator(max_step=2e-9), "points a period of the carrier"),
        (lambda: SpinTorqueOscillator(dt=1e-7), "too long a noise step"),
        (lambda: SpinTorqueOscillator(carrier=0.5), "neither 0 nor 1"),
        (lambda: laws.linewidth(SpinTorqueOscillator(), 1e-3), "below the threshold"),
        (
            lambda: SpinTorqueOscillator.vortex(
                diameter=10e-9, t_free=6e-9, Ms=1e6, A_ex=1e-11, alpha=0.01, pol=0.6, p_z=0.3, RA=1e-12, TMR=1.0
            ),
            "holds no vortex",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, message):
    with pytest.raises(ParameterError, match=message):
        call()


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(UsageError, match="whole groups"):
        simulate_oscillator(quiet(), 1e-6, [1, 2, 3], current=1e-3, coupling=np.zeros((2, 2)))
    with pytest.raises(UsageError, match="share f_ref"):
        simulate_oscillator([quiet(), device()], 1e-6, [1, 2], current=1e-3, coupling=np.zeros((2, 2)))


def test_a_core_that_leaves_the_disk_is_said():
    with pytest.raises(ResultError, match="the core leaves the disk at .* s: the amplitude reaches"):
        simulate_oscillator(quiet(), 1e-6, current=1.5e-3, tones=[[1e9, quiet().f_ref, 0.0]])


@pytest.mark.parametrize(("z", "D", "N", "exact", "low"), LINES)
def test_correlation_of_every_line(z, D, N, exact, low):
    """The amplitude's correlation at two lags against the propagated generator, near the threshold too."""
    oscillator = device(z, D, N, dt=2e-9 if D < 1e6 else 5e-10)
    unit = 1.0 / (np.pi * exact)
    every = max(1, round(0.2 * unit / oscillator.dt))
    settled = round(0.6e-6 / (every * oscillator.dt)) + 1
    run = simulate_oscillator(oscillator, 0.6e-6 + 8.0 * unit, np.arange(192), current=z * I_TH, decimate=every)
    lags = (2, 5)
    law = laws.correlation(oscillator, z * I_TH, np.array(lags) * every * oscillator.dt, cells=200)
    found = correlation(run, settled, lags)
    for k in range(2):
        for part in (np.real, np.imag):
            values = part(found[:, k])
            assert abs(values.mean() - part(law[k])) < 4.0 * values.std(ddof=1) / np.sqrt(values.size)


def test_line_of_the_macrospin_oscillator():
    """Its phase is Kubo's oscillator with rates divided by (1 - mz^2); cooled to 3 K, where that is linear."""
    disk = MacrospinOscillator(
        px=0.0, pz=1.0, Ms=8e5, area=7.854e-15, t_free=2e-9, alpha=0.02, T=3.0, theta0=1.414, Nx=0.0, Ny=0.0, Nz=1.0,
        dt=5e-12, max_step=1.25e-12,
    )  # fmt: skip
    run = simulate_macrospin(disk, 8e-9, np.arange(256), current=2e-4, decimate=40)
    mz = run.m[:, -1, 2].mean()
    phase = np.unwrap(np.arctan2(run.m[..., 1], run.m[..., 0]), axis=-1)
    start = 20  # 4 ns: eight relaxation times of mz
    wide = 1.0 - mz**2
    stiffness = gamma * mu_0 * disk.Ms
    tau = (1.0 + disk.alpha**2) / (disk.alpha * stiffness) / wide
    own = disk.alpha * gamma * k_B * disk.T / (disk.moment * (1.0 + disk.alpha**2)) / wide
    variance = k_B * disk.T / (mu_0 * disk.Ms * disk.moment)
    for index in (30, 40):
        t = run.time[index] - run.time[start]
        exact = 2.0 * own * t + 2.0 * stiffness**2 * variance * tau**2 * (t / tau - 1.0 + np.exp(-t / tau))
        found = (phase[:, index] - phase[:, start]).var()
        assert abs(found / exact - 1.0) < 4.0 * np.sqrt(2.0 / 256)
