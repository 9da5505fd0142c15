"""Energy audit of a cell: builds it with an ammeter at every pin, runs it, and accounts for every joule."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from spinspice.analysis.energy import Capacitor, EnergyAudit, QuasiStatic, Source, Terminal, audit
from spinspice.analysis.junctions import independent_of, probe, why_unknown
from spinspice.analysis.spectrum import CorrelationTime, correlation_time
from spinspice.budget import check_runs
from spinspice.cells import Cell, bench_circuit, mean_resistance
from spinspice.cells.bench import LOAD
from spinspice.cells.plausible import input_doubts
from spinspice.devices import Telegraph
from spinspice.engines import DEFAULT_TIMEOUT, Engine, get_engine
from spinspice.errors import check_is, check_range
from spinspice.panels import Panel
from spinspice.results import Grid, Result
from spinspice.stimuli import Ramp
from spinspice.testbench import Testbench
from spinspice.units import Estimate
from spinspice.waveforms import Waveforms

#: Start of a run that is left out, while the circuit and the magnet settle [s].
WARM_UP = 2e-9
#: Length of the slow ramp that measures quasi-static power [s]: displacement currents are then below 1 nA.
RAMP = 20e-6
_INSTANCE = "x1"


@dataclasses.dataclass(frozen=True)
class CellEnergy(Result):
    """Audit of a cell at one input.

    Parameters
    ----------
    vin : float
        Input [V].
    audit : EnergyAudit
        Energies, powers, closure.
    tau : CorrelationTime or None
        Correlation time of the output; None where the output does not move.
    provenance : dict
        How the run was made.
    independent : float
        Independent samples that the run holds of the junction; standard errors are unknown below 10.
    notes : tuple of str
        What the reader must know.
    """

    vin: float
    audit: EnergyAudit
    tau: CorrelationTime | None
    provenance: dict[str, Any]
    independent: float
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """One line that says what this is."""
        numbers = self.estimates()
        decision = f", {numbers['energy per decision']} per decision" if "energy per decision" in numbers else ""
        return f"Vin = {self.vin:g} V: {numbers['total power']}{decision}"

    def tables(self) -> tuple[Grid, ...]:
        """Return the tables of the audit."""
        return self.audit.tables()

    def panels(self) -> tuple[Panel, ...]:
        """Return the figures of the audit."""
        return self.audit.panels()

    def estimates(self) -> dict[str, Estimate]:
        """Return the powers of the audit [W] and, where the output moves, time [s] and energy [J] of a decision."""
        if self.tau is None:
            return self.audit.estimates()
        decision = {
            "energy per decision": Estimate(self.per_decision, self.per_decision_stderr, "J"),
            "decision time": self.tau.estimates()["fwhm"],
        }
        return self.audit.estimates() | decision

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the columns of the audit."""
        return self.audit.records()

    @property
    def per_decision(self) -> float | None:
        """Energy [J] of one decision: total power times the correlation time (full width at half maximum)."""
        return None if self.tau is None else self.audit.per_decision(self.tau.fwhm)

    @property
    def per_decision_stderr(self) -> float | None:
        """Standard error of the energy of one decision [J]; NaN is unknown."""
        return None if self.tau is None else self.audit.per_decision_stderr(self.tau.fwhm, self.tau.fwhm_stderr)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        data = {"vin": self.vin, "independent": self.independent} | self.audit.to_dict(self.tau)
        return data | {"notes": list(self.notes)}


def sources(cell: Cell) -> tuple[Source, ...]:
    """Return the sources of the bench of a cell."""
    named = {"vdd": "vdd", "vss": "vss", "vin": "vin"} | {port: f"vbias_{port}" for port in cell.bias}
    named |= {port: f"vdrive_{port}" for port in cell.sources}
    return tuple(Source(node, f"v({node})", f"i({name})") for node, name in named.items())


