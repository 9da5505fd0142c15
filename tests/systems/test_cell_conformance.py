"""What every neuron cell must do, whoever wrote it: a cell passes by being registered.

``pytest tests/systems/test_cell_conformance.py`` runs over :func:`spinspice.cells.cells`, packages' cells included.
"""

from __future__ import annotations

import functools
import html

import numpy as np
import pytest
from test_export import run_alone

from spinspice.analysis.energy import audit
from spinspice.analysis.junctions import state
from spinspice.benches.cell import cell_testbench, probes
from spinspice.cells import NeuronCell, cells, get_cell
from spinspice.characterize import Characterization, characterize
from spinspice.energy import energy_signals, sources, terminals
from spinspice.engines import get_engine
from spinspice.export import export_cell
from spinspice.plotting import plot_characterization
from spinspice.presets import load_preset
from spinspice.report import render

CELLS = sorted(cells())
ROLES = ("vin", "out", "vdd", "vss")
PROBES = ("none", "blocks", "elements")
#: Long enough for transistors and junction to move, in seconds.
STOP = 5e-9
#: Until here two engines follow one noise path (the contract of the compact models), to this part of the state's range.
TOGETHER, APART = 1e-9, 2e-2
#: A p-bit's output is being switched by its junction within 1 ns: 1.6 mV were seen where 0.8 are the most.
SWITCHING = pytest.mark.xfail(reason="rounding, grown by the path of the junction, is amplified by the output")
#: What an audit promises [1].
CLOSURE = 5e-3
NGSPICE = pytest.mark.engine("ngspice-process")


@functools.cache
def built(name: str, probed: str = "blocks") -> NeuronCell:
    """The cell on the junction that it was published with."""
    kind = get_cell(name)
    device = load_preset(kind.preset).device
    return kind(device.resolvable(STOP), probes=probed)


@functools.cache
def run(name: str, engine: str, probed: str = "elements", seed: int = 5):
    cell = built(name, probed)
    bench = cell_testbench(cell, stop=STOP, vin=cell.middle, seed=seed, save=energy_signals(cell))
    return get_engine(engine).run(bench)


@pytest.mark.parametrize("name", CELLS)
def test_it_says_what_it_is(name):
    cell = built(name)
    assert cell.kind == cell.name == name
    assert set(ROLES) <= set(cell.ports) and len(set(cell.ports)) == len(cell.ports)
    assert cell.preset and load_preset(cell.preset).cell.get("vdd", cell.vdd) > 0.0
    assert isinstance(cell.sizing, cell.sizes) and all(getattr(cell.sizing, size) > 0.0 for size in cell.sizes.names())
    assert set(cell.states) == set(cell.devices) <= set(cell.blocks)
    assert cell.area > 0.0
    assert (cell.__doc__ or "").strip().splitlines()[0].endswith(".")


@pytest.mark.parametrize("name", CELLS)
def test_every_block_has_its_ammeters_where_they_are_asked_for(name):
    assert not built(name, "none").pins and not built(name, "none").ammeters
    for probed in ("blocks", "elements"):
        cell = built(name, probed)
        assert {pin.block for pin in cell.pins} == set(cell.blocks)
        assert {f"V{ammeter[1:]}" for ammeter in cell.ammeters} <= set(cell.element_names)
        outside = [pin.node for pin in cell.pins if probed == "blocks"]
        assert set(outside) <= {*cell.ports}, "blocks are metered where they meet a port"
    transistors = [element for element in built(name, "none").element_names if element[0].upper() in "MXR"]
    assert {pin.element.lower() for pin in built(name, "elements").pins} == {t[1:].lower() for t in transistors}


@pytest.mark.parametrize("name", CELLS)
def test_a_rebuilt_cell_is_the_same_cell(name):
    for probed in PROBES:
        cell = built(name, probed)
        assert str(cell.rebuilt()) == str(cell)
        assert str(cell.with_junctions(lambda device: device)) == str(cell)
    cell = built(name)
    hotter = cell.with_junctions(lambda device: device.replace(T=device.T + 10.0))
    assert hotter.device.T == cell.device.T + 10.0 and hotter.sizing == cell.sizing
    lines = [set(str(each).splitlines()) for each in (cell, hotter)]
    assert all(cell.device.model in line for line in lines[0] ^ lines[1]) and lines[0] != lines[1]
    assert cell.rebuilt(name="other").name == "other"


