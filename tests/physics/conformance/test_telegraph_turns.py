"""The telegraph junction when its drive turns round at the worst moments: events end, states are whole."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import Telegraph
from spinspice.devices.noise import thresholds
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings

SEED = 5
T_SW = 1e-8


def card(device: Telegraph, k: int, source: str) -> str:
    """Junction k under its own voltage source."""
    settings = " ".join(f"{name}={value}" for name, value in device.instance_parameters(SEED).items())
    return f"x{k} a{k} 0 s{k} n{k} {device.model} {settings}\nv{k} a{k} 0 {source}\n"


def final(waves, count: int) -> tuple[np.ndarray, np.ndarray]:
    """State and count of each junction at the end."""
    last = [[waves[f"v({node}{k})"][-1] for k in range(count)] for node in "sn"]
    return np.array(last[0]), np.array(last[1])


def events(counts: np.ndarray) -> np.ndarray:
    """Finished events; the stay n lasts from n + 1/4 to n + 3/4 of the count."""
    finished = np.floor(counts + 0.25)
    assert np.all((counts - finished >= 0.25 - 1e-6) | (counts < 0.75))
    assert np.all(counts - finished <= 0.75)
    return finished


@pytest.mark.parametrize("edge", [1e-3, 1.0, 30.0])
@pytest.mark.parametrize("turned", [-5.0, -0.5, 0.0, 5.0])
def test_a_drive_that_turns_round_at_any_moment_leaves_whole_states(osdi_engine, turned, edge):
    """24 stable junctions in a deck, turned round from 1.5 t_sw before the event to 6 t_sw after it, then left alone.

    The drive out of AP goes to ``turned`` V_c within ``edge`` t_sw: deeper into P, off, or back, with or without a
    second event. An event that has begun ends, none is lost or invented.
    """
    device, drive = Telegraph(delta=60.0, t_sw=T_SW, state0=1.0), 0.9
    event = float(thresholds(SEED, np.array([0]))[0] / device.escape_rates(drive)[1])
    turns = event + T_SW * np.linspace(-1.5, 6.0, 24)
    cards = []
    for k, turn in enumerate(turns):
        times = turn + T_SW * np.array([0.0, edge, edge + 45.0, edge + 46.0])
        volts = device.V_c * np.array([drive, turned, turned, 0.0])
        points = " ".join(f"{t:.15g} {v:.9g}" for t, v in zip(times, volts, strict=True))
        cards.append(card(device, k, f"pwl(0 {drive * device.V_c:.9g} {points})"))
    stop = event + T_SW * (6.0 + edge + 80.0)
    save = tuple(f"v({node}{k})" for k in range(turns.size) for node in "sn")
    waves = osdi_engine.run(Testbench(circuit="".join(cards), stop=stop, step=stop / 50, save=save))
    states, counts = final(waves, turns.size)
    done = events(counts)
    assert np.allclose(states, np.round(states), atol=1e-6)
    assert np.array_equal(np.round(states), (1.0 + done) % 2)
    # Which events there have to be. Before and within a slow edge the hazard still runs, or no longer.
    clear = (turns > event + 0.5 * T_SW) | ((turns < event - T_SW) & (edge < 1.0) & (turned <= 0.0))
    expected = np.where(turns > event, 2.0 if turned < -1.0 else 1.0, 0.0)
    assert np.array_equal(done[clear], expected[clear])
    if turned == 5.0:
        assert np.all(done == 1.0)


@pytest.mark.parametrize("amplitude", [1.0, 5.0])
@pytest.mark.parametrize("period", [1e2, 1e4, 1e6])
def test_a_stable_junction_follows_a_large_sine(osdi_engine, period, amplitude):
    """Up to five critical voltages at 60 kT, where a step changes rates up to seven times: one event a half period."""
    device = Telegraph(delta=60.0, t_sw=T_SW)
    time = period * T_SW
    source = f"sin(0 {amplitude * device.V_c:.9g} {1 / time:.9g})"
    longest = time / (200 * amplitude)
    bench = Testbench(
        circuit=card(device, 0, source), stop=5 * time, step=longest, save=("v(s0)", "v(n0)"), max_step=longest
    )
    waves = osdi_engine.run(bench)
    ends = (np.arange(10) / 2 + 0.45) * time
    assert np.allclose(np.interp(ends, waves.time, waves["v(s0)"]), np.arange(10) % 2, atol=1e-6)
    assert np.allclose(np.interp(ends, waves.time, waves["v(n0)"]), np.arange(10) + 0.25, atol=0.01)
    assert len(waves.time) < 1000 * amplitude + 10 * 150


@pytest.mark.parametrize("t_sw", [1e-10, 1e-12])
def test_a_dwell_time_after_a_pause_is_short_by_the_share_of_its_events(osdi_engine, t_sw):
    """Set, left alone, pulsed back: the models make up for the event at the rate of the pulse, which it never saw.

    By 1.4 % where it takes a hundredth of the pulse: what made a synapse flip an event early.
    """
    device = Telegraph(delta=40.0, V_c=1.0, phi0=1e9, t_sw=t_sw, state0=1.0)
    first, second = thresholds(SEED, np.arange(2))
    dwell, edge, start = 1e-8, 1e-12, 1e-7
    there = 1.0 + np.log(first / (1e9 * dwell)) / 40.0  # the voltage at which each dwell time is 10 ns
    back = 1.0 + np.log(second / (1e9 * dwell)) / 40.0
    points = f"0 0 {edge} {there} {2 * dwell} {there} {2 * dwell + edge} 0 {start} 0 {start + edge} {-back}"
    save = ("v(s0)", "v(n0)")
    bench = Testbench(circuit=card(device, 0, f"pwl({points})"), stop=start + 2 * dwell, step=1e-10, save=save)
    waves = osdi_engine.run(bench.replace(max_step=0.02 * dwell))
    flips = crossings(waves.time, waves["v(n0)"])
    assert flips.size == 2
    for flip, begin, share in zip(flips, (0.0, start), (0.173 * t_sw / dwell, device.event_share(dwell)), strict=True):
        short = 1.0 - (flip - begin) / dwell
        middle = 0.25 * np.log(2.0) * t_sw / dwell  # a flip is counted in the middle of its event
        within = 0.2 * t_sw / dwell + 2.0 * edge / dwell + 1e-4  # an event begins within a step of t_sw / 8
        assert short == pytest.approx(float(share) - middle, abs=within)
