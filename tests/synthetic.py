"""A made-up characterisation with every key that results may have: what pictures and reports are tested on."""

from __future__ import annotations

from typing import Any

import numpy as np


def characterization(cell: str = "asn", seed: int = 1) -> dict[str, Any]:
    """Return a result whose numbers are known: V0 50 mV, offset 2 mV, amplitude 0.25 V, tau_c 150 ps."""
    rng = np.random.default_rng(seed)
    vin = np.linspace(-0.15, 0.15, 17)
    std = 0.07 / np.cosh(vin / 0.05)
    mean = 0.25 * np.tanh((vin - 0.002) / 0.05) + 0.003 * rng.normal(size=vin.size)
    time = np.arange(0.0, 5e-9, 2e-11)
    lag = np.arange(0.0, 2e-9, 2e-11)
    return {
        "cell": cell,
        "preset": "ganguly2018",
        "engine": "ngspice",
        "seed": seed,
        "transfer": {
            "vin": vin.tolist(),
            "mean": mean.tolist(),
            "stderr": [0.003] * vin.size,
            "std": std.tolist(),
            "low": (mean - 2 * std).tolist(),
            "high": (mean + 2 * std).tolist(),
        },
        "fit": {"v0": 0.05, "v0_stderr": 0.0004, "offset": 0.002, "r2": 0.9987, "amplitude": 0.25},
        "noise": {"sigma": 0.07, "tau_c": 1.5e-10, "tau_c_stderr": 6e-12},
        "energy": {
            "power": {"mtj": 6.1e-6, "input_stage": 7.3e-6, "buffer": 21e-6},
            "per_decision": 5.2e-15,
            "closure": 1.2e-4,
        },
        "sample": {"time": time.tolist(), "out": (0.1 * rng.normal(size=time.size)).tolist(), "vin": 0.0},
        "autocorrelation": {
            "lag": lag.tolist(),
            "value": np.exp(-lag / 1.5e-10).tolist(),
            "stderr": [0.02] * lag.size,
        },
        "provenance": {"engine": "ngspice 46", "deck": "<abc>", "machine": {"cores": 2}}
        | {"call": {"name": "characterize", "arguments": {"cell": cell, "preset": "ganguly2018", "seed": seed}}},
    }
