"""Offsets of the cells of a network: where each changes over while its junction is held half-way, by slow ramps.

Transistors that are drawn alike differ (mismatch), and 0.3 mV are seen in what a network samples. A trim needs the
offset of each cell against the cell as drawn, which a ramp up and a ramp down of all inputs at once find in one run.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from spinspice.cells.pbit import PBit
from spinspice.cells.pbit_clocked import ClockedPBit
from spinspice.devices.base import Device
from spinspice.errors import PlausibilityWarning, ResultError
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Reach of the ramps in parts of the supply, and time of each [s]: our choice. A delay moves both ways alike.
REACH, RAMP = 0.15, 10e-9
#: Step of a junction that is held [s].
STEP = 5e-12


def held(device: Device) -> Device:
    """Return a macrospin that stays across the reference direction: cold, and with an easy axis there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PlausibilityWarning)  # no junction is as cold: that is what holds it
        return device.replace(
            T=1e-3, B_k=1e-3, kx=0.0, ky=1.0, kz=0.0, pol=1e-6, theta0=np.pi / 2, phi0=np.pi / 2, dt=STEP, max_step=STEP
        )


def trim_testbench(cells: Mapping[str, PBit], seed: int = 1) -> Testbench:
    """Return the run that finds the offsets of cells, by name of p-bit."""
    first = next(iter(cells.values()))
    reach = REACH * first.vdd
    inputs: dict[str, Any] = {f"vin_{name}": Pwl([0.0, RAMP, 2 * RAMP], [-reach, reach, -reach]) for name in cells}
    placed = {}
    for name, cell in cells.items():
        nodes = {}
        if isinstance(cell, ClockedPBit):
            nodes = {"clk": "ck", "clkb": "ckb"}
            inputs |= {"ck": cell.rails[1], "ckb": cell.rails[0]}
        placed[name] = Placed(cell.with_junctions(held).rebuilt(probes="none"), nodes)
    network = Network(cells=placed, inputs=inputs, outputs=[f"outb_{name}" for name in cells])
    return network.testbench(stop=2 * RAMP, seed=seed, step=STEP)


def thresholds(cells: Mapping[str, PBit], waves: Waveforms) -> dict[str, float]:
    """Return the input at which each cell changes over [V]: the mean of the way up and the way down.

    Raises
    ------
    ResultError
        For a cell that does not change over within the ramps.
    """
    found = {}
    for name, cell in cells.items():
        reach = REACH * cell.vdd
        high = np.asarray(waves[f"v(outb_{name})"]) > cell.middle
        change = np.flatnonzero(high[1:] != high[:-1])
        if change.size != 2:
            raise ResultError(
                f"the output of p-bit {name} changes {change.size} times, not twice, on ramps of {reach:.3g} V up and "
                "down. Its offset is out of reach."
            )
        at = []
        for k in change:
            times = waves.time[[k, k + 1]]
            levels = np.asarray(waves[f"v(outb_{name})"])[[k, k + 1]]
            at.append(times[0] + (cell.middle - levels[0]) / (levels[1] - levels[0]) * (times[1] - times[0]))
        up, down = -reach + 2 * reach * at[0] / RAMP, reach - 2 * reach * (at[1] - RAMP) / RAMP
        found[name] = float(up + down) / 2.0
    return found
