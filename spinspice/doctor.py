"""What this machine can run: simulators, compiler, versions, and the one command that adds what is missing."""

from __future__ import annotations

import dataclasses
import functools
import platform
import sys
import time
from collections.abc import Callable
from typing import Any

import spinspice
from spinspice.engines import Engine, engine_class, get_engine, osdi
from spinspice.errors import EngineNotFound, SpinspiceError
from spinspice.testbench import Testbench

#: Engines that are looked at, in the order they are shown.
_LOOKED_AT = ("ngspice", "ngspice-process", "vacask")
#: Where a name of :data:`_LOOKED_AT` is not installed: the one command that adds it.
_COMMANDS = {
    "ngspice": "bash scripts/install_ngspice.sh",
    "ngspice-process": "bash scripts/install_ngspice.sh",
    "vacask": osdi.INSTALL_HINT,
    "compiler": osdi.INSTALL_HINT,
}
#: A macrospin and a telegraph junction, and of each what shows that it moved.
_TRIALS = {
    "mtj_macrospin": ("V1 a 0 0.1\nX1 a 0 mx my mz mtj_macrospin seed=1\n", 1e-10, "v(mx)"),
    "mtj_telegraph": ("V1 a 0 0\nX1 a 0 state count mtj_telegraph seed=1\n", 4e-6, "v(count)"),
}


@dataclasses.dataclass(frozen=True)
class Finding:
    """One thing that was looked for.

    ``models`` maps each realisation of the compact models to ``"works"`` or to what went wrong; ``command`` adds what
    is missing (empty if nothing is).
    """

    name: str
    found: bool
    version: str = ""
    path: str = ""
    models: dict[str, str] = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    command: str = ""
    note: str = ""

    @property
    def works(self) -> bool:
        """Whether it was found and all that it offers works."""
        return self.found and all(state == "works" for state in self.models.values())


@dataclasses.dataclass(frozen=True)
class Report:
    """What :func:`examine` found."""

    spinspice: str
    python: str
    system: str
    engines: tuple[Finding, ...]
    compiler: Finding
    automatic: str
    automatic_model: str
    cache: str

    @property
    def ready(self) -> bool:
        """Whether there is an engine for ``auto``."""
        return bool(self.automatic)

    @property
    def commands(self) -> tuple[str, ...]:
        """The commands that add what is missing, each once."""
        findings = (*self.engines, self.compiler)
        return tuple(dict.fromkeys(finding.command for finding in findings if finding.command))

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for ``--json``."""
        return {**dataclasses.asdict(self), "ready": self.ready, "commands": list(self.commands)}


def examine() -> Report:
    """Look for engines and compiler, and try each out on a macrospin and on a telegraph junction (a few seconds)."""
    compiler = _examine_compiler()
    engines = tuple(_examine_engine(name) for name in _LOOKED_AT)
    try:
        automatic = get_engine("auto")
        chosen, model = automatic.name, automatic.model
    except EngineNotFound:
        chosen, model = "", ""
    return Report(
        spinspice=spinspice.__version__,
        python=f"{platform.python_version()} ({sys.executable})",
        system=platform.platform(),
        engines=engines,
        compiler=compiler,
        automatic=chosen,
        automatic_model=model,
        cache=str(osdi.cache_dir()),
    )


def _examine_compiler() -> Finding:
    """Compile the project's own models with the compiler, if there is one."""
    found = osdi.find_compiler()
    if found is None:
        return Finding("compiler", False, command=_COMMANDS["compiler"], note="needed for Verilog-A models in ngspice")
    started = time.perf_counter()
    states = {name: _state_of(functools.partial(osdi.compile_models, [name])) for name in _TRIALS}
    return Finding("compiler", True, found.version, str(found.path), states, time.perf_counter() - started)


def _examine_engine(name: str) -> Finding:
    """Find an engine and run its models."""
    try:
        kind = engine_class(name)
    except ImportError as reason:
        return Finding(name, False, command=_COMMANDS[name], note=str(reason))
    info = kind.find()
    if info is None:
        return Finding(name, False, command=_COMMANDS[name], note=_missing(kind))
    started = time.perf_counter()
    states: dict[str, str] = {model: _state_of(functools.partial(_try, kind(model))) for model in info.models}
    limited = "verilog-a" not in info.models
    return Finding(
        name,
        True,
        info.version,
        info.path,
        states,
        time.perf_counter() - started,
        command=_COMMANDS[name] if limited else "",
        note="this version or build cannot load compiled Verilog-A models" if limited else "",
    )


def _missing(kind: type[Engine]) -> str:
    """Return what an engine says of itself when it is not there."""
    try:
        kind("verilog-a").require()
    except EngineNotFound as reason:
        return str(reason).splitlines()[0]
    return ""


def _state_of(trial: Callable[[], object]) -> str:
    """Return ``"works"``, or the first line of what went wrong."""
    try:
        trial()
    except SpinspiceError as reason:
        return str(reason).splitlines()[0]
    return "works"


def _try(engine: Engine) -> None:
    """Run each compact model for some steps and see that it moves."""
    engine.require()
    for module, (circuit, stop, signal) in _TRIALS.items():
        bench = Testbench(circuit=circuit, stop=stop, step=stop / 100, save=(signal,), title=f"doctor: {module}")
        waves = engine.run(bench, timeout=60.0)
        if float(waves[signal].max() - waves[signal].min()) < 1e-3:
            raise SpinspiceError(f"{module} does not move: {signal} stays at {waves[signal][-1]:g}.")
