"""Energies of p-bits: gates against their truth tables, exact laws, compiled sampling, problems with known answers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from spinspice.errors import CircuitError, ParameterError, UsageError
from spinspice.networks.pbits import exact, gates, laws, problems, sampling
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.strips import Strip

TRUTH = {
    "copy": lambda a, b: a == b,
    "not": lambda a, b: a != b,
    "and": lambda a, b, c: c == (a & b),
    "or": lambda a, b, c: c == (a | b),
    "xor": lambda a, b, s, c: s == a ^ b and c == (a & b),
    "full-adder": lambda a, b, ci, s, co: a + b + ci == 2 * co + s,
}
NAMED = {"copy": "ab", "not": "ab", "and": "abc", "or": "abc", "xor": "absc", "full-adder": ("a", "b", "ci", "s", "co")}


@pytest.mark.parametrize("name", TRUTH)
def test_ground_states_are_the_rows_of_the_truth_table(name):
    ising = gates.gate(name)
    place = [ising.place(bit) for bit in NAMED[name]]
    found = {tuple((row[place] > 0).astype(int).tolist()) for row in exact.ground_states(ising)}
    bits = itertools.product((0, 1), repeat=len(place))
    assert found == {row for row in bits if TRUTH[name](*row)}


@pytest.mark.parametrize(
    ("name", "gap", "wanted"),
    [
        ("copy", 2, (0.622, 0.731, 0.881, 0.953, 0.982)),
        ("and", 4, (0.776, 0.907, 0.986, 0.998, 0.9997)),
        ("or", 4, (0.776, 0.907, 0.986, 0.998, 0.9997)),
        ("xor", 2, (0.455, 0.602, 0.808, 0.920, 0.969)),
        ("full-adder", 2, (0.455, 0.602, 0.808, 0.920, 0.969)),
    ],
)
def test_gap_and_probability_of_right_rows(name, gap, wanted):
    ising = gates.gate(name)
    energy = exact.energies(ising)
    ground = energy < energy.min() + 1e-9
    assert energy[~ground].min() - energy.min() == pytest.approx(gap)
    for I0, p in zip((0.25, 0.5, 1.0, 1.5, 2.0), wanted, strict=True):
        assert exact.boltzmann(ising, I0)[ground].sum() == pytest.approx(p, abs=5e-4)


@pytest.mark.parametrize(("size", "pbits"), [((2, 2), 12), ((3, 2), 17), ((3, 3), 27), ((4, 3), 35), ((4, 4), 48)])
def test_size_of_multipliers(size, pbits):
    assert len(gates.multiplier(*size)) == pbits
    assert np.abs(gates.multiplier(*size).J).max() <= 2


@pytest.mark.parametrize(
    ("number", "right"), [(6, (0.388, 0.756, 0.971)), (9, (0.555, 0.947, 0.999)), (4, (0.146, 0.368, 0.830))]
)
def test_multiplier_run_backwards(number, right):
    ising = problems.factoriser(number, 2, 2)
    m = exact.states(len(ising))
    product = problems.value_of(ising.names, m, "a") * problems.value_of(ising.names, m, "b")
    for I0, wanted in zip((0.5, 1.0, 2.0), right, strict=True):
        assert exact.boltzmann(ising, I0)[product == number].sum() == pytest.approx(wanted, abs=5e-4)


def test_adder_and_multiplier_keep_arithmetic():
    for ising, rule in ((gates.adder(2), np.add), (gates.multiplier(2, 3), np.multiply)):
        m = exact.ground_states(ising)
        a, b = problems.value_of(ising.names, m, "a"), problems.value_of(ising.names, m, "b")
        result = problems.value_of(ising.names, m, "s" if rule is np.add else "p")
        np.testing.assert_array_equal(result, rule(a, b))
        assert len({(int(x), int(y)) for x, y in zip(a, b, strict=True)}) == (16 if rule is np.add else 32)


def test_energies_bit_by_bit_are_those_of_the_definition():
    draw = np.random.default_rng(4)
    J = draw.normal(size=(9, 9))
    ising = Ising([f"m{i}" for i in range(9)], np.triu(J, 1) + np.triu(J, 1).T, draw.normal(size=9))
    np.testing.assert_allclose(exact.energies(ising), ising.energy(exact.states(9)), atol=1e-12)
    p = exact.boltzmann(ising, 0.7)
    kept = exact.marginal(p, ising.names, ["m7", "m2"])
    m = exact.states(9)
    assert kept[1] == pytest.approx(p[(m[:, 7] < 0) & (m[:, 2] > 0)].sum())


@pytest.mark.parametrize("width", [3, 4, 5])
def test_strip_by_transfer_matrix_is_enumeration(width):
    strip = Strip.spin_glass(4, width, seed=width)
    energy = exact.energies(strip.ising())
    assert strip.ground_energy() == pytest.approx(energy.min())
    assert strip.log_partition(0.6) == pytest.approx(np.log(np.exp(-0.6 * energy).sum()))


@pytest.mark.parametrize("I0", [0.3, 1.0, 1.7])
def test_copy_with_memory_has_its_closed_form(I0):
    counts = sampling.sample(gates.copy(), I0, 200_000, law="memory", seed=5)
    unequal = (counts[1] + counts[2]) / counts.sum()
    wanted = laws.copy_unequal(I0)
    # Each sweep draws both thresholds afresh: samples are independent but for the sides of rest.
    assert abs(unequal - wanted) < 4 * math.sqrt(2 * wanted * (1 - wanted) / counts.sum())
    assert unequal < 0.8 * laws.copy_unequal(I0, "boltzmann")


def memory_by_hand(ising, I0, sweeps, seed):
    """The law with memory in plain Python: one threshold is drawn anew, then whoever wants to move does, in turn."""
    draw = np.random.default_rng(seed)
    n = len(ising)
    m, r = draw.choice([-1, 1], n), draw.uniform(-1, 1, n)
    met = np.zeros(2**n)
    for _ in range(sweeps):
        for j in range(n):
            r[j] = draw.uniform(-1, 1)
            for _ in range(64):
                before = m.copy()
                for i in (np.arange(n) + j) % n:
                    m[i] = 1 if r[i] < np.tanh(I0 * (ising.J[i] @ m + ising.h[i])) else -1
                if np.array_equal(before, m):
                    break
        met[int("".join("1" if x > 0 else "0" for x in m), 2)] += 1
    return met / sweeps


@pytest.mark.parametrize("name", ["and", "xor"])
def test_memory_is_not_boltzmann_and_is_what_its_rule_says(name):
    ising = gates.gate(name)
    counts = sampling.sample(ising, 0.5, 200_000, law="memory", seed=2)
    right = exact.boltzmann(ising, 0.5)
    ground = right > right.max() * (1 - 1e-9)
    assert counts[ground].sum() / counts.sum() > right[ground].sum() + 0.05
    by_hand = memory_by_hand(ising, 0.5, 3000, seed=1)
    tv = exact.total_variation(counts / counts.sum(), by_hand)
    # Sweeps of a gate are correlated by some 3: what 1,000 independent samples are from the law on the average.
    assert tv < 1.6 * exact.expected_total_variation(counts / counts.sum(), 1000)


@pytest.mark.parametrize("name", ["and", "full-adder"])
def test_gibbs_is_boltzmann(name):
    ising = gates.gate(name)
    counts = sampling.sample(ising, 0.5, 200_000, seed=3)
    law = exact.boltzmann(ising, 0.5)
    tv = exact.total_variation(counts / counts.sum(), law)
    assert tv < 3 * exact.expected_total_variation(law, counts.sum() / 4)  # sweeps are correlated, at 0.5 by some 4


def test_same_seed_same_run_and_another_differs():
    ising = problems.factoriser(35, 3, 3)
    one, two, other = (sampling.anneal(ising, np.linspace(0.1, 2.5, 50), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.energies, two.energies)
    assert not np.array_equal(one.energies, other.energies)
    assert one.best_energy == pytest.approx(one.energies.min(), abs=1e-9) or one.best_energy < one.energies.min()


def test_annealing_finds_the_factors_of_35():
    ising = problems.factoriser(35, 3, 3)
    found = set()
    for seed in range(12):
        best = sampling.anneal(ising, np.linspace(0.1, 2.5, 1000), seed).best
        found.add(tuple(int(problems.value_of(ising.names, best, letter)) for letter in "ab"))
    assert found >= {(5, 7), (7, 5)}


def test_shortest_tour():
    draw = np.random.default_rng(8)
    where = draw.random((5, 2))
    d = np.linalg.norm(where[:, None] - where, axis=2)
    ising = problems.travelling_salesman(d)
    assert len(ising) == 16
    lengths = {}
    for tour in itertools.permutations(range(1, 5)):
        lengths[tour] = sum(d[a, b] for a, b in itertools.pairwise((0, *tour, 0)))
    tours = set()
    for m in exact.ground_states(ising):
        stops = dict(zip(ising.names, m > 0, strict=True))
        tours.add(tuple(next(c for c in range(1, 5) if stops[f"c{c}_{t}"]) for t in range(1, 5)))
    shortest = min(lengths.values())
    assert tours == {tour for tour, length in lengths.items() if length < shortest + 1e-9}


def test_cut_is_counted_and_colours_are_apart():
    edges = {("a", "b"): 1.0, ("b", "c"): 2.0, ("a", "c"): 1.0, ("c", "d"): 3.0}
    ising = problems.max_cut(edges)
    assert problems.cut_of(ising, exact.ground_states(ising)).max() == pytest.approx(6.0)
    groups = ising.colours()
    assert sorted(itertools.chain(*groups)) == ["a", "b", "c", "d"]
    assert all(ising.coupling(*pair) == 0 for group in groups for pair in itertools.combinations(group, 2))


def test_crossbar_makes_the_sums():
    """Solve the passive node by hand for every state: it must be v0 + V0 I0 (J m + h)."""
    ising, vdd, v0 = gates.and_gate(), 0.8, {"a": -2e-3, "b": 0.0, "c": 1e-3}
    couplings, trims = crossbar(ising, I0=1.5, V0=8e-3, v0=v0, vdd=vdd)
    for m in exact.states(3):
        rail = {"vdd": vdd / 2, "vss": -vdd / 2} | trims
        for name, bit in zip(ising.names, m, strict=True):
            rail |= {f"outb_{name}": vdd / 2 * bit, f"out_{name}": -vdd / 2 * bit}
        for i, name in enumerate(ising.names):
            at = [c for c in couplings.values() if c.b == f"vin_{name}"]
            conductance = sum(1 / c.resistance for c in at)
            volts = sum(rail[c.a] / c.resistance for c in at) / conductance
            assert 1 / conductance == pytest.approx(20e3)
            assert volts == pytest.approx(v0[name] + 8e-3 * 1.5 * ising.inputs(m)[i])


@pytest.mark.parametrize("name", ["and", "full-adder"])
def test_crossbar_makes_up_for_the_resistance_of_outputs(name):
    """Solve outputs and nodes by hand: what outputs lose, larger couplings give back."""
    ising, vdd, r_out, unit = gates.gate(name), 0.8, 2600.0, 8e-3
    couplings, trims = crossbar(ising, I0=0.8, V0=unit, v0={}, vdd=vdd, R_node=3e3, r_out=r_out)
    load = {}
    for c in couplings.values():
        load[c.a] = load.get(c.a, 0.0) + 1.0 / c.resistance
    assert max(r_out * load[source] for source in load if source.startswith("out")) > 0.05  # they lose a twentieth
    for m in exact.states(len(ising)):
        rail = {"vdd": vdd / 2, "vss": -vdd / 2} | trims
        for other, bit in zip(ising.names, m, strict=True):
            for source, sign in ((f"outb_{other}", 1.0), (f"out_{other}", -1.0)):
                rail[source] = sign * vdd / 2 * bit / (1.0 + r_out * load.get(source, 0.0))
        for i, at in enumerate(ising.names):
            volts = sum(rail[c.a] / c.resistance for c in couplings.values() if c.b == f"vin_{at}") * 3e3
            assert volts == pytest.approx(unit * 0.8 * ising.inputs(m)[i], rel=1e-9, abs=1e-12)
    with pytest.raises(CircuitError, match="pull its output of 2.6e.03 Ohm down .* Take R_node"):
        crossbar(ising, I0=3.0, V0=unit, v0={}, vdd=vdd, R_node=1e3, r_out=r_out)


# Bad input


def test_bad_energies_say_what_is_wrong():
    with pytest.raises(ParameterError, match=r"J\[a, b\] = 1 but J\[b, a\] = 2: an energy needs J symmetric"):
        Ising("ab", [[0, 1], [2, 0]])
    with pytest.raises(ParameterError, match=r"J\[b, b\] = 3: a p-bit does not couple to itself"):
        Ising("ab", [[0, 1], [1, 3]])
    with pytest.raises(ParameterError, match="J holds a number that is not finite"):
        Ising("ab", [[0, np.nan], [np.nan, 0]])
    with pytest.raises(ParameterError, match=r"h has the shape \(3,\), not \(2,\)"):
        Ising("ab", np.zeros((2, 2)), [1, 2, 3])
    with pytest.raises(ParameterError, match="two p-bits are called 'a'"):
        Ising("aa", np.zeros((2, 2)))
    with pytest.raises(ParameterError, match="given twice"):
        Ising.of({("a", "b"): 1.0, ("b", "a"): 1.0})


def test_too_many_to_enumerate():
    with pytest.raises(UsageError, match=r"25 p-bits have 2\*\*25 states; up to 24"):
        exact.energies(Ising([f"m{i}" for i in range(25)], np.zeros((25, 25))))
    with pytest.raises(UsageError, match=r"27 p-bits"):
        exact.boltzmann(gates.multiplier(3, 3))


def test_weights_out_of_reach_name_the_largest_I0():
    with pytest.raises(CircuitError, match=r"p-bit a reach 1.6 .* Take I0 up to 12.2"):
        crossbar(gates.and_gate(), I0=20.0, V0=8e-3, v0={}, vdd=0.8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gates.gate("nand"), "unknown gate 'nand'. Did you mean and"),
        (lambda: gates.gate("multiplier:2"), "write adder:4, or multiplier:2x2"),
        (lambda: problems.factoriser(99, 2, 2), "99 does not fit"),
        (lambda: gates.copy().clamped({"a": 2}), "a = 2 is no bit"),
        (lambda: gates.copy().clamped({"a": 1, "b": 1}), "all p-bits are held"),
        (lambda: gates.copy().clamped({"x": 1}), "no p-bit 'x'"),
        (lambda: problems.travelling_salesman([[0, 1], [2, 0]]), "distances must be a symmetric square"),
        (lambda: Strip(np.ones((2, 2)), np.ones((1, 2))), "a strip 2 wide"),
    ],
)
def test_bad_problems(call, message):
    with pytest.raises((UsageError, ParameterError), match=message):
        call()
