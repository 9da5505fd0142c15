"""Characterise a neuron cell: the study of :mod:`spinspice.studies.neuron` as one function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from spinspice.replay import answering
from spinspice.studies.base import Study
from spinspice.studies.inputs import AutoVin, GridVin, ListVin, Vin, parse_vin
from spinspice.studies.neuron import Neuron
from spinspice.studies.neuron_result import Characterization, EnergySplit, Noise, Transfer
from spinspice.studies.neuron_run import CharacterizationInterrupted
from spinspice.studies.neuron_settings import Settings
from spinspice.studies.run import StageProgress, run

if TYPE_CHECKING:
    from spinspice.cells import Cell, CellFile
    from spinspice.devices import Device
    from spinspice.engines import Engine
    from spinspice.presets import Preset

__all__ = [
    "AutoVin",
    "Characterization",
    "CharacterizationInterrupted",
    "EnergySplit",
    "GridVin",
    "ListVin",
    "Noise",
    "Settings",
    "Transfer",
    "characterize",
    "parse_vin",
]


@answering
def characterize(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None = None,
    *,
    technology: str | None = None,
    vdd: float | str | None = None,
    engine: str | Engine = "auto",
    model: str | None = None,
    vin: Vin = "auto:17",
    duration: float | str | None = None,
    repeats: int | None = None,
    seed: int = 1,
    mismatch: int | None = None,
    temperature: float | str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
    accuracy: str | None = None,
    max_wall: float | None = None,
    cmos: str | None = None,
    trials: int | None = None,
) -> Characterization:
    """Characterise a neuron cell in a SPICE engine.

    Parameters
    ----------
    cell : str, CellFile or Cell
        ``"asn"``, ``"bsn"``, the path of a cell file (docs/import.md), or a cell that you built.
    preset : str, Preset or Device, optional
        Junction; default the one the cell was published with, or that of the cell file.
    technology : str, optional
        Transistors; default those of the cell file, else ``generic``. Also called ``cmos``.
    vdd : float, optional
        Supply [V]; default that of the preset.
    engine, model : str
        As for :func:`spinspice.engines.get_engine`; ``"ngspice/b-source"`` names both.
    vin : str, float or sequence of float
        ``"auto:N"`` (N points across the transition, which is found first), ``"START:STOP:N"`` in volts, or inputs [V]:
        a number, a list, an array, or text with commas. Fewer than five make no fit; noise and energy are then
        measured at their mean.
    duration : float or str, optional
        Length of each run [s], its first tenth being warm-up. Default 50 ns for a macrospin, 300 mean dwell times for a
        telegraph junction.
    repeats : int, optional
        Runs at each input, each with its own seed; default 4. Also called ``trials``.
    seed : int
        Seed of all noise: the same seed gives the same result to the last bit.
    mismatch : int, optional
        Seed of the mismatch of the transistors (:meth:`spinspice.cmos.Technology.with_mismatch`): one instance of many.
        None for transistors that are all as drawn.
    temperature : float, optional
        Of transistors and junctions [K]; default 300 K and the junctions' own. Sizes stay those of the nominal
        junction; of what depends on temperature in a magnet, only the noise does here (docs/theory.md, 8).
    workers : int, optional
        Runs at a time; default one for every processor. Does not enter the result.
    progress : callable, optional
        Called as runs end: ``progress(stage, done, total)``.
    trust : bool
        As for :meth:`spinspice.cells.CellFile.load`.
    parameters : mapping, optional
        Parameters of the netlist of a cell file, set to numbers (sizes such as ``win`` in ``w={win}``).
    accuracy : {"statistics", "path"}, optional
        What the time step must get right (:mod:`spinspice.devices.accuracy`). Default: statistics, which is what this
        reports; ``"path"`` takes the step of the junction, a quarter of a noise step by default.
    max_wall : float, optional
        Longest time that a batch of runs may be expected to take [s]; default an hour.
    cmos, trials
        Other names of ``technology`` and ``repeats``.

    Returns
    -------
    Characterization

    Raises
    ------
    UsageError
        For an unknown name or a number out of range.
    EngineError
        If runs fail so that no curve can be measured. Single failures cost their repeat and are listed in ``failures``.
    ResultError
        If there is no transition to be found.
    CharacterizationInterrupted
        On Ctrl-C; carries what was done.
    """
    study: Study = Neuron()
    result: Characterization = run(
        study,
        engine=engine,
        model=model,
        workers=workers,
        progress=progress,
        max_wall=max_wall,
        cell=cell,
        preset=preset,
        technology=technology,
        vdd=vdd,
        vin=vin,
        duration=duration,
        repeats=repeats,
        seed=seed,
        mismatch=mismatch,
        temperature=temperature,
        trust=trust,
        parameters=parameters,
        accuracy=accuracy,
        cmos=cmos,
        trials=trials,
    )
    return result
