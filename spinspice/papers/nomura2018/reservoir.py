"""A reservoir of 2 x 10 dipole-coupled disks, driven by the voltage that changes their anisotropy.

H. Nomura et al., Jpn. J. Appl. Phys. 58, 070901 (2019), from its abstract: two rows of ten, input by voltage-controlled
anisotropy, the directions of the moments as state; AND, OR and XOR of inputs up to three steps apart. The rest is our
choice: easy axis nearly made up for by the demagnetising field, a field in the plane, every disk under the input
times a random sign, directions at the end of each input.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import MacrospinField
from spinspice.devices.noise import instance_seed
from spinspice.devices.reference.coupled import simulate_coupled
from spinspice.networks.dipoles import magnet_network, tensors
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench

#: Gates of the input and the one some steps before.
GATES = {"AND": np.logical_and, "OR": np.logical_or, "XOR": np.logical_xor}
DELAYS = (1, 2, 3)


def disk(**changes: float) -> MacrospinField:
    """Return a disk of 60 x 6 nm^2: an effective easy-plane field of 27 mT less the input's 20 mT a volt."""
    diameter = 60e-9
    given = {
        "Ms": 1e6, "area": np.pi * diameter**2 / 4.0, "t_free": 6e-9, "alpha": 0.05, "B_k": 0.97, "kx": 0.0, "kz": 1.0,
        "Nx": 0.1, "Ny": 0.1, "Nz": 0.8, "Bx": 0.03, "pol": 0.0, "vcma": 0.02, "T": 0.0, "dt": 5e-12,
        "max_step": 2.5e-12,         "theta0": 0.3, "phi0": 0.0, "px": 0.0, "pz": 1.0,
    }  # fmt: skip
    return MacrospinField(**(given | changes))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reservoir:
    """The disks, their distance over their diameter, and the time of an input [s]."""

    device: MacrospinField = dataclasses.field(default_factory=disk)
    columns: int = 10
    apart: float = 1.2
    period: float = 2e-9
    layout: int = 1

    @property
    def positions(self) -> NDArray[np.float64]:
        """Middles of the disks [m], two rows."""
        pitch = self.apart * 2.0 * np.sqrt(self.device.area / np.pi)
        return np.array([[c * pitch, r * pitch, 0.0] for r in range(2) for c in range(self.columns)])

    def volts(self, inputs: NDArray[np.int_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what the disks are driven with: times [s] (t,) and volts (n, t), edges of a twentieth of a period."""
        signs = np.random.default_rng([self.layout, 2018]).choice([-1.0, 1.0], 2 * self.columns)
        starts = self.period * np.arange(len(inputs))
        times = np.column_stack([starts + 0.05 * self.period, starts + self.period]).ravel()
        levels = np.repeat(np.where(inputs > 0, 1.0, -1.0), 2)[None, :] * signs[:, None]
        return np.concatenate([[0.0], times]), np.concatenate([levels[:, :1], levels], axis=1)

    def seeds(self, seed: int) -> list[int]:
        """Return the seed of each disk, by its name."""
        return [instance_seed(seed, f"m{i}") for i in range(2 * self.columns)]

    def states(self, inputs: NDArray[np.int_], seed: int = 1, *, coupled: bool = True) -> NDArray[np.float64]:
        """Return the directions at the end of each input, shape (inputs, 3 n), by the reference solver."""
        fields = tensors(self.device.moment, self.positions) * (1.0 if coupled else 0.0)
        every = round(self.period / self.device.dt)
        _, m = simulate_coupled(
            self.device,
            self.period * len(inputs),
            [self.seeds(seed)],
            fields,
            voltage=self.volts(inputs),
            decimate=every,
        )
        return m[0][:, 1:].transpose(1, 0, 2).reshape(len(inputs), -1)

    def testbench(self, inputs: NDArray[np.int_], seed: int = 1) -> Testbench:
        """Return the same as a circuit: linear sources couple the disks, each under its own waveform."""
        times, levels = self.volts(inputs)
        waves = [Pwl(times.tolist(), row.tolist()) for row in levels]
        network = magnet_network(self.device, self.positions, drives=waves)
        return network.testbench(stop=self.period * len(inputs), seed=seed)


def read_out(states: NDArray[np.float64], wanted: NDArray[np.bool_], skip: int) -> float:
    """Return the part of the second half that a linear read-out, trained on the first, has right."""
    x = (states - states[skip:].mean(axis=0)) / (states[skip:].std(axis=0) + 1e-9)
    x = np.column_stack([x, np.ones(len(x))])
    half = (len(x) + skip) // 2
    train, test = slice(skip, half), slice(half, None)
    penalty = 1e-4 * (half - skip) * np.eye(x.shape[1])
    target = np.where(wanted, 1.0, -1.0)
    weights = np.linalg.solve(x[train].T @ x[train] + penalty, x[train].T @ target[train])
    return float(np.mean((x[test] @ weights > 0.0) == wanted[test]))


def register(inputs: NDArray[np.int_], taps: int) -> NDArray[np.float64]:
    """Return the inputs themselves with those before them, shape (inputs, taps): a linear memory."""
    return np.column_stack([np.roll(inputs, k) for k in range(taps)]).astype(float)
