"""Inputs in every form that Python has for numbers, and arguments that cannot be meant."""

from __future__ import annotations

import numpy as np
import pytest
from made_up import MadeUp

from spinspice.cells import ASN, BSN, choose_cell
from spinspice.cells.plausible import input_doubts
from spinspice.characterize import AutoVin, GridVin, ListVin, characterize, parse_vin
from spinspice.devices import Macrospin, Telegraph
from spinspice.errors import ParameterError, PlausibilityWarning, SpinspiceError, UsageError
from spinspice.export import export_cell
from spinspice.plotting import plain
from spinspice.presets import load_preset
from spinspice.studies.comparator import study_comparator
from spinspice.studies.energy import study_energy
from spinspice.studies.inputs import one_input
from spinspice.studies.mram import study_memory
from spinspice.studies.readout import study_readout
from spinspice.units import number, whole_number

DEVICE = Macrospin()
SHORT = {"vin": "-0.05:0.05:5", "duration": 2e-9, "trials": 1, "engine": MadeUp(), "workers": 1}


@pytest.mark.parametrize(
    "given",
    [
        [-0.1, 0.0, 0.1],
        (-0.1, 0.0, 0.1),
        np.array([-0.1, 0.0, 0.1]),
        np.array([0.1, 0.0, -0.1]),
        [np.float64(-0.1), 0, "100m"],
        "-0.1,0,0.1",
        " -100m, 0 , 0.1 ",
        ListVin((-0.1, 0.0, 0.1)),
        range(-1, 2) and [-0.1, 0, 0.1],
    ],
    ids=str,
)
def test_inputs_are_numbers_in_any_form(given):
    vin = parse_vin(given)
    assert vin == ListVin((-0.1, 0.0, 0.1))
    assert parse_vin(vin.vin_text) == vin


@pytest.mark.parametrize("given", [0, 0.0, np.float64(0), np.array(0.0), [0], "0", "0m", np.int32(0), (0.0,)])
def test_one_input_is_one_input(given):
    assert parse_vin(given) == ListVin((0.0,))
    assert one_input(given) == 0.0


@pytest.mark.parametrize("text", ["auto:17", "-0.1:0.1:21", "0.1,0.2", "1e-17:0.30000000000000004:5"])
def test_inputs_read_back_as_they_are_written(text):
    assert parse_vin(parse_vin(text).vin_text) == parse_vin(text)
    assert isinstance(parse_vin("auto"), AutoVin) and isinstance(parse_vin("0:1:5"), GridVin)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ([], "is empty"),
        ([0.1, 0.1], "an input twice"),
        ([[0.1, 0.2], [0.3, 0.4]], "2 dimensions"),
        (None, "is not inputs"),
        ({0.1}, "is not inputs"),
        ([0.1, "x"], "is not a number"),
        ([0.1, None], "is not a number"),
        (True, "is not a number"),
        ([float("nan")], "vin = nan"),
        ([1e9], "outside"),
        (1 + 2j, "is not a number"),
        ("abc", "neither auto:N"),
        ("1:2", "neither auto:N"),
        ("auto:2.5", "not a whole number"),
        ("auto:3", "four parameters"),
        ("0.1:-0.1:5", "does not rise"),
        (b"0.1", "is not a number"),
    ],
)
def test_inputs_that_are_none(given, message):
    with pytest.raises(UsageError, match=message):
        parse_vin(given)


