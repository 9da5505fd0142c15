"""After Torrejon et al. 2017: digits by one oscillator multiplexed in time, beside the same pre-processing alone.

The spoken digits of the paper (TI-46) are licensed and are not here. In their place stand the handwritten digits that
scikit-learn ships (8 x 8 points), row after row, as a word comes frame after frame: the shape of the task, not the
task. Each row of eight values goes through a random binary mask to the virtual neurons, the amplitudes of a whole
image are its state, and a linear read-out by ridge regression names the digit. What counts is the gain over the
masked values themselves with the same read-out.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from spinspice.benches.detector import Detector
from spinspice.devices.reference.oscillator import simulate_oscillator
from spinspice.engines import get_engine
from spinspice.errors import UsageError
from spinspice.papers.torrejon2017.reservoir import NOISE, Reservoir, over_alone
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.stimuli import Pwl
from spinspice.units import with_error

FIGURE = "torrejon2017-digits"
SUMMARY = "digits, row by row, by one oscillator as a reservoir, and by the same pre-processing without it"
TITLE = "After Torrejon 2017: digits by one spin-torque oscillator multiplexed in time, with a gain only without noise"
#: Images that train and that test, splits with masks of their own; full and short.
IMAGES, IMAGES_SHORT, SPLITS, SPLITS_SHORT = 600, 120, 5, 2
#: Virtual neurons, their time [s], current over the threshold and swing; penalty of the ridge.
NODES, THETA, BIAS, SWING, RIDGE = 24, 40e-9, 1.3, 0.5, 3e-3
#: Rows of an image that the circuit plays through bias tee and diode.
CHECKED = 2


def load_images() -> tuple[NDArray[np.float64], NDArray[np.int_]]:
    """Return images (n, 8, 8) of values -1 to 1 and their digits.

    Raises
    ------
    UsageError
        If scikit-learn is not installed.
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise UsageError(
            "the digits of this figure are those of scikit-learn, which is missing: pip install 'spinspice[learn]'."
        ) from None
    found = load_digits()
    return np.asarray(found.images, float) / 8.0 - 1.0, np.asarray(found.target, int)


