"""One input to a chain in SPICE with the reset before it: what the junctions take of either.

The sources of the chain are ideal current sources, so what they deliver is what the junctions dissipate; a real source
needs headroom besides (:mod:`spinspice.systems.classifier.budget`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.telegraph import Telegraph
from spinspice.engines import Engine
from spinspice.presets.lopez2024 import JUNCTIONS
from spinspice.systems.classifier.chain_spice import SpiceChain, junction_currents, junction_voltages
from spinspice.systems.classifier.energy import input_energies
from spinspice.systems.classifier.stimulus import PulseTrain

#: The paper's pulse of 300 ns (Sec. IV); reset and edges are our choice.
PULSE = PulseTrain(slots=1, idle=300e-9, edge=10e-9, hold=300e-9)
#: Failures of a reset that are allowed for [1], and how far below that the control currents are set [A].
FAILURE, MARGIN = 1e-6, 1e-6


@dataclasses.dataclass(frozen=True)
class TransientEnergy:
    """One input: energies of reset and pulse [J], currents of the junctions in both [A], and which switched."""

    reset: float
    pulse: float
    controls: NDArray[np.float64]
    currents: NDArray[np.float64]
    switched: NDArray[np.bool_]


def transient_energy(
    current: float,
    *,
    devices: Sequence[Telegraph] = JUNCTIONS,
    pulses: PulseTrain = PULSE,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
) -> TransientEnergy:
    """Run one input in SPICE and integrate voltage times current of every junction.

    Parameters
    ----------
    current : float
        Input current [A].
    devices, pulses
        Of the chain; control currents are the least negative ones that reset in ``pulses.idle``.
    seed, engine, model
        As for :class:`SpiceChain`.
    """
    controls = np.array([pulses.highest_control(device, FAILURE) - MARGIN for device in devices])
    with SpiceChain(devices, pulses, engine=engine, model=model) as chain:
        waves = chain.run([current], controls, seed)
        switched = chain.read(waves)[0]
    size = len(devices)
    power = np.sum(junction_voltages(waves, size) * junction_currents(waves, size), axis=0)
    resetting = waves.time <= pulses.idle
    return TransientEnergy(
        reset=float(np.trapezoid(power[resetting], waves.time[resetting])),
        pulse=float(input_energies(waves, pulses, current, controls)[0].junctions.sum()),
        controls=controls,
        currents=controls + current,
        switched=switched,
    )
