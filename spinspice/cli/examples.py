"""``spinspice examples``: the examples that come with the package, into a folder of the user's."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from spinspice.errors import UsageError
from spinspice.paths import EXAMPLES, data_dir

#: What a run of an example leaves behind.
_LEFT = shutil.ignore_patterns("__pycache__", "*.pyc", ".ipynb_checkpoints", "out")


@click.command()
@click.option(
    "--copy", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Folder to make, with all of them."
)
def examples(folder: Path | None) -> None:
    """List the examples and tutorials, or copy them: scripts, studies, netlists, data, notebooks."""
    source = data_dir(EXAMPLES)
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    shown = [path for path in files if not {"__pycache__", "out"} & set(path.parts)]
    if folder is None:
        for path in shown:
            click.echo(f"{path}  {_title(source / path)}".rstrip())
        click.echo("To get them all: spinspice examples --copy DIR")
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} exists and is not an empty folder: nothing is overwritten. Name another folder.")
    shutil.copytree(source, folder, ignore=_LEFT, dirs_exist_ok=True)
    click.echo(f"{len(shown)} files in {folder}. The first: python {folder}/01_your_own_junction.py")


def _title(path: Path) -> str:
    """Return the first line of a script's docstring or of a file's opening comment."""
    if path.suffix not in (".py", ".toml"):
        return ""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip().lstrip("#").strip().strip('"').strip()
        if text:
            return text
    return ""
