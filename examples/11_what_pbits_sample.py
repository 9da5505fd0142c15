"""What do two p-bits that copy each other sample: free-running, clocked, and with telegraph junctions?

Each cell is characterised by one run; the network then runs as a circuit, beside Boltzmann's law and the law of
thresholds with memory. The difference to a law stands beside what sampling alone makes.
"""

from __future__ import annotations

from typing import Any

from spinspice.networks.pbits.laws import copy_unequal
from spinspice.plotting import plot_panels
from spinspice.studies import run
from spinspice.studies.pbit_panels import histogram_panel

#: Inverse temperature and seed of all noise.
I0 = 0.5
SEED = 1
#: Length of each of two runs, full and short [s].
FULL = {"autonomous": 300e-9, "clocked": 300e-9, "telegraph": 3e-6}
SHORT = {"autonomous": 40e-9, "clocked": 60e-9, "telegraph": 600e-9}


def main(short: bool = False, out: str = ".") -> dict[str, Any]:
    """Run the three circuits, print and draw; returns the probability that the two differ and its standard error."""
    print(f"Boltzmann {copy_unequal(I0, 'boltzmann'):.3f}, thresholds with memory {copy_unequal(I0, 'memory'):.3f}")
    numbers, panels = {}, []
    for update, duration in (SHORT if short else FULL).items():
        result = run(
            "pbits", gate="copy", update=update, I0=I0, seed=SEED, duration=duration, runs=2, unmetered=True,
            trials=150 if short else 600,
        )  # fmt: skip
        unequal, error = numbers[update] = result.histogram.of_states([1, 2])
        print(f"{update:10} {unequal:.3f} +- {error:.3f}, total variation to Boltzmann {result.to_boltzmann}")
        panels.append(histogram_panel(result))
    plot_panels(panels, "two p-bits that copy each other", f"{out}/11_what_pbits_sample.png")
    return numbers


if __name__ == "__main__":
    main()
