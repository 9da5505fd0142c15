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


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_one_runs_to_its_end():
    command = [sys.executable, "-m", "benchmarks", "telegraph"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert "flips a second" in done.stdout
