"""How do you bring a circuit that you have as a SPICE netlist, and is it simulated as it is?

08_neuron.sp is a subcircuit as a designer may have it, with a resistor for the junction; 08_neuron.toml says which of
its ports is what and where the junction goes. The circuit is that of spinspice's own binary neuron (Ganguly et al.,
arXiv:1812.08273, Fig. 1b), so the two must agree to the last bit.
"""

from pathlib import Path

from spinspice.cells import CellFile
from spinspice.characterize import characterize
from spinspice.plotting import plot_characterization

CELL = Path(__file__).parent / "08_neuron.toml"
DURATION = 50e-9  # s, of each run
TRIALS = 4  # runs at each input


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Characterise both cells; return V0 [V], power [W], energy of a decision [J] and closure of the audit of each."""
    size = {"vin": "-40m:40m:5", "trials": 1, "duration": 4e-9} if short else {"trials": TRIALS, "duration": DURATION}
    numbers = {}
    for cell in (CellFile.load(CELL), "bsn"):
        result = characterize(cell, **size)
        plot_characterization(result, f"{out}/08_your_own_netlist_{result.cell}.png")
        numbers[result.cell] = {
            "v0": result.fit.v0,
            "power": sum(result.energy.power.values()),
            "per_decision": result.energy.per_decision,
            "closure": result.energy.closure,
        }
    return numbers


if __name__ == "__main__":
    for name, found in main().items():
        print(
            f"{name:7s} V0 {found['v0'] * 1e3:.3f} mV, {found['power'] * 1e6:.3f} uW, "
            f"a decision {found['per_decision'] * 1e15:.3f} fJ, audit closed to {found['closure']:.1e}"
        )
