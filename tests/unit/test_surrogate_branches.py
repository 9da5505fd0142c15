"""Skeletons of cells, and tables of two voltages that add up to their currents and capacitances."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from surrogates import made_up

from spinspice.cells import choose_cell
from spinspice.cells.asn_paired import PairedASN
from spinspice.errors import UsageError
from spinspice.presets import load_preset
from spinspice.surrogate.branches import Pair
from spinspice.surrogate.holds import SLOPE, STEPS, Span, _opened, _split, hold_testbench, read_raster
from spinspice.surrogate.kernel import follow, relaxed, step_nodes, workspace
from spinspice.surrogate.skeleton import Part, Skeleton, _pairs, _reached, cards
from spinspice.waveforms import Waveforms


@pytest.mark.parametrize("technology", ["generic", "generic-lvt"])
def test_nodes_of_the_cells_are_those_that_drive_gates(technology):
    bsn = Skeleton.of(choose_cell("bsn", None, technology)[0])
    assert bsn.nodes == ("mid", "bar", "out") and bsn.pairs == ((0, 1), (1, 2), (2, 3))
    assert bsn.fixed == "vdd" and bsn.sign == 1.0
    asn = Skeleton.of(choose_cell("asn", None, technology)[0])
    assert asn.nodes == ("mid", "xn", "xp", "out") and asn.pairs == ((0, 1), (1, 4), (2, 4), (3, 4))


def test_other_ways_to_write_a_cell_have_the_same_nodes():
    device = load_preset("ganguly2018").device
    paired = Skeleton.of(PairedASN(device, "generic", vdd=0.8))
    assert paired == Skeleton.of(choose_cell("asn", None, "generic")[0])
    both = Skeleton.of(PairedASN(device, "generic", vdd=0.8), complement=True)
    assert both.nodes == ("mid", "xn", "xp", "out", "xi", "outb")
    assert both.pairs == ((0, 1), (1, 4), (2, 4), (3, 4), (4, 5), (5, 6))
    with pytest.raises(UsageError, match="no complement"):
        Skeleton.of(choose_cell("asn", None, "generic")[0], complement=True)
    turned = Skeleton.of(choose_cell("bsn", None, "generic")[0].rebuilt(reference="mid"))
    assert turned.sign == -1.0 and turned.nodes == ("mid", "bar", "out")
    imported = Skeleton.of(choose_cell("examples/08_neuron.toml", None, None)[0])
    # The midpoint has a role of its own there.
    assert imported.nodes == ("mid", "bar", "out") and imported.pairs == ((0, 1), (1, 2), (2, 3))
    metered = choose_cell("bsn", None, "generic")[0].rebuilt(probes="blocks")
    assert Skeleton.of(metered) == Skeleton.of(metered.rebuilt(probes="none"))


def _part(gates, channel):
    return Part(frozenset(gates.split()), frozenset(channel.split()))


@pytest.mark.parametrize(
    ("parts", "reached", "pairs"),
    [
        # a gate that needs two inputs: stacked transistors meet in s, which has no state
        ([_part("y", "b s"), _part("b", "out"), _part("b", "s")], ["y", "b", "s", "out"], ((1, 2), (2, 3))),
        # a resistor between two nodes
        ([_part("y", "b"), _part("", "b out"), _part("b", "out")], ["y", "b", "out"], ((1, 2), (2, 3))),
        # a follower: one transistor between a supply and the output
        ([_part("y", "out")], ["y", "out"], ((1, 2),)),
    ],
)
def test_pairs_are_voltages_that_one_element_sees(parts, reached, pairs):
    assert _reached(parts, "y") == reached
    nodes = tuple(node for node in reached if node != "s")
    assert _pairs(parts, nodes, set(reached)) == pairs


def test_cards_of_a_subcircuit_are_read_through_continuations_and_what_it_defines():
    text = (
        ".subckt a in out\n* none\n.subckt n d g s b\nM1 d g s b x\n.ends\nX1 out\n+ in 0 0 n w=1 ; none\n"
        ".model x nmos\n.ends a"
    )
    elements, ports = cards(text)
    assert elements == [["x1", "out", "in", "0", "0", "n", "w=1"]]
    assert ports["n"] == ("d", "g", "s", "b")


def test_a_cell_without_a_way_to_its_output_is_told(tmp_path):
    (tmp_path / "a.sp").write_text(
        ".subckt neuron in q vcc vee m r=12.7k\nRmtj vcc m {r}\nMin m in vee vee gen_nmos w=7.7e-07 l=4e-08\n"
        "Rl q vee 1k\n.ends neuron\n"
    )
    (tmp_path / "a.toml").write_text(
        'netlist = "a.sp"\nvdd = 0.8\ncmos = "generic"\npreset = "faria2021"\n[ports]\nvin = "in"\nout = "q"\n'
        'vdd = "vcc"\nvss = "vee"\nmid = "m"\n[junctions]\nRmtj = "vcc"\n'
    )
    with pytest.raises(UsageError, match="no transistor leads"):
        Skeleton.of(choose_cell(str(tmp_path / "a.toml"), None, None)[0])


@pytest.mark.parametrize("name", ["bsn", "examples/08_neuron.toml"])
def test_nodes_inside_a_cell_are_held_from_outside(name):
    cell = choose_cell(name, None, None)[0]
    bench = hold_testbench(cell, Skeleton.of(cell), 1, 2, [0.0, 0.1, 0.2, 0.3])
    lines = bench.circuit.lower().splitlines()
    (header,) = (line for line in lines if line.startswith(f".subckt {cell.name} "))
    assert header.split()[2:8] == [*cell.ports[:5], "bar"]
    (place,) = (line for line in lines if line.startswith("x1 "))
    assert place.split()[6:8] == ["held_bar", cell.name]
    assert any(line.startswith("vhold_3 out 0 dc 0.3") for line in lines)
    assert bench.save == ("i(vhold_1)", "i(vhold_2)", "i(vhold_3)")


def test_headers_with_and_without_parameters_are_opened():
    text = ".subckt bsn vin out seed=1\n.ends\nX1 vin out bsn seed={seed}\n"
    assert (
        _opened(text, "bsn", ["bar"]) == ".subckt bsn vin out bar seed=1\n.ends\nX1 vin out held_bar bsn seed={seed}\n"
    )
    assert _opened(".subckt bsn vin out\nX1 vin out bsn\n", "bsn", ["a", "b"]) == (
        ".subckt bsn vin out a b\nX1 vin out held_a held_b bsn\n"
    )


def test_a_raster_gives_back_current_and_capacitance():
    fast, slow = Span(0.0, 0.4), Span(-0.2, 0.2)
    n = 200
    ramp = fast.ramp
    time, signal = [], []
    for k, level in enumerate(slow.even(STEPS)):
        start = k * 2.2 * ramp + 0.1 * ramp
        for begin, direction in ((start, 1.0), (start + 1.1 * ramp, -1.0)):
            t = np.linspace(begin, begin + ramp, n)
            ahead = 0.03 * 0.4
            x = -ahead + SLOPE * (t - begin) if direction > 0 else 0.4 + ahead - SLOPE * (t - begin)
            current = 1e-5 * np.exp(x / 0.04) * (1.0 + level)  # into the node: out of the source, whose sign is +
            signal += list(current - 2e-15 * (1.0 + x) * direction * SLOPE)
            time += list(t)
    waves = Waveforms(time=np.array(time), signals={"i(vhold_1)": np.array(signal)})
    found = read_raster(waves, 1, fast, slow)
    wanted = 1e-5 * np.exp(found.fast / 0.04)[:, None] * (1.0 + found.slow)
    assert found.current[0] == pytest.approx(wanted, rel=1e-5)
    assert found.charge[0] == pytest.approx(2e-15 * (1.0 + found.fast)[:, None] * np.ones(STEPS), rel=0.02, abs=2e-17)


def test_tables_add_up_to_what_was_measured():
    """A function of three voltages with no term of all three comes back exactly, wherever the anchor is."""
    x = np.linspace(-1.0, 1.0, 41)
    anchor = [0.2, -0.3, 0.55]

    def law(a, b, c):
        return np.array([np.exp(a) * b + c**2 + 0.7, 3.0 + b * c + 0.0 * a])

    def table(p, q):
        at = list(anchor)
        at[p], at[q] = x[:, None], x[None, :]
        values = law(*at) * np.ones((1, x.size, x.size))
        charge = np.repeat(values[:, None], 2, axis=1)
        return Pair(a=p, b=q, x=x, y=x, current=values, charge=1e-15 * charge)

    pairs = _split([table(0, 1), table(1, 2)], anchor)
    points = np.random.default_rng(1).choice(x, (50, 3))
    for a, b, c in points:
        total = sum(pair.current[:, np.searchsorted(x, u), np.searchsorted(x, w)]
                    for pair, (u, w) in zip(pairs, ((a, b), (b, c)), strict=True))  # fmt: skip
        # linear interpolation to the anchor, and what is too small to be kept
        assert total == pytest.approx(law(a, b, c), abs=4e-3)
    # What does not vary with a pair costs no table there.
    assert not pairs[0].current[1].any() and pairs[1].current[1].any()


def test_a_node_relaxes_as_an_exponential_whatever_the_step():
    for x in (1e-6, 0.1, 1.0, 3.0):
        assert relaxed(2e-15, 2e-15 * x) * 2e-15 == pytest.approx(-np.expm1(-x) / x, rel=5e-3)
    assert relaxed(2e-15, 2e-9) * 2e-9 == pytest.approx(1.0, rel=0.07)
    assert relaxed(2e-15, -1.0) == pytest.approx(1.0 / 2e-15)


def test_nodes_come_to_rest_where_the_ramps_say_for_any_step():
    s = made_up()
    law, rest, _ = s.arrays
    for h in (1e-12, 2e-11, 1e-9):
        x, d, work = np.array([0.3, -0.3]), np.zeros(2), workspace(2)
        for _ in range(4000 if h < 1e-10 else 400):
            step_nodes(law, work, h, 0.02, 0.0, 0.25, np.zeros(3), x, d)
        i = int(np.argmin(np.abs(s.tables.v - 0.02)))
        assert x == pytest.approx([np.interp(0.25, s.tables.c, rest[k, i]) for k in (0, 1)], abs=1e-3)


def test_halving_the_step_of_the_nodes_quarters_the_error():
    s = made_up()
    law, rest, grid = s.arrays
    v, c = np.zeros(200), np.cos(np.linspace(0.0, 9.0, 200))
    found = {}
    for parts in (1, 2, 4, 64):
        found[parts] = np.empty((2, v.size))
        follow(law, rest, grid, 2e-11, parts, v, c, np.zeros(3), found[parts])
    errors = [float(np.sqrt(np.mean((found[parts][1] - found[64][1]) ** 2))) for parts in (1, 2, 4)]
    assert errors[0] < 2e-3 and errors[1] < 0.4 * errors[0] and errors[2] < 0.4 * errors[1]


def test_a_load_takes_what_ohms_law_says():
    s = made_up()
    g = 1e-4
    v, c = np.full(4000, 0.0), np.zeros(4000)
    plain, loaded = s.follow(v, c)[-1], s.loaded(g, 0.1).follow(v, c)[-1]
    # The stage drives with 2e-4 S.
    assert loaded == pytest.approx((2e-4 * plain + g * 0.1) / (2e-4 + g), abs=1e-5)
    network = s.network(np.zeros((1, 1)), load=g)
    still = network.run(np.zeros((1, 40)), steps=100, magnet="reference")
    assert still.output.shape == (1, 40)


def _with_complement():
    """Return a made-up surrogate whose output stage is followed by an inverter of unity gain."""
    s = made_up()
    b = s.branches
    grown = []
    for pair in b.pairs:
        current, charge = (np.concatenate([t, np.zeros_like(t[:1])]) for t in (pair.current, pair.charge))
        grown.append(Pair(a=pair.a, b=pair.b, x=pair.x, y=pair.y, current=current, charge=charge))
    x = np.linspace(-0.44, 0.44, 97)
    current, charge = np.zeros((3, 97, 97)), np.zeros((3, 2, 97, 97))
    current[2], charge[2, 1] = 1e-4 * (-x[:, None] - x[None, :]), 5e-15
    grown.append(Pair(a=2, b=3, x=x, y=x, current=current, charge=charge))
    rest = np.concatenate([b.rest, -b.rest[-1:]])
    branches = dataclasses.replace(b, nodes=("mid", "out", "outb"), pairs=tuple(grown), rest=rest)
    return dataclasses.replace(s, branches=branches), s


def test_a_complement_is_a_node_behind_the_output():
    both, plain = _with_complement()
    assert both.branches.complement and both.branches.output == 1 and not plain.branches.complement
    v = 0.02 * np.sin(np.arange(3000) / 300.0)
    assert both(v, seed=3) == pytest.approx(plain(v, seed=3), abs=1e-9)
    nodes = both.nodes(np.full(3000, 0.01), np.full(3000, 0.2))
    assert nodes[2, -1] == pytest.approx(-nodes[1, -1], abs=1e-4)


@pytest.mark.parametrize("magnet", ["reference", "rotor", "mean"])
def test_weights_from_a_fast_complement_are_negative_weights(magnet):
    both, plain = _with_complement()
    pairs = list(both.branches.pairs)
    pairs[2] = dataclasses.replace(pairs[2], charge=0.01 * pairs[2].charge)
    both = dataclasses.replace(both, branches=dataclasses.replace(both.branches, pairs=tuple(pairs)))
    W = np.array([[0.0, 0.2], [-0.1, 0.0]])
    u = np.random.default_rng(1).uniform(-0.05, 0.05, (2, 20))
    kept = {"dt": 5e-12, "steps": 40, "magnet": magnet}
    negative = plain.network(W, 0.01, tau=2e-10).run(u, 7, **kept)
    behind = both.network(np.maximum(W, 0.0), 0.01, tau=2e-10, complement=np.maximum(-W, 0.0)).run(u, 7, **kept)
    assert behind.node == pytest.approx(negative.node, abs=2e-3)
    none = both.network(np.maximum(W, 0.0), 0.01, tau=2e-10).run(u, 7, **kept)
    assert np.abs(none.node - negative.node).max() > 4e-3


def test_complements_that_are_not_there_and_loads_that_cannot_be_are_named():
    both, plain = _with_complement()
    with pytest.raises(UsageError, match="no complement"):
        plain.network(np.zeros((2, 2)), complement=np.eye(2))
    with pytest.raises(UsageError, match="complement has the shape"):
        both.network(np.zeros((2, 2)), complement=np.eye(3))
    with pytest.raises(UsageError, match="not negative"):
        both.network(np.zeros((2, 2)), complement=np.eye(2), complement_load=-1.0)
    loaded = both.network(np.zeros((1, 1)), complement=np.eye(1), complement_load=1e-4, input_weights=np.zeros((1, 1)))
    still = loaded.run(np.zeros((1, 4)), steps=400, magnet="reference")
    free = both.network(np.zeros((1, 1)), complement=np.eye(1), input_weights=np.zeros((1, 1)))
    # The complement drives with 1e-4 S: under as much load it goes half as far.
    assert (
        np.abs(still.node).max() < 0.75 * np.abs(free.run(np.zeros((1, 4)), steps=400, magnet="reference").node).max()
    )


def test_the_quick_kernel_of_few_nodes_does_what_the_general_one_does(monkeypatch):
    W = np.array([[0.0, 0.2, 0.1], [-0.1, 0.0, 0.3], [0.05, -0.2, 0.0]])
    u = np.random.default_rng(2).uniform(-0.1, 0.1, (3, 30))
    runs = []
    for most in (4, 0):
        monkeypatch.setattr("spinspice.surrogate.neuron.FOUR", most)
        s = made_up()
        assert (s.four[0].shape[0] > 0) == (most == 4)
        runs.append(s.network(W, 0.01, tau=2e-10, load=2e-5).run(u, 3, steps=20))
    assert runs[0].node == pytest.approx(runs[1].node, abs=1e-9)
    assert runs[0].output == pytest.approx(runs[1].output, abs=1e-9)


def test_nodes_on_grids_of_their_own_take_the_general_kernel():
    s = made_up()
    pair = s.branches.pairs[-1]
    coarse = dataclasses.replace(pair, y=pair.y[::2], current=pair.current[..., ::2], charge=pair.charge[..., ::2])
    other = dataclasses.replace(s.branches, pairs=(*s.branches.pairs[:-1], coarse))
    assert s.branches.one_grid and not other.one_grid
    mixed = dataclasses.replace(s, branches=other)
    assert s.four[0].shape[0] > 0 and mixed.four[0].shape[0] == 0
    W, u = np.array([[0.0, 0.2], [-0.1, 0.0]]), np.zeros((2, 20))
    runs = [one.network(W, 0.01, tau=2e-10).run(u, 3, steps=20).output for one in (s, mixed)]
    assert runs[0] == pytest.approx(runs[1], abs=0.05 * s.swing)


@pytest.mark.slow
def test_packing_changes_no_bit(tmp_path):
    """The kernel of networks compiled with rows packed into single operations, and without."""
    code = (
        "import contextlib, sys\n"
        "import numpy as np\n"
        "import spinspice.surrogate.network as network\n"
        "if sys.argv[1] == 'plain':\n"
        "    network.packed = contextlib.nullcontext\n"
        "from surrogates import made_up\n"
        "u = np.random.default_rng(2).uniform(-0.1, 0.1, (2, 300))\n"
        "W = np.array([[0.0, 0.2], [-0.1, 0.0]])\n"
        "run = made_up().network(W, 0.01, tau=2e-10).run(u, 3, steps=20)\n"
        "print(run.output.tobytes().hex(), run.node.tobytes().hex())\n"
    )
    said = []
    for how in ("packed", "plain"):
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / how), "PYTHONPATH": os.pathsep.join(sys.path)}
        said.append(subprocess.run([sys.executable, "-c", code, how], env=environment, capture_output=True, check=True))
    assert len(said[0].stdout) > 1000 and said[0].stdout == said[1].stdout
