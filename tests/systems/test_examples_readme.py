"""The README keeps its word: its Python example runs, its picture is there, its commands exist."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
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
    numbers = dict(line.split(": ") for line in printed.getvalue().splitlines())
    assert re.fullmatch(r"[\d.]+ ± [\d.]+ mV", numbers["v0 of the tanh"])
    assert re.fullmatch(r"[\d.]+ ± [\d.]+ fJ", numbers["energy per decision"])
    assert (tmp_path / "out" / "bsn.png").stat().st_size > 10_000


def test_picture_is_there_and_small():
    (name,) = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert 10_000 < (ROOT / name).stat().st_size < 200_000


def commands(text: str) -> list[str]:
    """Return the commands of a page, without the comments behind them."""
    return [line.strip() for line in re.findall(r"^    (spinspice .*?)(?:\s+#.*)?$", text, re.MULTILINE)]


def options_of(command, words: list[str]) -> set[str]:
    """Return the options of a command; those of a study follow from its name."""
    import click

    if hasattr(command, "study_of"):
        with contextlib.suppress(click.UsageError):
            command.parse_args(click.Context(command, resilient_parsing=True), list(words))
    return {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}


def test_commands_and_options_exist():
    import click

    from spinspice.cli import spinspice

    lines = commands(README)
    every = set(spinspice.list_commands(click.Context(spinspice)))
    assert {line.split()[1] for line in lines} == every - {"demo"}  # make demo runs that one
    for line in lines:
        _, name, *words = shlex.split(line)
        command = spinspice.get_command(click.Context(spinspice), name)
        assert command is not None, line
        known = options_of(command, words)
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


#: What makes a command of the README short: words that are added to it (the last of two counts), or to its study.
SHORT = {
    "characterize asn": "--vin=-60m:60m:5 --duration 1n --trials 1",
    "characterize comparator": "--trials 2",
    "characterize readout": "--bits 120 --trials 2",
    "characterize mram": "--trials 2",
    "characterize examples/08_neuron.toml": "--vin=-60m:60m:5 --duration 1n --trials 1",
    "energy bsn": "--duration 2n",
    "energy system": "--inputs 4 --outputs 4",
    "export bsn": "--duration 1n",
    "reproduce mizrahi-fig3b": "--short",
}
#: Commands that take half a minute though they are short.
LONG = ("mizrahi-fig3b", "characterize mram", "surrogate bsn")


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a clone holds that commands name, and the command ``spinspice`` as an activated environment has it."""
    place = tmp_path_factory.mktemp("clone")
    for name in ("examples", "docs"):
        shutil.copytree(ROOT / name, place / name)
    study = place / "examples" / "07_monte_carlo.toml"
    text = re.sub(r"samples = \d+", "samples = 2", study.read_text(encoding="utf-8"))
    study.write_text(re.sub(r'duration = "\d+n"', 'duration = "4n"', text), encoding="utf-8")
    for name, long, short in (
        ("11_and_gate", '"1u"', '"300n"'),
        ("12_optimize", 'min = "6.5m", max = "11m"', "min = 0.0"),
    ):
        file = place / "examples" / f"{name}.toml"
        text = file.read_text(encoding="utf-8")
        assert long in text
        text = re.sub(r"(start|trials|looks) = \d+", r"\1 = 2", text.replace(long, short))
        file.write_text(re.sub(r"(finalists|confirm) = \d+", r"\1 = 1", text))
    (place / "bin").mkdir()
    script = place / "bin" / "spinspice"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m spinspice "$@"\n')
    script.chmod(0o755)
    return place


@pytest.mark.engine("auto")
@pytest.mark.parametrize(
    "line",
    [
        pytest.param(line, marks=pytest.mark.slow) if any(word in line for word in LONG) else line
        for line in commands(README)
    ],
)
def test_commands_run_as_printed(clone, line):
    """Each in a shell, in a folder like a fresh clone; with the words of :data:`SHORT`."""
    from spinspice.cmos import get_technology
    from spinspice.errors import UsageError

    if "sky130" in line:
        try:
            get_technology("sky130")
        except UsageError as reason:
            pytest.skip(str(reason))
    more = next((words for start, words in SHORT.items() if line.startswith(f"spinspice {start}")), "")
    environment = os.environ | {"PATH": f"{clone / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["sh", "-c", f"{line} {more}"], cwd=clone, env=environment, capture_output=True, text=True, timeout=280
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, f"{line} {more}\n{done.stderr[-1500:]}"
    assert done.stdout
    for name in re.findall(r"--(?:out|plot|report) (\S+)", line):
        assert (clone / name).exists(), name


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_commands_of_the_documents_can_be_given(page):
    """Commands, options, figures and example files of every page exist (their synopses, with brackets, left out)."""
    import click

    from spinspice.cli import spinspice
    from spinspice.reproduce import FIGURES

    for line in commands(page.read_text(encoding="utf-8")):
        if re.search(r"[\[\]|]|\.\.\.|CELL|NAME", line):
            continue
        _, name, *words = shlex.split(line)
        command = spinspice.get_command(click.Context(spinspice), name)
        assert command is not None, line
        known = options_of(command, words)
        assert {word.split("=")[0] for word in words if word.startswith("--")} <= known, line
        if name == "reproduce":
            assert "--list" in words or words[0] in FIGURES, line
        for word in words:
            assert not word.startswith("examples/") or (ROOT / word).exists(), line


def test_the_readme_says_how_to_get_the_command():
    assert ". .venv/bin/activate" in README
    assert ".venv/bin/activate" in (ROOT / "scripts" / "setup.sh").read_text(encoding="utf-8").replace("$VENV", ".venv")
