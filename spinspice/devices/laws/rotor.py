"""A free layer that turns freely in its plane, as two numbers: how fast it turns, and how long it keeps doing so."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Self

from spinspice.constants import gamma, k_B, mu_0
from spinspice.errors import ParameterError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Magnet:
    r"""A free layer that turns in its plane.

    Parameters
    ----------
    sigma : float
        Standard deviation of the rate at which it turns [rad/s].
    tau : float
        Time in which that rate is forgotten [s].
    pull : float
        b: twice the mean of the component along the reference layer, where it is small [1].
    """

    sigma: float
    tau: float
    pull: float = 0.0

    @classmethod
    def of(cls, device: Any, pull: float = 0.0) -> Self:
        r"""Return that of a macrospin without in-plane anisotropy.

        :math:`\omega = \gamma B_d m_z` with :math:`B_d = \mu_0 M_s (N_z - N_x)`; equipartition gives
        :math:`\langle m_z^2\rangle = k_B T/(M_s V B_d)`, damping :math:`\tau = (1 + \alpha^2)/(\alpha\gamma B_d)`
        (theory page).

        Raises
        ------
        ParameterError
            For a junction that is no macrospin, or one whose layer does not lie in its plane or does not turn freely.
        """
        for name in ("Ms", "area", "t_free", "alpha", "Nz", "Nx", "T"):
            if not hasattr(device, name):
                raise ParameterError(f"a {type(device).__name__} has no {name}: only a Macrospin turns freely.")
        B_d = mu_0 * device.Ms * (device.Nz - device.Nx)
        thermal = k_B * device.T / (device.Ms * device.area * device.t_free)  # [T]
        if B_d < 20.0 * thermal or abs(device.B_k) > thermal:
            raise ParameterError(
                f"the layer has a demagnetising field of {B_d:.3g} T and an anisotropy field of {device.B_k:.3g} T, "
                f"thermal field {thermal:.3g} T: it does not turn freely in its plane. Take a low-barrier disk."
            )
        rate = gamma * B_d
        return cls(
            sigma=rate * math.sqrt(thermal / B_d),
            tau=(1.0 + device.alpha**2) / (device.alpha * rate),
            pull=pull,
        )
