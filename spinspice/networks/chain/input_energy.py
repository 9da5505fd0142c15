"""Energy of one input to a chain, from its transient: what the sources deliver and what the junctions dissipate."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.chain import PulseTrain
from spinspice.cells.chain import source_currents
from spinspice.networks.chain.spice import junction_currents, junction_voltages
from spinspice.waveforms import Waveforms


@dataclasses.dataclass(frozen=True)
class InputEnergy:
    """Energy of one input, from the start of its rise to the end of its fall [J].

    Parameters
    ----------
    pulse : float
        Delivered by the input current, which flows through the whole chain. Negative where the control currents, of the
        opposite sign, set the voltage.
    controls : float
        Delivered by the control currents of the N sources.
    junctions : array, shape (N,)
        Dissipated in each junction.
    """

    pulse: float
    controls: float
    junctions: NDArray[np.float64]

    @property
    def sources(self) -> float:
        """Delivered by all sources [J]."""
        return self.pulse + self.controls

    @property
    def gap(self) -> float:
        """Part of the dissipated energy that the sources did not deliver [1]: 0 by Tellegen's theorem."""
        return float(self.sources / self.junctions.sum() - 1.0)


def input_energies(
    waves: Waveforms, pulses: PulseTrain, inputs: ArrayLike, controls: ArrayLike
) -> tuple[InputEnergy, ...]:
    """Return the energy of each input of a train that ran with these ``inputs`` and ``controls`` [A].

    The currents of the sources are those that were asked for; the dissipation uses those that the ammeters saw.
    """
    inputs, controls = np.atleast_1d(np.asarray(inputs, dtype=float)), np.asarray(controls, dtype=float)
    size = controls.size
    taps = np.array([waves[f"v(n{i})"] for i in range(1, size + 1)])
    dissipated = junction_voltages(waves, size) * junction_currents(waves, size)
    feeds = pulses.gate(waves.time) * (source_currents(controls) @ taps)
    powers = np.vstack([taps[0] * pulses.current(waves.time, inputs), feeds, dissipated])
    energies = []
    for slot in range(inputs.size):
        start = slot * pulses.period + pulses.idle
        stop = slot * pulses.period + pulses.reading
        inside = (waves.time > start) & (waves.time < stop)
        grid = np.concatenate([[start], waves.time[inside], [stop]])
        pulse, control, *junctions = (float(np.trapezoid(np.interp(grid, waves.time, power), grid)) for power in powers)
        energies.append(InputEnergy(pulse, control, np.array(junctions)))
    return tuple(energies)
