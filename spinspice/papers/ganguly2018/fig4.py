"""Ganguly et al. 2018, Fig. 4: twenty analog neurons recover symbols that a nonlinear channel distorted.

The paper prints a symbol recovery rate of 94.28 % for one channel and 90 to 100 % for a wide variety, without any of
their numbers. Here 60 channels are drawn from our family (:class:`~.channels.Channel`), none of which served to choose
the design; beside the neurons stand the ideal network and the linear filter, and the standard channel of Jaeger and
Haas, where a linear filter is not enough.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.choice import design_topology
from spinspice.networks.reservoir.readout import Split, fit_ridge
from spinspice.networks.reservoir.tasks import (
    Answer,
    Channel,
    Task,
    channel_task,
    delay_line,
    score_features,
)
from spinspice.papers.ganguly2018 import jaeger
from spinspice.papers.ganguly2018.machine import Machine, seen_fast
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "ganguly-fig4"
SUMMARY = "symbols recovered by 20 analog stochastic neurons behind random nonlinear channels"
Array = NDArray[np.float64]
#: Neurons, time of a symbol [s], first channel, and seed of the weights: of 70 those with the best rate on 20 channels
#: that are not among these. The last is the seed of the ideal network's.
NODES, SYMBOL, FIRST, DRAW, IDEAL_DRAW = 20, 2e-9, 1000, 3063, 7
#: In the order of tables.
MACHINES = ("neurons", "ideal", "linear")


def run(request: Request) -> Reproduction:
    """Equalise; arguments and errors as :func:`spinspice.reproduce.run`."""
    channels = 6 if request.short else 60
    split = Split(washout=30, train=450, validate=150, test=1000)
    machine = Machine.of(request)
    answers: dict[str, list[Answer]] = {name: [] for name in MACHINES}
    shown: tuple[Task, Array] | None = None
    weights = design_topology("channel", NODES, seed=IDEAL_DRAW, ideal=True)
    for k in range(channels):
        task = channel_task(split, Channel.random(FIRST + k), seed=instance(request, k))
        circuit = machine.circuit(task, "channel", NODES, SYMBOL, DRAW)
        features = seen_fast(machine, circuit, task, instance(request, k))
        ideal = np.column_stack([esn.states(weights, task.u), task.u])
        for name, x in zip(MACHINES, (features, ideal, delay_line(task.u, NODES)), strict=True):
            answers[name].append(score_features(task, x))
        if shown is None:
            shown = task, fit_ridge(features, task.d, split)(features[split.parts[2]])
        report(request, k + 1, channels + jaeger.draws(request))
    assert shown is not None
    rates = jaeger.jaeger(machine, request, lambda k: report(request, channels + k, channels + jaeger.draws(request)))
    return Reproduction(
        name=FIGURE, title="Ganguly 2018, Fig. 4: symbols recovered behind nonlinear channels",
        source="S. Ganguly, K. Y. Camsari, A. W. Ghosh, arXiv:1812.08273 (2018)",
        rows=(*rows(answers), jaeger.row(rates)),
        panels=(stream(*shown), spread(answers), jaeger.panel(rates)), remarks=(remark(answers), jaeger.remark(rates)),
        provenance={
            "seed": request.seed, "symbol": SYMBOL, "channels": channels, "nodes": NODES, "jaeger": jaeger.SYMBOL,
        },
    )  # fmt: skip


def report(request: Request, done: int, total: int) -> None:
    """Tell how far it is."""
    if request.progress is not None:
        request.progress(done, total, None)


def instance(request: Request, k: int) -> int:
    """Return the seed of symbols and noise of one channel."""
    return 1000 * request.seed + k


def rows(answers: dict[str, list[Answer]]) -> tuple[Row, ...]:
    """The two numbers of the paper."""
    srr = np.array([answer.srr for answer in answers["neurons"]])
    inside = float(np.mean(srr >= 0.9))
    stderr = float(srr.std(ddof=1) / math.sqrt(srr.size))
    return (
        Row(
            quantity="symbol recovery rate", paper=0.9428, here=float(srr.mean()), stderr=stderr, tolerance=5e-5,
            source="94.28 % for one channel, Sec. IV B",
            note=f"mean of our channels, whose spread is {srr.std(ddof=1):.2g}; the paper's one is not published",
        ),
        Row(
            quantity="channels recovered to 90 % or more", paper=1.0, here=inside,
            stderr=math.sqrt(max(inside * (1 - inside), 1 / srr.size) / srr.size),
            source="90 to 100 % for a wide variety of channels, Sec. IV B",
        ),
    )  # fmt: skip


def remark(answers: dict[str, list[Answer]]) -> str:
    """What the rate alone does not say."""
    told = []
    for name in MACHINES:
        found = answers[name]
        low, middle, high = np.percentile([a.srr for a in found], [5, 50, 95])
        wrong_ones = sum(a.wrong for a in found)
        told.append(
            f"{name}: median {middle:.3f}, 5 to 95 % {low:.3f} to {high:.3f}, mean |y - d| "
            f"{np.mean([a.error for a in found]):.3f}, {wrong_ones} of {sum(a.rows for a in found)} symbols wrong"
        )
    pairs = zip(answers["linear"], answers["neurons"], strict=True)
    linear = np.mean([a.error < b.error for a, b in pairs])
    return (
        f"Symbols of {SYMBOL * 1e9:g} ns. " + "; ".join(told) + ". The recovery rate depends on the gain of a channel: "
        f"see mean |y - d|. The linear filter is the better one on {100 * linear:.0f} % of these channels."
    )


def stream(task: Task, y: Array) -> Panel:
    """The first symbols: sent, received, recovered."""
    count, start = 50, task.split.parts[2].start
    at = np.arange(count)
    assert task.raw is not None
    curves = (
        Curve(x=at, y=task.raw[start : start + count], label="received u", color=5),
        Curve(x=at, y=task.d[start : start + count], label="sent d", color=6),
        Curve(x=at, y=y[:count], label="recovered y", kind="points", color=1),
    )
    return Panel(title=f"{NODES} neurons behind a channel", xlabel="symbol", ylabel="value", curves=curves)


def spread(answers: dict[str, list[Answer]]) -> Panel:
    """The recovery rates of all channels in rising order."""
    names = {"neurons": f"{NODES} neurons", "ideal": "ideal network", "linear": "linear filter"}
    curves = tuple(
        Curve(
            x=np.arange(1, len(found) + 1) / len(found), y=np.sort([a.srr for a in found]), label=names[name], color=k,
            kind="line" if name == "neurons" else "dashed",
        )
        for k, (name, found) in enumerate(answers.items())
    )  # fmt: skip
    return Panel(
        title="All channels, in order", xlabel="part of the channels", ylabel="symbol recovery rate", curves=curves
    )
