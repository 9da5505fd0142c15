"""The benchmarks on a fresh set-up: what they import is installed by `make bench`, and each can be imported."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import against

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "benchmarks").glob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the packages that a file imports, wherever in it, but for Python's own and ours."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).split(".")[0])
    return names - set(sys.stdlib_module_names) - {"spinspice", "benchmarks"}


def test_what_they_import_is_installed_by_the_set_up():
    line = re.search(r"^bench:\n\t@bash scripts/setup.sh (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert line
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (project["optional-dependencies"][extra] for extra in line[1].split())
    wanted = [*project["dependencies"], *(entry for extra in extras for entry in extra)]
    names = {re.split(r"[\s<>=;\[]", entry)[0].lower().replace("-", "_") for entry in wanted}
    needed = set().union(*map(imported, FILES))
    assert {name.lower() for name in needed} <= names
    assert {"cmtj", "spicelib"} <= needed  # the search finds imports inside functions


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_can_be_imported(path):
    if path.stem not in ("__init__", "__main__"):
        assert callable(getattr(importlib.import_module(f"benchmarks.{path.stem}"), "main", print))


def test_ratio_of_rounds_and_its_error():
    """The median of the ratios, and its error from their spread: 1.2533 s / sqrt(n) of a normal distribution."""
    middle, error = against.ratio([1.0, 2.0, 4.0], [1.1, 2.0, 3.6])
    assert middle == 1.0
    assert error == pytest.approx(1.2533 * 0.1 / 3**0.5)
    assert against.ratio([2.0], [3.0]) == (1.5, float("inf"))


def test_a_workload_is_timed_with_its_simulators(monkeypatch):
    """Processor time of a child of the workload counts; a failure says what was said."""
    busy = "import time\nt = time.process_time()\nwhile time.process_time() < t + 0.3: pass\n"
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}], check=True)\n"
    monkeypatch.setitem(against.WORKLOADS, "busy", child)
    monkeypatch.setitem(against.WORKLOADS, "broken", "raise SystemExit('no such thing')")
    assert against.processor_time(ROOT, "busy") >= 0.3
    with pytest.raises(SystemExit, match=r"(?s)broken fails in .*no such thing"):
        against.processor_time(ROOT, "broken")


@pytest.mark.parametrize("name", against.WORKLOADS)
def test_workloads_take_from_benchmarks_what_these_define(name):
    """Every name that a workload takes from a benchmark is there."""
    tree = ast.parse(against.WORKLOADS[name])
    modules = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "benchmarks"]
    for module in (importlib.import_module(f"benchmarks.{alias.name}") for node in modules for alias in node.names):
        used = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and getattr(n.value, "id", "") == "b"}
        assert used and all(hasattr(module, attribute) for attribute in used)


def test_against_refuses_what_it_cannot_do(capsys):
    with pytest.raises(SystemExit):
        against.main(["HEAD", "macrospim"])
    assert "no workload 'macrospim'" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_one_runs_to_its_end():
    command = [sys.executable, "-m", "benchmarks", "telegraph"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert "flips a second" in done.stdout
