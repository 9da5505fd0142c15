r"""Capacitive synapses: the crossbar of resistors with a capacitor beside each, so that charge makes the sum.

A node that only capacitors drive adds up changes: :math:`\delta v_i = \sum_k (C_{ik} / C_{node})\,\delta V_k` draws no
current at rest, but where it rests is left to what leaks. Here the leak is made in proportion, a resistor
:math:`R_{ik} = \tau / C_{ik}` beside every capacitor: a divider that is exact at all frequencies, so that fields, which
never change, count too. (Capacitive dividers as synapses of p-bits: Hassan, Camsari and Datta, IEEE Des. Test 36 (3),
2019, abstract; the leak in proportion is our choice.)

The gate itself loads the node, by 2 % (generic) and 7 % (SKY130): its capacitance, as the cell estimates it, is taken
from the capacitor to the trim.
"""

from __future__ import annotations

from spinspice.errors import CircuitError
from spinspice.networks.couplings import Capacitor, Coupling, Resistor
from spinspice.networks.pbits.asked import Asked, Synapse
from spinspice.networks.pbits.crossbar import crossbar

#: Capacitance of a gate's node [F] and time constant of the leak [s]: our choice. A unit of J at I0 = 1 is then some
#: 1 fF, and the node of a p-bit takes a nanowatt.
C_NODE, LEAK = 50e-15, 20e-6
#: Smallest capacitor that is drawn [F]: our choice, about the fringe of two wires over a micrometre.
LEAST = 0.1e-15


def capacitors(asked: Asked) -> Synapse:
    """Return the capacitors and their leaks.

    Raises
    ------
    CircuitError
        As :func:`spinspice.networks.pbits.crossbar.crossbar`, and for a weight that asks for a capacitor below
        :data:`LEAST`: which coupling, and how much.
    """
    leak = LEAK / C_NODE
    resistors, trims = crossbar(
        asked.ising, I0=asked.I0, V0=asked.V0, v0=asked.v0, vdd=asked.cell.vdd, R_node=leak, r_out=asked.r_out,
        outputs=asked.outputs, rails=asked.rails,
    )  # fmt: skip
    made: dict[str, Coupling] = {}
    for name, resistor in resistors.items():
        assert isinstance(resistor, Resistor)
        wanted = LEAK / float(resistor.resistance)
        if name.endswith("_trim"):
            wanted = max(wanted - asked.cell.input_capacitance, 0.0)
        elif wanted < LEAST:
            raise CircuitError(
                f"coupling {name} asks for {wanted * 1e15:.3g} fF at I0 = {asked.I0:g}, less than the {LEAST * 1e15:g} "
                f"fF that is drawn. Take I0 = {asked.I0 * LEAST / wanted:.3g} or more, leave the coupling out, or take "
                "resistors."
            )
        made[name] = resistor
        if wanted:
            made[f"{name}_c"] = Capacitor(resistor.a, resistor.b, wanted)
    return Synapse(made, trims)
