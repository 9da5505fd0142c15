r"""Programmable synapses of transistors: a current whose size is a voltage, switched by the output of a p-bit.

              vin_i                       one such branch for each coupling
                |
      out_j --[ n switch
                |
      w_i_j --[ n weight                  w_i_j: the voltage that holds the weight
                |
               vss

A gate's node hangs by R_node on a voltage; a branch that conducts pulls it down by R_node I. With
:math:`I_{ij} = 2 |J_{ij}| I_0 V_0 / R_{node}`, the switch at ``out`` of j for J > 0 and at ``outb`` for J < 0, and the
voltage higher by half of what all branches pull,

.. math::
    v_i = v_0 + V_0 I_0 \Big(\sum_j J_{ij} m_j + h_i\Big)

with the field in that voltage too. Weights are voltages: they may change in a run. Which voltage makes which current
comes from a run of one branch (:func:`programme_testbench`); it does not know that the current falls as the node does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.pbit import PBit
from spinspice.devices.base import Device
from spinspice.devices.kinds import is_two_state_in_field
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import CircuitError, ResultError
from spinspice.networks.couplings import Coupling, Resistor, Transistor
from spinspice.networks.network import Network, Placed
from spinspice.networks.pbits.asked import LEAST, Asked, Programme, Synapse
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Time of the run that finds the currents [s]: our choice.
SWEEP = 1e-6
#: Barrier of a junction that stays [k_B T].
STAYS = 60.0


def branch(cell: PBit, switch: str, weight: str, node: str, name: str) -> dict[str, Coupling]:
    """Return the two transistors of a coupling, of the shortest channels and twice the smallest width."""
    technology = cell.technology
    size = {"w": 2 * technology.w_min, "length": technology.l_min}
    middle = f"mid_{name}"
    return {
        f"{name}_s": Transistor(technology, "n", drain=node, gate=switch, source=middle, **size),
        f"{name}_w": Transistor(technology, "n", drain=middle, gate=weight, source="vss", **size),
    }


def silent(cell: PBit, name: str, gate: str) -> Placed:
    """Return a cell of which only the gate matters: a junction that stays, outputs that nobody reads, an open latch.

    A junction that moves would shake the gate through the transistor's own capacitance.
    """
    clocks = {"clk": "vdd", "clkb": "vss"}
    ports = [port for port in cell.ports if port not in ("vin", "vdd", "vss")]
    nodes = {port: clocks.get(port, f"silent_{port}_{name}") for port in ports}
    quiet = cell if is_two_state_in_field(cell.device) else cell.with_junctions(_stays)
    return Placed(quiet, nodes | {"vin": gate})


def _stays(device: Device) -> Device:
    """Return a two-state junction of the same resistance, with a barrier that it never leaves."""
    known = device.parameters()
    return Telegraph(R_P=known["R_P"], TMR=known["TMR"], V_half=known["V_half"], delta=STAYS, V_c=100.0)


def programme_testbench(cell: PBit) -> Testbench:
    """Return the run of one branch: its weight sweeps slowly from vss to vdd while the node stays in the middle."""
    low, high = cell.rails
    network = Network(
        cells={"load": silent(cell, "load", "node")},
        couplings=branch(cell, "on", "weight", "node", "x"),
        inputs={"on": high, "node": cell.middle, "weight": Pwl([0.0, SWEEP], [low, high])},
        outputs=["weight"],
    )  # fmt: skip
    return network.testbench(stop=SWEEP, step=SWEEP / 400, max_step=SWEEP / 400, save=["i(vin_node)"])


def programmed(waves: Waveforms) -> Programme:
    """Return the currents of a run of :func:`programme_testbench`.

    Raises
    ------
    ResultError
        For a branch whose current does not rise.
    """
    volts, amperes = np.asarray(waves["v(weight)"]), -np.asarray(waves["i(vin_node)"])
    rising = np.maximum.accumulate(amperes)
    kept = np.concatenate([[True], np.diff(rising) > 0.0]) & (rising > LEAST / 10)
    if np.count_nonzero(kept) < 20:
        raise ResultError("the current of a programmable branch does not rise with its weight.")
    return Programme(volts[kept], rising[kept])


def transistors(asked: Asked) -> Synapse:
    """Return the branches, the voltages of their weights ``w_<p-bit>_<other>``, and the resistors of the nodes.

    Raises
    ------
    CircuitError
        Without a :class:`Programme`, for weights beyond what a branch conducts, or nodes beyond the supply.
    """
    ising, programme = asked.ising, asked.programme
    if programme is None:
        raise CircuitError(
            "programmable synapses need the currents of a branch: run programme_testbench(cell), and give programmed "
            "(waveforms) as programme=."
        )
    low, high = asked.cell.rails
    couplings: dict[str, Coupling] = {}
    inputs: dict[str, float] = {}
    for i, name in enumerate(ising.names):
        gate, pulled = f"vin_{name}", 0.0
        for j, other in enumerate(ising.names):
            weight = float(ising.J[i, j])
            if not weight or not asked.unit:
                continue
            current = 2.0 * abs(weight) * asked.unit / asked.R_node
            try:
                inputs[f"w_{name}_{other}"] = programme.voltage(current)
            except CircuitError as error:
                most = programme.amperes[-1] * asked.R_node / (2.0 * asked.unit)
                least = LEAST * asked.R_node / (2.0 * asked.unit)
                raise CircuitError(
                    f"coupling {name}_{other} of {weight:g} is out of reach of its transistors: {error} At I0 = "
                    f"{asked.I0:g} and R_node = {asked.R_node:g} Ohm they make {least:.2g} to {most:.3g}."
                ) from None
            switch = f"{asked.outputs[weight > 0]}_{other}"
            couplings |= branch(asked.cell, switch, f"w_{name}_{other}", gate, f"{name}_{other}")
            pulled += abs(weight)
        top = asked.v0.get(name, 0.0) + asked.unit * (pulled + float(ising.h[i]))
        if not low < top < high:
            raise CircuitError(
                f"the node of p-bit {name} must hang on {top:.3g} V, beyond the supply of {low:g} to {high:g} V: its "
                f"couplings and field add up to {pulled + ising.h[i]:.3g} at I0 = {asked.I0:g}. Take I0 up to "
                f"{asked.I0 * high / top:.3g}."
            )
        couplings[f"{name}_trim"] = Resistor(f"trim_{name}", gate, asked.R_node)
        inputs[f"trim_{name}"] = top
    return Synapse(couplings, inputs)
