"""What a user installs: the wheel's contents, the light import, the command, and nothing tied to one machine."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import spinspice
from spinspice.errors import UsageError
from spinspice.paths import FOLDERS, data_dir

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())

#: Packages that `import spinspice` and `spinspice --help` must not load: each costs 0.2 to 1.5 s.
HEAVY = ("matplotlib", "xarray", "numba", "scipy", "pandas", "PySpice", "h5py", "jinja2", "dask")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this source tree, built with the hatchling that is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def run_python(code: str, **environment: str) -> str:
    """Run code in a fresh interpreter and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_every_model_and_netlist(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"spinspice/_data/{file.relative_to(ROOT).as_posix()}"
        for folder in FOLDERS
        for file in (ROOT / folder).rglob("*")
        if file.suffix in {".va", ".inc", ".lib", ".cir", ".md", ".v", ".vh", ".cpp"}
    }
    assert any(name.endswith("mtj_macrospin.va") for name in wanted)
    assert wanted <= names


def test_wheel_holds_the_examples(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"spinspice/_data/{file.relative_to(ROOT).as_posix()}"
        for file in (ROOT / "examples").rglob("*")
        if file.suffix in {".py", ".toml", ".sp", ".csv", ".ipynb"}
    }
    assert any(name.endswith(".ipynb") for name in wanted)
    assert wanted <= names


def test_all_is_all() -> None:
    """The extra ``all`` names every extra that is for users; those for developers and two large ones stay out."""
    extras = PROJECT["project"]["optional-dependencies"]
    named = set(re.search(r"\[(.*)\]", extras["all"][0])[1].split(","))  # type: ignore[index]
    large = {"torch", "jax"}  # gigabytes, for those who name them
    assert named == set(extras) - large - {"all", "test", "lint", "docs", "bench"}


def test_vacask_is_not_required() -> None:
    """Its wheel runs with glibc 2.34 and later only, which pip would refuse to install anything without."""
    assert not any("vacask" in entry for entry in PROJECT["project"]["dependencies"])


def test_wheel_holds_every_module(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        file.relative_to(ROOT).as_posix() for file in (ROOT / "spinspice").rglob("*") if file.suffix in {".py", ".j2"}
    }
    assert wanted <= names


def test_installed_wheel_reads_its_own_data(wheel: Path, tmp_path: Path) -> None:
    """A plain install finds the models inside itself, not in the clone that it was built from."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    done = subprocess.run(
        [*command, str(tmp_path / "site"), str(wheel)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    code = "from spinspice.paths import *; print(*(data_dir(name) for name in FOLDERS), sep='\\n')"
    found = [Path(line) for line in run_python(code, PYTHONPATH=str(tmp_path / "site")).splitlines()]
    assert found == [tmp_path / "site" / "spinspice" / "_data" / name for name in FOLDERS]
    assert (found[FOLDERS.index("verilog_a")] / "mtj_telegraph.va").is_file()


def test_data_folders_of_this_clone() -> None:
    assert [data_dir(name) for name in FOLDERS] == [ROOT / name for name in FOLDERS]


def test_unknown_data_folder_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no data folder 'verilog'.*Did you mean verilog_a"):
        data_dir("verilog")


def test_version_is_one_number() -> None:
    assert importlib.metadata.version("spinspice") == spinspice.__version__
    assert f"## {spinspice.__version__} " in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("code", ["import spinspice", "import spinspice.cli"])
def test_import_is_light(code: str) -> None:
    loaded = run_python(f"import sys; {code}; print(*sys.modules)").split()
    assert sorted(set(HEAVY) & set(loaded)) == []


@pytest.mark.parametrize(
    ("folder", "extras"),
    [
        (
            "spinspice",
            (
                "dask",
                "drawings",
                "fonts",
                "dataframe",
                "graphs",
                "jax",
                "optimize",
                "sensitivity",
                "learn",
                "torch",
                "waveforms",
            ),
        ),
        ("examples", ()),
        ("tests", ("test", "jax", "torch")),
        ("benchmarks", ("bench",)),
        ("scripts", ("docs",)),
    ],
)
def test_every_import_is_declared(folder: str, extras: tuple[str, ...]) -> None:
    """What a folder imports is of the interpreter, of the project, or declared as a dependency."""
    project = PROJECT["project"]
    entries = [
        *project["dependencies"],
        *(entry for extra in extras for entry in project["optional-dependencies"][extra]),
    ]
    known = {re.split(r"[<>=;\[ ]", entry)[0].lower().replace("-", "_") for entry in entries}
    known |= {name.replace("_", "") for name in known}  # Hershey-Fonts is imported as HersheyFonts
    known |= {"pil"} if "pillow" in known else set()
    known |= {"sklearn"} if "scikit_learn" in known else set()
    known |= {"vcd"} if "pyvcd" in known else set()
    known |= {"spinspice", "examples", "benchmarks", *(entry.stem.lower() for entry in (ROOT / folder).rglob("*"))}
    missing = {
        f"{name} ({file.relative_to(ROOT)})"
        for file in (ROOT / folder).rglob("*.py")
        for name in import_names(file)
        if name not in sys.stdlib_module_names and name.lower() not in known
    }
    assert missing == set()


def import_names(file: Path) -> set[str]:
    """Top-level names that a file imports absolutely."""
    import ast

    names = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


def test_layers_name_every_part_of_the_package() -> None:
    """A new module is not outside the one-way order by having been forgotten."""
    (layers,) = (c["layers"] for c in PROJECT["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    listed = set(re.findall(r"spinspice\.(\w+)", " ".join(layers)))
    parts = {entry.stem for entry in (ROOT / "spinspice").iterdir() if is_part(entry)}
    assert parts - listed - {"__init__", "__main__"} == set()


def is_part(entry: Path) -> bool:
    return entry.suffix == ".py" or (entry / "__init__.py").is_file()


def tracked_text() -> dict[str, str]:
    """Text of all files under version control (or, in an unpacked source archive, of all files)."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    names = listing.stdout.splitlines() or [str(file.relative_to(ROOT)) for file in ROOT.rglob("*") if file.is_file()]
    texts = {}
    for name in names:
        try:
            texts[name] = (ROOT / name).read_text()
        except (UnicodeDecodeError, OSError):
            continue
    return texts


def hosts_of_this_machine() -> set[str]:
    """Package registries that this machine's own configuration names."""
    places = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*"), Path("/etc/pip.conf")]
    places += [Path("/etc/xdg/pip/pip.conf"), Path.home() / ".config/pip/pip.conf", Path.home() / ".npmrc"]
    text = "\n".join(place.read_text() for place in places if place.is_file() and os.access(place, os.R_OK))
    return set(re.findall(r"https?://([^/\s]+)", text))


def test_nothing_is_tied_to_this_machine() -> None:
    words = hosts_of_this_machine() | {f"{ROOT}/"}
    found = [(name, word) for name, text in tracked_text().items() for word in words if word in text]
    assert found == []
