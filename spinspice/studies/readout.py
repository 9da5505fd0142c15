"""Study of a read-out cell: does it see the junction, what does reading do to the junction, what does a read cost?"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from spinspice.analysis.counting import CountedRates
from spinspice.analysis.telegraph import escape_rates
from spinspice.benches.comparator import AnyComparator
from spinspice.benches.readout import readout_testbench
from spinspice.cells.own_comparator import OwnComparator
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import MARGIN, ReadOut
from spinspice.cmos import Technology
from spinspice.devices import Telegraph, as_two_state
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.readout.runs import Reading, default_timing, rates, reading
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import (
    CELL_FILE,
    PRESET,
    TECHNOLOGY,
    TEMPERATURE,
    TOPOLOGY,
    TRUST,
    VDD,
    at_temperature,
    changes_of,
    other,
    repeats,
)
from spinspice.studies.comparator_choice import choose_comparator
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.read_disturb import COMPARATOR, Comparison, compare, rest_of, rest_testbenches
from spinspice.studies.read_disturb import READ as ALL_OF_READ
from spinspice.studies.result import StudyResult
from spinspice.studies.run import study_function
from spinspice.waveforms import crossings

#: Junction where none is named.
DEFAULT_PRESET = "mizrahi2018-scaled"


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
        events (:class:`spinspice.studies.read_disturb.Comparison`); empty if it was not asked for.
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

    show = "spinspice.show.readout"
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


READ = (
    other(PRESET, meaning="telegraph junction", default=DEFAULT_PRESET, kind="text"),
    DEVICE,
    CELL_FILE,
    TECHNOLOGY,
    TOPOLOGY,
    VDD,
    Parameter(
        name="R_ref", meaning="reference resistor", chosen="the middle of R_P and R_AP", unit="Ohm", low=1.0, high=1e9
    ),
    Parameter(
        name="margin", meaning="voltage between junction and reference in a read", default=MARGIN, unit="V", high=10.0
    ),
    Parameter(
        name="clock",
        meaning="clock period",
        chosen="one that misses a tenth of the switches",
        unit="s",
        low=1e-12,
        high=1e6,
    ),
    other(TEMPERATURE, chosen="300, and the junction's own"),
    TRUST,
)


class Readout(Study):
    """Study a readout cell."""

    name = "readout"
    title = "bits and counted rates of a junction that is read, read disturb, and energy per read"
    parameters = (
        *READ,
        Parameter(name="bits", meaning="bits of each run", default=300, kind="whole", low=10, high=1_000_000),
        repeats("runs, each with noise of its own", 4, 1),
        Parameter(
            name="stim",
            meaning="stimulus [V, or A for a junction driven by current]",
            default=0.0,
            low=-100.0,
            high=100.0,
        ),
        Parameter(
            name="direct",
            meaning="read disturb from events too: the same seeds with comparator and read off, three times the runs",
            default=False,
            kind="flag",
            varied=False,
        ),
    )
    short: ClassVar = {"bits": 60, "repeats": 2, "clock": 60e-9}
    quantities: ClassVar = {
        "wrong": "1",
        "rate": "Hz",
        "missed": "1",
        "escape_P": "Hz",
        "escape_AP": "Hz",
        "disturb_P": "1",
        "disturb_AP": "1",
        "margin_P": "V",
        "margin_AP": "V",
        "energy": "J",
    }
    exact = ("disturb_P", "disturb_AP", "margin_P", "margin_AP", "energy")

    def steps(self, point: Point) -> Steps:
        device = load_junction(point)
        cell, chosen = readout_of(device, point)
        stim, bits, trials = point["stim"], point["bits"], point["repeats"]
        drive = stim / (device.I_c if device.drive else device.V_c)
        timing = default_timing(cell, drive) if point["clock"] is None else cell.timing(point["clock"])
        variants = ((), COMPARATOR, ALL_OF_READ) if point["direct"] else ((),)
        runs = [
            readout_testbench(
                cell, timing, bits, stim=stim, seed=point.stream(f"readout/{k}"), off=off, save=("v(pb)",)
            )
            for off in variants
            for k in range(trials)
        ]
        results = yield Batch("runs", at_temperature(runs, point))
        good = [result for result in results[:trials] if not isinstance(result, JobFailure)]
        if not good:
            raise results[0].error
        readings = [reading(waves, timing, bits) for waves in good]
        pb = float(good[0]["v(pb)"][-1])
        rest = yield from rest_steps(cell, timing, stim, pb, point)
        notes = (
            () if drive == 0.0 else (f"Stimulus {stim:g}: the junction is driven at {drive:g} of its critical value.",)
        )
        settings = settings_of(cell, timing, point) | {"stim": stim, "bits": bits, "trials": trials}
        own = {"cell": point["cell"]} if isinstance(point["cell"], str) else {}
        return ReadOutStudy(
            cell="readout",
            engine=point.engine.name,
            seed=point.seed,
            settings=settings | {"direct": point["direct"]} | own,
            provenance=dict(good[0].provenance),
            notes=(*chosen.notes, *good[0].provenance.get("notes", ()), *notes),
            failures=tuple(str(result) for result in results if isinstance(result, JobFailure)),
            law=(float(device.escape_rates(drive)[0]), float(device.escape_rates(drive)[1])),
            held_noise=cell.held_noise,
            bit_error=0.5 * math.erfc(cell.margin / cell.held_noise / math.sqrt(2.0)),
            **_counted(readings),
            compared=_compared(results, trials),
            **rest,
        )

    def numbers(self, result: ReadOutStudy) -> Mapping[str, tuple[float | None, float | None]]:
        settled, c = result.bits - result.unsettled, result.counted
        wrong = result.wrong / settled if settled else math.nan
        error = math.sqrt(wrong * (1.0 - wrong) / settled) if settled and result.wrong else math.nan
        found: dict[str, tuple[float | None, float | None]] = {
            "wrong": (wrong, error),
            "rate": (c.rate, c.rate_stderr),
            "missed": (c.missed, c.missed_stderr),
            "energy": (result.energy, None),
        }
        for k, state in enumerate(("P", "AP")):
            found[f"escape_{state}"] = (result.escape[k], result.escape_stderr[k])
            found[f"disturb_{state}"] = (result.disturb[k], None)
            found[f"margin_{state}"] = (result.margins[k], None)
        return found


study_readout = study_function(Readout, "preset")


def rest_steps(cell: ReadOut, timing: ReadTiming, stim: float, pb: float, point: Point) -> Steps:
    """Return what :func:`spinspice.studies.read_disturb.at_rest` does, from a batch of its runs."""
    results = yield Batch("frozen junction", at_temperature(rest_testbenches(cell, timing, stim, pb), point))
    return rest_of(cell, timing, stim, results)


def readout_of(device: Telegraph, point: Point) -> tuple[ReadOut, AnyComparator]:
    """Return the readout cell of a point, and its comparator, which may be one of a cell file."""
    chosen = choose_comparator(
        point["cell"], point["technology"], point["topology"], point["vdd"], trust=point["trust"]
    )
    own: dict[str, Any] = {"comparator": chosen} if isinstance(chosen, OwnComparator) else {"topology": chosen.topology}
    around = chosen.technology if isinstance(chosen.technology, Technology) else (point["technology"] or "generic")
    return ReadOut(device, around, vdd=chosen.vdd, R_ref=point["R_ref"], margin=point["margin"], **own), chosen


def load_junction(point: Point) -> Telegraph:
    """Return the junction of a point.

    Raises
    ------
    UsageError
        If it is no telegraph junction.
    """
    message = f"preset {point['preset']} is a {{kind}}; a readout needs a telegraph junction."
    return as_two_state(device_of(load_preset(point["preset"]).device, point), message)


def settings_of(cell: ReadOut, timing: ReadTiming, point: Point) -> dict[str, Any]:
    """Return how a readout was made and timed."""
    return {
        "cmos": cell.technology.name,
        "corner": cell.technology.corner,
        "vdd": cell.vdd,
        "topology": cell.topology,
        "R_ref": cell.R_ref,
        "margin": cell.margin,
        "read_current": cell.read_current,
        **dataclasses.asdict(timing),
        "preset": point["preset"],
        "model": point.engine.model,
        **changes_of(point, "temperature"),
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
