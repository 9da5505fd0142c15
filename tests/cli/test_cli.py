"""The command line without a simulator: help, presets, errors, exit statuses, where output goes."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from spinspice.cli import _COMMANDS, _SUMMARIES, run
from spinspice.cli import spinspice as group
from spinspice.reproduce import FIGURES

#: What `--help` must not load: each takes longer than all of it.
HEAVY = {"numpy", "scipy", "PySpice", "matplotlib", "xarray", "numba", "rich", "jinja2", "h5py"}


@pytest.fixture
def call(capsys):
    """Run the command line in this process: exit status, standard output, standard error."""

    def run_it(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        output = capsys.readouterr()
        return status, output.out, output.err

    return run_it


def test_summaries_are_those_of_the_commands():
    """What ``--help`` shows without loading a command is what the command says of itself."""
    context = click.Context(group)
    assert list(_SUMMARIES) == list(_COMMANDS)
    for name, summary in _SUMMARIES.items():
        assert (group.get_command(context, name).help or "").split("\n\n")[0] == summary


@pytest.mark.parametrize("command", ["", *_COMMANDS])
def test_help_of_every_command(call, command):
    status, out, err = call(*command.split(), "--help")
    assert status == 0
    assert out.startswith(f"Usage: spinspice {command}".rstrip())
    assert err == ""


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from spinspice.cli import run; status = run(['--help']);"
        f"print(status, sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stderr.strip() == "0 []"
    assert "characterize" in done.stdout


def test_it_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "spinspice", "--version"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("spinspice, version 0.")


def test_presets_as_json_and_as_a_table(call):
    status, out, err = call("presets", "--json")
    assert (status, err) == (0, "")
    listed = json.loads(out)["presets"]
    assert len(listed) == 25
    assert {"name", "model", "parameters", "source", "published", "chosen"} <= set(listed[0])
    status, out, _ = call("presets")
    assert status == 0
    assert all(preset["name"] in out for preset in listed)


def test_one_preset_shows_where_each_value_is_from(call):
    status, out, _ = call("presets", "faria2021")
    assert status == 0
    assert "Front. Comput. Neurosci." in out
    assert "source" in out and "chosen" in out
    status, out, _ = call("presets", "faria2021", "--json")
    assert [preset["name"] for preset in json.loads(out)["presets"]] == ["faria2021"]


def test_doctor_as_json_is_one_object(call):
    status, out, _ = call("doctor", "--json")
    report = json.loads(out)
    assert status == (0 if report["auto"] else 1)
    assert [engine["name"] for engine in report["engines"]] == ["ngspice", "ngspice-process", "vacask"]
    for engine in report["engines"]:
        assert set(engine["models"]) | set(engine["missing"]) == {"verilog-a", "b-source"}
        assert bool(engine["version"]) == engine["found"]


def test_doctor_on_a_bare_machine_says_what_to_do(call, monkeypatch):
    from spinspice.engines import ENGINES, engine_class, osdi

    for name in ENGINES[1:]:
        monkeypatch.setattr(engine_class(name), "find", classmethod(lambda cls: None))
    monkeypatch.setattr(osdi, "find_compiler", lambda: None)
    status, out, _ = call("doctor")
    assert status == 1
    assert "install_ngspice.sh" in out and "pip install" in out
    assert "No simulator can run cells here yet" in out


def test_figures_are_listed(call):
    status, out, _ = call("reproduce", "--list")
    assert status == 0
    assert "mizrahi-fig1j" in out and "ganguly-fig1d" in out
    assert set(json.loads(call("reproduce", "--list", "--json")[1])["figures"]) == set(FIGURES)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("charakterize bsn", "no command 'charakterize'. Did you mean characterize?"),
        ("characterize", "Missing argument 'CELL'"),
        ("characterize bns", "unknown cell 'bns'. Did you mean bsn?"),
        ("characterize bsn --preset farai2021", "unknown preset 'farai2021'. Did you mean faria2021?"),
        ("characterize bsn --cmos sky131", "unknown transistor technology 'sky131'"),
        ("characterize bsn --engine ngspicee", "no engine 'ngspicee'. Did you mean ngspice?"),
        ("characterize bsn --model veriloga", "no model 'veriloga'. Did you mean verilog-a?"),
        ("characterize bsn --vinn 3", "No such option"),
        (
            "characterize comparator --vin auto:9",
            "--vin does not apply to comparator, which takes --cell, --clock, --noise, --temperature, --topology",
        ),
        ("characterize bsn --topology double-tail", "--topology does not apply to bsn"),
        ("characterize readout --r-ref 100", "reference resistor outside the window"),
        ("characterize readout --preset faria2021", "is a Macrospin; a readout needs a telegraph junction"),
        ("characterize comparator --topology strongarn", "topology = 'strongarn'. Did you mean strongarm"),
        ("characterize bsn --vin 1:2", "neither auto:N nor START:STOP:N"),
        ("characterize bsn --vin 0.2:0.1:9", "does not rise"),
        ("characterize bsn --vin auto:3", "vin: 3 inputs are outside"),
        ("characterize bsn --vin nan:1:9", "not a number"),
        ("characterize bsn --duration 1p", "100 noise steps"),
        ("characterize bsn --duration -5n", "outside"),
        ("characterize bsn --duration soon", "is not a number"),
        ("characterize bsn --trials 0", "trials = 0"),
        ("characterize bsn --trials many", "trials = 'many' is not a number"),
        ("characterize bsn --trials 1_0", "is not a number"),
        ("energy system --inputs 1_28", "is no whole number"),
        ("characterize bsn --seed -1", "seed = -1"),
        ("characterize bsn --workers 0", "workers = 0 is less than 1"),
        ("characterize bsn --vdd 5", "vdd = 5 V is outside"),
        ("characterize bsn --plot cell.bmp", "its suffix is '.bmp'"),
        ("energy bsn --vin high", "vin = 'high' is not a number"),
        ("energy bns", "unknown cell 'bns'"),
        ("export bsn --dialect spice3 --out x", "no writer for the dialect 'spice3'"),
        ("export bsn", "Missing option '--out'"),
        ("presets mizrahi", "unknown preset 'mizrahi'"),
        ("reproduce mizrahi-fig1j --vowels v.dat", "learns no vowels, so it takes none"),
        ("reproduce lopez-fig2 --vowels nowhere.dat", "cannot read the vowels in nowhere.dat"),
        ("reproduce", "no figure was named"),
        ("reproduce ganguly-fig9", "no figure 'ganguly-fig9'"),
    ],
)
def test_bad_usage_is_told_in_one_message(call, arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, err = call(*arguments.split())
    assert status == 2
    assert message in err.replace("\n", " ")
    assert "Traceback" not in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []  # nothing was written, nothing was run


def test_output_that_cannot_be_written_is_refused_before_anything_runs(call, tmp_path):
    (tmp_path / "file").write_text("")
    for option in ("--out", "--plot", "--report"):
        status, out, err = call("characterize", "bsn", option, str(tmp_path / "file" / "cell.png"))
        assert (status, out) == (1, "")
        assert "cannot write" in err and "Choose another place" in err
    status, _, err = call("characterize", "bsn", "--out", "/proc/cell.nc")
    assert status == 1 and "cannot write /proc/cell.nc" in err
    status, _, err = call("demo", "--out", str(tmp_path / "file"))
    assert status == 1 and "cannot write" in err


def test_numbers_are_kept_elsewhere_when_the_disk_is_full(tmp_path, monkeypatch):
    import tempfile

    from made_up import made_up

    from spinspice.characterize import Characterization
    from spinspice.cli.characterize import store
    from spinspice.errors import ResultError

    result = made_up()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ResultError, match="The numbers are kept in") as caught:
        store(result, None, None, tmp_path)  # a report cannot take the place of a folder
    kept = str(caught.value).rsplit("kept in ", 1)[1].rstrip(".")
    assert Characterization.load(kept).to_dict() == result.to_dict()


def test_missing_engine_is_a_failed_run(call, monkeypatch):
    from spinspice.engines import vacask

    monkeypatch.setattr(vacask.Vacask, "find", classmethod(lambda cls: None))
    status, out, err = call("characterize", "bsn", "--engine", "vacask")
    assert (status, out) == (1, "")
    assert err.startswith("Error: ") and "pip install" in err


def test_a_reader_that_leaves_early_is_no_crash():
    command = f"{sys.executable} -m spinspice presets --json | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr


def test_an_interruption_inside_compiled_code_is_one(call, monkeypatch):
    """numba turns Ctrl-C into a SystemError of its own."""

    def interrupted(*_arguments, **_more):
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as reason:
            raise SystemError("returned a result with an exception set") from reason

    monkeypatch.setattr("spinspice.doctor.examine", interrupted)
    assert call("doctor") == (1, "", "Interrupted.\n")


def test_an_error_that_should_not_happen_is_one_line(call, monkeypatch):
    def broken():
        raise KeyError("pin")

    monkeypatch.setattr("spinspice.doctor.examine", broken)
    status, out, err = call("doctor")
    assert (status, out) == (1, "") and err.startswith("Error: unexpected KeyError: 'pin'.") and err.count("\n") == 1
    monkeypatch.setenv("SPINSPICE_DEBUG", "1")
    assert "Traceback" in call("doctor")[2]
