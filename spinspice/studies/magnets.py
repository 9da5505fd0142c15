"""Study of dipole-coupled two-state magnets: correlations and ground state against Boltzmann's law."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import TelegraphField
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.networks.arrays import SHAPES, ground_states, perpendicular_couplings
from spinspice.networks.dipoles import ising_correlations, ising_network
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import repeats
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms

#: Attempts a switch [1/s] and switching time of the magnets [s]: they set the scale of time and nothing else.
RATE, SWITCH = 1e9, 1e-11
#: Blocks of each run, whose means give the standard errors.
BLOCKS = 10


@dataclasses.dataclass(frozen=True, kw_only=True)
class MagnetsResult(StudyResult):
    """States of an array.

    Parameters
    ----------
    coupling : array, shape (n, n)
        J [kT].
    seen : array, shape (blocks, 2^n)
        Part of the time in each state, in the order of ``states``.
    law : array, shape (2^n,)
        By Boltzmann.
    states : tuple of str
        As ``"+-+"``.
    """

    coupling: NDArray[np.float64]
    seen: NDArray[np.float64]
    law: NDArray[np.float64]
    states: tuple[str, ...]
    show = "spinspice.show.magnets"

    @property
    def spins(self) -> NDArray[np.float64]:
        """States as +1 and -1, shape (2^n, n)."""
        return np.array([[1.0 if c == "+" else -1.0 for c in state] for state in self.states])

    def of(self, values: NDArray[np.float64]) -> tuple[float, float, float]:
        """Return mean, standard error and law of a number that each state has."""
        found = self.seen @ values
        return (
            float(found.mean()), float(found.std(ddof=1) / math.sqrt(found.size)), float(self.law @ values)
        )  # fmt: skip

    @property
    def neighbour(self) -> tuple[float, float, float]:
        """<s0 s1>, its standard error, the law."""
        return self.of(self.spins[:, 0] * self.spins[:, 1])

    @property
    def ground(self) -> tuple[float, float, float]:
        """Part of the time in a ground state, its standard error, the law."""
        lowest = ground_states(self.coupling)[1]
        return self.of(np.array([float((lowest == s).all(axis=1).any()) for s in self.spins]))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"seen": ("state", self.seen.mean(axis=0), "1"), "law": ("state", self.law, "1")}


class MagnetsStudy(Study):
    """Watch an array of perpendicular two-state magnets."""

    name = "magnets"
    title = "dipole-coupled two-state magnets: correlations and ground state against Boltzmann's law"
    parameters = (
        Parameter(
            name="shape", meaning="of the array", default="square", kind="text", choices=tuple(SHAPES),
        ),
        Parameter(
            name="u", meaning="energy of two neighbours over k T", default=1.0, unit="1", low=1e-3, high=10.0,
        ),
        Parameter(
            name="barrier", meaning="of one magnet over k T", default=4.0, unit="1", low=0.5, high=60.0,
        ),
        Parameter(
            name="stays", meaning="mean stays of a lone magnet in a run", default=600, kind="whole", low=100,
            high=10**6, varied=False,
        ),
        repeats("runs with fresh noise", 2, 1),
    )  # fmt: skip
    quantities: ClassVar = {"neighbour": "1", "exact_neighbour": "1", "ground": "1", "exact_ground": "1"}
    exact = ("exact_neighbour", "exact_ground")
    short: ClassVar = {"shape": "pair", "stays": 100, "repeats": 1}

    def steps(self, point: Point) -> Steps:
        J = perpendicular_couplings(SHAPES[point["shape"]], point["u"])
        device = TelegraphField(delta=point["barrier"], B_k=0.1, phi0=RATE, t_sw=SWITCH)
        network = ising_network(device, J)
        stop = point["stays"] / RATE * math.exp(device.barrier)
        n = len(J)
        jobs = [
            network.testbench(stop=stop, seed=point.stream(f"run {k}"), step=stop / 6000)
            for k in range(point["repeats"])
        ]
        grid = np.linspace(0.02 * stop, stop, BLOCKS * 4000)

        def parts(waves: Waveforms) -> list[list[float]]:
            down = [np.interp(grid, waves.time, waves[f"v(state_s{i})"]) > 0.5 for i in range(n)]
            index = sum(d.astype(int) << (n - 1 - i) for i, d in enumerate(down))
            counts = [np.bincount(block, minlength=2**n) for block in np.split(index, BLOCKS)]
            return [(c / c.sum()).tolist() for c in counts]

        found = yield Batch("runs", jobs, parts)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        _, law = ising_correlations(J)
        seen = np.array(found).reshape(-1, 2**n)
        if not seen.size:
            raise ResultError("no run of the array was kept.")
        names = ("shape", "u", "barrier", "stays")
        return MagnetsResult(
            cell="magnets", engine=point.engine.name, seed=point.seed,
            settings={k: point[k] for k in names} | {"model": point.engine.model, "trials": point["repeats"]},
            coupling=J, seen=seen, law=np.array(list(law.values())), states=tuple(law),
        )  # fmt: skip

    def numbers(self, result: MagnetsResult) -> Mapping[str, tuple[float | None, float | None]]:
        neighbour, ground = result.neighbour, result.ground
        return {
            "neighbour": neighbour[:2], "exact_neighbour": (neighbour[2], None),
            "ground": ground[:2], "exact_ground": (ground[2], None),
        }  # fmt: skip
