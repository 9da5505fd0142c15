"""Waveforms: values at chosen times, text in every dialect, and what is refused."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from waveforms_of_every_kind import EVERY_KIND, STOP

from spinspice.engines.vacask_netlist import write_deck
from spinspice.errors import ParameterError, ResultError, UsageError
from spinspice.netlist.cards import read_circuit
from spinspice.stimuli import (
    DIALECTS,
    KINDS,
    BitStream,
    Constant,
    Measured,
    Pulse,
    PulseTrain,
    Pwl,
    Ramp,
    Sine,
    Staircase,
    from_table,
    spice,
)
from spinspice.testbench import Testbench

CLOCK = Pulse(low=0.0, high=1.2, delay=5e-9, rise=2e-11, fall=4e-11, width=3e-9, period=1e-8)


@pytest.mark.parametrize(
    ("wave", "points"),
    [
        (Constant(0.3), {0.0: 0.3, 1.0: 0.3}),
        (
            CLOCK,
            {0.0: 0.0, 5e-9: 0.0, 5.01e-9: 0.6, 5.02e-9: 1.2, 8.02e-9: 1.2, 8.04e-9: 0.6, 9e-9: 0.0, 15.01e-9: 0.6},
        ),
        (Pulse(high=1.0, rise=1.0, fall=1.0, width=1.0), {0.5: 0.5, 1.5: 1.0, 2.5: 0.5, 4.0: 0.0, 1e6: 0.0}),
        (Sine(offset=1.0, amplitude=2.0, frequency=1.0), {0.0: 1.0, 0.25: 3.0, 0.75: -1.0}),
        (Sine(amplitude=2.0, frequency=1.0, delay=1.0, phase=90.0), {0.0: 2.0, 1.0: 2.0, 1.5: -2.0}),
        (Sine(amplitude=1.0, frequency=1.0, damping=1.0), {1.25: math.exp(-1.25)}),
        (Pwl([1.0, 2.0], [0.5, -0.5]), {0.0: 0.5, 1.5: 0.0, 9.0: -0.5}),
        (Ramp(start=1.0, end=3.0, duration=2.0, delay=1.0), {0.5: 1.0, 2.0: 2.0, 5.0: 3.0}),
        (
            PulseTrain(times=[1.0, 5.0], high=2.0, rise=1.0, width=1.0, fall=1.0),
            {0.0: 0.0, 1.5: 1.0, 2.5: 2.0, 5.5: 1.0},
        ),
        (BitStream(bits="011", period=1.0, edge=0.2), {0.9: 0.0, 1.1: 0.5, 1.5: 1.0, 9.0: 1.0}),
        (Staircase.even([1.0, 2.0], 1.0, 0.2), {0.9: 1.0, 1.1: 1.5, 1.3: 2.0}),
        (Staircase.even([1.0, 2.0], 1.0, 0.2, early=True), {0.8: 1.0, 0.9: 1.5, 1.0: 2.0}),
    ],
)
def test_values(wave, points):
    assert wave.value(list(points)) == pytest.approx(list(points.values()), abs=1e-9)
    assert float(wave.value(0.0)) == pytest.approx(float(wave.value(-1.0)))


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_text_is_read_back_to_the_last_bit(kind):
    """What ngspice is told holds the arguments as the same doubles, and straight lines between them are the law."""
    wave = EVERY_KIND[kind]
    name, arguments = wave.arguments()
    element = read_circuit(f"V1 a 0 {wave.text()}\n").elements["v1"]
    read = element.arguments if element.waveform else (element.value,)
    assert (element.waveform or "dc") == name
    assert tuple(number.value for number in read) == arguments
    if name == "pwl":
        times = np.linspace(0.0, STOP, 1001)
        assert wave.value(times) == pytest.approx(np.interp(times, arguments[::2], arguments[1::2]), abs=1e-12)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_dialect_holds_every_number(kind):
    wave = EVERY_KIND[kind]
    for dialect in DIALECTS:
        text = wave.text(dialect)
        assert all(repr(number) in text for number in wave.arguments()[1]), dialect
    assert wave == dataclasses.replace(wave) and hash(wave) == hash(dataclasses.replace(wave))


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_vacask_is_told_the_same_by_the_engine_s_translator(kind):
    """The deck that the engine makes of the SPICE text holds the text that the waveform writes for VACASK itself."""
    wave = EVERY_KIND[kind]
    bench = Testbench(circuit=f"V1 a 0 {wave.text()}\n", stop=STOP, step=1e-12, save=("v(a)",))
    assert f"v1 (a 0) vsource {wave.text('vacask')}" in write_deck(bench, {}).text


def test_dialects():
    assert CLOCK.text("hspice") == str(CLOCK) == "PULSE(0.0 1.2 5e-09 2e-11 4e-11 3e-09 1e-08)"
    spectre = "type=pulse val0=0.0 val1=1.2 delay=5e-09 rise=2e-11 fall=4e-11 width=3e-09 period=1e-08"
    assert CLOCK.text("spectre") == spectre
    assert CLOCK.text("vacask") == spectre.replace("=pulse", '="pulse"')
    line = Ramp(end=1.0, duration=1e-9)
    assert line.text("spectre") == "type=pwl wave=[0.0 0.0 1e-09 1.0]"
    assert line.text("vacask") == 'type="pwl" wave=[0.0, 0.0, 1e-09, 1.0]'
    assert Constant(2.0).text("spectre") == "dc=2.0" and Constant(2.0).text("xyce") == "2.0"
    assert Sine(amplitude=1.0, frequency=2.0).text("spectre").endswith("damp=0.0 sinephase=0.0")
    assert spice("pwl", [0.0, "{low}", 1e-9, "{high}"]) == "PWL(0.0 {low} 1e-09 {high})"
    with pytest.raises(UsageError, match=r"'pspice'.*Did you mean spectre|'pspice'.*Known"):
        CLOCK.text("pspice")


def test_breakpoints_are_the_corners():
    assert CLOCK.breakpoints(16e-9) == pytest.approx([5e-9, 5.02e-9, 8.02e-9, 8.06e-9, 15e-9, 15.02e-9], rel=1e-12)
    assert Constant(1.0).breakpoints(1.0).size == 0 and CLOCK.breakpoints(1e-9).size == 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: dataclasses.replace(CLOCK, rise=0.0), r"rise = 0 s.*edge or width of 0"),
        (lambda: dataclasses.replace(CLOCK, width=-1e-9), r"width = -1e-09 s"),
        (lambda: dataclasses.replace(CLOCK, period=3.06e-9), r"period = 3.06e-09 s is no longer"),
        (lambda: dataclasses.replace(CLOCK, high=math.nan), r"high = nan"),
        (lambda: dataclasses.replace(CLOCK, delay=-1.0), r"delay = -1 s"),
        (lambda: Sine(amplitude=1.0, frequency=0.0), r"frequency = 0 Hz"),
        (lambda: Pwl([0.0, 1.0, 1.0], [0, 1, 2]), r"times\[2\] = 1 s follows 1 s.*edge"),
        (lambda: Pwl([0.0, 1.0], [0.0]), r"2 times and 1 levels"),
        (lambda: Pwl([], []), r"0 times"),
        (lambda: Pwl([-1.0, 1.0], [0.0, 1.0]), r"times\[0\] = -1 s"),
        (lambda: Pwl([0.0, 1.0], [0.0, math.inf]), r"levels\[1\] = inf"),
        (lambda: Pwl([0.0, 1.0], ["a", 1.0]), r"no row of numbers"),
        (lambda: Ramp(end=1.0, duration=0.0), r"duration = 0 s"),
        (lambda: PulseTrain(times=[0.0, 1.0], high=1.0, rise=0.5, width=0.5, fall=0.5), r"begins before"),
        (lambda: PulseTrain(times=[0.0], high=[1.0, 2.0], rise=0.5, width=0.5, fall=0.5), r"2 levels high for 1"),
        (lambda: BitStream(bits="012", period=1.0, edge=0.1), r"a row of 0 and 1"),
        (lambda: BitStream(bits="01", period=1.0, edge=1.0), r"does not fit"),
        (lambda: Staircase(times=[1.0], levels=[1.0], edge=0.1), r"first level begins at 0"),
        (lambda: Staircase.even([1.0, 2.0], 0.1, 0.1), r"does not fit"),
    ],
)
def test_what_differs_between_simulators_is_refused(make, message):
    with pytest.raises(ParameterError, match=message):
        make()


@pytest.mark.parametrize(
    "text",
    [
        "time,v\n0,0.1\n1e-9,0.5\n",
        "0,0.1,ch1\n1e-9,0.5,ch1\n",
        "# oscilloscope\n# two lines\n0;0.1\n1e-9;0.5\n",
        "0\t0.1\n\n1e-9\t0.5\n",
        "0 0.1\n1e-9   0.5\n",
        '\ufeff"time","v"\r\n0,0.1\r\n1e-9,0.5\r\n',
    ],
)
def test_measured_values_are_read(tmp_path, text):
    path = tmp_path / "scope.csv"
    path.write_text(text, encoding="utf-8")
    wave = Measured.from_csv(path)
    assert (wave.times, wave.levels, wave.source) == ((0.0, 1e-9), (0.1, 0.5), str(path))


def test_columns_scales_and_triggers(tmp_path):
    path = tmp_path / "scope.csv"
    path.write_text("Model,A\nPoints,3\nt,a,b\n-2,1,10\n0,2,20\n3,3,30\n")
    wave = Measured.from_csv(path, time="t", level="b", time_scale=1e-6, scale=1e-3, shift=True, skip=2)
    assert wave.times == pytest.approx((0.0, 2e-6, 5e-6)) and wave.levels == pytest.approx((0.01, 0.02, 0.03))


@pytest.mark.parametrize(
    ("text", "arguments", "error", "message"),
    [
        ("0,1.5V\n1,2\n", {}, ParameterError, r"line 1 of .*'1.5V' in column 1"),
        ("Model,A\nt,v\n0,1\n", {}, ParameterError, r"line 2 of .*'t' in column 0"),
        ("0,1\n1,x\n", {}, ParameterError, r"line 2 of .*'x' in column 1"),
        ("t,v\n0,1\n1,nan\n", {}, ParameterError, r"line 3 of .*'nan'"),
        ("0,1\n1\n", {}, ParameterError, r"line 2 of .*nothing in column 1"),
        ("0,1\n1,2\n1,3\n", {}, ParameterError, r"line 3 of .*time 1 follows 1"),
        ("-1,1\n1,2\n", {}, ParameterError, r"before time 0. Pass shift"),
        ("", {}, ParameterError, r"holds no rows"),
        ("t,v\n", {}, ParameterError, r"holds no rows"),
        ("0;1,5\n1;2,5\n", {}, ParameterError, r"decimal point"),
        ("t,v\n0,1\n", {"level": "w"}, UsageError, r"no column 'w'. Known: t, v"),
        ("0,1\n", {"level": "v"}, UsageError, r"names none"),
        ("0,1\n", {"level": 2}, UsageError, r"no column 2: it has 2"),
    ],
)
def test_bad_files(tmp_path, text, arguments, error, message):
    path = tmp_path / "scope.csv"
    path.write_text(text)
    with pytest.raises(error, match=message):
        Measured.from_csv(path, **arguments)


def test_files_that_are_none(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    for name in ("binary", "missing", "."):
        with pytest.raises(ResultError, match="cannot read"):
            Measured.from_csv(tmp_path / name)


def test_tables(tmp_path):
    (tmp_path / "a.csv").write_text("0,0\n1n,1\n".replace("1n", "1e-9"))
    pulse = {"kind": "pulse", "low": 0, "high": "1.2", "delay": "5n", "rise": "20p", "fall": "40p", "width": "3n"}
    assert from_table(pulse | {"period": "10n"}) == CLOCK
    assert from_table({"kind": "measured", "path": tmp_path / "a.csv"}).value(0.5e-9) == pytest.approx(0.5)
    assert from_table({"kind": "bits", "bits": "01", "period": "1n", "edge": "1p"}).value(2e-9) == 1.0
    stairs = {"kind": "staircase", "times": [0, "1n"], "levels": [0, 1], "edge": "10p", "early": True}
    assert from_table(stairs) == Staircase.even([0.0, 1.0], 1e-9, 10e-12, early=True)
    assert set(KINDS) >= {"constant", "sine", "pwl", "ramp", "pulse-train"}
    for table, message in (
        ({"kind": "square"}, r"\[clk\]: kind = 'square'"),
        ({"kind": "ramp", "end": 1, "duration": "1n", "slope": 2}, r"\[clk\] has no key 'slope'"),
        ({"kind": "ramp", "end": 1}, r"\[clk\] lacks duration"),
        ({"kind": "measured"}, r"\[clk\] lacks path"),
    ):
        with pytest.raises(UsageError, match=message):
            from_table(table, "[clk]")
