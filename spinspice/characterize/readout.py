"""Study of a read-out cell: does it see the junction, what does reading do to the junction, what does a read cost?"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import CountedRates
from spinspice.analysis.energy import Capacitor, EnergyAudit, Source, audit
from spinspice.analysis.telegraph import escape_rates
from spinspice.cells.bench import LOAD
from spinspice.cells.comparator import Topology
from spinspice.cells.readout import MARGIN, ReadOut, ReadTiming
from spinspice.cells.readout_bench import readout_circuit
from spinspice.characterize.study import StudyResult, Table
from spinspice.devices import Telegraph
from spinspice.devices.noise import instance_seed
from spinspice.energy import terminals
from spinspice.engines import Engine, get_engine
from spinspice.errors import UsageError, check_range
from spinspice.jobs import JobFailure, run_jobs
from spinspice.panels import Curve, Panel
from spinspice.presets import load_preset
from spinspice.systems.readout import OPTIONS, Reading, default_timing, rates, reading, readout_testbench
from spinspice.testbench import Testbench
from spinspice.units import engineering
from spinspice.waveforms import Waveforms

#: Junction where none is named.
DEFAULT_PRESET = "mizrahi2018-scaled"
#: Periods of the runs with a junction that stands still, of which the first are left out.
STILL_PERIODS, WARM_UP_PERIODS = 4, 2
#: Barrier of a junction that stands still [k_B T].
STILL = 200.0
_NAMES = ("vdd", "vss", "clk", "isolate", "read", "pb", "bias")
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
        Escape rates out of P and AP from the junction's own events while it was read [1/s].
    law : (float, float)
        Escape rates without reading, by the law of the device [1/s].
    disturb, disturb_read : (float, float)
        Relative change of the two escape rates by reading [1], from the hazard over whole periods of a junction that
        stands still; and the part of it that the read current makes. The rest is charge of switches and kick-back.
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

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        made: dict[str, tuple[str, Any, str]] = {}
        for state in ("P", "AP"):
            made[f"time_{state}"] = (f"point_{state}", self.waveforms[state]["time"], "s")
            for name in ("junction", "reference"):
                made[f"{name}_{state}"] = (f"point_{state}", self.waveforms[state][name], "V")
        return made

    def tables(self) -> tuple[Table, ...]:
        def pm(value: float, error: float) -> str:
            return f"{engineering(value, 'Hz')} ± {engineering(error, 'Hz')}"

        c = self.counted
        full = self.law[0] * self.law[1] / sum(self.law)
        numbers = (
            ("bits, wrong among the settled", f"{self.bits}, {self.wrong}"),
            ("bits not settled (a flip just before the edge)", f"{self.unsettled}"),
            ("margin in P, in AP", f"{engineering(self.margins[0], 'V')}, {engineering(self.margins[1], 'V')}"),
            ("thermal noise of the held difference (computed)", engineering(self.held_noise, "V")),
            ("bits turned over by it (computed)", f"{self.bit_error:.2g}"),
            ("full cycles as counted", pm(c.seen, c.seen_stderr)),
            ("full cycles, corrected for missed switches", pm(c.rate, c.rate_stderr)),
            ("full cycles by the law, junction not read", engineering(full, "Hz")),
            ("switches missed by the clock", f"{c.missed:.1%}"),
            ("energy a read (without stimulus)", engineering(self.energy, "J")),
        )
        rows = []
        for k, state in enumerate(("P", "AP")):
            rows.append(
                (
                    f"out of {state}",
                    engineering(self.law[k], "Hz"),
                    f"{self.disturb[k]:+.2%}",
                    f"{self.disturb_read[k]:+.2%}",
                    engineering(self.expected[k], "Hz"),
                    pm(self.escape[k], self.escape_stderr[k]),
                )
            )
        parts = [("from " + name, engineering(value, "J")) for name, value in self.energy_by_source.items()]
        parts += [("in " + name, engineering(value, "J")) for name, value in self.energy_by_block.items()]
        head = ("escape", "law", "disturb", "by current", "expected", "events in SPICE")
        return (
            Table("Numbers", ("quantity", "value"), numbers),
            Table("Read disturb", head, tuple(rows)),
            Table(f"Energy a period (audit closes to {self.closure:.1e})", ("part", "energy"), tuple(parts)),
        )

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


def study_readout(
    preset: str | None = None,
    *,
    cmos: str = "generic",
    topology: Topology = "strongarm",
    vdd: float | None = None,
    R_ref: float | None = None,
    margin: float | None = None,
    clock: float | None = None,
    bits: int = 300,
    trials: int = 4,
    stim: float = 0.0,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
) -> ReadOutStudy:
    """Study a read-out cell.

    Parameters
    ----------
    preset : str, optional
        Junction, a telegraph one; default :data:`DEFAULT_PRESET`.
    cmos, topology, vdd
        As for :func:`spinspice.characterize.comparator.study_comparator`.
    R_ref, margin
        As for :class:`spinspice.cells.readout.ReadOut`.
    clock : float, optional
        Clock period [s]; default one that misses a tenth of the switches.
    bits, trials : int
        Bits of each run and runs, each with a seed of its own.
    stim : float
        Stimulus [V], or [A] for a junction driven by current.
    seed, engine, model, workers, progress
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
    device = load_preset(preset or DEFAULT_PRESET).device
    if not isinstance(device, Telegraph):
        raise UsageError(f"preset {preset} is a {type(device).__name__}; a read-out needs a telegraph junction.")
    cell = ReadOut(device, cmos, topology=topology, vdd=vdd, R_ref=R_ref, margin=MARGIN if margin is None else margin)
    drive = stim / (device.I_c if device.drive else device.V_c)
    timing = default_timing(cell, drive) if clock is None else cell.timing(clock)
    runs = [
        readout_testbench(cell, timing, bits, stim=stim, seed=instance_seed(seed, f"readout/{k}"), save=("v(pb)",))
        for k in range(trials)
    ]
    report = (lambda done, total, _: progress("runs", done, total)) if progress else None
    results = run_jobs(runs, engine=solver, workers=workers, progress=report)
    failures = tuple(str(result) for result in results if isinstance(result, JobFailure))
    good = [result for result in results if not isinstance(result, JobFailure)]
    if not good:
        raise results[0].error
    readings = [reading(waves, timing, bits) for waves in good]
    pb = float(good[0]["v(pb)"][-1])
    benches = [still_testbench(cell, timing, state, stim, pb) for state in (0, 1)]
    still = run_jobs(benches, engine=solver, workers=workers)
    for result in still:
        if isinstance(result, JobFailure):
            raise result.error
    notes = () if drive == 0.0 else (f"Stimulus {stim:g}: the junction is driven at {drive:g} of its critical value.",)
    return ReadOutStudy(
        cell="readout",
        engine=solver.name,
        seed=seed,
        settings={**_settings(cell, timing), "preset": preset or DEFAULT_PRESET, "model": solver.model, "stim": stim}
        | {"bits": bits, "trials": trials},
        provenance=dict(good[0].provenance),
        notes=notes,
        failures=failures,
        law=(float(device.escape_rates(drive)[0]), float(device.escape_rates(drive)[1])),
        held_noise=cell.held_noise,
        bit_error=0.5 * math.erfc(cell.margin / cell.held_noise / math.sqrt(2.0)),
        **_counted(readings),
        **_still(cell, timing, stim, still),
    )