@pytest.mark.parametrize(
    "engine", [pytest.param(e, marks=pytest.mark.engine(e)) for e in ("ngspice-process", "vacask")]
)
@pytest.mark.parametrize("name", CELLS)
def test_its_energy_account_closes(name, engine):
    """What sources deliver is what elements take; without the junction's ammeter it is not."""
    cell, waves = built(name, "elements"), run(name, engine)
    pins, given = terminals(cell), sources(cell)
    account = audit(waves, pins, given)
    assert abs(account.closure) < CLOSURE and set(account.power) == set(cell.blocks)
    assert abs(audit(waves, [pin for pin in pins if pin.block != "mtj"], given).closure) > CLOSURE
    low, high = cell.rails
    assert low - 0.05 * cell.vdd < waves["v(out)"].min() and waves["v(out)"].max() < high + 0.05 * cell.vdd


@NGSPICE
@pytest.mark.engine("vacask")
@pytest.mark.parametrize("name", CELLS)
def test_engines_agree_on_the_path_of_the_junction(name):
    times = np.linspace(0.0, TOGETHER, 201)
    paths = [state(probes(built(name))[0], run(name, engine), times) for engine in ("ngspice-process", "vacask")]
    np.testing.assert_allclose(paths[0], paths[1], rtol=0.0, atol=APART)


@NGSPICE
@pytest.mark.parametrize("name", CELLS)
def test_the_seed_is_the_noise(name):
    """The same seed gives the same bits, another one another path of the junction."""
    bench = cell_testbench(built(name, "elements"), stop=STOP, seed=5, save=energy_signals(built(name, "elements")))
    again = get_engine("ngspice-process").run(bench)
    first = run(name, "ngspice-process")
    assert all(np.array_equal(first[signal], again[signal]) for signal in ("v(out)", "v(vdd)"))
    times = np.linspace(0.0, STOP, 501)
    paths = [state(probes(built(name))[0], run(name, "ngspice-process", "elements", seed), times) for seed in (5, 6)]
    assert np.max(np.abs(paths[0] - paths[1])) > APART


@NGSPICE
@pytest.mark.parametrize("name", [pytest.param(name, marks=SWITCHING) if name == "pbit" else name for name in CELLS])
def test_ammeters_change_nothing(name):
    """A zero-volt source adds an unknown, not a voltage: the same waveforms until rounding has grown."""
    times = np.linspace(0.0, TOGETHER, 201)
    waves = [run(name, "ngspice-process", probed) for probed in PROBES]
    for each in waves[1:]:
        outs = [np.interp(times, w.time, w["v(out)"]) for w in (each, waves[0])]
        np.testing.assert_allclose(*outs, rtol=0.0, atol=1e-3 * built(name).vdd)


@NGSPICE
@pytest.mark.parametrize("name", CELLS)
def test_ammeters_leave_the_path_of_the_junction(name):
    times = np.linspace(0.0, TOGETHER, 201)
    paths = [state(probes(built(name))[0], run(name, "ngspice-process", probed), times) for probed in PROBES]
    for path in paths[1:]:
        np.testing.assert_allclose(path, paths[0], rtol=0.0, atol=APART)


@pytest.mark.engine("ngspice-process", model="b-source")
@pytest.mark.parametrize("name", CELLS)
def test_an_exported_folder_gives_the_waveform_of_the_engine(name, tmp_path):
    written = export_cell(built(name), out=tmp_path, seed=3, duration=1e-9)
    table = run_alone(tmp_path, "testbench.cir", "waveform.txt")
    waves = get_engine("ngspice-process", model="b-source").run(written.testbench)
    assert table.shape == (waves.time.size, 1 + len(written.testbench.save))
    for column, signal in enumerate(written.testbench.save, start=1):
        np.testing.assert_allclose(table[:, column], waves[signal], rtol=1e-14, atol=1e-18, err_msg=signal)


@pytest.mark.engine("auto")
@pytest.mark.parametrize("name", CELLS)
def test_it_is_characterised_drawn_and_reported(name, tmp_path):
    cell = built(name)
    duration = max(2.0 * STOP, cell.device.durations().shortest)
    low, high = cell.rails
    result = characterize(cell, vin=f"{low / 2}:{high / 2}:5", duration=duration, trials=1, workers=1)
    assert not result.failures and set(result.energy.power) == set(cell.blocks)
    assert result.transfer.mean[0] * result.transfer.mean[-1] < 0.0, "the output does not cross the middle"
    assert Characterization.from_dict(result.to_dict(full=True)).transfer.mean == pytest.approx(result.transfer.mean)
    assert plot_characterization(result, tmp_path / "cell.png").stat().st_size > 10_000
    page = html.unescape(render([result], title="cells"))
    assert all(word in page for word in (*cell.blocks, cell.technology.name))
