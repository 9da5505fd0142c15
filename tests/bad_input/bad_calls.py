# ruff: noqa: E501 (a table: one row a line)
"""Bad input by calls from Python: what is called, and a word that the message must hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import spinspice as ss
from spinspice.characterize import Characterization, characterize
from spinspice.devices.noise import instance_seed
from spinspice.engines.osdi import compile_source
from spinspice.plotting import plot_characterization
from spinspice.report import write_report
from spinspice.reproduce import run as reproduce
from spinspice.studies.comparator import study_comparator
from spinspice.studies.mram import study_memory
from spinspice.studies.readout import study_readout
from spinspice.sweep import Study, run_study
from spinspice.units import parse_number
from spinspice.verilog import DigitalBlock

#: What is neither a number, nor a name, nor an object of the kinds that are asked for.
THINGS: tuple[Any, ...] = (None, [], {}, object(), b"bytes", 10**400, 1 + 2j)
#: What names may not be.
NAMES: tuple[Any, ...] = ("", "nothing", "a\0b", "\n", "x" * 5000)
_RC = {"circuit": "V1 a 0 1\nR1 a 0 1k\n", "stop": 1e-9, "step": 1e-12, "save": ("v(a)",)}


def _short(value: Any) -> str:
    try:
        return repr(value)[:30]
    except ValueError:
        return type(value).__name__


def _over(what: str, call: Callable[[Any], Any], values: tuple[Any, ...], word: str = "") -> list[Any]:
    return [(f"{what}({_short(value)})", partial(call, value), word) for value in values]


def cases() -> list[tuple[str, Callable[[], Any], str]]:
    """Return the rows."""
    device = ss.load_preset("faria2021").device
    bsn = ss.BSN(device)
    bench = ss.Testbench(**_RC)
    names = (*NAMES, *THINGS)
    rows = [
        *_over("get_engine", ss.get_engine, names, "engine"),
        *_over("get_engine model", lambda value: ss.get_engine("auto", value), names[0:1] + names[2:5], "model"),
        *_over("get_cell", ss.get_cell, names),
        *_over("get_technology", ss.get_technology, names),
        *_over("load_preset", ss.load_preset, names, "preset"),
        *_over("characterize cell", characterize, names, "cell"),
        *_over("characterize preset", lambda value: characterize("bsn", value), names[:5] + names[6:]),
        *_over("characterize vin", lambda value: characterize("bsn", vin=value, trials=1), ("", {}, object())),
        *_over("characterize duration", lambda value: characterize("bsn", duration=value), ("", "soon", [], 0, -1, 1e30)),
        *_over("characterize trials", lambda value: characterize("bsn", trials=value), (0, -1, 1.5, "two", [])),
        *_over("characterize seed", lambda value: characterize("bsn", seed=value), (-1, 1.5, "one", [], 10**30)),
        *_over("characterize workers", lambda value: characterize("bsn", workers=value), (0, -1, 1.5, "two", [])),
        *_over("characterize vdd", lambda value: characterize("bsn", vdd=value), (0, -1, 1e9, "high", [], 10**400)),
        *_over("Macrospin R_P", lambda value: ss.Macrospin(R_P=value), (*THINGS, 0, -1, "high", float("nan")), "R_P"),
        *_over("Macrospin T", lambda value: device.replace(T=value), (*THINGS, -1, 1e9, "hot"), "T"),
        *_over("Macrospin alpha", lambda value: ss.Macrospin(alpha=value), (-1, 50, "a", None, float("inf")), "alpha"),
        *_over("Macrospin.disk", lambda value: ss.Macrospin.disk(diameter=value), (0, -1, 30, "wide", None, [])),
        *_over("Telegraph delta", lambda value: ss.Telegraph(delta=value), (*THINGS, -1, 1e9, "high"), "delta"),
        ("replace of nothing", lambda: device.replace(nothing=1), "nothing"),
        *_over("BSN", ss.BSN, ("faria2021", 1, None, [])),
        *_over("BSN vdd", lambda value: ss.BSN(device, vdd=value), (0, -1, 1e9, "high", [])),
        *_over("BSN technology", lambda value: ss.BSN(device, value), (1, None, [], "nothing")),
        *_over("audit_cell", ss.audit_cell, ("bsn", None, 1)),
        *_over("audit_cell vin", lambda value: ss.audit_cell(bsn, vin=value), (1e30, "high", [], float("nan"))),
        *_over("audit_cell duration", lambda value: ss.audit_cell(bsn, duration=value), (0, -1, "soon", None, 1e30)),
        *_over("export_cell out", lambda value: ss.export_cell("bsn", out=value), ("/dev/null", "a\0b", None, 1)),
        *_over("export_cell dialect", lambda value: ss.export_cell(dialect=value, out="o"), names[1:6], "dialect"),
        *_over("export_cell seed", lambda value: ss.export_cell(seed=value, out="o"), (-1, 1.5, "one", None), "seed"),
        *_over("Testbench circuit", lambda value: ss.Testbench(**{**_RC, "circuit": value}), THINGS),
        *_over("Testbench stop", lambda value: ss.Testbench(**{**_RC, "stop": value}), (*THINGS, 0, -1, "1n"), "stop"),
        *_over("Testbench step", lambda value: ss.Testbench(**{**_RC, "step": value}), (*THINGS, 0, -1, "1p"), "step"),
        *_over("Testbench save", lambda value: ss.Testbench(**{**_RC, "save": value}), ("v(a)", (), ("a",), (1,), None, 3)),
        *_over("Testbench options", lambda value: bench.replace(options=value), ([1], {"a b": 1}, {"a": "b"}, {1: 1}, 3)),
        *_over("Testbench parameters", lambda value: bench.replace(parameters=value),
               ([1], {"a b": 1}, {"a": "b"}, {"a": 10**400}, {"a": float("nan")}, {"a": True}, 3)),
        *_over("Testbench temperature", lambda value: bench.replace(temperature=value), (0, -1, 1e9, "hot", None)),
        *_over("Testbench verilog_a", lambda value: bench.replace(verilog_a=value), ("a.va", (1,), ("a\0b",), 3)),
        *_over("Testbench digital", lambda value: bench.replace(digital=value), ("core", ("core",), 3)),
        *_over("run_jobs", ss.run_jobs, (None, 1, "bench", [1], [None])),
        *_over("run_jobs workers", lambda value: ss.run_jobs([bench], workers=value), (0, -1, 1.5, "two")),
        *_over("CellFile.load", ss.CellFile.load, ("nowhere.toml", "", "/", "a\0b", "/dev/null")),
        *_over("Study.load", Study.load, ("nowhere.toml", "", "/", "a\0b", "/dev/null")),
        *_over("Study.from_dict", Study.from_dict, ({}, {"cell": 1}, {"cell": "bsn", 3: 4}, [], None, "bsn")),
        ("run_study of nothing", lambda: run_study(None, "o"), "study"),  # type: ignore[arg-type]
        *_over("Waveforms.load", ss.Waveforms.load, ("nowhere.nc", "/", "a\0b", __file__)),
        *_over("Characterization.load", Characterization.load, ("nowhere.nc", "/", "a\0b", __file__)),
        *_over("compile_source", compile_source, ("nowhere.va", "/", "a\0b", Path(__file__))),
        *_over("write_report", lambda value: write_report(value, "o.html"), ([], None, 3, [{}])),
        *_over("plot", lambda value: plot_characterization(value, "o.png"), ({}, None, 3)),
        *_over("reproduce", reproduce, names, "figure"),
        *_over("parse_number", parse_number, (*NAMES, *THINGS)),
        *_over("instance_seed", lambda value: instance_seed(value, "x"), (-1, 1.5, None, "1", True, 2**40), "seed"),
        *_over("DigitalBlock", lambda value: DigitalBlock(name=value, source="a.v", top="a"), ("", "a b", "a\n", "A", 1, None), "name"),
        *_over("comparator trials", lambda value: study_comparator(trials=value), (0, 1.5, "two"), "trials"),
        *_over("memory trials", lambda value: study_memory(trials=value), (0, 1.5, "two"), "trials"),
        *_over("readout bits", lambda value: study_readout(bits=value), (0, -1, 1.5, "two"), "bits"),
        *_over("readout stim", lambda value: study_readout(stim=value), (1e30, "high", float("nan")), "stim"),
    ]  # fmt: skip
    return rows
