"""Study of a domain-wall neuron: charge at which it fires against the law, time between spikes, energy of a spike."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from spinspice.benches.wall import EDGE, LEAKS, WallNeuron
from spinspice.cmos import get_technology
from spinspice.devices import DomainWall, as_kind
from spinspice.devices.laws.wall import passage_time
from spinspice.devices.reference.wall import check_on_track
from spinspice.errors import ResultError
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult
from spinspice.waveforms import Waveforms

#: Time that is simulated for a spike, over the time that the law gives it at T = 0: our choice.
ROOM = 1.6


@dataclasses.dataclass(frozen=True, kw_only=True)
class WallNeuronResult(StudyResult):
    """Spikes of all runs.

    Parameters
    ----------
    first, later : array
        Charge from the start to the first spike of each run, and from the end of a reset to the next spike [C].
    exact : float
        By the law: drift and diffusion of the wall, up to where the inverter turns [C].
    fires_at : float
        Position of the wall where the inverter turns [m].
    intervals : array
        From a spike to the next [s].
    energy_input, energy_supply : array
        Of the same intervals, from the input and from the supply [J].
    time, position, spike : array
        Of the first run, at most 2000 points [s, m, V].
    """

    first: NDArray[np.float64]
    later: NDArray[np.float64]
    exact: float
    fires_at: float
    intervals: NDArray[np.float64]
    energy_input: NDArray[np.float64]
    energy_supply: NDArray[np.float64]
    time: NDArray[np.float64]
    position: NDArray[np.float64]
    spike: NDArray[np.float64]
    show = "spinspice.show.wall_neuron"

    @property
    def charges(self) -> NDArray[np.float64]:
        """All charges at a spike [C]."""
        return np.concatenate([self.first, self.later])

    @property
    def energies(self) -> NDArray[np.float64]:
        """Energy of each interval [J]."""
        return self.energy_input + self.energy_supply

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {
            "first": ("run", self.first, "C"),
            "later": ("spike", self.later, "C"),
            "position": ("point", self.position, "m"),
        }


def mean_of(values: NDArray[np.float64]) -> tuple[float | None, float | None]:
    """Return mean and standard error, as far as they are known."""
    if not values.size:
        return None, None
    error = float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else math.nan
    return float(values.mean()), error


class WallNeuronStudy(Study):
    """Drive a domain-wall neuron until it has fired, several times."""

    name = "wall-neuron"
    title = "domain-wall neuron: charge at which it fires against theory, interval and energy of a spike"
    parameters = (
        other(PRESET, meaning="domain wall", default="dw-neuron", kind="text", chosen=""),
        DEVICE,
        other(TECHNOLOGY, default="generic", chosen=""),
        Parameter(
            name="current", meaning="that drives the wall to its contact", default=40e-6, unit="A", low=1e-9, high=1.0
        ),
        Parameter(
            name="pulse", meaning="length of its pulses; a constant current if there is no pause", default=1e-9,
            unit="s", low=3e-10, high=1e-3,
        ),
        Parameter(name="pause", meaning="between pulses", default=0.0, unit="s", low=0.0, high=1e-3),
        Parameter(
            name="leak", meaning="what takes the wall back", default="none", kind="text", choices=LEAKS,
        ),
        Parameter(
            name="back", meaning="leak over the speed by the current: its speed, or for width that at the contact",
            default=0.4, low=1e-6, high=10.0,
        ),
        Parameter(
            name="reset", meaning="time of the reset; 0 for none", default=25e-9, unit="s", low=0.0, high=1e-3,
        ),
        Parameter(name="spikes", meaning="spikes of a run", default=3, kind="whole", low=1, high=10_000, varied=False),
        repeats("runs with fresh noise", 8, 1),
    )  # fmt: skip
    quantities: ClassVar = {
        "charge": "C", "exact_charge": "C", "interval": "s", "energy": "J", "energy_input": "J", "energy_supply": "J",
    }  # fmt: skip
    exact = ("exact_charge",)
    counts = ("fired",)
    short: ClassVar = {"spikes": 2, "repeats": 2}

    def bench(self, point: Point) -> WallNeuron:
        """Return the neuron of a point."""
        device = as_kind(
            device_of(load_preset(point["preset"]).device, point),
            DomainWall,
            "the neuron needs a wall on a track, got a {kind}.",
        )
        speed = self.speed(device, point["current"])
        back = point["back"] * speed
        if point["leak"] == "width":
            back = (device.q_c - device.q0) / back  # time constant
        return WallNeuron(
            device=device,
            technology=get_technology(point["technology"]),
            leak=point["leak"],
            back=back if point["leak"] != "none" else 0.0,
            reset=point["reset"],
        )

    @staticmethod
    def speed(device: Any, current: float) -> float:
        """Return the speed by a current below Walker's limit [m/s]."""
        speed = abs(device.beta / device.alpha * device.spin_drift(current))
        if not speed > 0.0:
            raise ResultError("the wall of a neuron without beta is not moved by a small current: give beta above 0.")
        return float(speed)

    def steps(self, point: Point) -> Steps:
        bench = self.bench(point)
        (turn,) = yield Batch("inverter", [bench.threshold_bench()], lambda waves: turning_point(bench, waves))
        if isinstance(turn, JobFailure):
            raise turn.error
        sign = -math.copysign(1.0, bench.device.pol)
        current = sign * point["current"]
        fires_at, read = firing_position(bench, turn, current)
        law = self.law(bench, fires_at, current + 0.5 * read)
        duty = point["pulse"] / (point["pulse"] + point["pause"])
        cold = law(bench.device.replace(T=0.0))
        if not math.isfinite(cold):
            raise ResultError(
                f"the leak stops the wall before its contact: it never fires (back = {point['back']:g} of the speed "
                "by the current). Raise the current or lower the leak."
            )
        stop = point["spikes"] * (ROOM * cold / duty + 2.0 * point["reset"]) + 2e-9
        drive = drive_of(current, point["pulse"], point["pause"], stop)
        jobs = [bench.testbench(drive, stop, point.stream(f"run {k}")) for k in range(point["repeats"])]
        found = yield Batch("runs", jobs, lambda waves: reduced(waves, drive, bench))
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        runs = [run for run in found if run["first"].size]
        if not runs:
            raise ResultError(
                f"the neuron did not fire in {stop:.3g} s, {len(found)} runs: raise spikes or the current."
            )
        joined = {key: np.concatenate([run[key] for run in found]) for key in SPIKES}
        names = ("preset", "current", "pulse", "pause", "leak", "back", "reset", "spikes")
        return WallNeuronResult(
            cell="wall-neuron", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names}
            | {"cmos": bench.technology.name, "vdd": bench.technology.vdd, "model": point.engine.model,
               "trials": point["repeats"]},
            exact=law(bench.device) * point["current"], fires_at=fires_at, **joined, **runs[0]["trace"],
        )  # fmt: skip

    def law(self, bench: WallNeuron, fires_at: float, current: float):
        """Return a function of the device: the mean time of a constant current to the first spike [s]."""
        speed = self.speed(bench.device, current)
        # As the angle goes to its steady value the wall lags by W / alpha times it: exact without a leak
        drift = abs(bench.device.spin_drift(current))
        unit = 0.5 * bench.device.B_K * bench.device.mobility * bench.device.alpha
        angle = 0.5 * math.asin(max(-1.0, min(1.0, (speed - drift) / unit))) if unit else 0.0
        lag = bench.device.W / bench.device.alpha * angle / speed
        back, rate = (0.0, 1.0 / bench.back) if bench.leak == "width" else (bench.back, 0.0)
        return lambda device: passage_time(device, speed, fires_at, back=back, rate=rate) + lag

    def numbers(self, result: WallNeuronResult) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            "charge": mean_of(result.charges),
            "exact_charge": (result.exact, None),
            "interval": mean_of(result.intervals),
            "energy": mean_of(result.energies),
            "energy_input": mean_of(result.energy_input),
            "energy_supply": mean_of(result.energy_supply),
            "fired": (float(result.charges.size), None),
        }


