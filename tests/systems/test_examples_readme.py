"""The README keeps its word: its Python example runs, its picture is there, its commands exist."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.engine("auto")
def test_python_example(tmp_path, monkeypatch):
    (code,) = blocks("python")
    assert len([line for line in code.splitlines() if line]) <= 10
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    v0, decision = printed.getvalue().splitlines()
    assert re.fullmatch(r"V0 = [\d.]+ \+- [\d.]+ mV, R\^2 = [\d.]+", v0)
    assert re.fullmatch(r"a decision: \d+ ps, [\d.]+ fJ", decision)
    assert (tmp_path / "out" / "bsn.png").stat().st_size > 10_000


def test_picture_is_there_and_small():
    (name,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert 10_000 < (ROOT / name).stat().st_size < 200_000


def test_commands_and_options_exist():
    import click

    from spinspice.cli import spinspice

    lines = re.findall(r"^    (spinspice .*?)(?:\s+#.*)?$", README, re.MULTILINE)
    every = set(spinspice.list_commands(click.Context(spinspice)))
    assert {line.split()[1] for line in lines} == every - {"demo"}  # make demo runs that one
    for line in lines:
        _, name, *words = shlex.split(line)
        command = spinspice.get_command(click.Context(spinspice), name)
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known, line


def test_engines_of_the_table_are_those_that_exist():
    from spinspice.engines import ENGINES

    rows = re.findall(r"^\| `([\w-]+)` \|", README, re.MULTILINE)
    assert ["auto", *rows] == list(ENGINES)


def test_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^    make (\w+)", README, re.MULTILINE)
    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
