"""Romera et al. 2018: which oscillators lock to which of two tones, over both frequencies.

The averaged equations over a fine grid, and the circuit (Kirchhoff's law alone) on a coarse one.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from spinspice.engines import get_engine
from spinspice.papers.romera2018.network import BAND, Synchroniser
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "romera2018-map"
SUMMARY = "synchronisation of four oscillators to two tones: circuit and averaged equations"
TITLE = "Romera 2018: map of synchronisation of four coupled oscillators"
#: Points of each frequency: averaged and circuit, full and short.
FINE, FINE_SHORT = 60, 12
COARSE, COARSE_SHORT = 12, 2


def grid(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the middles of ``points`` parts of the band, a little wider, and all pairs of them (points^2, 2) [Hz]."""
    axis = np.linspace(BAND[0] - 1e6, BAND[1] + 1e6, points)
    return axis, np.array([(a, b) for a in axis for b in axis])


def code(patterns: np.ndarray) -> np.ndarray:
    """Return a number for each pattern (..., 4): base 3."""
    return patterns @ 3 ** np.arange(patterns.shape[-1])


def run(request: Request) -> Reproduction:
    """Draw the maps; arguments and errors as :func:`spinspice.reproduce.run`."""
    network = Synchroniser((260e6, 263e6, 266e6, 268.5e6))
    quiet = Synchroniser(network.frequencies, network.device.replace(T=0.0))
    axis, pairs = grid(FINE_SHORT if request.short else FINE)
    averaged = network.patterns(pairs, request.seed)
    far = BAND[1] + 30e6
    own = quiet.patterns(np.array([(f, far) for f in network.frequencies]), request.seed)
    engine = get_engine(request.engine, request.model)
    few, couples = grid(COARSE_SHORT if request.short else COARSE)
    circuit = quiet.circuit_patterns(engine, couples, request.seed)
    same = float(np.mean(circuit == quiet.patterns(couples, request.seed)))
    # The most frequent first: they have colours of their own.
    all_codes = Counter([*code(averaged).tolist(), *code(circuit).tolist()])
    names = [value for value, _ in all_codes.most_common()]
    number = {value: index for index, value in enumerate(names)}

    def panel(title: str, along: np.ndarray, patterns: np.ndarray) -> Panel:
        z = np.array([number[value] for value in code(patterns).tolist()]).reshape(len(along), len(along))
        curve = Curve(x=along / 1e6, y=along / 1e6, z=z, kind="map")
        return Panel(title=title, xlabel="f_A [MHz]", ylabel="f_B [MHz]", curves=(curve,), equal=True)

    row = Row(
        quantity="oscillators that lock to a tone on their own frequency",
        paper=4.0,
        here=float(sum(own[i, i] == 1 for i in range(4))),
        source="Grollier 2020, IV-b: the closer the frequencies, the more likely they synchronise; without noise",
    )
    return Reproduction(
        name=FIGURE,
        title=TITLE,
        source="Romera et al., Nature 563, 230 (2018), as in Grollier et al. 2020, IV-b and Fig. 3c",
        rows=(row,),
        panels=(
            panel(f"averaged equations at 300 K, {len(axis)} x {len(axis)}", axis, averaged),
            panel(f"circuit at T = 0, {len(few)} x {len(few)}", few, circuit),
        ),
        remarks=(
            f"{len(set(code(averaged).tolist()))} patterns of synchronisation in the averaged map",
            f"circuit and averaged equations agree for {same:.3f} of the oscillators of {len(couples)} pairs (T = 0)",
        ),
    )
