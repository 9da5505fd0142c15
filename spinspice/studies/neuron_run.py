"""The three stages of a characterisation: find the transition, measure the transfer curve, measure noise and energy."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.energy import audit
from spinspice.analysis.junctions import independent_of, why_unknown
from spinspice.analysis.statistics import FEW_SAMPLES
from spinspice.analysis.transfer import FEWEST_POINTS, TanhFit, fit_tanh
from spinspice.benches import cell as bench
from spinspice.energy import energy_signals, output_loads, quasi_static_of, quasi_static_testbench, sources, terminals
from spinspice.errors import EngineError, ResultError
from spinspice.jobs import JobFailure, JobsInterrupted
from spinspice.studies.base import Batch, Point, Steps
from spinspice.studies.inputs import AutoVin
from spinspice.studies.neuron_result import Characterization, EnergySplit, Noise, Transfer
from spinspice.studies.neuron_settings import Settings
from spinspice.studies.neuron_stages import (
    NoiseRun,
    PointRuns,
    covering_inputs,
    curves_of,
    find_transition,
    noise_of,
    reduce_point,
    transfer_curve,
)
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

if TYPE_CHECKING:
    from spinspice.cells import Cell


class CharacterizationInterrupted(KeyboardInterrupt):
    """Ctrl-C during a characterisation; :attr:`result` holds what was done, or None if no curve can be made of it."""

    def __init__(self, result: Characterization | None) -> None:
        super().__init__("interrupted")
        self.result = result


class Characterizing:
    """State of one characterisation: what was measured so far, notes and failures."""

    def __init__(self, settings: Settings, point: Point) -> None:
        self.settings, self.point = settings, point
        self.cell, note = bench.resolvable(settings.cell, settings.duration)
        self.notes = [*settings.cell.notes, *settings.notes, *([note] if note else [])]
        self.failures: list[str] = []
        self.provenance: dict[str, Any] = {}

    def steps(self) -> Steps:
        """Go through the stages."""
        try:
            auto = isinstance(self.settings.vin, AutoVin)
            inputs = (yield from self._find()) if auto else self.settings.vin.values  # type: ignore[union-attr]
        except JobsInterrupted:
            raise CharacterizationInterrupted(None) from None
        try:
            points = yield from self._transfer(inputs)
        except JobsInterrupted as stopped:
            raise CharacterizationInterrupted(self._partial(inputs, stopped.results)) from None
        transfer = transfer_curve(inputs, points)
        fit = None
        if inputs.size >= FEWEST_POINTS:
            fit = self._fit(transfer)
        else:
            self.notes.append(f"no fit: {inputs.size} inputs, and a tanh has four parameters")
        try:
            noise, energy, curves = yield from self._noise(float(fit.middle if fit else np.mean(inputs)))
        except JobsInterrupted:
            self.notes.append("interrupted before noise and energy were measured")
            raise CharacterizationInterrupted(self._result(transfer, fit, None, None, {})) from None
        return self._result(transfer, fit, noise, energy, curves)

    def _find(self) -> Steps:
        """Return inputs that cover the transition: by slow sweeps of the input, up and down."""
        s, vin = self.settings, self.settings.vin
        assert isinstance(vin, AutoVin)
        search = covering_inputs(vin.points, self.cell.middle, self.cell.vdd / 2)
        number, ramps = 0, next(search)
        while True:
            bases = [bench.cell_testbench(self.cell, stop=s.duration, vin=ramp) for ramp in ramps]
            jobs = [self._one(base, "find", 2 * number + i, 0) for i, base in enumerate(bases)]
            traces = yield from self._batch("find", jobs, lambda w: bench.sampled(w, "v(out)", s.sample_times))
            if any(trace is None for trace in traces):
                raise EngineError(f"the transition could not be looked for: {self.failures[0]}")
            try:
                ramps = search.send(find_transition(ramps, s.sample_times / s.duration, traces))
            except StopIteration as found:
                return found.value
            number += 1

    def _transfer(self, inputs: NDArray[np.float64]) -> Steps:
        """Run all inputs and repeats: repeat by repeat, so that an early end leaves a whole curve of fewer repeats."""
        s = self.settings
        base = bench.cell_testbench(self.cell, stop=s.duration, save=bench.junction_signals(self.cell))
        jobs = [
            self._one(base, "transfer", i, trial, vin=float(value))
            for trial in range(s.trials)
            for i, value in enumerate(inputs)
        ]
        results = yield from self._batch("transfer", jobs, lambda w: reduce_point(self.cell, w, s.sample_times))
        points = _by_input(inputs, results)
        reached = sum(bool(trials) for trials in points)
        if reached < min(FEWEST_POINTS, len(points)):
            raise EngineError(
                f"runs succeeded at {reached} of {len(points)} inputs only, too few for a transfer curve. "
                f"The first failure: {self.failures[0]}"
            )
        return points

    def _noise(self, vin: float) -> Steps:
        """Run one input, the middle of the transition, with everything saved that noise and energy need."""
        s, cell = self.settings, self.cell
        probed = cell.rebuilt(probes="elements")
        states = bench.junction_signals(cell)
        full = bench.cell_testbench(probed, stop=s.duration, save=(*energy_signals(probed), *states))
        plain = bench.cell_testbench(cell, stop=s.duration, save=states)
        bases = [full] + [plain] * (s.trials - 1)
        jobs = [self._one(base, "noise", 0, trial, vin=vin) for trial, base in enumerate(bases)]
        results = yield from self._batch("noise", jobs, self._reduce_noise)
        runs = [run for run in results if run is not None]
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
            energy = yield from self._energy(probed, whole.waveforms, whole.independent, noise)
            return noise, energy, curves
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

    def _energy(self, probed: Cell, waveforms: Waveforms, independent: float, noise: Noise) -> Steps:
        """Account for the energy of the run with an ammeter at every pin, which holds so many independent samples."""
        standing = None
        asked = quasi_static_testbench(self.cell, noise.vin, temperature=self.settings.temperature)
        if asked is not None:
            (still,) = yield Batch("quasi-static", [asked])
            if isinstance(still, JobFailure):
                raise still.error
            standing = quasi_static_of(self.cell, still)
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
        values = {**base.parameters, **changed, "seed": self.point.stream(f"{stage}/{point}/{trial}")}
        return base.replace(
            parameters=values,
            temperature=s.temperature,
            title=f"{self.cell.name} {s.preset} {stage} {point} trial {trial}",
        )

    def _batch(self, stage: str, jobs: Sequence[Testbench], reduce: Callable[[Waveforms], Any]) -> Steps:
        """Run jobs; a failed one becomes None and is noted."""

        def reduced(waveforms: Waveforms) -> Any:
            made = {name: waveforms.provenance.get(name) for name in ("engine", "engine_version", "version", "model")}
            self.provenance.update({name: value for name, value in made.items() if value is not None})
            self.notes += [note for note in waveforms.provenance.get("notes", ()) if note not in self.notes]
            return reduce(waveforms)

        results = yield Batch(stage, jobs, reduced)
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
            engine=self.point.engine.name,
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
                "model": self.point.engine.model,
                "duration": s.duration,
                "warm_up": s.warm_up,
                "sample_step": s.sample_step,
                "trials": s.trials,
                "accuracy": s.accuracy,
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


def _by_input(inputs: NDArray[np.float64], results: Sequence[Any]) -> list[list[PointRuns]]:
    """Sort the results of all trials by input; runs that are missing leave their list shorter."""
    n = len(inputs)
    return [[result for result in results[i::n] if result is not None] for i in range(n)]
