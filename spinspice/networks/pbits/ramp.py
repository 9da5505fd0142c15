r"""Annealing by a voltage: couplings are driven by inverters of their own supply, and that supply is the ramp.

The crossbar makes :math:`v_i = v_0 + R_{node} \sum_k G_{ik} V_k` with V_k at one of two levels. While the levels are
+-VDD/2 that asks for I0; at +-A they ask for I0 A / (VDD/2). So a network whose couplings and fields are driven between
two common rails ``hi`` and ``lo`` at +-A(t) about the middle of the supply has an I0 that is a voltage, and the trims,
at voltages of their own, keep the middles where they are. Each p-bit gets two inverters more, between these rails; they
are driven from rail to rail of the cells, so that they conduct however small A is.

(That p-circuits anneal by I0: Camsari et al., Phys. Rev. X 7, 031014 (2017). The supply of the drivers as the voltage
that does it is our choice.)
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import InverterSizing
from spinspice.errors import CircuitError, check_range
from spinspice.networks.couplings import Coupling, Transistor
from spinspice.stimuli import Pwl

#: Ports of the drivers, rising and falling, and their rails.
OUTPUTS, RAILS = ("up", "down"), ("hi", "lo")
#: Time of the fall from the end of one anneal to the start of the next, over that of the rise: our choice.
FALL = 0.01
#: Width of a driver over that of the cell's inverters: our choice. At a tenth of the amplitude transistors of 0.8 V
#: have half their supply at the gate, and one as wide as an inverter would be pulled down by 9 % by an AND gate.
WIDER = 4.0
#: Furthest that the rails may be driven, over VDD/2 [1]: transistors stand no more than their supply.
FURTHEST = 1.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ramp:
    """Anneals one after the other: rest at the lowest I0, a straight rise to the highest, hold; then again.

    Parameters
    ----------
    rest, rise, hold : float
        Times of the three parts [s]. What the anneal before left is forgotten in ``rest``.
    low, high : float
        Lowest and highest amplitude of the drivers over VDD/2, i.e. I0 over that of the network [1].
    count : int
        Anneals.
    """

    rest: float
    rise: float
    hold: float = 0.0
    low: float = 0.0
    high: float = 1.0
    count: int = 1

    def __post_init__(self) -> None:
        for name in ("rest", "rise"):
            check_range(name, getattr(self, name), 0.0, 1.0, unit="s", where="Ramp", open_low=True)
        check_range("hold", self.hold, 0.0, 1.0, unit="s", where="Ramp")
        check_range("high", self.high, 0.0, FURTHEST, where="Ramp (amplitude over VDD/2)", open_low=True)
        check_range("low", self.low, 0.0, self.high, where="Ramp (amplitude over VDD/2)")
        check_range("count", self.count, 1, 100_000, where="Ramp")

    @property
    def period(self) -> float:
        """Time from one anneal to the next [s]."""
        return self.rest + self.rise * (1.0 + FALL) + self.hold

    @property
    def stop(self) -> float:
        """Time of all anneals [s]."""
        return self.period * self.count

    @property
    def ends(self) -> NDArray[np.float64]:
        """When each anneal is over and its state is read [s]."""
        return np.asarray(self.period * np.arange(1, self.count + 1) - self.rise * FALL)

    @property
    def corners(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Times [s] and amplitudes over VDD/2 [1] between which the ramp is straight, of one anneal."""
        times = np.cumsum([0.0, self.rest, self.rise, self.hold])
        levels = np.array([self.low, self.low, self.high, self.high])
        return (times, levels) if self.hold else (times[:-1], levels[:-1])

    def wave(self, scale: float) -> Pwl:
        """Return the voltage of a rail whose full amplitude is ``scale`` [V], negative for the lower one."""
        times, levels = self.corners
        starts = self.period * np.arange(self.count)
        whole = (starts[:, None] + times).ravel()
        return Pwl(whole.tolist(), (scale * np.tile(levels, self.count)).tolist())

    def factor(self, time: ArrayLike) -> NDArray[np.float64]:
        """Return the amplitude over VDD/2 [1] at times [s] within one anneal."""
        return np.asarray(np.interp(np.asarray(time, dtype=float), *self.corners))


def drivers(names: tuple[str, ...], cell: PBit) -> dict[str, Coupling]:
    """Return the inverters between ``hi`` and ``lo``: ``up_<p-bit>`` follows its state, ``down_<p-bit>`` is against it.

    Lengths are those of the cell's inverters, widths :data:`WIDER` times theirs.

    Raises
    ------
    CircuitError
        For a cell whose output stage is no inverter.
    """
    size = cell.sizing
    if not isinstance(size, InverterSizing):
        raise CircuitError(f"cell {cell.name} has no inverters whose sizes its drivers could have.")
    made: dict[str, Coupling] = {}
    high, low = RAILS
    for name in names:
        for node, gate in zip(OUTPUTS, ("out", "outb"), strict=True):
            wide = WIDER * size.w_inverter
            ends: dict[str, Any] = {"drain": f"{node}_{name}", "gate": f"{gate}_{name}", "length": size.l_inverter}
            made[f"{node}_{name}_p"] = Transistor(cell.technology, "p", source=high, w=size.ratio * wide, **ends)
            made[f"{node}_{name}_n"] = Transistor(cell.technology, "n", source=low, w=wide, **ends)
    return made
