"""From a testbench to the text of an ngspice deck.

A deck is complete in itself: parameters, circuit, the subcircuits of the compact models it uses, options, signals to
save, the transient. It has no empty lines, so that the line numbers in a log are those of the deck for every way of
loading it.
"""

from __future__ import annotations

import dataclasses
import functools
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from spinspice.devices.files import LIBRARIES as MODEL_LIBRARIES
from spinspice.devices.registry import find_model, known_names
from spinspice.engines.base import MODELS, TRANSIENT_NOISE, Model
from spinspice.errors import CircuitError, EngineError, did_you_mean
from spinspice.netlist.commands import check_included
from spinspice.netlist.junctions import join_continuations
from spinspice.testbench import Testbench
from spinspice.units import format_number

#: Library of the compact models of spinspice by realisation.
LIBRARIES: dict[Model, str] = {model: MODEL_LIBRARIES[model] for model in MODELS}
#: Simulator by which a device names its options.
SIMULATOR = "ngspice"
#: Step given to ``.tran``, in units of the run: ngspice starts with a tenth of it, before any model can ask for a
#: shorter one, and a first dwell time of a telegraph junction may be short.
FIRST_STEP = 1e-6
#: The same, in units of the longest time step, for macrospins made of B-sources: ngspice starts with a hundredth of it
#: twice and then doubles, 0.78125 (1 + 1 + 2 + 4 + ... + 64) / 100 = 1, so all later points are multiples of that step.
ALIGNED_STEP = 0.78125
#: Variables that ngspice is given before it reads the circuit. Debian's start-up file asks for 8 threads, 17 times
#: slower than one; ngspice 46 reads /proc/meminfo at every time point, and stops where free memory is page cache; its
#: display of progress asks the kernel for the processor time at every point (15 % of a run).
SETTINGS = ("set num_threads=1", "set no_mem_check", "set norefvalue", "set nomoremode")
#: Length of the transient by which ngspice looks for an operating point when everything else has failed, in units of
#: the step of the run: our choice. Its own default, 10 us, takes millions of points where a junction asks for steps of
#: picoseconds. What comes before (Newton, gmin stepping, source stepping: the three ones of the command) stays.
SETTLING_STEPS = 1000
_SIGNALS_PER_LINE = 8
_SUBCKT = re.compile(r"^\s*\.subckt\s+(\S+)", re.IGNORECASE)
_TRNOISE = re.compile(r"^[vi].*\btrnoise\s*\(", re.IGNORECASE | re.MULTILINE)
_INCLUDE = re.compile(r"""^\s*(\.inc(?:lude)?|\.lib)\s+("[^"]+"|'[^']+'|\S+)(.*)$""", re.IGNORECASE)
_ENDS = re.compile(r"^\s*\.ends\b", re.IGNORECASE)
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)\s*=")


@dataclasses.dataclass(frozen=True)
class Deck:
    """An ngspice deck: its lines (the first is the title), the Verilog-A modules it needs compiled, and variables and
    commands that ngspice is to be given before it reads the circuit."""

    lines: tuple[str, ...]
    modules: tuple[str, ...] = ()
    settings: tuple[str, ...] = SETTINGS

    @property
    def text(self) -> str:
        """The deck as one string."""
        return "\n".join(self.lines) + "\n"

    def with_control(self, osdi: Iterable[Path | str] = ()) -> Deck:
        """Return the deck with a control block that sets ngspice up and loads compiled models: for ``ngspice -b``."""
        commands = [*self.settings, *(f"osdi {path}" for path in osdi)]
        control = [".control", *(f"pre_{command}" for command in commands), ".endc"]
        return dataclasses.replace(self, lines=(*self.lines[:-1], *control, self.lines[-1]))


