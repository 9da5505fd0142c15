"""How simulators are told a waveform: SPICE's positional arguments, or the named ones of Spectre and VACASK.

Numbers are written so that they read back as the same double. Arguments may be text as well, such as ``{c2-c1}``: what
a circuit leaves as parameters.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

from spinspice.errors import UsageError, did_you_mean
from spinspice.units import format_number

#: Dialects that take SPICE's own form, and those that name the arguments: waveform -> (type, names in SPICE's order).
_SPICE = ("ngspice", "hspice", "ltspice", "xyce")
_EXP = ("val0", "val1")
_NAMED: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "spectre": {
        "pulse": ("pulse", ("val0", "val1", "delay", "rise", "fall", "width", "period")),
        "sin": ("sine", ("sinedc", "ampl", "freq", "delay", "damp", "sinephase")),
        "exp": ("exp", (*_EXP, "td1", "tau1", "td2", "tau2")),
    },
    "vacask": {
        "pulse": ("pulse", ("val0", "val1", "delay", "rise", "fall", "width", "period")),
        "sin": ("sine", ("sinedc", "ampl", "freq", "delay", "theta", "tdphase")),
        "exp": ("exp", (*_EXP, "delay", "tau1", "td2", "tau2")),
    },
}
#: Type in quotation marks, and between the numbers of a list.
_QUOTE = {"spectre": "", "vacask": '"'}
_COMMA = {"spectre": " ", "vacask": ", "}
#: Dialects that :meth:`spinspice.stimuli.Waveform.text` knows.
DIALECTS = (*_SPICE, *_NAMED)

Argument = float | str


def spice(kind: str, arguments: Iterable[Argument]) -> str:
    """Return a waveform as SPICE has it: ``spice("pwl", [0, "{low}", 1e-9, 1.2])`` is ``PWL(0.0 {low} 1e-09 1.2)``."""
    return f"{kind.upper()}({' '.join(map(_written, arguments))})"


def source_names(dialect: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Return the names of a waveform (pulse, sin, exp) and of its arguments, in SPICE's order, in spectre or vacask.

    Both count the fall of ``exp`` from its rise, SPICE from time 0: the caller subtracts.
    """
    return _NAMED[dialect][kind]


def words(dialect: str, kind: str, arguments: Sequence[Argument]) -> list[str]:
    """Return what stands behind the nodes of a source.

    Parameters
    ----------
    dialect : str
        One of :data:`DIALECTS`.
    kind : {"dc", "pulse", "sin", "exp", "pwl"}
    arguments : sequence of float or str
        As SPICE orders them; the fifth of ``exp`` counted from the rise where the dialect counts so.

    Raises
    ------
    UsageError
        For a dialect that is not known.
    """
    if dialect not in DIALECTS:
        raise UsageError(f"no waveform can be written for {dialect!r}. {did_you_mean(dialect, DIALECTS)}")
    written = [_written(argument) for argument in arguments]
    if kind == "dc":
        return [f"dc={written[0]}" if dialect in _NAMED else written[0]]
    if dialect in _SPICE:
        return [spice(kind, written)]
    quote = _QUOTE[dialect]
    if kind == "pwl":
        return [f"type={quote}pwl{quote}", f"wave=[{_COMMA[dialect].join(written)}]"]
    name, names = _NAMED[dialect][kind]
    return [f"type={quote}{name}{quote}", *(f"{n}={value}" for n, value in zip(names, written, strict=False))]


def corners(times: Iterable[Argument], values: Iterable[Argument]) -> list[Argument]:
    """Return the arguments of a PWL: time and value in turn."""
    return list(itertools.chain.from_iterable(zip(times, values, strict=True)))


def _written(argument: Argument) -> str:
    return argument if isinstance(argument, str) else format_number(argument)
