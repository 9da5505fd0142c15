"""The cache of compiled files: made once, noticed when damaged, refused when others can write in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from spinspice.engines.cache import make_once
from spinspice.errors import EngineError


class Maker:
    """Writes a file and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, target):
        self.calls += 1
        target.write_bytes(b"compiled" * 1000)


@pytest.fixture
def made(tmp_path):
    make = Maker()
    target = make_once(tmp_path / "osdi" / "a.osdi", make, what="model")
    assert make_once(target, make, what="model") == target and make.calls == 1
    return target, make


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:20]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(os.urandom(8000)),
        lambda path: path.write_bytes(b"\x7fELF of another machine"),
        lambda path: path.unlink(),
        lambda path: path.with_name("a.osdi.sha256").unlink(),
        lambda path: path.with_name("a.osdi.sha256").write_text("0" * 64),
        lambda path: path.chmod(0o777),
    ],
)
def test_a_damaged_entry_is_made_again(made, damage):
    target, make = made
    damage(target)
    make_once(target, make, what="model")
    assert make.calls == 2
    assert target.read_bytes() == b"compiled" * 1000
    assert sorted(path.name for path in target.parent.iterdir() if path.name != ".lock") == [
        "a.osdi",
        "a.osdi.sha256",
    ]


def test_a_folder_that_everybody_can_write_in_is_refused(made):
    target, make = made
    target.parent.chmod(0o777)
    with pytest.raises(EngineError, match=r"can be written by every user.*chmod o-w .*SPINSPICE_CACHE_DIR"):
        make_once(target, make, what="model")
    target.parent.chmod(0o755)
    target.parent.parent.chmod(0o777)
    with pytest.raises(EngineError, match="can be written by every user"):
        make_once(target, make, what="model")
    target.parent.parent.chmod(0o1777)  # as /tmp: others cannot exchange what is not theirs
    make_once(target, make, what="model")


def test_a_folder_of_another_user_is_refused(made, monkeypatch):
    target, make = made
    owner = target.parent.stat().st_uid
    if owner == 0:
        if os.geteuid() != 0:
            pytest.skip("a folder of the system is trusted")
        os.chown(target.parent, 12345, -1)
    monkeypatch.setattr(os, "getuid", lambda: 999)
    with pytest.raises(EngineError, match="belongs to another user"):
        make_once(target, make, what="model")


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match="cannot write the model"):
        make_once(tmp_path / "file" / "osdi" / "a.osdi", Maker(), what="model")


def test_a_maker_that_is_killed_holds_nobody_up(tmp_path):
    program = f"""
        import pathlib, time
        from spinspice.engines.cache import make_once
        def make(path):
            path.write_text("half")
            print("making", flush=True)
            time.sleep(60)
        make_once(pathlib.Path({str(tmp_path)!r}) / "osdi" / "a.osdi", make, what="model")
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"making\n"
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    process.stdout.close()
    started = time.monotonic()
    target = make_once(tmp_path / "osdi" / "a.osdi", Maker(), what="model")
    assert target.read_bytes().startswith(b"compiled")
    assert time.monotonic() - started < 5.0


@pytest.mark.slow
@pytest.mark.engine("ngspice")
def test_twenty_characterisations_on_one_cold_cache(tmp_path):
    """All at once: each model is compiled once, all give the same numbers, none waits for ever."""
    environment = os.environ | {
        "SPINSPICE_CACHE_DIR": str(tmp_path / "cache"),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    short = ("characterize", "bsn", "--vin=-60m:60m:5", "--duration", "1n", "--trials", "1", "--workers", "1", "--json")
    command = [sys.executable, "-m", "spinspice", *short]
    running = [
        subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(20)
    ]
    answers = [process.communicate(timeout=280) for process in running]
    assert [process.returncode for process in running] == [0] * 20, answers[0][1]
    results = [json.loads(out) for out, _ in answers]
    assert all(result["transfer"] == results[0]["transfer"] for result in results)
    compiled = list((tmp_path / "cache" / "osdi").glob("*.osdi"))
    assert len(compiled) == len({path.name.rsplit("-", 1)[0] for path in compiled}) > 0
    left = [path.name for path in (tmp_path / "cache" / "osdi").iterdir() if path.name.startswith(".")]
    assert left in ([], [".lock"])
