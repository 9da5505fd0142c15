r"""A p-bit of three terminals: the current of a line turns the magnet by spin-orbit torque, another path reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Pin, Probes
from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import InverterSizing, inverter_length
from spinspice.cells.summing import five_transistors, least_bias
from spinspice.cmos import Technology
from spinspice.constants import e, hbar, k_B
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_on_a_line
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError

#: Bias of the amplifier that reads [A]: our choice, fast beside a magnet of nanoseconds.
BIAS = 5e-6


class SOTPBit(PBit):
    r"""p-bit whose input is the end of a heavy-metal line under a low-barrier magnet.

                 vdd          vdd
                  |            |
                [R_L]        [R_L]
                  |            |            _          _          _
                 mid --------+ > amp ------|>o- bar --|>o- out --|>o- outb
                  |          - |
                [mtj]        [R_ref]
        vin --[ line ]-- 0     |
                               0

    The line of resistance R_hm runs from ``vin`` to the middle of the supply, so that synapses are currents (Camsari,
    Faria, Sutton and Datta, Phys. Rev. X 7, 031014 (2017): spin-Hall layer, low-barrier magnet, junction that reads;
    three terminals as in the section on p-bits of Grollier et al., Nat. Electron. 3, 360 (2020)). The junction stands
    on the line; what it reads, 0.4 V through two resistors, is small, so an amplifier of five transistors compares it
    with a reference (our choice; the published cell drives an inverter).

    Without anisotropy and with line and reference along one axis the direction m along it has the density
    :math:`e^{x m}`, :math:`x = \hbar I_s / (2 e \alpha k_B T)` with the spin current
    :math:`I_s = \theta_{SH} (A / A_{hm}) I`: spin torque along the axis acts as a field does. The state is the *sign*
    of m, and

    .. math::
        \langle \mathrm{sgn}\, m \rangle = \frac{\cosh x - 1}{\sinh x} = \tanh(x / 2)

    exactly (derived here), where the mean of m itself is Langevin's function. So V_0 is known beforehand.

    Parameters
    ----------
    device : MacrospinSOT
        Its resistance should be large: what reads it flows through the line too.
    **others
        As for :class:`spinspice.cells.BSN`.

    Ports: vin, out, outb, vdd, vss, mid.
    """

    preset = ""

    def __init__(
        self,
        device: Device | None = None,
        technology: Technology | str = "generic",
        *,
        vdd: float | None = None,
        sizing: InverterSizing | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        if not is_on_a_line(device):
            raise CircuitError(f"a p-bit on a line needs a MacrospinSOT; got {device!r:.60}.")
        TransistorCell.__init__(self, technology, vdd=vdd, probes=probes, name=name or "pbit_sot", seed=1)
        self.device = device
        self.reference = "mid"
        self.sizing = sizing or self._sized()
        self._build_divider()
        self._build_output()
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "device": self.device, "technology": self.technology, "vdd": self.vdd, "sizing": self.sizing,
            "probes": self.probes, "name": self.name,
        }  # fmt: skip

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        return {"mtj": self.device.state_ports()}

    def with_junctions(self, change: Callable[[Device], Device]) -> Self:
        return self.rebuilt(device=change(self.device))

    @property
    def V0(self) -> float:
        """Voltage across the line at x = 2, the width of the transition [V]; of a magnet without anisotropy."""
        d = self.device
        assert is_on_a_line(d)
        spin = 2.0 * 2.0 * e * d.alpha * k_B * d.T / hbar
        return float(spin * d.area_hm / (abs(d.theta_SH) * d.area) * d.R_hm)

    @property
    def read_current(self) -> float:
        """Current that reads the junction with its magnet across [A]; it leaves through both ends of the line."""
        return self.vdd / 4 * float(conductance(self.device, self.vdd / 4, 0.0))

    def middle_at(self, R_node: float) -> float:
        r"""Return v_0 [V] behind a node of some resistance [Ohm], 0 where a source holds the input.

        The current that reads has a spin torque of its own, towards antiparallel, as a field :math:`x = \hbar p I /
        (2 e \alpha k_B T)` has; and half of it lifts the node, which turns the magnet the other way.
        """
        d = self.device
        assert is_on_a_line(d)
        torque = hbar * d.pol * self.read_current / (2.0 * e * d.alpha * k_B * d.T)
        return float(0.5 * torque * self.V0 - 0.5 * R_node * self.read_current)

    @property
    def input_resistance(self) -> float:
        """Resistance of the line [Ohm]."""
        assert is_on_a_line(self.device)
        return self.device.R_hm

    @property
    def input_capacitance(self) -> float:
        """None beside the resistance."""
        return 0.0

    def _sized(self) -> InverterSizing:
        technology = self.technology
        length, table = inverter_length(technology), technology.half_supply
        known = self.device.parameters()
        mean = known["R_P"] * (1.0 + known["TMR"] / 2.0)
        return InverterSizing(
            resistance=mean, w_input=technology.w_min, l_input=technology.l_min,
            ratio=table.current("n", length, self.vdd) / table.current("p", length, self.vdd),
            **InverterSizing.output_stage(technology, mean),
        )  # fmt: skip

    def _build_divider(self) -> None:
        """Place line, junction and reference: the resistance that the junction has where its magnet is across."""
        across = 1.0 / float(conductance(self.device, self.vdd / 4, 0.0))
        top = self._meter("mtj", "mid")
        self.device.add_to(self, "mtj", "vin", top, self.gnd, *self.state_nodes, seed="{seed}")
        if self.probes != "none":
            self.pins.append(Pin("mtj", "mtj", "mid", "vm_mtj"))
        self._resistor("input", "load", "vdd", "mid", across)
        self._resistor("input", "loadr", "vdd", "ref", across)
        self.R("ref", "ref", self.gnd, across)

    def _build_output(self) -> None:
        five_transistors(self, "inverters", "mid", "ref", "read", max(BIAS, least_bias(self.technology, self.vdd)))
        self._inverter(1, "read", "bar")
        self._inverter(2, "bar", "out")
        self._inverter(3, "out", "outb")
