"""What every study's result offers: title, command line, report, file."""

import dataclasses

import pytest

from spinspice.analysis.statistics import wilson
from spinspice.characterize import Characterization
from spinspice.replay import call
from spinspice.report import write_report
from spinspice.studies.readout_yield import ReadOutYield
from spinspice.studies.result import StudyResult


@pytest.fixture
def result():
    settings = {"cmos": "sky130", "corner": "ss", "vdd": 1.8, "topology": "strongarm", "model": "verilog-a"}
    return ReadOutYield(
        cell="readout-yield",
        engine="ngspice",
        seed=4,
        settings=settings | {"trials": 2, "bits": 24, "preset": "mizrahi2018-scaled"},
        notes=("a note",),
        provenance={"call": call("readout-yield", {"cmos": "sky130:ss", "trials": 2, "seed": 4})},
        low=(-5, 3),
        high=(1, 3),
        codes=(-3, 2),
        wrong=((7, 0), (0, 1)),
        settled=(40, 41),
        reads=(wilson(1, 2), wilson(1, 2)),
        energy=(9e-14, 1e-13),
        area=(3e-13, 4.5e-13),
        disturb=((0.1, 0.2), (0.1, 0.2)),
    )


def test_a_report_holds_title_tables_picture_and_command(result, tmp_path):
    page = write_report([result], tmp_path / "page.html", title="Yield").read_text()
    for text in ("READOUT-YIELD, strongarm, sky130", "1 (50%)", "--trials=2", "a note", "<svg", "Trim."):
        assert text in page
    assert "Transfer curve" not in page


def test_a_file_holds_everything(result, tmp_path):
    xarray = pytest.importorskip("xarray")
    with xarray.open_dataset(result.save(tmp_path / "y.nc"), engine="h5netcdf") as data:
        assert list(data["code"].values) == [-3, 2]
        assert "wilson" not in data.attrs["study"] and '"seed": 4' in data.attrs["study"]


def test_a_characterised_neuron_is_a_study_result():
    assert issubclass(Characterization, StudyResult)
    assert {field.name for field in dataclasses.fields(StudyResult)} <= {
        field.name for field in dataclasses.fields(Characterization)
    }
