"""Learning with binary stochastic synapses: junctions that a pulse switches with a small probability (Vincent 2015).

`law` says what a pair of pulses does to a synapse, `learning` lets a layer of neurons learn with it, `crossbar` is the
circuit, and its events are those of the law flip by flip.
"""

from spinspice.networks.stdp.law import PulseLaw, SynapseStates
from spinspice.networks.stdp.learning import Layer, Learned, learn

__all__ = ["Layer", "Learned", "PulseLaw", "SynapseStates", "learn"]
