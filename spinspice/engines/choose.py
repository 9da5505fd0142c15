"""Which engines there are, and which of them a name or a capability means."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, cast

from spinspice.engines.base import CAPABILITIES, MODELS, Engine, EngineInfo, Model
from spinspice.errors import EngineNotFound, UsageError, check_is, did_you_mean
from spinspice.plugins import taken

#: Name of an engine -> where its class is; imported when it is asked for, since some need large packages.
_ENGINES = {
    "ngspice": ("spinspice.engines.ngspice_shared", "NgspiceShared"),
    "ngspice-process": ("spinspice.engines.ngspice_process", "NgspiceProcess"),
    "vacask": ("spinspice.engines.vacask", "Vacask"),
}
#: Names of spinspice's own that :func:`get_engine` takes; all: :func:`engine_names`.
ENGINES = ("auto", *_ENGINES)
#: Order in which ``auto`` tries.
AUTOMATIC: tuple[tuple[str, Model], ...] = (
    ("ngspice", "verilog-a"),
    ("vacask", "verilog-a"),
    ("ngspice", "b-source"),
)


def engine_names() -> tuple[str, ...]:
    """Return all names that :func:`get_engine` takes: those of spinspice, then those of installed packages."""
    return (*ENGINES, *_added())


def _added() -> dict[str, type[Engine]]:
    return taken("spinspice.engines", dict.fromkeys(ENGINES), _checked)


def _checked(name: str, loaded: Any) -> type[Engine]:
    if not (isinstance(loaded, type) and issubclass(loaded, Engine)) or loaded.name != name:
        raise TypeError("an engine is a subclass of spinspice.engines.Engine whose name is that of its entry point")
    if missing := sorted(loaded.__abstractmethods__):
        raise TypeError(f"the engine lacks {', '.join(missing)}")
    unknown = loaded.capabilities - set(CAPABILITIES)
    if unknown:
        raise ValueError(f"no capability {min(unknown)!r}. {did_you_mean(min(unknown), CAPABILITIES)}")
    return loaded


def engine_class(name: str) -> type[Engine]:
    """Return the class of an engine.

    Raises
    ------
    UsageError
        For an unknown name.
    """
    if name in _ENGINES:
        module, class_name = _ENGINES[name]
        return cast(type[Engine], getattr(importlib.import_module(module), class_name))
    added = _added()
    if name not in added:
        raise UsageError(f"no engine {name!r}. {did_you_mean(name, engine_names())}")
    return added[name]


def engines_with(*capabilities: str) -> tuple[str, ...]:
    """Return the names of the engines that offer all of these capabilities, installed or not."""
    return tuple(name for name in engine_names()[1:] if set(capabilities) <= engine_class(name).capabilities)


def engine_with(*capabilities: str, model: Model = "verilog-a") -> Engine:
    """Return the first engine that offers these capabilities and is installed.

    Raises
    ------
    EngineNotFound
        If there is none; with the reasons.
    """
    reasons = []
    for name in engines_with(*capabilities):
        try:
            return _installed(name, model)
        except EngineNotFound as reason:
            reasons.append(f"  {name}: {reason}")
    raise EngineNotFound(f"no simulator here offers {' and '.join(capabilities)}.\n" + "\n".join(reasons))


def require_capability(engine: Engine, capability: str, what: str) -> None:
    """Refuse an engine without a capability, in a message that begins with ``what`` needs it.

    Raises
    ------
    UsageError
        Naming the engines that offer it.
    """
    if capability not in engine.capabilities:
        others = " or ".join(f"engine={name!r}" for name in engines_with(capability))
        raise UsageError(f"{what} needs {capability}, which {engine.name} does not offer. Use {others}.")


def find_engine(name: str) -> EngineInfo | None:
    """Return what was found of an engine on this machine, or None."""
    return engine_class(name).find()


def get_engine(name: str | Engine = "auto", model: str | None = None, first: Sequence[str] = ()) -> Engine:
    """Return an engine that is installed and can run the compact models in the realisation asked for.

    Parameters
    ----------
    name : str
        ``"ngspice"`` (libngspice in a worker process; where only the program is installed, ``ngspice -b``),
        ``"ngspice-process"`` (``ngspice -b``), ``"vacask"``, or ``"auto"``: ngspice with compiled Verilog-A models,
        else VACASK, else ngspice with B-source models (``first`` before these). An engine is returned as it is.
        ``"ngspice/b-source"`` names engine and realisation.
    model : {"verilog-a", "b-source"}, optional
        Realisation of the compact models. Default: Verilog-A; with ``"auto"``, what the machine can run.
    first : sequence of str
        Engines that ``"auto"`` tries before all others, with Verilog-A: those that suit the work best.

    Raises
    ------
    UsageError
        For an unknown engine or model.
    EngineNotFound
        If it is not installed or cannot run this model; says the one command that adds what is missing.
    """
    if isinstance(name, Engine):
        return name
    check_is(name, str, "engine", "'ngspice', 'vacask' or 'auto'")
    name, _, realisation = name.partition("/")
    if realisation and model not in (None, realisation):
        raise UsageError(f"engine {name}/{realisation} and model {model} are two realisations. Give one.")
    model = realisation or model
    if name not in ENGINES and name not in _added():
        raise UsageError(f"no engine {name!r}. {did_you_mean(name, engine_names())}")
    if model is not None and model not in MODELS:
        raise UsageError(f"no model {model!r}. {did_you_mean(model, MODELS)}")
    if name == "auto":
        return _automatic(model, first)
    return _installed(name, model or "verilog-a")


def _installed(name: str, model: Model) -> Engine:
    """Return an engine that can run, or raise :class:`EngineNotFound`."""
    engine = engine_class(name)(model)
    if engine.stand_in is not None and engine.find() is None and find_engine(engine.stand_in) is not None:
        engine = engine_class(engine.stand_in)(model)
    engine.require()
    return engine


def _automatic(model: Model | None, first: Sequence[str]) -> Engine:
    """Return the first engine that is there, of ``first`` and then of :data:`AUTOMATIC`."""
    reasons: list[str] = []
    preferred: list[tuple[str, Model]] = [(name, "verilog-a") for name in first]
    for name, realisation in (*preferred, *AUTOMATIC):
        if model not in (None, realisation):
            continue
        try:
            return _installed(name, realisation)
        except EngineNotFound as reason:
            reasons.append(f"  {name} with {realisation}: {reason}")
    raise EngineNotFound("no simulator can run this here.\n" + "\n".join(dict.fromkeys(reasons)))