#: Arrays of a run that are joined over runs.
SPIKES = ("first", "later", "intervals", "energy_input", "energy_supply")


def drive_of(current: float, pulse: float, pause: float, stop: float) -> NDArray[np.float64]:
    """Return the input as corners (2, n): constant, or pulses with a pause after each."""
    if not pause:
        return np.array([[0.0, EDGE, stop], [0.0, current, current]])
    corners = [(0.0, 0.0)]
    for k in range(math.ceil(stop / (pulse + pause))):
        t = k * (pulse + pause) + 1e-12
        # as much charge as a rectangle of this length
        corners += [(t, 0.0), (t + EDGE, current), (t + pulse, current), (t + pulse + EDGE, 0.0)]
    return np.array(corners).T


def turning_point(bench: WallNeuron, waves: Waveforms) -> float:
    """Return the voltage of the contact at which the inverter's output is half of the supply [V]."""
    i = int(np.argmax(waves["v(out)"] < 0.5 * bench.technology.vdd))
    low, high = waves["v(out)"][i], waves["v(out)"][i - 1]
    part = (high - 0.5 * bench.technology.vdd) / (high - low)
    return float(waves["v(top)"][i - 1] + part * (waves["v(top)"][i] - waves["v(top)"][i - 1]))


def firing_position(bench: WallNeuron, turn: float, current: float) -> tuple[float, float]:
    """Return where the wall stands as the inverter turns [m], and the current of the contact before that [A].

    Raises
    ------
    ResultError
        If the inverter turns at no position.
    """
    device = bench.device
    middle = 0.5 * device.R_track * current

    def conductance(part: float, volts: float) -> float:
        low = 1.0 / (device.R_P * (1.0 + device.TMR / (1.0 + (volts / device.V_half) ** 2)))
        return low + (1.0 / device.R_P - low) * part

    needed = (bench.technology.vdd - turn) / bench.reference

    def excess(q: float) -> float:
        return conductance(device.contact_part(q), turn - middle) * (turn - middle) - needed

    low, high = device.q_c - device.l_c, min(device.q_c + device.l_c, 0.5 * device.length)
    if excess(low) * excess(high) > 0.0:
        raise ResultError(
            f"the inverter turns at {turn:.3g} V of the contact, which no position of the wall gives: change R_P, TMR "
            "or the technology."
        )
    volts = brentq(
        lambda v: conductance(0.0, v - middle) * (v - middle) - (bench.technology.vdd - v) / bench.reference,
        0.0, bench.technology.vdd,
    )  # fmt: skip
    return float(brentq(excess, low, high)), float((bench.technology.vdd - volts) / bench.reference)


