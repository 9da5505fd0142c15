"""Mismatch of transistors that are drawn alike, where the models bring none of their own: Pelgrom's area law."""

from __future__ import annotations

import dataclasses
import math


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pelgrom:
    r"""Random differences of threshold and current factor between transistors.

    Of two transistors side by side, the differences of threshold and of relative current factor are normal with

    .. math:: \sigma(\Delta V_T) = A_{VT} / \sqrt{W L}, \qquad \sigma(\Delta\beta / \beta) = A_\beta / \sqrt{W L}

    (M. J. M. Pelgrom, A. C. J. Duinmaijer and A. P. G. Welbers, IEEE J. Solid-State Circuits 24, 1433 (1989)), so each
    one for itself deviates by these over sqrt(2). W and L are as drawn, and devices in parallel count with their whole
    area. Our choice: the two deviations are independent, and the distance of the pair does not enter.

    Parameters
    ----------
    A_VT : float
        Area constant of the threshold [V m]; 1 mV um is 1e-9.
    A_beta : float
        Area constant of the current factor [m]; 1 % um is 1e-8.
    """

    A_VT: float
    A_beta: float

    def sigma_vt(self, w: float, length: float, m: float = 1) -> float:
        """Standard deviation of the threshold of one transistor [V]; sizes in metres."""
        return self.A_VT / math.sqrt(2.0 * w * length * m)

    def sigma_beta(self, w: float, length: float, m: float = 1) -> float:
        """Standard deviation of the logarithm of the current factor of one transistor [1]; sizes in metres."""
        return self.A_beta / math.sqrt(2.0 * w * length * m)

    def parameters(self, z: tuple[float, float], w: float, length: float, m: float = 1) -> dict[str, float]:
        """Return BSIM4's instance parameters for two standard normal numbers.

        ``delvto`` is the shift of the threshold [V]; ``mulu0`` multiplies the mobility, lognormal so that no draw
        turns it negative.
        """
        return {
            "delvto": z[0] * self.sigma_vt(w, length, m),
            "mulu0": math.exp(z[1] * self.sigma_beta(w, length, m)),
        }
