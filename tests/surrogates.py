"""Surrogates made up for tests: a divider and a stage behind it, without a simulator."""

from __future__ import annotations

import numpy as np

from spinspice.devices import Macrospin
from spinspice.devices.laws.resistance import conductance
from spinspice.presets import load_preset
from spinspice.surrogate import Stage, Surrogate
from spinspice.surrogate.ramps import Tables, node_conductance


def made_up(gain: float = 1.0, *, device: Macrospin | None = None, resistance: float = 3e3) -> Surrogate:
    """Return a surrogate: a junction on 0.4 V over a conductance g0 e^(v/v0) to -0.4 V; a stage that clips at 0.4 V."""
    known = device or load_preset("ganguly2018").device
    v, c = np.linspace(-0.4, 0.4, 201), np.linspace(-1.0, 1.0, 9)
    holding = 1.5 / known.R_P * np.exp(v / 0.05)[:, None]
    inner = np.full((v.size, c.size), -0.4)
    for _ in range(200):
        through = conductance(known, inner, c)
        inner = -0.8 * holding / (holding + through)
    level = np.linspace(inner.min(), inner.max(), 4001)
    output = np.clip(gain * (level + 0.4), -0.4, 0.4)
    tables = Tables(
        v=v, c=c, inner=inner, conductance=node_conductance(known, c, inner), power=1e-4 + 0.0 * inner, level=level,
        output=output, resistance=np.full(level.size, resistance),
    )  # fmt: skip
    stage = Stage(
        capacitance=4e-15,
        low=-2.0,
        high=1.0,
        floor=-2.0,
        ceiling=1.0,
        tau_inner=3e-11,
        tau_out=3e-11,
        up=1e11,
        down=1e11,
        tau_bottom=3e-11,
        tau_top=3e-11,
        bottom=-0.4,
        top=0.4,
        tau_loop=0.0,
    )
    return Surrogate(
        cell="made up", technology="none", rails=(-0.4, 0.4), device=known, tables=tables, stage=stage, tilt=1500.0
    )
