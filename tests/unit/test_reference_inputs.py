"""How the reference solvers refuse bad input: before anything is compiled."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices.macrospin import Macrospin
from spinspice.devices.reference.chain import simulate_chain
from spinspice.devices.reference.macrospin import simulate_macrospin
from spinspice.devices.reference.telegraph import simulate_telegraph, switching_times
from spinspice.devices.telegraph import Telegraph
from spinspice.errors import ParameterError, UsageError

NS = 1e-9


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"duration": 1e-12}, ParameterError, "duration = 1e-12 s is outside .* It must cover one noise step dt"),
        ({"duration": float("nan")}, ParameterError, "duration = nan"),
        ({"duration": 1.0}, ParameterError, r"duration = 1 s is outside .* 2\*\*28"),
        ({"seed": -1}, ParameterError, "seed = -1 is outside"),
        ({"seed": 1.5}, ParameterError, "seed = 1.5 is outside .* or not whole"),
        ({"seed": 2**31}, ParameterError, "seed = 2147483648 is outside"),
        ({"scheme": "hein"}, UsageError, "scheme = 'hein' is unknown. Did you mean heun"),
        ({"noise": "held"}, UsageError, "noise = 'held' is unknown. Did you mean hold"),
        ({"voltage": 0.1, "current": 1e-6}, UsageError, "both voltage and current"),
        ({"voltage": [0.1, 0.2]}, UsageError, "voltage has values for 2 members; the ensemble has 1"),
        ({"voltage": ([0.0, 1.0], [0.1])}, UsageError, "voltage has 2 times and values of shape"),
        ({"voltage": ([1.0, 0.0], [0.1, 0.2])}, UsageError, "times of voltage decrease"),
        ({"current": float("inf")}, UsageError, "current holds NaN or infinity"),
        ({"line_current": (1.0, 2.0, 3.0)}, UsageError, "line_current is a tuple of 3"),
        ({"m0": [0.0, 0.0]}, UsageError, r"m0 has shape \(2,\)"),
        ({"m0": [0.0, 0.0, 0.0]}, UsageError, "m0 holds a vector of no length"),
        ({"samples": np.zeros((5, 3))}, UsageError, "samples has shape .* 200 noise steps need"),
        ({"substeps": 0}, ParameterError, "substeps = 0"),
        ({"decimate": 0}, ParameterError, "decimate = 0"),
    ],
)
def test_macrospin_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        simulate_macrospin(Macrospin(), **{"duration": NS, **arguments})


@pytest.mark.parametrize(
    ("run", "message"),
    [
        (lambda: switching_times(Telegraph(), -1), "count = -1"),
        (lambda: switching_times(Telegraph(), 3, seed=-2), "seed = -2"),
        (lambda: switching_times(Telegraph(), 3, voltage=0.1, current=0.1), "both voltage and current"),
        (
            lambda: switching_times(Telegraph(), 3, voltage=([0.0, 1.0], [0.0, 0.1]), period=2.0),
            "run from 0 to 1; they",
        ),
        (lambda: simulate_telegraph(Telegraph(), -1.0), "duration = -1 s"),
        (lambda: simulate_chain(Telegraph(), 0.0, 10), "dt = 0 s"),
        (lambda: simulate_chain(Telegraph(), 1e-9, 0), "steps = 0"),
        (
            lambda: simulate_chain(Telegraph(), 1e-9, 10, voltage=np.zeros(10)),
            r"shape \(10,\); give a number or \(11,\)",
        ),
    ],
)
def test_telegraph_and_chain_refuse(run, message):
    with pytest.raises(UsageError, match=message):
        run()
