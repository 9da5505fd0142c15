"""What designs need to know of a technology beside its transistors: the constants of every circuit, in one record.

They are known without the technology's models (a foundry's Python package need not be installed).
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Traits:
    """Constants of a technology, all our choice, measured by simulation.

    Parameters
    ----------
    decision_time : float
        Time that the clock of a comparator is high [s]: about twice its decision time at a mV
        (``spinspice characterize comparator``). Default: that of the slowest technology here.
    access_ratio : float
        Width of the access transistor of a memory cell over the one that carries the write current with gate and drain
        at half the supply: such that a write of AP starts somewhat above the wanted overdrive. Default: wide.
    feature_size : float, optional
        Feature size of the process [m], from which CMOS is carried to other nodes; None: unknown.
    noise_period : float, optional
        Clock period of a comparator whose noise is measured [s], four decision times at 0.1 mV and more; None: its
        cards are none that an engine with noise in a transient takes.
    """

    decision_time: float = 4e-9
    access_ratio: float = 1.4
    feature_size: float | None = None
    noise_period: float | None = None


#: Those of a technology that says nothing.
DEFAULT = Traits()
