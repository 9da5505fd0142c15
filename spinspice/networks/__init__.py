"""Networks: cells of any kind and what couples them, as data, from which circuits, runs and audits follow.

Beside them the networks that have laws of their own: `population` (coding by many junctions) and `chain` (junctions in
series that classify).
"""

from spinspice.networks.couplings import Capacitor, Coupling, Gain, Junction, Resistor, Transistor, WeightedSum
from spinspice.networks.network import Drive, Network, Placed

__all__ = [
    "Capacitor",
    "Coupling",
    "Drive",
    "Gain",
    "Junction",
    "Network",
    "Placed",
    "Resistor",
    "Transistor",
    "WeightedSum",
]