def masked(images: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the rows times a random binary mask, scaled to unit swing, shape (n, 8, nodes)."""
    mask = np.random.default_rng([seed, 547]).choice([-1.0, 1.0], (8, NODES))
    return images @ mask / 8.0 * 2.0


def amplitudes(reservoir: Reservoir, levels: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Return the amplitude at the end of every theta, each image on an oscillator of its own start, (n, 8 nodes)."""
    device = reservoir.device
    n, size = len(levels), levels[0].size
    currents = device.I_th * (BIAS + SWING * levels.reshape(n, size))
    starts = THETA * np.arange(size)
    times = np.concatenate([[0.0], np.column_stack([starts + 0.1 * THETA, starts + THETA]).ravel()])
    values = np.concatenate([currents[:, :1], np.repeat(currents, 2, axis=1)], axis=1)
    run = simulate_oscillator(
        device, THETA * size, seed * 100_000 + np.arange(n), current=(times, values), substeps=2,
        decimate=round(THETA / device.dt),
    )  # fmt: skip
    return np.abs(run.a[:, 1:])


def recognised(train: NDArray[np.float64], labels: NDArray[np.int_], test: NDArray[np.float64]) -> NDArray[np.int_]:
    """Return the digits that a linear read-out names, trained by ridge regression to one output a digit."""
    mean, scale = train.mean(axis=0), train.std(axis=0) + 1e-6
    x = np.column_stack([(train - mean) / scale, np.ones(len(train))])
    wanted = np.where(labels[:, None] == np.arange(10), 1.0, 0.0)
    weights = np.linalg.solve(x.T @ x + RIDGE * len(x) * np.eye(x.shape[1]), x.T @ wanted)
    return np.asarray((np.column_stack([(test - mean) / scale, np.ones(len(test))]) @ weights).argmax(axis=1))


def run(request: Request) -> Reproduction:
    """Train and test; arguments and errors as :func:`spinspice.reproduce.run`."""
    images, labels = load_images()
    count, splits = (IMAGES_SHORT, SPLITS_SHORT) if request.short else (IMAGES, SPLITS)
    hot = Reservoir(nodes=NODES, theta=THETA, bias=BIAS, swing=SWING)
    cold = dataclasses.replace(hot, device=hot.device.replace(T=0.0))
    names = ("oscillator at T = 0", "oscillator at 300 K", "pre-processing alone")
    scores = np.zeros((len(names), splits))
    for split in range(splits):
        seed = request.seed + split
        chosen = np.random.default_rng([seed, 64]).permutation(len(images))[: 2 * count]
        levels = masked(images[chosen], seed)
        y = labels[chosen]
        states = (amplitudes(cold, levels, seed), amplitudes(hot, levels, seed), levels.reshape(len(levels), -1))
        scores[:, split] = [np.mean(recognised(x[:count], y[:count], x[count:]) == y[count:]) for x in states]
        if request.progress is not None:
            request.progress(split + 1, splits, None)
    mean, error = scores.mean(axis=1), scores.std(axis=1, ddof=1) / np.sqrt(splits)
    gain = scores[0] - scores[2]
    row, panel = _circuit(request, cold, masked(images[:1], request.seed)[0])
    rows = (
        over_alone(
            "wrong digits with the oscillator at T = 0 over those of the pre-processing alone", scores[0], scores[2]
        ),
        over_alone("the same at 300 K", scores[1], scores[2], NOISE),
        row,
    )
    gains = with_error(float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(splits)), prefix=False)
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Torrejon et al., Nature 547, 428 (2017), as in Grollier 2020, IV-a: its kind of task, other data",
        rows=rows,
        panels=(
            Panel(
                title="recognised", xlabel="", ylabel="part of the test images",
                curves=(Curve(x=np.arange(3), y=mean, yerr=error, kind="points", label=f"mean of {splits} splits"),),
                ticks=tuple(name.replace(" ", "\n", 1) for name in names),
            ),
            panel,
        ),
        remarks=(
            *(f"{name}: {with_error(float(m), float(e), prefix=False)} recognised"
              for name, m, e in zip(names, mean, error, strict=True)),
            f"gain of the oscillator at T = 0 over the pre-processing alone: {gains}, split by split",
            f"{count} images train and {count} test; handwritten digits of scikit-learn, row by row, not spoken ones",
        ),
    )  # fmt: skip


def _circuit(request: Request, reservoir: Reservoir, levels: NDArray[np.float64]) -> tuple[Row, Panel]:
    """Play two rows through bias tee and diode: does the detector show what the read-out takes for the state?"""
    device = reservoir.device.replace(carrier=1.0, max_step=1.9e-10)
    currents = device.I_th * (BIAS + SWING * levels[:CHECKED].ravel())
    starts = THETA * np.arange(currents.size)
    times = np.concatenate([[0.0], np.column_stack([starts + 0.1 * THETA, starts + THETA]).ravel()])
    wave = Pwl(times.tolist(), np.concatenate([currents[:1], np.repeat(currents, 2)]).tolist())
    waves = get_engine(request.engine, request.model).run(
        Detector().testbench(device, wave, THETA * currents.size, request.seed)
    )
    ends = starts + THETA - 1e-9
    late = [(waves.time > end - 8e-9) & (waves.time <= end) for end in ends]
    seen = np.array([waves["v(det)"][m].mean() for m in late])
    a = np.hypot(*(np.interp(ends, waves.time, waves[name]) for name in ("v(x)", "v(y)")))
    square = (a * currents) ** 2
    row = Row(
        quantity="rank correlation of the diode's voltage with current x amplitude",
        paper=1.0,
        here=float(spearmanr(seen, square)[0]),
        tolerance=0.05,
        source="a diode behind a bias tee, as the paper measures the amplitude, shows what the state is; T = 0",
    )
    panel = Panel(
        title="bias tee and diode", xlabel="(current x amplitude)^2 [mA^2]", ylabel="detector [mV]",
        curves=(Curve(x=1e6 * square, y=1e3 * seen, kind="points", label="circuit, every theta"),),
    )  # fmt: skip
    return row, panel
