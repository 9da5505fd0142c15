"""Study of a bit of ST-MRAM: energy and delay of reads and writes, area."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

from spinspice.analysis.statistics import wrong_of
from spinspice.characterize.study import StudyResult, Table
from spinspice.devices import as_macrospin
from spinspice.engines import Engine, get_engine
from spinspice.errors import check_whole
from spinspice.memory import MemoryFigures, measure_memory
from spinspice.panels import Curve, Panel
from spinspice.presets import load_preset
from spinspice.replay import replayable
from spinspice.units import DETERMINISTIC, with_error

#: Junction where none is named, cells on the column, and bits that share a word driver and the read bias.
DEFAULT_PRESET, ROWS, WORD = "sttmram", 8, 8
#: Called as runs end: name of the stage, runs done in it, runs of it.
StageProgress = Callable[[str, int, int], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class MemoryStudy(StudyResult):
    """What :func:`study_memory` found: the figures of a bit."""

    figures: MemoryFigures
    #: Of the figures.
    deterministic = ("figures.pulse_write", "figures.cell_area", "figures.closure")

    @property
    def title(self) -> str:
        """One line that says what this is."""
        s = self.settings
        return f"ST-MRAM, junction {s['preset']}, {s['cmos']} {s['vdd']:g} V, {self.engine}, seed {self.seed}"

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        f = self.figures
        return {
            "energy_read": ("block", list(f.blocks_read.values()), "J"),
            "energy_write": ("block", [f.blocks_write.get(name, 0.0) for name in f.blocks_read], "J"),
        }

    def tables(self) -> tuple[Table, ...]:
        f = self.figures

        numbers = (
            ("read energy", with_error(f.energy_read, f.energy_read_stderr, "J")),
            (f"read energy, word of {WORD}", self._word("read")),
            ("write energy", with_error(f.energy_write, f.energy_write_stderr, "J")),
            (f"write energy, word of {WORD}", self._word("write")),
            ("read: decision after sense", with_error(f.delay_read, f.delay_read_stderr, "s")),
            ("read: access", with_error(f.access_read, f.delay_read_stderr, "s")),
            ("write: mean time to mz = 0, slower bit", with_error(f.delay_write, f.delay_write_stderr, "s")),
            ("write: pulse", with_error(f.pulse_write, DETERMINISTIC, "s")),
            ("area of a cell", f"{1e12 * f.cell_area:.3g} µm² (deterministic)"),
            ("wrong reads", wrong_of(f.wrong_reads, f.operations // 2)),
            ("failed writes", wrong_of(f.failed_writes, f.operations // 2)),
        )
        head = ("block", "read", "write")
        blocks = tuple(
            (
                name,
                with_error(value, f.blocks_read_stderr.get(name), "J"),
                with_error(f.blocks_write.get(name, 0.0), f.blocks_write_stderr.get(name), "J"),
            )
            for name, value in f.blocks_read.items()
        )
        return (
            Table(f"One bit, mean of {f.seeds} repetitions", ("quantity", "value"), numbers),
            Table(f"Energy of a bit by block (audit closes to {f.closure:.1e})", head, blocks),
        )

    def _word(self, operation: Literal["read", "write"]) -> str:
        """Return the energy of a bit of a word."""
        f = self.figures
        return with_error(f.energy_per_bit(operation, WORD), f.energy_per_bit_stderr(operation, WORD), "J")

    def panels(self) -> tuple[Panel, ...]:
        f, names = self.figures, tuple(self.figures.blocks_read)
        curves = []
        for k, (label, blocks) in enumerate((("read", f.blocks_read), ("write", f.blocks_write))):
            heights = [1e15 * blocks.get(name, 0.0) for name in names]
            curves.append(Curve(x=[n + 0.27 * (k - 0.5) for n in range(len(names))], y=heights, kind="bars",
                                label=label, color=k))  # fmt: skip
        return (
            Panel(
                title="Energy of a bit", xlabel="", ylabel="energy [fJ]", yscale="log", ticks=names,
                curves=tuple(curves),
            ),
        )  # fmt: skip


@replayable("mram")
def study_memory(
    preset: str | None = None,
    *,
    cmos: str = "generic",
    vdd: float | None = None,
    trials: int = 4,
    seed: int = 1,
    engine: str | Engine = "auto",
    model: str | None = None,
    workers: int | None = None,
    progress: StageProgress | None = None,
) -> MemoryStudy:
    """Read and write a bit of a column of 8 cells.

    Parameters
    ----------
    preset : str, optional
        Stable junction, a macrospin one; default :data:`DEFAULT_PRESET`.
    cmos, vdd, engine, model, workers
        As for :func:`spinspice.memory.measure_memory`.
    trials : int
        Repetitions with fresh noise and angles, at least 2.
    seed : int
    progress : callable, optional
        Called at start and end: the repetitions are one batch.

    Raises
    ------
    UsageError
        For a junction that is no macrospin.
    EngineError, ResultError
        As for ``measure_memory``.
    """
    name = preset or DEFAULT_PRESET
    message = f"preset {name} is a {{kind}}; a memory cell needs a macrospin: sttmram."
    check_whole("trials", trials, 2, 10_000, where="repetitions, from which the standard errors come")
    device = as_macrospin(load_preset(name).device, message)
    solver = get_engine(engine, model)
    if progress:
        progress("repetitions", 0, trials)
    figures = measure_memory(
        device, cmos, rows=ROWS, vdd=vdd, seeds=trials, seed=seed, engine=solver, workers=workers
    )  # fmt: skip
    if progress:
        progress("repetitions", trials, trials)
    return MemoryStudy(
        cell="mram",
        engine=solver.name,
        seed=seed,
        settings={
            "preset": name,
            "cmos": figures.technology,
            "corner": figures.corner,
            "vdd": figures.vdd,
            "model": solver.model,
            "rows": ROWS,
            "trials": trials,
        },
        provenance={"source": figures.source},
        figures=figures,
    )
