"""A p-bit of a two-state junction in the field of its input: memoryless flips, whose mean is exactly a tanh."""

from __future__ import annotations

from typing import Any

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Pin, Probes
from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import InverterSizing
from spinspice.cmos import Technology
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_two_state_in_field
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import CircuitError, check_range


class TelegraphPBit(PBit):
    r"""p-bit whose input drives a line beside a two-state junction, read by a divider and three inverters.

    Three terminals: what writes and what reads are apart, as in the p-bit with spin-orbit torque (Camsari, Faria,
    Sutton and Datta, Phys. Rev. X 7, 031014 (2017)). The line's field over the anisotropy field is
    :math:`h = -v_{in}/(2 \Delta V_0)`, and the rates :math:`\phi_0 e^{-\Delta(1 \pm h)^2}` have the ratio
    :math:`e^{4 \Delta h}` whatever the barrier: the mean of the state is :math:`\tanh(v_{in}/V_0)` exactly, and a flip
    forgets all that was before. Such p-bits need no clock: while circuit and synapses are fast beside the mean stay,
    a network of them samples Boltzmann's law.

    The line that turns a voltage into a field is an ideal source (our choice), and so is the width ``V0``.

    Parameters
    ----------
    device : TelegraphField
        Its ``drive`` by the reading voltage should be weak: V_c large beside VDD/2.
    V0 : float
        Width of the transition [V].
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
        V0: float = 10e-3,
        vdd: float | None = None,
        sizing: InverterSizing | None = None,
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        if not is_two_state_in_field(device):
            raise CircuitError(f"a telegraph p-bit needs a TelegraphField; got {device!r:.60}.")
        self.V0 = check_range("V0", V0, 0.0, 10.0, unit="V", where="telegraph p-bit", open_low=True)
        TransistorCell.__init__(self, technology, vdd=vdd, probes=probes, name=name or "pbit_telegraph", seed=1)
        self.device = device
        self.reference = "vdd"
        divider = Telegraph(R_P=device.R_P, TMR=device.TMR, V_half=device.V_half, V_c=device.V_c, delta=device.delta)
        self.sizing = sizing or self.sizes.for_junction(divider, self.technology, self.vdd)
        self._build_divider()
        self._build_output()
        self._finish()

    def arguments(self) -> dict[str, Any]:
        return {
            "device": self.device, "technology": self.technology, "V0": self.V0, "vdd": self.vdd,
            "sizing": self.sizing, "probes": self.probes, "name": self.name,
        }  # fmt: skip

    @property
    def input_capacitance(self) -> float:
        """None: an ideal source senses the input."""
        return 0.0

    @property
    def field_per_volt(self) -> float:
        """Field of the line over the voltage of the input [T/V]; negative, since AP makes ``outb`` high."""
        device = self.device
        assert is_two_state_in_field(device)
        return -device.B_k / (2.0 * device.barrier * self.V0)

    def _build_divider(self) -> None:
        top = self._meter("mtj", "vdd")
        self.VCVS("line", "line", self.gnd, "vin", self.gnd, voltage_gain=self.field_per_volt)
        self.device.add_to(self, "mtj", "mid", top, "line", *self.state_nodes, seed="{seed}")
        if self.probes != "none":
            self.pins += [Pin("mtj", "mtj", "vdd", "vm_mtj"), Pin("mtj", "mtj", "mid", "vm_mtj", -1.0)]
        size = self.sizing
        self._nmos("input", "in", "mid", "0", "vss", w=size.w_input, length=size.l_input)
