"""Where does the energy of a learning chip of fluctuating junctions go, and how does it grow with the chip?

Mizrahi et al., Nat. Commun. 9, 1533 (2018), Fig. 5: junctions, comparators, digital logic and magnetic memory as one
system. Energies are those of standard cells, readouts and memory cells in transients, times what they do in
operations that were simulated gate by gate.
"""

import numpy as np

from spinspice.papers.mizrahi2018.full_system import full_system
from spinspice.plotting import plot_panels
from spinspice.reproduce import Curve, Panel

SIZES = (16, 32, 64, 128)  # junctions, and as many outputs
CMOS = "generic"  # transistors of readout and memory; the logic is of SKY130 cells, carried to 28 nm
PHASES = ("observe", "compute", "learn")


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Draw the energy of each phase against the size; return energies [J] and areas [m^2] of the largest system."""
    systems = [full_system(size, size, CMOS) for size in (SIZES[-1:] if short else SIZES)]
    sizes = np.array([system.inputs for system in systems])
    curves = []
    for number, phase in enumerate(PHASES):
        energies = 1e9 * np.array([system.energy(phase) for system in systems])
        curves.append(Curve(x=sizes, y=energies, label=phase, kind="points", color=number))
        curves.append(Curve(x=sizes, y=energies, kind="line", color=number))
    largest = systems[-1]
    square = 1e9 * largest.energy("compute") * (sizes / sizes[-1]) ** 2
    curves.append(Curve(x=sizes, y=square, label="square of the size", kind="dashed", color=6))
    panel = Panel(
        title="Energy of an operation",
        xlabel="junctions, and outputs",
        ylabel="energy [nJ]",
        xscale="log",
        yscale="log",
        curves=tuple(curves),
    )
    plot_panels((panel,), f"Full system, CMOS at 28 nm, memory on {CMOS}", f"{out}/mizrahi2018_full_system.png")
    numbers = {phase: largest.energy(phase) for phase in PHASES}
    return {
        **numbers,
        "with_learning": largest.energy(),
        "without": largest.energy(learning=False),
        "area": largest.area(),
    }


if __name__ == "__main__":
    numbers = main()
    for name, value in numbers.items():
        print(f"{name:14} {value * 1e12:9.0f} um^2" if name == "area" else f"{name:14} {value * 1e9:9.2f} nJ")
