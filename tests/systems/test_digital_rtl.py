"""The Verilog against its model, bit for bit, over random operations of several sizes; and missing tools."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from spinspice.devices.noise import instance_seed
from spinspice.digital.backend import BackEnd
from spinspice.digital.learning import IntegerGripper, train_integer
from spinspice.digital.rtl import Rtl
from spinspice.engines import verilator
from spinspice.engines.clocked import ClockedBlock
from spinspice.engines.vcd import read_vcd
from spinspice.errors import CircuitError, EngineError, EngineNotFound, UsageError
from spinspice.papers.mizrahi2018.populations import drawn
from spinspice.paths import data_dir
from spinspice.verilog import DigitalBlock

pytestmark = pytest.mark.engine("verilator")

#: Sizes and number of random operations: 10,000 in all. Counters overflow, weights reach their ends, sums vanish.
SIZES = [
    (BackEnd(inputs=4, outputs=4, steps=20, shift=2), 3500),
    (BackEnd(inputs=5, outputs=3, steps=300, shift=0), 1500),
    (BackEnd(inputs=3, outputs=9, steps=40, shift=2, count_bits=5, weight_bits=6, fraction=4), 2500),
    (BackEnd(inputs=2, outputs=2, steps=7, shift=1, count_bits=3, weight_bits=4), 2500),
]
COUNTER = """
module counter #(parameter WIDTH = 3) (input wire clk, output reg [WIDTH-1:0] count);
    initial count = 0;
    always @(posedge clk) count <= count + 1'b1;
