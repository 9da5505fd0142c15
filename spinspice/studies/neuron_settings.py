"""What to characterise and how: checked before anything runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from spinspice.cells.plausible import input_doubts
from spinspice.devices import Device
from spinspice.devices.accuracy import check_accuracy
from spinspice.devices.noise import SAMPLE_LIMIT, SEED_LIMIT
from spinspice.errors import UsageError, check_range
from spinspice.presets import Preset
from spinspice.studies.inputs import AutoVin, GridVin, ListVin, Vin, check_temperature, parse_vin
from spinspice.units import number, whole_number

if TYPE_CHECKING:
    from spinspice.cells import Cell, CellFile, Sizing

#: Temperature of transistors where none is given [K].
TEMPERATURE = 300.0
#: Part of a run that is discarded: our choice, tens of correlation times at the default durations.
WARM_UP = 0.1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that determines a characterisation, resolved: no name is left to look up.

    Parameters
    ----------
    cell : Cell
        The circuit.
    preset : str
        Name of its junction.
    vin : AutoVin, GridVin or ListVin
    duration : float
        Length of each run [s]; its first tenth is warm-up.
    trials : int
        Runs at each input.
    seed : int
    temperature : float
        Of the transistors [K]; the junctions carry their own.
    accuracy : str
        What the time step of the junctions, which ``cell`` has already, must get right.
    """

    cell: Cell
    preset: str
    vin: AutoVin | GridVin | ListVin
    duration: float
    trials: int
    seed: int
    temperature: float = TEMPERATURE
    accuracy: str = "path"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is implausible about junctions, supply and inputs."""
        return self.noted(() if isinstance(self.vin, AutoVin) else self.vin.values)

    def noted(self, inputs: ArrayLike) -> tuple[str, ...]:
        """Return :attr:`notes` with other inputs [V]."""
        doubts = [doubt for device in self.cell.devices.values() for doubt in device.doubts()]
        return tuple(f"implausible: {doubt}" for doubt in (*doubts, *input_doubts(self.cell.rails, inputs)))

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


def make_settings(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None,
    *,
    cmos: str | None,
    vdd: float | str | None,
    vin: Vin,
    duration: float | str | None,
    trials: int,
    seed: int,
    mismatch: int | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
    temperature: float | str | None = None,
    sizing: Sizing | None = None,
    accuracy: str = "path",
) -> Settings:
    """Resolve names and check numbers; arguments as :func:`spinspice.characterize.characterize`.

    Raises
    ------
    UsageError
        For an unknown name or a number out of range (:class:`~spinspice.errors.ParameterError`).
    """
    from spinspice.cells import choose_cell

    built, name, _ = choose_cell(
        cell, preset, cmos, vdd, mismatch=mismatch, trust=trust, parameters=parameters, sizing=sizing
    )
    kelvin = TEMPERATURE if temperature is None else check_temperature(temperature)
    if temperature is not None:
        built = built.with_junctions(lambda device: device.replace(T=kelvin))
    check_accuracy(accuracy)
    if any(device.at_accuracy(accuracy) != device for device in built.devices.values()):
        built = built.with_junctions(lambda device: device.at_accuracy(accuracy))
    settings = Settings(
        cell=built,
        preset=name,
        vin=parse_vin(vin),
        duration=check_duration(duration, list(built.devices.values())),
        trials=whole_number(trials, "trials", 1, 100_000, "runs at each input"),
        seed=whole_number(seed, "seed", 0, SEED_LIMIT - 1, "seed of all noise"),
        temperature=kelvin,
        accuracy=accuracy,
    )
    if not isinstance(settings.vin, AutoVin):
        input_doubts(built.rails, settings.vin.values, warn=True)
    return settings


def check_duration(duration: float | str | None, devices: Sequence[Device]) -> float:
    """Return the duration of a run [s]: the default for the slowest junction, or the one given if it is long enough."""
    slowest = max((device.durations() for device in devices), key=lambda found: found.default)
    if duration is None:
        return slowest.default
    length = check_range(
        "duration",
        number(duration, "duration"),
        slowest.shortest,
        1e6,
        unit="s",
        where=f"each run; the shortest that says anything is {slowest.why}",
        hint="A duration is in seconds: 10 ns are 10e-9 or 10n",
    )
    longest = min((SAMPLE_LIMIT * device.step_grid[0] for device in devices if device.step_grid), default=length)
    if length > longest:
        raise UsageError(
            f"duration = {length:g} s is more than the noise of a macrospin lasts: 2**28 samples are {longest:g} s. "
            "A duration is in seconds: 10 ns are 10e-9 or 10n."
        )
    return length
