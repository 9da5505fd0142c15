"""Study of a memory bit: tables, file and figure of figures that are kept in the package."""

from __future__ import annotations

import pytest

from spinspice.cli import run
from spinspice.errors import UsageError
from spinspice.papers.mizrahi2018.full_system import memory_figures
from spinspice.plotting import plot_panels
from spinspice.studies.mram import MemoryStudy, study_memory


@pytest.fixture
def study():
    figures = memory_figures("generic")
    settings = {"preset": "sttmram", "cmos": "generic", "vdd": figures.vdd, "rows": 8, "trials": figures.seeds}
    return MemoryStudy(cell="mram", engine="ngspice", seed=1, settings=settings, figures=figures)


def test_what_it_shows(study, tmp_path):
    numbers, blocks = study.tables()
    text = dict(numbers.rows)
    assert text["read energy"].startswith("120.7") and text["write: pulse"] == "12 ns (deterministic)"
    assert [row[0] for row in blocks.rows] == list(study.figures.blocks_read)
    assert sum(study.figures.blocks_read.values()) == pytest.approx(study.figures.energy_read, rel=1e-9)
    assert plot_panels(study.panels(), study.title, tmp_path / "mram.png").stat().st_size > 10_000
    kept = study.to_xarray()
    assert float(kept["energy_write"].sum()) == pytest.approx(study.figures.energy_write, rel=1e-9)
    assert kept["energy_write"].attrs["units"] == "J"


def test_bad_input(capsys):
    with pytest.raises(UsageError, match="needs a macrospin"):
        study_memory("mizrahi2018-scaled")
    assert run(["characterize", "mram", "--bits", "3"]) == 2
    assert "--bits does not apply to mram" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_measured():
    study = study_memory(trials=2, workers=1)
    assert study.figures.closure < 5e-3
    assert study.figures.wrong_reads == study.figures.failed_writes == 0
    assert study.settings["vdd"] == 1.2
