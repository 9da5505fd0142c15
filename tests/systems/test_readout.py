"""Read-out cells in SPICE: the bits are the states of the junction."""

import numpy as np
import pytest

from spinspice.analysis.counting import sample_bits
from spinspice.cells.readout import ReadOut
from spinspice.cells.readout_bench import readout_circuit
from spinspice.engines import get_engine
from spinspice.presets import load_preset
from spinspice.testbench import Testbench


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("topology", ["strongarm", "double-tail"])
def test_bits_are_the_states_of_the_junction(topology):
    device = load_preset("mizrahi2018-scaled").device
    cell = ReadOut(device, "generic", topology=topology)
    timing = cell.timing(50e-9)
    bench = Testbench.from_pyspice(
        readout_circuit(cell, timing),
        stop=timing.stop(40),
        step=0.01 / float(device.escape_rates(0.0)[0]),
        max_step=timing.period / 4,
        save=("v(out)", "v(state)", "v(count)"),
        parameters={"stim": 0.0, "bias": 0.0, "seed": 3},
    )
    waves = get_engine("ngspice").run(bench)
    bits = sample_bits(waves.time, waves["v(out)"], timing.samples(40))
    states = sample_bits(waves.time, waves["v(state)"], timing.edges(40), threshold=0.5)
    assert states.sum() > 2 and (1 - states).sum() > 2
    # A flip just before the edge is not yet seen: the junction's node follows with its time constant.
    seen = np.interp(timing.edges(40) - timing.settle, waves.time, waves["v(count)"])
    still = np.interp(timing.edges(40), waves.time, waves["v(count)"]) - seen < 0.5
    assert still.sum() > 30
    assert (bits == states)[still].all()