def output_loads(cell: Cell, load: float = LOAD) -> list[Capacitor]:
    """Return the loads of :func:`spinspice.cells.bench.add_loads`, of ``load`` [F] each."""
    return [Capacitor("load" if port == "out" else f"load_{port}", f"v({port})", load) for port in cell.outputs]


def terminals(cell: Cell, instance: str = _INSTANCE) -> list[Terminal]:
    """Return the pins of a cell with their probes, for :func:`spinspice.analysis.energy.audit`."""
    return cell.pin_signals(instance)


def energy_signals(cell: Cell, instance: str = _INSTANCE) -> tuple[str, ...]:
    """Return every signal that an audit of the cell needs, for ``Testbench.save``."""
    pins = terminals(cell, instance)
    names = [name for source in sources(cell) for name in (source.voltage, source.current)]
    names += [pin.voltage for pin in pins] + [pin.current for pin in pins]
    names += [name for signals in cell.state_signals(instance).values() for name in signals]
    names += [*(f"v({port})" for port in cell.outputs), *(["v(mid)"] if "mid" in cell.ports else [])]
    return tuple(dict.fromkeys(names))


def audit_cell(
    cell: Cell,
    *,
    vin: float | None = None,
    duration: float = 100e-9,
    seed: int = 1,
    load: float = LOAD,
    warm_up: float = WARM_UP,
    engine: str | Engine = "auto",
    model: str | None = None,
    timeout: float = DEFAULT_TIMEOUT,
    temperature: float = 300.0,
) -> CellEnergy:
    """Run a cell with an ammeter at every pin and account for its energy.

    Parameters
    ----------
    cell : Cell
        Any probes: it is built anew with ``probes="elements"``.
    vin : float, optional
        Input [V]; default the middle of the supply.
    duration : float
        Length of the run [s], of which ``warm_up`` is left out.
    seed : int
        Seed of the junction.
    load : float
        Capacitance at the output [F].
    engine, model, timeout
        As for :func:`spinspice.engines.get_engine` and ``Engine.run``.
    temperature : float
        Of the transistors [K]; the junction carries its own.

    Raises
    ------
    ParameterError
        For a duration not longer than the warm-up.
    EngineError
        If a run failed.
    """
    from spinspice.studies.inputs import one_input  # above this module; it imports it

    hint = "Lengthen the run"
    check_range("duration", duration, warm_up, 1e6, unit="s", open_low=True, where="audit_cell", hint=hint)
    solver = get_engine(engine, model)
    check_is(cell, Cell, "cell", "a cell that you built, such as BSN(junction)")
    vin = cell.middle if vin is None else one_input(vin)
    input_doubts(cell.rails, vin, warn=True)
    bench = audit_testbench(cell, vin, duration=duration, seed=seed, load=load, temperature=temperature)
    timeout = max(timeout, 10.0 * check_runs([bench], solver, 1)) if timeout == DEFAULT_TIMEOUT else timeout
    waveforms = solver.run(bench, timeout=timeout)
    standing = quasi_static(cell, vin, solver, timeout=timeout, temperature=temperature)
    return account_of(cell, vin, waveforms, standing, load=load, warm_up=warm_up)


def audit_testbench(
    cell: Cell, vin: float, *, duration: float, seed: int, load: float = LOAD, temperature: float = 300.0
) -> Testbench:
    """Return the run of :func:`audit_cell`, with an ammeter at every pin."""
    probed = cell.rebuilt(probes="elements")
    return Testbench.from_pyspice(
        bench_circuit(probed, load),
        stop=duration,
        step=min(device.time_step(duration) for device in probed.devices.values()),
        save=energy_signals(probed),
        parameters={"vin": vin, "seed": seed},
        temperature=temperature,
        title=f"energy audit of {cell.name}",
    )


