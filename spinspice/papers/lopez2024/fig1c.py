"""Lopez et al. 2024, Fig. 1c: map of the switching configurations over the two inputs, in SPICE.

At every pair, input A is applied to the chain, the junctions that switched are read, the input goes to zero (the
control currents reset the junctions), and B is applied. The paper draws its map from 160 ramps; here every point is
applied.
"""

from __future__ import annotations

import numpy as np

from spinspice.benches.chain import PulseTrain
from spinspice.networks.chain.configuration_map import SwitchingMap, switching_map
from spinspice.networks.chain.spice import SpiceChain
from spinspice.presets.lopez2024 import JUNCTIONS, SOURCE
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "lopez-fig1c"
SUMMARY = "map of the 16 switching configurations of a chain"
TITLE = "Lopez 2024, Fig. 1c: map of the 16 switching configurations"
CONTROLS = (-500e-6, -500e-6, -500e-6)
#: Values of each input [A]. The short ones meet the band between the upper two thresholds, which is 28 uA wide, once.
INPUTS = np.arange(350e-6, 771e-6, 10e-6)
INPUTS_SHORT = np.arange(350e-6, 771e-6, 30e-6)
#: Inputs in one transient.
SLOTS = 86
SIGMAS_AWAY = 3.0


def run(request: Request) -> Reproduction:
    """Make the map; arguments and errors as :func:`spinspice.reproduce.run` (one worker: all runs share a session)."""
    inputs = INPUTS_SHORT if request.short else INPUTS
    with SpiceChain(pulses=PulseTrain(slots=SLOTS), engine=request.engine, model=request.model) as chain:
        made = switching_map(chain, inputs, CONTROLS, request.seed)
        provenance = chain.run(inputs[:1], CONTROLS, request.seed).provenance
    if request.progress is not None:
        request.progress(1, 1, None)
    return Reproduction(
        name="lopez-fig1c",
        title=TITLE,
        source=SOURCE,
        rows=_rows(made),
        panels=(_panel(made),),
        remarks=(
            f"{made.configuration.size} pairs of inputs, each applied once: near a boundary the thermal scatter shows.",
            "Inputs are pulses of 5 ms with resets of 5 ms between: the paper's durations are unpublished.",
            "On pulses the thresholds are a little other than on the ramps they are calibrated for (docs/chain.md).",
        ),
        provenance={**provenance, "preset": "lopez2024-1 to -3", "seed": request.seed},
    )


def _rows(made: SwitchingMap) -> tuple[Row, ...]:
    law = [PulseTrain().threshold(device) for device in JUNCTIONS]
    mean, error = made.thresholds()
    off, away = made.off_the_law(law, CONTROLS, SIGMAS_AWAY)
    # Two independent thresholds of one junction are reversed by more than 8 sd once in thousands of maps.
    apart = 8.0 * max(one.sd for one in law)
    return (
        Row(
            quantity="configurations on the map",
            paper=16.0,
            here=float(len(np.unique(made.configuration))),
            source="Sec. II, Fig. 1c",
        ),
        *(
            Row(
                quantity=f"boundary of junction {i + 1} (paper: the law)",
                unit="uA",
                paper=(law[i].mean - CONTROLS[i]) * 1e6,
                here=mean[i] * 1e6,
                stderr=error[i] * 1e6,
                # A grid of inputs cannot tell where between two of them a boundary lies that scatters less than its
                # step.
                tolerance=0.5e6 * float(made.inputs[1] - made.inputs[0]),
                source="law of thermally activated switching for pulses of 5 ms",
            )
            for i in range(len(JUNCTIONS))
        ),
        Row(
            quantity=f"pairs off the law of {away} that are 3 sd from all thresholds",
            paper=0.0,
            here=float(off),
            tolerance=0.01 * away,
            source="agreement with the law at 99 % of the inputs",
        ),
        Row(
            quantity="higher inputs that switch fewer junctions, further apart than 8 sd",
            paper=0.0,
            here=float(made.reversals(apart)),
            source="boundaries are monotone",
        ),
    )


def _panel(made: SwitchingMap) -> Panel:
    names = tuple(f"{a}A {b}B" for a in range(4) for b in range(4))
    currents = made.inputs * 1e6
    return Panel(
        title=f"Configurations of {len(currents)} x {len(currents)} inputs",
        xlabel="input A [µA]",
        ylabel="input B [µA]",
        curves=(Curve(x=currents, y=currents, z=made.configuration, names=names, kind="map"),),
    )
