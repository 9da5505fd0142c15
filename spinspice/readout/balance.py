"""The law of bits of a junction that is read, and the stimulus at which both bits come as often.

A read pushes the junction towards P, and the bit that follows remembers it: the law of a junction left alone is not
that of its bits. Runs with the junction held in either state give its voltage over a period; its rates are functions of
that voltage, so the law of the bits is exact but for the nanoseconds in which the node follows a switch. The stimulus
that balances them is where that law has no bias.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.balanced import Balanced, Held
from spinspice.benches.readout import freeze, readout_testbench
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices.laws.random_bits import ReadJunction
from spinspice.engines import Engine
from spinspice.errors import CircuitError, ResultError
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Periods of a silent run; the last whole one before the last bit is taken.
PERIODS = 3
#: Largest stimulus that is looked for, over the critical voltage.
REACH = 0.3
#: Largest voltage of a bias loop's integral that is looked at, over the supply: its amplifier has given all by then.
LOOP_REACH = 0.2


@dataclasses.dataclass(frozen=True)
class SilentRead:
    """Voltage across the junction, in P and in AP, over the period before a bit.

    Parameters
    ----------
    cell : ReadOut
    timing : ReadTiming
    stim : float
        Stimulus at which it was found [V].
    time : array, shape (n,)
    volts : array, shape (2, n)
    """

    cell: ReadOut
    timing: ReadTiming
    stim: float
    time: NDArray[np.float64]
    volts: NDArray[np.float64]

    @classmethod
    def of(cls, cell: ReadOut, timing: ReadTiming, stim: float, runs: Sequence[Waveforms]) -> SilentRead:
        """Return it from the runs of :func:`silent_testbenches`."""
        end = timing.edges(PERIODS)[-1]
        inside = [run.time[(run.time > end - timing.period) & (run.time < end)] for run in runs]
        time = np.unique(np.concatenate([[end - timing.period, end], *inside]))
        volts = [np.interp(time, run.time, run["v(x1.nj)"] - run["v(bias)"]) for run in runs]
        return cls(cell, timing, stim, time, np.array(volts))

    def law(self, shift: float = 0.0) -> ReadJunction:
        """Return the law of the bits, with the stimulus ``shift`` [V] away from that of the runs.

        The shift acts while the stimulus switch is closed, divided by junction and switch as the stimulus itself.
        """
        edge, rise = self.time[-1], self.timing.rise
        # The bit's own read, and the end of the one before.
        apart = (self.time > edge - self.timing.settle) | (self.time < self.time[0] + 3.0 * rise)
        device = self.cell.device
        drive = (self.volts + np.where(apart, 0.0, shift)) / device.V_c
        return ReadJunction.of_rates(self.time, device.escape_rates(drive[0])[0], device.escape_rates(drive[1])[1])

    def balance(self) -> float:
        """Return the stimulus at which both bits come as often [V].

        Raises
        ------
        ResultError
            If there is none within :data:`REACH` of the critical voltage.
        """
        from scipy.optimize import brentq

        most = REACH * self.cell.device.V_c
        ends = [self.law(s).bias for s in (-most, most)]
        if ends[0] * ends[1] > 0.0:
            raise ResultError(
                f"no stimulus within {most:.3g} V balances the bits (bias {ends[0]:.3g} to {ends[1]:.3g}): the read "
                "disturbs too much. Lengthen the clock period, or lower the margin."
            )
        return self.stim + float(brentq(lambda s: self.law(s).bias, -most, most, xtol=1e-9 * most))


def silent_testbenches(cell: ReadOut, timing: ReadTiming, stim: float) -> list[Testbench]:
    """Return the runs with the junction held in P and in AP.

    Raises
    ------
    CircuitError
        For a junction driven by current.
    """
    if cell.device.drive:
        raise CircuitError("the law of bits is that of a junction driven by voltage (drive = 0).")
    save = ("v(x1.nj)", "v(bias)")
    benches = [readout_testbench(freeze(cell, state), timing, PERIODS, stim=stim, save=save) for state in (0, 1)]
    return [bench.replace(max_step=timing.period / 100.0) for bench in benches]


def rest(bench: Balanced, engine: Engine) -> tuple[float, Held]:
    """Return the voltage at which a bias loop rests [V], and the law of the bits there: what is left of their bias.

    The loop rests where the charge of a zero and that of a one, each as often as the law says, cancel.

    Raises
    ------
    ResultError
        If the amplifier cannot give what balances the bits.
    """
    from scipy.optimize import brentq

    seen: dict[float, Held] = {}

    def mean(volts: float) -> float:
        seen[volts] = bench.held([engine.run(run) for run in bench.silent(volts)])
        return seen[volts].mean / bench.loop.packet

    most = LOOP_REACH * bench.cell.vdd
    if mean(-most) * mean(most) > 0.0:
        raise ResultError(
            f"the loop does not balance these bits: mean signs {seen[-most].law.bias:.3g} to {seen[most].law.bias:.3g} "
            "at its ends. Give its amplifier a larger tail current."
        )
    volts = float(brentq(mean, -most, most, xtol=1e-5))
    if volts not in seen:
        mean(volts)
    return volts, seen[volts]
