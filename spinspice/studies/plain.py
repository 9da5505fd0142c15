"""Results as plain data for JSON, and back."""

from __future__ import annotations

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from spinspice.errors import ResultError
from spinspice.results import JOIN
from spinspice.results import to_plain as to_plain


def from_plain(kind: Any, data: Any) -> Any:
    """Return a value of a type, most often a dataclass, from what :func:`to_plain` made of it.

    None becomes NaN where a number is asked for. What is not a field, such as a command line, is left out.

    Raises
    ------
    ResultError
        If a field is missing.
    """
    if dataclasses.is_dataclass(kind):
        return _dataclass(kind, data)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else from_plain(next(part for part in inner if part is not types.NoneType), data)
    if kind is float:
        return math.nan if data is None else float(data)
    if origin is tuple:
        kinds = [inner[0]] * len(data) if len(inner) == 2 and inner[1] is Ellipsis else inner
        return tuple(from_plain(part, item) for part, item in zip(kinds, data, strict=True))
    if origin in (list, Sequence):
        return [from_plain(inner[0], item) for item in data]
    if origin in (dict, Mapping):
        pairs = typing.get_origin(inner[0]) is tuple
        return {tuple(key.split(JOIN)) if pairs else key: from_plain(inner[1], item) for key, item in data.items()}
    return np.asarray(data, dtype=float) if origin is np.ndarray else data


@functools.cache
def _types(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _dataclass(kind: Any, data: Mapping[str, Any]) -> Any:
    known = _types(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    required = [
        f.name for f in dataclasses.fields(kind) if f.init and f.default is f.default_factory is dataclasses.MISSING
    ]
    missing = [name for name in required if name not in data]
    if missing:
        raise ResultError(f"no {missing[0]} in what should be a {kind.__name__}. Store the result anew.")
    return kind(**{name: from_plain(known[name], data[name]) for name in names if name in data})