endmodule
"""


def same(one, other) -> bool:
    return np.array_equal(one.counts, other.counts) and vars(one) | {"counts": 0} == vars(other) | {"counts": 0}


@pytest.mark.parametrize(("backend", "count"), SIZES, ids=lambda value: getattr(value, "inputs", value))
def test_ten_thousand_random_operations_bit_for_bit(backend, count):
    random = np.random.default_rng(1)
    low, high = backend.weight_range
    weights = random.integers(low, high + 1, (backend.outputs, backend.inputs))
    silent = written = 0
    with Rtl(backend, weights) as rtl:
        for number in range(count):
            rates = random.choice([0.0, 0.02, 0.3, 0.6, 1.0], backend.inputs)
            lines = np.cumsum(random.random((backend.samples, backend.inputs)) < rates, axis=0) % 2
            verdict = random.choice([None, -1, 0, 1])
            wanted, weights = backend.operate(weights, *backend.count(lines), verdict=verdict)
            assert same(rtl.operate(lines, verdict), wanted), f"operation {number}"
            silent, written = silent + wanted.silent, written + wanted.words_written
            if number % 100 == 0:
                np.testing.assert_array_equal(rtl.weights(), weights)
        np.testing.assert_array_equal(rtl.weights(), weights)
    assert silent > 5 and written > count / 2


def follow(steps: int) -> None:
    """Run the integer gripper 128 x 128 in Verilog beside the model, on the same samples."""
    backend = BackEnd(inputs=128, outputs=128)
    gripper = IntegerGripper(backend, drawn(128, instance_seed(1, "sensors")), 1)
    random = np.random.default_rng(2)
    with Rtl(backend, gripper.weights) as rtl:
        for stimulus in gripper.stimuli("lessons", steps):
            counts = gripper.observer.observe(float(stimulus), backend.steps).switches.astype(int)
            # Samples with these numbers of changes, at random places.
            order = np.argsort(random.random((backend.steps, 128)), axis=0)
            changes = np.vstack([np.zeros(128, bool), order < counts])
            position, _ = backend.decode(backend.sums(gripper.weights, counts))
            verdict = int(np.sign(position - (stimulus - gripper.low) / 0.3 * backend.highest_position))
            wanted, gripper.weights = backend.operate(gripper.weights, counts, verdict=verdict)
            assert same(rtl.operate(np.cumsum(changes, axis=0) % 2, verdict), wanted)
        np.testing.assert_array_equal(rtl.weights(), gripper.weights)


def test_the_large_system_is_bit_for_bit_its_model():
    follow(5)


@pytest.mark.slow
def test_the_large_system_over_a_whole_training():
    follow(3000)


def test_lint_is_clean():
    for top in ("population", "population_chip"):
        source = data_dir("rtl") / f"{top}.v"
        options = ["--lint-only", "-Wall", "--default-language", "1364-2001", f"-I{source.parent}", "-GN_IN=128"]
        done = subprocess.run(["verilator", *options, str(source)], capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def counter(tmp_path, monkeypatch) -> DigitalBlock:
    """A small block of one's own, and an empty cache but for Verilator's library, which takes long."""
    shared = verilator.compile_block(BackEnd(inputs=4, outputs=4, steps=20, shift=2).block()).parent
    cache = tmp_path / "cache" / "verilator"
    shutil.copytree(shared / "runtime", cache / "runtime")
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "counter.v"
    source.write_text(COUNTER)
    return DigitalBlock(name="counter", source=str(source), top="counter")


COMPILE = """
import sys
from spinspice.verilog import DigitalBlock
from spinspice.engines.verilator import compile_block
block = DigitalBlock(name="counter", source=sys.argv[1], top="counter", parameters={"WIDTH": int(sys.argv[2])})
print(compile_block(block))
"""


def test_two_systems_built_at_once_in_one_cache(counter):
    """Both come out right, equal ones once, and no temporary file stays behind."""
    commands = [[sys.executable, "-c", COMPILE, counter.source, width] for width in ("3", "5", "3")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    first, second, third = (process.communicate(timeout=200)[0].strip() for process in processes)
    assert first == third != second
    files = (path for path in Path(first).parent.iterdir() if path.is_file() and path.name != ".lock")
    kept = {path.name.removesuffix(".sha256") for path in files}
    assert kept == {Path(first).name, Path(second).name}
    for width, last in ((3, 20 % 8), (5, 20)):
        block = DigitalBlock(name="counter", source=counter.source, top="counter", parameters={"WIDTH": width})
        with ClockedBlock(block) as run:
            assert run.run([{}], [20])["count"].tolist() == [last]


def test_clocked_block_and_its_waveforms(counter, tmp_path):
    with ClockedBlock(counter, vcd=tmp_path / "counter.vcd") as run:
        assert run.run([{}] * 3)["count"].tolist() == [1, 2, 3]
        with pytest.raises(UsageError, match="no input 'reset'"):
            run.run([{"reset": 1}])
    count = read_vcd(tmp_path / "counter.vcd", "own")["own.count"]
    assert count.values.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(count.time[1:], [0.5e-9, 1.5e-9, 2.5e-9], atol=2e-15)
    with pytest.raises(EngineError, match="cannot read the waveforms"):
        read_vcd(tmp_path / "nowhere.vcd", "own")


def test_verilog_that_does_not_compile(counter):
    """The message quotes Verilator, with file and line, and the command to repeat it by hand."""
    Path(counter.source).write_text(COUNTER.replace("count + 1'b1", "total + 1'b1"))
    with pytest.raises(
        EngineError, match=r"does not compile \(Verilator 5(.|\n)*counter\.v:4(.|\n)*total(.|\n)*by hand"
    ):
        verilator.compile_block(counter)


def test_missing_module_and_missing_source(counter):
    with pytest.raises(EngineError, match="does not compile"):
        verilator.compile_block(DigitalBlock(name="x", source=counter.source, top="nowhere"))
    Path(counter.source).unlink()
    with pytest.raises(CircuitError, match="cannot read the Verilog source"):
        verilator.compile_block(counter)


def test_missing_and_old_tools(counter, tmp_path, monkeypatch):
    tools = tmp_path / "bin"
    tools.mkdir()
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin")
    old = tools / "verilator"
    old.write_text("#!/bin/sh\necho Verilator 4.038 2020-07-11\n")
    old.chmod(0o755)
    with pytest.raises(EngineNotFound, match=r"too old .*Verilator 4\.038.*take Verilator 5\.0 or later\. Run: bash"):
        verilator.compile_block(counter)
    old.unlink()
    monkeypatch.setenv("CXX", "no-such-compiler")
    with pytest.raises(EngineNotFound, match=r"no C\+\+ compiler 'no-such-compiler'"):
        verilator.compile_block(counter)
    monkeypatch.setenv("PATH", str(tools))
    with pytest.raises(EngineNotFound, match=r"no verilator on the PATH.*Run: bash scripts/install_verilator\.sh"):
        verilator.compile_block(counter)


def test_integer_gripper_learns_below_one_and_a_half_percent():
    """128 x 128, int8 weights, 8-bit counters, experimental spread: mean of ten seeds (four standard errors of it)."""
    errors = []
    for seed in range(200, 210):
        backend = BackEnd(inputs=128, outputs=128)
        trained = train_integer(IntegerGripper(backend, drawn(128, instance_seed(seed, "sensors")), seed))
        errors.append(trained.error)
        assert trained.start > 0.2 and trained.words_written < trained.words_read
    assert np.mean(errors) < 0.015
