"""Waveforms through every format, and raw files as ngspice, LTspice and Xyce write them."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest

from spinspice.cli import run
from spinspice.errors import SpinspiceError
from spinspice.exchange import read_raw_plots, read_waveforms, write_waveforms
from spinspice.waveforms import Waveforms

TIME = np.cumsum(np.random.default_rng(1).uniform(1e-13, 1e-12, 50))


def waves():
    return Waveforms(TIME, {"v(out)": np.sin(TIME * 1e12), "i(vdd)": 1e-6 * np.cos(TIME * 1e12)})


@pytest.mark.parametrize("suffix", [".raw", ".csv", ".nc"])
def test_a_file_goes_round_bit_for_bit(tmp_path, suffix):
    path = write_waveforms(waves(), tmp_path / f"w{suffix}")
    back = read_waveforms(path)
    assert np.array_equal(back.time, TIME)
    for name in waves():
        assert np.array_equal(back[name], waves()[name])


def test_a_dump_goes_round_to_its_resolution(tmp_path):
    path = write_waveforms(waves(), tmp_path / "w.vcd")
    back = read_waveforms(path)
    for t, value in zip(TIME - TIME[0], waves()["v(out)"], strict=True):
        after = back["spice.v(out)"][np.searchsorted(back.time, t - 0.6e-15)]
        at = back["spice.v(out)"][np.argmin(np.abs(back.time - t))]
        assert value in (pytest.approx(after, abs=1e-12), pytest.approx(at, abs=1e-12))


def raw(tmp_path, flags, body, *, encoding="utf-8", kind="Binary", columns=3, rows=4, end="\n"):
    names = ["time\ttime", "V(out)\tvoltage", "I(V1)\tdevice_current"][:columns]
    head = ["Title: * x", "Date: now", "Plotname: Transient Analysis", f"Flags: {flags}", f"No. Variables: {columns}",
            f"No. Points: {rows}", "Variables:", *(f"\t{k}\t{name}" for k, name in enumerate(names)),
            f"{kind}:"]  # fmt: skip
    path = tmp_path / "w.raw"
    path.write_bytes((end.join(head) + end).encode(encoding) + body)
    return path


VALUES = np.array([[0.0, 1.0, 2.0], [1e-9, 1.5, -2.0], [2e-9, 0.25, 4.0], [3e-9, -1.0, 0.5]])


def single():
    table = np.zeros(4, dtype=[("t", "<f8"), ("a", "<f4"), ("b", "<f4")])
    table["t"], table["a"], table["b"] = VALUES[:, 0] * [1, 1, -1, 1], VALUES[:, 1], VALUES[:, 2]
    return table.tobytes()


TEXT = "".join(f"{k}\t{row[0]!r}\n\t{row[1]!r}\n\t{row[2]!r}\n" for k, row in enumerate(VALUES.tolist()))


@pytest.mark.parametrize(
    ("flags", "body", "more"),
    [
        ("real", VALUES.astype("<f8").tobytes(), {}),
        ("real", TEXT.encode(), {"kind": "Values"}),
        ("real", TEXT.encode(), {"kind": "Values", "end": "\r\n"}),
        ("real forward", single(), {"encoding": "utf-16-le"}),
        ("real forward double", VALUES.astype("<f8").tobytes(), {"encoding": "utf-16-le"}),
        ("real forward", TEXT.encode("utf-16-le"), {"encoding": "utf-16-le", "kind": "Values"}),
    ],
)
def test_raw_files_of_every_simulator(tmp_path, flags, body, more):
    found = read_waveforms(raw(tmp_path, flags, body, **more))
    assert found.time == pytest.approx(VALUES[:, 0], abs=1e-18)
    assert found["v(out)"] == pytest.approx(VALUES[:, 1])
    assert found["I(V1)"] == pytest.approx(VALUES[:, 2])
    assert found.units["i(v1)"] == "A"


def test_several_plots(tmp_path):
    path = raw(tmp_path, "real", VALUES.astype("<f8").tobytes())
    path.write_bytes(path.read_bytes() * 2)
    assert len(read_raw_plots(path)) == 2
    with pytest.raises(SpinspiceError, match="no number 2"):
        read_waveforms(path, plot=2)


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("w.raw", b"", "no plot"),
        ("w.raw", b"Title: x\nFlags: real\n", "no complete raw file"),
        ("w.raw", b"Title: x\nNo. Variables: 9\nNo. Points: 3\nVariables:\n\t0\ttime\ttime\nBinary:\n", "names 1"),
        ("w.vcd", b"hello", "value change dump|no change"),
        ("w.csv", b"time,v\n1,2\n1,3\n", "does not rise"),
        ("w.csv", b"time (V),v\n1,2\n2,3\n", "none of time"),
        ("w.png", b"x", "suffix"),
        ("w.nc", b"x", "cannot read"),
    ],
)
def test_files_that_are_none(tmp_path, name, body, message):
    (tmp_path / name).write_bytes(body)
    with pytest.raises(SpinspiceError, match=message):
        read_waveforms(tmp_path / name)


def test_a_file_that_was_cut_short(tmp_path):
    path = raw(tmp_path, "real", VALUES.astype("<f8").tobytes()[:-8])
    with pytest.raises(SpinspiceError, match="88 bytes of data where 96 belong"):
        read_waveforms(path)


@pytest.mark.engine("ngspice")
def test_ngspice_reads_what_is_written_and_its_own_files_are_read(tmp_path):
    write_waveforms(waves(), tmp_path / "ours.raw")
    deck = (
        "* t\nV1 a 0 sin(0 1 1meg)\nR1 a 0 1k\n.control\nload ours.raw\nlet m = vecmax(v(out))\nprint m\ntran 10n 1u\n"
    )
    deck += "write binary.raw\nset filetype=ascii\nwrite ascii.raw\n.endc\n.end\n"
    (tmp_path / "t.cir").write_text(deck)
    done = subprocess.run(["ngspice", "-b", "t.cir"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert f"m = {waves()['v(out)'].max():.6e}" in done.stdout, done.stdout
    binary, ascii_ = (read_waveforms(tmp_path / f"{kind}.raw") for kind in ("binary", "ascii"))
    assert binary["v(a)"] == pytest.approx(ascii_["v(a)"], rel=1e-12)
    assert np.max(np.abs(binary["v(a)"] - np.sin(2e6 * np.pi * binary.time))) < 0.01


def test_command_line(tmp_path, capsys):
    write_waveforms(waves(), tmp_path / "w.raw")
    assert (
        run(["waveforms", str(tmp_path / "w.raw"), "--to", str(tmp_path / "w.csv"), "--signals", "v(out)", "--json"])
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert said["points"] == 50 and [entry["signal"] for entry in said["signals"]] == ["v(out)"]
    assert np.array_equal(read_waveforms(tmp_path / "w.csv")["v(out)"], waves()["v(out)"])
