"""The macrospin as B-sources against the compiled Verilog-A, term by term of its equations, in ngspice.

Statistics, dynamics and the path of the low-barrier disk: `tests/physics/conformance`, on every engine.
"""

from __future__ import annotations

import subprocess

import numpy as np
import pytest

from spinspice.devices import Macrospin, MacrospinSOT
from spinspice.engines import get_engine
from spinspice.engines.deck import make_deck
from spinspice.engines.rawfile import read_raw
from spinspice.testbench import Testbench

pytestmark = [
    # Demagnetising factors of no shape, so that every term is at work and none outweighs the others.
    pytest.mark.filterwarnings("ignore::spinspice.errors.PlausibilityWarning"),
    pytest.mark.engine("ngspice-process", model="b-source"),
    pytest.mark.engine("ngspice-process", model="verilog-a"),
]

#: Every term of the equations is at work.
ALL_TERMS = {
    "alpha": 0.05,
    "B_k": 0.03,
    "kx": 0.48,
    "ky": 0.6,
    "kz": 0.64,
    "Nx": 0.05,
    "Ny": 0.1,
    "Nz": 0.4,
    "Bx": 0.01,
    "By": -0.02,
    "Bz": 0.015,
    "px": 0.6,
    "py": 0.64,
    "pz": 0.48,
    "field_like": 0.3,
    "vcma": 0.05,
    "theta0": 1.1,
    "phi0": 0.4,
    "TMR": 1.5,
}


def bench(device: Macrospin, cards: str, stop: float) -> Testbench:
    """A junction with seed 3 in a circuit with a source va."""
    values = " ".join(f"{name}={value}" for name, value in device.instance_parameters(3).items())
    ports = "free 0 mx my mz" if device.model == "mtj_macrospin" else "free 0 hm mx my mz"
    return Testbench(
        circuit=f"{cards}\nxj {ports} {device.model} {values}\n",
        stop=stop,
        step=1e-12,
        save=("v(mx)", "v(my)", "v(mz)", "i(va)"),
        title="all terms",
    )


def path(device: Macrospin, model: str, cards: str, stop: float = 1e-9) -> tuple[np.ndarray, np.ndarray]:
    """Return magnetisation (n, 3) and current of the source va [A] at 401 times."""
    waves = get_engine("ngspice-process", model=model).run(bench(device, cards, stop))
    grid = np.linspace(0.0, stop, 401)
    return (
        np.stack([np.interp(grid, waves.time, waves[f"v(m{axis})"]) for axis in "xyz"], axis=1),
        np.interp(grid, waves.time, waves["i(va)"]),
    )


def compare(device, cards: str) -> None:
    """Directions agree to 1e-2 for 1 ns (the accuracy promised for a path), currents as their conductance then does."""
    m, i = path(device, "b-source", cards)
    m_exact, i_exact = path(device, "verilog-a", cards)
    m_exact /= np.linalg.norm(m_exact, axis=1, keepdims=True)
    assert np.max(np.ptp(m_exact, axis=0)) > 0.3, "this magnet hardly moves, so the test would show little"
    assert np.max(np.abs(m - m_exact)) < 1e-2
    assert np.max(np.abs(i - i_exact)) < 0.5e-2 * np.max(np.abs(i_exact))


@pytest.mark.parametrize("T", [0.0, 300.0])
def test_all_terms_of_a_junction(T):
    """A sinusoidal voltage behind a resistor: torques, anisotropies, voltage-controlled anisotropy, bias dependence."""
    compare(Macrospin(**ALL_TERMS, T=T), "va in 0 sin(0.1 0.3 2g)\nr1 in free 2k")


def test_all_terms_of_a_three_terminal_junction():
    """A pulse along the heavy-metal line and a voltage across the junction."""
    device = MacrospinSOT(**ALL_TERMS, theta_SH=0.2, area_hm=2e-16, sx_hm=0.48, sy_hm=0.8, sz_hm=0.36)
    compare(device, "va free 0 pulse(0.1 0.4 0.1n 10p 10p 0.3n 1)\nvh hm 0 -0.1")


def test_starts_without_an_operating_point(tmp_path):
    """With the keyword uic of a hand-written deck the capacitors' voltages take the place of the operating point."""
    device = Macrospin(**ALL_TERMS)
    cards = "va in 0 0.2\nr1 in free 2k"
    usual, _ = path(device, "b-source", cards, stop=1e-10)
    deck = make_deck(bench(device, cards, 1e-10), "b-source").with_control()
    text = "\n".join(f"{line} uic" if line.startswith(".tran") else line for line in deck.lines) + "\n"
    (tmp_path / "deck.cir").write_text(text)
    command = ["ngspice", "-n", "-b", "-r", "waves.raw", "deck.cir"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60, capture_output=True)
    signals = read_raw(tmp_path / "waves.raw")
    grid = np.linspace(0.0, 1e-10, 401)
    m = np.stack([np.interp(grid, signals["time"], signals[f"v(m{axis})"]) for axis in "xyz"], axis=1)
    assert np.max(np.abs(m - usual)) < 1e-3
    start = [np.sin(1.1) * np.cos(0.4), np.sin(1.1) * np.sin(0.4), np.cos(1.1)]
    assert np.max(np.abs(usual[0] - start)) < 1e-6
