"""What other packages add: an example that is installed and used, packages that are broken; what a junction takes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "examples" / "plugin"
FAST = ("--vin=-200m:200m:5", "--duration", "10n", "--trials", "1", "--workers", "1")
#: Runs the toy junction under a ramp on each engine and compares its state with the law in Python.
CONFORMANCE = """
import numpy as np
from spinspice.devices import find_model
from spinspice.engines import get_engine
from spinspice.testbench import Testbench
{imports}
device = find_model("toy_sine")(f0=2e9, V_0=0.3)
card = " ".join(f"{{name}}={{value}}" for name, value in device.instance_parameters(77).items())
bench = Testbench(circuit=f"va a 0 pwl(0 -0.5 2n 0.5)\\nxj a 0 s toy_sine {{card}}\\n", stop=2e-9,
                  step=device.time_step(2e-9) / 10, save=("v(s)", "v(a)", "i(va)"))
for name, model in (("ngspice-process", "verilog-a"), ("ngspice-process", "b-source"), ("vacask", "verilog-a")):
    waves = get_engine(name, model).run(bench)
    exact = state(device, waves.time, waves["v(a)"], 77)
    print(name, model, float(np.max(np.abs(waves["v(s)"] - exact)[1:])), len(waves.time))
"""


def python(*arguments: str, paths: tuple[Path, ...], check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run Python with these folders first on its path, in none of them."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=240, cwd=paths[-1]
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def spinspice(*arguments: str, paths: tuple[Path, ...], check: bool = True) -> subprocess.CompletedProcess[str]:
    return python("-m", "spinspice", *arguments, paths=paths, check=check)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> tuple[Path, ...]:
    """The example, installed by pip into a folder of its own; the path with it."""
    folder = tmp_path_factory.mktemp("plugin")
    source, target = folder / "source", folder / "target"
    shutil.copytree(PLUGIN, source, ignore=shutil.ignore_patterns("__pycache__", "build", "dist"))
    command = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target")
    python(*command, str(target), str(source), paths=(ROOT,))
    return ROOT, target


def test_presets_and_help_name_what_is_installed(installed):
    listed = json.loads(spinspice("presets", "--json", paths=installed).stdout)["presets"]
    assert listed[-1]["name"] == "toy" and listed[-1]["model"] == "toy_sine"
    words = spinspice("characterize", "--help", paths=installed).stdout.split()
    assert "toy-cmos," in words and "toy-engine." in words


@pytest.mark.engine("ngspice-process")
def test_a_cell_of_the_package_is_characterised(installed):
    """Its cell, junction, technology and engine together, from the command line."""
    command = ("characterize", "toy_bsn", "--cmos", "toy-cmos", "--engine", "toy-engine", *FAST, "--json")
    result = json.loads(spinspice(*command, paths=installed).stdout)
    assert result["preset"] == "toy" and result["settings"]["cmos"] == "toy-cmos"
    assert result["failures"] == []
    outputs = result["transfer"]["mean"]
    assert outputs[0] > 0.3 > -0.3 > outputs[-1]


@pytest.mark.engine("ngspice-process")
@pytest.mark.engine("vacask")
def test_its_cell_passes_the_conformance_suite_by_being_registered(installed):
    suite = str(ROOT / "tests" / "systems" / "test_cell_conformance.py")
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "toy_bsn", suite, paths=installed)
    assert "11 passed" in done.stdout and "failed" not in done.stdout


@pytest.mark.engine("ngspice-process")
@pytest.mark.engine("vacask")
def test_the_junction_is_one_in_all_realisations(installed):
    """Verilog-A in two simulators and B-sources against the law in Python: 1e-4 (tolerance of nodes)."""
    script = CONFORMANCE.format(imports="from spinspice_toy.junction import state")
    lines = python("-c", script, paths=installed).stdout.split("\n")[:3]
    assert all(float(line.split()[2]) < 1e-4 and int(line.split()[3]) > 500 for line in lines), lines


def test_derived_parameters_studies_and_exports_take_it(installed, tmp_path):
    script = """
    from spinspice.cells import get_cell
    from spinspice.devices import find_model
    from spinspice.export import export_cell
    from spinspice.sweep.names import known_parameters, unit
    device = find_model("toy_sine")()
    assert device.changed({"period": 1e-10}, "here").f0 == 1e10
    assert "device.period" in known_parameters() and unit("device.period") == "s"
    export_cell("toy_bsn", out="OUT", dialect="ngspice")
    """
    python("-c", textwrap.dedent(script).replace("OUT", str(tmp_path / "out")), paths=installed)
    names = {path.name for path in (tmp_path / "out").rglob("*")}
    assert {"toy_sine.lib", "toy_sine_osdi.lib", "toy_sine.va"} <= names
    assert '.include "toy_sine.lib"' in (tmp_path / "out" / "testbench.cir").read_text()


BROKEN = {
    "devices": "broken_package.devices:nothing",
    "presets": "broken_package:answer",
    "cells": "broken_package:answer",
    "technologies": "broken_package:answer",
    "engines": "no_such_module:Engine",
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory) -> tuple[Path, ...]:
    """A package each of whose entry points fails in a way of its own."""
    target = tmp_path_factory.mktemp("broken")
    (target / "broken_package").mkdir()
    (target / "broken_package" / "__init__.py").write_text("answer = 42\n")
    (target / "broken_package" / "devices.py").write_text("raise RuntimeError('written for another version')\n")
    info = target / "broken_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-package\nVersion: 1.0\n")
    points = "\n".join(f"[spinspice.{group}]\nbad_{group} = {value}\n" for group, value in BROKEN.items())
    (info / "entry_points.txt").write_text(points)
    return ROOT, target


def test_a_broken_package_is_named_and_nothing_else_breaks(broken):
    script = """
    import warnings
    from spinspice import cells, cmos, devices, engines, presets
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for call in (devices.models, presets.list_presets, cells.cells, cmos.technologies, engines.engine_names):
            assert len(call()) > 1
            call()
    for warning in caught:
        print(warning.category.__name__, warning.message)
    """
    lines = python("-c", textwrap.dedent(script), paths=broken).stdout.splitlines()
    for group in BROKEN:
        about = [line for line in lines if f"'bad_{group}'" in line]
        assert about, lines
        assert about[0].startswith(f"PluginWarning the package broken-package adds 'bad_{group}' to spinspice.{group}")
        assert "Update or uninstall broken-package" in about[0]
    assert any("written for another version" in line for line in lines)


def test_the_command_line_works_beside_a_broken_package(broken):
    done = spinspice("presets", paths=broken)
    assert "faria2021" in done.stdout
    assert "broken-package" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["mtj_macrospin", "ASN"])
def test_a_package_cannot_take_a_name_of_spinspice(tmp_path, name):
    """What is there stays there: a model or a cell of the same name is refused with a warning."""
    (tmp_path / "taker.py").write_text(
        textwrap.dedent(
            """
            from spinspice.cells import ASN as Cell
            def model():
                from spinspice.devices import Macrospin
                return type("Mine", (Macrospin,), {"model": "mtj_macrospin", "__module__": "taker"})
            def __getattr__(attribute):
                return model() if attribute == "Model" else None
            """
        )
    )
    info = tmp_path / "taker-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: taker\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[spinspice.devices]\nm = taker:Model\n" if name == "mtj_macrospin" else "[spinspice.cells]\nasn = taker:Cell\n"
    )
    script = "from spinspice import cells, devices; print(devices.models()['mtj_macrospin'], cells.cells()['asn'])"
    done = python("-W", "always", "-c", script, paths=(ROOT, tmp_path))
    assert "spinspice.devices.macrospin.Macrospin" in done.stdout and "spinspice.cells.asn.ASN" in done.stdout
    assert "the package taker" in done.stderr


FAULTY = """
import dataclasses
from pathlib import Path
from typing import ClassVar
from spinspice.devices import Macrospin
from spinspice.engines import Engine
from spinspice.presets import Preset

