"""What names refer to: parameters of the subcircuits around, and models of several sizes."""

from __future__ import annotations

import pytest

from spinspice.engines.vacask_netlist import write_deck
from spinspice.errors import CircuitError
from spinspice.netlist.cards import read_circuit
from spinspice.netlist.dialects.vacask_language import to_vacask
from spinspice.netlist.names import borrowed_parameters, has_bins, models_of, sizes_of_bin
from spinspice.testbench import Testbench

NESTED = """\
.param top=1
.subckt outer a k=1
.param two={{2*top}} four={{two+two}} unused=7 {more}
.subckt inner a {ports}
R1 a 0 {{{value}}}
.ends
X1 a inner
.ends
X1 a outer
"""


def nested(value: str, more: str = "", ports: str = "w=3"):
    circuit = read_circuit(NESTED.format(value=value, more=more, ports=ports))
    outer = circuit.subcircuits["outer"]
    return outer.subcircuits["inner"], [circuit, outer, outer.subcircuits["inner"]]


def borrowed(*arguments, **named) -> dict[str, str]:
    return {name: to_vacask(value) for name, value in borrowed_parameters(*nested(*arguments, **named)).items()}


def test_what_a_subcircuit_uses_of_the_one_around_it():
    assert borrowed("four*w") == {"four": "(two + two)", "two": "(2.0 * top)"}
    assert borrowed("w+top") == {}


@pytest.mark.parametrize(
    ("value", "more", "name"),
    [
        ("k*2", "", "k"),  # an instance of outer may change it
        ("hidden", "hidden={w+1} w=5", "w"),  # inner has another w
    ],
)
def test_what_cannot_be_written_inside_is_an_error(value, more, name):
    with pytest.raises(CircuitError, match=rf"'.subckt inner .*uses the parameter {name} of the subcircuit outer"):
        borrowed(value, more)


BINNED = """\
.subckt fet d w=1 l=1
M1 d d 0 0 n l={l*1e-6} w={w*1e-6} nf=2
.model n.1 nmos level=54 lmin=1e-7 lmax=2e-7 wmin=1e-6 wmax=2e-6
.model n.2 nmos level=54 lmin=1e-7 lmax=2e-7 wmin=2e-6 wmax=3e-6
.model n.x nmos level=54
.ends
X1 d fet w=1.5 l=0.15
V1 d 0 1
"""


def test_models_of_several_sizes_are_found_by_what_they_have_in_common():
    circuit = read_circuit(BINNED)
    fet = circuit.subcircuits["fet"]
    models, depth = models_of(fet.elements["m1"], [circuit, fet])
    assert ([model.name for model in models], depth) == (["n.1", "n.2"], 2)
    assert has_bins(circuit)
    assert not has_bins(read_circuit("R1 a 0 1\n"))
    (length, short, long), (width, narrow, wide) = sizes_of_bin(models[0], fet.elements["m1"].parameters)
    assert (to_vacask(length), to_vacask(width)) == ("(l * 1e-06)", "((w * 1e-06) / 2.0)")
    assert (short, long, narrow, wide) == pytest.approx((1e-7, 2e-7, 1e-6, 2e-6), rel=2e-9)
    assert short < 1e-7
    assert wide > 2e-6


def vacask(circuit: str) -> list[str]:
    bench = Testbench(circuit=circuit, stop=1e-9, step=1e-10, save=("i(v1)",))
    return [line.strip() for line in write_deck(bench, {}).text.splitlines()]


def test_vacask_tries_the_later_bin_first_and_a_size_without_one_has_no_master():
    lines = vacask(BINNED)
    width = "((w * 1e-06) / 2.0)"
    first = lines.index(
        "@if ((l * 1e-06) > 9.99999999e-08) && ((l * 1e-06) < 2.000000002e-07) && "
        f"({width} > 1.999999998e-06) && ({width} < 3.000000003e-06)"
    )
    assert lines[first + 1].startswith("m1 (d d 0 0) 'n.2' ")
    assert lines[first + 2].startswith("@elseif ")
    assert lines[first + 3].startswith("m1 (d d 0 0) 'n.1' ")
    assert lines[first + 4] == "@else"
    assert "'n.no_model_of_this_size'" in lines[first + 5]
    assert lines[first + 6] == "@end"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("wmax=2e-6", "", "n.1 is one of several sizes, but there is no number wmax"),
        ("l={l*1e-6}", "", "there is no number l"),
        ("d d 0 0 n ", "d d 0 0 q ", "there is no model 'q'"),
    ],
)
def test_a_bin_without_limits_is_an_error(old, new, message):
    assert BINNED.count(old) == 1
    with pytest.raises(CircuitError, match=message):
        vacask(BINNED.replace(old, new))


@pytest.mark.parametrize("version", ["4.0", "4.2.1", "4.3", "4.5", "4.6.1", "4.7"])
def test_vacask_takes_older_bsim4_as_4_8(version):
    lines = vacask(f"M1 d d 0 0 n\n.model n nmos level=54 version={version}\nV1 d 0 1\n")
    assert 'model n sp_bsim4v8 type=1 version="4.8"' in lines


@pytest.mark.parametrize(("level", "version"), [(54, "4.9"), (54, "3.3"), (49, "4.8"), (8, "2.0")])
def test_a_version_that_is_none_of_the_model_is_refused(level, version):
    with pytest.raises(CircuitError, match=f"version = {version} of BSIM[34] has no translation"):
        vacask(f"M1 d d 0 0 n\n.model n nmos level={level} version={version}\nV1 d 0 1\n")


def test_borrowed_parameters_come_in_the_same_order_on_every_call():
    """By name: the order of a set differs between processes, and an exported file with it."""
    names = [f"p{k}" for k in range(12)]
    values = " ".join(f"{name}=1" for name in names)
    used = "+".join(names)
    circuit = read_circuit(
        f".subckt outer a\n.param {values}\n.subckt inner a\nR1 a 0 {{{used}}}\n.ends\nX1 a inner\n.ends\n"
    )
    outer = circuit.subcircuits["outer"]
    inner = outer.subcircuits["inner"]
    assert sorted(borrowed_parameters(inner, [circuit, outer, inner])) == sorted(names)
    assert list(borrowed_parameters(inner, [circuit, outer, inner])) == sorted(names, reverse=True)
