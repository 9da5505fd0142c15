"""How does the resistance of a junction follow a magnetic field?

R(H) loops by a field ramp, each in one transient: the field is a voltage (1 V = 1 T) on the ports of the junction. A
perpendicular and an in-plane magnet, the field at several angles to the easy axis. At T = 0 the jumps are those of
Stoner and Wohlfarth (Phil. Trans. R. Soc. A 240, 599 (1948)), a little late since the ramp is not infinitely slow; at
300 K, here with a barrier of 20 kT, they come earlier and scatter.
"""

import math
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PySpice.Spice.Netlist import Circuit

from spinspice.constants import gamma, k_B
from spinspice.devices import MacrospinField
from spinspice.engines import get_engine
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

ANGLES = (2, 20, 45, 80)  # degrees between field and easy axis
TOP = 1.3  # largest field over the anisotropy field
RAMP = 1e-3  # rate of the field over that of the relaxation
BARRIER = 20.0  # kT at 300 K
FREE = MacrospinField(alpha=1.0, theta0=0.1, phi0=0.1, dt=2e-11, max_step=2e-11, T=0.0)  # overdamped: no ringing
WARM = {"T": 300.0, "dt": 7e-13, "max_step": 7e-13}  # the steps that the noise of such a damped magnet asks for
FIELD = 2.0 * BARRIER * k_B * 300.0 / FREE.moment  # anisotropy field of that barrier [T]
MAGNETS = {  # and the axes, easy and hard, of the plane in which the field lies
    "perpendicular": (FREE.replace(B_k=FIELD, kx=0.0, kz=1.0, Nz=0.0, px=0.0, pz=1.0), "zx"),
    "in-plane": (FREE.replace(B_k=FIELD, theta0=math.pi / 2), "xy"),
}


def law(angle: float) -> float:
    """Switching field over the anisotropy field at T = 0."""
    turn = math.radians(angle)
    return float((math.cos(turn) ** (2 / 3) + math.sin(turn) ** (2 / 3)) ** -1.5)


def loops(device: MacrospinField, axes: str) -> Waveforms:
    """Run one junction an angle under one ramp of the field, up to down to up."""
    top = TOP * device.B_k
    quarter = TOP / (RAMP * gamma * device.B_k * device.alpha / (1.0 + device.alpha**2))
    circuit = Circuit("R(H) loops")
    circuit.V("field", "field", circuit.gnd, Pwl([0.0, 2 * quarter, 4 * quarter], [top, -top, top]).text())
    circuit.V("read", "read", circuit.gnd, 0.01)
    for angle in ANGLES:
        turn = math.radians(angle)
        for axis, part in zip(axes, (math.cos(turn), math.sin(turn)), strict=True):
            circuit.VCVS(f"{axis}{angle}", f"b{axis}{angle}", circuit.gnd, "field", circuit.gnd, voltage_gain=part)
        ports = [f"b{axis}{angle}" if axis in axes else circuit.gnd for axis in "xyz"]
        circuit.V(f"m{angle}", "read", f"free{angle}", 0.0)
        device.add_to(circuit, f"j{angle}", f"free{angle}", circuit.gnd, *ports, seed=angle)
    save = ("v(field)", *(f"i(vm{angle})" for angle in ANGLES))
    return get_engine().run(Testbench.from_pyspice(circuit, stop=4 * quarter, step=device.dt, save=save))


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Draw the loops; return the switching fields of the way down over the law of Stoner and Wohlfarth, by name."""
    figure = Figure(figsize=(9, 6), layout="constrained")
    panels = figure.subplots(2, len(MAGNETS), sharex=True, sharey=True)
    numbers: dict[str, float] = {}
    for column, (name, (device, axes)) in enumerate(MAGNETS.items()):
        for row, magnet in enumerate((device, device.replace(**WARM))):
            waves, temperature = loops(magnet, axes), magnet.T
            h, ax = waves["v(field)"] / device.B_k, panels[row, column]
            every = slice(None, None, 20)
            for color, angle in enumerate(ANGLES):
                resistance = 0.01 / waves[f"i(vm{angle})"]
                ax.plot(h[every], resistance[every] / 1e3, color=f"C{color}", lw=0.8, label=f"{angle} degrees")
                ax.axvline(-law(angle), color=f"C{color}", ls=":", lw=0.8)
                turned = resistance > 2.0 * device.R_P * device.R_AP / (device.R_P + device.R_AP)  # m . p below zero
                numbers[f"{name} {angle} {temperature:g} K"] = float(-h[np.argmax(turned & (h < 0.0))] / law(angle))
            ax.set_title(f"{name}, {temperature:g} K", fontsize=9)
    figure.supxlabel("field / anisotropy field")
    figure.supylabel("resistance [kOhm]")
    panels[0, 0].legend(frameon=False, fontsize=8)
    Path(out).mkdir(exist_ok=True)
    figure.savefig(f"{out}/10_hysteresis_loop.png", dpi=120)
    return numbers


if __name__ == "__main__":
    for name, found in main().items():
        print(f"{name}: switches at {found:.3f} of the field of Stoner and Wohlfarth")
