r"""Energy audit: what sources deliver is what elements take, and every joule has a name.

.. math::
    \underbrace{\sum_s \int -v_s i_s\,dt}_{\text{delivered}} =
    \sum_e \int \sum_{\text{pins}} v\, i\,dt
    = \underbrace{\text{dissipated}}_{\text{junction, resistors, transistors}} +
    \underbrace{\tfrac12 C\,\Delta v^2}_{\text{stored}}

(Tellegen, Philips Res. Rep. 7, 259 (1952)). Both sides come from probes of their own: the sources' currents on one
side, an ammeter at every pin on the other, so a pin that was forgotten, a sign or a missing element shows. The energy
of a transistor includes the change of what its own capacitances store, which is at most about a fJ per um of width
and returns to the same value whenever the voltages do; over a run of many transitions it does not matter.

Static and switching: static is the power that a block would draw if its voltages stood still where they are
at each moment (its quasi-static power); switching is the rest, the charge moved by the transitions. A junction and a
resistor store nothing: all their power is static.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy_errors import PowerErrors, Series, power_errors, product_error
from spinspice.analysis.spectrum import CorrelationTime
from spinspice.errors import ResultError, check_range
from spinspice.panels import Curve, Panel
from spinspice.probes import Capacitor, Source, Terminal
from spinspice.results import Grid, Result
from spinspice.units import Estimate, engineering, with_error
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class QuasiStatic:
    """Power [W] of blocks that stand still, against the voltage that controls them.

    ``control`` is the controlling signal, ``voltage`` its values [V] in rising order, ``power`` one curve a block.
    """

    control: str
    voltage: NDArray[np.float64]
    power: Mapping[str, NDArray[np.float64]]

    def energies(self, block: str, waveforms: Waveforms) -> Array:
        """Return the static energy [J] of a block between time points, along the waveform of its control."""
        power = np.interp(waveforms[self.control], self.voltage, self.power[block])
        steps: Array = np.diff(waveforms.time) * 0.5 * (power[1:] + power[:-1])
        return steps


@dataclasses.dataclass(frozen=True)
class EnergyAudit(Result):
    """Energies [J] over a stretch of time.

    Parameters
    ----------
    duration : float
        Length of the stretch [s].
    delivered : mapping
        Source -> energy it gave.
    elements : mapping
        (block, element) -> energy it took.
    stored : mapping
        Capacitor -> growth of its energy.
    static : mapping
        Block -> quasi-static part of what it took; blocks that were not examined are missing.
    errors : PowerErrors
        Standard errors of the mean powers.
    """

    duration: float
    delivered: Mapping[str, float]
    elements: Mapping[tuple[str, str], float]
    stored: Mapping[str, float]
    static: Mapping[str, float]
    errors: PowerErrors

    @property
    def title(self) -> str:
        """One line that says what this is."""
        return f"Energy over {engineering(self.duration, 's')}"

    def _summary(self) -> str:
        power = with_error(self.total_power, self.errors.total, "W")
        return f"{power} over {engineering(self.duration, 's')}, {len(self.power)} blocks, closes to {self.closure:.1e}"

    def tables(self) -> tuple[Grid, ...]:
        """Return the mean power by block and by source as a table."""
        rows = [(name, with_error(watts, self.errors.power.get(name), "W")) for name, watts in self.power.items()]
        rows += [
            (f"source {name}", with_error(-joules / self.duration, self.errors.delivered.get(name), "W"))
            for name, joules in self.delivered.items()
        ]
        return (Grid("Mean power (sources are negative: they deliver)", ("block", "power"), rows),)

    def panels(self) -> tuple[Panel, ...]:
        """Return the mean power by block as a figure."""
        blocks = dict(sorted(self.power.items(), key=lambda item: -item[1]))
        errors = [np.nan_to_num(self.errors.power.get(name, np.nan)) for name in blocks]
        watts = 1e6 * np.array(list(blocks.values()))
        bars = Curve(x=np.arange(len(blocks)), y=watts, yerr=1e6 * np.array(errors), kind="bars")
        names = tuple(name.replace("_", " ") for name in blocks)
        panel = Panel(title="Mean power by block", xlabel="", ylabel="power [µW]", curves=(bars,), ticks=names)
        return (panel,)

    def estimates(self) -> dict[str, Estimate]:
        """Return the mean power of all sources and of each block [W]."""
        blocks = {f"power of {name}": Estimate(w, self.errors.power.get(name), "W") for name, w in self.power.items()}
        return {"total power": Estimate(self.total_power, self.errors.total, "W"), **blocks}

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the mean power [W] of each element, with its standard error, as columns."""
        keys = list(self.elements)
        columns = {
            "block": [block for block, _ in keys],
            "element": [element for _, element in keys],
            "power": np.array([self.elements[key] / self.duration for key in keys]),
            "power_stderr": np.array([self.errors.elements.get(key, np.nan) for key in keys]),
        }
        return columns, {"power": "W", "power_stderr": "W"}

    @property
    def blocks(self) -> dict[str, float]:
        """Energy [J] by block."""
        total: dict[str, float] = {}
        for (block, _element), energy in self.elements.items():
            total[block] = total.get(block, 0.0) + energy
        return total

    @property
    def power(self) -> dict[str, float]:
        """Mean power [W] by block."""
        return {block: energy / self.duration for block, energy in self.blocks.items()}

    @property
    def static_power(self) -> dict[str, float]:
        """Mean quasi-static power [W] by block."""
        return {block: energy / self.duration for block, energy in self.static.items()}

    @property
    def switching_power(self) -> dict[str, float]:
        """Mean power [W] by block beyond the quasi-static one."""
        return {block: self.power[block] - static for block, static in self.static_power.items()}

    @property
    def total_power(self) -> float:
        """Mean power [W] that the sources deliver."""
        return sum(self.delivered.values()) / self.duration

    @property
    def closure(self) -> float:
        """(delivered - taken by elements - stored) / delivered [1]; zero when nothing is missing."""
        given = sum(self.delivered.values())
        return (given - sum(self.elements.values()) - sum(self.stored.values())) / given

    def per_decision(self, tau: float) -> float:
        """Return the energy of one decision [J]: total power times ``tau`` [s].

        Our definition: a free-running stochastic neuron decides afresh once it has forgotten its last output, so a
        decision takes one autocorrelation time of the output, and the whole cell is paid for that long.
        """
        return self.total_power * check_range("tau", tau, 0.0, np.inf, unit="s", open_low=True, where="per_decision")

    def per_decision_stderr(self, tau: float, tau_stderr: float) -> float:
        """Return the standard error of :meth:`per_decision` [J], from those of power and ``tau`` [s]."""
        return product_error(self.total_power, self.errors.total, tau, tau_stderr)

    def to_dict(self, tau: CorrelationTime | None = None) -> dict[str, Any]:
        """Return plain data: powers [W], closure and, with ``tau``, the energy per decision [J], with standard errors.

        The closure has no chance in it: it is what the solver leaves.
        """
        data: dict[str, Any] = {
            "power": self.power,
            "power_stderr": dict(self.errors.power),
            "total_power": self.total_power,
            "total_power_stderr": self.errors.total,
            "static": self.static_power,
            "static_stderr": dict(self.errors.static),
            "switching": self.switching_power,
            "switching_stderr": dict(self.errors.switching),
            "closure": self.closure,
        }
        if tau is not None:
            data |= {
                "per_decision": self.per_decision(tau.fwhm),
                "per_decision_stderr": self.per_decision_stderr(tau.fwhm, tau.fwhm_stderr),
                "decision_time": tau.fwhm,
                "decision_time_stderr": tau.fwhm_stderr,
            }
        return data


