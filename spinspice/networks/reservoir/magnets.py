"""Other magnets in the same neuron: barriers, sizes and damping, at the junction's resistance as it is.

Tables of a surrogate are of frozen junctions, so they hold for any free layer; what moves the layer is the junction's
own model (:mod:`spinspice.surrogate`). How much a neuron's noise weighs where it is averaged is the density S of
:class:`~.averaged.Slow`: variance times correlation time.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from spinspice.devices.base import Device
from spinspice.errors import ParameterError, check_range
from spinspice.networks.reservoir.averaged import BLOCK, BLOCKS, LEAST_STEP, Slow
from spinspice.surrogate import Surrogate

#: What of a junction the tables of a surrogate hold: its resistance at every angle and bias.
RESISTANCE = ("R_P", "TMR", "V_half", "pol", "px", "py", "pz")
#: Step of barriers' noise [s], that of runs in circuits; longest time of a block over the usual one. Our choices.
STEP, LONGEST = 20e-12, 20.0


def with_magnet(surrogate: Surrogate, device: Device) -> Surrogate:
    """Return the surrogate of the same cell around another free layer.

    Raises
    ------
    ParameterError
        For a junction of another resistance: it wants tables of its own.
    """
    for name in RESISTANCE:
        old, new = float(getattr(surrogate.device, name)), getattr(device, name, None)
        if new is None or not math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-300):
            raise ParameterError(
                f"{name} = {new} in place of {old}: tables hold for the resistance that they were measured with. "
                "Extract a surrogate of that cell."
            )
    changed: Any = device
    return dataclasses.replace(surrogate, device=changed, known_moments=None)


def barrier(device: Any, delta: float) -> Any:
    """Return a junction with a barrier of delta kT along its reference layer, stepped as runs in circuits are."""
    check_range("delta", delta, 0.0, 12.0, unit="kT", where="barrier", hint="Above, it hardly turns in a run")
    return device.replace(dt=STEP, max_step=STEP).with_delta(delta)


def noise_of(surrogate: Surrogate, delta: float = 0.0, *, seed: int = 1, blocks: int = BLOCKS) -> Slow:
    """Return mean and density of noise of a neuron whose magnet has a barrier of delta kT.

    Blocks over which outputs are averaged, and least steps, grow with exp(delta), to twenty times; there are ``blocks``
    of them without a barrier, 100 at least with one.
    """
    slower = min(math.exp(delta), LONGEST)
    device = surrogate.device
    if not delta:
        return Slow.of(surrogate, seed=seed, blocks=blocks)
    return Slow.of(
        with_magnet(surrogate, barrier(device, delta)), seed=seed, magnet="reference", block=BLOCK * slower,
        blocks=max(100, int(blocks / slower)), least=LEAST_STEP * slower,
    )  # fmt: skip
