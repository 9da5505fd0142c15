"""Read-out of a junction by a clocked comparator: which state it is in, once a clock cycle.

Mizrahi et al. 2018 (Methods, 'Design of the full system') apply the stimulus to the junction and to a reference
resistor and compare the two voltages at each clock edge. Taken literally, that has no answer at the peak of a tuning
curve: there the effective stimulus V - V_0 is zero, so are both voltages, and on the other side of it the comparator's
answer is inverted. What the published circuit does about it is not said. Ours separates driving from reading:

* between reads a switch connects the junction to the stimulus, and its rates are those of eq. 6;
* shortly before the clock edge the switch opens (in the reference's branch as well), and two equal currents flow
  through junction and reference resistor. With ``margin`` between their voltages the comparator decides; then the
  stimulus returns.

The price is the time that the junction spends under the read current: the read disturb, which
:class:`spinspice.cells.read_timing.ReadTiming` keeps short and ``characterize readout`` measures.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.cells.cell import Probes
from spinspice.cells.comparator import (
    HOLD,
    ComparatorSizing,
    Deciding,
    Topology,
    channel_capacitance,
    smallest_width,
    trim_parameter,
)
from spinspice.cells.metering import Pin
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cells.placed import check_placeable, place, sizing_of
from spinspice.cells.read_bias import mirror_size
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.sizing import check_two_terminals
from spinspice.cmos import Technology
from spinspice.constants import k_B
from spinspice.devices import Telegraph, as_two_state
from spinspice.errors import CircuitError, ParameterError, check_range

#: Voltage between junction and reference in a read [V]: our choice, several times the noise of the comparator.
MARGIN = 4e-3
#: Largest hold capacitor [F], and its time constant with R_AP where that lets it be larger than the kick demands [s].
HOLD_MOST, HOLD_TIME = 4e-15, 0.1e-9
#: Resistance of the stimulus switch over R_P: driven by voltage, where it divides, and by current, where it does not.
SWITCH_BY_VOLTAGE, SWITCH_BY_CURRENT = 0.05, 0.5


class ReadOut(Deciding):
    """Junction, reference resistor, read currents, stimulus switches, and a comparator that holds its decision.

                             vdd             vdd
                              |               |
                        pb --o|[ read    pb --o|[ read
                              |               |
        stim --/ isolate -- nj +            nr +-- / isolate -- stim
                              |               |
                            [mtj]          [R_ref]
                              |               |
        bias -----------------+---------------+

        nj --/ clk -- gj --+------------+
                           | comparator |-- latch -- out
        nr --/ clk -- gr --+------------+

    Ports: stim (stimulus: a voltage common to all cells, or a current into this one), bias (the junction's own shift
    V_0: it sees stim - bias), isolate (high while the stimulus switch is open), read (high while the read current
    flows; where it is gated), clk (decides on its rising edge), pb (gate line of the read currents, from
    :class:`ReadBias`), out (vdd: antiparallel, vss: parallel), vdd, vss, and state, count of the junction. Subcircuit
    parameters: ``seed`` of the junction, and, where the sizing has a trim pair, ``trim``, the comparator's trim code
    (positive: towards antiparallel).

    A read current of nA would take long to come on. It is on all the time, therefore: while the stimulus switch is
    closed it flows through that into the stimulus, and the junction hardly feels it (the switch has a twentieth of its
    resistance: 0.4 mV in a junction of 424 kOhm). ``gated=True`` switches it off between reads all the same, and gives
    it the time to come on, still through the stimulus switch: a fair random bit asks for that, and it saves energy.

    A junction driven by current (``drive=1``) takes its stimulus from a current source into ``stim``; during a read
    that current is led past the junction into ``bias``. The reference then idles between reads.

    Parameters
    ----------
    device : Telegraph
        Two-terminal junction.
    technology : Technology or str
        Transistors. With mismatch, give each instance a ``name`` of its own.
    R_ref : float, optional
        Reference resistor [Ohm], between R_P and R_AP; the middle of the two by default (equal margins, our choice).
    margin : float
        Voltage between junction and reference in a read [V]: sets the read current, margin / (R_ref - R_P).
    gated : bool, optional
        Whether the read current flows in reads only: by default with a junction driven by current.
    topology, sizing
        As for :class:`spinspice.cells.comparator.Comparator`.
    comparator : OwnComparator, optional
        A comparator from a netlist, in place of a built-in ``topology``; without trim.
    vdd, probes, name
        As for :class:`spinspice.cells.base.TransistorCell`.

    Raises
    ------
    CircuitError
        For a device that is no two-terminal junction.
    ParameterError
        If the reference resistor is outside the window, or no transistor can carry the read current.
    """

    kind = "readout"
    device: Telegraph
    blocks = ("mtj", "reference", "switch", "read", "timing", "comparator", "latch")
    ports = ("stim", "bias", "isolate", "read", "clk", "pb", "out", "vdd", "vss", "state", "count")

    def __init__(
        self,
        device: Telegraph,
        technology: Technology | str = "generic",
        *,
        R_ref: float | None = None,
        margin: float = MARGIN,
        gated: bool | None = None,
        topology: Topology = "strongarm",
        sizing: ComparatorSizing | None = None,
        comparator: OwnComparator | None = None,
        vdd: float | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        check_two_terminals(device)
        as_two_state(
            device,
            "a read-out cell samples a two-state junction, a Telegraph; got a {kind}. A macrospin fluctuates between "
            "all directions and faster than a clock: read it with an ASN or BSN.",
            CircuitError,
        )
        super().__init__(technology, vdd=vdd, probes=probes, name=name, seed=1, **trim_parameter(sizing))
        self.device = device
        self.R_ref = check_reference(device, R_ref)
        self.margin = check_range("margin", margin, 1e-4, 0.1, unit="V", where="read-out: junction against reference")
        self.gated = device.drive == 1.0 if gated is None else gated
        if device.drive == 1.0 and not self.gated:
            raise CircuitError("the read current of a junction driven by current is gated: gated = False is none here.")
        self.comparator = comparator
        self.topology: str = topology if comparator is None else comparator.topology
        if comparator is not None:
            check_placeable(comparator)
            sizing = sizing_of(comparator, self.technology)
        self.comparator_sizing = sizing or ComparatorSizing.for_technology(self.technology)
        self._build_branches()
        self._hold_inputs({"j": ("nj", "gj"), "r": ("nr", "gr")}, self.C_hold)
        if comparator is None:
            self._comparator(topology, "gj", "gr")
        else:
            place(self, comparator, "gj", "gr")
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "device": self.device,
            "technology": self.technology,
            "R_ref": self.R_ref,
            "margin": self.margin,
            "gated": self.gated,
            **({"topology": self.topology} if self.comparator is None else {"comparator": self.comparator}),
            "sizing": self.comparator_sizing,
            "vdd": self.vdd,
            "probes": self.probes,
            "name": self.name,
        }

    @property
    def read_current(self) -> float:
        """Current through junction and reference in a read [A]; it flows from free to ref and favours P."""
        low = min(self.R_ref - self.device.R_P, self.device.R_AP - self.R_ref)
        return self.margin / low

    @property
    def C_hold(self) -> float:
        """Capacitor on each input of the comparator [F].

        It keeps the voltage while the comparator kicks it, and its size sets the thermal noise of what is held. As
        large as settling in 0.1 ns allows, up to 4 fF, which the hold switch charges in time; with junctions of
        hundreds of kOhm as large as the kick demands.
        """
        return max(HOLD * self.comparator_sizing.w_pair, min(HOLD_MOST, HOLD_TIME / self.device.R_AP))

    @property
    def C_input(self) -> float:
        """Capacitance of an input of the comparator [F]: hold capacitor and channels, estimated."""
        widths = self.comparator_sizing.w_pair + smallest_width(self.technology)
        return self.C_hold + channel_capacitance(widths, self.technology.l_min)

    @property
    def held_noise(self) -> float:
        """Thermal noise of the held difference [V], sqrt(2 k T / C_input) at 300 K: no comparator can be better.

        Equipartition: each capacitor of a network of resistors fluctuates by kT/C of its own, whatever the others are.
        """
        return float(np.sqrt(2.0 * k_B * 300.0 / self.C_input))

    @property
    def settling_time(self) -> float:
        """Time constant of the junction's node in a read [s], R_AP times the capacitance on it, estimated."""
        widths = self.comparator_sizing.w_pair + 2 * self._switch_width() + self._mirror()[0]
        return self.device.R_AP * (self.C_hold + channel_capacitance(widths, self.technology.l_min))

    def timing(self, period: float) -> ReadTiming:
        """Return a timing for a clock period [s]: four time constants (at least 1.5 ns) to settle, and the
        technology's time to decide.

        Raises
        ------
        ParameterError
            If a read does not fit the period.
        """
        high = self.technology.traits.decision_time
        lead = self.start_time if self.gated and self.device.drive == 0.0 else None
        return ReadTiming(period=period, settle=max(4 * self.settling_time, 1.5e-9), high=high, lead=lead)

    @property
    def start_time(self) -> float:
        """Time that a gated read current takes to come on [s]: it charges its own channel by a third of the supply.

        An estimate on the safe side: with 19 nA in ``generic`` it is 24 ns, and the margin is whole after 20 ns.
        """
        width, length = self._mirror()
        return max(2e-9, self.vdd / 3.0 * channel_capacitance(2.0 * width, length) / self.read_current)

    def _build_branches(self) -> None:
        """Place timing, junction and reference with their read currents, and the stimulus switches."""
        self._inverter("timing", "d", "isolate", "drive")
        self._inverter("timing", "e", "drive", "drive_b")
        on = "vss"
        if self.gated:
            self._inverter("timing", "f", "read", "read_b")
            on = "read_b"
        inner = self._meter("mtj", "nj")
        self.device.add_to(self, "mtj", inner, "bias", "state", "count", seed="{seed}")
        self.pins += [Pin("mtj", "mtj", "nj", "vm_mtj"), Pin("mtj", "mtj", "bias", "vm_mtj", -1.0)]
        self._resistor("reference", "ref", "nr", "bias", self.R_ref)
        w_mirror, l_mirror = self._mirror()
        for node in ("nj", "nr"):
            self._pmos("read", f"e{node}", f"s{node}", on, "vdd", w=w_mirror, length=self.technology.l_min)
            self._pmos("read", f"i{node}", node, "pb", f"s{node}", w=w_mirror, length=l_mirror)
        self._switch("j", "stim", "nj", "drive", "drive_b")
        if self.device.drive == 0.0:
            self._switch("r", "stim", "nr", "drive", "drive_b")
        else:
            self._switch("d", "stim", "bias", "drive_b", "drive")

    def _switch(self, name: str, one: str, two: str, on: str, on_b: str) -> None:
        """Place a transmission gate between two nodes, closed while ``on`` is high and ``on_b`` low."""
        size = {"w": self._switch_width(), "length": self.technology.l_min}
        self._nmos("switch", f"g{name}n", two, on, one, **size)
        self._pmos("switch", f"g{name}p", two, on_b, one, **size)

    def _switch_width(self) -> float:
        """Width of n and p channel of a stimulus switch [m], from its resistance over R_P.

        Both are equally wide: then what one couples into the junction's node when it opens, the other takes out.
        """
        part = SWITCH_BY_VOLTAGE if self.device.drive == 0.0 else SWITCH_BY_CURRENT
        technology = self.technology
        length = technology.l_inverter or technology.l_min
        # Half of the supply on the gate, little on the channel: about twice the half-supply current per half supply.
        currents = sum(technology.half_supply.current(polarity, length, self.vdd) for polarity in ("n", "p"))
        width = self.vdd / 4 / (part * self.device.R_P * currents)
        if width > 1e-3:
            raise ParameterError(
                f"a stimulus switch for R_P = {self.device.R_P:g} Ohm would be {width * 1e3:.3g} mm wide in "
                f"{technology.name}; allowed is 1 mm. Use a smaller junction."
            )
        return max(width, smallest_width(technology))

    def _mirror(self) -> tuple[float, float]:
        return mirror_size(self.technology, self.vdd, self.read_current)


def check_reference(device: Telegraph, R_ref: float | None) -> float:
    """Return the reference resistor [Ohm], by default the middle of R_P and R_AP.

    Raises
    ------
    ParameterError
        If it is outside the window, where every comparison would come out the same; or if there is no window.
    """
    if device.TMR <= 0.0:
        raise ParameterError("TMR = 0 leaves no window between R_P and R_AP: a junction that cannot be read.")
    if R_ref is None:
        return 0.5 * (device.R_P + device.R_AP)
    if not device.R_P < R_ref < device.R_AP:
        raise ParameterError(
            f"reference resistor outside the window: R_ref = {R_ref:g} Ohm must lie between R_P = {device.R_P:g} and "
            f"R_AP = {device.R_AP:g} Ohm (read-out cell), or every comparison comes out the same. "
            f"Try {0.5 * (device.R_P + device.R_AP):g}."
        )
    return float(R_ref)
