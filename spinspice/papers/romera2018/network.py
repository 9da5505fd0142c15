"""Four vortex oscillators that classify by what they lock to: inputs, patterns, learning by their currents.

M. Romera et al., Nature 563, 230 (2018), as J. Grollier et al. 2020 describe it (IV-b): two microwave frequencies, f_A
and f_B, made of the formants, come through a strip line; four oscillators, coupled by their microwave currents, lock to
one, the other or none; their direct currents are what is learned. Frequencies, fields, the loop and the rule of
learning are our choice: the methods of the paper were not to be had.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

from spinspice.devices import SpinTorqueOscillator
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.oscillator import simulate_oscillator
from spinspice.networks.oscillators import OscillatorArray, Tone, mean_frequencies

#: Field of each tone of the strip line [T], and the band of the input frequencies [Hz]: our choice. Alone, an
#: oscillator locks within 1.7 MHz of a tone.
FIELD = 4e-5
BAND = (258e6, 270e6)
#: Run of one input and when its frequencies begin to count [s].
DURATION, WARM_UP = 4e-6, 1e-6
#: An oscillator is locked if its mean frequency is within this of the tone [Hz]: one turn in the time that counts.
NEAR = 1.0 / (DURATION - WARM_UP)
#: Load of the common loop [Ohm].
LOAD = 50.0


def disk() -> SpinTorqueOscillator:
    """Return the 375 nm FeB vortex of the docs, at 300 K."""
    return SpinTorqueOscillator.vortex(
        diameter=375e-9, t_free=6e-9, Ms=1.27e6, A_ex=15e-12, alpha=0.01, pol=0.6, p_z=0.3, RA=3.6e-12, TMR=1.0, x0=0.4
    )


def current_for(device: SpinTorqueOscillator, frequency: float) -> float:
    """Return the current at which an oscillator runs freely at a frequency [Hz]; above the threshold [A]."""
    p = np.clip(2.0 * np.pi * (frequency - device.f0) / device.N, 0.02, 0.6)
    return float(device.I_th * (1.0 + device.Q * p) / (1.0 - p))


@dataclasses.dataclass(frozen=True)
class Synchroniser:
    """The four oscillators at free frequencies [Hz]."""

    frequencies: tuple[float, ...]
    device: SpinTorqueOscillator = dataclasses.field(default_factory=disk)
    field: float = FIELD

    @property
    def currents(self) -> tuple[float, ...]:
        """Direct currents [A]."""
        return tuple(current_for(self.device, f) for f in self.frequencies)

    def array(self, f_a: float, f_b: float) -> OscillatorArray:
        """Return the circuit under two tones."""
        tones = (Tone(self.field, f_a), Tone(self.field, f_b))
        devices = [self.device] * len(self.frequencies)
        return OscillatorArray(devices=devices, currents=self.currents, load=LOAD, tones=tones)

    def patterns(self, inputs: NDArray[np.float64], seed: int = 1) -> NDArray[np.int_]:
        """Return what each oscillator locks to, 0 none, 1 A, 2 B, for inputs (n, 2) [Hz]: shape (n, 4)."""
        n, size = len(inputs), len(self.frequencies)
        array = self.array(*BAND)
        force = array.averaged_tones()[0, 0]
        tones = np.zeros((n, 2, 3))
        tones[..., 0], tones[..., 1] = force, inputs
        seeds = [instance_seed(seed, f"input{i}/o{k}") for i in range(n) for k in range(size)]
        run = simulate_oscillator(
            self.device,
            DURATION,
            seeds,
            current=np.tile(self.currents, n),
            tones=tones,
            coupling=array.coupling(),
            substeps=1,
            decimate=20,
        )
        found = mean_frequencies(self.device, run.time, run.a, WARM_UP).reshape(n, size)
        return locked(found, inputs)

    def circuit_patterns(self, engine, inputs: Iterable[NDArray[np.float64]], seed: int = 1) -> NDArray[np.int_]:
        """Return the same from the circuit on an engine, one run an input."""
        rows = []
        for index, (f_a, f_b) in enumerate(inputs):
            bench = self.array(float(f_a), float(f_b)).testbench(DURATION, instance_seed(seed, f"input{index}"))
            waves = engine.run(bench)
            size = len(self.frequencies)
            a = np.array([waves[f"v(x{i})"] + 1j * waves[f"v(y{i})"] for i in range(size)])
            rows.append(mean_frequencies(self.device, waves.time, a, WARM_UP))
        return locked(np.array(rows), np.asarray(list(inputs)))


def locked(found: NDArray[np.float64], inputs: NDArray[np.float64]) -> NDArray[np.int_]:
    """Return 0, 1 or 2 for mean frequencies (n, m) and inputs (n, 2) [Hz]."""
    away = np.abs(found[:, :, None] - inputs[:, None, :])
    return np.where(away.min(axis=2) < NEAR, away.argmin(axis=2) + 1, 0)


@dataclasses.dataclass(frozen=True)
class InputMap:
    """Linear map of 12 formants to two frequencies: the first two linear discriminants of the training tokens."""

    weights: NDArray[np.float64]
    offset: NDArray[np.float64]

    @classmethod
    def fit(cls, formants: NDArray[np.float64], labels: NDArray[np.int_]) -> InputMap:
        """Return the map that puts the training tokens into :data:`BAND` (24 weights and 2 offsets)."""
        mean = formants.mean(axis=0)
        kinds = np.unique(labels)
        centres = np.array([formants[labels == kind].mean(axis=0) for kind in kinds])
        within = sum(np.cov(formants[labels == kind].T) for kind in kinds) / len(kinds)
        within = within + 1e-6 * np.trace(within) * np.eye(len(mean))
        between = np.cov(centres.T)
        vectors = eigh(between, within)[1][:, ::-1][:, :2]
        low, high = np.quantile(formants @ vectors, (0.02, 0.98), axis=0)
        scale = (BAND[1] - BAND[0]) / (high - low)
        return cls(vectors * scale, BAND[0] - low * scale)

    def __call__(self, formants: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return f_A and f_B, within half a band beyond the band [Hz]."""
        reach = 0.5 * (BAND[1] - BAND[0])
        return np.clip(formants @ self.weights + self.offset, BAND[0] - reach, BAND[1] + reach)


