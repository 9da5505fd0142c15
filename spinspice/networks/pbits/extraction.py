"""The run that a p-bit is extracted from: one cell behind the resistance of a node, driven across its transition."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.pbit import PBit
from spinspice.cells.pbit_clocked import ClockedPBit
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.errors import check_range
from spinspice.networks.couplings import Resistor
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits.extracted import ExtractedPBit, Magnet, fit
from spinspice.networks.pbits.surrogate import STEP, calibrate
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Lengths of levels, and levels in units of the reach of the drive: our choice. Short ones, as neighbours make them,
#: show the response; levels are denser where the output is undecided.
DWELLS, EDGE = np.array([0.08e-9, 0.15e-9, 0.3e-9, 0.6e-9, 2e-9]), 10e-12
#: Load at each output, about that of a gate's couplings at a node of 20 kOhm [Ohm]: our choice.
LOAD = 100e3
LEVELS = np.array([-3, -2, -1.4, -1, -0.7, -0.4, -0.2, 0, 0.2, 0.4, 0.7, 1, 1.4, 2, 3]) / 3.0


def extraction_network(cell: PBit, R_node: float, duration: float, reach: float, seed: int) -> Network:
    """Return one cell that is driven at levels in random order, through the resistance of a node.

    The latch of a clocked p-bit stays open.
    """
    check_range("duration", duration, 2e-8, 1e-3, unit="s", where="extraction of a p-bit")
    draw = np.random.default_rng([seed, 0xE7])
    ends = np.cumsum(draw.choice(DWELLS, int(duration / DWELLS.min())))
    ends = ends[: int(np.searchsorted(ends, duration)) + 1]
    levels = reach * draw.choice(LEVELS, ends.size)
    times = np.ravel([np.concatenate([[0.0], ends[:-1]]), ends - EDGE], order="F")
    inputs: dict[str, Any] = {"drive": Pwl(times.tolist(), np.repeat(levels, 2).tolist())}
    couplings = {"r": Resistor("drive", "vin_a", R_node)}
    couplings |= {f"load_{port}": Resistor(f"{port}_a", "0", LOAD) for port in ("out", "outb")}
    nodes = {}
    if isinstance(cell, ClockedPBit):
        low, high = cell.rails
        inputs |= {"ck": high, "ckb": low}
        nodes = {"clk": "ck", "clkb": "ckb"}
    return Network(
        cells={"a": Placed(cell, nodes)}, couplings=couplings, inputs=inputs,
        outputs=["outb_a", "out_a", "mid_a"],
    )  # fmt: skip


def magnet_signals(cell: PBit, name: str) -> list[str]:
    """Return the signals of the component along x of every junction of a cell in a network."""
    return [f"v(x{name}.{nodes[0]})" for nodes in cell.states.values()]


def extraction_testbench(
    cell: PBit, *, R_node: float = 20e3, duration: float = 400e-9, reach: float = 30e-3, seed: int = 1
) -> Testbench:
    """Return the run; ``reach`` is the largest input [V], two half-widths of the transition."""
    network = extraction_network(cell, R_node, duration, reach, seed)
    return network.testbench(stop=duration, seed=seed, step=STEP, save=["v(drive)", *magnet_signals(cell, "a")])


@dataclasses.dataclass(frozen=True)
class Observed:
    """What is kept of runs: magnet [1], drive, midpoint and outputs about the middle of the supply [V], every step."""

    x: Array
    drive: Array
    mid: Array
    out: Array
    outb: Array

    @classmethod
    def of(cls, cell: PBit, waveforms: Waveforms) -> Observed:
        """Return what a run holds."""
        even = waveforms.resample(STEP)
        x = np.mean([even[signal] for signal in magnet_signals(cell, "a")], axis=0)
        out, outb = (np.asarray(even[f"v({port}_a)"]) - cell.middle for port in ("out", "outb"))
        return cls(np.asarray(x), np.asarray(even["v(drive)"]), np.asarray(even["v(mid_a)"]), out, outb)

    @classmethod
    def joined(cls, runs: Sequence[Observed]) -> Observed:
        """Return several runs end to end; what a p-bit remembers at the joints is little beside a run."""
        names = [field.name for field in dataclasses.fields(cls)]
        return cls(*(np.concatenate([getattr(run, name) for run in runs]) for name in names))


def extract(cell: PBit, runs: Waveforms | Sequence[Observed], pull: float | None = None) -> ExtractedPBit:
    """Fit the p-bit to its runs; errors as :func:`spinspice.networks.pbits.extracted.fit`.

    ``pull`` as :func:`pull_of` gives it, where it is known already.
    """
    seen = Observed.of(cell, runs) if isinstance(runs, Waveforms) else Observed.joined(runs)
    magnet = Magnet.of(cell.device, pull=pull_of(cell, seen.x, seen.mid) if pull is None else pull)
    high = seen.outb > 0.0
    found = fit(seen.x, seen.drive, high, STEP, magnet, junctions=len(cell.states))
    r_out = float(np.mean([r_out_of(level, cell.vdd) for level in (seen.out, seen.outb)]))
    return dataclasses.replace(found, lead=lead_of(seen.out < 0.0, high), r_out=r_out)


def spread(cell: PBit, runs: Sequence[Observed], whole: ExtractedPBit, **how: Any) -> tuple[float, float]:
    """Return the standard errors of v0 and V0 [V] of a p-bit extracted from several runs: of their scatter.

    Each run is extracted by itself and calibrated with the same noise; ``how`` as for
    :func:`spinspice.networks.pbits.surrogate.calibrate`. NaN for a single run.
    """
    if len(runs) < 2:
        return math.nan, math.nan
    each = [calibrate(extract(cell, [run], whole.magnet.pull), **how) for run in runs]
    errors = np.std([(fit.v0, fit.V0) for fit in each], axis=0, ddof=1) / math.sqrt(len(runs))
    return float(errors[0]), float(errors[1])


def pull_of(cell: PBit, x: NDArray[np.float64], mid: NDArray[np.float64]) -> float:
    """Return twice the mean component of a junction at the mean current of a run [1], from the reference solver.

    The mean over the run itself would be uncertain by 0.015 in 0.4 us, which moves v0 by 0.2 mV: the current is well
    known, and 24 us of a junction alone cost a few seconds.
    """
    across = (mid - cell.rails[1]) * (1.0 if cell.reference == "vdd" else -1.0)
    device = next(iter(cell.devices.values()))
    current = float(np.mean(across * conductance(device, across, x)))
    run = simulate_macrospin(device, 4e-6, seed=np.arange(6), current=current, decimate=4)
    return 2.0 * float(run.cosine[:, 500:].mean())


def r_out_of(output: NDArray[np.float64], vdd: float, load: float = LOAD) -> float:
    """Return the resistance of an output at its rails [Ohm]: of the levels that it keeps beside a load, 0 at least."""
    level = float(np.quantile(output, 0.9) - np.quantile(output, 0.1)) / 2.0
    return max(0.0, load * (vdd / 2.0 / level - 1.0))


def lead_of(low: NDArray[np.bool_], high: NDArray[np.bool_], most: int = 40) -> float:
    """Return by how much the falling output is before the rising one [s]; 0 where it is not."""
    missed = [float(np.mean(low[: low.size - n] != high[n:])) for n in range(most)]
    return STEP * int(np.argmin(missed))
