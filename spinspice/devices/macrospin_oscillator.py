r"""Macrospin oscillator: a perpendicular polariser turns the free layer in its plane, an in-plane analyser sees it.

Along z torque and damping balance where :math:`B_z(m_z) = -a_J / \alpha`, so at any damping

.. math:: f = \gamma |a_J| / 2\pi\alpha, \qquad a_J = \hbar P I / (2 e M_s V)

exact without noise. A reference layer that is polariser and analyser at once, in the plane, under a field along z does
no work on the free layer over a turn and makes no such oscillator.
"""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

from spinspice.constants import e, gamma, hbar
from spinspice.devices.base import parameter
from spinspice.devices.macrospin import Macrospin


@dataclasses.dataclass(frozen=True, kw_only=True)
class MacrospinOscillator(Macrospin):
    """Macrospin junction with polariser p and analyser r of their own. Ports: free, ref, mx, my, mz.

    With ``pz=1, px=0`` and the analyser along x a current makes the magnetisation turn, and the resistance oscillate.

    Examples
    --------
    >>> disk = MacrospinOscillator(px=0.0, pz=1.0, Ms=8e5, area=7.854e-15, alpha=0.02)
    >>> f"{disk.frequency(2e-4) / 1e9:.4f} GHz"
    '4.4037 GHz'
    """

    model: ClassVar[str] = "stno_macrospin"
    realisations: ClassVar[tuple[str, ...]] = ("verilog-a", "b-source")
    validity: ClassVar[tuple[str, ...]] = (
        *Macrospin.validity,
        "the carrier is in the states: the trapezoidal rule shifts it by (2 pi f max_step)^2 / 12",
    )

    rx: float = parameter(1.0, "1", "direction of the analyser, x", low=-1.0, high=1.0)
    ry: float = parameter(0.0, "1", "direction of the analyser, y", low=-1.0, high=1.0)
    rz: float = parameter(0.0, "1", "direction of the analyser, z", low=-1.0, high=1.0)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_unit_vector(["rx", "ry", "rz"], "analyser")

    @property
    def state_weights(self) -> dict[str, float]:
        """Weights of the magnetisation in m . r."""
        weights = {"mx": self.rx, "my": self.ry, "mz": self.rz}
        return {node: weight for node, weight in weights.items() if weight != 0.0}

    def frequency(self, current: float) -> float:
        """Return the frequency of turning at a current [A] for a polariser along z, at T = 0 [Hz]."""
        torque = hbar * self.pol * current / (2.0 * e * self.moment)
        return gamma * abs(torque * self.pz) / (2.0 * math.pi * self.alpha)
