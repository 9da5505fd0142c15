"""Study of a spin dice: junctions that transistors reset, write at P = 1/2 and read, and the exclusive or of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.counting import sample_bits
from spinspice.benches.dice import Dice
from spinspice.benches.readout import freeze
from spinspice.cells.readout import ReadOut
from spinspice.devices import as_two_state
from spinspice.devices.laws.random_bits import ReadJunction, exclusive_or
from spinspice.errors import ResultError, UsageError
from spinspice.jobs import delivered
from spinspice.presets import load_preset
from spinspice.readout.balance import PERIODS, SilentRead
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.common import PRESET, TECHNOLOGY, VDD, other, repeats
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult

#: Rounds of the search for the write voltage.
ROUNDS = 4


@dataclasses.dataclass(frozen=True, kw_only=True)
class DiceResult(StudyResult):
    """Throws.

    Parameters
    ----------
    bits : array, shape (junctions, throws)
        1 where a write switched.
    combined : array, shape (throws,)
        Exclusive or by the gates of the circuit.
    law : ReadJunction
        Of a junction, from its voltage over a period.
    volts : float
        Write voltage [V].
    slope : float
        Change of the law's P(1) for one per cent of the write voltage [1].
    period : float
        [s].
    energy, energy_stderr : float
        Of a combined bit, from supply and write line [J]; standard error over runs.
    """

    bits: NDArray[np.float64]
    combined: NDArray[np.float64]
    law: ReadJunction
    volts: float
    slope: float
    period: float
    energy: float
    energy_stderr: float
    show = "spinspice.show.dice"

    @property
    def junctions(self) -> int:
        return int(self.bits.shape[0])

    @property
    def ones(self) -> tuple[float, float]:
        """Measured P(1) of a junction, and its standard error if the law holds."""
        return float(self.bits.mean()), math.sqrt(self.law.ones * (1.0 - self.law.ones) / self.bits.size)

    @property
    def sign(self) -> tuple[float, float]:
        """Mean sign of the combined bits, and its standard error."""
        exact = self.exact_sign
        return 2.0 * float(self.combined.mean()) - 1.0, math.sqrt(max(1.0 - exact**2, 0.0) / self.combined.size)

    @property
    def exact_sign(self) -> float:
        """Mean sign of the exclusive or by the law: the product of signs, a one being -1."""
        return -((-self.law.bias) ** self.junctions)

    @property
    def mistaken(self) -> int:
        """Combined bits that differ from the exclusive or of the junctions' bits."""
        return int(np.sum(exclusive_or(self.bits) != self.combined))

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"bits": ("bit", self.bits.ravel(), "1"), "combined": ("throw", self.combined, "1")}


