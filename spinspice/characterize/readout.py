"""Study of a read-out cell: does it see the junction, what does reading do to the junction, what does a read cost?"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from spinspice.analysis.counting import CountedRates
from spinspice.analysis.statistics import most_of, wrong_of
from spinspice.analysis.telegraph import escape_rates
from spinspice.benches.readout import readout_testbench
from spinspice.cells.cell_file import CellFile
from spinspice.cells.comparator import Topology
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import MARGIN, ReadOut
from spinspice.characterize.comparator_choice import choose_comparator
from spinspice.characterize.read_disturb import COMPARATOR, READ, Comparison, at_rest, compare
from spinspice.characterize.study import PARTS, StudyResult, Table, energy_parts
from spinspice.cmos import Technology
from spinspice.devices import Telegraph, as_two_state
from spinspice.devices.noise import instance_seed
from spinspice.engines import Engine, get_engine
from spinspice.errors import check_range
from spinspice.jobs import JobFailure, run_jobs
from spinspice.panels import Curve, Panel
from spinspice.presets import load_preset
from spinspice.readout.runs import Reading, default_timing, rates, reading
from spinspice.replay import replayable
from spinspice.units import DETERMINISTIC, engineering, with_error
from spinspice.waveforms import crossings

#: Junction where none is named.
DEFAULT_PRESET = "mizrahi2018-scaled"
StageProgress = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReadOutStudy(StudyResult):
    """What :func:`study_readout` found.

    Parameters
    ----------
    bits, wrong, unsettled : int
        Bits taken; of those that had time to settle, how many differ from the junction; how many had not.
    counted : CountedRates
        From the comparator's bits.
    escape, escape_stderr : (float, float)
        Escape rates out of P and AP from the junction's own events while it was read [1/s]. Where there was none, the
        rate is 0 and ``escape_stderr`` one over the time: the rate is at most 3.0 times that (95 %, rule of three).
    law : (float, float)
        Escape rates without reading, by the law of the device [1/s].
    disturb, disturb_read : (float, float)
        Relative change of the two escape rates by reading [1], from the hazard over whole periods of a junction that
        stands still; and the part of it while the read current has settled.
    disturb_silent, disturb_unread : (float, float)
        The same with the comparator switched off, and with all of the read switched off [1]. Between the first and
        this lies its kick-back, between the two the read current and the charge of the stimulus switch.
    compared : mapping
        ``comparator`` and ``read``: change of the escape rates against runs of the same seeds without that, from their
        events (:class:`spinspice.characterize.read_disturb.Comparison`); empty if it was not asked for.
    margins : (float, float)
        Voltage between junction and reference at the clock edge, in P and in AP [V].
    held_noise, bit_error : float
        Thermal noise of the held difference, sqrt(2kT/C) [V], and the part of bits that it turns over [1]; computed,
        not simulated, and without the comparator's own noise.
    energy : float
        Energy a read [J]: supply, clock and pulses, not the stimulus; mean of P and AP.
    energy_by_source, energy_by_block : mapping
        Its parts [J], stimulus included.
    closure : float
        Largest error of the two energy audits [1].
    waveforms : mapping
        A read in P and one in AP: time [s] and voltages [V].
    """

    bits: int
    wrong: int
    unsettled: int
    counted: CountedRates
    escape: tuple[float, float]
    escape_stderr: tuple[float, float]
    law: tuple[float, float]
    disturb: tuple[float, float]
    disturb_read: tuple[float, float]
    disturb_silent: tuple[float, float]
    disturb_unread: tuple[float, float]
    compared: dict[str, Comparison]
    margins: tuple[float, float]
    held_noise: float
    bit_error: float
    energy: float
    energy_by_source: dict[str, float]
    energy_by_block: dict[str, float]
    closure: float
    waveforms: dict[str, Any]

    @property
    def expected(self) -> tuple[float, float]:
        """Escape rates while the junction is read, by law and measured disturb [1/s]."""
        return self.law[0] * (1.0 + self.disturb[0]), self.law[1] * (1.0 + self.disturb[1])

    #: By the law of the device, computed, or from a junction that stands still.
    deterministic = (
        *("law", "disturb", "disturb_read", "disturb_silent", "disturb_unread", "margins", "held_noise", "bit_error"),
        *("energy", "energy_by_source", "energy_by_block", "closure"),
    )

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        made: dict[str, tuple[str, Any, str]] = {}
        for state in ("P", "AP"):
            made[f"time_{state}"] = (f"point_{state}", self.waveforms[state]["time"], "s")
            for name in ("junction", "reference"):
                made[f"{name}_{state}"] = (f"point_{state}", self.waveforms[state][name], "V")
        return made

    def tables(self) -> tuple[Table, ...]:
        c = self.counted
        full = self.law[0] * self.law[1] / sum(self.law)
        numbers = (
            ("bits", f"{self.bits}"),
            ("wrong among the settled bits", wrong_of(self.wrong, self.bits - self.unsettled)),
            ("bits not settled (a flip just before the edge)", f"{self.unsettled}"),
            ("margin in P, in AP", ", ".join(with_error(margin, DETERMINISTIC, "V") for margin in self.margins)),
            ("thermal noise of the held difference (computed)", with_error(self.held_noise, DETERMINISTIC, "V")),
            ("bits turned over by it (computed)", f"{self.bit_error:.2g} (deterministic)"),
            ("full cycles as counted", with_error(c.seen, c.seen_stderr, "Hz")),
            ("full cycles, corrected for missed switches", with_error(c.rate, c.rate_stderr, "Hz")),
            ("full cycles by the law, junction not read", with_error(full, DETERMINISTIC, "Hz")),
            ("switches missed by the clock", with_error(100 * c.missed, 100 * c.missed_stderr, "%", prefix=False)),
            ("energy per read (without stimulus)", with_error(self.energy, DETERMINISTIC, "J")),
        )
        rows = [
            (
                f"out of {state}",
                engineering(self.law[k], "Hz"),
                f"{self.disturb[k]:+.2%}",
                f"{self.disturb[k] - self.disturb_silent[k]:+.2%}",
                engineering(self.expected[k], "Hz"),
                self._seen(k),
            )
            for k, state in enumerate(("P", "AP"))
        ]
        without = {"comparator": self.disturb_silent, "read": self.disturb_unread}
        pairs = [
            (
                f"out of {state}, against no {name}",
                f"{(1 + self.disturb[k]) / (1 + without[name][k]) - 1:+.2%}",
                f"{100 * found.change[k]:+.2f} ± {100 * found.stderr[k]:.2f} %",
                f"{found.pairs[k]}",
            )
            for name, found in self.compared.items()
            for k, state in enumerate(("P", "AP"))
        ]
        head = ("escape", "law", "disturb", "by comparator", "expected", "events in SPICE")
        same = Table("Same seed twice", ("escape", "by hazard", "by events", "pairs of stays"), tuple(pairs))
        return (
            Table("Numbers", ("quantity", "value"), numbers),
            Table("Read disturb", head, tuple(rows)),
            *((same,) if pairs else ()),
            Table(f"Energy per period (audit closes to {self.closure:.1e})", PARTS, energy_parts(self)),
        )

    def _seen(self, k: int) -> str:
        """Return the escape rate from events; none seen gives an upper bound."""
        if self.escape[k] == 0.0:
            return f"below {engineering(most_of(0) * self.escape_stderr[k], 'Hz', 2)} (95 %)"
        return with_error(self.escape[k], self.escape_stderr[k], "Hz")

    def panels(self) -> tuple[Panel, ...]:
        panels = []
        for state in ("P", "AP"):
            wave = self.waveforms[state]
            time = 1e9 * np.asarray(wave["time"])
            curves = tuple(
                Curve(x=time, y=1e3 * np.asarray(wave[name]), label=name, color=color)
                for color, name in enumerate(("junction", "reference"))
            )
            xlabel = "time from the clock edge [ns]"
            panels.append(Panel(title=f"Read in {state}", xlabel=xlabel, ylabel="voltage [mV]", curves=curves))
        return tuple(panels)


@replayable("readout")
def study_readout(
    preset: str | None = None,
    *,
    cell: str | CellFile | None = None,
    cmos: str | None = None,
    topology: Topology | None = None,
    vdd: float | None = None,
    R_ref: float | None = None,
    margin: float | None = None,
    clock: float | None = None,
    bits: int = 300,
    trials: int = 4,
    stim: float = 0.0,
    direct: bool = False,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    trust: bool = False,
) -> ReadOutStudy:
    """Study a read-out cell.

    Parameters
    ----------
    preset : str, optional
        Junction, a telegraph one; default :data:`DEFAULT_PRESET`.
    cell, cmos, topology, vdd
        As for :func:`spinspice.characterize.comparator.study_comparator`: the read-out's comparator, which may be one
        of a cell file; transistors and supply of the rest are those of the file unless others are asked for.
    R_ref, margin
        As for :class:`spinspice.cells.readout.ReadOut`.
    clock : float, optional
        Clock period [s]; default one that misses a tenth of the switches.
    bits, trials : int
        Bits of each run and runs, each with a seed of its own.
    stim : float
        Stimulus [V], or [A] for a junction driven by current.
    direct : bool
        Measure the read disturb from events too: the same seeds with the comparator and with all of the read switched
        off (three times the runs).
    seed, engine, model, workers, progress, trust
        As for :func:`spinspice.characterize.characterize`.

    Raises
    ------
    UsageError
        For an unknown name or a number out of range, such as a reference resistor outside the window.
    ResultError
        If the bits say nothing about the rates.
    """
    check_range("trials", trials, 1, 10_000, where="runs of a read-out")
    check_range("bits", bits, 10, 1_000_000, where="bits of each run of a read-out")
    solver = get_engine(engine, model)
    device = load_junction(preset)
    check_range("stim", stim, -100.0, 100.0, where="stimulus of the readout, V or A")
    chosen = choose_comparator(cell, cmos, topology, vdd, trust=trust)
    own = {"comparator": chosen} if isinstance(chosen, OwnComparator) else {"topology": chosen.topology}
    around = chosen.technology if isinstance(chosen.technology, Technology) else (cmos or "generic")
    readout = ReadOut(device, around, vdd=chosen.vdd, R_ref=R_ref, margin=MARGIN if margin is None else margin, **own)
    drive = stim / (device.I_c if device.drive else device.V_c)
    timing = default_timing(readout, drive) if clock is None else readout.timing(clock)
    variants = ((), COMPARATOR, READ) if direct else ((),)
    runs = [
        readout_testbench(
            readout, timing, bits, stim=stim, seed=instance_seed(seed, f"readout/{k}"), off=off, save=("v(pb)",)
        )
        for off in variants
        for k in range(trials)
    ]
    report = (lambda done, total, _: progress("runs", done, total)) if progress else None
    results = run_jobs(runs, engine=solver, workers=workers, progress=report)
    failures = tuple(str(result) for result in results if isinstance(result, JobFailure))
    good = [result for result in results[:trials] if not isinstance(result, JobFailure)]
    if not good:
        raise results[0].error
    readings = [reading(waves, timing, bits) for waves in good]
    pb = float(good[0]["v(pb)"][-1])
    notes = () if drive == 0.0 else (f"Stimulus {stim:g}: the junction is driven at {drive:g} of its critical value.",)
    return ReadOutStudy(
        cell="readout",
        engine=solver.name,
        seed=seed,
        settings={
            **settings_of(readout, timing),
            "preset": preset or DEFAULT_PRESET,
            "model": solver.model,
            "stim": stim,
        }
        | {"bits": bits, "trials": trials, "direct": direct}
        | ({"cell": str(cell)} if isinstance(cell, str) else {}),
        provenance=dict(good[0].provenance),
        notes=(*chosen.notes, *good[0].provenance.get("notes", ()), *notes),
        failures=failures,
        law=(float(device.escape_rates(drive)[0]), float(device.escape_rates(drive)[1])),
        held_noise=readout.held_noise,
        bit_error=0.5 * math.erfc(readout.margin / readout.held_noise / math.sqrt(2.0)),
        **_counted(readings),
        compared=_compared(results, trials),
        **at_rest(readout, timing, stim=stim, pb=pb, engine=solver, workers=workers),
    )


def load_junction(preset: str | None) -> Telegraph:
    """Return the junction of a preset, by default :data:`DEFAULT_PRESET`.

    Raises
    ------
    UsageError
        If it is no telegraph junction.
    """
    message = f"preset {preset} is a {{kind}}; a read-out needs a telegraph junction."
    return as_two_state(load_preset(preset or DEFAULT_PRESET).device, message)


def settings_of(cell: ReadOut, timing: ReadTiming) -> dict[str, Any]:
    """Return how a read-out was made and timed."""
    return {
        "cmos": cell.technology.name,
        "corner": cell.technology.corner,
        "vdd": cell.vdd,
        "topology": cell.topology,
        "R_ref": cell.R_ref,
        "margin": cell.margin,
        "read_current": cell.read_current,
        **dataclasses.asdict(timing),
    }


def _compared(results: list[Any], trials: int) -> dict[str, Comparison]:
    """Return what runs of the same seeds tell of comparator and read; trials with a failed run are left out."""
    groups = [results[k : k + trials] for k in range(0, len(results), trials)]
    whole = [runs for runs in zip(*groups, strict=True) if not any(isinstance(run, JobFailure) for run in runs)]
    events = [[crossings(run.time, run["v(count)"]) for run in group] for group in zip(*whole, strict=True)]
    return {name: compare(events[0], other) for name, other in zip(("comparator", "read"), events[1:], strict=False)}


def _counted(readings: list[Reading]) -> dict[str, Any]:
    """Return what bits and events say."""
    exits, spent = np.zeros(2), np.zeros(2)
    for run in readings:
        for k, rate in enumerate(escape_rates(run.events, 0.0, run.duration)):
            exits[k] += rate.events
            spent[k] += rate.time
    return {
        "bits": sum(run.bits.size for run in readings),
        "wrong": sum(run.wrong for run in readings),
        "unsettled": sum(int(np.sum(~run.settled)) for run in readings),
        "counted": rates(readings),
        "escape": tuple(exits / spent),
        "escape_stderr": tuple(np.sqrt(np.maximum(exits, 1.0)) / spent),
    }
