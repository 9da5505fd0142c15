"""How often does a ramp of a supply find the largest cut of a graph?

    python examples/11_anneal_a_cut.py

Telegraph p-bits as a circuit, six nodes, weights 1 to 9. I0 is a voltage here: that of the rails of the inverters that
drive the couplings. The chain of the same p-bits under the same ramp says, without a random number, how often the best
cut should be found.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from spinspice.cells import TelegraphPBit
from spinspice.devices import TelegraphField
from spinspice.engines import get_engine
from spinspice.networks.pbits import exact, problems
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ramp import Ramp
from spinspice.networks.pbits.telegraph_chain import after_ramp
from spinspice.panels import Curve, Panel
from spinspice.plotting import plot_panels
from spinspice.units import with_error

#: Mean stay of 10 ns; I0 at the end of a ramp; anneals; seed.
JUNCTION = TelegraphField(R_P=12.7e3, TMR=1.0, delta=3.0, phi0=2e9, t_sw=2e-11, V_c=100.0, B_k=0.05)
I0, FULL, SHORT, SEED = 2.0, 60, 6, 1


def main(short: bool = False, out: str = ".") -> dict[str, float]:
    """Anneal and draw; returns how often the best cut was found, its standard error, and what the chain says."""
    weights = np.random.default_rng(14).integers(1, 10, size=15)
    pairs = itertools.combinations([f"v{k}" for k in range(6)], 2)
    graph = problems.max_cut({pair: float(w) for pair, w in zip(pairs, weights, strict=True)})
    ising = graph.scaled(1.0 / np.abs(graph.J).max())
    cell, ramp = TelegraphPBit(JUNCTION), Ramp(rest=40e-9, rise=50e-9, count=SHORT if short else FULL)

    network = PBitNetwork(ising=ising, cell=cell, V0=cell.V0, I0=I0, ramp=ramp)
    waves = get_engine("auto").run(network.network().testbench(stop=ramp.stop, seed=SEED))
    states = network.rows_at(waves, ramp.ends)

    energy = exact.energies(ising)
    best = energy < energy.min() + 1e-9
    law = float(after_ramp(ising, JUNCTION, I0, ramp)[best].sum())
    found, error = float(best[states].mean()), math.sqrt(law * (1.0 - law) / ramp.count)
    cuts = problems.cut_of(graph, exact.states(6)[states])
    largest = float(problems.cut_of(graph, exact.ground_states(graph)[0]))
    print(f"cuts of the first anneals: {cuts[:10].astype(int).tolist()}, largest {largest:g}")
    print(f"best cut in {with_error(found, error, prefix=False)} of {ramp.count} anneals, chain {law:.3f}")
    time = np.linspace(1e-9, min(5, ramp.count) * ramp.period, 800)
    cut = problems.cut_of(graph, exact.states(6)[network.rows_at(waves, time)])
    panels = [
        Panel(title="Cut over time", xlabel="time (ns)", ylabel="weight of the cut", curves=(
            Curve(x=1e9 * time, y=cut, label="circuit"),
            Curve(x=1e9 * time, y=np.full(time.size, largest), label="largest", kind="dashed", color=1),
        )),
        Panel(title="Supply of the couplings", xlabel="time (ns)", ylabel="I0", curves=(
            Curve(x=1e9 * time, y=I0 * np.asarray(ramp.wave(1.0).value(time))),
        )),
    ]  # fmt: skip
    plot_panels(panels, "a cut found by ramps", f"{out}/11_anneal_a_cut.png")
    return {"found": found, "stderr": error, "chain": law}


if __name__ == "__main__":
    main()
