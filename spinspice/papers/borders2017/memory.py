"""Borders et al.: a memory of nine neurons and 36 devices that recalls only after corrections by Hebb's rule.

The patterns of the original are not known to us; I, C and T on 3 x 3 pixels stand for them. Devices are a surrogate:
lognormal gains, offsets, saturation.
"""

from __future__ import annotations

import numpy as np

from spinspice.devices.noise import instance_seed
from spinspice.networks.hopfield import Devices, corrected, hebbian, recalled
from spinspice.networks.hopfield.memory import PATTERNS
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "borders2017-recall"
SUMMARY = "associative memory of nine neurons: recall of the ideal matrix, spread of the devices, corrections"
SOURCE = "Borders et al., Appl. Phys. Express 10, 013007 (2016), as told by Grollier et al. 2020; patterns our choice"
SPREADS = (0.1, 0.2, 0.4, 0.6)
FULL, SHORT = 300, 60


def run(request: Request) -> Reproduction:
    """Draw arrays; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    count = SHORT if request.short else FULL
    found = {
        spread: [corrected(Devices.drawn(9, spread, instance_seed(request.seed, f"{spread:g} {k}")), PATTERNS)[1]
                 for k in range(count)] for spread in SPREADS
    }  # fmt: skip
    ideal = recalled(hebbian(PATTERNS), PATTERNS)
    at_once = [float(np.mean([k == 0 for k in found[s]])) for s in SPREADS]
    mended = [float(np.mean([k is not None for k in found[s]])) for s in SPREADS]
    needed = np.array([k for k in found[SPREADS[-1]] if k is not None])
    return Reproduction(
        name=FIGURE,
        title="Borders 2017: an associative memory of imperfect devices",
        source=SOURCE,
        rows=(
            Row(
                quantity="one-bit errors that the ideal matrix mends, of 27",
                paper=23.0,
                here=float(ideal.sum()),
                source="exact for I, C, T: not all, even here",
            ),
            Row(
                quantity=f"corrections of 95 % of the arrays that can be mended, spread {SPREADS[-1]:g}",
                paper=20.0,
                here=float(np.quantile(needed, 0.95)),
                at_most=True,
                source="'converges with at most 20 iterations'",
            ),
        ),
        panels=(
            Panel(
                title=f"{count} arrays of 36 devices",
                xlabel="spread of the gains",
                ylabel="arrays that keep all patterns [%]",
                curves=tuple(
                    Curve(x=SPREADS, y=[100 * v for v in values], kind="points", label=label, color=k,
                          yerr=[100 * np.sqrt(max(v * (1 - v), 1 / count) / count) for v in values])
                    for k, (label, values) in enumerate((("as written", at_once), ("after corrections", mended)))
                ),
            ),
            Panel(
                title=f"Corrections, spread {SPREADS[-1]:g}",
                xlabel="corrections",
                ylabel="arrays",
                curves=(Curve(x=np.arange(21), y=np.bincount(needed, minlength=21), kind="points"),),
            ),
        ),
        remarks=(
            "Arrays that recall as written: " + ", ".join(f"{100 * v:.0f} % at {s:g}" for s, v in zip(SPREADS, at_once,
             strict=True)) + ".",
        ),
        provenance={"seed": request.seed, "arrays": count},
    )  # fmt: skip
