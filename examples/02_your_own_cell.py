"""What does a cell of your own look like, and how does it compare with the published one?

A binary neuron with one inverter in place of two (Ganguly et al., arXiv:1812.08273, has two): smaller, and its output
rises with the input. A cell is a PySpice subcircuit; deriving from NeuronCell gives the divider of junction and
transistor, the sizing and the ammeters, so that only the output stage is left to draw.
"""

from spinspice.cells import NeuronCell, get_cell
from spinspice.characterize import characterize
from spinspice.plotting import plot_characterization
from spinspice.presets import load_preset

PRESET = "faria2021"  # the junction of both cells
DURATION = 50e-9  # s, of each run
TRIALS = 4  # runs at each input


class OneInverter(NeuronCell):
    """Divider of junction and transistor, then one inverter. Blocks: mtj, input, inverter."""

    kind = "oneinv"
    blocks = ("mtj", "input", "inverter")

    def _build_output(self) -> None:
        size = self.sizing
        width, length = size.w_inverter, size.l_inverter
        self._pmos("inverter", "p1", "out", "mid", "vdd", w=size.ratio * width, length=length)
        self._nmos("inverter", "n1", "out", "mid", "vss", w=width, length=length)


def main(short: bool = False, out: str = "out") -> dict[str, dict[str, float]]:
    """Characterise both cells; return amplitude [V], V0 [V] and power [W] of each."""
    size = {"vin": "-36m:36m:13", "trials": 1, "duration": 5e-9} if short else {"trials": TRIALS, "duration": DURATION}
    junction = load_preset(PRESET).device
    numbers = {}
    for kind in (OneInverter, get_cell("bsn")):
        result = characterize(kind(junction), **size)
        plot_characterization(result, f"{out}/02_your_own_cell_{kind.kind}.png")
        numbers[kind.kind] = {
            "amplitude": result.fit.amplitude,
            "v0": result.fit.v0,
            "power": sum(result.energy.power.values()),
        }
    return numbers


if __name__ == "__main__":
    for name, found in main().items():
        print(
            f"{name}: output {found['amplitude']:+.3f} V tanh(Vin / {found['v0'] * 1e3:.1f} mV), "
            f"{found['power'] * 1e6:.1f} uW"
        )
