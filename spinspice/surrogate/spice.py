r"""A surrogate as a behavioural subcircuit for ngspice: a magnet's compact model, and sources in place of transistors.

The inner node is a capacitor that the junction charges against what the ramps say is left: at the input v the divider
stands at M(v, c); with the conductance of a node the current of everything but the junction is
:math:`I = G_j(M, c) M + g_h(v) (y - M)`. It is tabulated over v alone, for c = 0: at a fixed input what holds the node
is a conductance, whatever the angle. Stage and output are those of :mod:`spinspice.surrogate.kernel`, with the table O
as a ``pwl`` source; behind them the output resistance. No transistor, so a run costs what its junctions cost.
"""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.resistance import conductance
from spinspice.files import complete_file, mark
from spinspice.surrogate.stage import SHORTEST
from spinspice.surrogate.surrogate import Surrogate
from spinspice.units import format_number

Array = NDArray[np.float64]
#: Points of the tables of a subcircuit: our choice. Time constants that are shorter than this [s] are left out.
POINTS, SHORT = 161, 1e-13


def subcircuit(surrogate: Surrogate, name: str = "surrogate") -> str:
    """Return the text of the subcircuit ``name vin out vdd vss mx my mz``, parameter seed.

    The library of the junction must be there, as an engine of spinspice puts it; ``vdd`` and ``vss`` carry no current.
    Load and inputs are in the nodes; power is not in it (:meth:`~.surrogate.Surrogate.power`).
    """
    s, t, stage = surrogate, surrogate.tables, surrogate.stage
    middle = t.c.size // 2
    y, g = t.inner[:, middle], t.conductance[:, middle]
    step = 1e-4
    own = [conductance(s.device, y + e, 0.0) * (y + e) for e in (-step, step)]
    holding = np.maximum(g - (own[1] - own[0]) / (2.0 * step), 1e-12)
    current = conductance(s.device, y, 0.0) * y
    v = np.linspace(t.v[0], t.v[-1], POINTS)
    at = {key: np.interp(v, t.v, values) for key, values in (("y", y), ("g", holding), ("i", current))}
    level = _corners(t.level, t.output)
    out = np.interp(level, t.level, t.output)
    x = "max(min(v(vin)," + f"{format_number(float(v[-1]))}),{format_number(float(v[0]))})"
    tau_u = max(stage.tau_loop, SHORTEST)
    device = " ".join(f"{key}={value}" for key, value in s.device.instance_parameters("{seed}").items())
    up, down = (format_number(rate) for rate in (stage.up, stage.down))
    # A limit that no voltage of the tables reaches is written as one of 10 V.
    limits = (stage.low, stage.high, stage.floor, stage.ceiling)
    low, high, floor, ceiling = (format_number(float(np.clip(value, -10.0, 10.0))) for value in limits)
    lines = [
        f"* {mark()}: surrogate of {s.cell} on {s.technology}, without transistors",
        f".subckt {name} vin out vdd vss mx my mz seed=1",
        f"X1 y 0 mx my mz {s.device.model} {device}",
        f"Cy y 0 {format_number(stage.capacitance)}",
        f"By y 0 i=-({_pwl(x, v, at['i'])})+({_pwl(x, v, at['g'])})*(v(y)-({_pwl(x, v, at['y'])}))",
        # A stage between rails: outside of them a steep conductance holds it.
        f"Bw 0 w i=(max(min(v(y),{high}),{low})-v(w))*1m-(max(v(w)-({ceiling}),0)+min(v(w)-({floor}),0))*1",
        f"Cw w 0 {format_number(1e-3 * max(stage.tau_inner, SHORT))}",
        f"Bo o 0 v={_pwl('v(w)', level, out)}",
        f"Bu 0 u i=(v(o)-v(z)-v(u))*1m\nCu u 0 {format_number(1e-3 * max(tau_u, SHORT))}",
        f"Bt tau 0 v={_pwl('v(z)', _three(stage.bottom, stage.top), _inverse(surrogate))}",
        f"Bz 0 z i=max(min(v(u)*v(tau)*1e9,{up}),-{down})*1p\nCz z 0 1p",
        f"Be e 0 v=v(z)\nRout e out {format_number(max(surrogate.resistance, 1.0))}",
        f".ends {name}",
    ]
    return "\n".join(_wrapped(line) for text in lines for line in text.split("\n")) + "\n"


def _three(low: float, high: float) -> Array:
    return np.array([low, 0.5 * (low + high), high])


def _inverse(surrogate: Surrogate) -> Array:
    stage = surrogate.stage
    taus = np.array([stage.tau_bottom, stage.tau_out, stage.tau_top])
    return 1e-9 / np.maximum(taus, SHORT)


def _corners(x: Array, y: Array) -> Array:
    """Return places of a table, more of them where it bends: even in how far the curve goes either way."""
    path = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(y)) / np.ptp(y) + np.diff(x) / np.ptp(x))])
    return np.interp(np.linspace(0.0, path[-1], POINTS), path, x)


def _pwl(x: str, places: Array, values: Array) -> str:
    """Return a table as a function of ngspice; its ends go on flat."""
    pairs = ",".join(f"{a:.9g},{b:.9g}" for a, b in zip(places, values, strict=True))
    return f"pwl( {x},{pairs})"


def _wrapped(line: str, width: int = 100) -> str:
    """Return a line on several, each but the first behind a plus; cut at commas."""
    out, rest = [], line
    while len(rest) > width and "," in rest[:width]:
        at = rest.rfind(",", 0, width) + 1
        out.append(rest[:at])
        rest = rest[at:]
    return "\n+ ".join([*out, rest])


def write_subcircuit(surrogate: Surrogate, path: str | os.PathLike[str], name: str = "surrogate") -> None:
    """Write :func:`subcircuit` to a file."""
    with complete_file(path) as place:
        place.write_text(subcircuit(surrogate, name), encoding="utf-8")
