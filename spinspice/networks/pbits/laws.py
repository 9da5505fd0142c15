r"""What networks of p-bits really sample: Boltzmann's law, and that of thresholds with memory.

A clocked p-bit that draws afresh at each update, or one that flips without memory, samples
:math:`P \propto e^{-I_0 E}` whatever the order of updates (one p-bit at a time). A free-running 1T-1MTJ p-bit compares
its input with a threshold r(t), uniform on (-1, 1) and slow beside transistor and synapse:
:math:`m = \mathrm{sgn}(\tanh I - r)`. At each moment the network then rests in a state that its thresholds allow: a
zero-temperature network in a random
field that changes slowly. That is not Boltzmann's law, however fast the synapse.

For two p-bits coupled by J = 1 (COPY) that law is known in closed form (:func:`copy_unequal`), for larger networks from
following the thresholds (:func:`spinspice.networks.pbits.sampling.sample_memory`).
"""

from __future__ import annotations

import math

from spinspice.errors import UsageError, check_range, did_you_mean


def copy_unequal(I0: float, law: str = "memory") -> float:
    r"""Return the probability that the two p-bits of a COPY gate differ [1].

    ``"boltzmann"``: :math:`(1 - \tanh I_0)/2`. ``"memory"``: :math:`(1 - \tanh I_0)^2/2`, since both thresholds lie
    beyond the reach of the input at once: (r_1, r_2) with r_1 > tanh I_0 and r_2 < -tanh I_0, or the reverse, each of
    the probability :math:`((1 - \tanh I_0)/2)^2`. Where both states of one kind are allowed the two p-bits are equal.
    """
    t = math.tanh(check_range("I0", I0, 0.0, 1e3, where="COPY gate"))
    laws = {"boltzmann": (1.0 - t) / 2.0, "memory": (1.0 - t) ** 2 / 2.0}
    if law not in laws:
        raise UsageError(f"unknown law {law!r}. {did_you_mean(law, laws)}")
    return laws[law]
