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
from spinspice.surrogate.moments import Moments
from spinspice.surrogate.neuron import Neuron
from spinspice.surrogate.ramps import Tables
from spinspice.surrogate.stage import Stage

#: What a file says that it is, and the largest that is read [bytes].
FORMAT, MOST_BYTES = "spinspice surrogate 1", 50_000_000
SUFFIXES = (".json", ".npz")
_SEE = "See docs/surrogate.md."
_TABLES = tuple(field.name for field in dataclasses.fields(Tables))
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
    tables = {name: getattr(surrogate.tables, name) for name in _TABLES}
    data = {
        "format": FORMAT, "written": mark(), "cell": surrogate.cell, "technology": surrogate.technology,
        "rails": list(surrogate.rails), "device": surrogate.device.parameters(),
        "stage": dataclasses.asdict(surrogate.stage), "moments": _plain(surrogate.moments), "tilt": surrogate.tilt,
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
    for name in _TABLES:
        if name not in tables:
            raise UsageError(f"{place}: the surrogate has no table {name}. {did_you_mean(name, tables)}")
    try:
        arrays = {name: np.array(tables[name], dtype=float) for name in _TABLES}
        stage = Stage(**{name: float(value) for name, value in data["stage"].items()})
        device = Macrospin(**data["device"])
        low, high = (float(x) for x in data["rails"])
        _check(place, arrays, stage)
        return kind(
            cell=str(data["cell"]), technology=str(data["technology"]), rails=(low, high), device=device,
            tables=Tables(**arrays), stage=stage, tilt=float(data["tilt"]),
            provenance=MappingProxyType(dict(data["provenance"])), known_moments=_moments(data["moments"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as reason:
        if isinstance(reason, SpinspiceError):
            raise UsageError(f"{place}: {reason}") from None
        raise UsageError(f"{place} is no surrogate: {type(reason).__name__} {reason}. {_SEE}") from None


def _check(place: Path, arrays: dict[str, Any], stage: Stage) -> None:
    """Refuse tables of the wrong shape, with holes, or on uneven grids, and a stage that is none."""
    n, k, count = (arrays[name].size for name in ("v", "c", "level"))
    shapes = dict.fromkeys(("inner", "conductance", "power"), (n, k)) | {"v": (n,), "c": (k,)}
    shapes |= dict.fromkeys(("level", "output", "resistance"), (count,))
    for name, shape in shapes.items():
        if arrays[name].shape != shape or min(shape) < 2:
            raise UsageError(f"{place}: the table {name} has the shape {arrays[name].shape}, not {shape}. {_SEE}")
        if not np.isfinite(arrays[name]).all():
            raise UsageError(f"{place}: the table {name} holds a value that is not finite. {_SEE}")
    for name in ("v", "c", "level"):
        steps = np.diff(arrays[name])
        if not (steps > 0.0).all() or not np.allclose(steps, steps.mean(), rtol=1e-6):
            raise UsageError(f"{place}: {name} does not rise in even steps. {_SEE}")
    ordered = stage.low < stage.high and stage.floor < stage.ceiling and stage.bottom < stage.top
    if not ordered or not (arrays["conductance"] > 0.0).all() or not stage.capacitance > 0.0:
        raise UsageError(
            f"{place}: conductances and capacitance are positive, low < high, floor < ceiling, bottom < top. {_SEE}"
        )
    times = (stage.tau_inner, stage.tau_out, stage.tau_bottom, stage.tau_top, stage.tau_loop, stage.up, stage.down)
    if not all(math.isfinite(value) and value >= 0.0 for value in times):
        raise UsageError(f"{place}: the times of the stage are finite and not negative. {_SEE}")
