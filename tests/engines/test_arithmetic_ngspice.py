"""Values of expressions, scopes of parameters and of models: what ngspice itself makes of the same text."""

from __future__ import annotations

import re
import subprocess

import pytest

from spinspice.errors import CircuitError
from spinspice.netlist.arithmetic import evaluate
from spinspice.netlist.expressions import parse_expression

pytestmark = pytest.mark.engine("ngspice")
EXPRESSIONS = [
    "-2^2",
    "-2**2",
    "2^3^2",
    "2**3**2",
    "2^-1",
    "-3^-1",
    "2*-3",
    "2--3",
    "1-2-3",
    "8/2/2",
    "2+3*4",
    "1<2",
    "2>=2",
    "1==1",
    "1!=1",
    "1&&0",
    "1||0",
    "!0",
    "!2",
    "!1+1",
    "1||0&&0",
    "1?2:3",
    "0?2:3",
    "1>0?2+1:4",
    "0?1:0?2:3",
    "1?1:0?2:3",
    "-1?2:3",
    "0.4?2:3",
    "1<2==1",
    "1+1==2",
    "5-3>1",
    "int(2.7)",
    "int(-2.7)",
    "nint(2.5)",
    "nint(3.5)",
    "nint(-2.5)",
    "nint(1.4)",
    "floor(-1.5)",
    "ceil(1.2)",
    "sgn(-3)",
    "sgn(0)",
    "min(1,2)",
    "max(1,2)",
    "pow(2,3)",
    "pow(-2,3)",
    "pow(-2,2)",
    "pwr(2,3)",
    "(-2)^2",
    "(-2)**2",
    "2^0.5",
    "0^0",
    "log(10)",
    "log10(100)",
    "ln(10)",
    "exp(1)",
    "sqrt(4)",
    "abs(-2)",
    "arctan(1)",
    "atan(1)",
    "ternary_fcn(1,2,3)",
    "ternary_fcn(0,2,3)",
    "asinh(1)",
    "acosh(2)",
    "atanh(0.5)",
    "sinh(1)",
    "cosh(1)",
    "tanh(1)",
    "asin(0.5)",
    "acos(0.5)",
    "sin(1)",
    "cos(1)",
    "tan(1)",
    "-sqrt(4)^2",
    "1k*2",
    "3meg",
    "1e-3k",
    "4.7kOhm",
    "10pF*1e12",
    "1uF*1meg",
    ".5k",
    "5.*2",
    "1e05",
    "1M*1e3",
    "1F*1e15",
    "1aF*1e18",
    "2MEGohm",
    "1mm*1000",
    "0.1u*1g",
]


def ngspice(deck, folder):
    """Return the voltages that an operating point prints, by node."""
    (folder / "deck.cir").write_text(deck)
    done = subprocess.run(
        ["ngspice", "-n", "-b", "deck.cir"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    found = {name: float(value) for name, value in re.findall(r"^(\w+) = (\S+)$", done.stdout, re.MULTILINE)}
    assert found, done.stdout + done.stderr
    return found


def operating_point(cards, nodes):
    prints = "\n".join(f"let s_{node} = v({node})\nprint s_{node}" for node in nodes)
    return f"* deck\n{cards}\n.control\nset numdgt=12\nop\n{prints}\n.endc\n.end\n"


def test_expressions_have_the_values_that_ngspice_gives_them(tmp_path):
    cards = "\n".join(
        f".param q{i}={{{text}}}\nV{i} n{i} 0 {{q{i}}}\nR{i} n{i} 0 1" for i, text in enumerate(EXPRESSIONS)
    )
    found = ngspice(operating_point(cards, [f"n{i}" for i in range(len(EXPRESSIONS))]), tmp_path)
    for i, text in enumerate(EXPRESSIONS):
        value = evaluate(parse_expression(text), {}.__getitem__)
        assert found[f"s_n{i}"] == pytest.approx(value, rel=1e-9, abs=1e-12), text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("(-2)^3", "the power 3 of -2, a negative number, differs"),  # 8 in ngspice, -8 elsewhere
        ("(-2)**0.5", "the power 0.5 of -2"),
        ("pwr(-2,3)", "the sign of the base is kept by some simulators only"),
        ("pow(-2,0.5)", r"pow\(-2,0.5\) has no value"),
        ("1/0", "is no finite number"),
        ("sqrt(-4)", "is no finite number"),
        ("log(-1)", "is no finite number"),
        ("exp(1000)", "is no finite number"),
        ("max(1,2,3)", r"max\(\) takes 2"),
        ("v(a)", "is no number that is known before the run"),
    ],
)
def test_what_has_no_value_or_several_is_refused(text, says):
    with pytest.raises(CircuitError, match=says):
        evaluate(parse_expression(text, probes=True), {}.__getitem__)
