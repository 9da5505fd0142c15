"""Gate line of the read currents, and the size of the p channels that carry them."""

from __future__ import annotations

from typing import Any

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Probes
from spinspice.cells.comparator import smallest_width
from spinspice.cells.metering import Pin
from spinspice.cmos import Technology
from spinspice.errors import ParameterError

#: Largest current of a mirror over what it carries with half the supply on its gate: 0.1 to 0.2 V more, our choice.
OVERDRIVE = 20.0


class ReadBias(TransistorCell):
    """Gate line of the read currents: a p diode that carries the read current itself. One serves many cells.

    Ports: pb, vdd, vss. A read current of its own per junction costs nothing here: make one for each kind of junction.
    """

    kind = "readbias"
    blocks = ("diode",)
    ports = ("pb", "vdd", "vss")

    def __init__(
        self,
        technology: Technology | str,
        current: float,
        *,
        vdd: float | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.current = current
        width, length = mirror_size(self.technology, self.vdd, current)
        # The same switch on top as in a cell, always on, so that the voltage lost on it is the same.
        self._pmos("diode", "e", "s", "vss", "vdd", w=width, length=self.technology.l_min)
        self._pmos("diode", "i", "pb", "pb", "s", w=width, length=length)
        sunk = "pb"
        if probes == "elements":
            sunk = self._tap("diode", "ref", "p", "pb")
            self.pins.append(Pin("diode", "ref", "vss", "vm_ref_p", -1.0))
        self.I("ref", sunk, "vss", current)
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "technology": self.technology,
            "current": self.current,
            "vdd": self.vdd,
            "probes": self.probes,
            "name": self.name,
        }


def mirror_size(technology: Technology, vdd: float, current: float) -> tuple[float, float]:
    """Return width and length [m] of a p channel that carries ``current`` [A].

    With half the supply on its gate; but where that makes it weakly inverted and small (nA), it gets the longest
    channel of the smallest width that carries the current with up to :data:`OVERDRIVE` times that. Threshold voltages
    that differ by 10 mV change a current in weak inversion by a third; area and inversion both lessen that, and the
    capacitance on the junction's node stays that of the width.

    Raises
    ------
    ParameterError
        If no transistor that can be drawn carries it.
    """
    half = technology.half_supply
    # Not the shortest channels, since the two branches must match; longer ones where the current asks for it.
    smallest = smallest_width(technology)
    for length in half.lengths[1:]:
        width = current / half.current("p", length, vdd)
        if width >= smallest:
            break
    for longer in half.lengths[:1:-1]:
        most = OVERDRIVE * smallest * half.current("p", longer, vdd)
        if current <= most and smallest * longer > max(width, smallest) * length:
            return smallest, longer
    if width > 1e-3:
        raise ParameterError(
            f"a read current of {current:g} A needs a transistor of {width * 1e3:.3g} mm in {technology.name}; "
            "allowed is 1 mm. Lower the margin."
        )
    return max(width, smallest), length
