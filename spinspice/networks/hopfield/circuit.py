r"""The memory as a circuit: pairs of junctions, columns into virtual ground, clocked decisions.

Weight W_ij is the difference of two conductances, :math:`G^\pm = \bar G \pm g W_{ij}`, to the line x_j (volts +-V) and
to its inverse. Column i is held at virtual ground by a transimpedance stage, so that its current is
:math:`2 g V \sum_j W_{ij} x_j`. The stage and the inverses are ideal gains here
(:class:`spinspice.networks.couplings.Gain`); neurons are updated one at a time by the caller, who reads the columns.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.engines import Engine
from spinspice.errors import UsageError, check_range
from spinspice.pyspice import Circuit
from spinspice.testbench import Testbench

#: Conductance of a junction in the middle of its range [S], read voltage [V], gain of the stage and feedback [Ohm].
MIDDLE, READ, GAIN, FEEDBACK = 1e-5, 0.05, 1e5, 1e5


@dataclasses.dataclass(frozen=True)
class ColumnCircuit:
    """Junction pairs with the conductances of a matrix.

    Parameters
    ----------
    weights : array, shape (n, n)
    scale : float
        Conductance of a weight of 1 [S]; no junction may come out negative.
    """

    weights: NDArray[np.float64]
    scale: float = MIDDLE

    def __post_init__(self) -> None:
        n = self.weights.shape
        if len(n) != 2 or n[0] != n[1]:
            raise UsageError(f"weights of shape {n}: a memory has a square matrix.")
        largest = float(np.abs(self.weights).max()) * self.scale
        check_range("scale", largest, 0.0, MIDDLE, unit="S", open_low=True,
                    where="largest weight of a memory as a conductance, beside the middle one")  # fmt: skip

    def testbench(self, states: ArrayLike) -> Testbench:
        """Return a run that shows ``states``, shape (k, n), one after the other."""
        from spinspice.stimuli import Staircase

        rows = np.atleast_2d(np.asarray(states, dtype=float))
        every = 1e-6
        circuit = Circuit("columns of an associative memory")
        count = self.weights.shape[0]
        for j in range(count):
            wave = Staircase.even([READ * x for x in rows[:, j]], every, 1e-8)
            circuit.V(f"x{j}", f"x{j}", circuit.gnd, wave.text())
            circuit.VCVS(f"n{j}", f"n{j}", circuit.gnd, circuit.gnd, f"x{j}", voltage_gain=1.0)
        for i in range(count):
            circuit.VCVS(f"o{i}", f"o{i}", circuit.gnd, circuit.gnd, f"c{i}", voltage_gain=GAIN)
            circuit.R(f"f{i}", f"c{i}", f"o{i}", FEEDBACK)
            circuit.C(f"f{i}", f"c{i}", f"o{i}", 1e-14)
            for j in range(count):
                if i == j:
                    continue
                for side, sign in (("x", 1.0), ("n", -1.0)):
                    conductance = MIDDLE + sign * self.scale * float(self.weights[i, j])
                    circuit.R(f"{side}{i}_{j}", f"{side}{j}", f"c{i}", 1.0 / max(conductance, 1e-12))
        return Testbench.from_pyspice(
            circuit,
            stop=every * len(rows),
            step=every / 50.0,
            save=tuple(f"v(o{i})" for i in range(count)),
            title="columns of an associative memory",
        )

    def sums(self, states: ArrayLike, engine: Engine) -> NDArray[np.float64]:
        """Return W x for each state as the circuit has it, shape (k, n)."""
        rows = np.atleast_2d(np.asarray(states, dtype=float))
        waves = engine.run(self.testbench(rows))
        at = 1e-6 * (np.arange(len(rows)) + 0.9)
        volts = np.stack([np.interp(at, waves.time, waves[f"v(o{i})"]) for i in range(rows.shape[1])], axis=1)
        return np.asarray(-volts / (2.0 * self.scale * READ * FEEDBACK))

    def recall(self, start: ArrayLike, engine: Engine, sweeps: int = 5) -> tuple[NDArray[np.int64], int]:
        """Return where the circuit's sums lead, one neuron at a time, and the runs that it took."""
        x = np.array(start, dtype=np.int64)
        runs = 0
        for _ in range(sweeps):
            moved = False
            for i in range(x.size):
                total = float(self.sums(x, engine)[0, i])
                runs += 1
                wanted = x[i] if abs(total) < 1e-3 else int(np.sign(total))
                moved |= wanted != x[i]
                x[i] = wanted
            if not moved:
                break
        return x, runs
