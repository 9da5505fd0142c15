"""The house: no module too long to read, no two modules that need each other, waveforms written in one place."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import spinspice

PACKAGE = Path(spinspice.__file__).parent
MAX_LINES = 400


def modules() -> dict[str, Path]:
    named = {".".join(("spinspice", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in PACKAGE.rglob("*.py")}
    return {name.removesuffix(".__init__"): path for name, path in named.items() if "_data" not in path.parts}


def imported(path: Path, known: set[str]) -> set[str]:
    """Modules of the package that a file imports anywhere in it, for types too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inside & known or {node.module}
    return found & known


def test_no_module_is_longer_than_one_reading():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_file_needs_itself():
    """An order exists in which every module comes after all that it imports (a circle raises)."""
    known = modules()
    order = list(TopologicalSorter({n: imported(p, set(known)) - {n} for n, p in known.items()}).static_order())
    assert len(order) == len(known) > 200


def test_waveforms_are_written_by_stimuli_alone():
    """No other module holds the text of a PULSE, PWL or SIN, in any dialect."""
    text = re.compile(r"\b(pulse|pwl|sin)\((\d|$)|\bwave=\[", re.IGNORECASE)
    held = {}
    for name, path in modules().items():
        if name.startswith("spinspice.stimuli"):
            continue
        code = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(code) if isinstance(node, ast.Expr)}
        for node in ast.walk(code):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                held |= {name: node.value} if text.search(node.value) else {}
    assert held == {}
