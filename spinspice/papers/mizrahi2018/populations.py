"""Populations of the paper: its nine measured junctions, junctions drawn with their spread, scaled ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from spinspice.devices.noise import instance_seed, normal, uniform
from spinspice.errors import check_range
from spinspice.networks.population.population import Population, tiled_centres
from spinspice.presets import load_preset
from spinspice.presets.mizrahi2018 import DELTA, I_C

#: Barrier [k_B T] of the drawn population: middle and full span of a uniform law (Methods, 'Choice of the parameters';
#: the printed "0.35 %" is half the span over the middle, 35 %).
DELTA_MEAN, DELTA_SPAN = 13.78, 9.65
#: Critical voltage [V] of the drawn population: mean and standard deviation of a normal law (same place; "0.26 %" is
#: 26 %), and the floor that keeps its lower tail from zero (our choice: three standard deviations down).
V_C_MEAN, V_C_DEVIATION, V_C_FLOOR = 0.142, 0.037, 0.03


def published(low: float = -300e-6, high: float = 300e-6, squeeze: float | None = None) -> Population:
    """Return the nine measured junctions of Fig. 2, driven by current, with centres from ``low`` to ``high`` [A].

    The centres are tiled. With ``squeeze`` they are evenly spaced over that part of the range instead: curves that
    overlap densely, a variant of ours.
    """
    nominal: Any = load_preset("mizrahi2018-1").device
    delta, critical = np.array(DELTA), np.array(I_C)
    centres = tiled_centres(2.0 * np.arccosh(2.0) * critical / delta, low, high)
    if squeeze is not None:
        check_range("squeeze", squeeze, 0.0, 1.0, where="part of the range that the centres take", open_low=True)
        centres = np.linspace(squeeze * low, squeeze * high, delta.size)
    return Population(nominal=nominal, delta=delta, critical=critical, centres=centres)


def drawn(
    size: int,
    seed: int,
    low: float = -0.15,
    high: float = 0.15,
    *,
    delta_spread: float = 0.5 * DELTA_SPAN / DELTA_MEAN,
    critical_spread: float = V_C_DEVIATION / V_C_MEAN,
) -> Population:
    """Return ``size`` voltage-driven junctions with the experimental spread, evenly spaced from ``low`` to ``high``.

    Parameters
    ----------
    size : int
        Number of junctions.
    seed : int
        Seed of the draw.
    low, high : float
        Centres of the outermost junctions [V].
    delta_spread : float
        Half the span of the uniform law of the barriers over its mean, 13.78 k_B T.
    critical_spread : float
        Standard deviation of the normal law of the critical voltages over its mean, 0.142 V; floored at 0.03 V.
    """
    check_range("size", size, 1, 2**20, where="junctions of a population")
    check_range("delta_spread", delta_spread, 0.0, 0.99, where="spread of the barriers over their mean")
    check_range("critical_spread", critical_spread, 0.0, 10.0, where="spread of the critical voltages over their mean")
    index = np.arange(int(size))
    between = 2.0 * uniform(instance_seed(seed, "delta"), 0, index) - 1.0
    critical = V_C_MEAN * (1.0 + critical_spread * normal(instance_seed(seed, "critical"), 0, index))
    base: Any = load_preset("mizrahi2018-fig1").device
    return Population(
        nominal=base.replace(drive=0.0, delta=DELTA_MEAN, V_c=V_C_MEAN),
        delta=DELTA_MEAN * (1.0 + delta_spread * between),
        critical=np.maximum(critical, V_C_FLOOR),
        centres=np.linspace(low, high, int(size)),
    )


def scaled(size: int = 100, low: float = -0.1, high: float = 0.1) -> Population:
    """Return ``size`` equal scaled junctions (6 k_B T, 0.1 V), evenly spaced from ``low`` to ``high`` [V]."""
    check_range("size", size, 1, 2**20, where="junctions of a population")
    nominal: Any = load_preset("mizrahi2018-scaled").device
    same = np.ones(int(size))
    return Population(
        nominal=nominal,
        delta=nominal.delta * same,
        critical=nominal.V_c * same,
        centres=np.linspace(low, high, int(size)),
    )
