"""Engines: simulators that turn a testbench into waveforms."""

from __future__ import annotations

import importlib
from typing import cast

from spinspice.engines.base import DEFAULT_TIMEOUT, MODELS, Engine, EngineInfo, Model, Session
from spinspice.errors import EngineNotFound, UsageError, did_you_mean

#: Name of an engine -> where its class is; imported when it is asked for, since some need large packages.
_ENGINES = {
    "ngspice": ("spinspice.engines.ngspice_shared", "NgspiceShared"),
    "ngspice-process": ("spinspice.engines.ngspice_process", "NgspiceProcess"),
    "vacask": ("spinspice.engines.vacask", "Vacask"),
}
#: Names that :func:`get_engine` takes.
ENGINES = ("auto", *_ENGINES)
#: Order in which ``auto`` tries.
AUTOMATIC: tuple[tuple[str, Model], ...] = (
    ("ngspice", "verilog-a"),
    ("vacask", "verilog-a"),
    ("ngspice", "b-source"),
)


def engine_class(name: str) -> type[Engine]:
    """Return the class of an engine.

    Raises
    ------
    UsageError
        For an unknown name.
    """
    if name not in _ENGINES:
        raise UsageError(f"no engine {name!r}. {did_you_mean(name, ENGINES)}")
    module, class_name = _ENGINES[name]
    return cast(type[Engine], getattr(importlib.import_module(module), class_name))


def find_engine(name: str) -> EngineInfo | None:
    """Return what was found of an engine on this machine, or None."""
    return engine_class(name).find()


def get_engine(name: str | Engine = "auto", model: str | None = None) -> Engine:
    """Return an engine that is installed and can run the compact models in the realisation asked for.

    Parameters
    ----------
    name : str
        ``"ngspice"`` (libngspice in a worker process; where only the program is installed, ``ngspice -b``),
        ``"ngspice-process"`` (``ngspice -b``), ``"vacask"``, or ``"auto"``: ngspice with compiled Verilog-A models,
        else VACASK, else ngspice with B-source models. An engine is returned as it is.
    model : {"verilog-a", "b-source"}, optional
        Realisation of the compact models. Default: Verilog-A; with ``"auto"``, what the machine can run.

    Raises
    ------
    UsageError
        For an unknown engine or model.
    EngineNotFound
        If it is not installed or cannot run this model; says the one command that adds what is missing.
    """
    if isinstance(name, Engine):
        return name
    if name not in ENGINES:
        raise UsageError(f"no engine {name!r}. {did_you_mean(name, ENGINES)}")
    if model is not None and model not in MODELS:
        raise UsageError(f"no model {model!r}. {did_you_mean(model, MODELS)}")
    if name == "auto":
        return _automatic(model)
    return _installed(name, model or "verilog-a")


def _installed(name: str, model: Model) -> Engine:
    """Return an engine that can run, or raise :class:`EngineNotFound`."""
    engine = engine_class(name)(model)
    if name == "ngspice" and engine.find() is None and find_engine("ngspice-process") is not None:
        engine = engine_class("ngspice-process")(model)
    engine.require()
    return engine


def _automatic(model: Model | None) -> Engine:
    """Return the first engine of :data:`AUTOMATIC` that is there."""
    reasons: list[str] = []
    for name, realisation in AUTOMATIC:
        if model not in (None, realisation):
            continue
        try:
            return _installed(name, realisation)
        except EngineNotFound as reason:
            reasons.append(f"  {name} with {realisation}: {reason}")
    raise EngineNotFound("no simulator can run this here.\n" + "\n".join(dict.fromkeys(reasons)))


__all__ = [
    "AUTOMATIC",
    "DEFAULT_TIMEOUT",
    "ENGINES",
    "MODELS",
    "Engine",
    "EngineInfo",
    "Model",
    "Session",
    "engine_class",
    "find_engine",
    "get_engine",
]