def make_deck(testbench: Testbench, model: Model = "verilog-a", cosimulation: Iterable[str] = ()) -> Deck:
    """Return the deck of a testbench with one realisation of the compact models.

    ``cosimulation`` holds the model cards of its digital blocks (:func:`spinspice.engines.cosimulation.model_cards`).

    Raises
    ------
    CircuitError
        If a subcircuit is given a parameter that it does not have (ngspice would ignore it without a word), or a
        junction cannot be resolved in a run of this duration (a telegraph junction that switches too fast).
    """
    circuit = [absolute_include(line.rstrip()) for line in testbench.circuit.splitlines() if line.strip()]
    used = testbench.models
    library = library_lines(model, used) if used else ()
    check_included(testbench.circuit)
    check_subcircuit_parameters([*circuit, *library])
    testbench.check_junctions()
    check_noise(testbench)
    stop = format_number(testbench.stop)
    first, max_step = (format_number(value) for value in time_steps(testbench, model))
    lines = [
        f"* {' '.join(testbench.title.split())}",
        *(f".param {name}={format_number(value)}" for name, value in testbench.parameters.items()),
        *circuit,
        *library,
        *cosimulation,
        f".temp {format_number(round(testbench.temperature - 273.15, 9))}",
        *(f".options {name}={format_number(value)}" for name, value in options(testbench).items()),
        *_save_lines(testbench.save),
        f".tran {first} {stop} 0 {max_step}",
        ".end",
    ]
    return Deck(tuple(lines), used if model == "verilog-a" else (), (*SETTINGS, settling(testbench)))


def settling(testbench: Testbench) -> str:
    """Return the command that bounds ngspice's search for an operating point by a transient."""
    step = testbench.max_step or testbench.step
    return f"optran 1 1 1 {step:.6g} {SETTLING_STEPS * step:.6g} 0"


def time_steps(testbench: Testbench, model: Model) -> tuple[float, float]:
    """Return the step given to ``.tran`` and the longest time step [s].

    A compiled macrospin bounds the step and lands on the samples of its noise by itself. One made of B-sources cannot:
    its ``max_step``, rounded down to divide its ``dt``, becomes that of the run, and the first step is such that time
    points fall on multiples of it.
    """
    longest = testbench.max_step or testbench.step
    longest = min([longest, *(junction.max_time_step(testbench.stop) for junction in testbench.junctions)])
    grids = [junction.step_grid for junction in testbench.junctions]
    own = [grid for grid in grids if grid is not None]
    if model == "verilog-a" or not own:
        return min(testbench.step, FIRST_STEP * testbench.stop), longest
    longest = min(longest, *(step for _, step in own))
    sample = min(step for step, _ in own)
    longest = sample / math.ceil(sample / longest * (1.0 - 1e-9))
    return ALIGNED_STEP * longest, longest


def check_noise(testbench: Testbench) -> None:
    """Refuse what ngspice does not have: noise of transistors in a transient, and noise sources that obey a seed.

    White ``trnoise`` is drawn from a pool that is filled once a process and that no seed reaches (ngspice 46, and by
    its source every version since 2018), so equal seeds would not give equal waveforms.

    Raises
    ------
    CircuitError
    """
    asked = [name for name in testbench.options if name.lower().startswith("noise")]
    if asked:
        raise CircuitError(
            f"the option {asked[0]!r} asks for the noise of transistors in a transient, which ngspice does not have. "
            f"Use {_offering(TRANSIENT_NOISE)}."
        )
    if "seed" in testbench.parameters and _TRNOISE.search(testbench.circuit):
        raise CircuitError(
            "the circuit has a trnoise source and the testbench a parameter seed, which ngspice's trnoise ignores: "
            "equal seeds would give different waveforms. Use noise that is a function of the seed, as junctions do, "
            "or a pwl source drawn in Python; or rename the parameter if the noise need not be repeatable."
        )


def _offering(capability: str) -> str:
    """Name the engines that offer a capability, as a call does."""
    from spinspice.engines import engines_with

    return " or ".join(f"engine={name!r}" for name in engines_with(capability))


def absolute_include(line: str) -> str:
    """Return a card that includes a file with its full path, so that the deck runs in any folder; others unchanged."""
    match = _INCLUDE.match(line)
    if not match or (match[1].lower() == ".lib" and not match[3].strip()):
        return line
    path = Path(match[2].strip("\"'")).expanduser()
    return f'{match[1]} "{path.absolute()}"{match[3]}' if path.exists() else line