def test_several_inputs_where_one_is_meant(tmp_path):
    for call in (
        lambda: study_energy("bsn", vin=[0.0, 0.1]),
        lambda: export_cell("bsn", out=tmp_path / "x", vin=[0.0, 0.1]),
    ):
        with pytest.raises(UsageError, match="holds 2 inputs; this run has one"):
            call()
    export_cell("bsn", out=tmp_path / "one", vin=np.array([0.01]), duration="2n", seed=np.int64(3))
    assert "vin=0.01" in (tmp_path / "one" / "testbench.cir").read_text()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: characterize(DEVICE, "bsn"), r"the cell comes first.*Write characterize\('bsn', junction\)"),
        (lambda: characterize(load_preset("faria2021"), "asn"), r"the cell comes first.*'asn'"),
        (lambda: characterize(DEVICE), "the cell comes first"),
        (lambda: characterize(BSN), r"BSN is a class of cells.*BSN\(junction\)"),
        (lambda: characterize(5), "cell = 5 is a int"),
        (lambda: characterize(None), "cell = None"),
        (lambda: characterize("bsn", 5), "preset = 5 is a int, no junction"),
        (lambda: characterize("bsn", Macrospin), "A junction is made first"),
        (lambda: characterize("bsn", cmos=5), "cmos = 5 is a int"),
        (lambda: characterize("bsn", vdd=True), "vdd = True is not a number"),
        (lambda: characterize("bsn", vdd=[0.8]), "vdd = .* is not a number"),
        (lambda: characterize("bsn", vdd="x"), "vdd = 'x' is not a number"),
        (lambda: characterize("bsn", seed=1.5), "seed = 1.5 is not a whole number"),
        (lambda: characterize("bsn", seed="one"), "seed = 'one' is not a number"),
        (lambda: characterize("bsn", seed=True), "seed = True is not a whole number"),
        (lambda: characterize("bsn", seed=-1), "seed = -1 is outside"),
        (lambda: characterize("bsn", trials=2.5), "trials = 2.5 is not a whole number"),
        (lambda: characterize("bsn", trials=[2]), "trials = .* is not a whole number"),
        (lambda: characterize("bsn", trials=0), "trials = 0 is outside"),
        (lambda: characterize("bsn", trials=10**400), "trials = 1000.* is outside"),
        (lambda: characterize("bsn", trials=float("nan")), "trials = nan is not a whole number"),
        (lambda: characterize("bsn", mismatch=1.5), "mismatch = 1.5 is not a whole number"),
        (lambda: characterize("bsn", workers=1.5), "workers = 1.5 is not a whole number"),
        (lambda: characterize("bsn", temperature="hot"), "temperature = 'hot' is not a number"),
        (lambda: characterize("bsn", temperature=-10), "temperature = -10 K is outside.*27 C are 300 K"),
        (lambda: characterize("bsn", duration=[1e-9]), "duration = .* is not a number"),
        (lambda: characterize("bsn", duration=10), "10 s is more than the noise of a macrospin lasts"),
        (lambda: characterize("bsn", temprature=300), "no argument 'temprature'. Did you mean temperature"),
        (lambda: characterize("bsn", DEVICE, 3), r"characterize\(\): too many positional"),
        (lambda: characterize(), r"characterize\(\): missing a required argument: 'cell'"),
        (lambda: characterize(BSN(DEVICE), cmos="sky130"), "already has transistors and supply"),
        (lambda: characterize(BSN(DEVICE), vdd=1.0), "already has transistors and supply"),
        (lambda: characterize("bsn", vin="-60:60:5"), "59.6 V outside the rails"),
        (lambda: characterize("bsn", vin=[50]), "no transistor bears it"),
        (lambda: characterize("bsn", vdd=50), "vdd = 50 V is outside"),
        (lambda: characterize("bsn", max_wall=0), "max_wall = 0"),
        (lambda: study_comparator(trials=2.5), "trials = 2.5 is not a whole number"),
        (lambda: study_comparator(noise=12.5), "noise = 12.5 is not a whole number"),
        (lambda: study_comparator(seed=1.5), "seed = 1.5 is not a whole number"),
        (lambda: study_readout(bits=10.5), "bits = 10.5 is not a whole number"),
        (lambda: study_readout(clok=1e-9), "no argument 'clok'. Did you mean clock"),
        (lambda: study_memory(trials="two"), "trials = 'two' is not a number"),
        (lambda: BSN("faria2021"), r"a text|a str, 'faria2021'.*load_preset\(\"faria2021\"\).device"),
        (lambda: BSN(), "got no device"),
        (lambda: ASN(Macrospin), "a type"),
        (lambda: choose_cell("bsn", "faria2021", mismatch=2**31), "seed of the transistors"),
    ],
)
def test_what_cannot_be_meant_is_said(call, message):
    with pytest.raises(SpinspiceError, match=message):
        call()


def test_numbers_of_numpy_and_text_work():
    result = characterize(
        "bsn", DEVICE, **SHORT | {"trials": np.int64(1), "duration": "2n"}, seed=np.uint8(7), vdd=np.float32(1.0)
    )
    assert result.seed == 7 and result.settings["vdd"] == 1.0
    assert whole_number(3.0, "n", 0, 9) == 3 and number(np.float32(0.5), "x") == 0.5


def test_far_outside_the_rails_is_a_note_and_a_warning():
    assert input_doubts((-0.4, 0.4), [0.0, 0.7]) == ()
    with pytest.warns(PlausibilityWarning, match=r"an input of -0.9 V lies 0.5 V outside the rails"):
        result = characterize("bsn", **SHORT | {"vin": "-0.9:0.1:5"})
    assert any("outside the rails" in note for note in result.notes)
    assert "a supply of 50 V" in input_doubts((0.0, 50.0), ())[0]
    with pytest.raises(ParameterError, match="no transistor bears it"):
        input_doubts((0.0, 0.8), [9.0])


def test_doubts_of_a_junction_are_notes_of_its_results():
    with pytest.warns(PlausibilityWarning):
        device = Telegraph(R_P=12.7e3, phi0=5e5, delta=0.5)
        result = characterize("bsn", device, **SHORT | {"duration": 1e-3})
    assert any("implausible: phi0 = 500000" in note for note in result.notes)


def test_a_fault_inside_of_to_dict_is_not_swallowed():
    class Broken:
        def to_dict(self, full=False):
            raise TypeError("inside")

    with pytest.raises(TypeError, match="inside"):
        plain(Broken())
