"""Surrogates made up for tests: a divider and a stage behind it, without a simulator."""

from __future__ import annotations

import dataclasses

import numpy as np

from spinspice.devices import Macrospin
from spinspice.devices.laws.resistance import conductance
from spinspice.presets import load_preset
from spinspice.surrogate import Branches, Surrogate
from spinspice.surrogate.branches import Pair
from spinspice.surrogate.ramps import Tables

#: Capacitances of the junction's node and of the output [F], current of the output stage over its error [S].
INNER, OUTER, DRIVE = 4e-15, 10e-15, 2e-4


def made_up(gain: float = 1.0, *, device: Macrospin | None = None, resistance: float = 3e3) -> Surrogate:
    """Return a surrogate: a junction on 0.4 V over a conductance g0 e^(v/v0) to -0.4 V; a stage that clips at 0.4 V.

    ``resistance`` is that of the static curves; the stage that moves has DRIVE.
    """
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
        v=v, c=c, inner=inner, power=1e-4 + 0.0 * inner, level=level, output=output,
        resistance=np.full(level.size, resistance),
    )  # fmt: skip
    x = np.linspace(-0.44, 0.44, 97)
    pairs = (
        _pair(0, 1, v[::2], x, {0: lambda a, b: -1.5 / known.R_P * np.exp(a / 0.05) * (b + 0.4)}, {(0, 1): INNER}),
        _pair(1, 2, x, x, {1: lambda a, b: DRIVE * (np.clip(gain * a, -0.4, 0.4) - b)}, {(1, 1): OUTER}),
    )
    nodes = inner + 0.4
    rest = np.array([nodes, np.clip(gain * nodes, -0.4, 0.4)])
    branches = Branches(nodes=("mid", "out"), pairs=pairs, rest=rest, fixed=0.4, sign=1.0, miss=0.0)
    return Surrogate(
        cell="made up", technology="none", rails=(-0.4, 0.4), device=known, tables=tables, branches=branches,
        tilt=1500.0,
    )  # fmt: skip


def scaled(surrogate: Surrogate, factor: float) -> Surrogate:
    """Return a surrogate with capacitances so many times as large."""
    pairs = tuple(dataclasses.replace(pair, charge=factor * pair.charge) for pair in surrogate.branches.pairs)
    return dataclasses.replace(surrogate, branches=dataclasses.replace(surrogate.branches, pairs=pairs))


def _pair(a, b, x, y, currents, charges) -> Pair:
    current, charge = np.zeros((2, x.size, y.size)), np.zeros((2, 2, x.size, y.size))
    for node, law in currents.items():
        current[node] = law(x[:, None], y[None, :])
    for (node, side), value in charges.items():
        charge[node, side] = value
    return Pair(a=a, b=b, x=x, y=y, current=current, charge=charge)
