"""The public face: one door, whatever was imported before, light until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import spinspice

#: Statements that load modules of the same names as public functions, in several orders.
ORDERS = (
    "import spinspice as ss",
    "import spinspice.characterize; import spinspice as ss",
    "import spinspice as ss; ss.characterize; import spinspice.studies.neuron_settings",
    "from spinspice.characterize import characterize; import spinspice as ss",
    "from spinspice.sweep import run_study; from spinspice.export import export_cell; import spinspice as ss",
    "from spinspice.energy import audit_cell; from spinspice.reproduce import run; import spinspice as ss",
    "import spinspice.cli.characterize, spinspice.report; import spinspice as ss",
    "from spinspice import characterize, energy, export, reproduce, sweep, run; import spinspice as ss",
)
#: In each of them: an unknown cell, study or figure reaches the function behind the name, and none is simulated.
USE = """
import inspect, pickle
from spinspice.errors import SpinspiceError
calls = (
    lambda: ss.characterize("bsm"),
    lambda: ss.energy("bsm"),
    lambda: ss.export("bsm", dialect="ngspice", out="nowhere"),
    lambda: ss.reproduce("mizrahi-fig9"),
    lambda: ss.sweep({"cell": "bsn", "grit": 1}, "nowhere"),
    lambda: ss.run("nothing"),
)
for call in calls:
    try:
        call()
    except SpinspiceError as error:
        assert "Known" in str(error) or "known" in str(error), error
    else:
        raise AssertionError("no error")
assert "seed" in inspect.signature(ss.characterize).parameters
assert pickle.loads(pickle.dumps(ss.characterize)) is ss.characterize
assert ss.characterize.Characterization is not None
import spinspice.characterize as module
assert callable(module) and module is ss.characterize
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("order", ORDERS)
def test_functions_are_callable_in_every_order_of_imports(order):
    run(f"{order}\n{USE}")


def test_import_is_light():
    heavy = "numpy PySpice matplotlib xarray scipy numba rich click pandas spinspice.characterize spinspice.cells"
    code = f"import sys, spinspice, spinspice as ss; dir(ss); print([m for m in {heavy.split()} if m in sys.modules])"
    assert run(code).strip() == "[]"


def test_old_paths_of_imports():
    run(
        "from spinspice.characterize import characterize, Characterization, parse_vin\n"
        "from spinspice.energy import audit_cell\nfrom spinspice.export import export_cell\n"
        "from spinspice.sweep import run_study, Study\nfrom spinspice.reproduce import run, FIGURES\n"
        "import inspect\nassert all(map(inspect.isfunction, (characterize, audit_cell, export_cell, run_study, run)))"
    )


@pytest.mark.parametrize("name", spinspice.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    found = getattr(spinspice, name)
    assert name == "__version__" or (found.__doc__ or "").strip()
    assert name in dir(spinspice)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("characterise", "characterize"),
        ("Telegraf", "Telegraph"),
        ("energie", "energy"),
        ("load_presets", "load_preset"),
    ],
)
def test_a_slip_of_the_pen_gets_the_closest_name(typed, meant):
    with pytest.raises(AttributeError, match=rf"Did you mean {meant}\?"):
        getattr(spinspice, typed)
    assert not hasattr(spinspice, "__wrapped__")


def test_no_submodule_hides_a_public_name():
    """Modules that share a name with a public one are callable; none shares its name with a class."""
    for name in spinspice.__all__:
        found = getattr(spinspice, name)
        assert callable(found) or name == "__version__"


def test_lists_name_what_can_be_had():
    assert {"asn", "bsn"} <= set(spinspice.list_cells())
    assert {"mtj_macrospin", "mtj_telegraph"} <= set(spinspice.list_devices())
    assert {"ngspice", "vacask"} <= set(spinspice.list_engines())
    assert {"generic", "sky130"} <= set(spinspice.list_technologies())
    assert "mizrahi-fig2a" in spinspice.list_figures()


def test_demo_says_how_to_get_the_command(monkeypatch):
    from spinspice.cli import demo

    monkeypatch.setattr(demo.shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "executable", "/some where/.venv/bin/python")
    assert ". '/some where/.venv/bin/activate'" in demo.how_to_go_on()
    monkeypatch.setattr(demo.shutil, "which", lambda name: "/usr/bin/spinspice")
    assert demo.how_to_go_on() == ""
