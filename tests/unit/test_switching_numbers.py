"""The table of numbers: each is what its law gives, is shown by tests that exist, and the page is that table."""

from __future__ import annotations

import re

import pytest
from switching_numbers import NUMBERS, ROOT, engines_of, page


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: n.name)
def test_the_law_gives_the_number(number):
    assert abs(number.law() - number.value) <= number.within


def test_every_number_is_shown_by_tests_that_exist():
    missing = []
    for number in NUMBERS:
        for where in filter(None, (number.reference, number.circuit)):
            file, name = where.split("::")
            text = (ROOT / file).read_text(encoding="utf-8")
            if not re.search(rf"^def {name}\(", text, re.MULTILINE):
                missing.append(where)
    assert missing == []


def test_a_subset_is_met_on_two_engines():
    """Numbers of a drive, of a pair of rates, of a dice and of a memory."""
    both = [n.name for n in NUMBERS if n.circuit and engines_of(n.circuit) == ("ngspice", "vacask")]
    assert len(both) >= 8
    assert len({n.group for n in NUMBERS if n.name in both}) >= 3
    assert all(engines_of(n.circuit) for n in NUMBERS if n.circuit)


def test_the_page_is_the_table():
    written = (ROOT / "docs" / "switching_numbers.md").read_text(encoding="utf-8")
    # values that samples give are in the page to three digits of agreement only where they are exact
    assert re.findall(r"^\| ([^|]+) \| ([^|]+) \|", written, re.MULTILINE) == re.findall(
        r"^\| ([^|]+) \| ([^|]+) \|", page(), re.MULTILINE
    )