def _settings(cell: ReadOut, timing: ReadTiming) -> dict[str, Any]:
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


def still_testbench(cell: ReadOut, timing: ReadTiming, state: int, stim: float, pb: float) -> Testbench:
    """Return a short run with a junction that stays in ``state``, with an ammeter at every pin."""
    frozen = cell.rebuilt(device=cell.device.replace(delta=STILL, state0=float(state)), probes="elements")
    names = [name for pin in terminals(frozen) for name in (pin.voltage, pin.current)]
    names += [name for source in _sources(cell) for name in (source.voltage, source.current)]
    return Testbench.from_pyspice(
        readout_circuit(frozen, timing, pb=pb),
        stop=STILL_PERIODS * timing.period,
        step=timing.rise,
        max_step=timing.period / 50,
        save=tuple(dict.fromkeys([*names, "v(out)", "v(x1.nj)", "v(x1.nr)", "v(x1.gj)", "v(x1.gr)"])),
        parameters={"stim": stim, "bias": 0.0, "seed": 1},
        options=OPTIONS,
        title=f"{cell.name} standing still in state {state}",
    )


def _sources(cell: ReadOut) -> list[Source]:
    """Return the sources of the bench."""
    renamed = {"vdd": "i(vdd)", "vss": "i(vss)"}
    sources = [Source(name, f"v({name})", renamed.get(name, f"i(v{name})")) for name in _NAMES]
    if cell.device.drive == 0.0:
        sources.append(Source("stim", "v(stim)", "i(vstim)"))
    return sources


