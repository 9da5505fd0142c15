r"""Learning on the circuit: its own samples are what the rule of a Boltzmann machine is fed with.

Weights that a circuit makes are not those that were asked for: amplifiers have gains and offsets, outputs resistances.
A machine that learns from the states of the circuit itself needs to know none of that. It finds the J and h *to ask
for*, with which the circuit has the means and products that are wanted.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine
from spinspice.errors import ResultError, check_range
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.learning import Array, Sampler

#: Part of a run that is left out, and time between states [s]: our choice; a state is worth less than one sample.
LEFT, STEP = 0.05, 2e-9


def circuit_sampler(network: PBitNetwork, engine: Engine, *, duration: float, seed: int = 1) -> Sampler:
    """Return what runs a circuit with the energy of each step of :func:`spinspice.networks.pbits.learning.learn`.

    Parameters
    ----------
    network : PBitNetwork
        Cell, synapses and I0; its energy is replaced.
    engine : Engine
    duration : float
        Length of the run of a step [s].
    seed : int
        Every step has noise of its own.
    """
    check_range("duration", duration, 20 * STEP, 1.0, unit="s", where="learning on the circuit")

    def sample(ising: Ising, step: int) -> Array:
        own = dataclasses.replace(network, ising=connected(ising, network.ising))
        waves = engine.run(own.network().testbench(stop=duration, seed=instance_seed(seed, f"learning/{step}")))
        rows = own.rows(waves, STEP, LEFT * duration)
        counts = np.bincount(rows, minlength=2 ** len(ising))
        if counts.size != 2 ** len(ising) or not counts.sum():
            raise ResultError(f"no states of {len(ising)} p-bits in a run of {duration:g} s.")
        return np.asarray(counts / counts.sum())

    return sample


def connected(ising: Ising, structure: Ising) -> Ising:
    """Return an energy whose couplings are all there that a structure has, however weak: a circuit needs them."""
    least = 1e-3 * np.sign(structure.J)
    return Ising(ising.names, np.where((structure.J != 0) & (np.abs(ising.J) < 1e-3), least, ising.J), ising.h)
