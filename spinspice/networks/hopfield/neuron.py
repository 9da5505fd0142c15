r"""The memory with neurons of transistors: columns of conductance pairs, clocked comparators, drivers, feedback.

Column i is the middle of all its conductances, so that its voltage is

.. math:: V_i = V_{read}\, \frac{\sum_j (G^+_{ij} - G^-_{ij})\, x_j}{\sum_j (G^+_{ij} + G^-_{ij})},

of the sign of :math:`\sum_j W_{ij} x_j`: a comparator needs no virtual ground. Its latch *is* the neuron's state; it
switches the line x_i to the upper or the lower read voltage and its inverse the other way round. A clock edge updates
one neuron, so that the energy never rises; a weight of its own of half the smallest sum settles ties in favour of what
is (the diagonal of the matrix is zero). In a first phase all comparators look at the start pattern instead.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.benches.readout import OPTIONS
from spinspice.cells.cell import Probes
from spinspice.cells.comparator import ComparatorSizing, Deciding
from spinspice.cmos import Technology
from spinspice.errors import UsageError, check_range
from spinspice.networks.couplings import Resistor
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl, Waveform
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

#: Read voltage [V], middle conductance [S] and its part that the largest weight takes: our choice.
READ, MIDDLE, PART = 0.2, 1e-5, 0.95
#: Phases of a recall [s]: the pattern is taken, one neuron's update, how long its clock is high, edges.
START, SLOT, HIGH, EDGE = 20e-9, 10e-9, 6e-9, 0.1e-9
#: Widths of line drivers and input switches [m].
DRIVER, INPUT = 20e-6, 2e-6


class MemoryNeuron(Deciding):
    """Comparator with latch, input switches, and the driver of a line and its inverse.

    Ports: column, pattern (what it looks at, ``init`` low and high), init, clk, out (the state), hi, lo (read
    voltages), mid, line, inverse, vdd, vss.
    """

    kind = "memoryneuron"
    blocks = ("timing", "switch", "comparator", "latch", "driver")
    ports = ("column", "pattern", "init", "clk", "out", "hi", "lo", "mid", "line", "inverse", "vdd", "vss")

    def __init__(
        self, technology: Technology | str = "generic", *, vdd: float | None = None, probes: Probes = "none",
        name: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(technology, vdd=vdd, probes=probes, name=name)
        self.comparator_sizing = ComparatorSizing.for_technology(self.technology)
        self._inverter("timing", "u", "init", "run")
        self._gate("c", "column", "inp", "run", "init", INPUT)
        self._gate("p", "pattern", "inp", "init", "run", INPUT)
        self._comparator("strongarm", "inp", "mid")
        self._inverter("driver", "v", "out", "out_b")
        self._inverter("driver", "w", "out_b", "out_d")
        for line, on, off in (("line", "out_d", "out_b"), ("inverse", "out_b", "out_d")):
            self._gate(f"h{line}", "hi", line, on, off, DRIVER)
            self._gate(f"l{line}", "lo", line, off, on, DRIVER)
        self._finish()

    @property
    def rails(self) -> tuple[float, float]:
        """Voltages of vss and vdd [V]."""
        return -self.vdd / 2, self.vdd / 2

    def arguments(self) -> dict[str, Any]:
        return {"technology": self.technology, "vdd": self.vdd, "probes": self.probes, "name": self.name}

    def _gate(self, name: str, one: str, two: str, on: str, off: str, width: float) -> None:
        size = {"w": width, "length": self.technology.l_min}
        self._nmos("switch", f"g{name}n", two, on, one, **size)
        self._pmos("switch", f"g{name}p", two, off, one, **size)


@dataclasses.dataclass(frozen=True)
class MemoryCircuit:
    """A memory with the conductances of a matrix and neurons of transistors.

    Parameters
    ----------
    weights : array, shape (n, n)
        Diagonal zero.
    technology : Technology or str
    """

    weights: NDArray[np.float64]
    technology: Technology | str = "generic"

    def __post_init__(self) -> None:
        n = self.weights.shape
        if len(n) != 2 or n[0] != n[1] or np.any(np.diag(self.weights) != 0.0) or not np.any(self.weights):
            raise UsageError(f"weights of shape {n}: a memory has a square matrix with a zero diagonal, not all zero.")

    @property
    def held(self) -> NDArray[np.float64]:
        """The weights with those of a neuron on itself: half of the smallest."""
        some = np.abs(self.weights[self.weights != 0.0])
        return np.asarray(self.weights + 0.5 * float(some.min()) * np.eye(len(self.weights)))

    def network(self, starts: ArrayLike, sweeps: int) -> Network:
        """Return neurons and conductances as a network that recalls from each of ``starts``, one after the other."""
        rows = np.atleast_2d(np.asarray(starts, dtype=float))
        count = len(self.weights)
        if rows.shape[1] != count or not np.isin(rows, (-1, 1)).all():
            raise UsageError(f"starts of shape {rows.shape} for {count} neurons: rows of -1 and 1.")
        check_range("sweeps", sweeps, 1, 50, where="recall in a circuit")
        neuron = MemoryNeuron(self.technology)
        held = self.held
        scale = PART * MIDDLE / float(np.abs(held).max())
        shared = {port: port for port in ("init", "hi", "lo", "mid")}
        cells = {
            f"n{i}": Placed(neuron, {
                "column": f"c{i}", "pattern": f"p{i}", "clk": f"k{i}", "out": f"o{i}", "line": f"x{i}",
                "inverse": f"y{i}",
                **shared,
            }) for i in range(count)
        }  # fmt: skip
        couplings = {
            f"r{side}{i}_{j}": Resistor(f"{side}{j}", f"c{i}", 1.0 / (MIDDLE + sign * scale * float(held[i, j])))
            for i in range(count) for j in range(count) for side, sign in (("x", 1.0), ("y", -1.0))
        }  # fmt: skip
        half = neuron.vdd / 2
        inputs: dict[str, Any] = {"hi": READ, "lo": -READ, "mid": 0.0}
        inputs |= self._clocks(rows, sweeps, half)
        return Network(cells=cells, couplings=couplings, inputs=inputs, load=0.0, title="associative memory")

    def period(self, sweeps: int) -> float:
        """Time of a recall [s]."""
        return START + sweeps * len(self.weights) * SLOT

    def testbench(self, starts: ArrayLike, sweeps: int = 3) -> Testbench:
        """Return a run; the neurons are updated in their order, ``sweeps`` times."""
        rows = np.atleast_2d(np.asarray(starts))
        network = self.network(rows, sweeps)
        return network.testbench(
            stop=self.period(sweeps) * len(rows),
            step=EDGE,
            max_step=SLOT / 4.0,
            save=(*(f"v(c{i})" for i in range(len(self.weights))), "i(vdd)", "i(vss)", "i(vin_hi)", "i(vin_lo)"),
            options=OPTIONS,
            verilog_a=network.cells["n0"].cell.technology.verilog_a,
        )

    def ends(self, waves: Waveforms, starts: int, sweeps: int = 3) -> NDArray[np.int64]:
        """Return the states after each recall, shape (starts, n)."""
        at = self.period(sweeps) * np.arange(1, starts + 1) - 2 * EDGE
        return np.stack(
            [np.sign(np.interp(at, waves.time, waves[f"v(o{i})"])).astype(np.int64) for i in range(len(self.weights))],
            axis=1,
        )

    def energy(self, waves: Waveforms, starts: int) -> float:
        """Energy from supplies and read voltages of a recall [J]."""
        half = 0.5 * MemoryNeuron(self.technology).vdd
        power = half * (waves["i(vss)"] - waves["i(vdd)"]) + READ * (waves["i(vin_lo)"] - waves["i(vin_hi)"])
        return float(np.trapezoid(power, waves.time)) / starts

    def _clocks(self, rows: NDArray[np.float64], sweeps: int, half: float) -> dict[str, Waveform]:
        """Waveforms of init, patterns and clocks."""
        count, period = len(self.weights), self.period(sweeps)
        begins = period * np.arange(len(rows))
        made: dict[str, Waveform] = {"init": _pulses([(b + 2 * EDGE, b + START - 4 * EDGE) for b in begins], half)}
        for i in range(count):
            slots = [(b + START / 2, b + START / 2 + HIGH) for b in begins]
            slots += [(b + START + (s * count + i) * SLOT + 2e-9, b + START + (s * count + i) * SLOT + 2e-9 + HIGH)
                      for b in begins for s in range(sweeps)]  # fmt: skip
            made[f"k{i}"] = _pulses(sorted(slots), half)
            high = [(b + EDGE, b + START - EDGE) for b, row in zip(begins, rows, strict=True) if row[i] > 0]
            made[f"p{i}"] = _pulses(high, READ)
        return made


def _pulses(spans: Sequence[tuple[float, float]], level: float) -> Pwl:
    """Return a waveform at ``level`` within spans of time, at minus that between them."""
    times, levels = [0.0], [-level]
    for begin, end in spans:
        times += [begin - 0.5 * EDGE, begin + 0.5 * EDGE, end - 0.5 * EDGE, end + 0.5 * EDGE]
        levels += [-level, level, level, -level]
    return Pwl(times, levels)
