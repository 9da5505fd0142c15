"""What weights a network of synapses really makes: its outputs driven through many states, the gates looked at.

The synapses of a network with real inverters in front of them and the gates of real p-bits behind; states follow one
another, each p-bit's voltage is read after each, and J and h are the plane through them.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.network import Network
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.exact import states
from spinspice.networks.pbits.ramp import Ramp
from spinspice.networks.pbits.synapse_transistors import silent
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Time of a state and of the change to the next [s]: our choice, many delays of the nodes.
DWELL, EDGE = 5e-9, 20e-12
#: Most states that are shown.
MOST = 64


@dataclasses.dataclass(frozen=True)
class Achieved:
    """Weights as measured.

    Attributes
    ----------
    J : array, shape (n, n)
        Row i: what p-bit i sees [1]; not symmetric, as made.
    h : array, shape (n,)
    bend : array, shape (n,)
        Largest distance of a gate's voltage from the plane, in units of an input of 1 [1].
    """

    J: Array
    h: Array
    bend: Array


def shown(n: int, seed: int = 1) -> Array:
    """Return the states that are driven, shape (s, n): all of few p-bits in random order, else 64 at random."""
    draw = np.random.default_rng([seed, 0x3E])
    if 2**n <= MOST:
        return np.asarray(draw.permutation(states(n)).astype(float))
    return np.asarray(draw.choice([-1.0, 1.0], (MOST, n)))


def weights_testbench(network: PBitNetwork, seed: int = 1) -> Testbench:
    """Return the run; the state ``s`` of :func:`shown` lasts until (s + 1) :data:`DWELL`."""
    driven = dataclasses.replace(network, ramp=Ramp(rest=1.0, rise=1e-3, low=1.0)).network()
    m = shown(len(network.ising), seed)
    level, starts = network.cell.vdd / 2, DWELL * np.arange(len(m))
    times = np.ravel([starts, starts + DWELL - EDGE], order="F").tolist()
    inputs = dict(driven.inputs)
    cells = {name: placed for name, placed in driven.cells.items() if name not in network.ising.names}
    for i, name in enumerate(network.ising.names):
        for port, sign in (("outb", 1.0), ("out", -1.0)):
            inputs[f"{port}_{name}"] = Pwl(times, (sign * level * np.repeat(m[:, i], 2)).tolist())
        cells[name] = silent(network.cells[name], name, f"vin_{name}")
    whole = Network(
        cells=cells, couplings=driven.couplings, inputs=inputs,
        outputs=[f"vin_{name}" for name in network.ising.names], probes="none", title="weights of synapses",
    )  # fmt: skip
    return whole.testbench(stop=DWELL * len(m), seed=seed, step=DWELL / 50, max_step=DWELL / 50)


def achieved(network: PBitNetwork, waves: Waveforms, seed: int = 1) -> Achieved:
    """Return the weights of a run of :func:`weights_testbench`, in units of V0 I0."""
    m = shown(len(network.ising), seed)
    at = DWELL * np.arange(1, len(m) + 1) - 2 * EDGE
    names, unit = network.ising.names, network.V0 * network.I0
    design = np.column_stack([m, np.ones(len(m))])
    v = np.column_stack([np.interp(at, waves.time, waves[f"v(vin_{name})"]) for name in names])
    v -= np.array([network.middles[name] for name in names])
    plane, *_ = np.linalg.lstsq(design, v / unit, rcond=None)
    return Achieved(
        np.asarray(plane[:-1].T), np.asarray(plane[-1]), np.asarray(np.abs(v / unit - design @ plane).max(axis=0))
    )
