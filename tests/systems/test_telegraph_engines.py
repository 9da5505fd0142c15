"""Telegraph junctions in the circuits that studies run: VACASK is as exact as ngspice, at equal seeds and by the law.

Budget (docs, Theory 4.3) of a stay on an engine: 2 switching times, and where the drive varies the trapezoidal rule's
2e-3 of a threshold; of the difference of two engines twice that. On average a stay is off by 0.12 of a switching time.
A step that overshoots the start of an event after an edge comes on top, on ngspice once in these runs.
"""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches import cell as cell_bench
from spinspice.benches import readout as readout_bench
from spinspice.benches.driven import Driven
from spinspice.cells import BSN, TelegraphPBit
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph, TelegraphField
from spinspice.devices.reference.telegraph import simulate_telegraph
from spinspice.engines import get_engine
from spinspice.presets import load_preset
from spinspice.studies import get_study, run
from spinspice.studies.pbits import TELEGRAPH
from spinspice.waveforms import crossings

pytestmark = [pytest.mark.engine("ngspice"), pytest.mark.engine("vacask")]

JUNCTION = load_preset("mizrahi2018-scaled").device
ENGINES = ("ngspice", "vacask")
SEED = 11
#: Mean stay of the junction at rest [s], and what a varying drive may leave of it.
REST, LEFT = 1.0 / float(JUNCTION.escape_rates(0.0)[0]), 2e-3


def events(bench, signal="v(count)") -> dict[str, np.ndarray]:
    """Times of the events on each engine [s]."""
    found = {name: get_engine(name, model="verilog-a").run(bench) for name in ENGINES}
    return {name: crossings(waves.time, waves[signal]) for name, waves in found.items()}


def check_equal(found: dict[str, np.ndarray], t_sw: float, fewest: int, left: float = 0.0) -> None:
    """As many events, each stay as long, up to two budgets; ``left`` [s] is that of a varying drive."""
    one, other = found.values()
    assert one.size == other.size >= fewest
    assert np.max(np.abs(np.diff(one, prepend=0.0) - np.diff(other, prepend=0.0))) < 2.0 * (2.0 * t_sw + left)


def driven(eta: float, x: float, noise: float = 0.0, series: float = 0.0, samples: int = 20) -> Driven:
    """The bench of the studies ``locking`` and, at eta = 0, ``dwell``: barrier times drive, half periods in stays."""
    volts = JUNCTION.V_c / JUNCTION.barrier
    return Driven(
        device=JUNCTION,
        volts=eta * volts,
        half_period=x / float(JUNCTION.escape_rates(0.0)[0]),
        series=series * JUNCTION.R_P,
        noise=noise * volts,
        samples=samples,
    )


@pytest.mark.parametrize(("eta", "x", "noise"), [(0, 1, 0), (3, 0.3, 0), (3, 3, 0), (12, 0.3, 0), (3, 0.3, 2)])
def test_stays_by_the_law_of_the_drive(eta, x, noise):
    """Against the exact events under the same drive: mean error of a stay, which counts and rates rest on."""
    bench, halves = driven(eta, x, noise), 100 if noise else 300
    testbench = bench.testbench(halves, SEED)
    source = bench.source(halves, SEED)
    times = np.union1d([0.0, testbench.stop], source.breakpoints(testbench.stop))
    exact = simulate_telegraph(JUNCTION, testbench.stop, SEED, voltage=(times, source.value(times))).flips
    found = events(testbench)
    left = LEFT * REST if eta else 0.0
    check_equal(found, JUNCTION.t_sw, 100, left)
    errors = {name: np.diff(flips - exact, prepend=0.0) for name, flips in found.items()}
    assert all(abs(np.mean(error)) < 0.12 * JUNCTION.t_sw for error in errors.values())
    assert np.max(np.abs(errors["vacask"])) < 2.0 * JUNCTION.t_sw + left
    assert np.std(errors["vacask"]) < np.std(errors["ngspice"]) + 0.12 * JUNCTION.t_sw


@pytest.mark.parametrize(
    ("eta", "x", "noise", "series"), [(3, 0.3, 2, 0.5), (8, 0.3, 4, 0), (10, 0.01, 0, 1), (30, 1e-3, 0, 0)]
)
def test_drives_that_change_rates_most(eta, x, noise, series):
    """Through a divider, under strong noise, and with rates that jump by e^60 at an edge: the same events."""
    check_equal(events(driven(eta, x, noise, series).testbench(100, SEED)), JUNCTION.t_sw, 50, LEFT * REST)


def test_a_neuron_of_transistors():
    device = Telegraph(delta=1.0, R_P=12e3, V_c=10.0).with_resolvable_switching()
    cell = BSN(device)
    stop = 40 * 0.5 / device.natural_rate
    check_equal(
        events(cell_bench.cell_testbench(cell, stop=stop, vin=0.0, seed=7, save=("v(x1.count)",)), "v(x1.count)"),
        device.t_sw,
        20,
    )


def test_a_probabilistic_bit():
    cell = TelegraphPBit(TelegraphField(**TELEGRAPH))
    bench = cell_bench.cell_testbench(cell, stop=1e-6, vin=0.003, seed=7, save=("v(x1.count)",))
    check_equal(events(bench, "v(x1.count)"), TELEGRAPH["t_sw"], 30)


def test_a_clocked_readout():
    period, bits = 183e-9, 30
    cell = readout_bench.resolvable(ReadOut(JUNCTION, "generic"), bits * period)
    bench = readout_bench.readout_testbench(cell, cell.timing(period), bits, seed=5)
    check_equal(events(bench), cell.device.t_sw, 5, LEFT * REST)


@pytest.mark.parametrize("study", ["dwell", "locking"])
def test_studies_of_junctions_alone_take_vacask(study):
    result = run(study, **get_study(study).short, seed=2, workers=1)
    assert result.engine == "vacask"
    assert run(study, engine="ngspice", **get_study(study).short, seed=2, workers=1).engine == "ngspice"
