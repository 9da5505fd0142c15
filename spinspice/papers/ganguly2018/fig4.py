"""Ganguly et al. 2018, Fig. 4: twenty analog neurons recover symbols that a nonlinear channel distorted.

The paper prints a symbol recovery rate of 94.28 % for one channel and 90 to 100 % for a wide variety, without any of
their numbers. Here 60 channels are drawn from our family (:class:`~.channels.Channel`), none of which served to choose
the design; beside the neurons stand the ideal network and the linear filter, and the standard channel of Jaeger and
Haas, where a linear filter is not enough.
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.readout import Split, fit_ridge
from spinspice.networks.reservoir.tasks import (
    Answer,
    Channel,
    Task,
    channel_task,
    delay_line,
    jaeger_task,
    score_features,
)
from spinspice.papers.ganguly2018.machine import Machine, design_topology, seen
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "ganguly-fig4"
SUMMARY = "symbols recovered by 20 analog stochastic neurons behind random nonlinear channels"
Array = NDArray[np.float64]
NODES, SYMBOL, FIRST, DRAW = 20, 256e-9, 1000, 7
#: Signal to noise [dB], sizes and time of a symbol [s] for the channel of Jaeger and Haas.
SNR, SIZES, SLOW_SYMBOL = (16.0, 20.0, 24.0, 28.0, 32.0), (50, 100), 100e-6
#: In the order of tables.
MACHINES = ("neurons", "ideal", "linear")


@dataclasses.dataclass(frozen=True)
class Rates:
    """Rates of wrong symbols behind the channel of Jaeger and Haas, one for each ratio, and the test symbols."""

    ser: dict[str, list[float]]
    symbols: int


def run(request: Request) -> Reproduction:
    """Equalise; arguments and errors as :func:`spinspice.reproduce.run`."""
    channels = 6 if request.short else 60
    split = Split(washout=30, train=450, validate=150, test=1000)
    machine = Machine.of(request)
    answers: dict[str, list[Answer]] = {name: [] for name in MACHINES}
    shown: tuple[Task, Array] | None = None
    for k in range(channels):
        task = channel_task(split, Channel.random(FIRST + k), seed=instance(request, k))
        reservoir = machine.reservoir(task, "channel", nodes=NODES, symbol=SYMBOL, draw=DRAW)
        features = seen(reservoir, task, instance(request, k))
        ideal = np.column_stack([esn.states(design_topology("channel", NODES, DRAW), task.u), task.u])
        for name, x in zip(MACHINES, (features, ideal, delay_line(task.u, NODES)), strict=True):
            answers[name].append(score_features(task, x))
        if shown is None:
            shown = task, fit_ridge(features, task.d, split)(features[split.parts[2]])
        if request.progress is not None:
            request.progress(k + 1, channels, None)
    assert shown is not None
    rates = jaeger(machine, request)
    return Reproduction(
        name=FIGURE, title="Ganguly 2018, Fig. 4: symbols recovered behind nonlinear channels",
        source="S. Ganguly, K. Y. Camsari, A. W. Ghosh, arXiv:1812.08273 (2018)", rows=rows(answers),
        panels=(stream(*shown), spread(answers), wrong(rates)), remarks=remarks(answers, rates),
        provenance={"seed": request.seed, "symbol": SYMBOL, "channels": channels, "nodes": NODES},
    )  # fmt: skip


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
            note="mean of our channels, whose spread is "
            f"{srr.std(ddof=1):.2g}; the paper's channel is not published",
        ),
        Row(
            quantity="channels recovered to 90 % or more", paper=1.0, here=inside,
            stderr=math.sqrt(max(inside * (1 - inside), 1 / srr.size) / srr.size),
            source="90 to 100 % for a wide variety of channels, Sec. IV B",
        ),
    )  # fmt: skip


def remarks(answers: dict[str, list[Answer]], rates: Rates) -> tuple[str, ...]:
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
    lines = "; ".join(f"{name} {', '.join(f'{value:.1e}' for value in values)}" for name, values in rates.ser.items())
    eight = (
        f"Symbols of {SYMBOL * 1e9:g} ns. " + "; ".join(told) + ". The recovery rate depends on the gain of a channel: "
        "see mean |y - d|. On these channels the linear filter is about as good."
    )
    standard = (
        f"Wrong symbols behind the channel of Jaeger and Haas at {', '.join(f'{s:g}' for s in SNR)} dB "
        f"({rates.symbols} test symbols each, {SLOW_SYMBOL * 1e6:g} us long): {lines}."
    )
    return eight, standard


def jaeger(machine: Machine, request: Request) -> Rates:
    """Return the rates of wrong symbols of neurons, ideal networks, and the filter."""
    test = 1000 if request.short else 20_000
    sizes = SIZES[:1] if request.short else SIZES
    split = Split(washout=50, train=1500 if request.short else 6000, validate=500 if request.short else 2000, test=test)
    ser: dict[str, list[float]] = {}
    for snr in SNR:
        task = jaeger_task(split, snr=snr, seed=request.seed)
        for nodes in sizes:
            for quiet, name in ((False, f"{nodes} neurons"), (True, f"{nodes} neurons without noise")):
                reservoir = machine.reservoir(
                    task, "jaeger", nodes=nodes, symbol=SLOW_SYMBOL, draw=request.seed, quiet=quiet
                )
                ser.setdefault(name, []).append(score_features(task, seen(reservoir, task, request.seed)).ser)
            ideal = np.column_stack([esn.states(design_topology("jaeger", nodes, request.seed), task.u), task.u])
            ser.setdefault(f"ideal network of {nodes}", []).append(score_features(task, ideal).ser)
            ser.setdefault(f"linear filter of {nodes}", []).append(score_features(task, delay_line(task.u, nodes)).ser)
    return Rates(ser, test)


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
            kind="line",
        )
        for k, (name, found) in enumerate(answers.items())
    )  # fmt: skip
    return Panel(
        title="All channels, in order", xlabel="part of the channels", ylabel="symbol recovery rate", curves=curves
    )


def wrong(rates: Rates) -> Panel:
    """Wrong symbols over the ratio of signal to noise; none is drawn at half a symbol."""
    least = 0.5 / rates.symbols
    kept = {name: values for name, values in rates.ser.items() if "without" not in name}
    curves = tuple(
        Curve(x=list(SNR), y=np.maximum(values, least), label=name, color=k)
        for k, (name, values) in enumerate(kept.items())
    )
    return Panel(
        title="Jaeger-Haas channel", xlabel="signal to noise [dB]", ylabel="wrong symbols", yscale="log", curves=curves
    )
