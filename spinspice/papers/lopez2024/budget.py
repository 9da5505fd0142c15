r"""Energy of one applied input by the circuit's own arithmetic, against the paper's (1 + 0.2 N) pJ (Sec. IV).

N junctions in series carry the input pulse, so the source that drives it needs a supply of N times the voltage of a
junction plus its own headroom, and takes :math:`V_{DD} I t` whatever the junctions dissipate. A learning pulse runs
through one junction only. Readout and look-up table are published figures of other circuits.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from spinspice.errors import check_range

#: Energy to read a junction: a change of 50 mV, and the lower published figure; of a look-up table [J] (Sec. IV).
READ, READ_LOW, TABLE = 200e-15, 70e-15, 10e-15
#: The paper's sum: an input pulse, and a learning pulse for each junction [J]; a learning pulse is at most this share
#: of the amplitude of an input pulse.
PULSE_PAPER, LEARN_PAPER, SHARE = 1e-12, 0.2e-12, 0.2


@dataclasses.dataclass(frozen=True)
class Budget:
    """Energy of one applied input [J].

    Parameters
    ----------
    input, learning : float
        Taken from the supplies by the input pulse and by the N learning pulses.
    junctions : float
        Dissipated in the junctions by the input pulse: part of ``input``.
    read, table : float
        Readout of N junctions and look-up table.
    """

    input: float
    learning: float
    junctions: float
    read: float
    table: float

    @property
    def total(self) -> float:
        """All of it, without a pulse that resets."""
        return self.input + self.learning + self.read + self.table


def paper_energy(size: int) -> float:
    """Return the paper's estimate for N junctions, (1 + 0.2 N) pJ [J].

    >>> f"{paper_energy(3) * 1e12:.1f} pJ"
    '1.6 pJ'
    """
    return PULSE_PAPER + LEARN_PAPER * size


def voltage(device: Any, current: float) -> float:
    """Voltage [V] of an antiparallel junction (R_P, TMR, V_half) at ``current`` [A]."""
    from spinspice.devices.laws.resistance import state_voltage

    return float(state_voltage(device, np.array(current), False))


def energy_per_input(
    device: Any, size: int, *, current: float, duration: float, headroom: float = 0.3, read: float = READ_LOW
) -> Budget:
    """Add up the energy of one applied input: an upper bound, with all junctions antiparallel to the end of the pulse.

    Parameters
    ----------
    device : Macrospin or Telegraph
        With R_P, TMR and V_half.
    size : int
        Junctions N.
    current, duration : float
        Of the input pulse [A], [s].
    headroom : float
        Voltage of a current source [V].
    read : float
        Energy to read one junction [J].
    """
    check_range("size", size, 1, 1000, where="junctions of a chain")
    check_range("current", current, 0.0, 1.0, unit="A", where="input pulse", open_low=True)
    check_range("duration", duration, 0.0, 1.0, unit="s", where="input pulse", open_low=True)
    single = voltage(device, current)
    return Budget(
        input=(size * single + headroom) * current * duration,
        learning=size * (single + headroom) * SHARE * current * duration,
        junctions=size * single * current * duration,
        read=size * read,
        table=TABLE,
    )
