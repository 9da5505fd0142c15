"""The telegraph junction as B-sources: a chain sampled on a grid of time, flip by flip that of the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from spinspice.devices import Telegraph
from spinspice.devices.noise import THRESHOLD_WORD, uniform
from spinspice.devices.reference.chain import flip_probabilities, simulate_chain
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("ngspice-process", model="b-source")


def grid_step(device: Telegraph) -> float:
    """The default ``dt_chain``: a twentieth of the mean stay at zero drive."""
    return 0.05 * float(np.exp(device.barrier)) / device.phi0


def run_chain(
    device: Telegraph, steps: int, cards: str = "v1 a 0 0", seed: int = 5, **changes: Any
) -> tuple[np.ndarray, np.ndarray, Any]:
    """Run a junction at node a; return states and event counts late in the steps 0 .. steps - 1, and waveforms."""
    dt = changes.pop("dt_chain", grid_step(device))
    values = " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())
    bench = Testbench(
        circuit=f"{cards}\nxj a 0 s n {device.model} {values} dt_chain={dt!r}\n",
        stop=(steps + 0.001) * dt,
        step=changes.pop("step", 10 * dt),
        save=("v(s)", "v(n)", "v(a)"),
        title="sampled chain",
        **changes,
    )
    waves = get_engine("ngspice-process", model="b-source").run(bench)
    at = (np.arange(steps) + 0.9) * dt
    return np.interp(at, waves.time, waves["v(s)"]), np.interp(at, waves.time, waves["v(n)"]), waves


def check(device: Telegraph, shown: np.ndarray, count: np.ndarray, chain: np.ndarray) -> int:
    """Hold states and counts against a reference chain, and return its number of flips."""
    chain = chain[: len(shown)].astype(float)
    assert np.max(np.abs(shown - chain)) < 1e-6
    flips = np.cumsum(np.abs(np.diff(chain, prepend=device.state0)))
    assert np.max(np.abs(count - flips)) < 1e-6
    return int(flips[-1])


def test_a_thousand_flips_are_those_of_the_reference():
    """And take fewer than 120 time points each, dwell exactly the geometric stays of the chain, on either side."""
    device = Telegraph()
    steps = 22_000
    shown, count, waves = run_chain(device, steps, "v1 a 0 1m")
    dt = grid_step(device)
    flips = check(device, shown, count, simulate_chain(device, dt, steps, 5, voltage=1e-3))
    assert flips > 1000
    assert len(waves.time) < 120 * flips
    # Randomised within each step, the distribution function of a geometric stay is uniform (fixed generator).
    changes = np.flatnonzero(np.diff(np.round(shown)))
    stays = np.diff(changes)
    p = flip_probabilities(device, dt, 1e-3)
    p = np.where(np.arange(len(stays)) % 2 == 0, p[1], p[0])  # the stay after the first flip is an antiparallel one
    uniform = 1.0 - (1.0 - p) ** (stays - 1) * (1.0 - p * np.random.default_rng(1).random(len(stays)))
    assert stats.kstest(uniform, "uniform").pvalue > 6.3e-5


@pytest.mark.parametrize(
    "device",
    [
        Telegraph(delta=20.7, state0=1.0, t_sw=1e-6),
        Telegraph(delta=2.0, t_sw=1e-13),
        Telegraph(delta=8.0, T=350.0, V_c=0.2),
    ],
    ids=["1 s", "7 ns", "350 K"],
)
def test_any_rate_and_initial_state(device):
    shown, count, _ = run_chain(device, 1500, "v1 a 0 5m", seed=2**31 - 1)
    chain = simulate_chain(device, grid_step(device), 1500, 2**31 - 1, voltage=5e-3)
    assert check(device, shown, count, chain) > 30


@pytest.mark.parametrize("shape", ["stepped", "sinusoidal"])
def test_a_drive_that_varies(shape):
    """The rates are those of the voltage at each grid time."""
    device = Telegraph(delta=9.0)
    dt, steps = grid_step(device), 3000
    time = dt * np.arange(steps + 1)
    if shape == "stepped":
        cards = f"v1 a 0 pulse(-0.03 0.03 {100.5 * dt!r} {1e-3 * dt!r} {1e-3 * dt!r} {99.999 * dt!r} {200 * dt!r})"
        voltage = np.where((time / dt - 100.5) % 200 < 100, 0.03, -0.03)
        voltage[time < 100.5 * dt] = -0.03
    else:
        cards = f"v1 a 0 sin(0 0.03 {1 / (200 * dt)!r})"
        voltage = 0.03 * np.sin(2 * np.pi * time / (200 * dt))
    shown, count, _ = run_chain(device, steps, cards)
    assert check(device, shown, count, simulate_chain(device, dt, steps, 5, voltage=voltage)) > 40


def test_a_junction_driven_by_its_current():
    device = Telegraph(drive=1.0, I_c=1e-4)
    shown, count, _ = run_chain(device, 2000, "i1 0 a 5u")
    chain = simulate_chain(device, grid_step(device), 2000, 5, current=5e-6)
    assert check(device, shown, count, chain) > 40


def test_the_decision_does_not_chase_its_own_voltage():
    """Behind a resistor a flip changes the voltage, and that another flip's chance: the state before it decides.

    A resistor of 100 Ohm: voltage v / (1 + 100 Ohm / R) in each state.
    """
    device = Telegraph(delta=8.0)
    shown, count, waves = run_chain(device, 2000, "v1 in 0 30m\nr1 in a 100\nc1 a 0 1f")
    dt = grid_step(device)
    by_state = []
    for conductance in (1 / device.R_P, 1 / device.R_AP):
        by_state.append(0.03 / (1 + 100 * conductance))  # 30 mV are too few for the bias dependence to be seen
    levels = np.interp((np.arange(2000) + 0.9) * dt, waves.time, waves["v(a)"])
    assert np.max(np.abs(levels - np.where(shown > 0.5, by_state[1], by_state[0]))) < 1e-3 * 0.03
    assert count[-1] > 20
    # Every flip is one that the rates at the voltage of the state before it call for.
    p = np.array([flip_probabilities(device, dt, v)[s] for s, v in enumerate(by_state)])
    before = np.round(shown[:-1]).astype(int)
    expected = uniform(5, THRESHOLD_WORD, np.arange(1, 2000)) < p[before]
    assert np.array_equal(np.diff(count) > 0.5, expected)


def test_the_grid_is_kept_when_the_run_asks_for_long_steps():
    device = Telegraph()
    shown, count, waves = run_chain(device, 1000, step=400 * grid_step(device))
    assert check(device, shown, count, simulate_chain(device, grid_step(device), 1000, 5)) > 20
    assert len(waves.time) < 6 * 1000


@pytest.mark.slow
@pytest.mark.parametrize("delta", [0.0, 4.6, 9.2, 13.8, 18.4, 20.7])
@pytest.mark.parametrize("fraction", [0.2, 0.01])
def test_occupation_and_flips_over_nine_decades(delta, fraction):
    """Occupation exact at any step; flips seen fewer than there are by the law of the chain, (1 - exp(-2 x)) / 2 x."""
    device = Telegraph(delta=delta, t_sw=1e-12 * float(np.exp(delta)))
    tau = float(np.exp(device.barrier)) / device.phi0
    steps = round(500 / fraction)
    shown, count, _ = run_chain(device, steps, seed=9, dt_chain=fraction * tau)
    expected = steps * (1 - np.exp(-2 * fraction)) / 2
    assert abs(count[-1] - expected) < 4 * np.sqrt(expected)
    samples = steps * (1 - np.exp(-2 * fraction)) / (1 + np.exp(-2 * fraction))
    assert abs(shown.mean() - 0.5) < 4 * 0.5 / np.sqrt(samples)


def test_a_junction_with_field_and_asymmetry():
    """Both escape rates and their different widths in current: flip by flip the chain of the reference."""
    device = Telegraph(drive=1.0, I_c=1e-4, delta=6.0, field=-0.1, asymmetry=0.3)
    shown, count, _ = run_chain(device, 2000, "i1 0 a 8u")
    chain = simulate_chain(device, grid_step(device), 2000, 5, current=8e-6)
    assert check(device, shown, count, chain) > 40


def test_the_grid_of_a_stable_junction_is_its_longest_step():
    """Its mean stay of e^60 ns would make a grid of aeons."""
    device = Telegraph(delta=60.0, drive=1.0, I_c=1e-4, max_step=1e-4)
    current = 7.5e-5
    values = " ".join(f"{name}={value}" for name, value in device.instance_parameters(5).items())
    bench = Testbench(
        circuit=f"i1 0 a {-current!r}\nxj a 0 s n {device.model} {values}\n",
        stop=0.0401,
        step=1e-3,
        save=("v(s)", "v(n)"),
    )
    waves = get_engine("ngspice-process", model="b-source").run(bench)
    chain = simulate_chain(device, 1e-4, 400, 5, current=-current)
    assert np.max(np.abs(np.interp((np.arange(400) + 0.9) * 1e-4, waves.time, waves["v(s)"]) - chain[:400])) < 1e-6
    assert chain[-1] == 1 and np.count_nonzero(np.diff(chain)) == 1
