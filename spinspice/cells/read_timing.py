"""When a readout reads: the order of its pulses within a clock period, and the sources that play them."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.stimuli import Pulse


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadTiming:
    """When a readout reads: all signals repeat with ``period``.

    Order within a read, with which the charge of no switch lands on a node that is left alone with a junction of
    hundreds of kOhm: the read current comes on; then the stimulus switch opens; after ``settle`` the clock rises, which
    cuts the comparator's inputs off (they hold what they saw) and makes it decide; a few ``rise`` later the stimulus
    switch closes again, and then the read current goes off. The clock falls at the end of the period.

    Bit k (from 1) tells the state of the junction at :meth:`edges` and can be taken from ``out`` at :meth:`samples`.

    Parameters
    ----------
    period : float
        Clock period [s].
    settle : float
        From opening the stimulus switch to the clock edge [s]: a few times ``ReadOut.settling_time``.
    high : float
        Time that the clock is high [s]: several decision times at the margin of the readout.
    rise : float
        Rise and fall time of all signals [s].
    lead : float, optional
        From the read current's start to opening the stimulus switch [s]: what it takes to come on. Two ``rise`` by
        default.
    """

    period: float
    settle: float
    high: float
    rise: float = 20e-12
    lead: float | None = None

    def __post_init__(self) -> None:
        for name in ("period", "settle", "high", "rise"):
            check_range(name, getattr(self, name), 0.0, 1e6, unit="s", open_low=True, where=f"ReadTiming.{name}")
        if self.lead is not None:
            check_range("lead", self.lead, 2 * self.rise, 1e6, unit="s", where="ReadTiming.lead")
        if self.high < 10 * self.rise:
            raise ParameterError(f"the clock is high for {self.high:g} s, less than ten rise times of {self.rise:g} s.")
        read = self.length + self.high + (self.lead or 0.0)
        if read > 0.75 * self.period:
            raise ParameterError(
                f"a read of {read:g} s does not fit a clock period of {self.period:g} s: the "
                "junction would hardly see its stimulus. Lengthen the period, or read faster."
            )

    @property
    def length(self) -> float:
        """Time that the junction spends without its stimulus in a read [s]."""
        return self.settle + 4 * self.rise

    @property
    def duty(self) -> float:
        """Part of the time that the junction spends under the read current [1]."""
        return self.length / self.period

    def edges(self, count: int) -> NDArray[np.float64]:
        """Times of the first ``count`` decisions [s]."""
        return np.asarray(self.period * np.arange(1, count + 1) - self.high, dtype=float)

    def samples(self, count: int) -> NDArray[np.float64]:
        """Times at which the first ``count`` bits are taken from ``out`` [s], a tenth of a period after the read."""
        return np.asarray(self.period * (np.arange(1, count + 1) + 0.1), dtype=float)

    def stop(self, count: int) -> float:
        """Duration of a run that holds ``count`` samples [s]."""
        return self.period * (count + 0.15)

    def pulses(self, vdd: float, off: Collection[str] = ()) -> dict[str, str]:
        """Return the SPICE sources of clk, isolate and read, between -vdd/2 and +vdd/2; those in ``off`` stay low."""
        rise = self.rise
        edge = self.period - self.high
        lead = 2 * rise if self.lead is None else self.lead
        spans = {
            "clk": (edge, self.high),
            "isolate": (edge - self.settle, self.length),
            "read": (edge - self.settle - lead, self.length + lead + 2 * rise),
        }
        low, high = -vdd / 2, vdd / 2
        return {
            name: repr(low)
            if name in off
            else Pulse(
                low=low, high=high, delay=start, rise=rise, fall=rise, width=length - rise, period=self.period
            ).text()
            for name, (start, length) in spans.items()
        }
