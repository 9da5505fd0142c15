"""Chain of switching junctions in series, each with a control current of its own (Lopez et al. 2024, Fig. 1a).

Source 1 feeds the top of the chain, source i the node between the junctions i - 1 and i; the last junction ends on the
common node. With I_dc1 = I_C1 + I_in and I_dci = I_Ci - I_C(i-1) the current through junction i is I_Ci + I_in.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.metering import Metered, Pin
from spinspice.cells.sizing import check_two_terminals
from spinspice.devices.base import Device
from spinspice.devices.laws.resistance import conductance, state_voltage
from spinspice.errors import CircuitError, ParameterError

#: Most junctions of a chain.
MOST_JUNCTIONS = 64
#: Part of the breakdown voltage from which on a junction is warned of [1]: our choice.
WARNING_LEVEL = 0.9


class JunctionChain(Metered):
    """N junctions in series, free layers towards the top, with a zero-volt ammeter in each.

        I_dc1 --> n1 --+
                     [mtj1]    vm1: I_C1 + I_in
        I_dc2 --> n2 --+
                     [mtj2]    vm2: I_C2 + I_in
                       :
        I_dcN --> nN --+
                     [mtjN]
        common --------+

    Ports: n1 ... nN, the upper ends of the junctions, where sources feed in and voltmeters sense, and ``common``, the
    lower end of the last. Positive current flows down the chain and favours the parallel states. Subcircuit parameters:
    ``seed1`` ... ``seedN``. Ammeters: ``vm1`` ... ``vmN``. The junctions are X ``mtj1`` ... inside the cell.

    Parameters
    ----------
    devices : sequence of Device
        Two-terminal junctions, from the top, 1 to 64.
    name : str
        Name of the subcircuit.

    Raises
    ------
    CircuitError
        For a device that is no two-terminal junction, or a number of junctions out of range.
    """

    def __init__(self, devices: Sequence[Device], name: str = "chain") -> None:
        if not 1 <= len(devices) <= MOST_JUNCTIONS:
            raise CircuitError(f"a chain of {len(devices)} junctions; it has 1 to {MOST_JUNCTIONS}.")
        for device in devices:
            check_two_terminals(device)
        self.devices = tuple(devices)
        self.taps = tuple(f"n{i}" for i in range(1, len(devices) + 1))
        self.ports = (*self.taps, "common")
        super().__init__(name, *self.ports, **{f"seed{i}": i for i in range(1, len(devices) + 1)})
        self.pins = []
        ends = [*self.taps, "common"]
        for i, device in enumerate(devices, start=1):
            self.V(f"m{i}", ends[i - 1], f"f{i}", 0)
            block, name = "junctions", f"mtj{i}"
            self.pins += [Pin(block, name, ends[i - 1], f"vm{i}"), Pin(block, name, ends[i], f"vm{i}", -1.0)]
            states = [f"{port}{i}" for port in device.state_ports()]
            device.add_to(self, f"mtj{i}", f"f{i}", ends[i], *states, seed=f"{{seed{i}}}")

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return len(self.devices)

    def current_signals(self, instance: str = "x1") -> tuple[str, ...]:
        """Signals of the currents through the junctions, ``i(v.x1.vm1)`` ..."""
        return tuple(self.current_signal(ammeter, instance) for ammeter in self.ammeters)

    def tap_signals(self) -> tuple[str, ...]:
        """Signals of the taps, ``v(n1)`` ..., when the outer nodes carry the names of the ports."""
        return tuple(f"v({tap})" for tap in self.taps)


def source_currents(controls: ArrayLike, current: float = 0.0) -> NDArray[np.float64]:
    """Currents of the N sources [A] for control currents ``controls`` [A], shape (N,), and the input ``current`` [A].

    >>> (source_currents([-460e-6, -380e-6, -560e-6], 500e-6) * 1e6).round(6).tolist()
    [40.0, 80.0, -180.0]
    """
    controls = np.asarray(controls, dtype=float)
    feeds = np.diff(controls, prepend=0.0)
    feeds[0] += current
    return feeds


def check_breakdown(devices: Sequence[Device], currents: ArrayLike, limit: float) -> NDArray[np.float64]:
    """Return the largest voltages [V] of antiparallel junctions at ``currents`` [A] through each, shape (N,).

    Above :data:`WARNING_LEVEL` of the limit it warns: a barrier ages there long before it breaks.

    Raises
    ------
    ParameterError
        If one exceeds ``limit`` [V], the breakdown voltage of the barrier; says which, at what current, and what is
        allowed.
    """
    amperes = np.abs(np.asarray(currents, dtype=float))
    volts = np.array([float(state_voltage(d, i, False)) for d, i in zip(devices, amperes, strict=True)])
    worst = int(np.argmax(volts))
    if not volts[worst] <= limit:
        allowed = limit * float(conductance(devices[worst], limit, -1.0))
        raise ParameterError(
            f"{volts[worst]:.3g} V across junction {worst + 1} at {np.asarray(currents)[worst] * 1e6:.4g} uA is above "
            f"the breakdown voltage of {limit:g} V. Keep |I_C + I_in| of this junction below {allowed * 1e6:.4g} uA, "
            "or use pulses so short that the barrier bears more and say so with breakdown=..."
        )
    if volts[worst] > WARNING_LEVEL * limit:
        warnings.warn(
            f"{volts[worst]:.3g} V across junction {worst + 1} at {np.asarray(currents)[worst] * 1e6:.4g} uA is within "
            f"{100.0 * (1.0 - WARNING_LEVEL):.0f} % of its breakdown voltage of {limit:g} V.",
            stacklevel=3,
        )
    return volts
