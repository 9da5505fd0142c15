"""scripts/install_verilator.sh on made-up machines: installs once, goes on without root, quotes a failing apt."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "install_verilator.sh"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs: root, apt-get that brings Verilator, nothing installed."""
    for name in ("bash", "sed", "mktemp", "rm", "tail", "env"):
        os.symlink(f"/usr/bin/{name}", tmp_path / name)
    tool(tmp_path, "id", "echo 0")
    tool(tmp_path, "verilator", f'[ -f "{tmp_path}/installed" ] && echo "Verilator 5.006 2023-01-22"')
    tool(tmp_path, "g++", "")
    tool(
        tmp_path,
        "apt-get",
        f'echo "$*" >>"{tmp_path}/calls"; case "$*" in *install*) : >"{tmp_path}/installed" ;; esac',
    )
    return tmp_path


def tool(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/bash\n{script}\n")
    (folder / name).chmod(0o755)


def run(folder: Path) -> str:
    done = subprocess.run(
        ["/bin/bash", str(SCRIPT)], env={"PATH": str(folder)}, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_installs_once(machine):
    assert "version 5.006 is installed now" in run(machine)
    assert "install --no-install-recommends verilator g++" in (machine / "calls").read_text()
    (machine / "calls").unlink()
    assert "version 5.006 is installed, nothing to do" in run(machine)
    assert not (machine / "calls").exists()


def test_without_root_it_goes_on_and_names_the_command(machine):
    tool(machine, "id", "echo 1000")
    assert "sudo bash scripts/install_verilator.sh" in run(machine)
    assert not (machine / "calls").exists()


def test_failing_apt_is_quoted_and_the_lists_are_updated_before_a_second_try(machine):
    tool(
        machine,
        "apt-get",
        f'echo "$*" >>"{machine}/calls"; case "$*" in *install*) echo "E: made up"; exit 100 ;; esac',
    )
    said = run(machine)
    assert "E: made up" in said and "going on without digital blocks" in said
    assert [line.split()[4] for line in (machine / "calls").read_text().splitlines()] == [
        "install",
        "update",
        "install",
    ]


def test_packages_that_are_too_old(machine):
    tool(machine, "verilator", "echo Verilator 4.038 2020-07-11")
    assert "they take Verilator 5.0 or later" in run(machine)


def test_system_without_apt(machine):
    (machine / "apt-get").unlink()
    assert "no apt-get here; install Verilator 5.0 or later and g++ yourself" in run(machine)
