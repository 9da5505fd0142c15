"""Drawings of the neurons on SKY130 for xschem: what stands where; all else is that of the Python cells."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from spinspice.symbols.shape import Shape

#: Cells that are drawn.
DRAWN = ("bsn", "asn", "readout")
#: Element -> place of its symbol on the sheet.
_PLACES: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "bsn": {
        "Xmtj": (300, -320), "Xin": (280, -160),
        "Xp1": (500, -320), "Xn1": (500, -160), "Xp2": (720, -320), "Xn2": (720, -160),
    },
    "asn": {
        "Xmtj": (440, -520), "Xin": (420, -360), "Rref": (120, -60), "Xw1": (80, 140), "Xw2": (380, 140),
        "Xw3": (620, 40), "Xw4": (620, -100), "Xtn": (1020, 220), "Xn1": (920, 80), "Xn2": (1200, 80),
        "Xl1": (920, -60),
        "Xl2": (1200, -60), "Xtp": (1560, -260), "Xp1": (1460, -120), "Xp2": (1740, -120), "Xl3": (1460, 40),
        "Xl4": (1740, 40),
    },
}  # fmt: skip
#: Parts in a row, where no place is given.
_ROW = 9
#: Pins of the symbols, relative to their places, in the order of the netlist.
_PINS = {
    "nfet": ((20, -30), (-20, 0), (20, 30), (20, 0)),
    "pfet": ((20, 30), (-20, 0), (20, -30), (20, 0)),
    "res": ((0, -30), (0, 30)),
    "capa": ((0, -30), (0, 30)),
    "ammeter": ((0, -20), (0, 20)),
}
_AMMETER = """\
G {type=vsource
format="@name @pinlist 0"
template="name=Vm_1"
}
V {}
S {}
E {}
A 4 0 0 10 0 360 {}
L 4 0 -20 0 -10 {}
L 4 0 20 0 10 {}
B 5 -2.5 -22.5 2.5 -17.5 {name=p dir=inout}
B 5 -2.5 17.5 2.5 22.5 {name=m dir=inout}
T {A} -4 -6 0 0 0.2 0.2 {}
T {@name} 14 -6 0 0 0.15 0.15 {}
"""


@dataclasses.dataclass(frozen=True)
class Part:
    """An element of a cell: name, nodes, model or value, parameters."""

    name: str
    nodes: tuple[str, ...]
    model: str
    parameters: Mapping[str, str]

    @property
    def symbol(self) -> str:
        """Name of its symbol."""
        if self.model.endswith(("nfet_01v8", "pfet_01v8")):
            return "nfet" if "nfet" in self.model else "pfet"
        if self.name[0].upper() == "V":
            return "ammeter"
        return {"R": "res", "C": "capa"}.get(self.name[0].upper(), self.model)


def drawn_cell(name: str, technology: str = "sky130", **sizes: Any) -> Any:
    """Return the Python cell that is drawn: on SKY130, with its own preset."""
    if name == "readout":
        from spinspice.symbols.readout import readout_cell

        return readout_cell()
    from spinspice.cells import get_cell
    from spinspice.cmos import get_technology
    from spinspice.presets import load_preset

    kind: Any = get_cell(name)
    return kind(load_preset(kind.preset).device, get_technology(technology), **sizes)


def parts(cell: Any) -> list[Part]:
    """Return the elements of a cell in their order, the ammeters of its energy account included.

    With them in the same order the matrix of the circuit is that of the Python cell, so that its waveforms are the same
    bit for bit.
    """
    found = []
    for card in (" ".join(str(element).split()) for element in cell.elements):
        words = card.split()
        bare = [word for word in words[1:] if "=" not in word]
        parameters = dict(word.split("=", 1) for word in words[1:] if "=" in word)
        found.append(Part(words[0], tuple(bare[:-1]), bare[-1], parameters))
    return found


def _pins(part: Part) -> tuple[tuple[int, int], ...]:
    if part.symbol in _PINS:
        return _PINS[part.symbol]
    from spinspice.devices.registry import find_model
    from spinspice.symbols.shape import model_shape

    return tuple((10 * pin.x, 10 * pin.y) for pin in model_shape(find_model(part.model)).pins)


def drawing(cell: Any, library: str) -> str:
    """Return the text of the .sch file of a cell: symbols in place, wires down the columns, and labels.

    Parameters
    ----------
    cell : NeuronCell
    library : str
        Folder of the symbols, as their paths name it.
    """
    found = parts(cell)
    places = _places(cell.name, found)
    top = min(y for _, y in places.values())
    lines = ["v {xschem version=2.8.1 file_version=1.0}", "G {}", "V {}", "S {}", "E {}"]
    at: list[tuple[int, int, str]] = []
    right: dict[tuple[int, int], int] = {}  # pins whose label stands to the right
    components = []
    for part in found:
        x, y = places[part.name]
        # A junction hangs from the supply by its reference layer: turned by half.
        turned = part.model.startswith("mtj_")
        for node, (dx, dy) in zip(part.nodes, _pins(part), strict=True):
            spot = (x - dx, y - dy) if turned else (x + dx, y + dy)
            at.append((*spot, node))
            right[spot] = int(spot[0] >= x)
        components.append(_component(part, library, x, y, turned))
    wired = set()
    for one, other in _columns(at):
        lines.append(f"N {one[0]} {one[1]} {other[0]} {other[1]} {{lab={one[2]}}}")
        wired |= {other[:2]}
    labels = [spot for spot in dict.fromkeys(at) if spot[:2] not in wired]
    for number, (x, y, node) in enumerate(labels):
        components.append(
            f"C {{devices/lab_pin.sym}} {x} {y} 0 {right[x, y]} {{name=l{number} sig_type=std_logic lab={node}}}"
        )
    for number, port in enumerate(cell.ports):
        kind = "opin" if port == "out" else "iopin" if port in ("vdd", "vss", "mid") else "ipin"
        components.append(f"C {{devices/{kind}.sym}} 0 {-400 + 30 * number} 0 0 {{name=p{number} lab={port}}}")
    title = f"T {{{cell.name} on {cell.technology.name}, drawn from the Python cell}} 0 {top - 160} 0 0 0.4 0.4 {{}}"
    return "\n".join([*lines, title, *components]) + "\n"


def _places(name: str, found: list[Part]) -> dict[str, tuple[int, int]]:
    """Return places for all parts: those of the table, others in rows, and the ammeters in rows below all else."""
    places = dict(_PLACES.get(name, {}))
    others = [part.name for part in found if part.symbol != "ammeter" and part.name not in places]
    places |= {other: (400 + 340 * (k % _ROW), -320 + 180 * (k // _ROW)) for k, other in enumerate(others)}
    below = max(y for _, y in places.values()) + 160
    meters = [part.name for part in found if part.symbol == "ammeter"]
    return places | {m: (60 + 240 * (k % _ROW), below + 100 * (k // _ROW)) for k, m in enumerate(meters)}


def _columns(at: list[tuple[int, int, str]]) -> Iterator[tuple[tuple[int, int, str], tuple[int, int, str]]]:
    """Yield neighbours down a column that are one net: what a wire joins."""
    spots = sorted(dict.fromkeys(at))
    for one, other in itertools.pairwise(spots):
        if one[0] == other[0] and one[2] == other[2] and one[1] != other[1]:
            yield one, other


def _component(part: Part, library: str, x: int, y: int, turned: bool) -> str:
    if part.symbol in ("res", "capa"):
        return f"C {{devices/{part.symbol}.sym}} {x} {y} 0 0 {{name={part.name} value={part.model}}}"
    if part.symbol == "ammeter":
        return f"C {{{library}/ammeter.sym}} {x} {y} 0 0 {{name={part.name}}}"
    names = {"nfet": "sky130_nfet", "pfet": "sky130_pfet"}
    # Braces of a value are escaped in a drawing.
    escaped = {key: value.replace("{", r"\{").replace("}", r"\}") for key, value in part.parameters.items()}
    attributes = " ".join(f"{key}={value}" for key, value in escaped.items())
    symbol = names.get(part.symbol, part.symbol)
    return f"C {{{library}/{symbol}.sym}} {x} {y} {2 if turned else 0} 0 {{name={part.name} {attributes}}}"


def transistor_symbols() -> dict[str, str]:
    """Return symbols of transistors and ammeters whose lines are those of the Python cells."""
    out = {"ammeter.sym": _AMMETER}
    for kind, mark in (("nfet", 1), ("pfet", -1)):
        model = f"sky130_fd_pr__{kind}_01v8"
        gate = -20 if kind == "nfet" else -12
        body = [
            "L 4 5 -30 5 30 {}", "L 4 5 -20 20 -20 {}", "L 4 20 -30 20 -20 {}", "L 4 5 20 20 20 {}",
            "L 4 20 20 20 30 {}",
            "L 4 -5 -15 -5 15 {}", f"L 4 -20 0 {-5 if kind == 'nfet' else gate} 0 {{}}", "L 4 10 0 20 0 {}",
            f"L 4 {5 if mark > 0 else 10} -5 {10 if mark > 0 else 5} 0 {{}}",
            f"L 4 {5 if mark > 0 else 10} 5 {10 if mark > 0 else 5} 0 {{}}",
        ]  # fmt: skip
        if kind == "pfet":
            body.append("A 4 -8.5 0 3.5 0 360 {}")
        pins = zip("dgsb", _PINS[kind], strict=True)
        boxes = [f"B 5 {x - 2.5} {y - 2.5} {x + 2.5} {y + 2.5} {{name={name} dir=inout}}" for name, (x, y) in pins]
        sizes = "ad=@ad as=@as l=@l mult=@mult pd=@pd ps=@ps w=@w"
        out[f"sky130_{kind}.sym"] = "\n".join([
            f"G {{type={'nmos' if kind == 'nfet' else 'pmos'}",
            f'format="@name @pinlist {model} {sizes}"',
            'template="name=X1 w=1 l=0.15 ad=0.29 as=0.29 pd=2.58 ps=2.58 mult=1"',
            "}", "V {}", "S {}", "E {}", *body, *boxes,
            "T {@w/@l} 25 -15 0 0 0.2 0.2 {}", "T {@name} 25 8 0 0 0.2 0.2 {}",
        ]) + "\n"  # fmt: skip
    return out


def transistor_library(cell: Any) -> str:
    """Return the transistor models of a drawing: the cut of the foundry's library that the Python cell carries."""
    text = str(cell)
    first = str(next(iter(cell.elements))).split()[0]
    lines = text.splitlines()
    stop = max(n for n, line in enumerate(lines) if line.split()[:1] == [first])
    head = [line for line in lines[:stop] if not line.lower().startswith(f".subckt {cell.name} ")]
    return "\n".join(head) + "\n"


