"""Digital blocks and signals as data, and the integer model of the digital part."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.digital.backend import BackEnd
from spinspice.engines.cosimulation import refuse
from spinspice.errors import CircuitError, EngineError, ParameterError
from spinspice.paths import data_dir
from spinspice.testbench import Testbench
from spinspice.verilog import DigitalBlock, DigitalSignal
from spinspice.waveforms import Waveforms

SMALL = BackEnd(inputs=3, outputs=4, steps=10, shift=1)


def block(**changes) -> DigitalBlock:
    given = {"name": "core", "source": str(data_dir("rtl") / "population.v"), "top": "population"}
    return DigitalBlock(**given | changes)


def bench(**changes) -> Testbench:
    return Testbench(circuit="R1 a 0 1\n", stop=1e-6, step=1e-9, save=("v(a)",), **changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "Core 1"}, "DigitalBlock.name = 'Core 1' is no name of a model"),
        ({"arguments": {"weights": "0 1"}}, "DigitalBlock.arguments holds 'weights': '0 1'; both are single words"),
    ],
)
def test_blocks_that_are_not_well_formed(changes, message):
    with pytest.raises(CircuitError, match=message):
        block(**changes)


def test_missing_source_and_blocks_of_one_name(tmp_path):
    with pytest.raises(CircuitError, match=r"digital block core: cannot read the Verilog source .*nowhere\.v"):
        block(source=str(tmp_path / "nowhere.v")).files()
    with pytest.raises(CircuitError, match="two blocks of one name: core, core"):
        bench(digital=(block(), block(parameters={"N_IN": 5})))


def test_digest_follows_parameters_arguments_and_files(tmp_path):
    (tmp_path / "a.v").write_text("module a; endmodule\n")
    own = block(source=str(tmp_path / "a.v"), top="a")
    digests = {bench(digital=(b,)).digest() for b in (block(), block(parameters={"N_IN": 5}), own)}
    digests |= {bench(digital=(block(arguments={"weights": "0"}),)).digest(), bench().digest()}
    (tmp_path / "helper.v").write_text("module helper; endmodule\n")
    digests.add(bench(digital=(own,)).digest())
    assert len(digests) == 6


def test_an_engine_without_co_simulation_says_so():
    refuse(bench(), "VACASK")
    with pytest.raises(EngineError, match=r"VACASK cannot run digital blocks \(core\); ngspice can"):
        refuse(bench(digital=(block(),)), "VACASK")


def test_digital_signal():
    signal = DigitalSignal(np.array([0.0, 1.0, 2.0, 4.0]), np.array([0, 3, 4, 0]))
    assert signal.at([-1.0, 0.5, 1.0, 3.9, 9.0]).tolist() == [0, 0, 3, 4, 0]
    assert signal.rises().tolist() == [1.0]
    assert signal.toggles() == 2 + 3 + 1
    cut = signal.window(1.5, 3.0)
    assert (cut.time.tolist(), cut.values.tolist()) == ([1.5, 2.0], [3, 4])


def test_waveforms_keep_digital_signals_in_a_file(tmp_path):
    signal = DigitalSignal(np.array([0.0, 1.5]), np.array([1, 200]))
    waves = Waveforms(np.arange(3.0), {"v(a)": np.ones(3)}, events={"v(count)": np.ones(1)}, digital={"core.x": signal})
    again = Waveforms.load(waves.save(tmp_path / "w.nc"))
    assert list(again) == ["v(a)"] and list(again.events) == ["v(count)"]
    np.testing.assert_array_equal(again.digital["core.x"].values, signal.values)
    np.testing.assert_array_equal(again.digital["core.x"].time, signal.time)
    assert again.window(1.0).digital["core.x"].values.tolist() == [1, 200]


def test_counts_saturate_and_report():
    lines = np.arange(BackEnd(inputs=2, outputs=2, steps=9, count_bits=3).samples)[:, np.newaxis] % [2, 100]
    counts, overflow = BackEnd(inputs=2, outputs=2, steps=9, count_bits=3).count(lines)
    assert counts.tolist() == [7, 1] and overflow


def test_decoding_by_hand():
    """Sums 2, -5, 6, 0: position (0 2 + 2 6) / 8 = 1.5 outputs; no positive sum: the middle."""
    assert SMALL.decode(np.array([2, -5, 6, 0])) == (3 * 32, False)
    assert SMALL.decode(np.array([0, -1, 0, 0])) == (3 * 32, True)
    assert SMALL.decode(np.array([0, 0, 1, 2])) == (8 * 64 // 3, False)


def test_learning_by_hand():
    """Position 1.5 too high: outputs 2 and 3 lose, 0 and 1 gain, by half the count, within eight bits."""
    weights = np.array([[127, 0, 0], [126, 0, 0], [-128, 5, 0], [0, 0, 0]])
    after = SMALL.learn(weights, np.array([5, 3, 1]), 96, 1)
    assert after.tolist() == [[127, 1, 0], [127, 1, 0], [-128, 4, 0], [-2, -1, 0]]
    np.testing.assert_array_equal(SMALL.learn(weights, np.array([5, 3, 1]), 96, 0), weights)
    operation, _ = SMALL.operate(weights, np.array([5, 3, 1]), verdict=1)
    assert operation.words_written <= operation.words_read <= 2 * weights.size


def test_sums_fit_their_registers():
    """The largest sums that counts and weights allow fit COUNT_BITS + WEIGHT_BITS + clog2(N_IN) bits."""
    backend = BackEnd(inputs=128, outputs=2)
    most = backend.sums(np.full((2, 128), -128), np.full(128, 255))
    assert -most[0] < 2 ** (8 + 8 + 7 - 1)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.zeros((3, 4)), r"weights of shape \(3, 4\) do not fit 3 inputs and 4 outputs"),
        (np.full((4, 3), 128), r"weight .*128.* of output 0, input 0 is no integer in \[-128, 127\] \(8 bits\)"),
        (np.full((4, 3), 0.5), "is no integer"),
        (np.full((4, 3), np.nan), "is no integer"),
    ],
)
def test_weights_out_of_range(weights, message):
    with pytest.raises(ParameterError, match=message):
        SMALL.check_weights(weights)


@pytest.mark.parametrize("changes", [{"inputs": 1}, {"steps": 0}, {"shift": 17}, {"count_bits": 40}, {"outputs": 2.5}])
def test_sizes_out_of_range(changes):
    with pytest.raises(ParameterError, match=next(iter(changes))):
        BackEnd(**{"inputs": 4, "outputs": 4} | changes)