def account_of(
    cell: Cell,
    vin: float,
    run: Waveforms,
    standing: QuasiStatic | None,
    *,
    load: float = LOAD,
    warm_up: float = WARM_UP,
) -> CellEnergy:
    """Account for the energy of a run of :func:`audit_testbench`, with what :func:`quasi_static` measured."""
    probed = cell.rebuilt(probes="elements")
    waveforms = run.window(warm_up)
    length = float(waveforms.time[-1] - waveforms.time[0])
    junctions = [probe(device, probed.state_signals()[name]) for name, device in probed.devices.items()]
    times = np.linspace(waveforms.time[0], waveforms.time[-1], waveforms.time.size)
    independent = independent_of(junctions, waveforms, times)
    unknown = why_unknown(independent, 1, length)
    result = audit(
        waveforms,
        terminals(probed),
        sources(probed),
        output_loads(cell, load),
        quasi_static=standing,
        ohmic=probed.devices,
        independent=independent,
    )
    tau = _correlation(waveforms, cell.vdd)
    if tau is not None and unknown:
        tau = dataclasses.replace(tau, fwhm_stderr=math.nan, decay_stderr=math.nan)
    notes = (*waveforms.provenance.get("notes", ()), *([unknown] if unknown else []))
    return CellEnergy(vin, result, tau, waveforms.provenance, independent, notes)


def quasi_static(
    cell: Cell,
    vin: float,
    engine: str | Engine = "auto",
    *,
    timeout: float = DEFAULT_TIMEOUT,
    temperature: float = 300.0,
) -> QuasiStatic | None:
    """Measure the power of the cell's transistor blocks against the voltage of the midpoint, standing still.

    A source forces the midpoint slowly from rail to rail. The junction is irrelevant then; a stable one stands in.
    None for a cell without midpoint, or with several junctions or a clock: no single voltage commands its blocks.
    """
    bench = quasi_static_testbench(cell, vin, temperature=temperature)
    return None if bench is None else quasi_static_of(cell, get_engine(engine).run(bench, timeout=timeout))


def _standing(cell: Cell) -> Cell:
    """Return a cell with a stable junction of the mean resistance."""
    frozen = Telegraph(R_P=mean_resistance(cell.device, cell.vdd / 2), TMR=0.0, delta=200.0, V_c=1e3)
    return cell.with_junctions(lambda _: frozen)


def quasi_static_testbench(cell: Cell, vin: float, *, temperature: float = 300.0) -> Testbench | None:
    """Return the run of :func:`quasi_static`, or None."""
    if "mid" not in cell.ports or len(cell.devices) > 1 or cell.sources:
        return None
    still = _standing(cell)
    circuit = bench_circuit(still, load=0.0)
    low, high = cell.rails
    circuit.V("mid", "mid", circuit.gnd, Ramp(start=low, end=high, duration=RAMP).text())
    return Testbench.from_pyspice(
        circuit,
        stop=RAMP,
        step=RAMP / 400,
        save=energy_signals(still),
        parameters={"vin": vin, "seed": 1},
        temperature=temperature,
        title=f"quasi-static power of {cell.name}",
    )


def quasi_static_of(cell: Cell, waveforms: Waveforms) -> QuasiStatic:
    """Return what a run of :func:`quasi_static_testbench` says."""
    power: dict[str, np.ndarray] = {}
    for pin in terminals(_standing(cell)):
        if pin.block not in cell.devices:
            flow = pin.sign * waveforms[pin.voltage] * waveforms[pin.current]
            power[pin.block] = power.get(pin.block, 0.0) + flow
    return QuasiStatic("v(mid)", waveforms["v(mid)"], power)


def _correlation(waveforms: Waveforms, vdd: float) -> CorrelationTime | None:
    """Return the correlation time of the output, or None where it stands still (below a thousandth of the supply)."""
    even = waveforms.resample(float(np.median(np.diff(waveforms.time))))
    if np.std(even["v(out)"]) < 1e-3 * vdd:
        return None
    return correlation_time(even["v(out)"], float(even.time[1] - even.time[0]))
