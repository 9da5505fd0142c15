"""Model of the full system: sums, junctions exactly, scaling, and where numbers are from."""

from __future__ import annotations

import math

import pytest

from spinspice.errors import EngineNotFound, ParameterError, UsageError
from spinspice.papers.mizrahi2018.full_system import (
    area_factor,
    contributions,
    energy_factor,
    full_system,
    measured,
    scaling,
)
from spinspice.papers.mizrahi2018.full_system.contributions import PHASES, TECHNOLOGY

SYSTEM = full_system()


def test_junctions_take_what_theory_says():
    """N V^2/R (1 + (N + 1)/(3 (N - 1))) t: evenly spaced centres have this sum of squares. 148 pJ within 2 %."""
    n, R = 128, 20e-12 / (math.pi * 11e-9**2 / 4)
    exact = n * 0.1**2 / R * (1 + (n + 1) / (3 * (n - 1))) * 100 * 183e-9
    assert SYSTEM.energy(technology="junctions") == pytest.approx(exact, rel=1e-12)
    assert SYSTEM.energy(technology="junctions") == pytest.approx(148e-12, rel=0.02)


@pytest.mark.parametrize("cmos", ["generic", "sky130", "sg13g2"])
def test_parts_add_up(cmos):
    system = full_system(cmos=cmos)
    parts = [system.energy(phase, technology) for phase in PHASES for technology in TECHNOLOGY]
    assert math.fsum(parts) == pytest.approx(system.energy(), rel=1e-12)
    assert system.energy(learning=False) == pytest.approx(system.energy() - system.energy("learn"), rel=1e-12)
    assert system.stderr() == pytest.approx(math.hypot(*(system.stderr(phase) for phase in PHASES)))
    assert system.area() == pytest.approx(math.fsum(part.area for part in system.areas()))
    assert all(contribution.source for contribution in system.contributions())


def test_memory_is_charged_by_word_and_bit():
    """Words of which all bits are read cost what the memory's own figure says for a word of eight."""
    read = next(c for c in SYSTEM.contributions() if (c.phase, c.part) == ("compute", "read"))
    words = SYSTEM.digital.words_read["compute"]
    assert read.energy == pytest.approx(8 * words * SYSTEM.memory.energy_per_bit("read", word=8), rel=1e-9)
    write = next(c for c in SYSTEM.contributions() if c.part == "write")
    changed, written = SYSTEM.digital.bits_written["learn"], SYSTEM.digital.words_written["learn"]
    assert written < changed < 8 * written
    assert write.energy < changed * SYSTEM.memory.energy_per_bit("write")


def test_scaling_is_a_factor_and_can_be_left_out():
    plain = full_system(to_scale=False)
    factor, area = SYSTEM.digital_factors
    assert factor == energy_factor(130e-9, 1.8) and area == area_factor(130e-9)
    assert SYSTEM.energy("learn", "CMOS") == pytest.approx(factor * plain.energy("learn", "CMOS"), rel=1e-12)
    assert SYSTEM.energy("learn", "MRAM") == plain.energy("learn", "MRAM")
    assert plain.area("CMOS") > 10 * SYSTEM.area("CMOS")


def test_published_factors():
    """Points of the published tables themselves; at the end of a fit the square of the supply takes over."""
    assert area_factor(65e-9, 32e-9) == pytest.approx(0.31, rel=0.02)  # printed with two digits
    assert energy_factor(65e-9, 1.3, 65e-9, 1.3) == 1.0
    assert energy_factor(65e-9, 1.3, 32e-9, 0.9) == pytest.approx(
        (0.9559 * 0.81 - 0.7823 * 0.9 + 0.471) / (3.755 * 1.69 - 4.398 * 1.3 + 1.975)
    )
    assert energy_factor(130e-9, 1.3) / energy_factor(130e-9, 1.8) == pytest.approx((1.8 / 1.3) ** 2)
    for table in (scaling.AREA, scaling.ENERGY):
        assert min(table) < scaling.NODE < max(table)


def test_the_table_covers_what_it_says():
    for name in measured.TECHNOLOGIES:
        assert measured.read_figures(name).closure < 5e-3
        memory = measured.memory_figures(name)
        assert memory.closure < 5e-3 and memory.wrong_reads == memory.failed_writes == 0
    for size in (16, 32, 64, 128):
        figures = measured.digital_figures(size, size)
        assert (figures.inputs, figures.outputs) == (size, size)
        assert figures.cycles["compute"] == size**2 + 2 + 6 + (size - 1).bit_length() + 1
        assert figures.cycles["learn"] == 2 * size**2


def test_bad_input(monkeypatch):
    with pytest.raises(ParameterError, match="size of the full system"):
        full_system(1, 128)
    with pytest.raises(UsageError, match="no measured readout on 'sky'"):
        full_system(cmos="sky")
    with pytest.raises(UsageError, match="typical corners"):
        full_system(cmos="sky130:ff")
    with pytest.raises(ParameterError, match="CMOS node"):
        area_factor(7e-9)

    def missing(inputs, outputs):
        raise EngineNotFound("synthesis needs Yosys")

    monkeypatch.setattr(contributions, "digital_figures", missing)
    with pytest.raises(EngineNotFound, match="Yosys"):
        full_system(5, 7)
