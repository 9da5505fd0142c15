"""Sequencers of clocked p-bits: in Verilog beside the circuit as by stimuli, and colours updated at once."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import ClockedPBit
from spinspice.devices import Telegraph
from spinspice.devices.laws.rotor import Magnet
from spinspice.engines import get_engine
from spinspice.errors import EngineError
from spinspice.networks.pbits import exact, gates, judge
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import EDGE, Sequencer
from spinspice.networks.pbits.sequencer_verilog import DELAY, SequencerInVerilog
from spinspice.networks.pbits.surrogate import calibrate
from spinspice.presets import load_preset

#: A two-state junction of 10 ns: its flips are at the same times whatever the steps of the solver, and hardly any falls
#: into the picoseconds by which the clocks may differ as a latch closes.
JUNCTION = Telegraph(R_P=12.7e3, TMR=1.0, delta=3.0, phi0=2e9, t_sw=5e-11, V_c=100.0)
CLOCK = 1e-9


def network(ising, sequencer):
    return PBitNetwork(ising=ising, cell=ClockedPBit(JUNCTION), V0=8e-3, I0=0.3, sequencer=sequencer)


def clocks(ising, sequencer, stop, seed=1):
    """Return network, circuit and waveforms with the clocks of a run."""
    made = network(ising, sequencer)
    count = len(sequencer.turns(ising))
    signals = [f"v({name}{k})" for name in ("ck", "ckb") for k in range(count)]
    bench = made.network().testbench(stop=stop, seed=seed, step=5e-12, max_step=2e-11, save=signals)
    return made, signals, get_engine("ngspice-process").run(bench)


@pytest.mark.engine("verilator")
@pytest.mark.engine("ngspice-process")
@pytest.mark.parametrize("groups", [(), (("a", "b"), ("s", "c"))], ids=["in turn", "groups"])
def test_verilog_is_the_stimuli(groups):
    """Every clock crosses the middle at the same times, and every latch takes the same states.

    A bridge sees the master clock at the time point after its crossing: half an edge later at most, where the edge has
    its corner.
    """
    ising = gates.and_gate() if not groups else Ising.of({("a", "s"): 1.0, ("b", "s"): -1.0, ("b", "c"): 0.5})
    stop = 40e-9
    made, signals, one = clocks(ising, Sequencer(clock=CLOCK, groups=groups), stop)
    _, _, other = clocks(ising, SequencerInVerilog(clock=CLOCK, groups=groups), stop)
    time = np.arange(0.0, stop, 1e-12)
    for signal in signals:
        at = []
        for waves in (one, other):
            high = np.interp(time, waves.time, waves[signal]) > 0.0
            at.append(time[1:][high[1:] != high[:-1]])
        assert at[0].size == at[1].size >= 2 * int(stop / CLOCK / (len(signals) / 2))
        assert np.abs(at[0] - at[1]).max() < (0.5 * EDGE + 2 * DELAY) * CLOCK + 1e-12
    turns = np.arange(CLOCK, stop, CLOCK)
    rows = [made.rows_at(waves, turns) for waves in (one, other)]
    assert len(set(rows[0].tolist())) > 4
    np.testing.assert_array_equal(*rows)


@pytest.mark.engine("verilator")
@pytest.mark.engine("ngspice-process")
def test_turn_goes_round_in_the_digital_part():
    ising = gates.and_gate()
    bench = network(ising, SequencerInVerilog(clock=CLOCK)).network().testbench(stop=12e-9, seed=1, step=5e-12)
    assert [block.name for block in bench.digital] == ["pbit_sequencer"]
    waves = get_engine("ngspice-process").run(bench)
    turn = waves.digital["pbit_sequencer.turn"]
    np.testing.assert_array_equal(turn.at(np.arange(0.5, 12, 1.0) * CLOCK), [1, 2, 4] * 4)


@pytest.mark.engine("vacask")
def test_engines_without_verilog_refuse():
    bench = network(gates.copy(), SequencerInVerilog(clock=CLOCK)).network().testbench(stop=2e-9)
    with pytest.raises(EngineError, match="VACASK cannot run digital blocks"):
        get_engine("vacask").run(bench)


#: A ring of four: two colours, so that a sweep takes two turns.
RING = Ising.of({("a", "b"): 1.0, ("b", "c"): -1.0, ("c", "d"): 1.0, ("a", "d"): 0.5}, {"a": 0.5, "c": -0.5})


def calibrated():
    """Width and middle [V] of the generic cell with four junctions, as extracted from it."""
    magnet = Magnet(sigma=1.457e10, tau=4.109e-10, pull=-0.03873)
    pbit = ExtractedPBit(
        v_x=-1.9e-5, w=14.281e-3, bend=-0.0025, low=1.3259, high=1.4766, tau_mid=1.2297e-10, gain=2.5907,
        tau_out=1.4066e-10, delay=4.5e-11, magnet=magnet, junctions=4, r_out=2628.0,
    )  # fmt: skip
    fit = calibrate(pbit, clock=3e-9, duration=30e-6)
    return {"V0": fit.V0, "v0": fit.v0}


def coloured(I0, sweeps, seed, warm=5):
    """Return histogram and law of the ring in the circuit, two p-bits updated at once."""
    cell = ClockedPBit(load_preset("faria2021").device.replace(max_step=5e-12), junctions=4)
    sequencer = Sequencer(clock=CLOCK, groups=RING.colours())
    assert sequencer.turns(RING) == [["a", "c"], ["b", "d"]]
    made = PBitNetwork(ising=RING, cell=cell, I0=I0, r_out=2628.0, sequencer=sequencer, **calibrated())
    sweep = made.interval
    assert sweep == 2 * CLOCK
    bench = made.network().testbench(stop=(sweeps + warm) * sweep, seed=seed, step=5e-12)
    rows = made.rows(get_engine("ngspice").run(bench), sweep, warm * sweep)
    return Histogram.of([rows], 4, sweep)


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(
    ("I0", "sweeps"),
    [
        (0.5, 40),
        pytest.param(0.3, 200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param(0.5, 200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
        pytest.param(1.0, 200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_colours_at_once_sample_boltzmann(I0, sweeps):
    """Within 4 standard deviations of what runs of Gibbs sampling as long give."""
    histogram = coloured(I0, sweeps, seed=31)
    law = exact.boltzmann(RING, I0)
    alone = judge.of_gibbs(RING, I0, law, sweeps=int(histogram.counts.sum()), runs=1, seed=5)
    found = histogram.compare(law, alone=alone)
    ground = law > law.max() * (1 - 1e-9)
    right, error = histogram.of_states(ground)
    print(
        f"\nring, colours at once, I0 = {I0}: {histogram.counts.sum()} sweeps, total variation {found}, excess "
        f"{found.excess:.2f}; P(ground) {right:.3f} +- {error:.3f}, Boltzmann {law[ground].sum():.3f}",
        flush=True,
    )
    assert found.excess < 4, str(found)
    assert abs(right - law[ground].sum()) < 4 * error
