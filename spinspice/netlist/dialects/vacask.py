"""VACASK's words: hierarchy, names and expressions kept, modules of Verilog-A for junctions and transistors alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from spinspice.devices.base import Device
from spinspice.devices.registry import known_names
from spinspice.netlist.cards import Element, Model, Scope
from spinspice.netlist.dialects.base import Dialect, Options, same_options
from spinspice.netlist.dialects.language import Language
from spinspice.netlist.dialects.vacask_language import LANGUAGE
from spinspice.netlist.dialects.vacask_models import FILES, MASTERS, MODELS, TYPES, of_its_version
from spinspice.netlist.dialects.vacask_names import model_name, quote
from spinspice.netlist.dialects.vacask_sources import ARGUMENTS, source_parameters
from spinspice.netlist.expressions import Expression, Name, Number, Text
from spinspice.netlist.names import MODELLED, sizes_of_bin

#: Options that are whole numbers.
_WHOLE = ("tran_itl", "op_itl")


class VacaskDialect(Dialect):
    """VACASK.

    Parameters
    ----------
    circuit, parameters
        As for :class:`Dialect`.
    stop : float
        Duration of the run [s], from which defaults of waveforms come.
    junctions : mapping
        File (``.osdi``, or ``.va`` for VACASK to compile) of each compact model that the circuit uses.
    modules : bool
        Whether there are modules of somebody else's Verilog-A: VACASK says if there is none of a name.
    """

    simulator: ClassVar[str] = "VACASK"
    advice: ClassVar[str] = "Use engine='ngspice'."
    language: ClassVar[Language] = LANGUAGE
    models: ClassVar[Mapping[tuple[str, int], str]] = MODELS
    takes_modules: ClassVar[bool] = True
    arguments: ClassVar[Mapping[str, tuple[int, int]]] = ARGUMENTS
    multiplied: ClassVar[str] = "rclifg"
    heads_hold_parameters: ClassVar[bool] = False
    borrows_models: ClassVar[bool] = True
    indent: ClassVar[str] = "  "
    #: ``trtol`` 7 and ``tran_lteratio`` 3.5 are the two defaults.
    options: ClassVar[Options] = {
        **same_options("reltol", "abstol", "vntol", "chgtol", "gmin"),
        "method": ("tran_method", 1.0),
        "trtol": ("tran_lteratio", 0.5),
        "itl4": ("tran_itl", 1.0),
        "itl1": ("op_itl", 1.0),
    }

    def __init__(
        self,
        circuit: str,
        *,
        parameters: Mapping[str, float],
        stop: float,
        junctions: Mapping[str, str],
        files: Iterable[str] = (),
        modules: bool = False,
    ) -> None:
        super().__init__(circuit, parameters=parameters)
        self.stop, self.junctions, self.any_module = stop, junctions, modules
        # Names that no model may have; what the lines written so far need: files, and masters as models of themselves.
        self.taken = (*(master for _, master, _ in MASTERS.values()), *known_names())
        self.files: dict[str, None] = dict.fromkeys(files)
        self.masters: dict[str, None] = {}
        # What a reader of the results should know of the translation.
        self.remarks: dict[str, None] = {}

    # Models

    @property
    def has_modules(self) -> bool:
        return True

    def module(self, name: str) -> str | None:
        return quote(name) if self.any_module and name not in TYPES else None

    def spelled(self, values: Mapping[str, Expression]) -> dict[str, Expression]:
        return dict(values)

    def model_name(self, model: Model, seen_from: Sequence[Scope]) -> str:
        return model_name(model.name, seen_from, self.taken)

    def model(self, name: str, kind: str, parameters: Mapping[str, Expression]) -> str:
        module = kind.split()[0]
        if module in FILES:
            self.files[FILES[module]] = None
        parameters, note = of_its_version(name, module, parameters)
        self.remarks |= {note: None} if note else {}
        values = self.assignments(parameters)
        return " ".join(filter(None, (f"model {quote(name)} {kind}", values)))

    # Circuit

    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        head = f"subckt {quote(scope.name)} ({' '.join(map(quote, scope.ports))})"
        return [head, *(f"parameters {name}={value}" for name, value in inner)]

    def end(self, scope: Scope) -> str:
        return "ends"

    def check_junction(self, element: Element, kind: type[Device]) -> None:
        file = self.junctions.get(element.master)
        if file is None:
            raise element.card.error(f"no compiled file was given for the compact model {element.master}.")
        self.files[file] = None
        self.masters[element.master] = None

    def sized_element(self, element: Element, models: dict[str, Model]) -> list[str]:
        """Return conditions for each of the models, the first of which counts; a size without one has no master."""
        lines = []
        words = ["@if", *["@elseif"] * len(models)]
        for word, (master, model) in zip(words, reversed(models.items()), strict=False):
            sizes = [(self.value(size), low, high) for size, low, high in sizes_of_bin(model, element.parameters)]
            tests = [f"({size} > {low:.12g}) && ({size} < {high:.12g})" for size, low, high in sizes]
            lines += [f"{word} {' && '.join(tests)}", self._instance(element, master, {})]
        nothing = self._instance(element, f"{element.master}.no_model_of_this_size", {})
        return [*lines, "@else", nothing, "@end"]

    def element(self, element: Element) -> str:
        _check_area(element)
        if element.kind in "x" + MODELLED:
            if element.kind == "x" and "m" in element.parameters:
                raise element.card.error("the multiplier m has no translation to VACASK for this element.")
            return self._instance(element, element.master, {})
        file, master, value_name = MASTERS[element.kind]
        if file:
            self.files[file] = None
        self.masters[master] = None
        given: dict[str, Expression | str] = {}
        if element.kind in "vi":
            given.update(source_parameters(element, self.stop))
        elif element.value is not None:
            given[value_name] = element.value
        if element.control:
            given["ctlinst"] = Text(element.control)
        return self._instance(element, master, given)

    def _instance(self, element: Element, master: str, given: Mapping[str, Expression | str]) -> str:
        values = {**given, **{"$mfactor" if name == "m" else name: x for name, x in element.parameters.items()}}
        values |= dict(zip(("mag", "phase"), element.small_signal, strict=False))
        written = [f"{n}={self.value(x) if isinstance(x, Expression) else x}" for n, x in values.items()]
        nodes = " ".join(map(quote, element.nodes))
        return " ".join([quote(element.name), f"({nodes})", quote(master), *written])

    # Options

    def option(self, name: str, value: Expression) -> dict[str, str]:
        if name == "method" and value in (Name("trap"), Name("gear")):
            return {"tran_method": f'"{self.value(value)}"'}
        if name == "method":
            value = Name(self.value(value))
        written = super().option(name, value)
        return {theirs: str(int(float(text))) if theirs in _WHOLE else text for theirs, text in written.items()}


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
