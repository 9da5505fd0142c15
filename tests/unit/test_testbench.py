"""Testbenches as plain data."""

from __future__ import annotations

import pickle

import pytest
from PySpice.Spice.Netlist import Circuit

from spinspice.errors import CircuitError, ParameterError
from spinspice.testbench import Testbench

RC = {"circuit": "v1 a 0 {vin}\nr1 a b 1k\nc1 b 0 1p\n", "stop": 1e-9, "step": 1e-12, "save": ("v(b)",)}


def test_equal_data_make_equal_digests_and_titles_do_not_count():
    bench = Testbench(**RC, parameters={"vin": 1.0})
    assert bench.digest() == Testbench(**RC, parameters={"vin": 1.0}, title="other").digest()
    assert bench.digest() != bench.with_parameters(vin=2.0).digest()
    assert pickle.loads(pickle.dumps(bench)) == bench


def test_models_are_found_in_the_circuit():
    assert Testbench(**RC).models == ()
    more = RC["circuit"] + "x1 a 0 s c MTJ_telegraph\n"
    assert Testbench(**{**RC, "circuit": more}).models == ("mtj_telegraph",)


def test_own_verilog_a_counts_by_content(tmp_path):
    source = tmp_path / "own.va"
    source.write_text("one")
    first = Testbench(**RC, verilog_a=(str(source),)).digest()
    source.write_text("two")
    assert Testbench(**RC, verilog_a=(str(source),)).digest() != first


def test_from_pyspice():
    circuit = Circuit("divider")
    circuit.V("in", "a", circuit.gnd, "1V")
    circuit.R(1, "a", circuit.gnd, "1k")
    bench = Testbench.from_pyspice(circuit, stop=1e-9, step=1e-12, save=("v(a)",))
    assert bench.title == "divider"
    assert ".title" not in bench.circuit
    assert "R1 a 0 1k" in bench.circuit


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"stop": 1e-13}, ParameterError, "stop = 1e-13 s is outside .*Lengthen the run"),
        ({"step": 0.0}, ParameterError, "step = 0"),
        ({"stop": float("nan")}, ParameterError, "stop = nan"),
        ({"save": ()}, CircuitError, "save is empty"),
        ({"save": ("out",)}, CircuitError, "'out'; a signal is"),
        ({"save": ("V(Out)",)}, CircuitError, "lower case"),
        ({"circuit": "r1 a 0 1k\n.tran 1n 1u\n"}, CircuitError, r"line 2 of the circuit, '.tran 1n 1u'"),
        ({"temperature": -3.0}, ParameterError, "temperature = -3 K"),
    ],
)
def test_bad_testbenches_say_why(changes, error, message):
    with pytest.raises(error, match=message):
        Testbench(**{**RC, **changes})


def test_unknown_parameters_are_refused():
    with pytest.raises(CircuitError, match="no parameter 'vinn'. Did you mean vin"):
        Testbench(**RC, parameters={"vin": 1.0}).with_parameters(vinn=2.0)
    with pytest.raises(CircuitError, match="has no parameters"):
        Testbench(**RC).with_parameters(vin=2.0)
