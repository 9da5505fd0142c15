"""VACASK refuses what it should, with a message that helps."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.errors import CircuitError, ConvergenceError, EngineError, EngineTimeout
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("vacask")


def run(circuit: str, *save: str, timeout: float = 60.0, **settings):
    settings = {"stop": 1e-9, "step": 1e-10, **settings}
    bench = Testbench(circuit=circuit, save=save or ("v(a)",), **settings)
    return get_engine("vacask").run(bench, timeout=timeout)


def test_a_loop_of_sources_has_no_operating_point():
    with pytest.raises(ConvergenceError, match="Operating point analysis failed"):
        run("V1 a 0 1\nV2 a 0 2\n")


def test_a_misspelt_parameter_of_a_junction():
    with pytest.raises(CircuitError, match="line 2 of the circuit, 'Xj a 0 .*no parameter 'tmrr'. Did you mean tmr"):
        run("V1 a 0 1\nXj a 0 mx my mz mtj_macrospin R_P=1k TMRR=1 seed=1\n")


def test_a_junction_parameter_out_of_range():
    with pytest.raises(EngineError, match="'R_P' is out of bounds"):
        run("V1 a 0 1\nXj a 0 mx my mz mtj_macrospin R_P=-1 seed=1\n")


def test_a_misspelt_parameter_of_a_transistor_model():
    with pytest.raises(EngineError, match="'vthh0' not found") as caught:
        run("V1 a 0 1\nM1 a a 0 0 nm w=1u l=1u\n.model nm nmos level=54 version=4.8\n+ vthh0=0.3\n")
    assert "line 3 of the circuit: .model nm nmos" in str(caught.value)


def test_a_line_that_is_no_element_is_never_left_out():
    with pytest.raises(CircuitError, match="line 2 of the circuit"):
        run("V1 a 0 1\n(hello world)\n")


def test_a_junction_that_switches_too_fast_for_the_run():
    with pytest.raises(CircuitError, match="Raise t_sw to"):
        run("V1 a 0 0\nXj a 0 state count mtj_telegraph t_sw=1e-12 seed=1\n", "v(count)", stop=1.0, step=0.1)


def test_a_run_is_stopped_at_its_wall_clock_limit():
    with pytest.raises(EngineTimeout, match=r"limit of 0\.3 s"):
        run("V1 a 0 SIN(0 1 1g)\nR1 a 0 1\n", stop=1.0, step=1e-12, timeout=0.3)


def test_a_session_runs_again_with_other_parameters():
    bench = Testbench(
        circuit="V1 in 0 {vin}\nR1 in a {r}\nR2 a 0 1k\n",
        save=("v(a)",),
        stop=1e-9,
        step=1e-10,
        parameters={"vin": 1.0, "r": 1e3},
    )
    with get_engine("vacask").load(bench) as session:
        ends = [session.run(**change)["v(a)"][-1] for change in ({}, {"vin": 2.0}, {"r": 3e3}, {"vin": 4.0})]
    np.testing.assert_allclose(ends, [0.5, 1.0, 0.5, 1.0], rtol=1e-6)


def test_a_module_of_ones_own_runs(tmp_path):
    source = tmp_path / "own.va"
    source.write_text(
        '`include "disciplines.vams"\nmodule own_gain(a, b);\ninout a, b;\nelectrical a, b;\n'
        "parameter real G = 1e-3;\nanalog I(a, b) <+ G * V(a, b);\nendmodule\n"
    )
    waves = run("V1 a 0 2\nN1 a 0 om\n.model om own_gain G=2m\n", "i(v1)", verilog_a=(str(source),))
    assert waves["i(v1)"][-1] == pytest.approx(-4e-3)


def test_the_same_run_twice_is_the_same_to_the_last_bit():
    circuit = "V1 a 0 0.1\nXj a 0 mx my mz mtj_macrospin seed=7\n"
    first, second = (run(circuit, "v(mx)", "i(v1)", step=5e-12) for _ in range(2))
    assert np.array_equal(first.time, second.time)
    assert all(np.array_equal(first[name], second[name]) for name in first)
