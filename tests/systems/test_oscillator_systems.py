"""Systems of oscillators and walls: mutual locking in a circuit, vowels, reservoir, memristor and neuron in short."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import SpinTorqueOscillator
from spinspice.engines import get_engine
from spinspice.errors import CircuitError
from spinspice.networks.oscillators import OscillatorArray, Tone, mean_frequencies
from spinspice.reproduce import run

DISK = SpinTorqueOscillator.vortex(
    diameter=375e-9, t_free=6e-9, Ms=1.27e6, A_ex=15e-12, alpha=0.01, pol=0.6, p_z=0.3, RA=3.6e-12, TMR=1.0, T=0.0,
    x0=0.44,
)  # fmt: skip
CURRENT = 1.5 * DISK.I_th


def array(count: int, apart: float, **more) -> OscillatorArray:
    """Oscillators whose free frequencies are ``apart`` [Hz]."""
    devices = [DISK.replace(f0=DISK.f0 + apart * (i - (count - 1) / 2)) for i in range(count)]
    return OscillatorArray(devices=devices, currents=[CURRENT] * count, **more)


def frequencies(engine, oscillators: OscillatorArray, stop: float = 5e-6) -> np.ndarray:
    waves = engine.run(oscillators.testbench(stop))
    a = np.array([waves[f"v(x{i})"] + 1j * waves[f"v(y{i})"] for i in range(len(oscillators.devices))])
    return mean_frequencies(DISK, waves.time, a, 2e-6)


@pytest.mark.parametrize(
    "engine", [pytest.param(n, marks=pytest.mark.engine(n)) for n in ("vacask", "ngspice-process")]
)
@pytest.mark.parametrize(("count", "apart"), [(2, 1e6), (2, 4e6), (4, 1.5e6)])
def test_loop_couples_as_the_averaged_equations_say(engine, count, apart):
    """Kirchhoff's law alone: frequencies within 2 % of their differences from those of the averaged equations."""
    oscillators = array(count, apart)
    run = oscillators.simulate(5e-6)
    exact = mean_frequencies(DISK, run.time, run.a, 2e-6)
    found = frequencies(get_engine(engine, "verilog-a"), oscillators)
    assert np.max(np.abs(found - exact)) < 0.02 * apart
    if apart == 1e6:
        assert abs(found[1] - found[0]) < 1e3  # locked, in the circuit as in the law
    elif count == 2:
        assert found[1] - found[0] > 1e6


@pytest.mark.engine("vacask")
def test_without_a_load_nothing_couples():
    found = frequencies(get_engine("vacask", "verilog-a"), array(2, 1e6, load=float("inf")), 4e-6)
    assert found[1] - found[0] == pytest.approx(1e6, rel=2e-3)


@pytest.mark.engine("vacask")
@pytest.mark.parametrize("which", [0, 3])
def test_a_tone_locks_the_oscillator_next_to_it(which):
    """Four in one loop; a field 0.3 MHz above the frequency that one has in it locks that one alone."""
    engine = get_engine("vacask", "verilog-a")
    alone = frequencies(engine, array(4, 3e6))
    tone = float(alone[which] + 0.3e6)
    found = frequencies(engine, array(4, 3e6, tones=(Tone(1.5e-5, tone),)))
    away = np.abs(found - tone)
    assert away[which] < 0.05e6
    assert np.all(np.delete(away, which) > 0.5e6)


@pytest.mark.engine("auto", model="verilog-a")
@pytest.mark.parametrize(
    "name",
    ["torrejon2017-sine-square", "romera2018-map", "grollier2016-fig7", "grollier2016-fig8", "lequeux2016-levels"],
)
def test_short_figures_agree(name):
    figure = run(name, short=True)
    # Noise takes the gain of the reservoir, which its figure says
    differing = ["the same at 300 K"] if name == "torrejon2017-sine-square" else []
    assert figure.rows and [row.quantity for row in figure.rows if not row.agrees] == differing, figure.table()
    assert figure.panels


@pytest.mark.slow
def test_vowels_are_learned():
    """Synthetic talkers: far above chance (1/7), and the baselines beside it."""
    figure = run("romera2018-vowels", short=True)
    assert figure.rows[0].here > 0.4


def test_what_cannot_be_is_refused():
    with pytest.raises(CircuitError, match="give one current each"):
        OscillatorArray(devices=[DISK], currents=[1e-3, 2e-3])
    with pytest.raises(CircuitError, match="share f_ref"):
        OscillatorArray(devices=[DISK, DISK.replace(f_ref=1e8)], currents=[1e-3, 2e-3])
