"""Two synapses and a neuron of domain walls: a column of memristors into a track that fires and resets itself.

The contact of a synapse, between its input and the column, is its weight; the column is the track of the neuron, a
hundred ohms, so that currents add up there. Stronger weights fire sooner, at the same charge.
"""

import sys

import numpy as np

from spinspice.benches.wall import WallNeuron
from spinspice.benches.wall_crossbar import WallCrossbar
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.presets import load_preset


def main(short=False):
    engine = get_engine("auto")
    synapse = load_preset("dw-levels").device.replace(R_P=1e4, R_track=200.0)
    neuron = WallNeuron(device=load_preset("dw-neuron").device, technology=get_technology("generic"))
    inputs = [-0.35, -0.35]
    for sites in [(-4, -4), (4, 4)] if short else [(-6, -6), (-2, -2), (2, 2), (6, 6)]:
        array = WallCrossbar(synapse=synapse, neuron=neuron, positions=62.5e-9 * np.array([sites]).T)
        current = array.column_currents(inputs)[0]
        stop = 1.5e-12 / abs(current)
        waves = engine.run(array.testbench(inputs, stop, seed=1))
        above = waves["v(c0out)"] > 0.5 * neuron.technology.vdd
        spikes = waves.time[1:][above[1:] & ~above[:-1]]
        if not spikes.size:
            print(f"walls at {sites}: {-1e6 * current:.1f} uA, no spike")
            continue
        print(
            f"walls at sites {sites}: {-1e6 * current:.1f} uA, first spike after {1e9 * spikes[0]:.1f} ns, "
            f"{-1e15 * current * spikes[0]:.0f} fC (one run at 300 K, no error of a mean)"
        )


if __name__ == "__main__":
    main(short="--short" in sys.argv)
