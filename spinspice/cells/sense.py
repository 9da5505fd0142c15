"""Voltage comparator of one junction of a chain: is it parallel, seen from the voltage across it under a read current.

The junctions are read one after the other. While junction i is read, a current flows through it alone, from its lower
tap up to its upper one, so that the lower tap stays at the common node's voltage and the upper one shows the voltage
across the junction, whatever the length of the chain. A replica of the current flows through a reference resistor
half-way between P and AP, and a clocked comparator (:mod:`spinspice.cells.comparator`) compares the two and holds what
it decided. The direction, our choice, is the one that favours AP: it can neither set a junction that did not switch
nor, far below the currents that reset, undo one that did.

During inputs and resets the taps of a chain go to volts on either side of the supply. Isolating transistors cut the
comparator off then; their gates and bulk are held below the lowest tap. In silicon they have thick gates; here they are
drawn with the technology's own channel. While it is cut off, the comparator's gates are held at the common node's
voltage: left to leakage they would go to volts, and charge them through the junctions when they are connected.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from spinspice.cells.cell import Probes
from spinspice.cells.comparator import HOLD, ComparatorSizing, Deciding, Topology, smallest_width
from spinspice.cmos import Technology
from spinspice.devices.laws.resistance import state_voltage
from spinspice.errors import ParameterError, check_range

#: Change of voltage between P and AP that a comparator decides on [V] (Lopez et al. 2024, Sec. IV).
WINDOW = 50e-3
#: Width of the input pair over that of a small comparator, our choice: by Pelgrom's law its offset in the generic
#: process is then 7.7 mV (one standard deviation), a third of half the window.
PAIR = 16.0
#: Width of an isolating transistor over the smallest, our choice: with a tap's kOhm it settles in tens of ps.
ISOLATION = 4.0


class JunctionSense(Deciding):
    """Isolating transistors, reference resistor and comparator of one junction.

        ref --+--/ iso --+--/ clk --+------------+
              |          / hold     |            |
           [R_ref]    common        | comparator |-- latch -- out
              |                     |  (clk)     |
           common                   |            |
        tap -----/ iso --+--/ clk --+------------+
                         / hold
                      common

    Ports: tap (upper end of the junction), ref (reference; the replica of the read current is drawn from it), common,
    iso (high while the junction is read, else at or below ``low``), hold (low meanwhile, else vdd), clk, out (vdd:
    parallel, vss: antiparallel), vdd, vss, low (bulk of the isolating transistors).

    Parameters
    ----------
    R_ref : float
        Reference resistor [Ohm], from :func:`reference_resistor`.
    technology, topology, vdd, sizing, probes, name
        As for :class:`spinspice.cells.comparator.Comparator`; by default with a wider input pair.

    Raises
    ------
    CircuitError
        For an unknown choice.
    """

    kind = "sense"
    blocks = ("isolation", "reference", "timing", "switch", "comparator", "latch")
    ports = ("tap", "ref", "common", "iso", "hold", "clk", "out", "vdd", "vss", "low")

    def __init__(
        self,
        R_ref: float,
        technology: Technology | str = "generic",
        *,
        topology: Topology = "strongarm",
        vdd: float | None = None,
        sizing: ComparatorSizing | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.R_ref = check_range("R_ref", R_ref, 0.0, 1e9, unit="Ohm", where="sense comparator", open_low=True)
        self.topology = topology
        self.comparator_sizing = sizing or wide_pair(self.technology)
        self._isolated("tap", "st")
        self._isolated("ref", "sr")
        self._resistor("reference", "ref", "ref", "common", self.R_ref)
        self._hold_inputs({"t": ("st", "gt"), "r": ("sr", "gr")}, self.C_hold)
        self._comparator(topology, "gt", "gr")
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "R_ref": self.R_ref,
            "technology": self.technology,
            "topology": self.topology,
            "vdd": self.vdd,
            "sizing": self.comparator_sizing,
            "probes": self.probes,
            "name": self.name,
        }

    @property
    def C_hold(self) -> float:
        """Capacitor on each input of the comparator [F], which keeps the voltages while the comparator kicks them."""
        return HOLD * self.comparator_sizing.w_pair

    def _isolated(self, port: str, inner: str) -> None:
        """Place the transistor between a port and a node inside, and the one that holds that node."""
        width, length = ISOLATION * smallest_width(self.technology), self.technology.l_min
        ends = zip("dgsb", (port, "iso", inner, "low"), strict=True)
        nodes = [self._tap("isolation", f"i{inner}", pin, node) for pin, node in ends]
        self._sizes.append(("n", width, length))
        self.technology.nmos(self, f"i{inner}", *nodes, w=width, l=length)
        self._nmos("isolation", f"h{inner}", inner, "hold", "common", w=smallest_width(self.technology), length=length)


def wide_pair(technology: Technology) -> ComparatorSizing:
    """Return our choice of sizes: the small comparator's with an input pair (and tail) :data:`PAIR` times as wide.

    The hold capacitor grows with it, and so does the time in which the taps of a long chain settle.
    """
    small = ComparatorSizing.for_technology(technology)
    return dataclasses.replace(small, w_pair=PAIR * small.w_pair, w_tail=2.0 * small.w_tail)


def read_current(device: Any, window: float = WINDOW) -> float:
    """Return the current [A] at which the voltages of P and AP differ by ``window`` [V].

    Raises
    ------
    ParameterError
        If there is none: the TMR falls with the bias, so the difference has a largest value.

    Examples
    --------
    >>> from spinspice.presets.lopez2024 import JUNCTIONS
    >>> f"{read_current(JUNCTIONS[0]) * 1e6:.2f} uA"
    '39.19 uA'
    """
    check_range("window", window, 1e-3, 1.0, unit="V", where="readout of a chain: between P and AP")
    # V_AP = V determines the current V G_AP(V), so the difference is V (1 - R_P G_AP(V)): rising, then falling.
    volts = np.linspace(0.0, 4.0 * device.V_half, 4001)
    ratio = 1.0 + device.TMR / (1.0 + (volts / device.V_half) ** 2)
    difference = volts * (1.0 - 1.0 / ratio)
    best = int(np.argmax(difference))
    if not window < difference[best]:
        raise ParameterError(
            f"no read current makes {window * 1e3:g} mV between P and AP: at TMR = {device.TMR:g} it is "
            f"{difference[best] * 1e3:.3g} mV at most. Lower the window."
        )
    volt = float(np.interp(window, difference[: best + 1], volts[: best + 1]))
    return volt / (device.R_P * float(np.interp(volt, volts, ratio)))


def reference_resistor(device: Any, current: float) -> float:
    """Return the resistor [Ohm] whose voltage at ``current`` [A] is half-way between those of P and AP."""
    volts = [float(state_voltage(device, np.array(current), parallel)) for parallel in (True, False)]
    return 0.5 * sum(volts) / current


def sense_cells(devices: Sequence[Any], currents: Sequence[float], **settings: Any) -> tuple[JunctionSense, ...]:
    """Return one comparator for each junction, named sense1 ...; ``settings`` as for :class:`JunctionSense`."""
    pairs = enumerate(zip(devices, currents, strict=True), start=1)
    return tuple(
        JunctionSense(reference_resistor(device, current), name=f"sense{i}", **settings)
        for i, (device, current) in pairs
    )
