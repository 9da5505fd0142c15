"""What gives a result again: a command line or, where none can say it, Python; both from the arguments themselves.

A result keeps the arguments of the call that made it as plain data (:func:`replayable`, under ``call`` in its
provenance), and :func:`render` writes them: numbers as the shortest text that reads back as the same double, files with
their full paths, text quoted for a shell.
"""

from __future__ import annotations

import dataclasses
import functools
import inspect
import os
import shlex
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from spinspice.budget import wall_limit
from spinspice.cells import Cell, NeuronCell
from spinspice.cells.choose import is_cell_file
from spinspice.cmos import Technology, get_technology
from spinspice.devices.base import Device
from spinspice.devices.noise import SEED_LIMIT
from spinspice.engines import ENGINES, MODELS
from spinspice.errors import SpinspiceError, UsageError, did_you_mean
from spinspice.presets import Preset, list_presets
from spinspice.progress import reporting
from spinspice.units import number, whole_number

R = TypeVar("R")
#: Width of a printed command.
WIDTH = 100
#: Call -> words of the command line, arguments that stand there without an option, and where the function is. A call
#: that is not here is a study, which says the first two itself.
_CALLS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str, str]] = {
    "neuron": (("characterize",), ("cell",), "spinspice.characterize", "characterize"),
    "sweep": (("sweep",), ("study",), "spinspice.sweep", "run_study"),
    "reproduce": (("reproduce",), ("name",), "spinspice.reproduce", "run"),
}
#: Calls as they were named in results of version 0.1.0.
_FORMER = {"characterize": "neuron"}
#: Arguments that are whole numbers, and their widest range; functions narrow it.
_WHOLE = {
    "seed": (0, SEED_LIMIT - 1),
    **dict.fromkeys(("mismatch", "workers", "trials", "bits", "noise"), (-(2**63), 2**63)),
}
#: Arguments that are numbers, or text with a suffix.
_NUMBERS = ("vdd", "R_ref", "margin", "clock", "stim", "temperature")
#: Arguments that do not change a result.
_IDLE = ("workers", "progress", "max_wall", "timeout", "resume", "scheduler")


@dataclasses.dataclass(frozen=True)
class _Code:
    """An argument that only Python can say: an expression, the imports that it needs, and what to add by hand."""

    text: str
    imports: tuple[str, ...] = ()
    missing: str = ""

    def plain(self) -> dict[str, Any]:
        return {"python": self.text, "imports": list(self.imports), "missing": self.missing}


