"""Bhanja et al. 2016: edges of an image that belong together, found by an array of coupled magnets that settles.

Each edge segment is a magnet, up: it belongs to the salient group. Pairs that go on smoothly in one another favour one
another, and each segment costs something: a quadratic form whose minimum is the group. The magnets are released by
a clock and left in what they settle to. The disks of the paper are a vortex or a single domain; a macrospin has no
vortex, so here the two states are two directions (an abstraction), and couplings are those of the quadratic form in
place of dipoles at distances. The images are synthetic: a line among clutter. The claim is how often the lowest state
is found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spinspice.devices import MacrospinField
from spinspice.devices.noise import instance_seed
from spinspice.engines import get_engine
from spinspice.networks.arrays import anneal, clock, clocked_fields, clocked_network, ground_states
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row
from spinspice.units import with_error

FIGURE = "bhanja2016-edges"
SUMMARY = "salient edges by an array of clocked magnets: how often the lowest state of the quadratic form is found"
TITLE = "Bhanja 2016: coupled nanomagnets find the edges that belong together"
#: Segments of the line and of the clutter; images and anneals of each, full and short.
LINE, CLUTTER = 4, 4
IMAGES, IMAGES_SHORT, ANNEALS, ANNEALS_SHORT = 20, 3, 50, 16
#: The figure's first image: cost, field and clock were chosen by hand on images before it (the first four of seed 1).
FIRST = 100
#: Cost of a segment, largest field of the couplings [T], times of the clock [s].
COST, FIELD = 0.8, 0.12
TIMES = {"hold": 2e-9, "ramp": 12e-9, "rest": 1e-9}


def magnet() -> MacrospinField:
    """Return a perpendicular magnet of 49 kT whose whole anisotropy a volt takes away."""
    diameter = 40e-9
    return MacrospinField(
        Ms=8e5, area=np.pi * diameter**2 / 4.0, t_free=2e-9, alpha=0.3, B_k=0.2, kx=0.0, kz=1.0, Nx=1 / 3, Ny=1 / 3,
        Nz=1 / 3, px=0.0, pz=1.0, pol=0.0, vcma=0.2, dt=5e-12, max_step=5e-12,
    )  # fmt: skip


def image(seed: int) -> NDArray[np.float64]:
    """Return segments as rows x, y, angle: a line with gaps and jitter, then clutter, in a square of side 1."""
    rng = np.random.default_rng([seed, 134])
    angle = rng.uniform(0.0, np.pi)
    along = np.linspace(-0.4, 0.4, LINE)
    line = np.column_stack([0.5 + along * np.cos(angle), 0.5 + along * np.sin(angle), np.full(LINE, angle)])
    line += rng.normal(0.0, 1.0, line.shape) * np.array([0.01, 0.01, 0.05])
    clutter = rng.uniform(0.0, 1.0, (CLUTTER, 3)) * np.array([1.0, 1.0, np.pi])
    return np.concatenate([line, clutter])


def affinity(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how well each pair of segments goes on in one another, 0 to 1: near, and both along the line between."""
    d = segments[:, None, :2] - segments[None, :, :2]
    apart = np.linalg.norm(d, axis=2)
    between = np.arctan2(d[..., 1], d[..., 0])
    off = np.sin(segments[:, None, 2] - between) ** 2 + np.sin(segments[None, :, 2] - between) ** 2
    out = np.exp(-((apart / 0.6) ** 2) - off / (2.0 * 0.15**2))
    np.fill_diagonal(out, 0.0)
    return np.asarray(out)


