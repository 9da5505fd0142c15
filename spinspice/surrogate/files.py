"""Surrogates in files: JSON, which people read, or npz, which is smaller. The same numbers to the last bit."""

from __future__ import annotations

import dataclasses
import json
import math
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from spinspice.devices import Macrospin
from spinspice.errors import SpinspiceError, UsageError, did_you_mean
from spinspice.files import complete_file, mark
from spinspice.surrogate.branches import Branches, Pair
from spinspice.surrogate.moments import Moments
from spinspice.surrogate.neuron import Neuron
from spinspice.surrogate.ramps import Tables

#: What a file says that it is, and the largest that is read [bytes].
FORMAT, MOST_BYTES = "spinspice surrogate 2", 50_000_000
SUFFIXES = (".json", ".npz")
_SEE = "See docs/surrogate.md."
_TABLES = tuple(field.name for field in dataclasses.fields(Tables))
_PAIR = ("x", "y", "current", "charge")
Kind = TypeVar("Kind", bound=Neuron)


def save(surrogate: Any, path: str | os.PathLike[str]) -> None:
    """Write a surrogate.

    Raises
    ------
    UsageError
        For another suffix than .json or .npz.
    ResultError
        For a place that cannot be written.
    """
    kind = _suffix(path)
    law = surrogate.branches
    tables = {name: getattr(surrogate.tables, name) for name in _TABLES} | {"rest": law.rest}
    tables |= {f"pair{k}_{name}": getattr(pair, name) for k, pair in enumerate(law.pairs) for name in _PAIR}
    branches: dict[str, Any] = {"nodes": list(law.nodes), "pairs": [[pair.a, pair.b] for pair in law.pairs]}
    branches |= {"fixed": law.fixed, "sign": law.sign, "miss": law.miss if math.isfinite(law.miss) else None}
    data = {
        "format": FORMAT, "written": mark(), "cell": surrogate.cell, "technology": surrogate.technology,
        "rails": list(surrogate.rails), "device": surrogate.device.parameters(),
        "branches": branches, "moments": _plain(surrogate.moments), "tilt": surrogate.tilt, "shunt": surrogate.shunt,
        "pull": surrogate.pull,
        "provenance": dict(surrogate.provenance),
    }  # fmt: skip
    with complete_file(path) as place:
        if kind == ".json":
            lists = {"tables": {name: array.tolist() for name, array in tables.items()}}
            place.write_text(json.dumps({**data, **lists}), encoding="utf-8")
        else:
            with place.open("wb") as file:
                np.savez_compressed(file, allow_pickle=False, about=np.array(json.dumps(data)), **tables)
            with zipfile.ZipFile(place, "a") as archive:
                archive.comment = mark().encode()


def load(path: str | os.PathLike[str], kind: Callable[..., Kind]) -> Kind:
    """Read a surrogate of a class, `spinspice.surrogate.Surrogate`.

    Raises
    ------
    UsageError
        For a file that is not there, is none of spinspice's surrogates, or holds numbers that make none.
    """
    place = Path(path)
    try:
        if place.stat().st_size > MOST_BYTES:
            raise UsageError(f"{place} is larger than {MOST_BYTES} bytes, so it is no surrogate. {_SEE}")
        data, tables = _json(place) if _suffix(place) == ".json" else _npz(place)
    except OSError as reason:
        raise UsageError(
            f"cannot read the surrogate {place}: {reason.strerror or reason}. Give an existing file."
        ) from None
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as reason:
        if isinstance(reason, UsageError):
            raise
        raise UsageError(f"{place} is no surrogate: {reason}. {_SEE}") from None
    return _made(place, data, tables, kind)


def _plain(moments: Moments) -> dict[str, list[float | None]]:
    """Return moments as lists; what is unknown is null."""
    named = {field.name: getattr(moments, field.name) for field in dataclasses.fields(moments)}
    return {name: [float(x) if math.isfinite(x) else None for x in values] for name, values in named.items()}


def _moments(data: dict[str, Any]) -> Moments:
    """Return moments of lists of one length."""
    arrays = {
        name: np.array([math.nan if x is None else x for x in values], dtype=float) for name, values in data.items()
    }
    found = Moments(**arrays)
    if any(array.shape != found.v.shape or array.size < 4 for array in arrays.values()):
        raise ValueError("the moments are not lists of one length")
    if not (np.isfinite(found.mean) & np.isfinite(found.sigma)).all() or not (np.diff(found.v) > 0.0).all():
        raise ValueError("the moments hold no finite means at rising inputs")
    return found


def _suffix(path: str | os.PathLike[str]) -> str:
    kind = Path(path).suffix.lower()
    if kind not in SUFFIXES:
        raise UsageError(f"a surrogate's file ends in {' or '.join(SUFFIXES)}, not {kind!r} ({os.fspath(path)}).")
    return kind


