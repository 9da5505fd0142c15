"""What a device answers for itself, the registry of models, and that nothing outside asks for classes or names."""

from __future__ import annotations

import ast
import dataclasses
import math
from pathlib import Path

import pytest

import spinspice
from spinspice.devices import (
    Device,
    Macrospin,
    MacrospinField,
    MacrospinSOT,
    Telegraph,
    TelegraphField,
    find_model,
    models,
    two_terminal_models,
)
from spinspice.engines import CAPABILITIES, engine_class, engine_names, engines_with, require_capability
from spinspice.engines.base import BEHAVIOURAL_SOURCES, DIGITAL, TRANSIENT_NOISE
from spinspice.engines.deck import library_lines, make_deck, options, time_steps
from spinspice.errors import CircuitError, ParameterError, UsageError
from spinspice.netlist.junctions import junctions_in
from spinspice.testbench import Testbench

PACKAGE = Path(spinspice.__file__).parent
KINDS = list(models().values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.model)
def test_every_model_answers(kind):
    """What every registered model must say, so that a new one is checked by being there."""
    device = kind()
    assert kind.ports == (*kind.terminals, *kind.state_ports()) and kind.terminals[:2] == ("free", "ref")
    assert device.state_weights and set(device.state_weights) <= set(kind.state_ports())
    length = device.durations()
    assert 0.0 < length.shortest <= length.default and length.why
    assert 0.0 < device.sample_step(length.default) < length.default / 10
    assert 0.0 < device.time_step(length.default) <= length.default
    assert device.max_time_step(length.default) >= device.time_step(length.default)
    steady = device.resolvable(length.default)
    assert (steady == device) == (device.resolution_note(length.default) == "")
    steady.check_resolvable(length.default)
    assert kind.validity and kind.trial is not None and kind.trial.moves in kind.state_ports()
    assert kind.model_files().verilog_a.is_file()
    for realisation in kind.realisations:
        library = kind.model_files().library(realisation)
        assert library is not None and f".subckt {kind.model} " in library.read_text()
    for simulator, chosen in kind.solver_options.items():
        assert simulator in ("ngspice", "vacask") and all(float(value) > 0.0 for value in chosen.values())
    for name in kind.derived:
        value = device.value_of(name)
        assert device.changed({name: 1.1 * value or 1.0}, "here").value_of(name) == pytest.approx(1.1 * value or 1.0)
    assert set(kind.settable()) == {f.name for f in dataclasses.fields(kind)} | set(kind.derived)


def test_models_are_listed_in_one_registry():
    assert find_model("mtj_macrospin") is Macrospin
    assert set(two_terminal_models().values()) >= {Macrospin, Telegraph}
    assert not set(two_terminal_models().values()) & {MacrospinSOT, MacrospinField, TelegraphField}
    with pytest.raises(UsageError, match="Did you mean mtj_telegraph"):
        find_model("mtj_telegraf")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"model": "mtj_macrospin", "ports": ("free", "ref", "s")}, "is that of spinspice.devices.macrospin already"),
        ({"model": "Mine", "ports": ("free", "ref", "s")}, "lower-case letters"),
        ({"model": "mine", "ports": ("ref", "free", "s")}, "must be its terminals free, ref"),
        ({"model": "mine", "ports": ("free", "ref")}, "one state node or more"),
    ],
)
def test_a_model_that_cannot_be_is_refused(body, message):
    with pytest.raises(UsageError, match=message):
        type("Mine", (Device,), body)
    assert "mine" not in models()


def test_a_device_that_says_nothing_says_so():
    silent = object.__new__(type("Silent", (Device,), {"__module__": __name__}))
    for ask in (lambda: silent.state_weights, silent.durations, lambda: silent.sample_step(1.0)):
        with pytest.raises(UsageError, match="cannot characterise a Silent"):
            ask()
    assert silent.time_step(1.0) == 2e-4 and silent.max_time_step(1.0) == math.inf and silent.step_grid is None


