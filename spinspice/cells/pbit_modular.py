r"""A modular p-bit: noise from a divider of two junctions that the input does not touch, compared with the input."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.cells.cell import Pin
from spinspice.cells.comparator import channel_capacitance
from spinspice.cells.pbit_amplified import AmplifiedPBit
from spinspice.cells.sizing import inverter_length
from spinspice.cells.summing import PAIR
from spinspice.constants import e, hbar, k_B
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_macrospin
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import seed_text
from spinspice.errors import CircuitError


class ModularPBit(AmplifiedPBit):
    r"""p-bit whose noise and whose input have paths of their own.

              vdd
               |
             [mtj a]
               |              vin -- +  _           _          _
              mid ------------------- > amp ------|>o- bar --|>o- ... outb, out
               |
             [mtj b]
               |
              vss

    Two stochastic junctions in series divide the supply; an amplifier of five transistors compares the midpoint with
    the input (Bunaiyan et al., arXiv 2601.18943: decoupled paths, two junctions in series, differential amplifier; its
    fluctuating range is TMR/(2 + TMR) of the supply, as here). No current of the input reaches the magnets, and what
    the magnets do does not depend on the input: the law is

    .. math::
        P(out = 1) = P\Big(v_{mid} < v_{in}\Big), \qquad
        v_{mid} = \frac{V_{DD}}{2}\, \frac{G_a - G_b}{G_a + G_b}

    with the conductances of both magnets' directions (:mod:`spinspice.networks.pbits.modular_law`).

    Parameters
    ----------
    device : Macrospin
        Either junction; its resistance should be large, for its current has a spin torque.
    **others
        As for :class:`spinspice.cells.BSN`.

    Ports: vin, out, outb, vdd, vss, mid.
    """

    against, side, called = "vin", "vdd", "pbit_modular"

    @staticmethod
    def _check(device: Device | None) -> Device:
        if not is_macrospin(device):
            raise CircuitError(f"a modular p-bit needs a Macrospin; got {device!r:.60}.")
        return device

    @property
    def devices(self) -> Mapping[str, Device]:
        return {"mtj0": self.device, "mtj1": self.device}

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(f"{port}_{name}" for port in self.device.state_ports()) for name in self.devices}

    @property
    def torque(self) -> float:
        r"""Field x [1] that the spin torque of the mean current is like: :math:`\hbar p I / (2 e \alpha k_B T)`.

        Both junctions have their reference layers towards vdd, so that it favours antiparallel in both.
        """
        d = self.device
        assert is_macrospin(d)
        current = self.vdd / 2 * float(conductance(d, self.vdd / 2, 0.0))
        return hbar * d.pol * current / (2.0 * e * d.alpha * k_B * d.T)

    @property
    def input_capacitance(self) -> float:
        """Capacitance of one transistor of the pair [F], as its channel has it."""
        length = inverter_length(self.technology)
        width = PAIR / 2 * self.bias_current / self.technology.half_supply.current("n", length, self.vdd)
        return channel_capacitance(width, length)

    def _build_divider(self) -> None:
        top, low = self._meter("mtj", "vdd"), self._meter("mtj_vss", "vss")
        for (name, nodes), ends in zip(self.states.items(), (("mid", top), (low, "mid")), strict=True):
            self.device.add_to(self, name, *ends, *nodes, seed=seed_text(name))
        if self.probes != "none":
            self.pins += [Pin("mtj", "mtj", "vdd", "vm_mtj"), Pin("mtj", "mtj", "vss", "vm_mtj_vss")]
