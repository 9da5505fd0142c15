"""How does the size of the magnet change a binary stochastic neuron?

Two circular in-plane junctions that you describe yourself, 22 nm and 60 nm wide, in the same cell. The larger magnet
has the larger moment: it fluctuates more slowly, so its neuron takes longer for an independent decision. The expected
time, sqrt(8 ln 2) / (gamma sqrt(B_d k T / m)), is that of a freely rotating magnet without damping (Kaiser et al.,
Phys. Rev. Applied 12, 054056 (2019)); it grows as the diameter. The output of the cell is a sign, whose correlation
falls off sooner than that of the magnet.
"""

import numpy as np

from spinspice.characterize import characterize
from spinspice.constants import gamma, k_B, mu_0
from spinspice.devices import Macrospin
from spinspice.plotting import plot_characterization

DIAMETERS = (22e-9, 60e-9)  # m
THICKNESS = 2e-9  # m
MS = 1.1e6  # A/m
R_P = 12e3  # Ohm
TMR = 1.1  # ratio, 110 %
DURATION = 100e-9  # s, of each run
TRIALS = 4  # runs at each input


def expected_time(junction: Macrospin) -> float:
    """Full width at half maximum of the magnet's autocorrelation without damping [s]."""
    return np.sqrt(8 * np.log(2)) / (gamma * np.sqrt(mu_0 * MS * k_B * junction.T / junction.moment))


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Characterise the cell with each junction; return numbers by diameter in nm."""
    size = {"vin": "-24m:24m:9", "trials": 1, "duration": 20e-9} if short else {"trials": TRIALS, "duration": DURATION}
    numbers = {}
    for diameter in DIAMETERS:
        junction = Macrospin.disk(diameter=diameter, t_free=THICKNESS, Ms=MS, R_P=R_P, TMR=TMR, alpha=0.01)
        result = characterize("bsn", junction, **size)
        name = f"{diameter * 1e9:.0f}"
        plot_characterization(result, f"{out}/01_your_own_junction_{name}nm.png")
        magnet = result.noise.junction
        numbers[name] = {
            "v0": result.fit.v0,
            "tau_output": result.noise.output.fwhm,
            "tau_magnet": magnet.fwhm,
            "tau_magnet_stderr": magnet.fwhm_stderr,
            "tau_expected": expected_time(junction),
        }
    return numbers


if __name__ == "__main__":
    for nanometres, found in main().items():
        print(
            f"{nanometres} nm: V0 {found['v0'] * 1e3:.1f} mV, output {found['tau_output'] * 1e12:.0f} ps, "
            f"magnet {found['tau_magnet'] * 1e12:.0f} +- {found['tau_magnet_stderr'] * 1e12:.0f} ps, "
            f"undamped {found['tau_expected'] * 1e12:.0f} ps"
        )
