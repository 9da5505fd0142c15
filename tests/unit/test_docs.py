"""The documentation is true: the files, commands and options that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = ("spinspice/", "netlists/", "verilog_a/", "tests/", "examples/", "benchmarks/", "scripts/", "docs/")


def commands() -> dict[str, set[str]]:
    """Commands of the command line, with their options."""
    from spinspice.cli import spinspice
    from spinspice.studies import list_studies

    context = click.Context(spinspice)
    found = {}
    for name in spinspice.list_commands(context):
        command = spinspice.get_command(context, name)
        assert command is not None
        found[name] = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    studies = {flag for study in list_studies().values() for p in study.all_parameters().values() for flag in p.flags}
    for name in ("characterize", "energy"):  # their options are those of the study that is named
        found[name] |= {*studies, "--help"}
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`([\w./]+)`", page.read_text())
    missing = [name for name in named if name.startswith(FOLDERS) and "NAME" not in name and not (ROOT / name).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_hold(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_that_are_named_exist(page: Path) -> None:
    """Every ``spinspice COMMAND ... --option`` of a page, continuation lines included."""
    known = commands()
    wrong = []
    text = re.sub(r"\n {14,}", " ", page.read_text().replace("\\\n", " "))
    for line in re.findall(r"(?:^|[`\s/])spinspice ([a-z]+[^\n`]*)", text, re.MULTILINE):
        command = line.split()[0]
        if command not in known:
            # prose: "spinspice is ..."
            if f"`spinspice {command}" in text or re.search(rf"^\s*(\$ )?\S*spinspice {command}\b", text, re.MULTILINE):
                wrong.append(command)
            continue
        wrong += [
            f"{command} {option}" for option in re.findall(r"--[a-z][a-z-]*", line) if option not in known[command]
        ]
    assert wrong == []


def test_every_command_is_described_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    assert [name for name in commands() if f"    spinspice {name}" not in text] == []
