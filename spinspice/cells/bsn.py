"""Binary stochastic neuron (p-bit): divider of junction and transistor, then two inverters."""

from __future__ import annotations

from spinspice.cells.base import NeuronCell
from spinspice.cells.sizing import InverterSizing


class BSN(NeuronCell):
    """Binary stochastic neuron of Ganguly et al. 2018, after Camsari, Salahuddin and Datta 2017.

            vdd
             |
           [mtj]        inverters p1 n1, p2 n2
             |
             +--- mid --|>o-- bar --|>o-- out
        vin -|[ in
             |
            vss

    The junction pulls the midpoint up, the input transistor pulls it down; two inverters turn the fluctuating
    midpoint into an output at one rail or the other. The midpoint falls as the input rises and the two inverters keep
    its polarity, so the mean output is -VDD/2 tanh(Vin / V0); Ganguly's eq. 3 leaves the sign open to the reader.

    What sets V0: the output flips where the transistor's current crosses the junction's. The junction's current
    spreads by (G_P - G_AP)/(G_P + G_AP) to either side of its mean, the transistor's changes by the factor gm / I_D a
    volt; the ratio of the two is the half-width w of the transition in Vin. A layer that rotates freely in the plane
    makes the mean output -VDD/pi arcsin(Vin / w); the inverters, too slow for the shortest visits near its ends, round
    it to a tanh of V0 = 0.5 to 0.8 w. A magnet much slower than the inverters keeps more of the arcsine's corners: R^2
    of the tanh is 0.999 at a correlation time of 0.17 ns and 0.986 at 0.6 ns.

    A transistor near threshold has gm / I_D of 15 to 20 /V, w of 15 mV and V0 around 9 mV; one well above threshold
    (``generic-lvt``) has 8 /V, w of 30 mV and V0 of 20 mV or more. The published 50 mV (Faria et al. 2021) rest on a
    constant TMR of 100 % (w larger by 1.4) and fast FinFETs of small gm / I_D.

    Ports, parameters: see :class:`spinspice.cells.base.NeuronCell`. Blocks: mtj, input, inverters.
    """

    kind = "bsn"
    preset = "faria2021"
    blocks = ("mtj", "input", "inverters")
    sizes = InverterSizing
    sizing: InverterSizing

    def _build_output(self) -> None:
        self._inverter(1, "mid", "bar")
        self._inverter(2, "bar", "out")

    def _inverter(self, number: int, source: str, target: str) -> None:
        size = self.sizing
        wide = size.ratio * size.w_inverter
        self._pmos("inverters", f"p{number}", target, source, "vdd", w=wide, length=size.l_inverter)
        self._nmos("inverters", f"n{number}", target, source, "vss", w=size.w_inverter, length=size.l_inverter)
