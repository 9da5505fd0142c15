"""A testbench: everything that one run needs, as plain data.

It holds a complete circuit as SPICE cards in ngspice's dialect, without analysis cards and without the library of the
junctions: which realisation of a compact model is used (Verilog-A or B-sources) is the engine's matter. Being plain
data, a testbench can be compared, hashed, stored and sent to another process.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self, SupportsFloat

from spinspice.devices import Device
from spinspice.errors import CircuitError, check_range, did_you_mean, shown
from spinspice.netlist.commands import SHELL_OPTIONS, check_circuit
from spinspice.netlist.junctions import junctions_in, models_in
from spinspice.results import Grid, Summarised
from spinspice.units import engineering
from spinspice.verilog import DigitalBlock

#: Names are made of letters, digits and marks that mean nothing to a simulator's shell.
_SIGNAL = re.compile(r"[vi]\([A-Za-z0-9_.#:<>\[\]+\-!$/]+\)")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Testbench(Summarised):
    """A transient run.

    Parameters
    ----------
    circuit : str
        SPICE cards: subcircuits, models, elements, sources. No analysis, no ``.end``.
    stop, step : float
        Duration and suggested time step [s].
    save : tuple of str
        Signals to keep: ``v(node)`` and ``i(source)``, lower case, hierarchy with dots (``v(x1.mid)``).
    parameters : mapping
        Numbers that the circuit refers to as ``{name}``; what sweeps and ``Session.run`` change.
    max_step : float, optional
        Longest time step [s]; default ``step``.
    temperature : float
        Temperature of transistors and resistors [K]. Junctions carry their own.
    verilog_a : tuple of str
        Paths of further Verilog-A files, compiled and loaded before the run; the circuit uses their modules through
        ``.model`` cards and elements with the letter N. This is how a junction of one's own comes in.
    digital : tuple of DigitalBlock
        Verilog modules, compiled before the run; the circuit holds them as elements with the letter A
        (:meth:`DigitalBlock.card`). Their signals come back in ``Waveforms.digital``. ngspice only.
    options : mapping
        Further simulator options, e.g. ``{"reltol": 1e-4}``.
    title : str
        One line that says what this is.

    Raises
    ------
    CircuitError
        If the circuit holds analysis cards, names no signal to save, or names one that is not a signal.
    ParameterError
        For a duration or step that is not positive, or a duration shorter than a step.
    """

    __test__ = False  # not a test class, whatever its name looks like to pytest

    circuit: str
    stop: float
    step: float
    save: tuple[str, ...]
    parameters: Mapping[str, float] = dataclasses.field(default_factory=dict)
    max_step: float | None = None
    temperature: float = 300.0
    verilog_a: tuple[str, ...] = ()
    digital: tuple[DigitalBlock, ...] = ()
    options: Mapping[str, float] = dataclasses.field(default_factory=dict)
    title: str = "spinspice testbench"

    def _summary(self) -> str:
        cards = sum(not line.startswith(("*", "+")) for line in self.circuit.splitlines())
        given = ", ".join(f"{name} = {value:g}" for name, value in self.parameters.items())
        return f"{self.title}: {engineering(self.stop, 's')}, {cards} cards; saves {len(self.save)} signals; {given}"

    def _grids(self) -> tuple[Grid, ...]:
        rows = [
            ("duration", engineering(self.stop, "s")),
            ("step", engineering(self.step, "s")),
            ("temperature of transistors", f"{self.temperature:g} K"),
            ("parameters", ", ".join(f"{name} = {value:g}" for name, value in self.parameters.items())),
            ("saved signals", ", ".join(self.save)),
            ("compact models", ", ".join(self.models)),
        ]
        return (Grid(self.title, ("", ""), rows),)

    def __post_init__(self) -> None:
        check_range("step", self.step, 0.0, 1e6, unit="s", open_low=True, where="Testbench.step")
        check_range(
            "stop",
            self.stop,
            self.step,
            1e9,
            unit="s",
            where="Testbench.stop: duration of the run, at least one step",
            hint="Lengthen the run or shorten the step",
        )
        check_range("temperature", self.temperature, 1.0, 1000.0, unit="K", where="Testbench.temperature")
        for field in ("save", "verilog_a", "digital"):
            given = getattr(self, field)
            if not isinstance(given, tuple | list):
                raise CircuitError(f"Testbench.{field} is {shown(given)}; give a tuple: ({shown(given)},).")
        for block in self.digital:
            if not isinstance(block, DigitalBlock):
                raise CircuitError(f"Testbench.digital holds {shown(block)}; it takes DigitalBlock objects.")
        if not self.save:
            raise CircuitError("Testbench.save is empty: name at least one signal, such as 'v(out)'.")
        for signal in self.save:
            if not isinstance(signal, str) or not _SIGNAL.fullmatch(signal) or signal != signal.lower():
                raise CircuitError(
                    f"Testbench.save holds {signal!r}; a signal is 'v(node)' or 'i(source)' in lower case, "
                    "with dots for the hierarchy, such as 'v(x1.mid)'."
                )
        names = [block.name for block in self.digital]
        if len(set(names)) < len(names):
            raise CircuitError(f"Testbench.digital holds two blocks of one name: {', '.join(names)}.")
        self._check_text()

    def _check_text(self) -> None:
        """Refuse what would stand in a deck as more than a name, a number or a card."""
        if not isinstance(self.circuit, str):
            raise CircuitError(f"Testbench.circuit is {type(self.circuit).__name__}, not text; see from_pyspice().")
        check_circuit(self.circuit)
        for kind, values in (("parameters", self.parameters), ("options", self.options)):
            if not isinstance(values, Mapping):
                raise CircuitError(f"Testbench.{kind} is {values!r}; it takes names with numbers, {{'vin': 0.1}}.")
            for name, value in values.items():
                _check_pair(kind, name, value)
        for path in self.verilog_a:
            if not isinstance(path, str | os.PathLike) or "\0" in str(path):
                raise CircuitError(f"Testbench.verilog_a holds {path!r}; it takes paths of Verilog-A files.")
        title = "".join(letter if letter.isprintable() else " " for letter in str(self.title))
        object.__setattr__(self, "title", " ".join(title.split()))

    @classmethod
    def from_pyspice(cls, circuit: Any, **settings: Any) -> Self:
        """Make a testbench of a PySpice ``Circuit``; ``settings`` are the other fields.

        Verilog-A files that the circuit's cells need (their attribute ``verilog_a``) are added to those given.
        """
        text = str(circuit)
        needed = [path for part in circuit.subcircuits for path in getattr(part, "verilog_a", ())]
        settings["verilog_a"] = tuple(dict.fromkeys([*settings.get("verilog_a", ()), *needed]))
        lines = [line for line in text.splitlines() if line.strip() and not line.lower().startswith(".title")]
        return cls(circuit="\n".join(lines) + "\n", title=settings.pop("title", str(circuit.title)), **settings)

    @functools.cached_property
    def models(self) -> tuple[str, ...]:
        """Compact models that the circuit uses."""
        return models_in(self.circuit)

    @functools.cached_property
    def junctions(self) -> tuple[Device, ...]:
        """Junctions of the circuit, which tell an engine what it must know of them (steps, options, resolution).

        A parameter that the circuit leaves to an expression is NaN.
        """
        return junctions_in(self.circuit)

    def check_junctions(self) -> None:
        """Refuse a run whose duration is too long for what its junctions resolve.

        Raises
        ------
        CircuitError
        """
        for junction in self.junctions:
            junction.check_resolvable(self.stop)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def with_parameters(self, **values: float) -> Self:
        """Return a copy with other values for some of :attr:`parameters`.

        Raises
        ------
        CircuitError
            For a parameter that the testbench does not have.
        """
        for name in values:
            if name not in self.parameters:
                raise CircuitError(
                    f"this testbench has no parameter {name!r}. {did_you_mean(name, self.parameters)}"
                    if self.parameters
                    else f"this testbench has no parameters, so {name!r} cannot be changed."
                )
        return self.replace(parameters={**self.parameters, **values})

    def digest(self) -> str:
        """Return a hash of everything that determines the run (hexadecimal, 16 digits)."""
        data = {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.name != "title"}
        data |= {name: dict(data[name]) for name in ("parameters", "options")}
        data["verilog_a"] = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in self.verilog_a]
        if self.digital:
            data["digital"] = [block.identity() for block in self.digital]
        else:
            del data["digital"]  # keeps the digest of circuits without digital blocks
        return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def _check_pair(kind: str, name: object, value: object) -> None:
    """Refuse a name that is no word, or a value that is no finite number."""
    where = f"Testbench.{kind}"
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise CircuitError(f"{where} holds the name {name!r}; a name is letters, digits and _, a letter or _ first.")
    if kind == "options" and name.lower() in SHELL_OPTIONS:
        raise CircuitError(f"{where} sets {name!r}, a setting of the simulator's shell. Leave it out.")
    # The two that nearly all are come first: the look at a protocol is slow.
    if isinstance(value, str | bytes | bool) or not isinstance(value, float | int | SupportsFloat):
        raise CircuitError(f"{where}: {name} = {value!r} is not a number.")
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise CircuitError(f"{where}: {name} = {str(value)[:40]} is not a number that fits.") from None
    if not math.isfinite(number):
        raise CircuitError(f"{where}: {name} = {number} is not finite. Give a number.")


def signals(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names as a tuple without repetitions, in order: convenience for ``Testbench.save``."""
    return tuple(dict.fromkeys(names))