def audit(
    waveforms: Waveforms,
    terminals: Iterable[Terminal],
    sources: Iterable[Source],
    capacitors: Iterable[Capacitor] = (),
    *,
    quasi_static: QuasiStatic | None = None,
    ohmic: Iterable[str] = (),
    independent: float = math.inf,
) -> EnergyAudit:
    """Account for the energy in waveforms (take a :meth:`Waveforms.window` to leave out a warm-up).

    Parameters
    ----------
    waveforms : Waveforms
        Holding every signal named below, on the time points of the solver.
    terminals, sources, capacitors
        What to account for.
    quasi_static : QuasiStatic, optional
        Static power of blocks.
    ohmic : iterable of str
        Blocks that store nothing, so that all they take is static.
    independent : float
        Most independent samples in the waveforms (:func:`spinspice.analysis.junctions.independent_of`), for the
        standard errors.

    Raises
    ------
    SignalError
        If a signal is missing.
    ResultError
        If the waveforms hold fewer than two points, or the sources deliver nothing.
    """
    time = waveforms.time
    if time.size < 2:
        raise ResultError(f"an energy audit needs a stretch of time, got {time.size} point(s). Lengthen the run.")
    series = Series(time, independent)
    given = {source.name: -_energies(waveforms, source.voltage, source.current) for source in sources}
    if not sum(float(energies.sum()) for energies in given.values()) > 0.0:
        raise ResultError(
            f"the sources {', '.join(given) or '(none)'} deliver no energy: an audit needs every source of the "
            "circuit, each with its node and its own current."
        )
    taken: dict[tuple[str, str], Array] = {}
    for pin in terminals:
        key = (pin.block, pin.element)
        taken[key] = taken.get(key, np.zeros(time.size - 1)) + pin.sign * _energies(waveforms, pin.voltage, pin.current)
    stored = {c.name: 0.5 * c.capacitance * float(np.diff(waveforms[c.voltage][[0, -1]] ** 2)[0]) for c in capacitors}
    standing: dict[str, Array] = {}
    for block in ohmic:
        if elements := [energies for (name, _), energies in taken.items() if name == block]:
            standing[block] = np.sum(elements, axis=0)
    if quasi_static is not None:
        standing |= {block: quasi_static.energies(block, waveforms) for block in quasi_static.power}
    errors = power_errors(
        series,
        {name: series.of(energies) for name, energies in given.items()},
        {key: series.of(energies) for key, energies in taken.items()},
        {block: series.of(energies) for block, energies in standing.items()},
    )
    return EnergyAudit(
        duration=float(time[-1] - time[0]),
        delivered={name: float(energies.sum()) for name, energies in given.items()},
        elements={key: float(energies.sum()) for key, energies in taken.items()},
        stored=stored,
        static={block: float(energies.sum()) for block, energies in standing.items()},
        errors=errors,
    )


def delivered(waveforms: Waveforms, source: Source) -> float:
    """Return the energy that a source gave over the waveforms [J]."""
    return -float(np.sum(_energies(waveforms, source.voltage, source.current)))


def _energies(waveforms: Waveforms, voltage: str, current: str) -> Array:
    """Return the time integrals [J] of v(t) i(t) between time points, both linear there (so the product is exact)."""
    v, i = waveforms[voltage], waveforms[current]
    steps = np.diff(waveforms.time)
    product = (2 * v[:-1] * i[:-1] + 2 * v[1:] * i[1:] + v[:-1] * i[1:] + v[1:] * i[:-1]) / 6
    energies: Array = steps * product
    return energies
