"""The measured p-bit as far as public text tells of it: junction over transistor, threshold stage, on SKY130.

Read in the abstract: sMTJs on 130 nm CMOS of SkyWater, the junction's resistance fluctuates, the digital output
follows, and the input tunes it. Read in public summaries by others (emergentmind.com, arxivlens.com), not in the paper
itself: resistances of 2.5 to 8 kOhm, TMR up to 100 %, 100 mV of swing tuned by the gate, a sigmoid over 0.5 to 0.8 V,
an output that averages 1.8 V down to 0.45 V, since the inverter is not ideal. Not confirmed in a text that was found:
divider transistors of 1, 3, 9 and 27 um, and stays of milliseconds. Everything else is our choice and says so.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import BSN, InverterSizing
from spinspice.cmos import get_technology
from spinspice.devices import Telegraph
from spinspice.engines import Engine
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl

Array = NDArray[np.float64]
#: Supply [V]; widths of the divider's transistor [m].
VDD, WIDTHS = 1.8, (1e-6, 3e-6, 9e-6, 27e-6)
#: The junction: 4 to 8 kOhm at low bias, stays of 1.2 ms. Our choice inside what is told; V_half 0.5 V as usual for
#: MgO; V_c of the torque 20 V, weak, since a stronger one would hold the state (a measured figure was not found).
JUNCTION = Telegraph(R_P=4e3, TMR=1.0, V_half=0.5, delta=14.0, phi0=1e9, V_c=20.0, t_sw=1e-7)
#: A barrier that is not left in a sweep [k_B T], time of the sweep [s] and its points.
STILL, SWEEP, POINTS = 60.0, 1e-3, 361


def cell(width: float, device: Telegraph = JUNCTION) -> BSN:
    """Return the p-bit: n channel of 150 nm under the junction, two inverters of 1 um and 3 um (our choice)."""
    technology = get_technology("sky130")
    sizing = InverterSizing(
        resistance=device.R_P, w_input=width, l_input=technology.l_min, ratio=3.0, w_inverter=1e-6,
        l_inverter=technology.l_min,
    )  # fmt: skip
    return BSN(device, technology, vdd=VDD, sizing=sizing, probes="none", name=f"pbit_{width * 1e6:.0f}")


@dataclasses.dataclass(frozen=True)
class Sweep:
    """Divider and output of one width over the input, the junction in P and in AP; volts above ground.

    Attributes
    ----------
    inputs : array, shape (n,)
    mid, out : array, shape (2, n)
        In P, in AP [V].
    """

    inputs: Array
    mid: Array
    out: Array

    @property
    def antiparallel(self) -> Array:
        """Probability of AP [1]: stays are long beside the circuit, so rates are those at the divider's own voltage."""
        rates = [JUNCTION.escape_rates((mid - VDD) / JUNCTION.V_c) for mid in self.mid]
        out_of_P, out_of_AP = rates[0][0], rates[1][1]
        return np.asarray(out_of_P / (out_of_P + out_of_AP))

    @property
    def mean(self) -> Array:
        """Mean output [V]."""
        p = self.antiparallel
        return np.asarray(p * self.out[1] + (1.0 - p) * self.out[0])

    @property
    def swing(self) -> Array:
        """By how much the divider fluctuates [V]."""
        return np.asarray(self.mid[0] - self.mid[1])

    @property
    def edges(self) -> tuple[float, float]:
        """Inputs [V] at which the output falls through half the supply, in AP and in P: it fluctuates between them."""
        low, high = sorted(float(np.interp(-VDD / 2, -out, self.inputs)) for out in self.out)
        return low, high

    def at(self, part: float) -> float:
        """Return the lowest input at which the mean has fallen by a part of its swing [V]."""
        mean = self.mean
        level = mean[0] + part * (mean[-1] - mean[0])
        first = int(np.argmax(mean <= level))
        pair = slice(first - 1, first + 1)
        return float(np.interp(-level, -mean[pair], self.inputs[pair]))


def sweeps(engine: Engine) -> dict[float, Sweep]:
    """Return the sweep of every width: slow ramps of the input, with the junction held in either state."""
    cells = {}
    for k, width in enumerate(WIDTHS):
        for state in (0, 1):
            still = JUNCTION.replace(delta=STILL, state0=float(state))
            own = cell(width, still).rebuilt(name=f"still{k}{state}")
            cells[f"w{k}s{state}"] = Placed(own, {"vin": "drive"})
    network = Network(
        cells=cells, inputs={"drive": Pwl([0.0, SWEEP], [-VDD / 2, VDD / 2])},
        outputs=[f"{port}_{name}" for name in cells for port in ("mid", "out")],
    )  # fmt: skip
    step = SWEEP / POINTS
    waves = engine.run(network.testbench(stop=SWEEP, seed=1, step=step, max_step=step))
    time = np.linspace(0.0, SWEEP, POINTS)

    def volts(port: str, k: int) -> Array:
        rows = [np.interp(time, waves.time, waves[f"v({port}_w{k}s{state})"]) for state in (0, 1)]
        return np.array(rows) + VDD / 2

    inputs = np.linspace(0.0, VDD, POINTS)
    return {width: Sweep(inputs, volts("mid", k), volts("out", k)) for k, width in enumerate(WIDTHS)}


def fluctuating(engine: Engine, width: float, vin: float, duration: float, seed: int) -> tuple[Array, Array, Array]:
    """Return time [s], divider and output [V] of a run with the junction as it is, at an input [V]."""
    network = Network(
        cells={"a": cell(width)}, inputs={"vin_a": vin - VDD / 2}, outputs=["mid_a", "out_a"],
    )  # fmt: skip
    options: dict[str, Any] = {"step": duration / 1000, "max_step": duration / 200}
    waves = engine.run(network.testbench(stop=duration, seed=seed, **options))
    return waves.time, waves["v(mid_a)"] + VDD / 2, waves["v(out_a)"] + VDD / 2