@dataclasses.dataclass(frozen=True)
class Table:
    """Which vowel a pattern stands for: by the training tokens, each oscillator with the same weight (naive Bayes)."""

    scores: NDArray[np.float64]

    @classmethod
    def fit(cls, patterns: NDArray[np.int_], labels: NDArray[np.int_], kinds: int) -> Table:
        """Count patterns (n, m), with one count more for each."""
        counts = np.ones((kinds, patterns.shape[1], 3))
        for pattern, label in zip(patterns, labels, strict=True):
            counts[label, np.arange(patterns.shape[1]), pattern] += 1.0
        return cls(np.log(counts / counts.sum(axis=2, keepdims=True)))

    def __call__(self, patterns: NDArray[np.int_]) -> NDArray[np.int_]:
        """Return the vowel of each pattern."""
        columns = np.arange(patterns.shape[1])
        return np.argmax(self.scores[:, columns[None, :], patterns].sum(axis=2), axis=0)


def learn(
    inputs: NDArray[np.float64], labels: NDArray[np.int_], *, steps: int, seed: int, kinds: int = 7
) -> tuple[Synchroniser, Table, list[float]]:
    """Learn the currents: move one at a time, keep what recognises no fewer training tokens.

    Starts with the four frequencies spread over the band; moves shrink from 1.5 to 0.3 MHz. Returns the network, its
    table, and the recognition of the training tokens after each step.
    """
    rng = np.random.default_rng([seed, 2018])
    spread = np.linspace(BAND[0], BAND[1], 6)[1:-1]
    best = Synchroniser(tuple(float(f) for f in spread))

    def score(network: Synchroniser) -> tuple[float, Table]:
        patterns = network.patterns(inputs, seed)
        table = Table.fit(patterns, labels, kinds)
        return float(np.mean(table(patterns) == labels)), table

    value, table = score(best)
    course = [value]
    for step in range(steps):
        moved = list(best.frequencies)
        size = 1.5e6 * 0.2 ** (step / max(steps - 1, 1))
        moved[step % len(moved)] += float(rng.normal(0.0, size))
        if not BAND[0] - 2e6 < moved[step % len(moved)] < BAND[1] + 2e6:
            course.append(value)
            continue
        network = dataclasses.replace(best, frequencies=tuple(moved))
        new, rule = score(network)
        if new >= value:
            best, value, table = network, new, rule
        course.append(value)
    return best, table, course
