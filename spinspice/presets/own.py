"""Junctions of one's own as files: TOML with the model, its parameters, and where each value comes from.

    model = "mtj_telegraph"
    title = "free layer of wafer 7"

    [parameters]
    R_P = 5.2e3
    delta = "13.1"

Wherever a preset is named, a path that ends in .toml is taken too. ``spinspice fit`` writes such files.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from spinspice.devices.registry import find_model
from spinspice.errors import ParameterError, UsageError, did_you_mean, shown
from spinspice.files import complete_file, mark
from spinspice.presets.base import Preset
from spinspice.toml import read_toml
from spinspice.units import format_number, number

SUFFIX = ".toml"
#: What is said of a parameter that a file leaves out.
LEFT_OUT = "default of the model: the file does not give it"
_SEE = "docs/own_data.md"
#: Key -> kind of value; ``covariance`` holds rows of numbers and is for readers of the file.
_TEXTS = ("name", "title", "source", "model")
_TABLES = ("parameters", "stderr", "published", "chosen", "cell")
_OTHERS = ("notes", "fitted", "covariance")


def is_file_name(name: str) -> bool:
    """Whether the name of a preset is that of a file."""
    return name.lower().endswith(SUFFIX)


def read_preset(path: str | os.PathLike[str]) -> Preset:
    """Return the junction of a preset file; its name is the path as given, so that a command can be repeated.

    Raises
    ------
    UsageError
        For a file that cannot be read, keys and parameters that do not exist, values that are none.
    """
    table = read_toml(path, "preset file", _SEE)
    where = f"preset file {path}"
    known = (*_TEXTS, *_TABLES, *_OTHERS)
    for key in table:
        if key not in known:
            raise UsageError(f"{where}: no key {shown(key)}. {did_you_mean(key, known)} See {_SEE}.")
    texts = {key: _text(table.get(key, ""), f"{where}: {key}") for key in _TEXTS}
    tables = {key: _table(table.get(key, {}), f"{where}: [{key}]") for key in _TABLES}
    if not texts["model"] or not tables["parameters"]:
        raise UsageError(
            f'{where}: needs model = "mtj_telegraph" (or another compact model) and [parameters]. See {_SEE}.'
        )
    kind = find_model(texts["model"])
    settable = [field.name for field in dataclasses.fields(kind)]
    values = {}
    for name, value in tables["parameters"].items():
        if name not in settable:
            raise UsageError(
                f"{where}: [parameters] {name} is no parameter of {kind.__name__}. {did_you_mean(name, settable)}"
            )
        values[name] = number(value, f"{where}: [parameters] {name}")
    try:
        device = kind(**values)
    except ParameterError as reason:
        raise UsageError(f"{where}: {reason}") from None
    published = _reasons(tables["published"], settable, f"{where}: [published]")
    chosen = _reasons(tables["chosen"], settable, f"{where}: [chosen]")
    for name in settable:
        if name not in published and name not in chosen:
            chosen[name] = "given in the file" if name in values else LEFT_OUT
    cell = {key: number(value, f"{where}: [cell] {key}") for key, value in tables["cell"].items()}
    return Preset(
        name=str(path),
        title=texts["title"] or f"junction of {Path(path).name}",
        device=device,
        source=texts["source"] or f"the file {Path(path).name}",
        published=published,
        chosen=chosen,
        cell={"vdd": 0.8} | cell,
        notes=_notes(table.get("notes", []), f"{where}: notes"),
    )


def write_preset(
    path: str | os.PathLike[str],
    preset: Preset,
    *,
    stderr: Mapping[str, float] | None = None,
    covariance: tuple[tuple[str, ...], Any] | None = None,
) -> Path:
    """Write a junction as a preset file that :func:`read_preset` gives back bit for bit.

    Parameters
    ----------
    path : path
        Its suffix must be .toml.
    preset : Preset
    stderr : mapping of str to float, optional
        Standard errors [SI] of fitted parameters, for the reader.
    covariance : names and array, optional
        Covariance of the fitted parameters [products of SI units], shape (n, n).

    Raises
    ------
    UsageError
        For another suffix.
    ResultError
        If it cannot be written, or would replace a file that is not spinspice's.
    """
    path = Path(path)
    if not is_file_name(path.name):
        raise UsageError(f"cannot write the preset {path}: its suffix must be {SUFFIX}.")
    lines = [
        f"# {mark()}",
        f"name = {_quoted(Path(preset.name).stem)}",
        f"title = {_quoted(preset.title)}",
        f"source = {_quoted(preset.source)}",
        f"model = {_quoted(preset.device.model)}",
        f"notes = [{', '.join(map(_quoted, preset.notes))}]",
    ]
    if covariance is not None:
        names, matrix = covariance
        lines.append(f"fitted = [{', '.join(map(_quoted, names))}]")
        rows = ["[" + ", ".join(format_number(value) for value in row) + "]" for row in matrix]
        lines.append(f"covariance = [{', '.join(rows)}]")
    tables: dict[str, Mapping[str, Any]] = {
        "parameters": preset.device.parameters(),
        "stderr": stderr or {},
        "published": preset.published,
        "chosen": preset.chosen,
        "cell": preset.cell,
    }
    for name, table in tables.items():
        if table:
            lines += ["", f"[{name}]"]
            lines += [f"{k} = {_quoted(v) if isinstance(v, str) else format_number(v)}" for k, v in table.items()]
    with complete_file(path) as place:
        place.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{where} = {shown(value)} is no text.")
    return value


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise UsageError(f"{where} is {shown(value)}, not a table.")
    return dict(value)


def _reasons(table: Mapping[str, Any], settable: list[str], where: str) -> dict[str, str]:
    for name in table:
        if name not in settable:
            raise UsageError(f"{where} {name} is no parameter. {did_you_mean(name, settable)}")
    return {name: _text(value, f"{where} {name}") for name, value in table.items()}


def _notes(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UsageError(f"{where} = {shown(value)} is no list of texts.")
    return tuple(_text(entry, where) for entry in value)
