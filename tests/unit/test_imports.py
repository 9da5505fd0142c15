"""What loads what: counted in modules, not in seconds, so that it holds on any machine."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

import spinspice
from spinspice.devices.base import Device
from spinspice.devices.own import MODULES, load_own_models
from spinspice.lazy import load_own

PACKAGE = Path(spinspice.__file__).parent
#: Packages that take longer to load than a short simulation takes.
SLOW = {"xarray", "dask", "distributed", "matplotlib", "pandas", "numba", "scipy", "h5py", "rich", "jinja2"}
#: Modules that find what packages add, and hold locks: a fifth of a second on a slow machine, and seldom needed.
SELDOM = {"importlib.metadata", "filelock", "html", "secrets", "email"}
#: Packages whose public names load when they are asked for.
LAZY = ("cells", "devices", "devices.reference", "engines", "stimuli")


def loaded(code: str) -> set[str]:
    """Modules that are there after a program, in a new interpreter."""
    program = f"{code}\nimport json, sys\nprint('@' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    return set(json.loads(done.stdout.rpartition("@")[2]))


def ours(modules: set[str], package: str) -> set[str]:
    """Modules of a package of spinspice among those loaded, without its name."""
    before = f"spinspice.{package}."
    return {name.removeprefix(before) for name in modules if name.startswith(before)}


def test_the_package_itself_loads_next_to_nothing():
    more = loaded("import spinspice") - loaded("")
    assert {name for name in more if name.startswith("spinspice")} == {"spinspice"}
    assert len(more) <= 20, sorted(more)


def test_help_loads_no_command_and_no_number():
    found = loaded("from spinspice.cli import run\nassert run(['--help']) == 0")
    assert ours(found, "cli") == {"shell"}
    assert not found & {*SLOW, *SELDOM, "numpy", "PySpice", "tempfile", "difflib"}


def test_a_worker_of_ngspice_knows_nothing_of_junctions():
    """It starts once for every processor, and only serves a library."""
    found = loaded("import spinspice.engines.ngspice_worker")
    assert {name for name in found if name.startswith("spinspice")} <= {
        *("spinspice", "spinspice.engines", "spinspice.engines.ngspice_worker", "spinspice.lazy")
    }
    assert "numpy" not in found


def test_a_junction_loads_its_own_model_alone():
    found = loaded(
        "from spinspice.devices import Macrospin\nfrom spinspice.testbench import Testbench\n"
        "cards = 'xj a 0 mx my mz mtj_macrospin\\nva a 0 1'\n"
        "bench = Testbench(circuit=cards, stop=1e-9, step=1e-12, save=('v(mx)',))\n"
        "assert bench.models == ('mtj_macrospin',) and len(bench.junctions) == 1"
    )
    assert not ours(found, "devices") & {"skyrmion", "wall", "oscillator", "telegraph", "field"}
    assert not found & {*SLOW, *SELDOM}


def test_a_study_of_a_neuron_loads_that_study_and_that_cell():
    found = loaded(
        "from spinspice.characterize import characterize\nfrom spinspice.cells.choose import choose_cell\n"
        "from spinspice.studies import get_study\nget_study('neuron')\nchoose_cell('bsn')"
    )
    assert not ours(found, "cells") & {"asn", "pbit", "comparator_file", "cell_file", "imported", "mram"}
    assert not ours(found, "studies") & {"mram", "readout", "trng", "pbits", "switching", "locking"}
    assert not ours(found, "presets") & {"lopez2024", "sttmram", "grollier2020"}
    assert not found & {*SLOW, *SELDOM}


@pytest.mark.engine("ngspice")
def test_a_command_that_stores_and_draws_nothing_loads_no_library_for_it():
    arguments = ["characterize", "bsn", "--vin=-20m:20m:5", "--duration", "1n", "--repeats", "1", "--engine", "ngspice"]
    found = loaded(f"from spinspice.cli import run\nassert run({[*arguments, '--json']!r}) == 0")
    assert not found & {"xarray", "dask", "distributed", "matplotlib", "pandas", "numba", "h5py", "jinja2"}


@pytest.mark.parametrize("package", LAZY)
def test_names_for_type_checkers_are_those_that_load(package):
    """Both lists of a lazy package are one, and every name is where the list says."""
    module = importlib.import_module(f"spinspice.{package}")
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    named = {alias.name: node.module for node in imports for alias in node.names}
    assert sorted(named) == module.__all__ == sorted(set(module.__all__))
    for name, home in named.items():
        assert getattr(module, name) is getattr(importlib.import_module(str(home)), name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'; public names"):
        _ = module.nothing


def test_our_models_are_where_the_table_says():
    load_own_models()
    own = {name: kind for name, kind in Device.known.items() if kind.__module__.startswith("spinspice.devices.")}
    assert {name: kind.__module__ for name, kind in own.items()} == {
        name: f"spinspice.devices.{module}" for name, module in MODULES.items()
    }


def test_a_name_of_ours_is_taken_before_its_module_is_loaded():
    """A class of somebody else's cannot take the name of a model or cell of ours, loaded or not."""
    code = (
        "from typing import ClassVar\nimport dataclasses, sys\nfrom spinspice.devices.base import Device\n"
        "from spinspice.cells.base import NeuronCell\nfrom spinspice.errors import UsageError\n"
        "assert not {'spinspice.devices.skyrmion', 'spinspice.cells.bsn'} & set(sys.modules)\n"
        "try:\n    class Mine(Device):\n        model, ports = 'skyrmion', ('free', 'ref', 'x')\n"
        "except UsageError as error:\n    print('that of spinspice.devices.skyrmion already' in str(error))\n"
        "try:\n    class MyCell(NeuronCell):\n        kind = 'bsn'\n"
        "except UsageError as error:\n    print('taken by the cell spinspice.cells.bsn.BSN' in str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_the_path_of_a_file_is_no_module():
    before = set(sys.modules)
    for name in ("/tmp/a b/cell.toml", "../bsn", "bsn.py", "a.b", "", "_private", "no-such-thing"):
        load_own("spinspice.cells", name)
    assert set(sys.modules) == before
