"""A library of symbols for Qucs-S: a user library of SPICE subcircuits, each with its drawing."""

from __future__ import annotations

import os
from pathlib import Path

from spinspice.files import mark
from spinspice.symbols.models import LIBRARIES, write_library
from spinspice.symbols.shape import Shape, model_shapes

#: Version of the format of libraries that is written; newer programs read it.
FORMAT = "0.0.21"


def library_text(shapes: list[Shape], include: Path) -> str:
    """Return the text of a .lib file of Qucs-S: per model, its instance line, its symbol and its parameters."""
    parts = [f'<Qucs Library {FORMAT} "spinspice">\n']
    for shape in shapes:
        ports = " ".join(f"_net_{pin.name}" for pin in shape.pins)
        declared = " ".join(f"{name}={value}" for name, value in shape.parameters.items())
        passed = " ".join(f"{name}={{{name}}}" for name in shape.parameters)
        nodes = " ".join(pin.name for pin in shape.pins)
        parts.append(
            f"<Component {shape.name}>\n  <Description>\n{_escaped(shape.about)}\nPorts: {nodes}\n  </Description>\n"
            f"  <Spice>\n.SUBCKT spinspice_{shape.name} gnd {ports} {declared}\n"
            f"Xj {ports} {shape.name} {passed}\n.ENDS\n.INCLUDE {include}\n  </Spice>\n"
            f"  <Symbol>\n{_symbol(shape)}  </Symbol>\n</Component>\n"
        )
    return "\n".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "and").replace("<", "(").replace(">", ")")


def _symbol(shape: Shape) -> str:
    lines = [f"<Line 0 {y} 0 {d} #000080 2 1>" for y, d in ((-40, 28), (12, 28))]
    for top in (-12, 3):
        lines.append(f"<Rectangle -14 {top} 28 9 #000080 2 1 #c0c0c0 1 0>")
    for pin in shape.pins:
        if pin.side in ("left", "right"):
            start = -14 if pin.x < 0 else 14
            lines.append(f"<Line {start} {10 * pin.y} {10 * pin.x - start} 0 #000080 2 1>")
    lines += [f"<.PortSym {10 * pin.x} {10 * pin.y} {k} 0>" for k, pin in enumerate(shape.pins, start=1)]
    settable = [f'"{name}={value}={name}="' for name, value in shape.parameters.items()]
    shown = [f"1{entry}" if '"seed=' in entry or '"R_P=' in entry else f"0{entry}" for entry in settable]
    lines.append(f"<.ID 20 24 MTJ {' '.join(chr(34) + text[0] + text[1:].strip(chr(34)) + chr(34) for text in shown)}>")
    return "".join(f"    {line}\n" for line in lines)


def write_qucs(folder: str | os.PathLike[str], *, compiled: bool = True) -> list[Path]:
    """Write a library of the compact models for Qucs-S, and the models.

    Raises
    ------
    ResultError, EngineNotFound
    """
    folder = Path(folder).resolve()
    include = folder / "models" / LIBRARIES["verilog-a" if compiled else "b-source"]
    texts = {
        "README.md": _README.format(mark=mark(), models=folder / "models"),
        "spinspice.lib": library_text(model_shapes(), include),
    }
    return write_library(folder, texts, compiled=compiled)


_README = """\
# spinspice for Qucs-S

{mark}. Copy `spinspice.lib` to the user libraries (`~/.qucs/user_lib`); the models appear under "User Libraries". With
compiled models the simulator must load them: a "Nutmeg script" or `.spiceinit` with
`pre_osdi {models}/mtj_macrospin.osdi` (and the others), ngspice 44 or later. Written without Qucs-S at hand: the
format is that of its own libraries, the
subcircuits are run by a test in ngspice.
"""
