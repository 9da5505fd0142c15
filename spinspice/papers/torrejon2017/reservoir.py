"""One vortex oscillator as a reservoir of many virtual neurons: masked input, envelope, linear read-out.

J. Torrejon et al., Nature 547, 428 (2017), as J. Grollier et al. 2020 describe it (IV-a): the input is multiplied by a
binary mask, one value every theta; the amplitude of the oscillation at the end of each theta is the state of a virtual
neuron; neighbours are coupled by the relaxation of the amplitude. Numbers are our choice: the methods of the paper
were not to be had.
"""

from __future__ import annotations

import dataclasses
from typing import cast

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import SpinTorqueOscillator
from spinspice.devices.reference.oscillator import simulate_oscillator
from spinspice.presets import load_preset
from spinspice.reproduce.base import Row
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench

#: Why the oscillator loses at 300 K.
NOISE = (
    "the thermal noise of the amplitude, about a tenth of its swing, takes the gain: at 300 K the oscillator is worse"
)


def over_alone(quantity: str, right: NDArray[np.float64], alone: NDArray[np.float64], note: str = "") -> Row:
    """Return wrong answers with an oscillator over those without, from the parts that are right, split by split."""
    ratio = (1.0 - right) / (1.0 - alone)
    return Row(
        quantity=quantity,
        paper=1.0,
        here=float(ratio.mean()),
        stderr=float(ratio.std(ddof=1) / np.sqrt(ratio.size)),
        at_most=True,
        source="Grollier 2020, IV-a: the oscillator does better than what stands without it",
        note=note,
    )


def disk() -> SpinTorqueOscillator:
    """Return the 375 nm FeB vortex of the docs, as an envelope without carrier."""
    vortex = cast(SpinTorqueOscillator, load_preset("vortex375").device)
    return vortex.replace(carrier=0.0, x0=0.3, dt=2e-9, max_step=1e-9)


@dataclasses.dataclass(frozen=True)
class Reservoir:
    """The oscillator, its direct current and the swing of the input over the threshold, virtual neurons, theta [s].

    The swing takes the current below the threshold: there the amplitude decays slowly, which is memory, and what it
    does not follow is the nonlinearity.
    """

    nodes: int = 24
    theta: float = 100e-9
    bias: float = 1.1
    swing: float = 0.6
    device: SpinTorqueOscillator = dataclasses.field(default_factory=disk)

    def mask(self, seed: int) -> NDArray[np.float64]:
        """Return the mask of +1 and -1, shape (nodes,)."""
        return np.random.default_rng([seed, 547]).choice([-1.0, 1.0], self.nodes)

    def masked(self, inputs: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
        """Return the same pre-processing without the oscillator: inputs (n,) times the mask, shape (n, nodes)."""
        return inputs[:, None] * self.mask(seed)[None, :]

    def current(self, inputs: NDArray[np.float64], seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the current as times [s] and values [A]: steps of theta, with edges of a tenth of it."""
        levels = self.device.I_th * (self.bias + self.swing * self.masked(inputs, seed).ravel())
        starts = self.theta * np.arange(levels.size)
        times = np.column_stack([starts + 0.1 * self.theta, starts + self.theta]).ravel()
        return np.concatenate([[0.0], times]), np.concatenate([[levels[0]], np.repeat(levels, 2)])

    def states(self, inputs: NDArray[np.float64], seed: int = 1) -> NDArray[np.float64]:
        """Return the amplitude at the end of every theta, shape (n, nodes): what a detector sees."""
        every = round(self.theta / self.device.dt)
        duration = self.theta * self.nodes * len(inputs)
        run = simulate_oscillator(
            self.device, duration, seed, current=self.current(inputs, seed), substeps=2, decimate=every
        )
        return np.abs(run.a[1:]).reshape(len(inputs), self.nodes)

    def testbench(self, inputs: NDArray[np.float64], seed: int = 1) -> Testbench:
        """Return the same as a circuit: the masked current through the oscillator."""
        times, values = self.current(inputs, seed)
        wave = Pwl(times.tolist(), values.tolist()).text()
        # Finer than the noise: errors of the phase become errors of the amplitude, through the noise that it meets.
        device = self.device.replace(max_step=self.device.dt / 10.0)
        card = " ".join(f"{name}={value}" for name, value in device.instance_parameters(seed).items())
        circuit = f"i1 0 a {wave}\nxo a 0 0 x y z stno {card}\n"
        stop = self.theta * self.nodes * len(inputs)
        return Testbench(circuit=circuit, stop=stop, step=device.max_step, save=("v(x)", "v(y)"))


def sine_or_square(periods: int, seed: int, samples: int = 8) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return inputs and targets (1: square) of periods of a sine or a square, at random, 8 samples each."""
    rng = np.random.default_rng([seed, 8])
    kinds = rng.integers(0, 2, periods)
    angle = 2.0 * np.pi * np.arange(samples) / samples
    shapes = np.array([np.sin(angle), np.where(np.arange(samples) < samples // 2, 1.0, -1.0)])
    return shapes[kinds].ravel(), np.repeat(kinds, samples).astype(float)


def read_out(
    train: tuple[NDArray[np.float64], NDArray[np.float64]],
    test: tuple[NDArray[np.float64], NDArray[np.float64]],
    ridge: float = 1e-6,
) -> NDArray[np.bool_]:
    """Return which test samples a linear read-out, trained by ridge regression, has right; bias included."""
    mean, scale = train[0].mean(axis=0), train[0].std(axis=0) + 1e-12

    def columns(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack([(x - mean) / scale, np.ones(len(x))])

    x = columns(train[0])
    weights = np.linalg.solve(x.T @ x + ridge * len(x) * np.eye(x.shape[1]), x.T @ (2.0 * train[1] - 1.0))
    return np.asarray((columns(test[0]) @ weights > 0.0) == (test[1] > 0.5))
