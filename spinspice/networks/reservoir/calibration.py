r"""What a map from weights to resistors must know of a neuron: swing, width, middle, level and output resistance.

The magnet of a low-barrier disk turns freely in its plane, so the mean output at an input is that over all its angles,
:math:`\bar F(v) = \frac{1}{\pi}\int_0^\pi F(v, \cos\theta) d\theta`, by Gauss and Chebyshev the mean over
:math:`\theta_k = \pi (k + 1/2) / K`. So many cells with junctions that stand still take one slow ramp up and down
together (the mean of both is free of delay to first order); no noise enters. Spin torque, which turns the mean by a per
cent of the swing, is left out.
"""

from __future__ import annotations

import dataclasses
import functools
import math

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.transfer import fit_tanh
from spinspice.cells.asn_paired import PairedASN, WilsonBias
from spinspice.errors import check_range
from spinspice.networks.couplings import Coupling, Resistor
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl
from spinspice.surrogate.ramps import frozen
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Angles, length of the ramp [s], inputs on which the mean is kept. Our choices.
ANGLES, RAMP, POINTS = 8, 1e-6, 81
#: Longest step of the ramp [s]: its input moves by a thousandth of its way. Our choice.
MOVE = 1e-9
#: Load of the second run over the resistance of the junction: some 50 kOhm. Our choice.
LOADED = 4.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Output:
    """One output of a neuron, sign A tanh((v - v0) / V0) + level.

    Parameters
    ----------
    A, V0, v0, level : float
        Half-swing, width and middle of the transition, and level in its middle, without a load [V].
    r_out : float
        Resistance behind it [Ohm]: under a load R the swing is A / (1 + r_out / R).
    """

    A: float
    V0: float
    v0: float
    level: float
    r_out: float


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """A neuron as the map needs it.

    Parameters
    ----------
    falling : Output
        ``out``.
    rising : Output or None
        ``outb``, where the cell has one.
    vdd : float
        Supply [V].
    C_in : float
        Capacitance of the gate, what the divider feeds back through it included, within V0 of the middle [F].
    v, mean, deviation : array
        Inputs [V], mean of ``out`` and its standard deviation over the angles of the magnet [V].
    """

    falling: Output
    rising: Output | None
    vdd: float
    C_in: float
    v: Array
    mean: Array
    deviation: Array

    @property
    def gain(self) -> float:
        """Steepest slope of the mean of ``out`` [1]."""
        return self.falling.A / self.falling.V0

    @property
    def noise(self) -> float:
        """Largest standard deviation of ``out`` over its half-swing [1]."""
        return float(self.deviation.max()) / self.falling.A


def calibration_network(cell: PairedASN, load: float | None = None, *, reach: float | None = None) -> Network:
    """Return cells of all angles on one ramp.

    Parameters
    ----------
    cell : PairedASN
    load : float, optional
        Resistance from each output to the middle of the supply [Ohm].
    reach : float, optional
        The ramp goes from minus to plus this [V]; default a quarter of the supply.
    """
    reach = cell.vdd / 4.0 if reach is None else reach
    check_range("reach", reach, 0.0, cell.vdd / 2.0, unit="V", open_low=True, where="calibration")
    lines = {"nb": "nb", "pb": "pb"} if cell.shared else {}
    cells: dict[str, Placed] = {}
    couplings: dict[str, Coupling] = {}
    for k in range(ANGLES):
        m = math.cos(math.pi * (k + 0.5) / ANGLES)
        cells[f"n{k}"] = Placed(cell.with_junctions(functools.partial(frozen, cosine=m)), {"vin": "vin", **lines})
        if load is not None:
            couplings |= {f"r{k}_{port}": Resistor(f"{port}_n{k}", "0", load) for port in cell.outputs}
    if cell.shared:
        cells["wilson"] = Placed(WilsonBias.of(cell), lines)
    ramp = Pwl((0.0, RAMP, 2 * RAMP), (-reach, reach, -reach))
    outputs = [f"{port}_n{k}" for k in range(ANGLES) for port in cell.outputs]
    return Network(cells=cells, couplings=couplings, inputs={"vin": ramp}, outputs=outputs, title="calibration")


def calibration_testbenches(cell: PairedASN) -> list[Testbench]:
    """Return the two runs, without and with a load."""
    loads = (None, LOADED * cell.sizing.resistance)
    return [
        calibration_network(cell, load).testbench(stop=2 * RAMP, step=MOVE, save=("v(vin)", "i(vin_vin)"))
        for load in loads
    ]


def calibrate(cell: PairedASN, free: Waveforms, loaded: Waveforms) -> Calibration:
    """Return the calibration of a cell from the two runs of :func:`calibration_testbenches`."""
    v, curves = _surfaces(cell, free)
    _, under = _surfaces(cell, loaded)
    load = LOADED * cell.sizing.resistance
    outputs = {port: _output(v, curves[port], under[port], load) for port in cell.outputs}
    surface = curves["out"]
    return Calibration(
        falling=outputs["out"],
        rising=outputs.get("outb"),
        vdd=cell.vdd,
        C_in=_capacitance(free, outputs["out"]),
        v=v,
        mean=surface.mean(axis=0),
        deviation=surface.std(axis=0),
    )


def _surfaces(cell: PairedASN, waves: Waveforms) -> tuple[Array, dict[str, Array]]:
    """Return inputs and, for each output, the surface (angles, inputs), ramps up and down averaged."""
    time, vin = waves.time, waves["v(vin)"]
    v = np.linspace(float(vin.min()) * 0.97, float(vin.max()) * 0.97, POINTS)
    up, down = time <= RAMP, time >= RAMP
    surfaces = {}
    for port in cell.outputs:
        rows = []
        for k in range(ANGLES):
            out = waves[f"v({port}_n{k})"]
            rows.append((np.interp(v, vin[up], out[up]) + np.interp(v, vin[down][::-1], out[down][::-1])) / 2.0)
        surfaces[port] = np.array(rows)
    return v, surfaces


def _capacitance(waves: Waveforms, out: Output) -> float:
    """Return the charge that one gate takes from the ramp, up less down, over its voltage."""
    v, current, time = waves["v(vin)"], -waves["i(vin_vin)"], waves.time
    slope = (v.max() - v.min()) / RAMP
    near = np.abs(v - out.v0) < out.V0
    up, down = (float(np.mean(current[near & part])) for part in (time < RAMP, time > RAMP))
    return (up - down) / (2.0 * slope * ANGLES)


def _output(v: Array, free: Array, loaded: Array, load: float) -> Output:
    fit, under = (fit_tanh(v, surface.mean(axis=0)) for surface in (free, loaded))
    ratio = abs(fit.amplitude / fit.v0) / abs(under.amplitude / under.v0)
    level = float(fit(np.array([fit.offset]))[0])
    return Output(A=abs(fit.amplitude), V0=fit.v0, v0=fit.offset, level=level, r_out=load * max(ratio - 1.0, 0.0))
