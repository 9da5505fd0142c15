"""Can three magnetic tunnel junctions learn to tell vowels apart, spoken by people they never heard?

Lopez et al., Phys. Rev. Applied 22, 014082 (2024), Fig. 2. A linear map turns formants into two currents, which go
through a chain of three junctions in a SPICE engine; how many junctions switch under each tells the vowel. Learning
changes the control currents of the junctions by +-10 uA, with the circuit in the loop.

With SPINSPICE_VOWELS=vowdata.dat (Hillenbrand et al. 1995) the talkers are measured, else synthetic.
"""

import numpy as np

from spinspice.networks.chain.behavioural import BehaviouralChain
from spinspice.networks.chain.spice import SpiceChain
from spinspice.papers.lopez2024.synthetic import synthetic_vowels
from spinspice.papers.lopez2024.vowel_study import train_split
from spinspice.papers.lopez2024.vowels import load_vowels
from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Curve, Panel, Reproduction

SPLIT = 1000
STEPS = 80


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Train the chain in SPICE and its twin on one split of the talkers; return recognition before and after."""
    vowels, steps = (synthetic_vowels(10), 8) if short else (load_vowels(), STEPS)
    with SpiceChain() as chain:
        spice = train_split(vowels, chain, SPLIT, steps=steps, curve=False)
    twin = train_split(vowels, BehaviouralChain.from_devices(), SPLIT, steps=steps)
    curves = [Curve(x=np.arange(steps + 1), y=100 * twin.test, label="behavioural twin", color=1)]
    curves.append(Curve(x=[0, steps], y=100 * spice.test, kind="points", label="SPICE"))
    panel = Panel(title="Talkers not trained on", xlabel="training step", ylabel="recognised [%]", curves=tuple(curves))
    title = vowels.label("Three junctions learn seven vowels")
    plot_reproduction(
        Reproduction(name="lopez2024", title=title, source="", rows=(), panels=(panel,)), f"{out}/lopez2024_vowels.png"
    )
    return {
        "train_before": float(spice.train[0]),
        "train_after": float(spice.train[-1]),
        "test_before": float(spice.test[0]),
        "test_after": float(spice.test[-1]),
        "test_twin": float(twin.test[-1]),
        "trained_parameters": float(spice.parameters),
    }


if __name__ == "__main__":
    print(main())
