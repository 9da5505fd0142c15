"""scripts/setup.sh with a stand-in for Python: what it installs, when it does nothing, what it says when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Answers as python3 would: version question, ensurepip, venv (makes a stand-in of itself), pip.
PYTHON = """\
#!/bin/bash
echo "$*" >>"$RECORD"
case "$*" in
    *version_info*sys.exit*|*sys.exit*version_info*) exit ${TOO_OLD:-0} ;;
    *"import ensurepip"*) exit ${NO_ENSUREPIP:-0} ;;
    *python%d*) echo python3.12-venv ;;
    *--editable*) printf '%s\n' 'Downloading https://host/numpy-2.4.6-cp312.whl (16.6 MB)' 'Collecting x' \
        'Downloading small-1.0.whl (12.3 kB)' 'Installing collected packages: a, b, c' ;;
    --version) echo "Python 3.12.3" ;;
    "-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with the script, a project file and nothing else."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(ROOT / "scripts" / "setup.sh", tmp_path / "scripts")
    (tmp_path / "scripts" / "install_ngspice.sh").write_text("echo ngspice: looked at\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    for name in ("bash", "cat", "cksum", "tr", "sort", "paste", "dirname", "mkdir", "cp", "sed"):
        os.symlink(f"/usr/bin/{name}", tmp_path / "bin" / name)
    said = {"id": "echo 1000", "uname": "echo ${MACHINE:-Linux x86_64}", "getconf": "echo glibc ${GLIBC:-2.36}"}
    for name, text in {"python3": PYTHON, **{name: f"#!/bin/bash\n{line}\n" for name, line in said.items()}}.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def set_up(clone: Path, *extras: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script as an ordinary user without sudo."""
    return subprocess.run(
        ["/bin/bash", str(clone / "scripts" / "setup.sh"), *extras],
        env={"PATH": str(clone / "bin"), "RECORD": str(clone / "record")} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def installations(clone: Path) -> list[str]:
    return [
        line.split("--editable ")[1] for line in (clone / "record").read_text().splitlines() if "--editable" in line
    ]


def test_first_run_installs_with_extras_then_looks_at_ngspice(clone: Path) -> None:
    done = set_up(clone, "test", "lint")
    assert done.returncode == 0, done.stderr
    assert installations(clone) == [".[lint,test,vacask]"]
    assert done.stdout.splitlines()[-1] == "ngspice: looked at"


def test_second_run_installs_nothing(clone: Path) -> None:
    set_up(clone)
    assert set_up(clone).returncode == 0
    assert installations(clone) == [".[vacask]"]


def test_what_is_there_with_more_extras_is_enough(clone: Path) -> None:
    """After `make test`, `make demo` installs nothing; the other way round it does."""
    set_up(clone, "test", "docs")
    set_up(clone)
    set_up(clone, "docs")
    assert installations(clone) == [".[docs,test,vacask]"]
    set_up(clone, "docs", "bench")
    assert installations(clone) == [".[docs,test,vacask]", ".[bench,docs,vacask]"]


def test_only_tests_bring_what_only_tests_need(clone: Path) -> None:
    assert "Yosys" not in set_up(clone).stdout
    record = (clone / "record").read_text()
    assert "sky130" not in record and "ihp" not in record
    assert "Yosys" in set_up(clone, "test").stdout
    assert "sky130" in (clone / "record").read_text()


@pytest.mark.parametrize(
    ("glibc", "machine", "extras"),
    [
        ("2.36", "Linux x86_64", ".[vacask]"), ("2.34", "Linux x86_64", ".[vacask]"),
        ("3.0", "Linux x86_64", ".[vacask]"),
        ("2.31", "Linux x86_64", "."), ("2.4", "Linux x86_64", "."), ("2.36", "Linux aarch64", "."),
        ("x", "Darwin arm64", "."),
    ],
)  # fmt: skip
def test_vacask_only_where_its_wheel_runs(clone: Path, glibc: str, machine: str, extras: str) -> None:
    done = set_up(clone, GLIBC=glibc, MACHINE=machine)
    assert done.returncode == 0, done.stderr
    assert installations(clone) == [extras]
    assert ("without VACASK" in done.stdout) is (extras == ".")


def test_it_says_what_it_does(clone: Path) -> None:
    said = set_up(clone).stdout
    assert "numpy-2.4.6-cp312.whl (16.6 MB)" in said and "https" not in said
    assert "unpacking 3 packages" in said and "small" not in said


def test_changed_dependencies_install_again(clone: Path) -> None:
    set_up(clone)
    (clone / "pyproject.toml").write_text('[project]\ndependencies = ["numpy"]\n')
    set_up(clone)
    assert installations(clone) == [".[vacask]"] * 2


def test_failed_installation_is_tried_again(clone: Path) -> None:
    python = clone / "bin" / "python3"
    python.write_text(PYTHON.replace("*--editable*)", "*--editable*) echo no such version; exit 1 ;; x)"))
    failed = set_up(clone)
    assert failed.returncode != 0 and "no such version" in failed.stderr
    assert set_up(clone).returncode != 0
    assert installations(clone) == [".[vacask]"] * 2


def test_old_python_is_refused_with_the_way_out(clone: Path) -> None:
    done = set_up(clone, TOO_OLD="1")
    assert done.returncode == 1
    assert "no Python 3.11 or later" in done.stderr
    assert "make setup PYTHON=" in done.stderr


def test_missing_venv_package_is_named(clone: Path) -> None:
    done = set_up(clone, NO_ENSUREPIP="1")
    assert done.returncode == 1
    assert "sudo apt-get install python3.12-venv" in done.stderr
    assert not (clone / ".venv").exists()
