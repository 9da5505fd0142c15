"""Read-out cells in SPICE: the bits are the states of the junction."""

import pytest

from spinspice.cells.readout import ReadOut
from spinspice.engines import get_engine
from spinspice.presets import load_preset
from spinspice.systems.readout import default_timing, reading, readout_testbench

JUNCTION = load_preset("mizrahi2018-scaled").device


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(
    ("technology", "topology"), [("generic", "strongarm"), ("generic", "double-tail"), ("sky130", "strongarm"), ("sg13g2", "double-tail")]
)
@pytest.mark.filterwarnings("ignore:the clock:UserWarning")
def test_bits_are_the_states_of_the_junction(technology, topology):
    cell = ReadOut(JUNCTION, technology, topology=topology)
    timing = default_timing(cell)
    waves = get_engine("ngspice").run(readout_testbench(cell, timing, 30, seed=3))
    run = reading(waves, timing, 30)
    assert run.settled.sum() >= 20
    assert run.states.sum() > 2 and (1 - run.states).sum() > 2
    assert run.wrong == 0
