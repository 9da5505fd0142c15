"""How soon does a domain-wall neuron fire that two domain-wall synapses drive?

The contact of a synapse, between its input and the column, is its weight; the column is the track of the neuron, a
hundred ohms, so that currents add up there. A spike resets the neuron by transistors. Stronger weights fire sooner, at
the same charge.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from spinspice.benches.wall import WallNeuron
from spinspice.benches.wall_crossbar import WallCrossbar
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.presets import load_preset

SYNAPSE = load_preset("dw-levels").device.replace(R_P=1e4, R_track=200.0)
NEURON = WallNeuron(device=load_preset("dw-neuron").device, technology=get_technology("generic"))
VOLTS = [-0.35, -0.35]
#: Pinning sites at which the walls of both synapses stand.
SITES = (-6, -2, 2, 6)
CHARGE = 1.6e-12


def rises(time, values, level):
    """Return when values pass a level upwards."""
    return time[1:][(values[1:] >= level) & (values[:-1] < level)]


def main(short: bool = False, out: str = "out") -> dict[int, dict[str, float]]:
    """Draw the spikes for each weight; return current [A], first spike [s] and their product [C] by site."""
    engine, numbers = get_engine(), {}
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for site in SITES[::3] if short else SITES:
        array = WallCrossbar(synapse=SYNAPSE, neuron=NEURON, positions=SYNAPSE.d_pin * np.full((2, 1), site))
        current = -array.column_currents(VOLTS)[0]
        waves = engine.run(array.testbench(VOLTS, CHARGE / current, seed=1))
        spike = rises(waves.time, waves["v(c0out)"], 0.5 * NEURON.technology.vdd)[0]
        numbers[site] = {"current": current, "spike": spike, "charge": current * spike}
        axes.plot(1e9 * waves.time, 1e9 * 1e-6 * waves["v(c0q)"], label=f"{1e6 * current:.0f} uA")
    axes.axhline(1e9 * (NEURON.device.q_c - 0.5 * NEURON.device.l_c), linestyle="--", color="0.5")
    axes.set_xlabel("time [ns]")
    axes.set_ylabel("wall of the neuron [nm]; dashed: its contact")
    axes.legend(frameon=False)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/14_walls_that_compute.png", dpi=120)
    return numbers


if __name__ == "__main__":
    for site, found in main().items():
        print(
            f"walls at site {site}: {1e6 * found['current']:.1f} uA, first spike after {1e9 * found['spike']:.1f} ns, "
            f"{1e15 * found['charge']:.0f} fC (one run at 300 K)"
        )
