r"""The readout as a column of resistors: one passive node more, whose voltage is the answer, scaled.

:math:`y = \sum_i w_i x_i + w_0` with :math:`x_i = (l - V_i)/A` on ``out`` and :math:`x_i = (V_i - l_b)/A_b` on ``outb``
asks for conductances in proportion to :math:`|w_i|/A`, on the output whose sign fits; what is left of the conductance
goes to the middle of the supply. A capacitor averages over a symbol. The node's voltage is then
:math:`v = v_0 + k y`, and k, which is largest where nothing is left, says what noise and offset of the decision weigh.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.errors import ParameterError, check_range
from spinspice.networks.couplings import Capacitor, Coupling, Resistor
from spinspice.networks.reservoir.calibration import Calibration
from spinspice.networks.reservoir.map import LARGEST
from spinspice.networks.reservoir.readout import Readout

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Column:
    """Resistors of one answer.

    Parameters
    ----------
    falling, rising : array, shape (n,)
        Conductances from ``out`` and ``outb`` of each neuron [S].
    scale : float
        k, voltage of an answer of 1 [V].
    middle : float
        v_0, voltage of an answer of 0 [V].
    capacitance : float
        Of the node [F].
    """

    falling: Array
    rising: Array
    scale: float
    middle: float
    capacitance: float

    def couplings(self, node: str = "answer") -> dict[str, Coupling]:
        """Return the resistors and the capacitor; neurons are n0, n1, ..., as in a reservoir's circuit."""
        found: dict[str, Coupling] = {}
        for port, values in (("out", self.falling), ("outb", self.rising)):
            for i in np.flatnonzero(values):
                found[f"r_{port}_{i}"] = Resistor(f"{port}_n{i}", node, 1.0 / float(values[i]))
        found["r_average"] = Capacitor(node, "0", self.capacitance)
        return found

    def answer(self, voltage: Array) -> Array:
        """Return y of the node's voltage [V]."""
        return (voltage - self.middle) / self.scale


def column(readout: Readout, calibration: Calibration, *, resistance: float = 1e6, tau: float) -> Column:
    """Return the column of a readout of averaged outputs x, one weight a neuron.

    Parameters
    ----------
    readout : Readout
        Of x alone.
    calibration : Calibration
        Of the neurons; they need both outputs where weights have both signs.
    resistance : float
        Of the node [Ohm]: large beside what a neuron drives (our choice: 1 MOhm, which takes 0.4 % of its swing).
    tau : float
        Time over which it averages [s].

    Raises
    ------
    ParameterError
        For weights that are all zero, need an output that is not there, or ask for resistors larger than can be drawn.
    """
    check_range("resistance", resistance, 1e3, LARGEST, unit="Ohm", where="column")
    check_range("tau", tau, 0.0, 1.0, unit="s", open_low=True, where="column")
    w = np.asarray(readout.weights, dtype=float)
    if w.ndim != 1 or not w.any():
        raise ParameterError(f"weights {w.shape}: a column has one weight a neuron, and one of them is not zero.")
    out, back = calibration.falling, calibration.rising
    if back is None and (w > 0.0).any():
        raise ParameterError("this neuron has no complementary output, which positive weights of a column need.")
    falling = np.maximum(-w, 0.0) / out.A
    rising = np.maximum(w, 0.0) / (back.A if back is not None else 1.0)
    scale = 1.0 / float(falling.sum() + rising.sum())  # of conductance, where nothing is left
    falling, rising = falling * scale / resistance, rising * scale / resistance
    small = (falling + rising)[w != 0.0].min()
    if small * LARGEST < 1.0:
        raise ParameterError(f"a weight asks for {1.0 / small:.3g} Ohm, {LARGEST:g} is the most. Leave its neuron out.")
    level = resistance * (falling.sum() * out.level + (rising.sum() * back.level if back is not None else 0.0))
    return Column(
        falling=falling, rising=rising, scale=scale, middle=float(level - scale * float(readout.offset)),
        capacitance=tau / resistance,
    )  # fmt: skip
