"""A p-bit that is updated when a sequencer says so: divider, inverters, and a latch that holds the state."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any, Literal

from spinspice.cells.base import NeuronCell
from spinspice.cells.cell import Pin, Probes
from spinspice.cells.pbit import PBit
from spinspice.cells.sizing import Sizing
from spinspice.cmos import Technology
from spinspice.devices.base import Device
from spinspice.devices.noise import seed_text
from spinspice.errors import CircuitError, check_range


class ClockedPBit(PBit):
    """p-bit with a transparent latch between its inverters and its outputs.

            vdd
             |
           [mtj]          _          _               clk        _          _
             |-- mid ----|>o- bar --|>o- ... live --[ / ]-- s -|>o- outb -|>o- out
        vin -|[                                             |                 |
             |                                              +----[ / ]--------+
            vss                                                   clkb

    While clk is high the outputs follow the neuron, when it falls they keep what it said last. A p-bit that is drawn
    once in a while, when the magnet has forgotten, samples afresh: with one p-bit at a time this is Gibbs sampling,
    with the mean output of the cell in the place of tanh.

    With one junction whose layer turns freely that mean is arcsine-like and bounded: an input beyond its half-width is
    never defied. ``junctions`` = 4 puts four of four times the resistance side by side: the sum of four turning layers
    is nearly normal, the mean output nearly tanh over twice the reach in units of V0, which is half as large.

    The charge of the latch meets the neuron when clk rises. An inverter of the neuron that is undecided gives way to
    it, and the p-bit keeps some of its last state: a coupling to itself, by which a network acts as at a larger I0.
    Two buffers hold the latch off.

    Parameters
    ----------
    buffers : int
        Inverters between neuron and latch, an even number; 0 for the latch at the neuron itself.
    junctions : int
        Junctions side by side, each with ``junctions`` times the resistance of ``device``.
    **others
        As for :class:`spinspice.cells.BSN`.

    Ports: vin, clk, clkb, out, outb, vdd, vss, mid. Sizes of the latch: those of the inverters (our choice), whose
    block it belongs to.
    """

    ports = ("vin", "clk", "clkb", "out", "outb", "vdd", "vss", "mid")

    def __init__(
        self,
        device: Device | None = None,
        technology: Technology | str = "generic",
        *,
        junctions: int = 1,
        buffers: int = 2,
        vdd: float | None = None,
        sizing: Sizing | None = None,
        reference: Literal["vdd", "mid"] = "vdd",
        probes: Probes = "blocks",
        name: str | None = None,
    ) -> None:
        self.junctions = int(check_range("junctions", junctions, 1, 64, where="clocked p-bit"))
        self.buffers = int(check_range("buffers", buffers, 0, 8, where="clocked p-bit"))
        if self.buffers % 2:
            raise CircuitError(f"{buffers} buffers between neuron and latch turn its state over. Give an even number.")
        super().__init__(
            device, technology, vdd=vdd, sizing=sizing, reference=reference, probes=probes, name=name or "pbit_clocked"
        )

    def arguments(self) -> dict[str, Any]:
        return super().arguments() | {"junctions": self.junctions, "buffers": self.buffers}

    @property
    def devices(self) -> Mapping[str, Device]:
        return dict.fromkeys(self._names, self._one)

    @property
    def states(self) -> Mapping[str, tuple[str, ...]]:
        ports = self.device.state_ports()
        if self.junctions == 1:
            return {"mtj": ports}
        return {name: tuple(f"{port}_{name}" for port in ports) for name in self._names}

    @property
    def _names(self) -> tuple[str, ...]:
        return ("mtj",) if self.junctions == 1 else tuple(f"mtj{k}" for k in range(self.junctions))

    @property
    def _one(self) -> Device:
        """Each of the junctions; one of n times the resistance has an n-th of the current through the same layer."""
        if self.junctions == 1:
            return self.device
        return self.device.replace(R_P=self.device.parameters()["R_P"] * self.junctions)

    def _build_divider(self) -> None:
        if self.junctions == 1:
            NeuronCell._build_divider(self)
            return
        top = self._meter("mtj", "vdd")
        ends = ("mid", top) if self.reference == "vdd" else (top, "mid")
        for name, nodes in self.states.items():
            self._one.add_to(self, name, *ends, *nodes, seed=seed_text(name))
        if self.probes != "none":
            self.pins += [Pin("mtj", "mtj", "vdd", "vm_mtj"), Pin("mtj", "mtj", "mid", "vm_mtj", -1.0)]
        size = self.sizing
        self._nmos("input", "in", "mid", "vin", "vss", w=size.w_input, length=size.l_input)

    def _build_output(self) -> None:
        self._inverter(1, "mid", "bar")
        chain = ["bar", *(f"buf{k}" for k in range(self.buffers)), "live"]
        for k, (source, target) in enumerate(itertools.pairwise(chain)):
            self._inverter(2 if k == 0 else 4 + k, source, target)
        self._gate("pass", "live", "s", "clk", "clkb")
        self._inverter(3, "s", "outb")
        self._inverter(4, "outb", "out")
        self._gate("keep", "out", "s", "clkb", "clk")

    def _gate(self, name: str, a: str, b: str, on: str, off: str) -> None:
        """Add a transmission gate, conducting while ``on`` is high."""
        size = self.sizing
        self._nmos("inverters", f"n_{name}", a, on, b, w=size.w_inverter, length=self.technology.l_min)
        self._pmos("inverters", f"p_{name}", a, off, b, w=size.ratio * size.w_inverter, length=self.technology.l_min)
