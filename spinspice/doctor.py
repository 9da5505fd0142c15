"""What this machine can run: simulators, compiler, versions, and the one command that adds what is missing."""

from __future__ import annotations

import platform
from typing import Any

import spinspice
from spinspice.devices import models
from spinspice.engines import (
    ENGINES,
    MODELS,
    Engine,
    engine_class,
    engine_names,
    find_engine,
    get_engine,
    osdi,
    verilator,
)
from spinspice.engines.one_thread import one_thread
from spinspice.errors import EngineError, SpinspiceError
from spinspice.plugins import guarded
from spinspice.testbench import Testbench


def examine() -> dict[str, Any]:
    """Look for engines and compiler and try each of them out (a second or two; the first time, models are compiled).

    Returns
    -------
    dict
        ``spinspice``, ``python``, ``machine``; ``compiler`` with ``found``, ``version``, ``path``, ``missing`` (what
        it lacks and the command that adds it, or None); ``verilator``, the same for digital blocks; ``engines``, for
        each ``name``, ``found``, ``version``, ``path``, ``models`` (the realisations that ran), ``missing`` (why, for
        each of the others), ``threads`` (of ngspice: whether OpenMP was replaced, and if not, why); ``auto``, the
        engine and model that ``engine="auto"`` takes, or None; ``cache``, the folder of compiled models.
    """
    auto: dict[str, str] | None
    try:
        chosen = get_engine("auto")
        auto = {"engine": chosen.name, "model": chosen.model}
    except EngineError:
        auto = None
    return {
        "spinspice": spinspice.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "compiler": _examine_compiler(),
        "verilator": _examine_verilator(),
        "engines": [_examine_engine(name) for name in engine_names()[1:]],
        "auto": auto,
        "cache": str(osdi.cache_dir()),
    }


def _examine_compiler() -> dict[str, Any]:
    """Find the compiler, and compile the project's own models with it."""
    missing = None
    compiler = osdi.find_compiler()
    try:
        osdi.require_compiler()
        osdi.compile_models(name for name, kind in models().items() if kind.folder is None)
    except EngineError as reason:
        missing = str(reason)
    return {
        "found": compiler is not None,
        "version": compiler.version if compiler else None,
        "path": str(compiler.path) if compiler else None,
        "missing": missing,
    }


def _examine_verilator() -> dict[str, Any]:
    """Find Verilator and a C++ compiler; digital blocks are optional, so nothing is compiled."""
    try:
        tools = verilator.require_verilator()
    except EngineError as reason:
        return {"found": False, "version": None, "path": None, "missing": str(reason)}
    return {"found": True, "version": tools.version, "path": tools.path, "missing": None}


def _examine_engine(name: str) -> dict[str, Any]:
    """Find an engine, and run each realisation of the compact models that it offers."""
    info = None
    missing: dict[str, str] = {}
    for model in MODELS:
        try:
            info = find_engine(name)
            _try(engine_class(name)(model))
        except SpinspiceError as reason:
            missing[model] = str(reason)
        except Exception as reason:
            if name in ENGINES:
                raise
            missing[model] = f"the engine of another package fails: {type(reason).__name__}: {reason}"
    return {
        "name": name,
        "found": info is not None,
        "version": info.version if info else None,
        "path": info.path if info else None,
        "models": [model for model in MODELS if model not in missing],
        "missing": missing,
        "threads": one_thread(info.path).reason if info and name.startswith("ngspice") else None,
    }


def _trials(realisation: str) -> dict[str, tuple[str, float, str]]:
    """Return a run for each compact model of a realisation: circuit, duration [s], signal that shows that it moves."""
    trials = {}
    for name, kind in models().items():
        if kind.trial is not None and realisation in kind.realisations:
            nodes = ["a", *["0"] * (len(kind.terminals) - 1), *kind.state_ports()]
            circuit = f"V1 a 0 {kind.trial.bias:g}\nX1 {' '.join(nodes)} {name} seed=1\n"
            trials[name] = circuit, kind.trial.duration, f"v({kind.trial.moves})"
    return trials


def _try(engine: Engine) -> None:
    """Run each compact model for some steps and see that it moves."""
    engine.require()
    for module, trial in _trials(engine.model).items():
        kind = models().get(module)
        if kind is None or kind.folder is None:
            _run_trial(engine, module, *trial)
            continue
        with guarded("spinspice.devices", module, kind.__module__.partition(".")[0]):  # says nothing of the engine
            _run_trial(engine, module, *trial)


def _run_trial(engine: Engine, module: str, circuit: str, stop: float, signal: str) -> None:
    """Run a compact model for some steps.

    Raises
    ------
    EngineError
        If the run fails or the state stands still.
    """
    bench = Testbench(circuit=circuit, stop=stop, step=stop / 100, save=(signal,), title=f"doctor: {module}")
    waves = engine.run(bench, timeout=60.0)
    if float(waves[signal].max() - waves[signal].min()) < 1e-3:
        raise EngineError(f"{engine.name} runs, but {module} does not move: {signal} stays at {waves[signal][-1]:g}.")
