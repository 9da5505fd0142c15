r"""A cell with its junction frozen: slow ramps of the input at fixed angles, and what is tabulated of them.

A macrospin at a fixed cosine c has the conductance of a two-state junction that stays antiparallel, with

.. math::
    R_P' = R_P, \quad \mathrm{TMR}' = \frac{1 + \mathrm{TMR}}{s} - 1, \quad V_{half}' = V_{half} \sqrt{s}, \quad
    s = 1 + \tfrac{1 + c}{2} \mathrm{TMR}

exactly, at every bias (from the law of :mod:`spinspice.devices.laws.resistance`). Such a junction asks for no time
steps of its own, so that a ramp costs a tenth of a second.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.bench import bench_circuit
from spinspice.cells.cell import Cell
from spinspice.devices import Device, Telegraph
from spinspice.errors import UsageError
from spinspice.stimuli import Ramp
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Barrier of a junction that stays [k_B T], the largest that the model takes; its critical voltage [V], current [A].
FROZEN, V_NEVER, I_NEVER = 200.0, 1e6, 1.0
#: Duration of a ramp across the supply [s] and its points, our choice: the output lags by some 0.1 ns, 4 uV of input.
RAMP, POINTS = 20e-6, 2000
#: Inputs and cosines of the tables, and points of the output stage: our choice, linear between them.
INPUTS, COSINES, LEVELS = 401, 9, 4001
#: Current out of the output [A] by which its resistance is measured: our choice, that of 0.4 V over 200 kOhm.
LOAD_CURRENT = 2e-6


def frozen(device: Device, cosine: float) -> Telegraph:
    """Return a junction that stands still at a cosine of its angle.

    Raises
    ------
    UsageError
        For a junction whose resistance is not that of a macrospin.
    """
    if not all(hasattr(device, name) for name in ("R_P", "TMR", "V_half", "px")):
        raise UsageError(
            f"a surrogate needs a Macrospin junction, got a {type(device).__name__}. Choose a preset of one: "
            "ganguly2018."
        )
    known: Any = device
    s = 1.0 + 0.5 * (1.0 + cosine) * known.TMR
    return Telegraph(
        R_P=known.R_P, TMR=max((1.0 + known.TMR) / s - 1.0, 0.0), V_half=known.V_half * math.sqrt(s), delta=FROZEN,
        V_c=V_NEVER, I_c=I_NEVER, state0=1.0, T=known.T or 300.0,
    )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Pins:
    """The one junction of a cell in signals: voltage of its free and of its reference side."""

    free: str
    reference: str

    @classmethod
    def of(cls, cell: Cell) -> Pins:
        """Return the pins of the one junction of a metered cell.

        Raises
        ------
        UsageError
            For a cell of several junctions.
        """
        if len(cell.devices) != 1:
            raise UsageError(
                f"{cell.kind} has {len(cell.devices)} junctions; a surrogate is extracted of a cell with one. "
                "Take asn, bsn, or a cell file with one junction."
            )
        (name,) = cell.devices
        first, second = (pin for pin in cell.pins if pin.block == name)
        # An ammeter sits at the first of the two: there the junction's own node has another name.
        card = next(words for words in map(str.split, str(cell).splitlines()) if cell.device.model in words)
        ends = (second, first) if second.node in (card[1], card[1].lower()) else (first, second)
        free, reference = (cell.node_signal(pin.node) for pin in ends)
        return cls(free, reference)

    @property
    def signals(self) -> tuple[str, ...]:
        """Both, without ground."""
        return tuple(name for name in (self.free, self.reference) if name != "v(0)")

    def voltage(self, waves: Waveforms) -> Array:
        """Return the voltage of the junction, free to reference [V]."""
        ends = [waves[name] if name != "v(0)" else 0.0 for name in (self.free, self.reference)]
        return np.asarray(ends[0] - ends[1])


def ramp_testbench(
    cell: Cell, cosine: float, *, current: float = 0.0, temperature: float = 300.0, nodes: Sequence[str] = ()
) -> Testbench:
    """Return a ramp of the input from rail to rail with the junction at a cosine, and a current [A] drawn from out.

    ``nodes`` of the cell are saved as well.
    """
    still = cell.with_junctions(lambda device: frozen(device, cosine))
    circuit = bench_circuit(still)
    low, high = still.rails
    circuit["Vin"].dc_value = f"dc {low!r} {Ramp(start=low, end=high, duration=RAMP).text()}"
    if current:
        circuit.I("draw", "out", circuit.gnd, current)
    inner = map(cell.node_signal, nodes)
    supplies = [f"{letter}({source.lower()})" for source in ("vdd", "vss") if source in still.ports for letter in "vi"]
    return Testbench.from_pyspice(
        circuit, stop=RAMP, step=RAMP / POINTS, parameters={"seed": 1}, temperature=temperature,
        save=tuple(dict.fromkeys(("v(vin)", "v(out)", *supplies, *Pins.of(cell).signals, *inner))),
        title=f"{cell.name} with a frozen junction, {cosine:g}",
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tables:
    """What ramps say, at inputs [V] (n,), cosines (k,) and voltages of the junction (l,).

    Attributes
    ----------
    v, c : arrays, shapes (n,), (k,)
    inner : array, shape (n, k)
        Voltage of the junction, free to reference [V].
    power : array, shape (n, k)
        Power that the supplies deliver [W].
    level : array, shape (l,)
        Voltages of the junction [V].
    output : array, shape (l,)
        Output at these [V].
    resistance : array, shape (l,)
        Of the output [Ohm].
    """

    v: Array
    c: Array
    inner: Array
    power: Array
    level: Array
    output: Array
    resistance: Array


def tables(cell: Cell, c: Array, plain: Sequence[Waveforms], drawn: Sequence[Waveforms]) -> tuple[Tables, float]:
    """Return the tables of ramps, and how much the output owes to anything but the inner node.

    Parameters
    ----------
    cell : Cell
    c : array, shape (k,)
        Cosines.
    plain : sequence of k runs
        Without a current out of the output.
    drawn : sequence of 2 k runs
        With minus :data:`LOAD_CURRENT`, then with plus that.

    Returns
    -------
    Tables
    float
        Largest distance of a ramp from the common curve of the output, in the median over the ramp, over the swing [1].
    """
    low, high = cell.rails
    v = np.linspace(low, high, INPUTS)
    pins = Pins.of(cell)

    def at(waves: Waveforms, values: Array) -> Array:
        return np.interp(v, waves["v(vin)"], values)

    inner = np.array([at(w, pins.voltage(w)) for w in plain]).T
    power = np.array([at(w, _supplied(w)) for w in plain]).T
    y, out = (np.concatenate(part) for part in ([pins.voltage(w) for w in plain], [w["v(out)"] for w in plain]))
    level = np.linspace(y.min(), y.max(), LEVELS)
    output = _single(y, out, level)
    swing = float(np.ptp(output))
    misses = [float(np.median(np.abs(np.interp(pins.voltage(w), level, output) - w["v(out)"]))) for w in plain]
    pairs = zip(drawn[: c.size], drawn[c.size :], strict=True)
    slopes = [(at(a, a["v(out)"]) - at(b, b["v(out)"])) / (2.0 * LOAD_CURRENT) for a, b in pairs]
    resistance = np.maximum(_single(inner.T.ravel(), np.ravel(slopes), level), 0.0)
    found = Tables(
        v=v, c=c, inner=inner, power=power, level=level, output=output, resistance=resistance,
    )  # fmt: skip
    return found, max(misses) / swing


def _single(x: Array, y: Array, grid: Array) -> Array:
    """Return the curve through points in any order, on a grid."""
    order = np.argsort(x, kind="stable")
    places, first = np.unique(x[order], return_index=True)
    return np.interp(grid, places, y[order][first])


def _supplied(waves: Waveforms) -> Array:
    """Return the power that the supplies deliver [W]."""
    total: Array = -waves["v(vdd)"] * waves["i(vdd)"]
    return total - waves["v(vss)"] * waves["i(vss)"] if "i(vss)" in waves else total
