"""Longer chains against their law, energies, the look-up table and its Verilog, perceptrons."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from spinspice.errors import EngineNotFound, ParameterError, UsageError
from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.networks.chain.lut import LookUp
from spinspice.papers.lopez2024 import baselines
from spinspice.papers.lopez2024.budget import energy_per_input, paper_energy
from spinspice.papers.lopez2024.frontend import CELLS
from spinspice.papers.lopez2024.scaling import expected_accuracy, mean_accuracy, mean_distance
from spinspice.papers.lopez2024.synthetic import synthetic_vowels
from spinspice.papers.lopez2024.vowel_study import split_tokens
from spinspice.presets import load_preset

ROOT = Path(__file__).resolve().parents[2]


def test_mean_distance_of_a_threshold():
    threshold = BehaviouralChain.from_means([0.0], 4e-6).thresholds[0]
    drawn = threshold.quantile((np.arange(200_000) + 0.5) / 200_000)
    assert np.mean(np.abs(drawn - threshold.quantile(0.5))) == pytest.approx(mean_distance(4e-6), rel=1e-4)


@pytest.mark.parametrize(("size", "inputs"), [(3, 1), (3, 2), (3, 4), (8, 2), (16, 2)])
def test_accuracy_follows_the_law(size, inputs):
    found, error = mean_accuracy(size, inputs, scatter=2e-6, chains=12, seed=3)
    assert abs(found - expected_accuracy(size, inputs, mean_distance(2e-6))) < 4 * error
    assert error < 0.004


def test_learning_makes_up_for_spread():
    fabricated, error = mean_accuracy(8, spread=20e-6, chains=6)
    learned, other = mean_accuracy(8, spread=20e-6, chains=6, steps=15)
    assert learned - fabricated > 4 * np.hypot(error, other)


def test_a_read_pulse_sees_what_the_input_current_does_not():
    """A junction that switches near zero total current shows less than 50 mV there."""
    without, error = mean_accuracy(3, chains=4)
    blind, other = mean_accuracy(3, chains=4, window=50e-3)
    pulsed, _ = mean_accuracy(3, chains=4, window=50e-3, read_current=200e-6)
    assert without - blind > 4 * np.hypot(error, other)
    assert pulsed == without
    assert mean_accuracy(3, chains=2, window=0.4)[0] < 0.2


def test_energy():
    device = load_preset("sttmram").device
    one, three, many = (energy_per_input(device, size, current=40e-6, duration=10e-9) for size in (1, 3, 16))
    assert 0.0 < three.junctions < three.input < three.total < paper_energy(3)
    assert many.total > paper_energy(16), "the supply grows with the chain"
    assert three.junctions == pytest.approx(3 * one.junctions)
    # The antiparallel resistance at no bias is an upper limit, the parallel one a lower.
    assert device.R_P < one.junctions / (40e-6**2 * 10e-9) < device.R_P * (1 + device.TMR)
    with pytest.raises(ParameterError, match="current = 0 A is outside"):
        energy_per_input(device, 3, current=0.0, duration=1e-8)


def test_look_up_table():
    table = LookUp.from_cells(CELLS, 3)
    assert table.classify(CELLS).tolist() == list(range(7))
    assert table.classify(np.array([[3, 3]])).tolist() == [-1]
    full = LookUp.from_cells(CELLS, 3, nearest=True)
    assert full.classes.min() == 0 and full.classify(np.array([[3, 0], [0, 3]])).tolist() == [5, 2]


def test_the_file_in_rtl_is_what_the_table_gives():
    assert (ROOT / "rtl" / "classifier_lut.v").read_text() == LookUp.from_cells(CELLS, 3).verilog()


def simulate_verilog(folder: Path) -> str:
    """Return what ``bench`` prints, in Verilator."""
    build = ["verilator", "--binary", "--no-timing", "-Wno-fatal", "-CFLAGS", "-O0", "--top-module", "bench"]
    sources = [path.name for path in sorted(folder.glob("*.v"))]
    subprocess.run([*build, *sources], cwd=folder, check=True, capture_output=True, timeout=240)
    return subprocess.run(
        ["./obj_dir/Vbench"], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    ).stdout


def every_vector(number: int, table: LookUp, bits: int) -> str:
    """Verilog that puts every switching vector on a copy of table ``number`` and prints what it makes of it."""
    width = max(1, int(table.classes.max()).bit_length())
    return f"""
        for (genvar i = 0; i < {2**bits}; i = i + 1) begin : t{number}
            wire [{width - 1}:0] c; wire a;
            lut{number} dut(.switched({bits}'(i)), .category(c), .assigned(a));
            final $display("{number} %0d %0d %0d", i, c, a);
        end"""


@pytest.mark.engine("verilator")
def test_verilog_simulates_to_the_table(tmp_path):
    """Every switching vector of three tables, in an independent simulator."""
    cases = [(3, CELLS), (4, np.argwhere(np.ones((5, 5)))), (2, np.array([[0, 0, 0], [1, 2, 0]]))]
    tables = [(LookUp.from_cells(cells, size), size, cells.shape[1]) for size, cells in cases]
    for number, (table, _, _) in enumerate(tables):
        (tmp_path / f"lut{number}.v").write_text(table.verilog(f"lut{number}"))
    parts = [every_vector(number, table, size * inputs) for number, (table, size, inputs) in enumerate(tables)]
    (tmp_path / "bench.v").write_text(f"module bench;{''.join(parts)}\ninitial $finish;\nendmodule")
    lines = [line.split() for line in simulate_verilog(tmp_path).splitlines() if line[:1].isdigit()]
    printed = np.array(lines, dtype=int)
    for number, (table, size, inputs) in enumerate(tables):
        found = printed[printed[:, 0] == number, 1:]
        found = found[np.argsort(found[:, 0])]
        bits = size * inputs
        assert np.array_equal(found[:, 0], np.arange(2**bits))
        vectors = (np.arange(2**bits)[:, None] >> np.arange(bits)) & 1
        expected = table.classify(vectors.reshape(-1, inputs, size).sum(axis=2))
        np.testing.assert_array_equal(found[:, 2], expected >= 0)
        np.testing.assert_array_equal(found[:, 1], np.maximum(expected, 0))


@pytest.mark.engine("verilator")
def test_the_file_in_rtl_has_no_lint():
    command = ["verilator", "--lint-only", "-Wall", "classifier_lut.v"]
    done = subprocess.run(command, cwd=ROOT / "rtl", capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("cells", "size", "message"),
    [
        ([[0, 0], [0, 0]], 3, "same switching configuration"),
        ([[0, 0], [0, 4]], 3, "within 0 and 3"),
        (np.zeros((1, 8), int), 16, r"entries = .* is outside"),
    ],
)
def test_look_up_table_refuses(cells, size, message):
    with pytest.raises(UsageError, match=message):
        LookUp.from_cells(np.array(cells), size)


def test_verilog_names():
    with pytest.raises(UsageError, match="'2lut' is no name"):
        LookUp.from_cells(CELLS, 3).verilog("2lut")


@pytest.mark.parametrize(("hidden", "parameters"), [(1, 27), (2, 47)])
def test_perceptrons_have_the_published_sizes_and_learn(hidden, parameters):
    pytest.importorskip("sklearn")
    tokens = split_tokens(synthetic_vowels(15), 1)
    network = baselines.train_perceptron(hidden, *tokens, passes=60)
    assert network.parameters == parameters
    assert network.passes.tolist() == [20, 40, 60]
    assert network.train[-1] > 2 / 7


def test_without_scikit_learn(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "sklearn.discriminant_analysis", None)
    tokens = split_tokens(synthetic_vowels(15), 1)
    with pytest.raises(EngineNotFound, match="pip install 'spinspice\\[learn\\]'"):
        baselines.linear_discriminant(*tokens)
