r"""A modular p-bit: noise from a divider of two junctions that the input does not touch, compared with the input."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from spinspice.cells.base import TransistorCell
from spinspice.cells.cell import Pin, Probes
from spinspice.cells.comparator import channel_capacitance
from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import InverterSizing, inverter_length
from spinspice.cells.summing import PAIR, five_transistors, least_bias
from spinspice.cmos import Technology
from spinspice.constants import e, hbar, k_B
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_macrospin
from spinspice.devices.noise import seed_text
from spinspice.errors import CircuitError

#: Bias of the amplifier that compares [A]: our choice, fast beside a magnet of nanoseconds.
BIAS = 5e-6


class ModularPBit(PBit):
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
        if not is_macrospin(device):
            raise CircuitError(f"a modular p-bit needs a Macrospin; got {device!r:.60}.")
        TransistorCell.__init__(self, technology, vdd=vdd, probes=probes, name=name or "pbit_modular", seed=1)
        self.device = device
        self.reference = "vdd"
        self.bias_current = max(BIAS, least_bias(self.technology, self.vdd))
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
    def devices(self) -> Mapping[str, Device]:
        return {"mtj0": self.device, "mtj1": self.device}

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        return {name: tuple(f"{port}_{name}" for port in self.device.state_ports()) for name in self.devices}

    def with_junctions(self, change: Callable[[Device], Device]) -> Self:
        return self.rebuilt(device=change(self.device))

    @property
    def torque(self) -> float:
        r"""Field x [1] that the spin torque of the mean current is like: :math:`\hbar p I / (2 e \alpha k_B T)`.

        Both junctions have their reference layers towards vdd, so that it favours antiparallel in both.
        """
        from spinspice.devices.laws.resistance import conductance

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

    def _sized(self) -> InverterSizing:
        technology = self.technology
        length, table = inverter_length(technology), technology.half_supply
        resistance = self.device.parameters()["R_P"]
        return InverterSizing(
            resistance=resistance, w_input=technology.w_min, l_input=technology.l_min,
            ratio=table.current("n", length, self.vdd) / table.current("p", length, self.vdd),
            **InverterSizing.output_stage(technology, resistance),
        )  # fmt: skip

    def _build_divider(self) -> None:
        top, low = self._meter("mtj", "vdd"), self._meter("mtj_vss", "vss")
        for (name, nodes), ends in zip(self.states.items(), (("mid", top), (low, "mid")), strict=True):
            self.device.add_to(self, name, *ends, *nodes, seed=seed_text(name))
        if self.probes != "none":
            self.pins += [Pin("mtj", "mtj", "vdd", "vm_mtj"), Pin("mtj", "mtj", "vss", "vm_mtj_vss")]

    def _build_output(self) -> None:
        five_transistors(self, "inverters", "mid", "vin", "read", self.bias_current)
        self._inverter(1, "read", "bar")
        self._inverter(2, "bar", "out")
        self._inverter(3, "out", "outb")
