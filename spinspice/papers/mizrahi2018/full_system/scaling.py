r"""Energy and area carried from one CMOS node to another.

Factors of A. Stillmaker and B. Baas, Integration 58, 74 (2017), fitted there to circuit simulations of predictive
transistor models: areas relative to 130 nm, and energies of an operation as polynomials in the supply,
:math:`E \propto a_2 V^2 + a_1 V + a_0`. Our choice is the rest: nodes in between by straight lines between the
logarithms; supplies above 1.3 V, which the fits do not cover, by :math:`V^2`.
"""

from __future__ import annotations

import numpy as np

from spinspice.errors import check_range

#: The paper's node [m], and a usual supply of low-power processes there [V] (our choice: the paper names none).
NODE, VDD = 28e-9, 1.0
#: Node [m] -> area relative to 130 nm.
AREA = {130e-9: 1.0, 90e-9: 0.44, 65e-9: 0.23, 45e-9: 0.16, 32e-9: 0.072, 20e-9: 0.033}
#: Node [m] -> a_2, a_1, a_0 of the energy (supply in volts).
ENERGY = {
    130e-9: (7.171, -6.709, 2.904),
    90e-9: (4.762, -4.781, 2.092),
    65e-9: (3.755, -4.398, 1.975),
    45e-9: (1.103, -0.362, 0.2767),
    32e-9: (0.9559, -0.7823, 0.471),
    20e-9: (0.373, -0.1582, 0.04104),
}
#: Highest supply of the fits [V].
HIGHEST = 1.3


def area_factor(node: float, to: float = NODE) -> float:
    """Return by what an area changes from one node [m] to another.

    >>> round(area_factor(130e-9, 32e-9), 3), round(area_factor(130e-9), 4)
    (0.072, 0.0577)
    """
    return _between(AREA, to) / _between(AREA, node)


def energy_factor(node: float, vdd: float, to: float = NODE, to_vdd: float = VDD) -> float:
    """Return by what the energy of an operation changes from a node [m] at ``vdd`` [V] to another.

    >>> round(energy_factor(130e-9, 1.8), 3)
    0.041
    """
    return _energy(to, to_vdd) / _energy(node, vdd)


def _energy(node: float, vdd: float) -> float:
    check_range("vdd", vdd, 0.5, 3.3, unit="V", where="supply between which energies are scaled")
    inside = min(vdd, HIGHEST)
    at = {n: a2 * inside**2 + a1 * inside + a0 for n, (a2, a1, a0) in ENERGY.items()}
    return _between(at, node) * (vdd / inside) ** 2


def _between(table: dict[float, float], node: float) -> float:
    """Interpolate between the logarithms."""
    nodes = sorted(table)
    check_range("node", node, nodes[0], nodes[-1], unit="m", where="CMOS node; the table ends there")
    return float(np.exp(np.interp(np.log(node), np.log(nodes), np.log([table[n] for n in nodes]))))
