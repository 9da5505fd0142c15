"""The run that a p-bit is extracted from: one cell behind the resistance of a node, driven across its transition."""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.cells.pbit import PBit
from spinspice.cells.pbit_clocked import ClockedPBit
from spinspice.errors import check_range
from spinspice.networks.couplings import Resistor
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet, fit
from spinspice.networks.pbits.surrogate import STEP
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Length of a level, and levels in units of the reach of the drive: our choice, denser where the output is undecided.
DWELL, EDGE = 2e-9, 10e-12
LEVELS = np.array([-3, -2, -1.4, -1, -0.7, -0.4, -0.2, 0, 0.2, 0.4, 0.7, 1, 1.4, 2, 3]) / 3.0


def extraction_network(cell: PBit, R_node: float, duration: float, reach: float, seed: int) -> Network:
    """Return one cell that is driven at levels in random order, through the resistance of a node.

    The latch of a clocked p-bit stays open.
    """
    check_range("duration", duration, 10 * DWELL, 1e-3, unit="s", where="extraction of a p-bit")
    count = int(duration / DWELL)
    levels = reach * np.random.default_rng([seed, 0xE7]).choice(LEVELS, count)
    starts = DWELL * np.arange(count)
    times = np.ravel([starts, starts + DWELL - EDGE], order="F")
    inputs: dict[str, Any] = {"drive": Pwl(times.tolist(), np.repeat(levels, 2).tolist())}
    nodes = {}
    if isinstance(cell, ClockedPBit):
        low, high = cell.rails
        inputs |= {"ck": high, "ckb": low}
        nodes = {"clk": "ck", "clkb": "ckb"}
    return Network(
        cells={"a": Placed(cell, nodes)}, couplings={"r": Resistor("drive", "vin_a", R_node)}, inputs=inputs,
        outputs=["outb_a"],
    )  # fmt: skip


def magnet_signals(cell: PBit, name: str) -> list[str]:
    """Return the signals of the component along x of every junction of a cell in a network."""
    return [f"v(x{name}.{nodes[0]})" for nodes in cell.states.values()]


def extraction_testbench(
    cell: PBit, *, R_node: float = 2e3, duration: float = 400e-9, reach: float = 30e-3, seed: int = 1
) -> Testbench:
    """Return the run; ``reach`` is the largest input [V], two half-widths of the transition."""
    network = extraction_network(cell, R_node, duration, reach, seed)
    return network.testbench(stop=duration, seed=seed, step=STEP, save=["v(drive)", *magnet_signals(cell, "a")])


def extract(cell: PBit, waveforms: Waveforms) -> ExtractedPBit:
    """Fit the p-bit to its run; errors as :func:`spinspice.networks.pbits.extracted.fit`."""
    even = waveforms.resample(STEP)
    x = np.mean([even[signal] for signal in magnet_signals(cell, "a")], axis=0)
    junctions = len(cell.states)
    magnet = Magnet.of(cell.device, pull=2.0 * float(x.mean()))
    high = np.asarray(even["v(outb_a)"]) > cell.middle
    return fit(
        np.asarray(x), np.asarray(even["v(drive)"]), high, STEP, magnet, junctions=junctions
    )
