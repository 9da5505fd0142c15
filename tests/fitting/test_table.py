"""Files as instruments and spreadsheets write them, and files that cannot be meant."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.errors import ResultError, SpinspiceError, UsageError
from spinspice.fitting import fit_file, read_table
from spinspice.fitting.law import CONDITIONS
from spinspice.fitting.stays import Trace
from spinspice.fitting.table import Table

RV = "{head}\n0.1,1000,0\n0.2,1001,0\n0.3,1000,0\n0.1,2000,1\n0.2,1900,1\n0.3,1800,1\n"
READ = [
    ("bias,R\n0.1,1000\n-0.2,1100\n", {"bias": [0.1, -0.2], "R": [1000, 1100]}),
    ("bias;R\n0,1;1000,5\n-0,2;1100,25\n", {"bias": [0.1, -0.2], "R": [1000.5, 1100.25]}),
    ("bias\tR\n0,1\t1000\n0,2\t1100\n", {"bias": [0.1, 0.2], "R": [1000, 1100]}),
    ("# made by hand\n\nbias R\n0.1 1e3\n.2   1.1E3\n", {"bias": [0.1, 0.2], "R": [1000, 1100]}),
    ("0,1 1,5\n0,2 2,5\n", {"0": [0.1, 0.2], "1": [1.5, 2.5]}),
    ("0.1,1.5\n0.2,2.5\n", {"0": [0.1, 0.2], "1": [1.5, 2.5]}),
    ('"bias";"R"\n"0.1";"1000"\n"0.2";"1100"\n', {"bias": [0.1, 0.2], "R": [1000, 1100]}),
    ("bias,R,\n0.1,1000,\n0.2,1100,\n", {"bias": [0.1, 0.2], "R": [1000, 1100]}),
    ("\ufeffbias,R\r\n0.1,1000\r\n0.2,1100\r\n", {"bias": [0.1, 0.2], "R": [1000, 1100]}),
    ("bias,R\nmV,kOhm\n100,1\n200,1.1\n", {"bias": [100, 200], "R": [1, 1.1]}),
]


@pytest.mark.parametrize(("text", "columns"), READ)
def test_a_table_is_read(tmp_path, text, columns):
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    table = read_table(path)
    assert {name: values.tolist() for name, values in table.columns.items()} == columns


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_encodings(tmp_path, encoding):
    path = tmp_path / "t.csv"
    path.write_bytes("time (µs),v\n1,2\n2,3\n".encode(encoding))
    taken = read_table(path).take(Trace.columns, {})
    assert taken["time"] == pytest.approx([1e-6, 2e-6])


@pytest.mark.parametrize(
    ("header", "quantity", "role", "factor"),
    [
        ("bias (mV)", "bias", "bias", 1e-3), ("V [V]", "bias", "bias", 1.0), ("Voltage_uV", "bias", "bias", 1e-6),
        ("H (Oe)", "flux", "flux", 1e-4), ("B/mT", "flux", "flux", 1e-3),
        ("field in kA/m", "flux", "flux", 4e-4 * np.pi),
        ("I (nA)", "current", "current", 1e-9), ("temp (K)", "temperature", "temperature", 1.0),
    ],
)  # fmt: skip
def test_units(header, quantity, role, factor):
    table = Table.from_arrays({header: [2.0, 3.0]})
    assert table.take(CONDITIONS, {})[role] == pytest.approx([2.0 * factor, 3.0 * factor], rel=1e-6)


def test_celsius():
    table = Table.from_arrays({"T (°C)": [27.0]})
    assert table.take(CONDITIONS, {})["temperature"] == pytest.approx([300.15])


REFUSED = [
    ("bias,R\n0.1,1000\n0.2,nan\n", r":3: column 1 holds no value"),
    ("bias,R\n0.1,1000\n0.2,\n0.3,4\n", r":3: (column 1 holds no value|1 columns)"),
    ("bias,R\n0.1,1000\n0.2,abc\n", r":3: column 1 is 'abc'"),
    ("bias,R\n0.1,1000\n0.2,inf\n", r":3: .*no finite number"),
    ("bias,R\n0.1,1000\n0.2,1,5\n", r":3: 3 columns where line 2 has 2"),
    ("bias,R\n0,1,1000,5\n0,2,1100,5\n", "decimals"),
    ("bias,bias\n0.1,1000\n0.2,1100\n", "two columns are named"),
    ("bias,R\n", "no row of numbers"),
    ("# nothing\n", "comments only"),
    ("", "empty"),
    ("bias (Hz),R\n0.1,1000\n0.2,1100\n", "none of voltage"),
    ("bias (kOhm),R (mV)\n0.1,1000\n0.2,1100\n", "swapped"),
    ("amps,R\n0.1,1000\n0.2,1100\n", "no column bias"),
    ("bias,ohms\n0.1,1000\n0.2,1100\n", "no column resistance"),
    ("bias,R\n0.1,-5\n0.2,1100\n", "must be above 0"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_a_file_that_cannot_be_meant_is_refused_with_its_line(tmp_path, text, message):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(SpinspiceError, match=message):
        fit_file(path, "rv")


def test_other_files(tmp_path):
    with pytest.raises(ResultError, match="No such file"):
        read_table(tmp_path / "none.csv")
    with pytest.raises(ResultError, match="no file"):
        read_table(tmp_path)
    (tmp_path / "b.csv").write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(UsageError, match="no text"):
        read_table(tmp_path / "b.csv")


def test_columns_are_named_by_the_user(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(RV.format(head="x,y,z"))
    columns = {"bias": "x", "resistance": "y:kOhm", "state": "2"}
    result = fit_file(path, "rv", columns=columns, check=False, intervals=False, fix={"V_half": 0.6})
    assert result.values["R_P"] == pytest.approx(1e6, rel=0.02)
    with pytest.raises(UsageError, match="Did you mean bias"):
        fit_file(path, "rv", columns={"bais": "x"})
    with pytest.raises(UsageError, match="column 'w' for bias"):
        fit_file(path, "rv", columns={"bias": "w"})


def test_times_out_of_order_are_named(tmp_path):
    path = tmp_path / "t.csv"
    rows = [f"{k}e-9,{k % 2}" for k in range(40)]
    rows[20], rows[21] = rows[21], rows[20]
    path.write_text("time,v\n" + "\n".join(rows))
    with pytest.raises(UsageError, match=r"does not rise at line 2[2-4].*Sort the rows"):
        fit_file(path, "trace")


def test_states_that_are_none(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("dwell,state\n" + "\n".join(f"{k % 2},{1e-6 * (k + 1)}" for k in range(20)))
    with pytest.raises(UsageError, match="swapped"):
        fit_file(path, "dwells")
    path.write_text("width,trials,switched,bias\n1e-9,3,50,0.1\n1e-9,2,50,0.2\n")
    with pytest.raises(UsageError, match="swapped"):
        fit_file(path, "switching")
