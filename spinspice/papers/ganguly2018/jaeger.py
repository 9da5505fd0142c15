"""The channel of Jaeger and Haas behind Fig. 4 of Ganguly et al. 2018: wrong symbols over the ratio of signal to noise.

Networks with rotating weights (:meth:`~.topology.Topology.rotating`) beside ideal networks of eq. 6 with random weights
and linear filters of as many taps, on series and weights of several seeds, none of which served to find the design.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from spinspice.networks.reservoir import esn
from spinspice.networks.reservoir.choice import design_topology
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import Answer, delay_line, jaeger_task, score_features
from spinspice.papers.ganguly2018.machine import Machine, seen
from spinspice.reproduce.base import Curve, Panel, Request, Row
from spinspice.units import with_error

Array = NDArray[np.float64]
#: Signal to noise [dB], sizes, and time of a symbol [s].
SNR, SIZES, SYMBOL = (16.0, 20.0, 24.0, 28.0, 32.0), (50, 100), 10e-6
#: Ratio of signal to noise at which neurons and filter are compared [dB].
AT = 24.0


@dataclasses.dataclass(frozen=True)
class Rates:
    """Rates of wrong symbols by machine, arrays (seeds, ratios), and the test symbols of each."""

    ser: dict[str, Array]
    symbols: int

    def mean(self, name: str) -> tuple[Array, Array]:
        """Return mean over seeds and its standard error, at least that of one wrong symbol in all."""
        values = self.ser[name]
        error = np.sqrt(values.var(axis=0, ddof=1) / len(values)) if len(values) > 1 else np.zeros(values.shape[1])
        return values.mean(axis=0), np.maximum(error, 1.0 / (len(values) * self.symbols))


def draws(request: Request) -> int:
    """Return how many series, with a network of each size for each, are run."""
    return 2 if request.short else 5


def jaeger(machine: Machine, request: Request, done: Callable[[int], None]) -> Rates:
    """Return the rates of wrong symbols of neurons, ideal networks, and filters; ``done`` is told after each series."""
    short = request.short
    sizes, snrs = (SIZES[:1], SNR[::2]) if short else (SIZES, SNR)
    split = Split(washout=50, train=1500 if short else 6000, validate=500 if short else 2000, test=4000)
    ser: dict[str, list[list[float]]] = {}
    for k in range(draws(request)):
        seed = 1000 * request.seed + k
        found: dict[str, list[float]] = {}
        for snr in snrs:
            for name, answer in answers(machine, split, sizes, snr, seed).items():
                found.setdefault(name, []).append(answer.ser)
        for name, values in found.items():
            ser.setdefault(name, []).append(values)
        done(k + 1)
    return Rates({name: np.array(values) for name, values in ser.items()}, split.test)


def answers(machine: Machine, split: Split, sizes: tuple[int, ...], snr: float, seed: int) -> dict[str, Answer]:
    """Return the scores of all machines on one series."""
    task = jaeger_task(split, snr=snr, seed=seed)
    found = {}
    for nodes in sizes:
        for quiet, name in ((False, f"{nodes} neurons"), (True, f"{nodes} neurons without noise")):
            reservoir = machine.reservoir(task, "jaeger", nodes=nodes, symbol=SYMBOL, draw=seed, quiet=quiet)
            found[name] = score_features(task, seen(reservoir, task, seed))
        states = esn.states(design_topology("jaeger", nodes, seed=seed, ideal=True), task.u)
        found[f"ideal network of {nodes}"] = score_features(task, np.column_stack([states, task.u]))
        found[f"linear filter of {nodes} taps"] = score_features(task, delay_line(task.u, nodes))
    return found


def ratios(rates: Rates) -> tuple[float, ...]:
    """Return the ratios of signal to noise that were run [dB]."""
    return SNR if len(next(iter(rates.ser.values()))[0]) == len(SNR) else SNR[::2]


def row(rates: Rates) -> Row:
    """What the paper says of linear filters, at 24 dB: the smallest network against the filter of as many taps."""
    at = ratios(rates).index(AT)
    nodes = SIZES[0]
    own, own_error = (float(v[at]) for v in rates.mean(f"{nodes} neurons"))
    other, other_error = (float(v[at]) for v in rates.mean(f"linear filter of {nodes} taps"))
    ratio = own / other
    return Row(
        quantity=f"wrong symbols of {nodes} neurons over those of a linear filter, Jaeger-Haas channel, {AT:g} dB",
        paper=1.0, here=ratio, stderr=math.hypot(own_error, ratio * other_error) / other, at_most=True,
        source="distortions which cannot be fully compensated using a linear filter, Sec. IV B",
    )  # fmt: skip


def remark(rates: Rates) -> str:
    """All rates with their errors."""
    told = []
    for name in rates.ser:
        values = ", ".join(with_error(100 * a, 100 * b, "%") for a, b in zip(*rates.mean(name), strict=True))
        told.append(f"{name}: {values}")
    some = next(iter(rates.ser.values()))
    return (
        f"Wrong symbols behind the channel of Jaeger and Haas at {', '.join(f'{s:g}' for s in ratios(rates))} dB "
        f"({len(some)} series and networks of {rates.symbols} test symbols, {SYMBOL * 1e6:g} us long). "
        f"{'; '.join(told)}."
    )


def panel(rates: Rates) -> Panel:
    """Wrong symbols over the ratio of signal to noise; none wrong is drawn at half a symbol."""
    shown = [name for name in rates.ser if "without" not in name]
    curves = []
    for k, name in enumerate(shown):
        mean, error = rates.mean(name)
        least = 0.5 / rates.symbols / len(rates.ser[name])
        y = np.maximum(mean, least)
        color = k % 3 + 3 * (k // 3)
        curves.append(
            Curve(x=list(ratios(rates)), y=y, kind="dashed" if "neurons" not in name else "line", color=color)
        )
        curves.append(Curve(x=list(ratios(rates)), y=y, yerr=np.minimum(error, 0.9 * y), label=name, kind="points",
                            color=color))  # fmt: skip
    return Panel(
        title="Jaeger-Haas channel", xlabel="signal to noise [dB]", ylabel="wrong symbols", yscale="log",
        curves=tuple(curves),
    )  # fmt: skip
