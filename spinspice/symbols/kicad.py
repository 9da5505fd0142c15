"""A library of symbols for KiCad (version 7 and later), with the fields that its simulator reads."""

from __future__ import annotations

import os
from pathlib import Path

from spinspice.files import mark
from spinspice.symbols.models import LIBRARIES, write_library
from spinspice.symbols.shape import Shape, model_shapes

#: Format of symbol libraries of KiCad 7; later versions read it.
FORMAT = "20220914"
#: Millimetres to a step of a shape: a pin stands on KiCad's grid of 1.27 mm.
STEP = 1.27
_ANGLE = {"left": 0, "right": 180, "top": 270, "bottom": 90}


def library_text(shapes: list[Shape], library: Path) -> str:
    """Return the text of a .kicad_sym file."""
    return (
        f"(kicad_symbol_lib (version {FORMAT}) (generator spinspice)\n"
        + "".join(_symbol(shape, library) for shape in shapes)
        + ")\n"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _property(name: str, value: str, y: float, *, shown: bool = False) -> str:
    hide = "" if shown else " hide"
    effects = f"(effects (font (size 1.27 1.27)) (justify left){hide})"
    return f"    (property {_quoted(name)} {_quoted(value)} (at 7.62 {y:g} 0) {effects})\n"


def _symbol(shape: Shape, library: Path) -> str:
    values = " ".join(f"{name}={value}" for name, value in shape.parameters.items())
    pins = " ".join(f"{number}={pin.name}" for number, pin in enumerate(shape.pins, start=1))
    fields = [
        ("Reference", "X", True), ("Value", shape.name, True), ("Footprint", "", False), ("Datasheet", "", False),
        ("ki_description", shape.about, False), ("Sim.Device", "SUBCKT", False), ("Sim.Library", str(library), False),
        ("Sim.Name", shape.name, False), ("Sim.Pins", pins, False), ("Sim.Params", values, False),
    ]  # fmt: skip
    text = f"  (symbol {_quoted(shape.name)} (in_bom yes) (on_board no)\n"
    text += "".join(
        _property(name, value, 10.16 - 2.54 * k, shown=shown) for k, (name, value, shown) in enumerate(fields)
    )
    text += f"    (symbol {_quoted(shape.name + '_0_1')}\n"
    for top, bottom in ((1.905, 0.381), (-0.381, -1.905)):
        text += (
            f"      (rectangle (start -2.54 {top}) (end 2.54 {bottom}) (stroke (width 0.254) (type default))"
            " (fill (type background)))\n"
        )
    text += f"    )\n    (symbol {_quoted(shape.name + '_1_1')}\n"
    for number, pin in enumerate(shape.pins, start=1):
        length = 3.175 if pin.side in ("top", "bottom") else 2.54
        text += (
            f"      (pin passive line (at {STEP * pin.x:g} {-STEP * pin.y:g} {_ANGLE[pin.side]}) (length {length})"
            f" (name {_quoted(pin.name)} (effects (font (size 1.016 1.016))))"
            f" (number {_quoted(str(number))} (effects (font (size 1.016 1.016)))))\n"
        )
    return text + "    )\n  )\n"


def write_kicad(folder: str | os.PathLike[str], *, compiled: bool = True) -> list[Path]:
    """Write a library of the compact models for KiCad, and the models.

    Raises
    ------
    ResultError, EngineNotFound
    """
    folder = Path(folder).resolve()
    library = folder / "models" / LIBRARIES["verilog-a" if compiled else "b-source"]
    texts = {
        "README.md": _README.format(mark=mark(), models=folder / "models"),
        "spinspice.kicad_sym": library_text(model_shapes(), library),
    }
    return write_library(folder, texts, compiled=compiled)


_README = """\
# spinspice for KiCad

{mark}. Preferences, Manage Symbol Libraries: add `spinspice.kicad_sym` under the name spinspice. Symbols carry the
fields of the simulator (Sim.Library, Sim.Name, Sim.Pins, Sim.Params). With compiled models ngspice must load them: in
`~/.spiceinit`, `pre_osdi {models}/mtj_macrospin.osdi` (and the others). Written without KiCad at hand: a test reads the
library as the S-expressions that its format is.
"""
