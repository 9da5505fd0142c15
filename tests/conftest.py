"""One environment for every test: which engines it may use, and where caches go."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import sys
from pathlib import Path

import platformdirs
import pytest

ROOT = Path(__file__).resolve().parent.parent

# Helpers beside the tests are imported by their own name, from any folder of tests.
sys.path.extend(str(folder) for folder in sorted((ROOT / "tests").rglob("*/")) if folder.name != "__pycache__")

#: Set before numpy, numba or an engine is loaded; the workers of a parallel run and all engine processes inherit them.
ENVIRONMENT = {
    "MPLBACKEND": "Agg",
    "OMP_THREAD_LIMIT": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "COLUMNS": "120",
    "NO_COLOR": "1",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engines",
        choices=("required", "if-available", "off"),
        default="if-available",
        help="tests that need a simulator: fail without it, skip without it (default), or leave all of them out",
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ.update(ENVIRONMENT)
    # Yosys is compiled once for a machine, which takes a minute, and kept where its users have it too.
    os.environ.setdefault("YOWASP_CACHE_DIR", platformdirs.user_cache_dir("YoWASP", appauthor=False))
    cache = ROOT / ".pytest_cache" / "spinspice"
    # numba looks at the file of a compiled function only, not at what that function calls: a change anywhere gets a
    # new folder. Compiled .osdi files are named by their content and stay.
    os.environ["NUMBA_CACHE_DIR"] = str(cache / f"numba-{source_digest()}")
    os.environ["SPINSPICE_CACHE_DIR"] = str(cache)
    os.environ["XDG_CACHE_HOME"] = str(cache / "xdg")
    os.environ["MPLCONFIGDIR"] = str(cache / "matplotlib")
    for name in ("NUMBA_CACHE_DIR", "SPINSPICE_CACHE_DIR", "XDG_CACHE_HOME", "MPLCONFIGDIR"):
        Path(os.environ[name]).mkdir(parents=True, exist_ok=True)


def source_digest() -> str:
    """Return a short hash of all Python source of the package."""
    digest = hashlib.sha256()
    for file in sorted((ROOT / "spinspice").rglob("*.py")):
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@functools.cache
def missing_engine(name: str, model: str | None) -> str:
    """Return why an engine cannot run the compact models here, or an empty string if it can."""
    from spinspice.engines import get_engine
    from spinspice.engines.verilator import require_verilator
    from spinspice.errors import EngineError

    try:
        if name == "verilator":
            require_verilator()
        elif name == "xschem":
            return "" if shutil.which("xschem") else "xschem is not installed. Run: bash scripts/install_xschem.sh"
        else:
            get_engine(name, model=model)
    except EngineError as error:
        return str(error).split("\n", 1)[0]
    return ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--engines") != "off":
        return
    out = [item for item in items if item.get_closest_marker("engine")]
    if out:
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if not item.get_closest_marker("engine")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("engine"):
        name = mark.args[0] if mark.args else "auto"
        reason = missing_engine(name, mark.kwargs.get("model"))
        if not reason:
            continue
        if item.config.getoption("--engines") == "required":
            pytest.fail(f"--engines=required, but {reason}", pytrace=False)
        pytest.skip(reason)
