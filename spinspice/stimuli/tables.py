"""Waveforms from tables of a TOML file: ``{kind = "pulse", low = 0, high = "1.2", rise = "20p", ...}``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from spinspice.errors import UsageError, did_you_mean
from spinspice.stimuli.base import Waveform
from spinspice.stimuli.measured import Measured
from spinspice.stimuli.trains import BitStream, PulseTrain, Staircase
from spinspice.stimuli.waves import Constant, Pulse, Pwl, Ramp, Sine
from spinspice.units import parse_number

#: Kinds of waveform by the name that tables give them.
KINDS: Mapping[str, type[Waveform]] = {
    "constant": Constant,
    "pulse": Pulse,
    "sine": Sine,
    "pwl": Pwl,
    "ramp": Ramp,
    "pulse-train": PulseTrain,
    "staircase": Staircase,
    "bits": BitStream,
    "measured": Measured,
}
_FILE_KEYS = ("path", "time", "level", "time_scale", "scale", "shift", "skip")


def from_table(table: Mapping[str, Any], where: str = "waveform") -> Waveform:
    """Return the waveform that a table describes; numbers may be SPICE text such as ``"20p"``.

    A ``measured`` one is read from ``path``, with the arguments of :meth:`Measured.from_csv`.

    Raises
    ------
    UsageError
        For a kind or key that is not known, or a key that is missing, naming ``where``.
    """
    values = dict(table)
    kind = values.pop("kind", None)
    if kind not in KINDS:
        raise UsageError(f"{where}: kind = {kind!r} is no waveform. {did_you_mean(str(kind), KINDS)}")
    cls = KINDS[kind]
    if cls is Measured:
        return Measured.from_csv(**_checked(values, _FILE_KEYS, ("path",), where))
    known = dataclasses.fields(cls)  # type: ignore[arg-type]
    needed = [f.name for f in known if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING]
    given = _checked(values, [field.name for field in known], needed, where)
    make: Callable[..., Waveform] = cls
    return make(**{name: _value(name, value, where) for name, value in given.items()})


def _checked(values: dict[str, Any], known: Any, needed: Any, where: str) -> dict[str, Any]:
    for name in values:
        if name not in known:
            raise UsageError(f"{where} has no key {name!r}. {did_you_mean(name, known)}")
    missing = [name for name in needed if name not in values]
    if missing:
        raise UsageError(f"{where} lacks {', '.join(missing)}. Known: {', '.join(known)}.")
    return values


def _value(name: str, value: Any, where: str) -> Any:
    if isinstance(value, bool) or name == "bits":
        return value
    if isinstance(value, list | tuple):
        return [parse_number(item, f"{where}: {name}") for item in value]
    return parse_number(value, f"{where}: {name}")
