"""A network of p-bits as a circuit: cells, synapses, and the state of every p-bit over time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.pbit import PBit
from spinspice.errors import CircuitError
from spinspice.networks.network import Network
from spinspice.networks.pbits.crossbar import crossbar
from spinspice.networks.pbits.ising import Ising
from spinspice.waveforms import Waveforms


@dataclasses.dataclass(frozen=True, kw_only=True)
class PBitNetwork:
    """Free-running p-bits on a crossbar of resistors.

    Parameters
    ----------
    ising : Ising
    cell : PBit
        The cell of every p-bit.
    V0 : float
        Width of its transition [V], as characterised.
    v0 : float or mapping
        Middle of the transition of all p-bits, or of each by name [V].
    I0 : float
    R_node : float
        Resistance of each gate's node [Ohm].
    """

    ising: Ising
    cell: PBit
    V0: float
    v0: float | Mapping[str, float] = 0.0
    I0: float = 1.0
    R_node: float = 2e3

    def network(self) -> Network:
        """Return the network.

        Raises
        ------
        CircuitError
            For weights out of reach, or groups of p-bits that are not coupled.
        """
        groups = self.ising.components
        if len(groups) > 1:
            raise CircuitError(
                f"p-bits {', '.join(groups[0])} are not coupled to {', '.join(groups[1])}. Make two networks of them."
            )
        middle = self.v0 if isinstance(self.v0, Mapping) else dict.fromkeys(self.ising.names, self.v0)
        couplings, trims = crossbar(
            self.ising, I0=self.I0, V0=self.V0, v0=middle, vdd=self.cell.vdd, R_node=self.R_node
        )
        return Network(
            cells=dict.fromkeys(self.ising.names, self.cell),
            couplings=couplings,
            inputs=trims,
            outputs=[f"outb_{name}" for name in self.ising.names],
            title=f"{len(self.ising)} p-bits",
        )

    def rows(self, waveforms: Waveforms, step: float, start: float = 0.0) -> NDArray[np.int64]:
        """Return the state every ``step`` [s] after ``start`` as a number, the first p-bit its highest bit."""
        time = np.arange(start, waveforms.time[-1], step)
        row = np.zeros(time.size, dtype=np.int64)
        for name in self.ising.names:
            out = np.interp(time, waveforms.time, waveforms[f"v(outb_{name})"])
            row = 2 * row + (out > self.cell.middle)
        return row
