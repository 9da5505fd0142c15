"""Energies of p-bits in the forms of others: there and back, and what is wrong with a file by line."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from spinspice.errors import ParameterError, UsageError
from spinspice.networks.pbits import exact, formats, gates, problems
from spinspice.networks.pbits.ising import Ising

FORMS = ["copy", "and", "xor", "full-adder", "multiplier:2x2"]


@pytest.mark.parametrize("name", FORMS)
def test_edge_lists_there_and_back(name):
    ising = gates.gate(name)
    assert formats.from_edges(formats.to_edges(ising).splitlines()) == ising


@pytest.mark.parametrize("name", FORMS)
def test_qubo_has_the_energy_of_every_state(name):
    ising = gates.gate(name)
    q, constant = formats.to_qubo(ising)
    m = exact.states(len(ising))
    x = (m + 1) // 2
    place = {n: i for i, n in enumerate(ising.names)}
    value = constant + sum(v * x[:, place[a]] * x[:, place[b]] for (a, b), v in q.items())
    np.testing.assert_allclose(value, ising.energy(m), atol=1e-12)
    back = problems.quadratic({k: v for k, v in q.items() if k[0] != k[1]}, {a: v for (a, b), v in q.items() if a == b})
    for a, b in itertools.combinations(ising.names, 2):
        assert back.coupling(a, b) == pytest.approx(ising.coupling(a, b))
    assert all(back.field(a) == pytest.approx(ising.field(a), abs=1e-12) for a in ising.names)


@pytest.mark.parametrize("name", FORMS)
def test_networkx_there_and_back(name):
    pytest.importorskip("networkx")
    ising = gates.gate(name)
    assert formats.from_networkx(formats.to_networkx(ising)) == ising


def test_networkx_refuses_what_has_no_energy():
    networkx = pytest.importorskip("networkx")
    with pytest.raises(UsageError, match="no direction"):
        formats.from_networkx(networkx.DiGraph([(0, 1)]))
    graph = networkx.Graph([(0, 1), (1, 2)])
    assert formats.from_networkx(graph).names == ("m0", "m1", "m2")
    graph.add_edge(2, 2)
    with pytest.raises(UsageError, match="coupled to itself"):
        formats.from_networkx(graph)


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_matrices_as_programs_hold_them(shape):
    J = [[0, -1, 2], [-1, 0, 2], [2, 2, 0]]
    ising = formats.from_matrices(J, np.reshape([1, 1, -2], shape), "abc")
    assert ising == gates.and_gate()
    with pytest.raises(ParameterError, match="an energy needs J symmetric"):
        formats.from_matrices([[0, 1], [-1, 0]], [0, 0])
    with pytest.raises(ParameterError, match="must be square"):
        formats.from_matrices([[0, 1, 2], [-1, 0, 2]], [0, 0])


def test_gset_there_and_back(tmp_path):
    ising = problems.max_cut({("m1", "m2"): 1.0, ("m2", "m3"): -1.0, ("m1", "m3"): 1.0})
    file = tmp_path / "small.gset"
    file.write_text(formats.write_gset(ising))
    assert file.read_text().splitlines()[0] == "3 3"
    read = formats.load(file)
    for a, b in itertools.combinations(("m1", "m2", "m3"), 2):
        assert read.coupling(a, b) == ising.coupling(a, b)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("3\n", ":1: the first line holds"),
        ("3 1\n1 4 1\n", ":2: edge 1 4 of a graph with the nodes 1 to 3"),
        ("3 2\n1 2 1\n", "1 edges, where the first line says 2"),
        ("3 2\n1 2 1\n2 1 1\n", ":3: edge 2 1 is given twice"),
        ("3 1\n1 2 one\n", ":2: 'one' is no number"),
        ("3 1\n1 b 1\n", ":2: 'b' is no whole number"),
        ("3 1\n1 1 1\n", ":2: edge 1 1"),
    ],
)
def test_bad_graphs_by_line(tmp_path, text, message):
    file = tmp_path / "bad.gset"
    file.write_text(text)
    with pytest.raises(UsageError, match=message):
        formats.read_gset(file)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a b 1", "b a 1"], "edge list:2: the coupling of b and a is given twice"),
        (["a a 1"], "edge list:1: a is coupled to itself"),
        (["a b c d"], "edge list:1: 'a b c d' is neither"),
        (["a b x"], "edge list:1: 'x' is no number"),
        (["a b inf"], "edge list:1: inf is not finite"),
        (["# nothing"], "holds no edge"),
        (["a 1", "a 2"], "edge list:2: the field of a is given twice"),
    ],
)
def test_bad_edge_lists(lines, message):
    with pytest.raises(UsageError, match=message):
        formats.from_edges(lines)


def test_npz(tmp_path):
    ising = gates.full_adder()
    np.savez(tmp_path / "fa.npz", J=ising.J, h=ising.h)
    np.testing.assert_array_equal(formats.load(tmp_path / "fa.npz").J, ising.J)
    np.savez(tmp_path / "none.npz", K=1)
    with pytest.raises(UsageError, match="holds K; needed: J"):
        formats.load(tmp_path / "none.npz")
    with pytest.raises(UsageError, match="no file"):
        formats.load(tmp_path / "missing.txt")


def test_an_isolated_pbit_survives(tmp_path):
    ising = Ising("abc", [[0, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert formats.from_edges(formats.to_edges(ising).splitlines()) == ising
