"""What to characterise and how: checked before anything runs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from spinspice.analysis.transfer import FEWEST_POINTS
from spinspice.devices import Device
from spinspice.devices.noise import SEED_LIMIT, instance_seed
from spinspice.errors import UsageError, check_range
from spinspice.presets import Preset
from spinspice.units import parse_number

if TYPE_CHECKING:
    from spinspice.cells import Cell, CellFile

#: Part of a run that is discarded: our choice, tens of correlation times at the default durations.
WARM_UP = 0.1
MOST_POINTS = 10_001


@dataclasses.dataclass(frozen=True)
class AutoVin:
    """Find the transition, then take this many points across it."""

    points: int


@dataclasses.dataclass(frozen=True)
class GridVin:
    """Inputs from ``start`` to ``stop`` [V], ends included."""

    start: float
    stop: float
    points: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The inputs [V], shape (points,)."""
        return np.linspace(self.start, self.stop, self.points, dtype=float)


def parse_vin(text: str | AutoVin | GridVin) -> AutoVin | GridVin:
    """Read ``auto:N`` or ``START:STOP:N``.

    >>> parse_vin("auto:17"), parse_vin("-100m:0.1:21")
    (AutoVin(points=17), GridVin(start=-0.1, stop=0.1, points=21))

    Raises
    ------
    UsageError
        If it is neither, START is not below STOP, or N is too small for a fit.
    """
    if not isinstance(text, str):
        vin = text
    elif match := re.fullmatch(r"auto(?::(.*))?", text.strip()):
        vin = AutoVin(_points(match[1] if match[1] is not None else "17"))
    else:
        parts = text.split(":")
        if len(parts) != 3:
            raise UsageError(
                f"vin = {text!r} is neither auto:N nor START:STOP:N. Write auto:17, or -100m:100m:21 in volts."
            )
        start, stop = (parse_number(part, "vin") for part in parts[:2])
        vin = GridVin(start, stop, _points(parts[2]))
    if isinstance(vin, GridVin):
        for name in ("start", "stop"):
            check_range(f"vin {name}", getattr(vin, name), -100.0, 100.0, unit="V", where="input of the cell")
        if not vin.start < vin.stop:
            raise UsageError(f"vin from {vin.start:g} to {vin.stop:g} V does not rise. Give START below STOP.")
    _points(str(vin.points))
    return vin


def _points(text: str) -> int:
    try:
        points = int(text)
    except ValueError:
        raise UsageError(f"the number of inputs, {text!r}, is not a whole number. Write auto:17.") from None
    if not FEWEST_POINTS <= points <= MOST_POINTS:
        raise UsageError(
            f"{points} inputs are outside {FEWEST_POINTS} to {MOST_POINTS}: a tanh has four parameters. Write auto:17."
        )
    return points


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that determines a characterisation, resolved: no name is left to look up.

    Parameters
    ----------
    cell : Cell
        The circuit.
    preset : str
        Name of its junction.
    vin : AutoVin or GridVin
    duration : float
        Length of each run [s]; its first tenth is warm-up.
    trials : int
        Runs at each input.
    seed : int
    """

    cell: Cell
    preset: str
    vin: AutoVin | GridVin
    duration: float
    trials: int
    seed: int

    @property
    def warm_up(self) -> float:
        """Start of each run that is discarded [s]."""
        return WARM_UP * self.duration

    @property
    def sample_step(self) -> float:
        """Step of the grid on which outputs are analysed [s]: the noise step, or a fiftieth of the mean stay."""
        return min(device.sample_step(self.duration) for device in self.cell.devices.values())

    @property
    def sample_times(self) -> NDArray[np.float64]:
        """Times at which outputs are analysed [s]."""
        count = int((self.duration - self.warm_up) / self.sample_step * (1 + 1e-9))
        return self.warm_up + self.sample_step * np.arange(1, count + 1, dtype=float)

    def run_seed(self, stage: str, point: int, trial: int) -> int:
        """Seed of one run: independent of every other run, and of how many there are."""
        return instance_seed(self.seed, f"{stage}/{point}/{trial}")


def make_settings(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None,
    *,
    cmos: str | None,
    vdd: float | None,
    vin: str | AutoVin | GridVin,
    duration: float | str | None,
    trials: int,
    seed: int,
    mismatch: int | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
) -> Settings:
    """Resolve names and check numbers; arguments as :func:`spinspice.characterize.characterize`.

    Raises
    ------
    UsageError
        For an unknown name or a number out of range (:class:`~spinspice.errors.ParameterError`).
    """
    from spinspice.cells import choose_cell

    built, name, _ = choose_cell(cell, preset, cmos, vdd, mismatch=mismatch, trust=trust, parameters=parameters)
    length = _duration(duration, list(built.devices.values()))
    check_range("trials", trials, 1, 100_000, where="runs at each input")
    check_range("seed", seed, 0, SEED_LIMIT - 1, where="seed of the characterisation")
    settings = Settings(
        cell=built, preset=name, vin=parse_vin(vin), duration=length, trials=int(trials), seed=int(seed)
    )
    return settings


def _duration(duration: float | str | None, devices: Sequence[Device]) -> float:
    """Return the duration of a run [s]: the default for the slowest junction, or the one given if it is long enough."""
    slowest = max((device.durations() for device in devices), key=lambda found: found.default)
    if duration is None:
        return slowest.default
    return check_range(
        "duration",
        parse_number(duration, "duration"),
        slowest.shortest,
        1e6,
        unit="s",
        where=f"each run; the shortest that says anything is {slowest.why}",
        hint="Lengthen the run",
    )
