"""The three stages of a characterisation: find the transition, measure the transfer curve, measure noise and energy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import audit
from spinspice.analysis.junctions import independent_of, why_unknown
from spinspice.analysis.statistics import FEW_SAMPLES
from spinspice.analysis.transfer import FEWEST_POINTS, TanhFit, fit_tanh
from spinspice.characterize import bench
from spinspice.characterize.inputs import AutoVin, Vin
from spinspice.characterize.result import Characterization, EnergySplit, Noise, Transfer
from spinspice.characterize.settings import Settings, make_settings
from spinspice.characterize.stages import (
    NoiseRun,
    Point,
    covering_inputs,
    curves_of,
    find_transition,
    noise_of,
    reduce_point,
    transfer_curve,
)
from spinspice.energy import energy_signals, output_loads, quasi_static, sources, terminals
from spinspice.engines import Engine, get_engine
from spinspice.errors import EngineError, ResultError
from spinspice.jobs import JobFailure, JobsInterrupted, run_jobs
from spinspice.presets import Preset
from spinspice.replay import replayable
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

if TYPE_CHECKING:
    from spinspice.cells import Cell, CellFile
    from spinspice.devices import Device

#: Called as runs end: name of the stage, runs done in it, runs of it.
StageProgress = Callable[[str, int, int], None]


class CharacterizationInterrupted(KeyboardInterrupt):
    """Ctrl-C during a characterisation; :attr:`result` holds what was done, or None if no curve can be made of it."""

    def __init__(self, result: Characterization | None) -> None:
        super().__init__("interrupted")
        self.result = result


@replayable("characterize")
def characterize(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None = None,
    *,
    cmos: str | None = None,
    vdd: float | None = None,
    engine: str | Engine = "auto",
    model: str | None = None,
    vin: Vin = "auto:17",
    duration: float | str | None = None,
    trials: int = 4,
    seed: int = 1,
    mismatch: int | None = None,
    temperature: float | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Characterization:
    """Characterise a neuron cell in a SPICE engine.

    Parameters
    ----------
    cell : str, CellFile or Cell
        ``"asn"``, ``"bsn"``, the path of a cell file (docs/import.md), or a cell that you built.
    preset : str, Preset or Device, optional
        Junction; default the one the cell was published with, or that of the cell file.
    cmos : str, optional
        Transistor technology; default that of the cell file, else ``generic``.
    vdd : float, optional
        Supply [V]; default that of the preset.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`.
    vin : str, float or sequence of float
        ``"auto:N"`` (N points across the transition, which is found first), ``"START:STOP:N"`` in volts, or inputs [V]:
        a number, a list, an array, or text with commas. Fewer than five make no fit; noise and energy are then
        measured at their mean.
    duration : float or str, optional
        Length of each run [s], its first tenth being warm-up. Default 50 ns for a macrospin, 300 mean stays for a
        telegraph junction.
    trials : int
        Runs at each input, each with its own seed.
    seed : int
        Seed of all noise: the same seed gives the same result to the last bit.
    mismatch : int, optional
        Seed of transistors that differ from those drawn alike (:meth:`spinspice.cmos.Technology.with_mismatch`): one
        instance of many. None for transistors that are all as drawn.
    temperature : float, optional
        Of transistors and junctions [K]; default 300 K and the junctions' own. Sizes stay those of the nominal
        junction; of what depends on temperature in a magnet, only the noise does here (docs/theory.md, 8).
    workers : int, optional
        Runs at a time; default one for every processor. Does not enter the result.
    progress : callable, optional
        Called as runs end: ``progress(stage, done, total)``.
    trust : bool
        As for :meth:`spinspice.cells.CellFile.load`.
    parameters : mapping, optional
        Parameters of the netlist of a cell file, set to numbers (sizes such as ``win`` in ``w={win}``).

    Returns
    -------
    Characterization

    Raises
    ------
    UsageError
        For an unknown name or a number out of range.
    EngineError
        If runs fail so that no curve can be measured. Single failures cost their trial and are listed in ``failures``.
    ResultError
        If there is no transition to be found.
    CharacterizationInterrupted
        On Ctrl-C; carries what was done.
    """
    settings = make_settings(
        cell,
        preset,
        cmos=cmos,
        vdd=vdd,
        vin=vin,
        duration=duration,
        trials=trials,
        seed=seed,
        mismatch=mismatch,
        trust=trust,
        parameters=parameters,
        temperature=temperature,
    )
    return _Run(settings, get_engine(engine, model), workers, progress).all()


class _Run:
    """State of one characterisation: what was measured so far, notes and failures."""

    def __init__(self, settings: Settings, engine: Engine, workers: int | None, progress: StageProgress | None) -> None:
        self.settings, self.engine, self.workers, self.progress = settings, engine, workers, progress
        self.cell, note = bench.resolvable(settings.cell, settings.duration)
        self.notes = [*settings.cell.notes, *settings.notes, *([note] if note else [])]
        self.failures: list[str] = []
        self.provenance: dict[str, Any] = {}

    def all(self) -> Characterization:
        """Go through the stages."""
        try:
            inputs = self._find() if isinstance(self.settings.vin, AutoVin) else self.settings.vin.values
        except JobsInterrupted:
            raise CharacterizationInterrupted(None) from None
        try:
            points = self._transfer(inputs)
        except JobsInterrupted as stopped:
            raise CharacterizationInterrupted(self._partial(inputs, stopped.results)) from None
        transfer = transfer_curve(inputs, points)
        fit = None
        if inputs.size >= FEWEST_POINTS:
            fit = self._fit(transfer)
        else:
            self.notes.append(f"no fit: {inputs.size} inputs, and a tanh has four parameters")
        try:
            noise, energy, curves = self._noise(float(fit.middle if fit else np.mean(inputs)))
        except JobsInterrupted:
            self.notes.append("interrupted before noise and energy were measured")
            raise CharacterizationInterrupted(self._result(transfer, fit, None, None, {})) from None
        return self._result(transfer, fit, noise, energy, curves)

    def _find(self) -> NDArray[np.float64]:
        """Return inputs that cover the transition."""
        assert isinstance(self.settings.vin, AutoVin)
        return covering_inputs(self.settings.vin.points, self.cell.middle, self.cell.vdd / 2, self._sweep)

    def _sweep(self, number: int, ramps: Sequence[tuple[float, float]]) -> tuple[float, float]:
        """Sweep the input slowly up and down, and return middle and width V0 [V] of the transition."""
        s = self.settings
        bases = [bench.cell_testbench(self.cell, stop=s.duration, vin=ramp) for ramp in ramps]
        jobs = [self._one(base, "find", 2 * number + i, 0) for i, base in enumerate(bases)]
        traces = self._batch("find", jobs, lambda w: bench.sampled(w, "v(out)", s.sample_times))
        if any(trace is None for trace in traces):
            raise EngineError(f"the transition could not be looked for: {self.failures[0]}")
        return find_transition(ramps, s.sample_times / s.duration, traces)

    def _transfer(self, inputs: NDArray[np.float64]) -> list[list[Point]]:
        """Run all inputs and trials: trial by trial, so that an early end leaves a whole curve of fewer trials."""
        s = self.settings
        base = bench.cell_testbench(self.cell, stop=s.duration, save=bench.junction_signals(self.cell))
        jobs = [
            self._one(base, "transfer", i, trial, vin=float(value))
            for trial in range(s.trials)
            for i, value in enumerate(inputs)
        ]
        results = self._batch("transfer", jobs, lambda w: reduce_point(self.cell, w, s.sample_times))
        points = _by_input(inputs, results)
        reached = sum(bool(trials) for trials in points)
        if reached < min(FEWEST_POINTS, len(points)):
            raise EngineError(
                f"runs succeeded at {reached} of {len(points)} inputs only, too few for a transfer curve. "
                f"The first failure: {self.failures[0]}"
            )
        return points

    def _noise(self, vin: float) -> tuple[Noise | None, EnergySplit | None, dict[str, Any]]:
        """Run one input, the middle of the transition, with everything saved that noise and energy need."""
        s, cell = self.settings, self.cell
        probed = cell.rebuilt(probes="elements")
        states = bench.junction_signals(cell)
        full = bench.cell_testbench(probed, stop=s.duration, save=(*energy_signals(probed), *states))
        plain = bench.cell_testbench(cell, stop=s.duration, save=states)
        bases = [full] + [plain] * (s.trials - 1)
        jobs = [self._one(base, "noise", 0, trial, vin=vin) for trial, base in enumerate(bases)]
        runs = [run for run in self._batch("noise", jobs, self._reduce_noise) if run is not None]
        if not runs:
            self.notes.append("no noise and energy: all runs at the middle of the transition failed")
            return None, None, {}
        noise, notes = noise_of(runs, vin, s.sample_step)
        self.notes += notes
        if unknown := why_unknown(noise.independent, len(runs), s.duration - s.warm_up):
            self.notes.append(f"noise and energy at {vin:.4g} V: {unknown}")
        curves = curves_of([run.output for run in runs], noise, s.sample_step, s.warm_up)
        whole = next((run for run in runs if run.waveforms is not None), None)
        if whole is None:
            self.notes.append("no energy: the run with an ammeter at every pin failed")
            return noise, None, curves
        try:
            return noise, self._energy(probed, whole.waveforms, whole.independent, noise), curves
        except (EngineError, ResultError) as reason:
            self.notes.append(f"no energy: {reason}")
            return noise, None, curves

    def _reduce_noise(self, waveforms: Waveforms) -> NoiseRun:
        """Keep output and junction on the common grid; of the run with all ammeters, everything after the warm-up."""
        s = self.settings
        output = bench.sampled(waveforms, "v(out)", s.sample_times)
        state = bench.junction_state(self.cell, waveforms, s.sample_times)
        independent = independent_of(bench.probes(self.cell), waveforms, s.sample_times)
        audited = "i(vdd)" in waveforms
        return NoiseRun(output, state, independent, waveforms.window(s.warm_up) if audited else None)

    def _energy(self, probed: Cell, waveforms: Waveforms, independent: float, noise: Noise) -> EnergySplit:
        """Account for the energy of the run with an ammeter at every pin, which holds so many independent samples."""
        standing = quasi_static(self.cell, noise.vin, self.engine, temperature=self.settings.temperature)
        account = audit(
            waveforms,
            terminals(probed),
            sources(probed),
            output_loads(probed),
            quasi_static=standing,
            ohmic=probed.devices,
            independent=independent,
        )
        details = account.to_dict(noise.output)
        own = {name: details.pop(name, None) for name in ("power", "per_decision", "closure")}
        return EnergySplit(own["power"], own["per_decision"], own["closure"], details)

    def _one(self, base: Testbench, stage: str, point: int, trial: int, **changed: float) -> Testbench:
        """Return one run: the testbench with its seed, and its input where that is a parameter."""
        s = self.settings
        values = {**base.parameters, **changed, "seed": s.run_seed(stage, point, trial)}
        return base.replace(
            parameters=values,
            temperature=s.temperature,
            title=f"{self.cell.name} {s.preset} {stage} {point} trial {trial}",
        )

    def _batch(self, stage: str, jobs: Sequence[Testbench], reduce: Callable[[Waveforms], Any]) -> list[Any]:
        """Run jobs; a failed one becomes None and is noted."""

        def reduced(waveforms: Waveforms) -> Any:
            made = {name: waveforms.provenance.get(name) for name in ("engine", "engine_version", "version", "model")}
            self.provenance.update({name: value for name, value in made.items() if value is not None})
            self.notes += [note for note in waveforms.provenance.get("notes", ()) if note not in self.notes]
            return reduce(waveforms)

        def report(done: int, total: int, _result: Any) -> None:
            if self.progress is not None:
                self.progress(stage, done, total)

        if self.progress is not None:
            self.progress(stage, 0, len(jobs))
        results = run_jobs(jobs, engine=self.engine, workers=self.workers, reduce=reduced, progress=report)
        self.failures += [str(result) for result in results if isinstance(result, JobFailure)]
        return [None if isinstance(result, JobFailure) else result for result in results]

    def _partial(self, inputs: NDArray[np.float64], results: list[Any]) -> Characterization | None:
        """Return what can be made of the runs that were done before an interruption."""
        done = [None if isinstance(result, JobFailure) else result for result in results]
        points = _by_input(inputs, done)
        if sum(bool(trials) for trials in points) < FEWEST_POINTS:
            return None
        self.notes.append(f"interrupted after {sum(p is not None for p in done)} of {len(results)} runs")
        transfer = transfer_curve(inputs, points)
        return self._result(transfer, self._fit(transfer), None, None, {})

    def _fit(self, transfer: Transfer) -> TanhFit:
        """Fit the tanh, and note what the curve does not resolve."""
        fit = fit_tanh(transfer.vin, transfer.mean, transfer.stderr, supply=self.cell.rails)
        if not fit.resolved:
            self.notes.append(f"the transition is {fit.verdict}; {fit.reason}")
        unknown = ~np.isfinite(transfer.stderr)
        if unknown.any():
            self.notes.append(
                f"standard error unknown at {int(unknown.sum())} of {unknown.size} inputs: fewer than "
                f"{FEW_SAMPLES:g} independent samples there, for the junction hardly switched within the runs"
            )
        return fit

    def _result(
        self,
        transfer: Transfer,
        fit: TanhFit | None,
        noise: Noise | None,
        energy: EnergySplit | None,
        curves: dict[str, Any],
    ) -> Characterization:
        s, cell = self.settings, self.settings.cell
        return Characterization(
            cell=cell.kind,
            preset=s.preset,
            engine=self.engine.name,
            seed=s.seed,
            transfer=transfer,
            fit=fit,
            noise=noise,
            energy=energy,
            settings={
                "cmos": cell.technology.name,
                "corner": cell.technology.corner,
                "mismatch": cell.technology.mismatch,
                "parameters": dict(cell.parameters),
                "vdd": cell.vdd,
                "temperature": s.temperature,
                "model": self.engine.model,
                "duration": s.duration,
                "warm_up": s.warm_up,
                "sample_step": s.sample_step,
                "trials": s.trials,
            },
            provenance={
                **self.provenance,
                "junction": {"model": cell.device.model, **cell.device.parameters()},
                "sizing": dataclasses.asdict(cell.sizing) if cell.sizing else None,
            },
            notes=tuple(self.notes),
            failures=tuple(self.failures),
            **curves,
        )


def _by_input(inputs: NDArray[np.float64], results: Sequence[Any]) -> list[list[Point]]:
    """Sort the results of all trials by input; runs that are missing leave their list shorter."""
    n = len(inputs)
    return [[result for result in results[i::n] if result is not None] for i in range(n)]
