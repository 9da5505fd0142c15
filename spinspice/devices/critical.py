"""Critical currents of a macrospin: where the torque of the current undoes the damping about a state that stands still.

Linearised about a direction m along the reference layer p, the trace of the equation of motion is
-gamma (alpha (h1 + h2) + 2 a_J p.m) / (1 + alpha^2): the damping-like torque a_J works against the damping. A
field-like torque is a field along p and changes both curvatures h by its projection, hence the factor
1 + alpha field_like.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.constants import e, hbar
from spinspice.devices.landscape import Point, landscape
from spinspice.errors import ParameterError

#: Largest angle between states and reference layer [rad] (its sine): the law is off by half its square.
_TILT = 0.02


def critical_currents(device: Any) -> tuple[float, float]:
    """Return the critical currents out of P and out of AP [A]; see ``Macrospin.critical_currents``."""
    states = landscape(device).minima
    p = np.array([device.px, device.py, device.pz])
    if landscape(device).saddle is None:
        raise _no_law(device, "it has no two states with a barrier between them")
    if any(float(np.linalg.norm(np.cross(state.m, p))) > _TILT for state in states):
        raise _no_law(device, "its states stand at an angle to the reference layer and turn with the current")
    if device.vcma != 0.0:
        raise _no_law(device, "its anisotropy changes with the voltage (vcma)")
    if device.pol == 0.0:
        raise _no_law(device, "its current is not polarised (pol = 0)")
    P, AP = sorted(states, key=lambda state: -float(state.m @ p))
    return -_current(device, P), _current(device, AP)


def _current(device: Any, state: Point) -> float:
    """Return the magnitude of the critical current of a state [A]."""
    ratio = device.field_like
    torque = device.alpha * sum(state.curvatures) / 2.0 / (1.0 + device.alpha * ratio)
    low, high = (h - ratio * torque for h in state.curvatures)
    if low * high + torque**2 <= 0.0:
        raise _no_law(device, "its field-like torque tips the state over before precession grows")
    moment = device.Ms * device.area * device.t_free
    return float(2.0 * e / hbar * moment / device.pol * torque)


def _no_law(device: Any, why: str) -> ParameterError:
    return ParameterError(
        f"this {type(device).__name__} has no critical current in closed form: {why}. Ramp a current in "
        "spinspice.devices.reference.macrospin.simulate_macrospin with T = 0 to see when it switches."
    )