@dataclasses.dataclass(frozen=True, kw_only=True)
class Hollow(Macrospin):
    model: ClassVar[str] = "faulty_hollow"
    folder: ClassVar[Path | None] = Path(__file__).parent  # where no file of it lies

class Abstract(Engine):
    name = "faulty-abstract"

class Raising(Engine):
    name = "faulty-raising"
    @classmethod
    def find(cls):
        raise KeyError("no such key")
    def run(self, *arguments, **options): ...
    def load(self, testbench): ...

unsaid = Preset(name="unsaid", title="", device=Hollow(), source="", published={}, chosen={})

def technology(corner):
    raise ZeroDivisionError("in the technology")
"""
POINTS = {
    "devices": ["hollow = faulty:Hollow"],
    "presets": ["unsaid = faulty:unsaid"],
    "technologies": ["faulty-cmos = faulty:technology"],
    "engines": ["faulty-abstract = faulty:Abstract", "faulty-raising = faulty:Raising"],
}


@pytest.mark.engine("ngspice-process")
def test_faults_that_show_in_use_are_named_too(tmp_path):
    """Loads, but has no files, no methods, no reasons, or fails when called: doctor and commands go on."""
    (tmp_path / "faulty.py").write_text(FAULTY)
    info = tmp_path / "faulty-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: faulty\nVersion: 1\n")
    lines = [f"[spinspice.{group}]\n" + "\n".join(points) for group, points in POINTS.items()]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    paths = (ROOT, tmp_path)
    doctor = spinspice("doctor", "--json", paths=paths)
    engines = {engine["name"]: engine for engine in json.loads(doctor.stdout)["engines"]}
    assert "verilog-a" in engines["ngspice-process"]["models"]
    assert engines["faulty-raising"]["models"] == []
    assert "no such key" in engines["faulty-raising"]["missing"]["verilog-a"]
    for expected in ("'faulty_hollow'", "the engine lacks find, load, run", "Warning: the package faulty"):
        assert expected in doctor.stderr
    listed = spinspice("presets", paths=paths)
    assert "faria2021" in listed.stdout and "unsaid says of R_P neither" in listed.stderr
    failed = spinspice("export", "bsn", "--cmos", "faulty-cmos", "--out", str(tmp_path / "x"), paths=paths, check=False)
    assert failed.returncode == 2 and "Traceback" not in failed.stderr
    assert "the technology faulty-cmos of the package faulty fails: ZeroDivisionError" in failed.stderr


#: What a junction of spinspice's own touches, beside tests and docs.
JUNCTION_FILES = (
    "verilog_a/toy_sine.va",
    "netlists/spinspice_bsource.lib",
    "netlists/spinspice_osdi.lib",
    "spinspice/devices/toy.py",
    "spinspice/devices/own.py",
    "spinspice/presets/toy.py",
)


@pytest.mark.engine("ngspice-process")
@pytest.mark.engine("vacask")
def test_a_junction_in_the_tree_touches_six_files(tmp_path):
    """The toy junction, in a copy of the tree, in all realisations: on engines, in a cell, in a table of presets."""
    tree = tmp_path / "tree"
    skip = shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc")
    for folder in ("spinspice", "verilog_a", "netlists", "rtl"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=skip)
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    toy = PLUGIN / "spinspice_toy"
    source = (toy / "junction.py").read_text()
    device, preset = source.split("\n\nPRESET = ")
    device = device.replace("from spinspice.presets import Preset\n", "").replace(
        "    folder: ClassVar[Path | None] = Path(__file__).parent\n", ""
    )
    (tree / JUNCTION_FILES[0]).write_text((toy / "toy_sine.va").read_text())
    (tree / JUNCTION_FILES[3]).write_text(device)
    (tree / JUNCTION_FILES[5]).write_text(
        "from spinspice.devices.toy import Toy\nfrom spinspice.presets.base import Preset\nPRESETS = ("
        + preset
        + ",)\n"
    )
    for name, text in ((JUNCTION_FILES[1], (toy / "toy_sine.lib").read_text()), (JUNCTION_FILES[2], "")):
        card = (
            text or python("-c", "from spinspice.devices.toy import Toy; print(Toy.osdi_card())", paths=(tree,)).stdout
        )
        (tree / name).write_text((tree / name).read_text() + "\n" + card)
    own = tree / JUNCTION_FILES[4]
    own.write_text(own.read_text().replace("MODULES = {\n", 'MODULES = {\n    "toy_sine": "toy",\n'))
    script = CONFORMANCE.format(imports="from spinspice.devices.toy import state")
    lines = python("-c", script, paths=(tree,)).stdout.split("\n")[:3]
    assert all(float(line.split()[2]) < 1e-4 for line in lines), lines
    listed = json.loads(spinspice("presets", "--json", paths=(tree,)).stdout)["presets"]
    assert "toy" in [entry["name"] for entry in listed]
    command = ("characterize", "bsn", "--preset", "toy", "--engine", "ngspice-process", "--model", "b-source", *FAST)
    result = json.loads(spinspice(*command, "--json", paths=(tree,)).stdout)
    assert result["failures"] == []
    touched = [
        str(path.relative_to(tree))
        for path in tree.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and before.get(path) != path.read_bytes()
    ]
    assert sorted(touched) == sorted(JUNCTION_FILES)
