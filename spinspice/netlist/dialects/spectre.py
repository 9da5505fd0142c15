"""Spectre's own language: junctions and modules as Verilog-A, transistors as ``bsim4``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar

from spinspice.netlist.cards import Element, Model, Scope
from spinspice.netlist.dialects.base import Dialect, Options, same_options
from spinspice.netlist.dialects.language import COMMON, Language
from spinspice.netlist.expressions import Expression, Number, Operation
from spinspice.netlist.names import MODELLED, sizes_of_bin
from spinspice.stimuli import words

_WORDS = """
ac acos ahdl_include alter altergroup asin assert atan ceil check checklimit cos dc else end ends envlp exp
export floor for fourier function global hypot ic if include info inline int library ln local log log10 march
max min model montecarlo nodeset noise options pac parameters param paramset pdisto plot pnoise pow print pss
pxf pz real return save section sens set shell simulator sin sinh sp spectre spice sqrt statistics stb subckt
sweep tan tanh tdr temp test time tnom to tran vary xf
"""
#: Words of the language, its analyses and its functions, which no instance may be called.
_RESERVED = frozenset(_WORDS.split())
#: Kind of element -> (master, parameter of its value).
_MASTERS = {
    "r": ("resistor", "r"),
    "c": ("capacitor", "c"),
    "l": ("inductor", "l"),
    "e": ("vcvs", "gain"),
    "g": ("vccs", "gm"),
    "f": ("cccs", "gain"),
    "h": ("ccvs", "rm"),
}


class Spectre(Dialect):
    """Spectre."""

    simulator: ClassVar[str] = "Spectre"
    choice: ClassVar[str] = (
        "conditions (`if`) choose as ngspice does; a size without one gets width 0, which BSIM4 refuses."
    )
    takes_modules: ClassVar[bool] = True
    models: ClassVar[Mapping[tuple[str, int], str]] = {
        ("d", 1): "diode",
        **{(kind, 1): f"bjt type={kind}" for kind in ("npn", "pnp")},
        **{(kind, 1): f"jfet type={kind[0]}" for kind in ("njf", "pjf")},
        **{(kind, level): f"mos{level} type={kind[0]}" for kind in ("nmos", "pmos") for level in (1, 2, 3)},
        **{(kind, level): f"bsim3v3 type={kind[0]}" for kind in ("nmos", "pmos") for level in (8, 49)},
        **{(kind, level): f"bsim4 type={kind[0]}" for kind in ("nmos", "pmos") for level in (14, 54)},
    }
    language: ClassVar[Language] = Language(
        "Spectre",
        {
            **COMMON,
            ("ln", 1): "ln({0})",
            ("floor", 1): "floor({0})",
            ("ceil", 1): "ceil({0})",
            ("int", 1): "int({0})",
            ("pow", 2): "(({0})**({1}))",
            ("**", 2): "(({0})**({1}))",
        },
    )
    options: ClassVar[Options] = {
        **same_options("reltol", "gmin"),
        "vntol": ("vabstol", 1.0),
        "abstol": ("iabstol", 1.0),
    }

    def _name(self, name: str) -> str:
        """Return the name of an instance, with a dash below where it is a word of the language or a parameter."""
        return f"{name}_" if name in _RESERVED or name in self.top else name

    def signal(self, signal: str) -> str:
        """A node is saved by its name, a current as that of the first terminal of its source."""
        path = signal[2:-1].split(".")
        if signal[0] == "v":
            return ".".join([*map(self._name, path[:-1]), path[-1]])
        return ".".join(map(self._name, path[1:] if len(path) > 1 else path)) + ":p"

    def conditions(self) -> list[str]:
        """Return initial conditions and node sets."""
        values = (("ic", self.circuit.initial), ("nodeset", self.circuit.nodesets))
        return [f"{word} {node}={self.value(value)}" for word, given in values for node, value in given.items()]

    def value(self, tree: Expression) -> str:
        text = self.language.write(tree)
        return f"({text})" if isinstance(tree, Operation) and not text.startswith("(") else text

    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        values = [f"parameters {name}={value}" for name, value in [*defaults, *inner]]
        return [f"subckt {scope.name} ({' '.join(scope.ports)})", *values]

    def end(self, scope: Scope) -> str:
        return f"ends {scope.name}"

    def model_name(self, model: Model, seen_from: Sequence[Scope]) -> str:
        """A dot is in none of Spectre's names."""
        return model.name.replace(".", "_")

    def model(self, name: str, kind: str, parameters: Mapping[str, Expression]) -> str:
        return f"model {name} {kind} {self.assignments(parameters)}"

    def sized_element(self, element: Element, models: dict[str, Model]) -> list[str]:
        """Return conditions for each of the models; a size without one gets no width, which BSIM4 refuses."""
        branches = []
        for name, model in reversed(models.items()):  # of two that hold a size, ngspice takes the later one
            limits = sizes_of_bin(model, element.parameters)
            tests = [
                f"({self.value(size)} > {low:.12g}) && ({self.value(size)} < {high:.12g})" for size, low, high in limits
            ]
            branches.append((f"if ({' && '.join(tests)})", dataclasses.replace(element, master=name)))
        nothing = {**element.parameters, "w": Number(0.0)}
        branches.append(("", dataclasses.replace(branches[-1][1], parameters=nothing)))
        written = (f"{condition} {{\n{self.element(placed)}\n}}".lstrip() for condition, placed in branches)
        return [" else ".join(written)]

    def element(self, element: Element) -> str:
        given: dict[str, Expression] = {}
        words: list[str] = []
        if element.kind in "x" + MODELLED:
            master, given = element.master, self.named(element)
        elif element.kind in "vi":
            master = "vsource" if element.kind == "v" else "isource"
            words = self._source(element)
        else:
            master, name = _MASTERS[element.kind]
            assert element.value is not None
            words = [
                f"{name}={self.value(element.value)}",
                *([f"probe={self._name(element.control)}"] * bool(element.control)),
            ]
            given = element.parameters
        head = [self._name(element.name), f"({' '.join(element.nodes)})", master]
        return " ".join([*head, *words, *filter(None, [self.assignments(given)])])

    def _source(self, element: Element) -> list[str]:
        written: list[str] = []  # a source is a constant one if no type is given
        arguments = [self.value(argument) for argument in element.arguments]
        if element.waveform:
            if element.waveform == "exp":  # SPICE counts the fall from time 0, Spectre from the rise
                arguments[4] = self.value(Operation("-", (element.arguments[4], element.arguments[2])))
            written = words("spectre", element.waveform, arguments)
        if element.value is not None or not element.waveform:
            written.append(f"dc={self.value(element.value or Number(0.0))}")
        written += [f"{n}={self.value(v)}" for n, v in zip(("mag", "phase"), element.small_signal, strict=False)]
        return written
