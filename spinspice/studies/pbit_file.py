"""A network of p-bits in a TOML file: its energy, and the parameters of the study."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinspice.errors import UsageError, did_you_mean
from spinspice.networks.pbits import formats
from spinspice.networks.pbits.gates import gate
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.problems import factoriser
from spinspice.studies.pbits import PBitStudy
from spinspice.toml import read_toml

_SEE = "docs/pbits.md"
#: What makes an energy: one of these.
SOURCES = ("gate", "edges", "file", "factorise")
_TABLES = ("network", "run")
#: Parameters of the study as a network file calls them.
_CALLED = {"V0": "width", "v0": "middle"}


def read_network(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the arguments of the study ``pbits`` that a file holds.

    Raises
    ------
    UsageError
        With the file and the key, for what is missing, unknown, or given twice.
    """
    source = Path(path)
    tables = read_toml(source, "network file", _SEE)
    for name in tables:
        if name not in _TABLES:
            raise UsageError(
                f"{source}: no table [{name}] in a network file. {did_you_mean(name, _TABLES)} See {_SEE}."
            )
    network = _table(tables, "network", source)
    run = _table(tables, "run", source)
    ising = _energy(network, source)
    arguments = {key: value for key, value in network.items() if key not in (*SOURCES, "clamp")}
    twice = sorted(set(arguments) & set(run))
    if twice:
        raise UsageError(f"{source}: {twice[0]} stands in [network] and in [run]. Give it once.")
    arguments |= run
    arguments = {_CALLED.get(key, key): value for key, value in arguments.items()}
    known = PBitStudy.all_parameters()
    for key in arguments:
        if key not in known or key in ("ising", "gate"):
            allowed = [name for name in known if name not in ("ising", "gate")]
            raise UsageError(f"{source}: unknown key {key!r}. {did_you_mean(key, (*allowed, *SOURCES, 'clamp'))}")
    return {"ising": ising, **arguments}


def _table(tables: Mapping[str, Any], name: str, source: Path) -> dict[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise UsageError(f"{source}: {name} is no table. Write [{name}].")
    return table


def _energy(network: Mapping[str, Any], source: Path) -> Ising:
    given = [key for key in SOURCES if key in network]
    if len(given) != 1:
        what = " and ".join(given) or "nothing"
        raise UsageError(f"{source}: [network] says its energy by one of {', '.join(SOURCES)}; got {what}. See {_SEE}.")
    value = network[given[0]]
    if given[0] == "gate":
        ising = gate(_text(value, "gate", source))
    elif given[0] == "file":
        ising = formats.load(source.parent / _text(value, "file", source))
    elif given[0] == "edges":
        if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
            raise UsageError(f"{source}: edges is no list of texts. Write edges = ['a b 1', 'a -0.5'].")
        ising = formats.from_edges(value, f"{source}: edges")
    else:
        whole = isinstance(value, list) and len(value) == 3 and all(type(entry) is int for entry in value)
        if not whole:
            raise UsageError(f"{source}: factorise = {value!r}. Write [number, bits, bits], e.g. [6, 2, 2].")
        ising = factoriser(*value)
    clamp = network.get("clamp", {})
    if not isinstance(clamp, dict):
        raise UsageError(f"{source}: clamp = {clamp!r} is no table. Write clamp = {{c = 1}}.")
    return ising.clamped(clamp) if clamp else ising


def _text(value: Any, key: str, source: Path) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{source}: {key} = {value!r} is no text.")
    return value
