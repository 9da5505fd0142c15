"""Are the outputs of the analog and the binary stochastic neuron a tanh of the input?

Ganguly, Camsari and Ghosh, arXiv:1812.08273 (2018), Fig. 1d: average and bounds of the analog neuron, binary neuron
in the inset. What the paper states is compared row by row with what the SPICE model gives.
"""

from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Reproduction, run

FIGURE = "ganguly-fig1d"
SEED = 1


def main(short: bool = False, out: str = "out") -> Reproduction:
    """Simulate the figure; return its rows and curves."""
    figure = run(FIGURE, short=short, seed=SEED)
    plot_reproduction(figure, f"{out}/ganguly2018_fig1d.png")
    return figure


if __name__ == "__main__":
    print(main().table())