class DiceStudy(Study):
    """Throw dice."""

    name = "dice"
    title = "spin dice: reset, write at P = 1/2, read, exclusive or of several junctions; against the exact law"
    parameters = (
        other(PRESET, meaning="stable two-state junction", default="spin-dice", kind="text", chosen=""),
        DEVICE,
        other(TECHNOLOGY, default="generic", chosen=""),
        VDD,
        Parameter(name="junctions", meaning="junctions whose bits are combined", default=2, kind="whole", low=1,
                  high=16, varied=False),
        Parameter(name="bits", meaning="throws of a run", default=40, kind="whole", low=4, high=10**5, varied=False),
        Parameter(name="volts", meaning="write voltage", chosen="what switches half of the writes", unit="V",
                  low=1e-3, high=10.0),
        Parameter(name="reset", meaning="length of the reset pulse", default=100e-9, unit="s", low=5e-9, high=1e-3),
        Parameter(name="write", meaning="length of the write pulse", default=100e-9, unit="s", low=5e-9, high=1e-3),
        repeats("runs with fresh noise", 1, 1),
    )  # fmt: skip
    quantities: ClassVar = {"ones": "1", "exact_ones": "1", "sign": "1", "exact_sign": "1", "volts": "V",
                            "slope": "1", "energy": "J", "rate": "Hz"}  # fmt: skip
    exact = ("exact_ones", "exact_sign", "volts", "slope", "rate")
    short: ClassVar = {"bits": 6, "junctions": 2, "volts": 0.353}

    def steps(self, point: Point) -> Steps:
        device = as_two_state(
            device_of(load_preset(point["preset"]).device, point), "a spin dice needs two states, got a {kind}."
        )
        if device.drive:
            raise UsageError("dice: the junction is driven by current (drive = 1); give one driven by voltage.")
        cell = ReadOut(device, point["technology"], vdd=point["vdd"], probes="none", gated=True)
        volts = point["volts"] or self._guess(point, cell)
        for _ in range(0 if point["volts"] else ROUNDS):
            _, _, volts = yield from self._law(self._dice(point, cell, volts), cell)
        dice = self._dice(point, cell, volts)
        law, slope, _ = yield from self._law(dice, cell)
        count, timing = point["bits"], dice.timing
        jobs = [dice.testbench(count, point.stream(f"run {k}")) for k in range(point["repeats"])]

        def keep(waves: Any) -> tuple[list[NDArray[np.int64]], NDArray[np.int64], float]:
            at = timing.samples(count)
            own = [sample_bits(waves.time, waves[f"v(out{k})"], at) for k in range(1, dice.junctions + 1)]
            return own, sample_bits(waves.time, waves[dice.last], at), dice.energy(waves, count)

        found = delivered((yield Batch("throws", jobs, keep)))
        energies = np.array([energy for _, _, energy in found])
        names = ("preset", "junctions", "bits", "reset", "write")
        return DiceResult(
            cell="dice",
            engine=point.engine.name,
            seed=point.seed,
            settings={n: point[n] for n in names}
            | {"volts": volts, "cmos": cell.technology.name, "vdd": cell.vdd, "model": point.engine.model}
            | {"trials": point["repeats"]},
            bits=np.concatenate([np.array(own, dtype=float) for own, _, _ in found], axis=1),
            combined=np.concatenate([whole for _, whole, _ in found]).astype(float),
            law=law,
            volts=volts,
            slope=slope,
            period=timing.period,
            energy=float(energies.mean()),
            energy_stderr=float(energies.std(ddof=1) / math.sqrt(energies.size)) if energies.size > 1 else math.nan,
        )

    @staticmethod
    def _guess(point: Point, cell: ReadOut) -> float:
        """Return the voltage at which a bare junction switches half of the time, within what the supply allows."""
        device = cell.device
        volts = device.V_c * (1.0 - math.log(device.phi0 * point["write"] / math.log(2.0)) / device.barrier)
        if not 0.0 < volts < 0.98 * cell.vdd / 2:
            raise UsageError(
                f"dice: half of the writes of {point['write']:g} s take {volts:.3g} V, and half of the supply is "
                f"{cell.vdd / 2:g} V. Change the length of the pulse, the barrier or the critical voltage."
            )
        return volts

    @staticmethod
    def _dice(point: Point, cell: ReadOut, volts: float) -> Dice:
        return Dice(cell=cell, junctions=point["junctions"], volts=volts, reset=point["reset"], write=point["write"])

    @staticmethod
    def _law(dice: Dice, cell: ReadOut) -> Any:
        """Yield two silent runs; return law, slope for a per cent of the voltage, and a better voltage."""
        silent = [dataclasses.replace(dice, cell=freeze(cell, state), junctions=1) for state in (0, 1)]
        runs = delivered((yield Batch("silent", [one.testbench(PERIODS, 1) for one in silent])))
        law = SilentRead.of(cell, dice.timing, 0.0, runs).law()
        device = cell.device
        per_volt = device.barrier / device.V_c
        hazard = -math.log1p(-min(law.ones, 1.0 - 1e-12))
        if hazard < 1e-6:
            raise ResultError(f"dice: a write of {dice.volts:.3g} V switches {law.ones:.1e} of the junctions only.")
        slope = 0.01 * dice.volts * per_volt * hazard * math.exp(-hazard)
        better = dice.volts + math.log(math.log(2.0) / hazard) / per_volt
        return law, slope, min(max(better, 0.1 * dice.volts), cell.vdd / 2)

    def numbers(self, result: DiceResult) -> Mapping[str, tuple[float | None, float | None]]:
        return {
            "ones": result.ones,
            "exact_ones": (result.law.ones, None),
            "sign": result.sign,
            "exact_sign": (result.exact_sign, None),
            "volts": (result.volts, None),
            "slope": (result.slope, None),
            "energy": (result.energy, result.energy_stderr),
            "rate": (1.0 / result.period, None),
        }
