"""Two two-state junctions in series under one square source: coupled by the current that they share."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.driven import EDGE, Driven
from spinspice.devices.laws.series_pair import PairLocking, pair_locking, pair_rates
from spinspice.errors import CircuitError
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms, crossings


@dataclasses.dataclass(frozen=True, kw_only=True)
class DrivenPair(Driven):
    """The source of :class:`~spinspice.benches.driven.Driven` on two equal junctions in series.

    Parameters
    ----------
    opposed : bool
        Whether the second lies the other way round.
    """

    opposed: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.series or self.noise:
            raise CircuitError("two junctions in series take neither a further resistor nor noise from the source.")

    @property
    def law(self) -> PairLocking:
        """Exact switching of the pair; the first half period is the one in which the source is high."""
        first, second = (pair_rates(self.device, sign * self.volts, opposed=self.opposed) for sign in (1.0, -1.0))
        return pair_locking(first, second, self.half_period)

    def testbench(self, halves: int, seed: int) -> Testbench:
        """Return a run of so many half periods; the junctions have the seeds ``seed`` and ``seed + 1``."""
        stop = halves * self.half_period
        device = self.device.resolvable(stop)
        circuit = Circuit("two junctions in series")
        circuit.V("drive", "drive", circuit.gnd, self.source(halves, seed).text())
        device.add_to(circuit, "a", "drive", "mid", "state1", "count1", seed="{seed}")
        ends = (circuit.gnd, "mid") if self.opposed else ("mid", circuit.gnd)
        device.add_to(circuit, "b", *ends, "state2", "count2", seed="{seed+1}")
        return Testbench.from_pyspice(
            circuit,
            stop=stop,
            step=EDGE * self.half_period,
            max_step=self.half_period / 4.0,
            save=("v(drive)", "i(vdrive)", "v(state1)", "v(state2)", "v(count1)", "v(count2)"),
            parameters={"seed": seed},
            title="two junctions in series",
        )

    def counted(self, waves: Waveforms, halves: int, skip: int = 4, block: int = 10) -> NDArray[np.float64]:
        """Return the switches of both junctions in blocks of half periods, shape (2, blocks)."""
        edges = self.half_period * np.arange(skip, halves + 1, block)
        events = [crossings(waves.time, waves[f"v(count{k})"]) for k in (1, 2)]
        return np.array([np.diff(np.searchsorted(found, edges)) for found in events], dtype=float)

    def products(self, waves: Waveforms, halves: int, skip: int = 4, block: int = 10) -> NDArray[np.float64]:
        """Return the mean product of the states (+1 P, -1 AP) in blocks of half periods, shape (blocks,)."""
        edges = self.half_period * np.arange(skip, halves + 1, block)
        signs = [1.0 - 2.0 * waves[f"v(state{k})"] for k in (1, 2)]
        step = 0.5 * (signs[0] * signs[1])[1:] + 0.5 * (signs[0] * signs[1])[:-1]
        done = np.concatenate([[0.0], np.cumsum(step * np.diff(waves.time))])
        return np.diff(np.interp(edges, waves.time, done)) / np.diff(edges)
