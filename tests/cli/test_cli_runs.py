"""The command line with a real simulator: results on standard output, files, Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from spinspice.cli import run

pytestmark = pytest.mark.engine("auto")

SHORT = ["--vin", "-30m:30m:5", "--duration", "4n", "--trials", "1"]


def test_characterize_writes_everything_and_prints_one_json_object(capsys, tmp_path):
    from spinspice.characterize import Characterization

    files = [tmp_path / name for name in ("cell.nc", "cell.png", "cell.html")]
    options = [text for pair in zip(("--out", "--plot", "--report"), map(str, files), strict=True) for text in pair]
    assert run(["characterize", "bsn", *SHORT, "--json", *options]) == 0
    output = capsys.readouterr()
    data = json.loads(output.out)
    assert output.out.count("\n") == 1
    assert list(data["transfer"])[:4] == ["vin", "mean", "stderr", "std"]
    assert data["preset"] == "faria2021"
    stored = Characterization.load(files[0])
    assert stored.to_dict() == data
    assert files[1].read_bytes().startswith(b"\x89PNG")
    page = files[2].read_text(encoding="utf-8")
    assert "<svg" in page and "src=" not in page and 'href="http' not in page


def test_characterize_prints_its_tables(capsys):
    assert run(["characterize", "bsn", *SHORT, "--workers", "1"]) == 0
    out = capsys.readouterr().out
    for text in ("Transfer curve", "width V0", "noise amplitude", "autocorrelation time", "per decision", "inverters"):
        assert text in out


def test_energy_prints_the_audit(capsys):
    assert run(["energy", "bsn", "--duration", "5n", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data["power"]) == {"mtj", "input", "inverters"}
    assert abs(data["closure"]) < 5e-3
    assert data["engine"] and data["seed"] == 1
    assert run(["energy", "bsn", "--duration", "5n"]) == 0
    out = capsys.readouterr().out
    assert "source vdd" in out and "switching" in out


def test_mismatch_is_an_option_of_its_own_seed(capsys):
    def power(*options):
        assert run(["energy", "bsn", "--duration", "1n", "--json", *options]) == 0
        return json.loads(capsys.readouterr().out)["power"]

    assert power("--mismatch", "3") == power("--mismatch", "3")
    assert power("--mismatch", "3") != power("--mismatch", "4") != power()
    assert run(["energy", "bsn", "--mismatch", "-1"]) == 2
    assert "seed of the transistors" in capsys.readouterr().err


def test_demo_leaves_tables_pictures_and_one_page(capsys, tmp_path):
    assert run(["demo", "--short", "--out", str(tmp_path / "out")]) == 0
    made = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert made == ["asn.nc", "asn.png", "bsn.nc", "bsn.png", "report.html"]
    out = capsys.readouterr().out
    assert "ASN, junction ganguly2018" in out and "BSN, junction faria2021" in out


def test_ctrl_c_keeps_what_is_done(tmp_path):
    from spinspice.characterize import Characterization

    kept = tmp_path / "cell.nc"
    command = [sys.executable, "-m", "spinspice", "characterize", "bsn", "--vin", "-30m:30m:5", "--duration", "1n"]
    command += ["--trials", "5000", "--out", str(kept)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if "transfer" in line:
                break
        time.sleep(4.0)  # a run takes some 50 ms
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Interrupted" in err and "Traceback" not in err
    assert "Transfer curve" in out
    result = Characterization.load(kept)
    assert 5 <= result.transfer.trials.sum() < 25_000
    assert "interrupted after" in result.notes[0]


def test_characterize_comparator_writes_json_picture_and_netcdf(capsys, tmp_path):
    import xarray

    files = [tmp_path / "comparator.nc", tmp_path / "comparator.png"]
    done = run(["characterize", "comparator", "--json", "--out", str(files[0]), "--plot", str(files[1])])
    assert done == 0
    data = json.loads(capsys.readouterr().out)
    assert data["settings"]["topology"] == "strongarm"
    assert len(data["times"]) == len(data["differences"])
    with xarray.open_dataset(files[0], engine="h5netcdf") as stored:
        assert json.loads(stored.attrs["study"]) == data
        assert stored["decision_time"].values.tolist() == data["times"]
    assert files[1].read_bytes().startswith(b"\x89PNG")