def options(testbench: Testbench) -> dict[str, float]:
    """Return the simulator options of a testbench: our defaults, and over them its own."""
    defaults: dict[str, float] = {}
    for name in testbench.models:
        own = find_model(name).solver_options.get(SIMULATOR, {})
        defaults |= {option: float(value) for option, value in own.items()}
    return defaults | {name.lower(): value for name, value in testbench.options.items()}


def _save_lines(names: Sequence[str]) -> list[str]:
    chunks = [names[i : i + _SIGNALS_PER_LINE] for i in range(0, len(names), _SIGNALS_PER_LINE)]
    return [f".save {' '.join(chunk)}" for chunk in chunks]


@functools.cache
def library_lines(model: Model, used: tuple[str, ...]) -> tuple[str, ...]:
    """Return the libraries of a realisation without comments, and without the compact models that are not ``used``.

    Raises
    ------
    CircuitError
        For a compact model that was not written in this realisation.
    EngineError
        If a library cannot be read.
    """
    lines: list[str] = []
    for path, names in _libraries(model, used).items():
        if path is None:
            for name in names:
                lines += find_model(name).osdi_card().splitlines()
            continue
        try:
            text = path.read_text()
        except OSError as reason:
            raise EngineError(f"cannot read the library of compact models {path}: {reason.strerror}.") from reason
        lines += _without(text.splitlines(), set(known_names()) - set(used))
    return tuple(lines)


def _libraries(model: Model, used: Iterable[str]) -> dict[Path | None, list[str]]:
    """Return the libraries that hold the models, in their order; None for those whose card is made."""
    libraries: dict[Path | None, list[str]] = {}
    for name in used:
        kind = find_model(name)
        if model not in kind.realisations:
            raise CircuitError(
                f"the compact model {name} was not written as {model}; it has {', '.join(kind.realisations)}. "
                f"Choose model={kind.realisations[0]!r}."
            )
        libraries.setdefault(kind.model_files().library(model), []).append(name)
    return libraries


def _without(lines: Iterable[str], unused: Iterable[str]) -> list[str]:
    """Return cards without comments and without the subcircuits ``unused``."""
    kept: list[str] = []
    skipping = False
    for line in lines:
        head = _SUBCKT.match(line)
        if head and head[1].lower() in unused:
            skipping = True
        if not skipping and line.strip() and not line.lstrip().startswith("*"):
            kept.append(line.rstrip())
        if skipping and _ENDS.match(line):
            skipping = False
    return kept


def check_subcircuit_parameters(lines: Iterable[str]) -> None:
    """Refuse an instance that gives a subcircuit a parameter it does not declare.

    ngspice ignores such a parameter and says nothing, so that a misspelt ``Rp=...`` would quietly run with the default.

    Raises
    ------
    CircuitError
        Naming the instance, the parameter and the closest known one.
    """
    cards = join_continuations(lines)
    declared: dict[str, set[str]] = {}
    for card in cards:
        if head := _SUBCKT.match(card):
            declared.setdefault(head[1].lower(), set()).update(name.lower() for name in _ASSIGNMENT.findall(card))
    for card in cards:
        given = _instance(card) if card[0] in "xX" else None
        if given is None or given[0] not in declared:
            continue
        subcircuit, names = given
        for name in names:
            if name.lower() not in declared[subcircuit] | {"m"}:
                raise CircuitError(
                    f"{card.split()[0]} gives the subcircuit {subcircuit} a parameter {name!r} that it does not have; "
                    f"ngspice would ignore it. {did_you_mean(name.lower(), declared[subcircuit])}"
                )


def _instance(card: str) -> tuple[str, list[str]] | None:
    """Return the subcircuit of an X card, in lower case, and the names of the parameters it is given."""
    bare = re.sub(r"\{[^}]*\}|'[^']*'", "0", card)
    bare = re.sub(r"\bparams:", " ", bare, flags=re.IGNORECASE)
    first = _ASSIGNMENT.search(bare)
    words = (bare[: first.start()] if first else bare).split()
    return (words[-1].lower(), _ASSIGNMENT.findall(bare)) if len(words) > 1 else None
