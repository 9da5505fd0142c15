"""What does a symbol cost at a recovery rate of 94 %, by magnet, by weights, and by who has a bias of its own?

Two reservoirs of 20 analog neurons behind random channels of eq. 8. Weights that leave neurons in the middle of their
transition need symbols so long that the noise averages out; weights that drive them to their rails do not.
"""

from __future__ import annotations

import math
from pathlib import Path

from spinspice.networks.reservoir.least import Power
from spinspice.networks.reservoir.magnets import noise_of, with_magnet
from spinspice.networks.reservoir.price import Price
from spinspice.networks.reservoir.readout import Split
from spinspice.networks.reservoir.tasks import Channel, channel_task
from spinspice.panels import Curve, Panel
from spinspice.papers.ganguly2018.machine import Machine
from spinspice.plotting import plot_panels
from spinspice.reproduce.base import Request

#: Recovery rate; neurons; first channel; power of a neuron with its synapses and of a bias, from the circuit [W].
WANTED, NODES, FIRST, POWER = 0.94, 20, 9000, Power(neuron=59e-6, bias=42.2e-6)
#: Diameter over that of the paper's disk and thickness [m]; barriers of that disk [kT].
SIZES = {"22 nm": (0.22, 2e-9), "50 nm": (0.5, 1e-9), "100 nm": (1.0, 1e-9), "200 nm": (2.0, 2e-9)}
BARRIERS = {"2 kT": 2.0, "4 kT": 4.0}


def magnets(surrogate, short):
    """Return name -> surrogate and barrier [kT]: free layers of several sizes, then barriers at 100 nm."""
    device, found = surrogate.device, {}
    for name, (size, thick) in list(SIZES.items())[:: 3 if short else 1]:
        own = device.replace(area=device.area * size**2, t_free=thick, dt=2e-12, max_step=0.5e-12)
        found[name] = with_magnet(surrogate, own), 0.0
    return found | {name: (surrogate, delta) for name, delta in ({} if short else BARRIERS).items()}


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Draw energies over the time that a magnet's noise takes to average; return them by magnet [J]."""
    split = Split(washout=30, train=450, validate=150, test=300 if short else 600)
    machine = Machine.of(Request(short=short))
    tasks = [channel_task(split, Channel.random(FIRST + k), seed=k) for k in range(3 if short else 10)]
    price = Price(cell=machine.cell, calibration=machine.calibration, tasks=tasks, nodes=NODES, wanted=WANTED)
    found = {}
    for name, (surrogate, delta) in magnets(machine.surrogate, short).items():
        density = noise_of(surrogate, delta).density.max() / machine.calibration.falling.A**2
        found[name] = {"density": float(density)}
        for kind, symbol in (
            ("averaging", price.averaged(surrogate, delta)),
            ("driven", price.driven(surrogate, delta)),
        ):
            for bias in ("one bias", "own bias"):
                energy = math.nan if math.isnan(symbol) else POWER.energy(NODES, symbol, shared=bias == "one bias")
                found[name][f"{kind}, {bias}"] = energy
    order = sorted(found, key=lambda name: found[name]["density"])
    x = [found[name]["density"] * 1e9 for name in order]
    curves = [
        Curve(x=x, y=[found[name][kind] * 1e12 for name in order], label=kind, kind="points", color=k)
        for k, kind in enumerate(list(found[order[0]])[1:])
    ]
    panel = Panel(title=f"Recovery rate {100 * WANTED:g} %, from left: {', '.join(order)}",
                  xlabel="density of a neuron's noise over the half-swing squared [ns]",
                  ylabel="energy of a symbol [pJ]", curves=tuple(curves), xscale="log", yscale="log")  # fmt: skip
    Path(out).mkdir(exist_ok=True)
    plot_panels((panel,), "Energy of a symbol", Path(out) / "16_energy_of_a_symbol.png")
    return found


if __name__ == "__main__":
    for magnet, values in main().items():
        print(magnet, ", ".join(f"{name} {value:.3g}" for name, value in values.items()))
