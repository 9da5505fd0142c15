"""Writes a testbench as a VACASK netlist: hierarchy, names and expressions kept, one VACASK line for each card.

What SPICE and VACASK call differently (element masters, waveforms, parameters, options) is in the tables of this module
and of `vacask_sources`. Anything without an equivalent is an error that names the card: nothing is left out in silence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from spinspice.devices import models as compact_models
from spinspice.engines.vacask_expressions import to_vacask
from spinspice.engines.vacask_models import MASTERS, TYPES, built_in
from spinspice.engines.vacask_names import borrowed_models, find_models, model_name, node_path, quote, signal_path
from spinspice.engines.vacask_sources import source_parameters
from spinspice.errors import CircuitError, did_you_mean
from spinspice.netlist.cards import Card, Circuit, Element, Model, Scope, read_circuit
from spinspice.netlist.expressions import Expression, Name, Number, Text, names_in
from spinspice.netlist.names import borrowed_parameters, controlling_source, find_subcircuit, sizes_of_bin
from spinspice.testbench import Testbench
from spinspice.units import format_number

#: Simulator by which a device names its options.
SIMULATOR = "vacask"
#: Option of ngspice -> option of VACASK and factor. ``trtol`` 7 and ``tran_lteratio`` 3.5 are the two defaults.
_OPTIONS = {name: (name, 1.0) for name in ("reltol", "abstol", "vntol", "chgtol", "gmin")}
_OPTIONS |= {
    "method": ("tran_method", 1.0),
    "trtol": ("tran_lteratio", 0.5),
    "itl4": ("tran_itl", 1.0),
    "itl1": ("op_itl", 1.0),
}
#: Options for every run. The first step, and the one after every breakpoint, is an Euler step: at VACASK's own quarter
#: of the following steps it turns a macrospin by 6e-4 rad, which leads the path astray in 0.3 ns (measured).
DEFAULTS = {"tran_fs": "0.01"}
#: Options of a testbench that switch on the noise of transistors and resistors in a transient: seed, bandwidth [Hz].
NOISE = ("noiseseed", "noisefmax")
#: Options for runs with noise: the steps are those of the noise, and its corners no reason for shorter ones (with the
#: default a comparator ends in "timestep too small").
NOISE_DEFAULTS = {"tran_lteratio": "1000.0"}


@dataclasses.dataclass(frozen=True)
class VacaskDeck:
    """A netlist, the SPICE card behind each of its lines (counted from 1), its names of the saved signals, and what a
    reader of the results should know of the translation."""

    text: str
    lines: Mapping[int, Card]
    signals: Mapping[str, str]
    notes: tuple[str, ...] = ()


def write_deck(
    testbench: Testbench,
    models: Mapping[str, str],
    *,
    files: Iterable[str] = (),
    options: Mapping[str, str] | None = None,
) -> VacaskDeck:
    """Translate a testbench.

    Parameters
    ----------
    testbench : Testbench
    models : mapping
        File (``.osdi``, or ``.va`` for VACASK to compile) of each compact model that the testbench uses.
    files : iterable of str
        Files of further modules, for the testbench's own ``.model`` cards and elements with the letter N.
    options : mapping, optional
        Options of VACASK, as text; the testbench's own replace them. Default: what the engine runs with.

    Raises
    ------
    CircuitError
        For a card that has no equivalent, naming its line.
    """
    circuit = read_circuit(testbench.circuit, target="VACASK", advice="Use engine='ngspice'.")
    if options is None:
        options, known = dict(DEFAULTS), compact_models()
        for name in testbench.models:
            options |= {key: str(value) for key, value in known[name].solver_options.get(SIMULATOR, {}).items()}
        options |= NOISE_DEFAULTS if set(NOISE) & testbench.options.keys() else {}
    return _Writer(testbench, circuit, models, files, options).deck()


class _Writer:
    def __init__(
        self,
        testbench: Testbench,
        circuit: Circuit,
        models: Mapping[str, str],
        files: Iterable[str],
        options: Mapping[str, str],
    ) -> None:
        self.testbench = testbench
        self.circuit = circuit
        self.models = models
        self.options = options
        # Ports of the compact models, which are modules here and no subcircuits, and names that no model may have.
        self.compact = {name: kind.ports for name, kind in compact_models().items()}
        self.taken = (*(master for _, master, _ in MASTERS.values()), *self.compact)
        self.files: dict[str, None] = dict.fromkeys(files)
        self.masters: dict[str, None] = {}
        self.body: list[tuple[str, Card | None]] = []
        self.notes: dict[str, None] = {}

    def deck(self) -> VacaskDeck:
        given = {name.lower(): Number(float(value)) for name, value in self.testbench.parameters.items()}
        twice = given.keys() & self.circuit.parameters.keys()
        if twice:
            raise CircuitError(
                f"the parameter {min(twice)} is set by the testbench and by a .param line of the circuit. Remove one."
            )
        top = {**given, **self.circuit.parameters}
        self._write_parameters(top, set(), self.circuit.card)
        self._write_scope(self.circuit, [self.circuit], set(top), "")
        control, signals = self._control()
        head: list[tuple[str, Card | None]] = [(_one_line(self.testbench.title), None), ("ground 0", None)]
        if self.circuit.globals:
            head.append(("global " + " ".join(map(quote, self.circuit.globals)), None))
        head += [(f'load "{file}"', None) for file in self.files]
        head += [(f"model {master} {master}", None) for master in self.masters]
        lines = [*head, *self.body, *((line, None) for line in control)]
        origin = {number: card for number, (_, card) in enumerate(lines, start=1) if card is not None}
        return VacaskDeck("\n".join(line for line, _ in lines) + "\n", origin, signals, tuple(self.notes))

    # Circuit

    def _write_parameters(self, values: Mapping[str, Expression], outer: set[str], card: Card) -> None:
        """Write parameters so that each comes after those it refers to (SPICE knows no order among them)."""
        waiting, known = dict(values), set(outer)
        while waiting:
            ready = [name for name, value in waiting.items() if not (names_in(value) - {name}) & waiting.keys()]
            if not ready or any(name in names_in(waiting[name]) for name in ready):
                raise card.error(f"the parameters {', '.join(sorted(waiting))} refer to one another in a circle.")
            for name in ready:
                value = waiting.pop(name)
                self._check_names(value, known | values.keys(), card)
                self.body.append((f"parameters {name}={to_vacask(value)}", card))

    def _check_names(self, value: Expression, known: set[str], card: Card) -> None:
        for name in sorted(names_in(value) - known):
            raise card.error(f"there is no parameter {name!r}. {did_you_mean(name, known)}")

    def _write_scope(self, scope: Scope, chain: list[Scope], known: set[str], indent: str) -> None:
        for child in scope.subcircuits.values():
            self._write_subcircuit(child, [*chain, child], known, indent)
        for model, seen_from in [*((model, chain) for model in scope.models.values()), *borrowed_models(scope, chain)]:
            self._add(indent + self._model(model, seen_from, known), model.card)
        for element in scope.elements.values():
            try:
                for line in self._placed(element, chain, known):
                    self._add(indent + line, element.card)
            except CircuitError as error:
                raise error if str(error).startswith("line ") else element.card.error(str(error)) from None

    def _add(self, line: str, card: Card) -> None:
        self.body.append((line, card))

    def _write_subcircuit(self, scope: Scope, chain: list[Scope], outer: set[str], indent: str) -> None:
        ports = " ".join(map(quote, scope.ports))
        self._add(f"{indent}subckt {quote(scope.name)} ({ports})", scope.card)
        local = {**scope.defaults, **scope.parameters}
        if len(local) < len(scope.defaults) + len(scope.parameters):
            raise scope.card.error("a parameter of the subcircuit is set again by a .param line inside it.")
        local |= borrowed_parameters(scope, chain)
        self._write_parameters(local, outer, scope.card)
        self._write_scope(scope, chain, outer | local.keys(), indent + "  ")
        self._add(f"{indent}ends", scope.card)

    def _model(self, model: Model, chain: list[Scope], known: set[str]) -> str:
        name = quote(model_name(model.name, chain, self.taken))
        if self.testbench.verilog_a and model.type not in TYPES:
            # A module of somebody else's Verilog-A; VACASK says if there is none of this name.
            return f"model {name} {quote(model.type)} " + self._values(model.parameters, known, model.card)
        try:
            file, module, sign, parameters, note = built_in(model)
        except CircuitError as error:
            raise model.card.error(str(error)) from None
        self.files[file] = None
        self.notes |= {note: None} if note else {}
        values = self._values(parameters, known, model.card)
        return " ".join(filter(None, (f"model {name} {module}", sign, values)))

    def _values(self, parameters: Mapping[str, Expression], known: set[str], card: Card) -> str:
        for value in parameters.values():
            self._check_names(value, known, card)
        return " ".join(f"{name}={to_vacask(value)}" for name, value in parameters.items())

    def _placed(self, element: Element, chain: list[Scope], known: set[str]) -> list[str]:
        """Return the lines of an element: one, or one for each bin of its model, of which VACASK takes the first."""
        if element.kind not in "dmnqj":
            return [self._element(element, chain, known)]
        models = find_models(element, chain, self.taken)
        if element.master in {model.name for model in models.values()}:
            return [self._element(element, chain, known, master) for master in models]
        lines = []
        words = ["@if", *["@elseif"] * len(models)]
        for word, (master, model) in zip(words, reversed(models.items()), strict=False):
            sizes = [(to_vacask(size), low, high) for size, low, high in sizes_of_bin(model, element.parameters)]
            tests = [f"({size} > {low:.12g}) && ({size} < {high:.12g})" for size, low, high in sizes]
            lines += [f"{word} {' && '.join(tests)}", self._element(element, chain, known, master)]
        nothing = f"{element.master}.no_model_of_this_size"
        return [*lines, "@else", self._element(element, chain, known, nothing), "@end"]

    def _element(self, element: Element, chain: list[Scope], known: set[str], master: str = "") -> str:
        parameters: dict[str, Expression | str] = {}
        if element.kind == "x":
            master = self._subcircuit_of(element, chain)
        elif element.kind not in "dmnqj":
            file, master, value_name = MASTERS[element.kind]
            if file:
                self.files[file] = None
            self.masters[master] = None
            if element.kind in "vi":
                parameters.update(source_parameters(element, self.testbench.stop))
            elif element.value is not None:
                parameters[value_name] = element.value
            if element.control:
                parameters["ctlinst"] = Text(controlling_source(element, chain[-1]))
        _check_area(element)
        for name, value in element.parameters.items():
            if element.kind not in "xdmnqj" and name != "m":
                raise element.card.error(f"the parameter {name} has no translation to VACASK. Leave it out.")
            if name == "m" and element.kind in "xveh":
                raise element.card.error("the multiplier m has no translation to VACASK for this element.")
            parameters["$mfactor" if name == "m" else name] = value
        if element.small_signal:
            parameters |= dict(zip(("mag", "phase"), element.small_signal, strict=False))
        written = []
        for name, given in parameters.items():
            if isinstance(given, Expression):
                self._check_names(given, known, element.card)
            written.append(f"{name}={to_vacask(given) if isinstance(given, Expression) else given}")
        return " ".join([quote(element.name), "(" + " ".join(map(quote, element.nodes)) + ")", quote(master), *written])

    def _subcircuit_of(self, element: Element, chain: list[Scope]) -> str:
        """Check a subcircuit call and return the master."""
        scope = find_subcircuit(element.master, chain)
        if scope is not None:
            ports: tuple[str, ...] = scope.ports
            for name in element.parameters:
                if name not in scope.defaults and name != "m":
                    hint = did_you_mean(name, scope.defaults)
                    raise element.card.error(f"{scope.name} has no parameter {name!r}. {hint}")
                if name in scope.defaults and names_in(scope.defaults[name]):
                    raise element.card.error(
                        f"{name} of {scope.name} cannot be changed in VACASK: its default is an expression of other "
                        "parameters. Give it a number as its default."
                    )
        elif element.master in self.compact:
            ports = self.compact[element.master]
            file = self.models.get(element.master)
            if file is None:
                raise element.card.error(f"no compiled file was given for the compact model {element.master}.")
            self.files[file] = None
            self.masters[element.master] = None
        else:
            known = {name for level in chain for name in level.subcircuits} | self.compact.keys()
            hint = did_you_mean(element.master, known)
            raise element.card.error(f"there is no subcircuit {element.master!r}. {hint}")
        if len(element.nodes) != len(ports):
            raise element.card.error(
                f"{len(element.nodes)} nodes are given; {element.master} has {len(ports)}: {', '.join(ports)}."
            )
        return element.master

    # Control

    def _control(self) -> tuple[list[str], dict[str, str]]:
        bench = self.testbench
        options: dict[str, str] = {"rawfile": '"binary"', "strictsave": "2", "strictoutput": "2"}
        options["temp"] = format_number(round(bench.temperature - 273.15, 9))
        options |= self.options
        given: dict[str, Expression] = dict(self.circuit.options)
        given |= {name.lower(): Number(float(value)) for name, value in bench.options.items()}
        noise = {name: given.pop(name) for name in NOISE if name in given}
        for name, value in given.items():
            if name not in _OPTIONS:
                raise CircuitError(f"the option {name!r} has no translation to VACASK. {did_you_mean(name, _OPTIONS)}")
            if name == "method" and value in (Name("trap"), Name("gear")):
                options["tran_method"] = f'"{to_vacask(value)}"'
                continue
            if not isinstance(value, Number) or name == "method":
                raise CircuitError(f"the option {name} = {to_vacask(value)} has no translation to VACASK.")
            ours, factor = _OPTIONS[name]
            number = value.value * factor
            options[ours] = str(int(number)) if ours.endswith("itl") else format_number(number)
        signals = {signal: signal_path(signal, self.circuit) for signal in dict.fromkeys(bench.save)}
        saves = []
        for signal, path in signals.items():
            saves.append(f"{signal[0]}({quote(path)})")
        raw = {signal: path if signal[0] == "v" else f"{path}:flow(br)" for signal, path in signals.items()}
        analysis = f"analysis tran1 tran stop={format_number(bench.stop)} step={format_number(bench.step)}"
        analysis += f" maxstep={format_number(bench.max_step or bench.step)}"
        if noise:
            # The white noise of every device as a stochastic differential equation, new for each step of the solver.
            numbers = {name: int(x.value) if name == "noiseseed" else x.value for name, x in noise.items()}  # type: ignore[attr-defined]
            analysis += ' noisemode="sde" ' + " ".join(f"{name}={number!r}" for name, number in numbers.items())
        for keyword, values in (("ic", self.circuit.initial), ("nodeset", self.circuit.nodesets)):
            if values:
                items = (f'"{node_path(node, self.circuit)}", {to_vacask(value)}' for node, value in values.items())
                analysis += f" {keyword}={{{', '.join(items)}}}"
        lines = ["control", "  abort always"]
        lines += [f"  options {name}={value}" for name, value in options.items()]
        lines += [f"  save {save}" for save in saves]
        return [*lines, f"  {analysis}", "endc"], raw


def _check_area(element: Element) -> None:
    """Refuse an area of a bipolar transistor: in ngspice 46 it is no multiplier (1 % of a current at area 2, measured).

    Raises
    ------
    CircuitError
    """
    if element.kind == "q":
        for name in ("area", "areab", "areac"):
            if element.parameters.get(name, Number(1.0)) != Number(1.0):
                raise element.card.error(
                    f"{name} of a bipolar transistor means something else in VACASK than in ngspice. Write m = "
                    "(several in parallel), or use engine='ngspice'."
                )


def _one_line(title: str) -> str:
    """Return a title that is safe as the first line of a netlist."""
    return " ".join(title.split()) or "spinspice"
