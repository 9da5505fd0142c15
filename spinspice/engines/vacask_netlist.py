"""Writes a testbench as a VACASK netlist: the circuit in VACASK's words, and what the engine adds to it.

The circuit is :mod:`spinspice.netlist.dialects.vacask`'s; options, what is saved and the analysis stand here. Anything
without an equivalent is an error that names the card: nothing is left out in silence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from spinspice.devices.registry import find_model
from spinspice.netlist.cards import Card
from spinspice.netlist.dialects.vacask import VacaskDialect
from spinspice.netlist.dialects.vacask_language import to_vacask
from spinspice.netlist.dialects.vacask_names import node_path, quote, signal_path
from spinspice.testbench import Testbench
from spinspice.units import format_number

#: Simulator by which a device names its options.
SIMULATOR = "vacask"
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
    if options is None:
        options = dict(DEFAULTS)
        for name in testbench.models:
            options |= {key: str(value) for key, value in find_model(name).solver_options.get(SIMULATOR, {}).items()}
        options |= NOISE_DEFAULTS if set(NOISE) & testbench.options.keys() else {}
    writer = VacaskDialect(
        testbench.circuit,
        parameters=testbench.parameters,
        stop=testbench.stop,
        junctions=models,
        files=files,
        modules=bool(testbench.verilog_a),
    )
    top = [(f"parameters {name}={value}", writer.circuit.card) for name, value in writer.parameters()]
    body = [*top, *writer.subcircuits(), *writer.contents()]
    control, signals = _control(testbench, writer, options)
    head = [_one_line(testbench.title), "ground 0"]
    if writer.circuit.globals:
        head.append("global " + " ".join(map(quote, writer.circuit.globals)))
    head += [f'load "{file}"' for file in writer.files]
    head += [f"model {master} {master}" for master in writer.masters]
    origin = {number: card for number, (_, card) in enumerate(body, start=len(head) + 1)}
    lines = [*head, *(line for line, _ in body), *control]
    return VacaskDeck("\n".join(lines) + "\n", origin, signals, tuple(writer.remarks))


def _control(bench: Testbench, writer: VacaskDialect, ours: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return options, what is saved and the analysis; and the names of the saved signals in the file of results."""
    circuit = writer.circuit
    options: dict[str, str] = {"rawfile": '"binary"', "strictsave": "2", "strictoutput": "2"}
    options["temp"] = format_number(round(bench.temperature - 273.15, 9))
    given = {name.lower(): float(value) for name, value in bench.options.items()}
    noise = {name: given.pop(name) for name in NOISE if name in given}
    options = writer.run_options(given, options | dict(ours))
    signals = {signal: signal_path(signal, circuit) for signal in dict.fromkeys(bench.save)}
    raw = {signal: path if signal[0] == "v" else f"{path}:flow(br)" for signal, path in signals.items()}
    analysis = f"analysis tran1 tran stop={format_number(bench.stop)} step={format_number(bench.step)}"
    analysis += f" maxstep={format_number(bench.max_step or bench.step)}"
    if noise:
        # The white noise of every device as a stochastic differential equation, new for each step of the solver.
        numbers = {name: int(value) if name == "noiseseed" else value for name, value in noise.items()}
        analysis += ' noisemode="sde" ' + " ".join(f"{name}={number!r}" for name, number in numbers.items())
    for keyword, values in (("ic", circuit.initial), ("nodeset", circuit.nodesets)):
        if values:
            items = (f'"{node_path(node, circuit)}", {to_vacask(value)}' for node, value in values.items())
            analysis += f" {keyword}={{{', '.join(items)}}}"
    lines = ["control", "  abort always"]
    lines += [f"  options {name}={value}" for name, value in options.items()]
    lines += [f"  save {signal[0]}({quote(path)})" for signal, path in signals.items()]
    return [*lines, f"  {analysis}", "endc"], raw


def _one_line(title: str) -> str:
    """Return a title that is safe as the first line of a netlist."""
    return " ".join(title.split()) or "spinspice"