def test_derived_parameters_of_unlike_junctions():
    with pytest.raises(UsageError, match="here: Telegraph has no area, so no RA, which Macrospin"):
        Telegraph().changed({"RA": 1e-12}, "here")
    with pytest.raises(ParameterError, match="no parameter 'diametre'"):
        Macrospin().changed({"diametre": 1e-8}, "here")
    with pytest.raises(ParameterError, match="no parameter 'nothing'"):
        Macrospin().value_of("nothing")
    assert MacrospinField(T=0.0).value_of("diameter") == pytest.approx(
        22e-9
    )  # without the barrier, which T = 0 has not


CIRCUIT = """\
* mtj_telegraph t_sw=1 in a comment
.model other nmos level=54 dt=1 max_step=2
X1 a 0 mx my mz mtj_macrospin
+ dt=4p max_step = 2e-12 R_P={resistance} ; t_sw=5
xb b 0 s c MTJ_TELEGRAPH T_SW=2n
r1 a b 1k t_sw=7
x3 a b cell dt=9
"""


def test_junctions_of_a_circuit_are_data():
    """Numbers of the instances alone: not of comments, models, other elements or other subcircuits."""
    macrospin, telegraph = junctions_in(CIRCUIT)
    assert isinstance(macrospin, Macrospin) and isinstance(telegraph, Telegraph)
    assert (macrospin.dt, macrospin.max_step, macrospin.Ms) == (4e-12, 2e-12, Macrospin.Ms)
    assert math.isnan(macrospin.R_P) and telegraph.t_sw == 2e-9
    assert junctions_in("R1 a b 1k\n") == ()


def bench(circuit: str, **changes) -> Testbench:
    settings = {"circuit": circuit, "stop": 1e-6, "step": 1e-9, "save": ("v(a)",)} | changes
    return Testbench(**settings)


def test_an_engine_takes_steps_and_options_from_the_junctions():
    both = bench(CIRCUIT.replace("x3 a b cell dt=9\n", ""))
    assert options(both) == {"trtol": 100.0, "reltol": 1e-6}
    first, longest = time_steps(both, "b-source")
    assert longest == pytest.approx(2e-12) and first == pytest.approx(0.78125 * 2e-12)
    assert time_steps(both, "verilog-a")[1] == 1e-9
    assert time_steps(bench("X1 a 0 s c mtj_telegraph\n", step=1e-6, stop=1e-6), "verilog-a")[1] == 1e-7
    # A parameter left to an expression: the step is that of the model's default.
    assert time_steps(bench("X1 a 0 mx my mz mtj_macrospin max_step={m}\n"), "b-source")[1] == Macrospin.max_step
    with pytest.raises(CircuitError, match="t_sw = 1e-09 s"):
        make_deck(bench("X1 a 0 s c mtj_telegraph\n", stop=2.0, step=1e-3))


def test_the_library_holds_what_is_used():
    text = "\n".join(library_lines("b-source", ("mtj_macrospin_field",)))
    assert ".subckt mtj_macrospin_field " in text and ".subckt spinspice_macrospin " in text
    assert ".subckt mtj_macrospin " not in text and ".subckt mtj_telegraph" not in text


def test_nothing_outside_devices_asks_for_a_class_or_a_model():
    """No isinstance on a device, no text with the name of a model, no list of models."""
    classes = {kind.__name__ for kind in KINDS}
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.is_relative_to(PACKAGE / "devices") or "_data" in path.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            named = {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id in ("isinstance", "issubclass") and named & classes:
                found.append((path.name, node.lineno))
            if isinstance(node, ast.Constant) and node.value in models() and id(node) not in docs:
                found.append((path.name, node.lineno, node.value))
    assert found == []


def test_engines_say_what_they_can():
    for name in engine_names()[1:]:
        assert engine_class(name).capabilities <= set(CAPABILITIES)
    assert engines_with(TRANSIENT_NOISE) == ("vacask",)
    assert engines_with(BEHAVIOURAL_SOURCES, DIGITAL) == ("ngspice", "ngspice-process")
    vacask = engine_class("vacask")()
    with pytest.raises(UsageError, match="this needs digital blocks, which vacask does not offer.*engine='ngspice'"):
        require_capability(vacask, DIGITAL, "this")
    require_capability(vacask, TRANSIENT_NOISE, "this")
