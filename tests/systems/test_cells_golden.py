"""The golden decks run in plain ngspice, without Python, with either library, and are the cells of Python."""

from __future__ import annotations

import re
import subprocess

import numpy as np
import pytest

from spinspice.cells import bench_circuit, get_cell
from spinspice.engines import get_engine
from spinspice.engines.osdi import compile_models
from spinspice.export.golden import GOLDEN
from spinspice.paths import data_dir
from spinspice.presets import load_preset
from spinspice.testbench import Testbench

NETLISTS = data_dir("netlists")


def run_plain(deck, folder):
    """Run a deck as a designer would, from another folder; return its measurements."""
    result = subprocess.run(
        ["ngspice", "-b", str(deck)], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    log = result.stdout + result.stderr
    assert result.returncode == 0, log[-2000:]
    assert not re.search(r"(?i)error|unknown|warning: .*(param|model)", log), log[-2000:]
    return {
        name: float(value) for name, value in re.findall(r"^(mid_1ns|mean_\w+|supply)\s+=\s+(\S+)", log, re.MULTILINE)
    }


#: Runs with other seeds, from which the spread of the means of such a run is known, however slow the junction.
SEEDS = range(2, 8)


def simulated(file, model, seed=1):
    """The same run through Python."""
    name, preset_name = GOLDEN[file]
    preset = load_preset(preset_name)
    bench = Testbench.from_pyspice(
        bench_circuit(get_cell(name)(preset.device, vdd=preset.cell["vdd"])),
        stop=10e-9,
        step=5e-12,
        max_step=preset.device.max_step,
        save=("v(out)", "v(mid)", "i(vdd)"),
        parameters={"vin": 0.0, "seed": float(seed)},
        temperature=300.0,
    )
    return get_engine("ngspice-process", model=model).run(bench)


def means(waves):
    """Means after the first nanosecond, by the names of the deck's measurements."""
    late = waves.window(1e-9).resample(5e-12)
    signals = (("mean_out", "v(out)"), ("mean_mid", "v(mid)"), ("supply", "i(vdd)"))
    return {name: float(late[signal].mean()) for name, signal in signals}


def compare(plain, file, model):
    waves = simulated(file, model)
    # One noise path in both, followed to 1e-2 of m for 1 ns (the contract of the models): 1e-2 of the +-75 mV that the
    # junction moves the midpoint by, twice for two runs, and as much again for transistors and interpolation.
    assert plain["mid_1ns"] == pytest.approx(np.interp(1e-9, waves.time, waves["v(mid)"]), abs=3e-3)
    # Later the paths part, their statistics do not: 4 standard deviations of the difference of two such means.
    others = [means(simulated(file, model, seed)) for seed in SEEDS]
    for name, value in means(waves).items():
        spread = np.std([other[name] for other in others], ddof=1)
        assert abs(plain[name] - value) < 4 * np.sqrt(2) * spread, name


@pytest.mark.engine("ngspice-process", model="b-source")
@pytest.mark.parametrize("file", GOLDEN)
def test_a_golden_deck_runs_without_python_and_is_the_cell(file, tmp_path):
    compare(run_plain(NETLISTS / "cells" / file, tmp_path), file, "b-source")


@pytest.mark.engine("ngspice-process")
def test_a_golden_deck_runs_with_the_compiled_model(tmp_path):
    compiled = compile_models(["mtj_macrospin"])[0]
    text = (NETLISTS / "cells" / "bsn.cir").read_text()
    text = text.replace("../spinspice_bsource.lib", str(NETLISTS / "spinspice_osdi.lib"))
    deck = tmp_path / "bsn.cir"
    deck.write_text(text.replace("set num_threads=1", f"pre_osdi {compiled}\nset num_threads=1"))
    compare(run_plain(deck, tmp_path), "bsn.cir", "verilog-a")