def _json(place: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    data = json.loads(place.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"it does not say format = {FORMAT!r}")
    tables = data["tables"]
    if not isinstance(tables, dict):
        raise ValueError("tables is no object")
    return data, tables


def _npz(place: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(place, allow_pickle=False) as held:
        data = json.loads(str(held["about"]))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"it does not say format = {FORMAT!r}")
        return data, {name: held[name] for name in held.files if name != "about"}


def _made(place: Path, data: dict[str, Any], tables: dict[str, Any], kind: Callable[..., Kind]) -> Kind:
    try:
        about = data["branches"]
        places = [(int(a), int(b)) for a, b in about["pairs"]]
        wanted = (*_TABLES, "rest", *(f"pair{k}_{name}" for k in range(len(places)) for name in _PAIR))
        for name in wanted:
            if name not in tables:
                raise UsageError(f"the surrogate has no table {name}. {did_you_mean(name, tables)}")
        arrays = {name: np.array(tables[name], dtype=float) for name in wanted}
        nodes = tuple(str(name) for name in about["nodes"])
        _check(arrays, places, len(nodes))
        pairs = tuple(
            Pair(a=a, b=b, **{name: arrays[f"pair{k}_{name}"] for name in _PAIR}) for k, (a, b) in enumerate(places)
        )
        numbers = {name: float(about[name]) for name in ("fixed", "sign")}
        miss = math.nan if about["miss"] is None else float(about["miss"])
        if not math.isfinite(numbers["fixed"]) or abs(numbers["sign"]) != 1.0:
            raise UsageError(f"the junction's other side stands at a finite voltage, its sign is 1 or -1. {_SEE}")
        low, high = (float(x) for x in data["rails"])
        return kind(
            cell=str(data["cell"]), technology=str(data["technology"]), rails=(low, high),
            device=Macrospin(**data["device"]), tables=Tables(**{name: arrays[name] for name in _TABLES}),
            branches=Branches(nodes=nodes, pairs=pairs, rest=arrays["rest"], miss=miss, **numbers),
            tilt=float(data["tilt"]), shunt=float(data["shunt"]), pull=float(data["pull"]),
            provenance=MappingProxyType(dict(data["provenance"])), known_moments=_moments(data["moments"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as reason:
        if isinstance(reason, SpinspiceError):
            raise UsageError(f"{place}: {reason}") from None
        raise UsageError(f"{place} is no surrogate: {type(reason).__name__} {reason}. {_SEE}") from None


def _check(arrays: dict[str, Any], places: list[tuple[int, int]], nodes: int) -> None:
    """Refuse tables of the wrong shape, with holes, or on uneven grids, and nodes that nothing charges."""
    n, k, count = (arrays[name].size for name in ("v", "c", "level"))
    shapes = dict.fromkeys(("inner", "power"), (n, k)) | {"v": (n,), "c": (k,), "rest": (nodes, n, k)}
    shapes |= dict.fromkeys(("level", "output", "resistance"), (count,))
    axes = ["v", "c", "level"]
    for number, (a, b) in enumerate(places):
        if not 0 <= a < b <= nodes:
            raise UsageError(f"the pair {number} is of the places {a} and {b}; {nodes} nodes have 0 to {nodes}. {_SEE}")
        x, y = (f"pair{number}_{name}" for name in "xy")
        p, q = arrays[x].size, arrays[y].size
        shapes |= {x: (p,), y: (q,), f"pair{number}_current": (nodes, p, q), f"pair{number}_charge": (nodes, 2, p, q)}
        axes += [x, y]
    for name, shape in shapes.items():
        if arrays[name].shape != shape or min(shape) < (4 if name in axes[3:] else 1 if name == "rest" else 2):
            raise UsageError(f"the table {name} has the shape {arrays[name].shape}, not {shape}. {_SEE}")
        if not np.isfinite(arrays[name]).all():
            raise UsageError(f"the table {name} holds a value that is not finite. {_SEE}")
    for name in axes:
        steps = np.diff(arrays[name])
        if not (steps > 0.0).all() or not np.allclose(steps, steps.mean(), rtol=1e-6):
            raise UsageError(f"{name} does not rise in even steps. {_SEE}")
    for node in range(nodes):
        own = [
            arrays[f"pair{number}_charge"][node, side].max()
            for number, pair in enumerate(places) for side, by in enumerate(pair) if by == node + 1
        ]  # fmt: skip
        if not own or max(own) <= 0.0:
            raise UsageError(f"the node {node + 1} of {nodes} has no positive capacitance. {_SEE}")
