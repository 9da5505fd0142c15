"""Writer for Spectre: its own language, junctions as Verilog-A by ``ahdl_include``, transistors as ``bsim4``.

Not run in Spectre, which is not to be had here: the README of the folder says what was checked instead.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import spinspice
from spinspice.export.folder import Files, Job, wrap_cards
from spinspice.export.readme import foreign_readme, read_by_vacask
from spinspice.export.sources import carried_files, modules
from spinspice.export.writer import Writer, cell_heading
from spinspice.netlist.cards import Element, Model, Scope
from spinspice.netlist.expressions import Expression, Number, Operation
from spinspice.netlist.names import sizes_of_bin
from spinspice.stimuli import words
from spinspice.units import format_number

#: What runs the exported folder, inside it.
COMMAND = "spectre testbench.scs"
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


class _SpectreWriter(Writer):
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
    functions: ClassVar[Mapping[str, str]] = {
        "ln": "ln({0})",
        "floor": "floor({0})",
        "ceil": "ceil({0})",
        "int": "int({0})",
        "pow": "(({0})**({1}))",
        "**": "(({0})**({1}))",
    }
    options: ClassVar[tuple[str, ...]] = ("reltol", "vntol", "abstol", "gmin")
    #: What Spectre calls them.
    _OPTIONS: ClassVar[Mapping[str, str]] = {"vntol": "vabstol", "abstol": "iabstol"}

    def testbench(self, library: str) -> str:
        """Return the deck."""
        bench = self.bench
        options = {self._OPTIONS.get(name, name): value for name, value in self.run_options({}).items()}
        options = {"temp": format_number(round(bench.temperature - 273.15, 9)), **options}
        lines = [
            f"// {bench.title} ({self.job.junction.split(':')[0]}), exported by spinspice {spinspice.__version__}",
            "simulator lang=spectre",
            " ".join(["global 0", *self.circuit.globals]),
            "// What to change: input, seed of the junction",
            *(f"parameters {name}={value}" for name, value in self.parameters()),
            "// The junctions and, where they are Verilog-A, the transistors",
            *(f'ahdl_include "{source}"' for source in modules(bench).values()),
            "// The cell, with its transistor models",
            f'include "{library}"',
            "// The test bench",
            *self.cards(),
            *(f"ic {node}={self.value(value)}" for node, value in self.circuit.initial.items()),
            *(f"nodeset {node}={self.value(value)}" for node, value in self.circuit.nodesets.items()),
            "// The run; the junctions bound the time step themselves",
            f"simulatorOptions options {' '.join(f'{name}={value}' for name, value in options.items())}",
            f"tran1 tran stop={format_number(bench.stop)} maxstep={format_number(bench.max_step or bench.step)}",
            f"save {' '.join(self._signal(signal) for signal in bench.save)}",
        ]
        return "\n".join(lines) + "\n"

    def file(self) -> str:
        """Return the file of the cell."""
        heading = "".join(f"// {line}\n" for line in cell_heading(self.job))
        return f"{heading}simulator lang=spectre\n{''.join(map(_folded, self.library().splitlines()))}"

    def _name(self, name: str) -> str:
        """Return the name of an instance, with a dash below where it is a word of the language or a parameter."""
        return f"{name}_" if name in _RESERVED or name in self._given() else name

    def _signal(self, signal: str) -> str:
        """A node is saved by its name, a current as that of the first terminal of its source."""
        path = signal[2:-1].split(".")
        if signal[0] == "v":
            return ".".join([*map(self._name, path[:-1]), path[-1]])
        return ".".join(map(self._name, path[1:] if len(path) > 1 else path)) + ":p"

    def value(self, tree: Expression) -> str:
        text = self.expression(tree)
        return f"({text})" if isinstance(tree, Operation) and not text.startswith("(") else text

    def subcircuit(self, scope: Scope, defaults: list[tuple[str, str]], inner: list[tuple[str, str]]) -> list[str]:
        values = [f"parameters {name}={value}" for name, value in [*defaults, *inner]]
        return [f"subckt {scope.name} ({' '.join(scope.ports)})", *values]

    def end(self, scope: Scope) -> str:
        return f"ends {scope.name}"

    def model(self, model: Model, kind: str, parameters: Mapping[str, Expression]) -> str:
        return f"model {_model_name(model)} {kind} {self._assignments(parameters)}"

    def sized_element(self, sizes: list[Model], element: Element) -> str:
        """Return conditions for each of the models; a size without one gets no width, which BSIM4 refuses."""
        branches = []
        for model in reversed(sizes):  # of two that hold a size, ngspice takes the later one
            limits = sizes_of_bin(model, element.parameters)
            tests = [
                f"({self.value(size)} > {low:.12g}) && ({self.value(size)} < {high:.12g})" for size, low, high in limits
            ]
            branches.append((f"if ({' && '.join(tests)})", dataclasses.replace(element, master=_model_name(model))))
        nothing = {**element.parameters, "w": Number(0.0)}
        branches.append(("", dataclasses.replace(branches[-1][1], parameters=nothing)))
        return " else ".join(f"{condition} {{\n{self.element(placed)}\n}}".lstrip() for condition, placed in branches)

    def element(self, element: Element) -> str:
        given: dict[str, Expression] = {}
        words: list[str] = []
        if element.kind in "xdmnqj":
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
        return " ".join([*head, *words, *filter(None, [self._assignments(given)])])

    def _assignments(self, values: Mapping[str, Expression]) -> str:
        return " ".join(f"{name}={self.value(value)}" for name, value in values.items())

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


def _folded(line: str) -> str:
    """Return a line with its end, long cards folded; a condition stays in one line."""
    return f"{line}\n" if line.startswith(("if ", "} else")) else wrap_cards(line)


def _model_name(model: Model) -> str:
    """Return the name of a model; a dot in it is none of Spectre's names."""
    return model.name.replace(".", "_")


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""
    writer = _SpectreWriter(job)
    library = f"{job.cell.name}_cell.scs"
    files = {"README.md": "", "testbench.scs": writer.testbench(library), library: writer.file()}
    files |= carried_files(job)
    files["README.md"] = foreign_readme(
        job,
        files,
        simulator="Spectre",
        command=COMMAND,
        result="`testbench.raw`, in the format of the installation",
        checks=[
            read_by_vacask(
                "spectre",
                f", the name{'' if writer.modules else ' and the version'} of the transistor model, which are its own, "
                "and capital letters",
            )
        ],
        notes=[
            "The junctions are Verilog-A, compiled by Spectre itself (`ahdl_include`).",
            *writer.notes(),
            *(["The transistor model is Verilog-A too, as its authors wrote it."] * bool(writer.modules)),
            "An instance that would be called like a word of the language or a parameter has an underscore behind it.",
            "Names are in lower case.",
        ],
    )
    return files
