"""The state of junctions in waveforms, and how many independent samples of it a run holds.

An output may fluctuate fast within one state of a junction that never switches: its own correlation then tells nothing
of the other state. Only the junction tells, so every standard error of a run asks it (:mod:`.statistics`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.statistics import FEW_SAMPLES, independent_samples
from spinspice.devices import Device
from spinspice.units import engineering
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: A junction, and the signals of its state with their weights.
Probe = tuple[Device, Mapping[str, float]]


def probe(device: Device, signals: Sequence[str]) -> Probe:
    """Return a junction with those signals that its state needs, of the signals of all its state nodes in order."""
    named = dict(zip(device.state_ports(), signals, strict=True))
    return device, {named[port]: weight for port, weight in device.state_weights.items()}


def state(junction: Probe, waveforms: Waveforms, times: Array) -> Array:
    """State of a junction at ``times`` [s]: m . p of a macrospin, 0 (P) or 1 (AP) of a telegraph junction."""
    terms = [weight * np.interp(times, waveforms.time, waveforms[name]) for name, weight in junction[1].items()]
    total: Array = np.sum(terms, axis=0)
    return total


def independent_of(junctions: Sequence[Probe], waveforms: Waveforms, times: Array) -> float:
    """Number of independent samples that a run holds of its slowest junction, from the states at ``times`` [s]."""
    return min(independent_samples([state(one, waveforms, times)], one[0].state_limits) for one in junctions)


def why_unknown(independent: float, runs: int, length: float) -> str:
    """Return why standard errors of ``runs`` runs of ``length`` [s] are unknown; empty if they are known."""
    if independent >= FEW_SAMPLES:
        return ""
    span = f"{runs} runs of {engineering(length, 's')}" if runs > 1 else engineering(length, "s")
    did = "did not switch" if independent == 0.0 else f"gave {independent:.2g} independent samples only"
    return (
        f"standard error unknown: the junction {did} in {span}, {FEW_SAMPLES:g} independent samples are needed; the "
        "mean is that of the state it was in. Lengthen the runs."
    )