def _still(cell: ReadOut, timing: ReadTiming, stim: float, runs: list[Waveforms]) -> dict[str, Any]:
    """Return disturb, margins, energy and the waveforms of a read, from runs in P and in AP."""
    made: dict[str, Any] = {"waveforms": {}}
    disturb, by_read, margins, audits = [], [], [], []
    for state, run in enumerate(runs):
        whole = run.window(WARM_UP_PERIODS * timing.period)
        total, part = disturb_of(cell, timing, state, stim, whole)
        disturb.append(total)
        by_read.append(part)
        edge = timing.edges(STILL_PERIODS)[-1]
        at = [float(np.interp(edge, run.time, run[f"v(x1.{node})"])) for node in ("gj", "gr")]
        margins.append(abs(at[0] - at[1]))
        audits.append(_audit(cell, whole, stim))
        shown = run.window(edge - 1.5 * timing.settle, edge + 0.5 * timing.settle + 1.5 * timing.high)
        made["waveforms"][("P", "AP")[state]] = {
            "time": shown.time - edge,
            "junction": shown["v(x1.nj)"],
            "reference": shown["v(x1.nr)"],
        }
    periods = STILL_PERIODS - WARM_UP_PERIODS
    sources = {name: float(np.mean([a.delivered[name] for a in audits])) / periods for name in audits[0].delivered}
    stimulus = sources.pop("stim", 0.0) + sources.pop("bias")
    made |= {
        "disturb": tuple(disturb),
        "disturb_read": tuple(by_read),
        "margins": tuple(margins),
        "energy": sum(sources.values()),
        "energy_by_source": {
            "supply": sources["vdd"] + sources["vss"],
            "clock and pulses": sources["clk"] + sources["isolate"] + sources["read"] + sources["pb"],
            "stimulus and shift": stimulus,
        },
        "energy_by_block": {
            name: float(np.mean([a.blocks[name] for a in audits])) / periods for name in audits[0].blocks
        },
        "closure": max(abs(a.closure) for a in audits),
    }
    return made


def disturb_of(cell: ReadOut, timing: ReadTiming, state: int, stim: float, waveforms: Waveforms) -> tuple[float, float]:
    """Return the relative change of an escape rate by reading, and the part of it under the settled read [1].

    The rate of a telegraph junction is a function of its drive at the moment, so its mean over whole periods is exact:
    no switching event has to be counted.
    """
    device = cell.device
    if device.drive == 0.0:
        drive = (waveforms["v(x1.nj)"] - waveforms["v(bias)"]) / device.V_c
        rest = stim / device.V_c
    else:
        drive = waveforms["i(v.x1.vm_mtj)"] / device.I_c
        rest = stim / device.I_c
    law: NDArray[np.float64] = device.escape_rates(drive)[state] / device.escape_rates(rest)[state] - 1.0
    time = waveforms.time
    span = time[-1] - time[0]
    phase = (time - timing.edges(1)[0] + timing.settle) % timing.period
    # After a tenth of the settling time the charge of the switch has gone; up to the clock edge.
    read = (phase > 0.1 * timing.settle) & (phase < timing.settle)
    total = float(np.trapezoid(law, time) / span)
    return total, float(np.trapezoid(np.where(read, law, 0.0), time) / span)


def _audit(cell: ReadOut, waveforms: Waveforms, stim: float) -> EnergyAudit:
    """Account for the energy of whole periods; a stimulus that is a current is a source of its own kind."""
    frozen = cell.rebuilt(device=cell.device.replace(delta=STILL), probes="elements")
    sources = _sources(cell)
    if cell.device.drive == 1.0 and stim != 0.0:
        sources.append(Source("stim", "v(stim)", "i(stim)"))
        waveforms = Waveforms(
            waveforms.time, {**waveforms, "i(stim)": np.full(waveforms.time.size, -stim)}, provenance={}
        )
    return audit(waveforms, terminals(frozen), sources, [Capacitor("load", "v(out)", LOAD)])
