"""What is printed to get a result again gives it again, to the last bit: every command and every study, run."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path

import numpy as np
import pytest

from spinspice.cells import ASN, BSN, CellFile
from spinspice.characterize import GridVin, characterize
from spinspice.cli import run
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin
from spinspice.errors import PlausibilityWarning
from spinspice.studies.energy import study_energy
from spinspice.sweep import Study, run_study

pytestmark = pytest.mark.engine("ngspice")
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
STUDY = """
name = "again"
cell = "bsn"
seed = 5
temperature = 320
[grid]
vin = [-0.01, 0.01]
[montecarlo]
samples = 2
mismatch = true
device.TMR = { distribution = "normal", relative = 0.05 }
[measure]
duration = 1e-9
"""
#: Options of each command, none of them at its default; short runs.
COMMANDS = {
    "bsn": "characterize bsn --preset ganguly2018 --cmos generic:ss --vdd 0.9 --model b-source --vin=-50m:0.07:5 "
    "--duration 0.6n --trials 2 --seed 7 --mismatch 3 --temperature 330",
    "asn": "characterize asn --cmos generic-lvt --engine ngspice-process --vin=-0.1,-0.03,0,0.03,0.1 --duration 1.1n "
    "--trials 1 --seed 2",
    "auto": "characterize bsn --preset mizrahi2018-scaled --vin auto:5 --duration 5u --trials 1 --seed 4",
    "vacask": "characterize bsn --engine vacask --vin=-0.05:0.05:5 --duration 0.7n --trials 1",
    "cell file": "characterize CELL --preset faria2021 --vin=-0.1:0.1:5 --duration 0.8n --trials 1 --vdd 0.85 --trust "
    "--param wide=8.1e-07",
    "comparator": "characterize comparator --cmos generic:ff --topology double-tail --vdd 0.85 --trials 2 --seed 3 "
    "--model b-source",
    "readout": "characterize readout --preset mizrahi2018-scaled --cmos generic-lvt --vdd 0.85 --topology double-tail "
    "--bits 60 --trials 2 --margin 5m --clock 60n --stim 0.01 --r-ref 630k --seed 3 --direct",
    "readout-yield": "characterize readout-yield --cmos generic --topology double-tail --bits 4 --trials 2 --margin 6m "
    "--clock 60n --seed 3",
    "mram": "characterize mram --cmos generic-lvt --vdd 1.15 --trials 2 --seed 3",
    "energy": "energy asn --preset faria2021 --cmos generic:fs --vdd 0.95 --vin 3.3m --duration 3n --seed 5 "
    "--mismatch 2 --temperature 280 --model b-source",
    "reproduce": "reproduce lopez-fig1c --short --seed 3",
}
#: 40 s a run.
SLOW = {"mram"}


@pytest.fixture
def call(capsys):
    """Run a command with ``--json`` in this process; return what it printed, without how long it took."""

    def run_it(words: list[str]) -> dict:
        status = run([*words, "--json"])
        output = capsys.readouterr()
        assert status == 0, output.err
        return without_time(json.loads(output.out))

    return run_it


def without_time(data):
    """Leave out how long runs took and which they were called in the folder of this machine."""
    if isinstance(data, dict):
        return {key: without_time(value) for key, value in data.items() if key != "wall_time"}
    return [without_time(value) for value in data] if isinstance(data, list) else data


@pytest.fixture
def cell_file(tmp_path):
    """A cell file in a folder with a space in its name, and a long path."""
    folder = tmp_path / "my cells" / ("long" * 20)
    folder.mkdir(parents=True)
    for name in ("08_neuron.toml", "08_neuron.sp"):
        shutil.copy(EXAMPLES / name, folder / name)
    netlist = folder / "08_neuron.sp"
    text = netlist.read_text().replace("r=12.7k", "r=12.7k wide=7.71e-07").replace("w=7.71e-07", "w={wide}")
    netlist.write_text(text)
    return folder / "08_neuron.toml"


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in COMMANDS]
)
def test_a_printed_command_gives_its_result_again(call, name, cell_file, tmp_path, monkeypatch):
    words = [str(cell_file) if word == "CELL" else word for word in shlex.split(COMMANDS[name])]
    first = call(words)
    printed = shlex.split(first["command"].replace("\\\n", " "))
    lines = [line for line in first["command"].splitlines() if str(tmp_path) not in line]
    assert printed[0] == "spinspice" and max(map(len, lines)) <= 102
    monkeypatch.chdir(tmp_path)  # from another folder, too
    assert call(printed[1:]) == first


def test_a_printed_sweep_gives_its_result_again(call, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    first = call(["sweep", str(tmp_path / "study.toml"), "--out", str(tmp_path / "out")])
    again = call(shlex.split(first["command"].replace("\\\n", " "))[1:])
    assert again["command"] != first["command"]  # another folder, since this one holds results
    for data in (first, again):
        del data["command"]
    assert again == first


OWN = Macrospin(area=3e-16, R_P=20e3, alpha=0.0123456789012345)


@pytest.mark.parametrize(
    "make",
    [
        lambda: characterize("bsn", OWN, vin=np.linspace(-0.05, 0.05, 5), duration=1e-9, trials=1, temperature=310),
        lambda: characterize(
            ASN(OWN, get_technology("generic:ss").with_mismatch(4), vdd=0.9),
            vin=GridVin(-0.05, 0.05, 5), duration="1n", trials=1, seed=9, model="b-source",
        ),
        lambda: characterize(BSN(OWN), vin=[0.0, 0.01], duration=1e-9, trials=np.int64(1)),
        lambda: study_energy("bsn", OWN, vin=[0.01], duration=3e-9),
    ],
    ids=["device", "built cell", "two inputs", "energy"],
)  # fmt: skip
def test_printed_python_gives_its_result_again(make):
    first = make()
    assert first.command.startswith("# No command line can say this")
    scope: dict = {}
    exec(first.command, scope)
    assert without_time(scope["result"].to_dict()) == without_time(first.to_dict())
    assert scope["result"].command == first.command


def test_a_sweep_made_in_python_prints_python(tmp_path):
    import tomllib

    study = Study.from_dict(tomllib.loads(STUDY))
    first = run_study(study, tmp_path / "out")
    scope: dict = {}
    exec(first.command, scope)
    assert scope["result"].dataset.equals(first.dataset)


def test_a_result_from_a_file_still_knows_how_to_get_it_again(tmp_path):
    result = characterize("bsn", vin="-0.05:0.05:5", duration=1e-9, trials=1, seed=3)
    from spinspice.characterize import Characterization

    stored = Characterization.load(result.save(tmp_path / "r.nc"))
    assert stored.command == result.command and "--vin=-0.05:0.05:5" in result.command


def test_a_cell_file_object_keeps_its_path(cell_file):
    result = characterize(CellFile.load(cell_file), vin="-0.1:0.1:5", duration=1e-9, trials=1)
    assert shlex.split(result.command.replace("\\\n", " "))[2] == str(cell_file)


def test_one_input_is_measured_without_a_fit():
    result = characterize("bsn", vin=0.0, duration=2e-9, trials=2)
    assert result.fit is None and result.transfer.vin.tolist() == [0.0]
    assert result.noise is not None and any("no fit: 1 inputs" in note for note in result.notes)


def test_implausible_values_are_notes_of_the_result():
    with pytest.warns(PlausibilityWarning):
        device = Macrospin(Nx=0.2, Ny=0.2, Nz=0.7)
        result = characterize("bsn", device, vin="-0.9:0.9:5", duration=1e-9, trials=1)
    assert any("implausible: Nx + Ny + Nz" in note for note in result.notes)
    assert any("outside the rails" in note for note in result.notes)


def test_temperature_is_that_of_transistors_and_junction():
    """The same as a junction of that temperature on transistors of that temperature, and not of another."""
    how = {"vin": [0.0], "duration": 2e-9, "trials": 1}
    hot, cold = (characterize("bsn", temperature=T, **how).transfer.mean[0] for T in (350, 300))
    assert hot != cold and characterize("bsn", **how).transfer.mean[0] == cold
    assert characterize("bsn", Macrospin(B_k=1e-4, pol=3**-0.5), temperature=350.0, **how).transfer.mean[0] == hot