def replayable(name: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Make a function that returns a result keep how it was called in the result's provenance.

    It takes a further argument, ``max_wall``, the longest time that its runs may be expected to take [s]
    (:mod:`spinspice.budget`); its ``progress`` may be a flag too (:mod:`spinspice.progress`); and it answers an unknown
    argument with the closest known one.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        signature = inspect.signature(function)
        limit = inspect.Parameter("max_wall", inspect.Parameter.KEYWORD_ONLY, default=None, annotation="float | None")

        @functools.wraps(function)
        def wrapper(*positional: Any, max_wall: float | None = None, **named: Any) -> Any:
            bound = _bound(signature, function.__name__, positional, named)
            try:
                with wall_limit(max_wall), reporting(bound.arguments.get("progress"), _subject(bound, name)) as report:
                    if "progress" in bound.arguments:
                        bound.arguments["progress"] = report
                    result = function(*bound.args, **bound.kwargs)
            except KeyboardInterrupt as stopped:
                if getattr(stopped, "result", None) is not None:
                    stopped.result = with_call(stopped.result, name, bound.arguments)  # type: ignore[attr-defined]
                raise
            return with_call(result, name, bound.arguments)

        parameters = [*signature.parameters.values(), limit]
        wrapper.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return wrapper

    return decorate


def answering(function: Callable[..., R]) -> Callable[..., R]:
    """Make a function answer an unknown argument with the closest known one, and others that do not fit in words."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def wrapper(*positional: Any, **named: Any) -> R:
        bound = _bound(signature, function.__name__, positional, named)
        return function(*bound.args, **bound.kwargs)

    return wrapper


def _subject(bound: inspect.BoundArguments, name: str) -> str:
    """Return what a call is about, for the display of its progress: a cell or figure by name, else the call itself."""
    subject = next(
        (bound.arguments[key] for key in ("cell", "study", "name") if isinstance(bound.arguments.get(key), str)), name
    )
    return Path(subject).stem


def _bound(signature: inspect.Signature, name: str, positional: Any, named: Mapping[str, Any]) -> Any:
    """Bind arguments, and say what an unknown one might have been.

    Raises
    ------
    UsageError
    """
    for given in named:
        if given not in signature.parameters:
            known = dict.fromkeys([*signature.parameters, "max_wall"])
            raise UsageError(f"{name}() has no argument {given!r}. {did_you_mean(given, known)}")
    try:
        bound = signature.bind(*positional, **named)
    except TypeError as reason:
        raise UsageError(f"{name}(): {reason}. It takes {signature}.") from None
    bound.apply_defaults()
    for key, value in bound.arguments.items():
        if value is None:
            continue
        if key in _WHOLE:
            bound.arguments[key] = whole_number(value, key, *_WHOLE[key], f"argument of {name}()")
        elif key in _NUMBERS:
            bound.arguments[key] = number(value, key)
    return bound


def with_call(
    result: Any, name: str, arguments: Mapping[str, Any], words: Sequence[str] = (), placed: Sequence[str] = ()
) -> Any:
    """Return a result with its call in its provenance; ``words`` and ``placed`` as for :func:`call`."""
    engine = getattr(result, "engine", None) or result.provenance.get("engine")
    model = getattr(result, "settings", {}).get("model") or result.provenance.get("model")
    known = dict(arguments)
    if "engine" in known:
        known["engine"] = engine if engine in ENGINES else getattr(known["engine"], "name", known["engine"])
        known["model"] = model if model in MODELS else known["model"]
    made = call(name, known, words, placed)
    return dataclasses.replace(result, provenance={**result.provenance, "call": made})


def call(
    name: str, arguments: Mapping[str, Any], words: Sequence[str] = (), placed: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a call as plain data, ready for JSON.

    Parameters
    ----------
    name : str
        Of the study.
    arguments : mapping
        By parameter.
    words, placed : sequence of str
        Command of a study beside its options, default ``characterize NAME``, and arguments that stand in it without an
        option.
    """
    given = {key: value for key, value in arguments.items() if key not in _IDLE and value is not None}
    tables = {key: value for key, value in given.items() if isinstance(value, Mapping)}
    kept = {key: plain(key, value) for key, value in given.items() if key not in tables}
    made = {"name": name, "arguments": kept}
    made |= {
        key: {entry: plain(entry, value) for entry, value in table.items()} for key, table in tables.items() if table
    }
    return made | ({"words": list(words), "placed": list(placed)} if words else {})


def plain(name: str, value: Any) -> Any:
    """Return an argument as text, number or flag, or as the Python that makes it."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | os.PathLike):
        return _path(os.fspath(value))
    if hasattr(value, "path") and value.path:  # a cell file, a study file
        return str(value.path)
    if hasattr(value, "vin_text"):
        return value.vin_text
    if isinstance(value, list | tuple | np.ndarray):
        return ",".join(repr(float(number)) for number in np.ravel(value))
    if isinstance(value, Preset):
        return value.name if value in list_presets() else _Code("preset", missing="the preset that you made").plain()
    return _code(name, value).plain()


def _path(text: str) -> str:
    """Return the path of a file in full, a corner behind it left alone; other text as it is."""
    head, colon, tail = text.partition(".toml")
    return str(Path(head + colon).expanduser().absolute()) + tail if colon else text


def _code(name: str, value: Any) -> _Code:
    """Return the Python of an object."""
    if isinstance(value, Device):
        return device_code(value)
    if isinstance(value, NeuronCell):
        return _cell_code(value)
    if hasattr(value, "python"):
        return _Code(*value.python())
    is_cell = isinstance(value, Cell) or is_cell_file(value)
    what = f"the {value.kind} that you built" if is_cell else f"your {type(value).__name__}"
    source = getattr(value, "origin", {}).get("data")
    if source is not None:
        where = value.origin["folder"]
        text = f"Study.from_dict({source!r}, folder={where!r})"
        return _Code(text, ("from spinspice.sweep import Study",))
    return _Code(name, missing=what)


def _import(kind: type) -> tuple[tuple[str, ...], str]:
    """Return the import of a class, and what to say if it cannot be imported."""
    if kind.__module__ == "__main__" or "<locals>" in kind.__qualname__:
        return (), f"your class {kind.__name__}"
    module = "spinspice.devices" if kind.__module__.startswith("spinspice.devices") else kind.__module__
    module = "spinspice.cells" if kind.__module__.startswith("spinspice.cells") else module
    return (f"from {module} import {kind.__name__}",), ""


def device_code(device: Device) -> _Code:
    """Return the Python that makes a junction: its class, and what differs from its defaults."""
    given = {
        field.name: getattr(device, field.name)
        for field in dataclasses.fields(device)
        if getattr(device, field.name) != field.default
    }
    imports, missing = _import(type(device))
    return _Code(f"{type(device).__name__}({_arguments(given)})", imports, missing)


def _cell_code(cell: NeuronCell) -> _Code:
    """Return the Python that makes a neuron cell of its arguments."""
    given = dict(cell.arguments())
    device, technology = device_code(given.pop("device")), _technology_code(given.pop("technology"))
    sizing = given.pop("sizing")
    imports, missing = _import(type(cell))
    fields = {field.name: getattr(sizing, field.name) for field in dataclasses.fields(sizing)}
    own = {key: value for key, value in given.items() if value is not None}
    kind = type(cell).__name__
    sizes = f"{kind}.sizes({_arguments(fields)})"
    text = f"{kind}({device.text}, {technology.text}, sizing={sizes}, {_arguments(own)})"
    needed = (*imports, *device.imports, *technology.imports)
    return _Code(text, needed, ", ".join(filter(None, (missing, device.missing, technology.missing))))


def _technology_code(technology: Technology) -> _Code:
    name = f"{technology.name}:{technology.corner}"
    made = f'get_technology("{name}")'
    try:
        known = get_technology(name)
        if technology.mismatch is not None:
            known = known.with_mismatch(technology.mismatch)
            made += f".with_mismatch({technology.mismatch})"
    except SpinspiceError:
        known = None
    if known != technology:
        return _Code("technology", missing=f"your technology {technology.name}")
    return _Code(made, ("from spinspice.cmos import get_technology",))


def _arguments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={_literal(value)}" for name, value in values.items())


def _literal(value: Any) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)


def render(made: Mapping[str, Any] | None) -> str:
    """Return the command line that gives a result again or, where none can, Python that does.

    Parameters
    ----------
    made : mapping or None
        What :func:`call` returned; None, of a result that does not know, gives an empty text.
    """
    if not made:
        return ""
    arguments = made["arguments"]
    return _python(made) if any(isinstance(value, Mapping) for value in arguments.values()) else _command(made)


def _how(made: Mapping[str, Any]) -> tuple[Sequence[str], Sequence[str], str, str]:
    """Return words, arguments in places, module and function of a call."""
    name = _FORMER.get(made["name"], made["name"])
    if name in _CALLS:
        return _CALLS[name]
    return made.get("words") or ("characterize", name), made.get("placed") or (), "spinspice.studies", "run"


def _command(made: Mapping[str, Any]) -> str:
    words, placed, _, _ = _how(made)
    arguments = made["arguments"]
    parts = ["spinspice", *words, *(shlex.quote(arguments[name]) for name in placed if name in arguments)]
    for name, value in arguments.items():
        if name in placed or value is False:
            continue
        flag = f"--{name.replace('_', '-').lower()}"
        # With a sign of equality, since a value may begin with a minus.
        parts.append(flag if value is True else f"{flag}={shlex.quote(_text(value))}")
    for name, table in _tables(made).items():
        parts += [f"--{_TABLES.get(name, name)}={shlex.quote(f'{key}={_text(value)}')}" for key, value in table.items()]
    return fold(parts)


#: Options of tables, where they are not the name of the table.
_TABLES = {"parameters": "param"}


def _tables(made: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the tables of a call that hold anything: parameters of the netlist, of the junction, sizes."""
    return {name: value for name, value in made.items() if isinstance(value, Mapping) and value and name != "arguments"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def fold(words: list[str], width: int = WIDTH) -> str:
    """Return words of a shell on lines of at most ``width`` where they fit, joined by backslashes."""
    lines, indent = [words[0]], "    "
    for word in words[1:]:
        if len(lines[-1]) + len(word) + 3 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return " \\\n".join(lines)


def _python(made: Mapping[str, Any]) -> str:
    _, _, module, function = _how(made)
    imports, missing = {f"from {module} import {function}"}, []
    values = [repr(made["name"])] if function == "run" and module == "spinspice.studies" else []
    for name, value in made["arguments"].items():
        if isinstance(value, Mapping):
            imports |= set(value["imports"])
            missing += [f"# {name}: {value['missing']}, which you make first."] if value["missing"] else []
            values.append(f"{name}={value['python']}")
        else:
            values.append(f"{name}={value!r}")
    values += [f"{name}={dict(table)!r}" for name, table in _tables(made).items()]
    body = "".join(f"    {line},\n" for line in values)
    head = "# No command line can say this: an argument is an object. In Python:"
    lines = [head, *sorted(imports), *missing, "", f"result = {function}(\n{body})"]
    return "\n".join(lines)


def shown(made: Mapping[str, Any] | None) -> str:
    """Return :func:`render` under a heading, for the screen; empty where there is nothing to show."""
    text = render(made)
    return f"To get this again, bit for bit:\n{textwrap.indent(text, '    ')}" if text else ""
