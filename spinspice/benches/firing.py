"""What makes a spike of a contact whose resistance falls, and resets what did it: transistors of a technology.

Contact and reference resistor are a divider at the supply, whose middle drives an inverter: its output is the spike.
The spike also discharges a capacitor through a transistor; while the capacitor charges again through a resistor, a
pMOS sends a current of the other sign through the track: what integrates is back at its start before the capacitor is
half full.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from spinspice.cmos import Technology
from spinspice.errors import check_range
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench

#: Load of the spike [F], and the capacitor that the reset takes its time from [F]: our choice.
C_SPIKE, C_RESET = 1e-16, 5e-15
#: Edge of an input current [s].
EDGE = 1e-10


@dataclasses.dataclass(frozen=True, kw_only=True)
class Firing:
    """Divider, inverter and reset between the nodes ``top`` (contact), ``left`` (track) and ``vdd``; spike at ``out``.

    Parameters
    ----------
    technology : Technology
    reference : float
        Resistor between supply and contact [Ohm].
    reset : float
        Time that the reset lasts [s]; 0 for none.
    reset_width : float
        Channel of its pMOS [m].
    """

    technology: Technology
    reference: float
    reset: float
    reset_width: float

    def __post_init__(self) -> None:
        check_range("reset", self.reset, 0.0, 1e-3, unit="s", where="neuron that resets itself")

    @property
    def channel(self) -> tuple[float, float]:
        """Width and length of the n channels [m]; the p channels are twice as wide."""
        return 2.0 * self.technology.w_min, self.technology.l_inverter or self.technology.l_min

    def place(self, circuit: Circuit, prefix: str = "") -> None:
        """Add it to a circuit, its nodes but vdd and its elements with a prefix."""
        technology, gnd, (w, length) = self.technology, circuit.gnd, self.channel
        circuit.R(f"{prefix}ref", "vdd", f"{prefix}top", self.reference)
        stages = [("", "top", "out")]
        sizes = [("n", w, length), ("p", 2.0 * w, length)]
        if self.reset:
            # out discharges hold at once; hold charges through a resistor and is half up after the reset's time
            hold, left, gate = (f"{prefix}{node}" for node in ("hold", "left", "gate"))
            technology.nmos(circuit, f"{prefix}pull", hold, f"{prefix}out", gnd, gnd, w=w, l=length)
            circuit.R(f"{prefix}hold", "vdd", hold, self.reset / (math.log(2.0) * C_RESET))
            circuit.C(f"{prefix}hold", hold, gnd, C_RESET)
            stages += [("back", "hold", "back"), ("gate", "back", "gate")]
            technology.pmos(circuit, f"{prefix}reset", left, gate, "vdd", "vdd", w=self.reset_width, l=length)
            sizes.append(("p", self.reset_width, length))
        for name, before, after in stages:
            ends = f"{prefix}{after}", f"{prefix}{before}"
            technology.pmos(circuit, f"{prefix}p{name}", *ends, "vdd", "vdd", w=2.0 * w, l=length)
            technology.nmos(circuit, f"{prefix}n{name}", *ends, gnd, gnd, w=w, l=length)
        circuit.C(f"{prefix}load", f"{prefix}out", gnd, C_SPIKE)
        add_cards(circuit, technology, sizes)

    @property
    def signals(self) -> tuple[str, ...]:
        """What a run keeps of it."""
        return "v(out)", "v(top)", "v(left)", "i(vdd)", *(("v(gate)",) if self.reset else ())

    def threshold_bench(self) -> Testbench:
        """Return the inverter alone under a slow ramp of ``top``: its output falls where the contact must be."""
        technology, (w, length) = self.technology, self.channel
        circuit = Circuit("inverter of a neuron")
        circuit.V("dd", "vdd", circuit.gnd, technology.vdd)
        circuit.V("top", "top", circuit.gnd, Pwl([0.0, 1e-6], [0.0, technology.vdd]).text())
        technology.pmos(circuit, "p", "out", "top", "vdd", "vdd", w=2.0 * w, l=length)
        technology.nmos(circuit, "n", "out", "top", circuit.gnd, circuit.gnd, w=w, l=length)
        circuit.C("load", "out", circuit.gnd, C_SPIKE)
        circuit.raw_spice += technology.cards_for([("n", w, length), ("p", 2.0 * w, length)])
        return Testbench.from_pyspice(circuit, stop=1e-6, step=1e-9, save=("v(top)", "v(out)"))


def add_cards(circuit: Circuit, technology: Technology, sizes: list[tuple[str, float, float]]) -> None:
    """Add the model cards of transistors of some sizes, where they are not there yet."""
    cards = technology.cards_for(sizes)
    if cards and cards not in circuit.raw_spice:
        circuit.raw_spice += cards


def drive_of(current: float, pulse: float, pause: float, stop: float) -> NDArray[np.float64]:
    """Return an input as corners (2, n), times [s] and values [A]: constant, or pulses with a pause after each."""
    if not pause:
        return np.array([[0.0, EDGE, stop], [0.0, current, current]])
    corners = [(0.0, 0.0)]
    for k in range(math.ceil(stop / (pulse + pause))):
        t = k * (pulse + pause) + 1e-12
        # as much charge as a rectangle of this length
        corners += [(t, 0.0), (t + EDGE, current), (t + pulse, current), (t + pulse + EDGE, 0.0)]
    return np.array(corners).T
