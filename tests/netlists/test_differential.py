"""Random circuits as a plain deck, imported into ngspice and into VACASK: they agree, or the import says no."""

from __future__ import annotations

import dataclasses
from collections import Counter

import pytest
from differential import PlainFailed, deviation, plain, verdict
from random_circuits import random_circuit

#: Volts, or the same part of 1 mA: the solvers' relative tolerance is 1e-6 here, and time steps of a 400th of the run
#: leave 1e-5 of difference between integrators that choose other points. A parameter, node or multiplier that is taken
#: for another one makes 1e-2 and more.
TOLERANCE = 1e-4
#: Kinds of elements for ngspice, and for VACASK, which has no behavioural sources, bipolar transistors and JFETs.
EVERY, COMMON = "RCLVIEGFHBDMQJ", "RCLVIEGFHDM"
#: Largest part of circuits that may be refused.
MOST_REFUSED = 0.15


def compare(seeds, kinds, engines, folder):
    """Return how many circuits end in which way, for each engine, the elements compared, and what differs."""
    found, compared, differs = Counter(), Counter(), []
    for seed in seeds:
        circuit = random_circuit(seed, kinds)
        try:
            reference = plain(circuit, folder)
        except PlainFailed:
            found["plain failed"] += 1
            continue
        for engine in engines:
            what, error = verdict(circuit, folder, engine, reference)
            if what == "ran":
                what = "agrees" if error < TOLERANCE else "differs"
                if what == "differs":
                    differs.append(f"seed {seed}, {engine}: {error:g}")
                else:
                    compared.update(circuit.kinds)
            found[engine, what.split(":")[0]] += 1
    return found, compared, differs


def check(seeds, kinds, engines, folder):
    found, compared, differs = compare(seeds, kinds, engines, folder)
    print(dict(found), dict(sorted(compared.items())))
    assert not differs
    for engine in engines:
        ran = len(seeds) - found["plain failed"]
        assert found[engine, "agrees"] >= (1.0 - MOST_REFUSED) * ran - 1, found
    assert set(kinds) <= compared.keys() | {"Q", "J"}
    return found


@pytest.mark.engine("ngspice")
def test_random_circuits_mean_in_ngspice_what_their_text_means(tmp_path):
    check(range(25), EVERY, ["ngspice"], tmp_path)


@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
def test_random_circuits_mean_the_same_in_vacask(tmp_path):
    check(range(1000, 1020), COMMON, ["ngspice", "vacask"], tmp_path)


@pytest.mark.slow
@pytest.mark.engine("ngspice")
@pytest.mark.engine("vacask")
@pytest.mark.parametrize("start", range(2000, 2500, 50))
def test_five_hundred_random_circuits(start, tmp_path):
    """Half of them of every kind of element, half of those that VACASK has too."""
    check(range(start, start + 25), EVERY, ["ngspice"], tmp_path)
    check(range(start + 25, start + 50), COMMON, ["ngspice", "vacask"], tmp_path)


@pytest.mark.engine("ngspice")
def test_a_wrong_circuit_is_noticed(tmp_path):
    """The comparison can fail: one resistor that is a tenth larger shows."""
    circuit = random_circuit(3, COMMON)
    assert circuit.text == random_circuit(3, COMMON).text != random_circuit(4, COMMON).text
    other = dataclasses.replace(circuit, text=circuit.text.replace("Rw1 in watch 10k", "Rw1 in watch 11k"))
    assert other.text != circuit.text
    assert deviation(plain(circuit, tmp_path), plain(other, tmp_path)) > 10 * TOLERANCE
