"""One input to a chain in SPICE with the reset before it: what the junctions take of either.

The sources of the chain are ideal current sources, so what they deliver is what the junctions dissipate; a real source
needs headroom besides (:mod:`spinspice.papers.lopez2024.budget`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.chain import PulseTrain
from spinspice.benches.chain_sensing import Sensing
from spinspice.devices.telegraph import Telegraph
from spinspice.engines import Engine, get_engine
from spinspice.networks.chain.input_energy import input_energies
from spinspice.networks.chain.spice import SpiceChain, chain_testbench, junction_currents, junction_voltages
from spinspice.papers.lopez2024.stt_chain import FAILURE, MARGIN
from spinspice.presets.lopez2024 import JUNCTIONS

#: The paper's pulse of 300 ns (Sec. IV); reset and edges are our choice.
PULSE = PulseTrain(slots=1, idle=300e-9, edge=10e-9, hold=300e-9)


@dataclasses.dataclass(frozen=True)
class TransientEnergy:
    """One input: energies of reset and pulse [J], currents of the junctions in both [A], and which switched; with
    comparators the energies of the read after it [J], by kind of source."""

    reset: float
    pulse: float
    controls: NDArray[np.float64]
    currents: NDArray[np.float64]
    switched: NDArray[np.bool_]
    read: Mapping[str, float] = dataclasses.field(default_factory=dict)


def transient_energy(
    current: float,
    *,
    devices: Sequence[Telegraph] = JUNCTIONS,
    pulses: PulseTrain = PULSE,
    sensing: Sensing | None = None,
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
    sensing : Sensing, optional
        Read the junctions with comparators after the input.
    seed, engine, model
        As for :class:`SpiceChain`.
    """
    controls = np.array([pulses.highest_control(device, FAILURE) - MARGIN for device in devices])
    if sensing:  # what a read takes is that of the second: see SenseBench.energies
        pulses = dataclasses.replace(pulses, slots=2)
    reader: dict[str, Any] = {"readout": "comparator", "sensing": sensing} if sensing else {}
    with SpiceChain(devices, pulses, engine=engine, model=model, **reader) as chain:
        pulses, comparators = chain.pulses, chain.comparators
        waves = chain.run([current] * pulses.slots, controls, seed)
        switched = chain.read(waves)[-1]
    size = len(devices)
    power = np.sum(junction_voltages(waves, size) * junction_currents(waves, size), axis=0)
    resetting = waves.time <= pulses.idle
    return TransientEnergy(
        reset=float(np.trapezoid(power[resetting], waves.time[resetting])),
        pulse=float(input_energies(waves, pulses, current, controls)[0].junctions.sum()),
        controls=controls,
        currents=controls + current,
        switched=switched,
        read=comparators.energies(waves) if comparators else {},
    )


def learning_energy(
    current: float,
    share: float,
    *,
    devices: Sequence[Telegraph],
    pulses: PulseTrain,
    engine: str | Engine = "auto",
    model: str | None = None,
) -> float:
    """Energy [J] that learning pulses deliver, one through each junction, on top of an input pulse of ``current`` [A].

    Each has ``share`` [1] of the input's amplitude and its duration. No reset: junctions begin antiparallel.
    """
    controls = np.full(len(devices), share * current)
    bench = chain_testbench(devices, dataclasses.replace(pulses, slots=1), controls)
    waves = get_engine(engine, model).run(bench.with_parameters(in1=current))
    return input_energies(waves, dataclasses.replace(pulses, slots=1), current, controls)[0].controls