def bench_drawing(cell: Any, shape: Shape, library: str, transistors: Path) -> str:
    """Return a test bench around the symbol of a cell: rails, input, load, models, and a run of 20 ns."""
    lines = ["v {xschem version=2.8.1 file_version=1.0}", "G {}", "V {}", "S {}", "E {}"]
    lines.append(f"C {{{library}/{cell.name}.sym}} 0 0 0 0 {{name=X1 seed=1}}")
    for number, pin in enumerate(shape.pins):
        lines.append(
            f"C {{devices/lab_pin.sym}} {10 * pin.x} {10 * pin.y} 0 0 "
            f"{{name=l{number} sig_type=std_logic lab={pin.name}}}"
        )
    lines.append(f"C {{{library}/spinspice_models.sym}} 250 200 0 0 {{name=MODELS}}")
    if cell.name == "readout":
        from spinspice.symbols.readout import BENCH, PERIOD

        run = f".options reltol=1e-5\n.save v(out) v(state) v(count)\n.tran {PERIOD / 1e3!r} {2.5 * PERIOD!r}"
        return (
            "\n".join(
                [*lines, _code(f".include {transistors}\n.include {transistors.parent / BENCH}\n.temp 26.85\n{run}")]
            )
            + "\n"
        )
    low, high = cell.rails
    sources = (("Vdd", "vdd", high), ("Vss", "vss", low), ("Vin", "vin", 0))
    for number, (name, node, value) in enumerate(sources):
        x = -400 + 80 * number
        lines.append(f"C {{devices/vsource.sym}} {x} 250 0 0 {{name={name} value={value}}}")
        lines.append(f"C {{devices/lab_pin.sym}} {x} 220 0 0 {{name=s{number} sig_type=std_logic lab={node}}}")
        lines.append(f"C {{devices/lab_pin.sym}} {x} 280 0 0 {{name=g{number} sig_type=std_logic lab=0}}")
    lines.append("C {devices/capa.sym} -160 250 0 0 {name=Cload m=1 value=1e-15}")
    lines.append("C {devices/lab_pin.sym} -160 220 0 0 {name=s9 sig_type=std_logic lab=out}")
    lines.append("C {devices/lab_pin.sym} -160 280 0 0 {name=g9 sig_type=std_logic lab=0}")
    step = cell.device.max_step
    options = ".temp 26.85\n.options trtol=100\n.save v(out) v(mid)"
    code = f".include {transistors}\n{options}\n.tran {0.78125 * step!r} 20n 0 {step!r}"
    lines.append(_code(code))
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """Return a block of cards on a sheet."""
    return f'C {{devices/code.sym}} 350 150 0 0 {{name=RUN only_toplevel=true value="\n{text}\n"}}'
