r"""A p-bit of three terminals: the current of a line turns the magnet by spin-orbit torque, another path reads it."""

from __future__ import annotations

from spinspice.cells.cell import Pin
from spinspice.cells.pbit_amplified import AmplifiedPBit
from spinspice.constants import e, hbar, k_B
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_on_a_line
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError


class SOTPBit(AmplifiedPBit):
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

    against, side, called = "ref", "mid", "pbit_sot"

    @staticmethod
    def _check(device: Device | None) -> Device:
        if not is_on_a_line(device):
            raise CircuitError(f"a p-bit on a line needs a MacrospinSOT; got {device!r:.60}.")
        return device

    @property
    def load(self) -> float:
        """Mean of both states' resistances [Ohm]."""
        known = self.device.parameters()
        return float(known["R_P"] * (1.0 + known["TMR"] / 2.0))

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