def rises(time: NDArray[np.float64], values: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return when values pass a level upwards [s]."""
    i = np.flatnonzero((values[:-1] < level) & (values[1:] >= level))
    return np.asarray(time[i] + (level - values[i]) / (values[i + 1] - values[i]) * (time[i + 1] - time[i]))


def reduced(waves: Waveforms, drive: NDArray[np.float64], bench: WallNeuron) -> dict[str, Any]:
    """Return charges, intervals and energies of the spikes of a run, and a thinned trace."""
    time, vdd = waves.time, bench.technology.vdd
    check_on_track(bench.device, time, 1e-6 * waves["v(q)"])
    current = np.interp(time, *drive)
    gathered = [
        np.concatenate([[0.0], np.cumsum(0.5 * (y[1:] + y[:-1]) * np.diff(time))])
        for y in (np.abs(current), current * waves["v(left)"], -vdd * waves["i(vdd)"])
    ]
    charge, given, supplied = (lambda t, y=y: np.interp(t, time, y) for y in gathered)
    spikes = rises(time, waves["v(out)"], 0.5 * vdd)
    if bench.reset:
        released = rises(time, waves["v(gate)"], 0.5 * vdd)
        # the gate rises once as the circuit starts; a reset ends after its spike
        released = np.array([t for t in released if spikes.size and t > spikes[0]])
        starts = [released[released < s] for s in spikes[1:]]
        keep = [k for k in range(1, spikes.size) if starts[k - 1].size and starts[k - 1][-1] > spikes[k - 1]]
        later = np.array([charge(spikes[k]) - charge(starts[k - 1][-1]) for k in keep])
        pairs = np.array([(spikes[k - 1], spikes[k]) for k in keep]).reshape(-1, 2)
    else:
        later, pairs, spikes = np.empty(0), np.empty((0, 2)), spikes[:1]
    every = max(1, time.size // 2000)
    return {
        "first": charge(spikes[:1]),
        "later": later,
        "intervals": pairs[:, 1] - pairs[:, 0],
        "energy_input": given(pairs[:, 1]) - given(pairs[:, 0]),
        "energy_supply": supplied(pairs[:, 1]) - supplied(pairs[:, 0]),
        "trace": {
            "time": time[::every],
            "position": 1e-6 * waves["v(q)"][::every],
            "spike": waves["v(out)"][::every],
        },
    }
