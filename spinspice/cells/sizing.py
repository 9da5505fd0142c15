"""Transistor sizes that fit a junction: input transistor as conductive as the junction, midpoint at Vin = 0.

At Vin = 0 and with the midpoint in the middle of the supply, the input transistor has gate and drain at half the
supply. Its width is the one at which it then carries the current of the junction whose free layer points everywhere
equally often (mean conductance, at half the supply across it). Everything else follows from that current or from the
ratio of p to n widths at which an inverter switches in the middle.
"""

from __future__ import annotations

import dataclasses
from typing import Self

from spinspice.cmos import Technology
from spinspice.devices.base import Device
from spinspice.devices.laws.resistance import conductance
from spinspice.errors import CircuitError, ParameterError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sizing:
    """Sizes of a divider of junction and transistor, SI; a cell adds those of its output stage in a subclass.

    Parameters
    ----------
    resistance : float
        Mean resistance R of junction and input transistor in the middle of the supply [Ohm].
    w_input, l_input : float
        Input transistor [m].
    ratio : float
        Width of p over n channel at which the two carry the same current at half the supply [1].
    """

    resistance: float
    w_input: float
    l_input: float
    ratio: float

    @classmethod
    def for_junction(cls, device: Device, technology: Technology, vdd: float | None = None) -> Self:
        """Return the sizes that match a cell to a junction.

        Parameters
        ----------
        device : Device
            Two-terminal junction (``free``, ``ref``).
        technology : Technology
        vdd : float, optional
            Supply between vdd and vss [V]; the technology's own by default.

        Raises
        ------
        CircuitError
            For a device that is no two-terminal junction.
        ParameterError
            If no transistor that can be drawn is as conductive as the junction.
        """
        check_two_terminals(device)
        vdd = technology.check_vdd(technology.vdd if vdd is None else vdd)
        resistance = mean_resistance(device, vdd / 2)
        w_input, l_input = _input_size(vdd / 2 / resistance, resistance, technology, vdd)
        table, length = technology.half_supply, inverter_length(technology)
        ratio = table.current("n", length, vdd) / table.current("p", length, vdd)
        stage = cls.output_stage(technology, resistance)
        return cls(resistance=resistance, w_input=w_input, l_input=l_input, ratio=ratio, **stage)

    @classmethod
    def output_stage(cls, technology: Technology, resistance: float) -> dict[str, float]:
        """Return the sizes that a subclass adds, for a junction of this resistance [Ohm]."""
        return {}

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the sizes that may be chosen: all but the resistance, which is the junction's."""
        return tuple(field.name for field in dataclasses.fields(cls) if field.name != "resistance")


@dataclasses.dataclass(frozen=True, kw_only=True)
class InverterSizing(Sizing):
    """Sizes of a divider and of inverters behind it, SI: what a binary stochastic neuron has.

    Parameters
    ----------
    w_inverter, l_inverter : float
        n channel of an inverter [m]; the p channel is ``ratio`` times as wide.
    """

    w_inverter: float
    l_inverter: float

    @classmethod
    def output_stage(cls, technology: Technology, resistance: float) -> dict[str, float]:
        width = max(5 * technology.l_min, technology.w_min)
        return {"w_inverter": width, "l_inverter": inverter_length(technology)}


def inverter_length(technology: Technology) -> float:
    """Return the length of channels in inverters [m], at which p and n channels are balanced too.

    Our choice: half as long again as the shortest. Inverters are then a few times slower than they could be, and what
    the midpoint does for less than some 50 ps does not get through: that rounds the corners which the arcsine law of
    a freely rotating layer gives the transfer (R^2 of a tanh 0.998 against 0.992 with the shortest channels,
    low-barrier disk of 22 nm), and halves the current that flows through them. A technology whose longer channels do
    not conduct at half the supply names its own length.
    """
    return technology.l_inverter or technology.half_supply.lengths[1]


def mean_resistance(device: Device, voltage: float) -> float:
    """Inverse of the conductance [Ohm] of a junction averaged over all directions of its free layer.

    Our choice for the R that the transistor is matched to: a freely fluctuating layer divides the supply by its mean
    conductance. The bias dependence of the TMR is taken at ``voltage`` [V] across the junction.
    """
    return 1.0 / float(conductance(device, voltage, 0.0))


def size_for(device: Device, technology: Technology, vdd: float | None = None) -> Sizing:
    """Return the sizes that match a divider to a junction: :meth:`Sizing.for_junction`, without an output stage.

    The sizes of a whole cell are ``BSN.sizes.for_junction(device, technology, vdd)``.
    """
    return Sizing.for_junction(device, technology, vdd)


def check_two_terminals(device: Device | None) -> None:
    """Raise CircuitError unless the device is a junction between ``free`` and ``ref`` alone."""
    if not isinstance(device, Device):
        what = "no device" if device is None else f"a {type(device).__name__}, {device!r:.60}"
        hint = f'Write load_preset("{device}").device' if isinstance(device, str) else "Make one: Macrospin(...)"
        raise CircuitError(f"a cell needs a two-terminal junction, a Macrospin or a Telegraph; got {what}. {hint}.")
    if device.terminals != ("free", "ref"):
        raise CircuitError(
            f"a neuron cell needs a two-terminal junction such as Macrospin or Telegraph, got {type(device).__name__} "
            f"with ports {', '.join(device.ports)}. Drive a third terminal in a cell of your own."
        )


def _input_size(current: float, resistance: float, technology: Technology, vdd: float) -> tuple[float, float]:
    """Return width and length of an n channel that carries ``current`` at half the supply."""
    for length in technology.half_supply.lengths:
        width = current / technology.half_supply.current("n", length, vdd)
        if width >= technology.w_min:
            break
    if not technology.w_min <= width <= 1e-3:
        raise ParameterError(
            f"no input transistor of {technology.name} matches a junction of {resistance:.4g} Ohm at {vdd:g} V: "
            f"it would be {width * 1e6:.3g} um wide and {length * 1e6:g} um long; allowed are "
            f"{technology.w_min * 1e6:g} um to 1000 um (for_junction). Scale the junction's area."
        )
    return width, length
