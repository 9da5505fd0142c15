"""At which input does each junction of a chain switch, and can its control current move that alone?

A. Lopez et al., Phys. Rev. Applied 22, 014082 (2024), Fig. 1b: ramps of the input current through three junctions in
series, in SPICE, at two sets of control currents, against the thresholds of the paper and the law of thermal
activation.
"""

from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Reproduction, run

FIGURE = "lopez-fig1b"
SEED = 1


def main(short: bool = False, out: str = "out") -> Reproduction:
    """Simulate the figure; return its rows and curves."""
    figure = run(FIGURE, short=short, seed=SEED)
    plot_reproduction(figure, f"{out}/lopez2024_fig1b.png")
    return figure


if __name__ == "__main__":
    print(main().table())
