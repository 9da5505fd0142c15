"""How fast does a superparamagnetic junction switch under a current?

Mizrahi et al., Nat. Commun. 9, 1533 (2018), Fig. 1j: full cycles counted in SPICE transients of a 13 kT junction,
against r0 / cosh(Delta I / I_c) with r0 = (phi0 / 2) exp(-Delta), and against the same without the 1/2, as the paper
prints it.
"""

from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Reproduction, run

FIGURE = "mizrahi-fig1j"
SEED = 1


def main(short: bool = False, out: str = "out") -> Reproduction:
    """Simulate the figure; return its rows and curves."""
    figure = run(FIGURE, short=short, seed=SEED)
    plot_reproduction(figure, f"{out}/mizrahi2018_fig1j.png")
    return figure


if __name__ == "__main__":
    print(main().table())
