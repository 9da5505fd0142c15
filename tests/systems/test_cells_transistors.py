"""The generic technology in a simulator: what its docstring says, smooth, and the same in both simulators."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from PySpice.Spice.Netlist import Circuit, SubCircuit

from spinspice.cells import ASN
from spinspice.cmos import get_technology
from spinspice.cmos.generic import MISMATCH
from spinspice.cmos.mismatch import Pelgrom
from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

L_MIN = get_technology("generic").l_min
W = 1e-6
#: Numerical accuracy of a slow ramp with 1000 steps at reltol 1e-3: interpolation between points and solver together.
ACCURACY = 5e-3
ENGINES = [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice-process", "vacask")]


class OneTransistor(SubCircuit):
    """A transistor with its models, as cells carry them: inside a subcircuit."""

    def __init__(self, technology: str, polarity: str, length: float) -> None:
        super().__init__("fet", "d", "g", "s")
        process = get_technology(technology)
        self.raw_spice = process.cards
        place = process.nmos if polarity == "n" else process.pmos
        place(self, "1", "d", "g", "s", "s", w=W, l=length)


def sweep(engine, polarity, length=L_MIN, *, gate, drain, slow=1e-3, technology="generic"):
    """Ramp gate and drain from their first to their second value; return gate voltage and drain and gate current.

    Voltages are magnitudes; ``slow`` [s] makes displacement currents of a few fF negligible (pA).
    """
    sign = 1.0 if polarity == "n" else -1.0
    circuit = Circuit("transistor")
    circuit.subcircuit(OneTransistor(technology, polarity, length))
    circuit.X("1", "fet", "d", "g", "0")
    for name, (start, stop) in (("d", drain), ("g", gate)):
        circuit.V(name, name, "0", f"PWL(0 {sign * start} {slow} {sign * stop})")
    bench = Testbench.from_pyspice(circuit, stop=slow, step=slow / 1000, save=("v(g)", "v(d)", "i(vd)", "i(vg)"))
    waves = get_engine(engine).run(bench)
    return {
        "vg": sign * waves["v(g)"],
        "vd": sign * waves["v(d)"],
        "id": -sign * waves["i(vd)"],
        "ig": -sign * waves["i(vg)"],
    }


def threshold(curve, length):
    """Gate voltage at 100 nA W / L."""
    return float(np.interp(np.log(1e-7 * W / length), np.log(curve["id"]), curve["vg"]))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("technology", "polarity", "vth", "dibl", "ion", "ioff"),
    [
        ("generic", "n", 0.29, 43e-3, 500e-6, 3e-9),
        ("generic", "p", 0.33, 51e-3, 280e-6, 1.3e-9),
        ("generic-lvt", "n", 0.17, 43e-3, 680e-6, 88e-9),
        ("generic-lvt", "p", 0.21, 51e-3, 400e-6, 38e-9),
    ],
)
def test_transistors_are_those_of_the_docstring(engine, technology, polarity, vth, dibl, ion, ioff):
    linear = sweep(engine, polarity, gate=(0.0, 0.8), drain=(0.05, 0.05), technology=technology)
    saturated = sweep(engine, polarity, gate=(-0.2, 0.8), drain=(0.8, 0.8), technology=technology)
    decades = np.interp([-0.15, -0.05, 0.0], saturated["vg"], np.log10(saturated["id"]))
    # Budgets are half a unit of the last digit printed in the docstring.
    assert threshold(linear, L_MIN) == pytest.approx(vth, abs=5e-3)
    assert (threshold(linear, L_MIN) - threshold(saturated, L_MIN)) / 0.75 == pytest.approx(dibl, abs=1e-3)
    assert saturated["id"][-1] == pytest.approx(ion, rel=0.02)
    assert 10 ** decades[2] == pytest.approx(ioff, rel=0.05)
    assert 0.1 / (decades[1] - decades[0]) == pytest.approx(85e-3, abs=2e-3)


@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("polarity", ["n", "p"])
def test_currents_and_their_derivatives_are_smooth(polarity):
    grid = np.linspace(0.02, 0.78, 39)
    curve = sweep("ngspice-process", polarity, gate=(0.0, 0.8), drain=(0.4, 0.4))
    efficiency = np.gradient(np.interp(grid, curve["vg"], np.log(curve["id"])), grid)
    # gm / I_D falls from its weak-inversion value without a bump: no kink between the regions of the model.
    assert np.all(np.diff(efficiency[1:-1]) < 0.01 * efficiency[0])
    assert 25.0 < efficiency[1] < 38.7  # below the limit e / kT of a slope of 60 mV a decade
    out = sweep("ngspice-process", polarity, gate=(0.6, 0.6), drain=(0.0, 0.8))
    conductance = np.gradient(np.interp(grid, out["vd"], out["id"]), grid)
    assert np.all(conductance > 0.0)
    assert np.all(np.diff(conductance[1:-1]) < 0.01 * conductance[0])


@pytest.mark.engine("ngspice-process")
def test_gate_capacitance_is_oxide_plus_overlap():
    # 1.2 V in 10 ns: the charging current of about 1 fF is 0.1 uA, far above any other gate current (there is none).
    curve = sweep("ngspice-process", "n", gate=(0.0, 1.2), drain=(0.0, 0.0), slow=1e-8)
    capacitance = np.interp([0.05, 1.15], curve["vg"], curve["ig"]) / (1.2 / 1e-8)
    oxide = 3.9 * 8.8541878128e-12 / 1.5e-9 * W * (L_MIN - 2 * 3e-9)  # of the physical thickness, toxp
    overlap = 2 * 2e-10 * W
    # Inversion: most of the oxide (the charge sits below it and the gate depletes: that is what makes 1.5 nm of oxide
    # act as 1.9 nm, a ratio of 0.79) and both overlaps.
    assert overlap + 0.75 * oxide < capacitance[1] < overlap + 0.9 * oxide
    assert overlap < capacitance[0] < overlap + 0.7 * oxide


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("technology", ["generic", "generic-lvt"])
@pytest.mark.parametrize("polarity", ["n", "p"])
def test_the_table_that_cells_are_sized_from_is_what_the_cards_give(engine, technology, polarity):
    table = get_technology(technology).half_supply
    rows = table.n if polarity == "n" else table.p
    for length, row in zip(table.lengths, rows, strict=True):
        if engine == "vacask" and length not in (table.lengths[0], table.lengths[-1]):
            continue
        curve = sweep(engine, polarity, length, gate=(0.38, 0.62), drain=(0.38, 0.62), technology=technology)
        measured = np.exp(np.interp(np.asarray(table.vdd) / 2, curve["vg"], np.log(curve["id"]))) / W
        np.testing.assert_allclose(measured, row, rtol=ACCURACY)
        between = np.exp(np.interp(0.425, curve["vg"], np.log(curve["id"]))) / W
        assert table.current(polarity, length, 0.85) == pytest.approx(between, rel=ACCURACY)


@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("corner", ["tt", "ss", "ff", "fs", "sf"])
def test_the_analog_buffer_follows_from_rail_to_rail(corner):
    technology = get_technology("generic", corner)
    cell = ASN(Telegraph(R_P=15.7e3, TMR=0.0, V_c=1e3, delta=200.0), technology)
    bench_waves = buffer_ramp(cell, 1e-6)
    grid = np.linspace(-0.3, 0.3, 61)
    out = np.interp(grid, bench_waves["v(mid)"], bench_waves["v(out)"])
    gain, offset = np.polyfit(grid, out, 1)
    low, high = bench_waves["v(out)"][[0, -1]]
    if corner == "tt":
        assert gain == pytest.approx(0.96, abs=0.01)
        assert abs(offset) < 0.5e-3
        assert low < -0.355
        assert high > 0.355
    assert 0.93 < gain < 1.0
    assert abs(offset) < 5e-3
    assert np.abs(out - gain * grid - offset).max() < 6e-3  # straight within 1 % of the span
    assert min(-low, high) > 0.33


@pytest.mark.engine("ngspice-process")
def test_the_analog_buffer_is_faster_than_the_magnet():
    cell = ASN(Telegraph(R_P=15.7e3, TMR=0.0, V_c=1e3, delta=200.0))
    waves = buffer_ramp(cell, 2e-9, "PULSE(-0.07 0.07 0.5n 1p 1p 1n 4n)", step=1e-12)
    after = waves.window(0.5e-9, 1.5e-9)
    start, stop = after["v(out)"][0], after["v(out)"][-1]
    crossing = np.interp(start + (1 - np.exp(-1)) * (stop - start), after["v(out)"], after.time) - 0.5e-9
    assert 40e-12 < crossing < 75e-12  # the docstring says 60 ps; the magnet's correlation time is 150 ps and more


def buffer_ramp(cell, stop, shape=None, step=None):
    """Force the midpoint of a cell: slowly from rail to rail, or with a given shape."""
    from spinspice.cells import bench_circuit

    circuit = bench_circuit(cell)
    rail = cell.vdd / 2
    circuit.V("mid", "mid", circuit.gnd, shape or f"PWL(0 {-rail} {stop} {rail})")
    bench = Testbench.from_pyspice(
        circuit, stop=stop, step=step or stop / 500, save=("v(mid)", "v(out)"), parameters={"vin": 0.0, "seed": 1}
    )
    return get_engine("ngspice-process").run(bench)


#: Transistors of a test of mismatch.
MANY = 150


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("technology", "polarity", "vth"), [("generic", "n", 0.29), ("generic", "p", 0.33), ("generic-lvt", "n", 0.17)]
)
def test_thresholds_spread_by_the_area_law(engine, technology, polarity, vth):
    """Each current is turned into the gate voltage that would carry it: spread within 4 s.e., 1 / sqrt(2 n) each.

    At threshold, where the current has no other dependence on it than through the gate voltage.
    """
    law = MISMATCH[polarity]
    shifts = gate_shifts(engine, get_technology(technology), polarity, Pelgrom(A_VT=law.A_VT, A_beta=0.0), vth)
    assert abs(shifts.std() / law.sigma_vt(W, L_MIN) - 1.0) < 4.0 / np.sqrt(2 * MANY)
    assert abs(shifts.mean()) < 4.0 * law.sigma_vt(W, L_MIN) / np.sqrt(MANY)


@pytest.mark.engine("ngspice-process")
def test_mobility_spreads_by_the_area_law():
    """With threshold alike, transistors differ as nominal ones whose mobility is changed by as much."""
    law = Pelgrom(A_VT=0.0, A_beta=MISMATCH["n"].A_beta)
    shifts = gate_shifts("ngspice-process", get_technology("generic"), "n", law, 0.5)
    step = gate_shifts(
        "ngspice-process", get_technology("generic"), "n", Pelgrom(A_VT=0.0, A_beta=0.0), 0.5, mulu0=1.01
    )
    expected = law.sigma_beta(W, L_MIN) * abs(step.mean()) / np.log(1.01)
    # The second order of the exponential function adds a tenth of what sigma, 4 %, is: 0.4 %.
    assert abs(shifts.std() / expected - 1.0) < 4.0 / np.sqrt(2 * MANY) + 0.004


def gate_shifts(engine, technology, polarity, law, vg, mulu0=1.0):
    """Gate voltages [V] by which MANY transistors with mismatch at ``vg`` differ from nominal ones of their current."""
    sign = 1.0 if polarity == "n" else -1.0
    kind = dataclasses.replace(getattr(technology, polarity), pelgrom=law)
    ramp = np.linspace(vg - 0.1, vg + 0.1, 41)
    names = [*(f"s{i}" for i in range(MANY)), *(f"r{i}" for i in range(ramp.size))]
    cell = SubCircuit("fets", "d", "g", *names)
    cell.raw_spice = technology.cards
    for i, name in enumerate(names):
        gate, seed = ("g", instance_seed(1, name)) if i < MANY else (f"g{i}", None)
        if seed is None:
            cell.V(f"g{i}", gate, "g", sign * (ramp[i - MANY] - vg))
        element = kind.add_to(cell, str(i), ("d", gate, name, name), w=W, l=L_MIN, m=1, mismatch=seed)
        if seed is not None and mulu0 != 1.0:
            element.raw_spice = f"mulu0={mulu0}"
    circuit = Circuit("many")
    circuit.subcircuit(cell)
    circuit.X("1", "fets", "d", "g", *names)
    circuit.V("d", "d", "0", sign * 0.05)
    circuit.V("g", "g", "0", sign * vg)
    for name in names:
        circuit.V(name, name, "0", 0)
    bench = Testbench.from_pyspice(circuit, stop=1e-9, step=1e-10, save=tuple(f"i(v{name})" for name in names))
    waves = get_engine(engine).run(bench)
    currents = np.array([sign * waves[f"i(v{name})"][-1] for name in names])
    return np.interp(np.log(currents[:MANY]), np.log(currents[MANY:]), ramp) - vg
