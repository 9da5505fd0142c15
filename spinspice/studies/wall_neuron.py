"""Study of a domain-wall neuron: charge at which it fires against the law, time between spikes, energy of a spike."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from spinspice.benches.firing import drive_of
from spinspice.benches.wall import LEAKS, WallNeuron
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
from spinspice.studies.firing import FiringNumbers, FiringResult, firing_position, joined, reduced, turning_point
from spinspice.studies.parameter import Parameter
from spinspice.waveforms import Waveforms

#: Time that is simulated for a spike, over the time that the law gives it at T = 0: our choice.
ROOM = 1.6


class WallNeuronStudy(FiringNumbers, Study):
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
        firing = bench.firing
        (turn,) = yield Batch("inverter", [firing.threshold_bench()], lambda waves: turning_point(firing, waves))
        if isinstance(turn, JobFailure):
            raise turn.error
        sign = -math.copysign(1.0, bench.device.pol)
        current = sign * point["current"]
        device = bench.device
        between = device.q_c - device.l_c, min(device.q_c + device.l_c, 0.5 * device.length)
        middle = 0.5 * device.R_track * current
        fires_at, read = firing_position(firing, device.contact_conductance, turn, middle, between)
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

        def spikes(waves: Waveforms) -> dict[str, Any]:
            q = 1e-6 * waves["v(q)"]
            check_on_track(device, waves.time, q)
            return reduced(waves, drive, firing, q)

        found = yield Batch("runs", jobs, spikes)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        names = ("preset", "current", "pulse", "pause", "leak", "back", "reset", "spikes")
        return FiringResult(
            cell="wall-neuron", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names}
            | {"cmos": bench.technology.name, "vdd": bench.technology.vdd, "model": point.engine.model,
               "trials": point["repeats"]},
            exact=law(device) * point["current"], fires_at=fires_at, **joined(found, stop),
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
