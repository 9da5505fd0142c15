"""How do I put a junction into a PySpice circuit that I already have?

A two-state junction in series with a resistor at a constant supply: a random bit stream at the midpoint. The voltage
across the junction depends on its state, so the two mean dwell times follow from Mizrahi et al., Nat. Commun. 9, 1533
(2018), eq. 6, at two different voltages; the simulated dwell times are held against them.
"""

from pathlib import Path

import numpy as np
from PySpice.Spice.Netlist import Circuit

from spinspice.analysis.telegraph import dwell_times
from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.testbench import Testbench
from spinspice.waveforms import crossings

SUPPLY = 0.05  # V
RESISTOR = 1.5e3  # Ohm
JUNCTION = Telegraph(R_P=1e3, TMR=1.0, delta=8.0, V_c=0.15, t_sw=1e-9)  # 8 kT, 150 mV
DURATION = 10e-3  # s
SHOWN = 200e-6  # s of the waveform in the picture


def expected_dwells() -> tuple[float, float]:
    """Mean dwell times [s] in P and AP at the voltage that the divider leaves for the junction in that state."""
    dwells = []
    for state, resistance in enumerate((JUNCTION.R_P, JUNCTION.R_AP)):
        voltage = SUPPLY * resistance / (resistance + RESISTOR)
        dwells.append(1.0 / JUNCTION.escape_rates(voltage / JUNCTION.V_c)[state])
    return dwells[0], dwells[1]


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Run the divider; return mean dwell times and their standard errors [s]."""
    circuit = Circuit("Divider of a resistor and a two-state junction")
    circuit.V("s", "supply", circuit.gnd, SUPPLY)
    circuit.R("s", "supply", "mid", RESISTOR)
    JUNCTION.add_to(circuit, "j", "mid", circuit.gnd, "state", "count", seed=7)

    bench = Testbench.from_pyspice(
        circuit, stop=DURATION / 5 if short else DURATION, step=1e-7, max_step=1e-5, save=("v(mid)", "v(count)")
    )
    waveforms = get_engine().run(bench)
    dwells = dwell_times(crossings(waveforms.time, waveforms["v(count)"]))
    numbers = {}
    for name, found, expected in zip(("P", "AP"), dwells, expected_dwells(), strict=True):
        numbers |= {
            f"tau_{name}": float(np.mean(found)),
            f"tau_{name}_stderr": float(np.std(found, ddof=1) / np.sqrt(found.size)),
            f"tau_{name}_expected": expected,
        }
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 2.6), layout="constrained")
    ax = waveforms.window(0.0, SHOWN).plot("v(mid)", ax=figure.subplots())
    ax.set_title("Voltage across the junction")
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/03_junction_in_a_pyspice_circuit.png", dpi=120)
    return numbers


if __name__ == "__main__":
    found = main()
    for state in ("P", "AP"):
        print(
            f"dwell time in {state}: {found[f'tau_{state}'] * 1e6:.2f} +- {found[f'tau_{state}_stderr'] * 1e6:.2f} us, "
            f"eq. 6: {found[f'tau_{state}_expected'] * 1e6:.2f} us"
        )
