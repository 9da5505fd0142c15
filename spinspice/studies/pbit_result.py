"""What a network of p-bits did: histogram, laws, extracted p-bit, energies; as data and as text."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.histogram import Comparison, Histogram
from spinspice.networks.pbits.surrogate import Calibration
from spinspice.studies.plain import to_plain
from spinspice.studies.result import StudyResult
from spinspice.units import with_error

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True, kw_only=True)
class PBitResult(StudyResult):
    """What a network did.

    Attributes
    ----------
    names : tuple of str
        p-bits; the first is the highest bit of the number of a state.
    update, synapse : str
    I0 : float
    V0, v0 : float
        What the synapses were made with [V].
    histogram : Histogram
        Of the circuit.
    boltzmann, memory : array, shape (2**n,)
        Laws; memory only for free-running p-bits, else None: the limit of a circuit that follows at once.
    extracted : Histogram or None
        Of the same network of extracted p-bits; None for telegraph p-bits.
    pbit, calibration : ExtractedPBit and Calibration, or None
        Of a clocked p-bit as it decides when it is clocked.
    power : mapping
        Mean power by block [W], summed over cells, and its standard error over runs (NaN for one run).
    flips : float
        Flips of all p-bits a second.
    alone : mapping
        Mean and standard deviation of the total variation to each law that runs of the law itself have, as many and as
        long as those of the circuit; where there is none, independent draws stand in for them.
    """

    names: tuple[str, ...]
    update: str
    synapse: str
    I0: float
    V0: float
    v0: float
    histogram: Histogram
    boltzmann: Array
    memory: Array | None
    extracted: Histogram | None
    pbit: ExtractedPBit | None
    calibration: Calibration | None
    power: Mapping[str, tuple[float, float]]
    flips: float
    alone: Mapping[str, tuple[float, float]] = dataclasses.field(default_factory=dict)
    show = "spinspice.show.pbits"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        found = {"probability": self.histogram.probabilities, "boltzmann": self.boltzmann}
        found |= {} if self.memory is None else {"memory": self.memory}
        found |= {} if self.extracted is None else {"extracted": self.extracted.probabilities}
        return {name: ("state", values, "1") for name, values in found.items()}

    @property
    def to_boltzmann(self) -> Comparison:
        """Circuit beside Boltzmann's law."""
        return self.histogram.compare(self.boltzmann, alone=self.alone.get("boltzmann"))

    @property
    def to_memory(self) -> Comparison | None:
        """Circuit beside the law with memory."""
        return None if self.memory is None else self.histogram.compare(self.memory, alone=self.alone.get("memory"))

    @property
    def to_extracted(self) -> Comparison | None:
        """Circuit beside the network of extracted p-bits."""
        if self.extracted is None:
            return None
        return self.histogram.compare(self.extracted.probabilities, alone=self.alone.get("extracted"))

    @property
    def right(self) -> tuple[float, float]:
        """Probability of the ground states, and its standard error."""
        return self.histogram.of_states(self.boltzmann > self.boltzmann.max() * (1 - 1e-9))

    @property
    def total_power(self) -> tuple[float, float]:
        """Mean power of the network [W], and its standard error."""
        errors = [error for _, error in self.power.values()]
        return sum(p for p, _ in self.power.values()), math.sqrt(sum(e * e for e in errors))

    @property
    def correlation(self) -> tuple[float, float]:
        """Integrated correlation time of the state [s] and its standard error, of as many independent samples."""
        tau = self.histogram.correlation
        return tau, 2.0 * tau / math.sqrt(self.histogram.independent)

    @property
    def energy_per_sample(self) -> tuple[float, float]:
        """Energy of one independent sample of the state [J]: power times integrated correlation time."""
        power, error = self.total_power
        tau, spread = self.correlation
        return power * tau, power * tau * math.hypot(error / power if power else 0.0, spread / tau)

    @property
    def energy_per_flip(self) -> float:
        """Energy over flips of all p-bits [J]."""
        return self.total_power[0] / self.flips if self.flips else math.inf

    @property
    def energy_per_answer(self) -> tuple[float, float]:
        """Energy of one independent sample over the probability that it is right [J]."""
        energy, error = self.energy_per_sample
        p, spread = self.right
        value = energy / p if p else math.inf
        return value, value * math.hypot(error / energy, spread / p if p else 0.0)

    def summary(self) -> str:
        """Return the result as text."""
        names = self.names
        laws = {"circuit": self.histogram.probabilities, "Boltzmann": self.boltzmann}
        laws |= {} if self.memory is None else {"memory": self.memory}
        laws |= {} if self.extracted is None else {"extracted": self.extracted.probabilities}
        lines = [
            f"{len(names)} p-bits, {self.update}, I0 = {self.I0:g}, {self.synapse}",
            f"V0 = {self._made_for('V0_stderr', self.V0)}, v0 = {self._made_for('stderr', self.v0)}",
            " ".join(names) + "  " + "  ".join(f"{name:>9}" for name in laws),
        ]
        shown = np.argsort(-self.boltzmann, kind="stable")[:16]
        for row in shown:
            bits = " ".join(f"{row >> (len(names) - 1 - i) & 1:>{len(name)}}" for i, name in enumerate(names))
            lines.append(bits + "  " + "  ".join(f"{law[row]:9.4f}" for law in laws.values()))
        if shown.size < self.boltzmann.size:
            lines.append(f"... and {self.boltzmann.size - shown.size} states more")
        p, error = self.right
        lines.append(f"ground states: {p:.4f} +- {error:.4f}")
        for name, found in (
            ("Boltzmann", self.to_boltzmann), ("memory", self.to_memory), ("extracted", self.to_extracted)
        ):  # fmt: skip
            if found is not None:
                lines.append(f"total variation to {name}: {found}")
        lines.append(f"correlation time of the state: {self.histogram.correlation * 1e9:.3g} ns")
        return "\n".join(lines + self._energies())

    def _made_for(self, error: str, value: float) -> str:
        known = getattr(self.calibration, error, math.nan)
        return with_error(value, known, "V") if math.isfinite(known) else f"{value * 1e3:.4g} mV"

    def _energies(self) -> list[str]:
        """Return the lines on energy; none where it was not asked for."""
        if not self.power:
            return []
        lines = []
        total, spread = self.total_power
        lines.append(f"power: {_error(total * 1e6, spread * 1e6)} uW ({_blocks(self.power)})")
        energy, spread = self.energy_per_sample
        lines.append(f"energy of an independent sample: {_error(energy * 1e15, spread * 1e15)} fJ")
        energy, spread = self.energy_per_answer
        lines.append(f"energy of a right answer: {_error(energy * 1e15, spread * 1e15)} fJ")
        lines.append(f"energy over flips: {self.energy_per_flip * 1e15:.3g} fJ")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data, with what follows from it under ``found``."""
        compared = {"boltzmann": self.to_boltzmann, "memory": self.to_memory, "extracted": self.to_extracted}
        found = {
            "independent": self.histogram.independent,
            "right": self.right,
            "total_variation": {
                name: {**dataclasses.asdict(c), "excess": c.excess} for name, c in compared.items() if c is not None
            },
            "energy_per_sample": self.energy_per_sample if self.power else None,
            "energy_per_answer": self.energy_per_answer if self.power else None,
            "energy_per_flip": self.energy_per_flip if self.power else None,
        }
        plain: dict[str, Any] = to_plain({**super().to_dict(), "found": found})
        return plain


def _error(value: float, error: float) -> str:
    return f"{value:.3g} +- {error:.2g}" if math.isfinite(error) else f"{value:.3g} (one run: no standard error)"


def _blocks(power: Mapping[str, tuple[float, float]]) -> str:
    return ", ".join(f"{name} {value * 1e6:.3g}" for name, (value, _) in power.items())
