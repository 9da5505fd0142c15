"""Study of a skyrmion neuron: charge at which it fires against the law, time between spikes, energy of a spike."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from spinspice.benches.firing import drive_of
from spinspice.benches.skyrmion import SkyrmionNeuron
from spinspice.cmos import get_technology
from spinspice.constants import k_B
from spinspice.devices import Skyrmion, as_kind
from spinspice.devices.laws.passage import mean_passage_time
from spinspice.devices.laws.skyrmion import spike_times
from spinspice.devices.reference.skyrmion import check_on_track
from spinspice.errors import ParameterError, ResultError
from spinspice.jobs import JobFailure
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.firing import FiringNumbers, FiringResult, firing_position, joined, reduced, turning_point
from spinspice.studies.parameter import Parameter
from spinspice.waveforms import Waveforms

#: Time that is simulated for a spike, over the time that the law gives it at T = 0: our choice.
ROOM = 2.0


class SkyrmionNeuronStudy(FiringNumbers, Study):
    """Drive a skyrmion neuron until it has fired, several times."""

    name = "skyrmion-neuron"
    title = "skyrmion neuron: charge at which it fires against theory, interval and energy of a spike"
    parameters = (
        other(PRESET, meaning="the skyrmion", default="skyrmion-neuron", kind="text", chosen=""),
        DEVICE,
        other(TECHNOLOGY, default="generic", chosen=""),
        Parameter(
            name="current", meaning="that drives it to its contact", default=20e-6, unit="A", low=1e-9, high=1.0
        ),
        Parameter(
            name="back", meaning="leak over the speed by the current", default=0.0, low=0.0, high=10.0,
        ),
        Parameter(
            name="reset", meaning="time of the reset; 0 for none", default=40e-9, unit="s", low=0.0, high=1e-3,
        ),
        Parameter(name="spikes", meaning="spikes of a run", default=3, kind="whole", low=1, high=10_000, varied=False),
        repeats("runs with fresh noise", 8, 1),
    )  # fmt: skip
    short: ClassVar = {"spikes": 2, "repeats": 2}

    def steps(self, point: Point) -> Steps:
        device = as_kind(
            device_of(load_preset(point["preset"]).device, point),
            Skyrmion,
            "the neuron needs a skyrmion, got a {kind}.",
        )
        current = math.copysign(point["current"], device.theta_SH)
        speed = device.spin_hall_force(current) / device.drag  # along an edge, which takes the Magnus force
        if not speed > 0.0:
            raise ResultError("a skyrmion without a spin-Hall angle is not moved by a current: give theta_SH.")
        bench = SkyrmionNeuron(
            device=device, technology=get_technology(point["technology"]), back=point["back"] * speed,
            reset=point["reset"],
        )  # fmt: skip
        firing = bench.firing
        (turn,) = yield Batch("inverter", [firing.threshold_bench()], lambda waves: turning_point(firing, waves))
        if isinstance(turn, JobFailure):
            raise turn.error
        between = device.x_c - 10.0 * device.radius, device.x_c
        middle = 0.5 * device.R_track * current
        fires_at, read = firing_position(firing, device.contact_conductance, turn, middle, between)
        # The current of the contact goes through one half of the track
        pushed = speed * (1.0 + 0.5 * read / current)

        if not pushed > bench.back:
            raise ResultError(
                f"the leak stops the skyrmion before its contact: it never fires (back = {point['back']:g} of the "
                "speed by the current). Raise the current or lower the leak."
            )
        # alpha D dx - G dy = F t, exactly: it also goes to its side, a little into the edge
        force = (pushed - bench.back) * device.drag
        side = 0.5 * device.width + abs(device.gyrovector) * (pushed - bench.back) / device.k_edge
        across = abs(device.gyrovector) * (side + math.copysign(1.0, device.Qt) * device.y0) / force

        def along_the_edge(kelvin: float) -> float:
            noise = k_B * kelvin / device.drag
            along = mean_passage_time(pushed, noise, device.x0, fires_at, -0.5 * device.length, back=bench.back)
            return along + across

        stop = point["spikes"] * (ROOM * along_the_edge(0.0) + 2.0 * point["reset"]) + 2e-9
        drive = drive_of(current, 1e-9, 0.0, stop)
        jobs = [bench.testbench(drive, stop, point.stream(f"run {k}")) for k in range(point["repeats"])]

        def spikes(waves: Waveforms) -> dict[str, Any]:
            x, y = (1e-6 * waves[f"v({axis})"] for axis in "xy")
            check_on_track(device, waves.time, x, y)
            resetting = waves["v(gate)"] < 0.1 * bench.technology.vdd if bench.reset else np.zeros(x.size, bool)
            back = float(np.median(waves["v(left)"][resetting])) / device.R_track if resetting.any() else math.nan
            return {**reduced(waves, drive, firing, np.asarray(x)), "back": back}

        found = yield Batch("runs", jobs, spikes)
        for run in found:
            if isinstance(run, JobFailure):
                raise run.error
        first, later = along_the_edge(device.T), None
        notes: tuple[str, ...] = ()
        held = float(np.mean([run["back"] for run in found]))
        if device.T and math.isfinite(held):
            holding = abs(device.spin_hall_force(held)) + bench.back * device.drag
            try:
                first, later = spike_times(device, force, fires_at, holding)
            except ParameterError as reason:
                notes = (f"the law is that of the edge alone, and there is none of later spikes: {reason}",)
        names = ("preset", "current", "back", "reset", "spikes")
        return FiringResult(
            cell="skyrmion-neuron", engine=point.engine.name, seed=point.seed,
            settings={n: point[n] for n in names}
            | {"cmos": bench.technology.name, "vdd": bench.technology.vdd, "model": point.engine.model,
               "trials": point["repeats"]},
            exact=first * point["current"], exact_later=None if later is None else later * point["current"],
            fires_at=fires_at, notes=notes, **joined(found, stop),
        )  # fmt: skip