def couplings(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return J of the quadratic form, one magnet more than segments: the last one says which direction is 'in'.

    -sum A_ij x_i x_j + c sum x_i with x = (1 + s s_last) / 2.
    """
    A = affinity(segments)
    n = len(A)
    J = np.zeros((n + 1, n + 1))
    J[:n, :n] = A / 4.0
    J[:n, n] = J[n, :n] = A.sum(axis=1) / 4.0 - COST * A.sum() / n / 2.0 / 2.0
    return J


def run(request: Request) -> Reproduction:
    """Anneal the images; arguments and errors as :func:`spinspice.reproduce.run`."""
    images, anneals = (IMAGES_SHORT, ANNEALS_SHORT) if request.short else (IMAGES, ANNEALS)
    device = magnet()
    found, hits, wrong, chance = [], [], [], []
    for number in range(images):
        segments = image(1000 * request.seed + FIRST + number)
        J = couplings(segments)
        _, lowest = ground_states(J)
        chance.append(len(lowest) / 2.0 ** len(J))
        names = [[instance_seed(request.seed, f"{number}/{k}/m{i}") for i in range(len(J))] for k in range(anneals)]
        spins = anneal(device, clocked_fields(J, FIELD), np.array(names), **TIMES)
        found.append(float((spins[:, None, :] == lowest[None]).all(axis=2).any(axis=1).mean()))
        chosen = spins[:, :-1] * spins[:, -1:] > 0.0
        hits.append(float(chosen[:, :LINE].mean()))
        wrong.append(float(chosen[:, LINE:].mean()))
        if request.progress is not None:
            request.progress(number + 1, images, None)
    agree, runs = _circuit(request, device)
    mean, error = float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(images))
    true, true_error = float(np.mean(hits)), float(np.std(hits, ddof=1) / np.sqrt(images))
    spread = float(np.std(wrong, ddof=1) / np.sqrt(images))
    rows = (
        Row(
            quantity="anneals that do not end in the lowest state (our bound)",
            paper=0.5,
            here=1.0 - mean,
            stderr=error,
            at_most=True,
            source=f"our bound; by chance {100 * (1.0 - np.mean(chance)):.2f} % do not",
        ),
        Row(
            quantity="true edges that are missed",
            paper=0.15,
            here=1.0 - true,
            stderr=true_error,
            at_most=True,
            source="the abstract: more than 85 % of true positives, on images of the real world; here a synthetic line",
        ),
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="S. Bhanja et al., Nature Nanotechnology 11, 177 (2016), as in Grollier 2020, IV-d; in two states",
        rows=rows,
        panels=(_segments(request.seed), _clock(device)),
        remarks=(
            (
                f"lowest state found in {with_error(mean, error, prefix=False)} of the anneals "
                f"({images} images, {anneals} each); by chance {np.mean(chance):.3g}"
            ),
            f"clutter that is taken for edges: {with_error(float(np.mean(wrong)), spread, prefix=False)}",
            f"circuit and reference settle alike, same seeds: {agree} of {runs} anneals of one image",
            "two directions stand for vortex and single domain, couplings are those of the quadratic form: no dipoles",
        ),
    )


def _circuit(request: Request, device: MacrospinField) -> tuple[int, int]:
    """Return in how many anneals of the first image circuit and reference end alike, and of how many."""
    J = couplings(image(1000 * request.seed + FIRST))
    fine = device.replace(max_step=1.25e-12)
    network = clocked_network(fine, clocked_fields(J, FIELD), **TIMES)
    runs, same = 3, 0
    engine = get_engine(request.engine, request.model)
    for k in range(runs):
        seeds = network.seeds(k + 1)
        waves = engine.run(network.testbench(stop=sum(TIMES.values()), seed=k + 1))
        ended = np.array([np.sign(waves[f"v(mz_m{i})"][-1]) for i in range(len(J))])
        names = np.array([[seeds[f"seed_m{i}"] for i in range(len(J))]])
        same += int((anneal(fine, clocked_fields(J, FIELD), names, **TIMES)[0] == ended).all())
    return same, runs


def _segments(seed: int) -> Panel:
    """The first image, with what the quadratic form takes for the group."""
    segments = image(1000 * seed + FIRST)
    lowest = ground_states(couplings(segments))[1][0]
    chosen = lowest[:-1] * lowest[-1] > 0.0
    curves, labelled = [], set()
    for (x, y, angle), taken in zip(segments, chosen, strict=True):
        dx, dy = 0.05 * np.cos(angle), 0.05 * np.sin(angle)
        label = "" if taken in labelled else "in the group" if taken else "not"
        labelled.add(taken)
        curves.append(Curve(x=[x - dx, x + dx], y=[y - dy, y + dy], color=0 if taken else 1, label=label))
    return Panel(title="an image and its lowest state", xlabel="x", ylabel="y", curves=tuple(curves), equal=True)


def _clock(device: MacrospinField) -> Panel:
    times, volts = clock(device, **TIMES)
    share = 1.0 - device.vcma * volts / device.B_k
    curve = Curve(x=1e9 * times, y=share, label="anisotropy")
    return Panel(title="clock", xlabel="time [ns]", ylabel="part of the anisotropy", curves=(curve,))
