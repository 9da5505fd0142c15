"""SPICE expressions: read as ngspice reads them, written so that VACASK means the same."""

from __future__ import annotations

import pytest

from spinspice.errors import CircuitError
from spinspice.netlist.dialects.vacask_language import to_vacask
from spinspice.netlist.expressions import Number, names_in, parse_expression, parse_spice_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5p", 5e-12),
        ("12.7k", 12700.0),
        ("1MEG", 1e6),
        ("2m", 2e-3),
        ("1F", 1e-15),
        ("10kOhm", 1e4),
        ("1pF", 1e-12),
        ("0.8V", 0.8),
        ("1e3k", 1e6),
        (".5u", 5e-7),
        ("3.", 3.0),
        ("1e-9s", 1e-9),
    ],
)
def test_numbers_take_suffixes_and_ignore_units(text, value):
    assert parse_spice_number(text) == value


@pytest.mark.parametrize("text", ["", "k", "1.2.3", "--1", "1e5.5", "."])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CircuitError, match="is not a number"):
        parse_spice_number(text)


@pytest.mark.parametrize("form", ["{}", "{{{}}}", "{{2*{}}}", "'1+{}'"])
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4k7", "'4k7' is not a number: digits follow a letter. Write 4.7k"),
        ("2R2", "'2r2' is not a number"),
        ("1meg5", "'1meg5' is not a number"),
        ("0x10", "'0x10' is not a number"),
        ("1d3", "'1d3' is not a number"),
        ("1mil", "'1mil': ngspice takes mil as 25.4e-6 outside of an expression and as 1e-3 inside"),
        ("1mils", "ngspice takes mil"),
        ("1_000", "an operator was expected before '_000'"),
        ("1kk", "neither a suffix"),
        ("1x", "neither a suffix"),  # HSPICE: a million
        ("5kilo", "neither a suffix"),
        ("1,5", "an operator was expected before ','"),
    ],
)
def test_a_number_that_simulators_read_in_several_ways_is_refused(text, says, form):
    with pytest.raises(CircuitError) as caught:
        parse_expression(form.format(text))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("spice", "vacask"),
    [
        ("{vin}", "vin"),
        ("'2*W'", "(2.0 * w)"),
        ("1+2*3", "(1.0 + (2.0 * 3.0))"),
        ("10-2-3", "((10.0 - 2.0) - 3.0)"),
        ("{-2**2}", "(-pow(2.0, 2.0))"),
        ("{2**3**2}", "pow(pow(2.0, 3.0), 2.0)"),
        ("{2^-1}", "pow(2.0, -1.0)"),
        ("{(a+b)/3}", "((a + b) / 3.0)"),
        ("{log(x)}", "ln(x)"),
        ("{pwr(x,3)}", "pow(abs(x), 3.0)"),
        ("{a<b ? 1 : 2}", "(((a < b) ? 1.0 : 0.0) != 0.0 ? 1.0 : 2.0)"),
        ("{!a}", "(a == 0.0 ? 1.0 : 0.0)"),
        ("{1==1 && b}", "((((1.0 == 1.0) ? 1.0 : 0.0) != 0.0) && (b != 0.0) ? 1.0 : 0.0)"),
        ("{temper+273.15}", "($temp + 273.15)"),
        ("{min(a,{b})}", "min(a, b)"),
    ],
)
def test_every_operation_is_bracketed_and_every_number_real(spice, vacask):
    assert to_vacask(parse_expression(spice)) == vacask


def test_a_negative_number_stays_a_number():
    assert parse_expression("-1.5m") == Number(-1.5e-3)


def test_names_of_an_expression():
    assert names_in(parse_expression("{Ra*sqrt(r_b) + 2 + temper}")) == {"ra", "r_b"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{1+}", "a value"),
        ("{(1+2}", "')' was expected"),
        ("{1 2}", "an operator was expected before '2'"),
        ("{a @ b}", "'@ b' is not understood"),
        ("{*2}", "in place of '*'"),
        ("{a ? 1}", "':' was expected"),
    ],
)
def test_what_is_wrong_is_said_with_the_expression(text, says):
    with pytest.raises(CircuitError, match="in the expression") as caught:
        parse_expression(text)
    assert says in str(caught.value)


@pytest.mark.parametrize("text", ["{nint(2.5)}", "{gauss(1,2,3)}", "{sqrt(1,2)}"])
def test_a_function_without_equivalent_is_refused(text):
    with pytest.raises(CircuitError, match="has no translation to VACASK"):
        to_vacask(parse_expression(text))
