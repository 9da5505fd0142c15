"""A bit of ST-MRAM in tables and pictures."""

from __future__ import annotations

from typing import Literal

from spinspice.analysis.statistics import wrong_of
from spinspice.panels import Curve, Panel, Table
from spinspice.studies.mram import WORD, MemoryStudy
from spinspice.units import DETERMINISTIC, with_error


def tables(result: MemoryStudy) -> tuple[Table, ...]:
    f = result.figures

    numbers = (
        ("read energy", with_error(f.energy_read, f.energy_read_stderr, "J")),
        (f"read energy, word of {WORD}", _word(result, "read")),
        ("write energy", with_error(f.energy_write, f.energy_write_stderr, "J")),
        (f"write energy, word of {WORD}", _word(result, "write")),
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


def _word(result: MemoryStudy, operation: Literal["read", "write"]) -> str:
    """Return the energy of a bit of a word."""
    f = result.figures
    return with_error(f.energy_per_bit(operation, WORD), f.energy_per_bit_stderr(operation, WORD), "J")


def panels(result: MemoryStudy) -> tuple[Panel, ...]:
    f, names = result.figures, tuple(result.figures.blocks_read)
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
