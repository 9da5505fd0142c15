"""Grollier 2016, Fig. 4: switching probability against pulse length and amplitude, and lanes of traffic learnt with it.

The video of the original is not to be had; the traffic is synthetic: a bright bar runs down one of four lanes of a
16 x 16 sensor over a Poisson background. What is reproduced is the claim: each output neuron comes to stand for a lane.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.noise import instance_seed
from spinspice.networks.stdp import Layer, PulseLaw, learn
from spinspice.networks.stdp.crossbar import JUNCTION
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "grollier2016-fig4"
SUMMARY = "stochastic synapses: switching probability, and neurons that specialise to lanes of synthetic traffic"
SOURCE = "Grollier et al. 2016, Fig. 4, after Vincent et al. 2015; traffic synthetic"
#: Sensor, lanes, output neurons, chance of a pixel of a car and of the background.
SIZE, LANES, NEURONS, BRIGHT, BACKGROUND = 16, 4, 8, 0.9, 0.03
#: Frames to learn from and to test with, and seeds; full and short.
FULL, SHORT = (6000, 2000, 10), (2000, 500, 3)


def traffic(count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return frames (chance that each pixel fires) and the lane of the car in each."""
    draw = np.random.default_rng(instance_seed(seed, "traffic"))
    lanes = draw.integers(0, LANES, count)
    frames = np.full((count, SIZE, SIZE), BACKGROUND)
    width = SIZE // LANES
    for frame, lane, head in zip(frames, lanes, draw.integers(0, SIZE, count), strict=True):
        length = 5 + 2 * lane  # a fast lane leaves a longer trace
        rows = (head + np.arange(length)) % SIZE
        frame[rows[:, None], lane * width + np.arange(1, width - 1)] = BRIGHT
    return frames.reshape(count, -1), lanes


def specialised(seed: int, train: int, test: int) -> tuple[float, float, Layer]:
    """Learn; return the part of the frames whose winner stands for their lane, after and before, and the layer."""
    frames, lanes = traffic(train + test, seed)
    found = []
    layer = Layer.fresh(SIZE * SIZE, NEURONS, PulseLaw.of_probabilities(0.1, 0.05), seed)
    for learnt in (False, True):
        if learnt:
            learn(layer, frames[:train], seed=seed)
        winners = layer.winners(frames)
        named = [np.bincount(lanes[:train][winners[:train] == j], minlength=LANES).argmax() for j in range(NEURONS)]
        found.append(float((np.array(named)[winners[train:]] == lanes[train:]).mean()))
    return found[1], found[0], layer


def run(request: Request) -> Reproduction:
    """Learn; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    train, test, seeds = SHORT if request.short else FULL
    found = [specialised(instance_seed(request.seed, f"fig4 {k}"), train, test) for k in range(seeds)]
    after, before = (np.array([f[k] for f in found]) for k in (0, 1))
    layer = found[0][2]
    volts = np.linspace(0.8, 0.95, 4)
    lengths = np.geomspace(1e-9, 1e-6, 60)
    curves = []
    for k, v in enumerate(volts):
        rate = float(JUNCTION.escape_rates(v / JUNCTION.V_c)[1])
        curves.append(Curve(x=1e9 * lengths, y=-np.expm1(-rate * lengths), label=f"{v:.2f} V", color=k))
    maps = layer.synapses.weights.T.reshape(NEURONS, SIZE, SIZE)
    return Reproduction(
        name=FIGURE,
        title="Grollier 2016, Fig. 4: learning with junctions that switch at random",
        source=SOURCE,
        rows=(
            Row(
                quantity="frames whose winner stands for their lane",
                unit="%",
                paper=100.0,
                here=100.0 * float(after.mean()),
                stderr=100.0 * float(after.std(ddof=1)) / np.sqrt(seeds),
                tolerance=5.0,
                source="'each output neuron specializes to recognize cars in each lane'; 95 % taken for it, our choice",
            ),
        ),
        panels=(
            Panel(
                title="Switching probability, junction of the crossbar",
                xlabel="pulse length [ns]",
                ylabel="probability [1]",
                xscale="log",
                curves=tuple(curves),
            ),
            *(
                Panel(
                    title=f"Synapses of neuron {j} (light: 1)",
                    xlabel="x [pixels]",
                    ylabel="y [pixels]",
                    equal=True,
                    curves=(Curve(x=np.arange(SIZE), y=np.arange(SIZE), z=maps[j].T.astype(int), kind="map"),),
                )
                for j in range(3)
            ),
        ),
        remarks=(
            f"Before learning {100 * before.mean():.0f} %. {seeds} seeds, {train} frames each, {NEURONS} neurons.",
            "The law of the left panel holds below threshold: a pulse above the critical voltage has a dead time.",
        ),
        provenance={"seed": request.seed, "train": train, "seeds": seeds},
    )
