"""A chain of the small stable junctions that the paper's energies suppose, under pulses of nanoseconds."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.chain import PulseTrain
from spinspice.benches.chain_sensing import Sensing
from spinspice.devices import as_macrospin
from spinspice.devices.telegraph import Telegraph
from spinspice.papers.lopez2024.budget import voltage
from spinspice.presets.sttmram import DELTA, STTMRAM

#: Input pulse: tens of microamperes, 1 to 10 ns (Sec. IV); 1.6 critical currents of the junction.
CURRENT, DURATION = 40e-6, 10e-9
#: Failures of a reset that are allowed for [1], and how far below that the control currents are set [A].
FAILURE, MARGIN = 1e-6, 1e-6
#: Voltage on the gates of isolating transistors [V]: their bulk is less deep than below the measured junctions.
GATE = 2.0
#: Depth of their bulk over the voltages of a chain that is reset.
DEPTH = 2.0


@dataclasses.dataclass(frozen=True)
class SmallChain:
    """Junctions, pulses and read of a chain; inputs put :data:`CURRENT` through antiparallel junctions.

    Parameters
    ----------
    devices : tuple of Telegraph
    pulses : PulseTrain
        Two inputs.
    sensing : Sensing
    """

    devices: tuple[Telegraph, ...]
    pulses: PulseTrain
    sensing: Sensing

    @property
    def controls(self) -> NDArray[np.float64]:
        """Control currents [A], shape (N,): the least negative ones that reset."""
        return np.array([self.pulses.highest_control(device, FAILURE) - MARGIN for device in self.devices])

    @property
    def current(self) -> float:
        """Input current [A] that, with the control currents, puts :data:`CURRENT` through the junctions."""
        return CURRENT - float(self.controls[0])


def chain_of_small(size: int) -> SmallChain:
    """Return N junctions of the preset ``sttmram``, 40 nm, as two-state ones that take a 200th of a pulse to switch."""
    body = as_macrospin(STTMRAM.device, "a chain of small junctions is made of macrospins, not of a {kind}")
    junction = Telegraph(
        R_P=body.R_P,
        TMR=body.TMR,
        V_half=body.V_half,
        delta=DELTA,
        drive=1.0,
        I_c=body.I_c0,
        state0=1.0,
        t_sw=DURATION / 200.0,
    )
    pulses = PulseTrain(slots=2, idle=DURATION, edge=DURATION / 50.0, hold=DURATION)
    devices = (junction,) * size
    deepest = DEPTH * voltage(junction, -pulses.highest_control(junction, FAILURE))
    return SmallChain(devices, pulses, Sensing.for_chain(devices, bearable=deepest, gate=GATE))
