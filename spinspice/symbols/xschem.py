"""Symbols, drawings and libraries for xschem."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from spinspice.files import check_folder, complete_file, mark
from spinspice.symbols.drawing import DRAWN, drawing, drawn_cell, transistor_library
from spinspice.symbols.models import LIBRARIES, write_models
from spinspice.symbols.readout import BENCH, bench_cards
from spinspice.symbols.shape import Shape, cell_shape, model_shapes

#: Units of xschem to a step of a shape.
GRID = 10
#: What the folder is called in paths of symbols.
LIBRARY = "spinspice"


def symbol_text(shape: Shape) -> str:
    """Return the text of a .sym file: an instance line with every parameter of the subcircuit."""
    names = " ".join(f"{name}=@{name}" for name in shape.parameters)
    kind = "primitive" if shape.junction else "subcircuit"
    subcircuit = shape.name if shape.junction else "@symname"
    values = " ".join(f"{name}={value}" for name, value in shape.parameters.items())
    lines = [
        f"G {{type={kind}",
        f'format="@name @pinlist {subcircuit} {names}"',
        f'template="name=X1 {values}"',
        "}",
        "V {}",
        "S {}",
        "E {}",
        *_body(shape),
    ]
    for pin in shape.pins:
        x, y = GRID * pin.x, GRID * pin.y
        direction = "out" if pin.side == "right" else "in" if pin.side == "left" else "inout"
        lines.append(f"B 5 {x - 2.5} {y - 2.5} {x + 2.5} {y + 2.5} {{name={pin.name} dir={direction}}}")
        lines.append(_pin_label(pin.name, x, y, pin.side))
    shown = ("R_P", "seed") if shape.junction else ("seed",)
    corner = GRID * (shape.half_height + 1)
    lines.append(f"T {{@name}} {15} {-corner} 0 0 0.2 0.2 {{}}")
    lines += [
        f"T {{{n}=@{n}}} 15 {corner - 10 * k} 0 0 0.15 0.15 {{}}" for k, n in enumerate(shown) if n in shape.parameters
    ]
    return "\n".join(lines) + "\n"


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"L 4 {x1:g} {y1:g} {x2:g} {y2:g} {{}}"


def _box(w: float, top: float, bottom: float) -> list[str]:
    return [_line(-w, top, w, top), _line(-w, bottom, w, bottom), _line(-w, top, -w, bottom), _line(w, top, w, bottom)]


def _body(shape: Shape) -> list[str]:
    """A junction: free layer, barrier, reference layer; a cell: a box with its name."""
    lines: list[str] = []
    if shape.junction:
        lines += [_line(0, -40, 0, -12), _line(0, 40, 0, 12), *_box(14, -12, -3), *_box(14, 3, 12)]
        lines += [_line(-8, -7.5, 8, -7.5), _line(8, -7.5, 4, -10), _line(8, -7.5, 4, -5), _line(-8, -7.5, -4, -10)]
        lines += [_line(-8, -7.5, -4, -5), _line(-8, 7.5, 8, 7.5), _line(8, 7.5, 4, 5), _line(8, 7.5, 4, 10)]
        edge = 14
    else:
        edge = 60
        height = max(abs(pin.y) for pin in shape.pins) * GRID - 20
        lines += [*_box(edge, -height, height), "T {@symname} -25 -8 0 0 0.3 0.3 {}"]
    for pin in shape.pins:
        x, y = GRID * pin.x, GRID * pin.y
        if pin.side in ("left", "right"):
            lines.append(_line(x, y, -edge if x < 0 else edge, y))
        elif not shape.junction:
            lines.append(_line(x, y, x, y + (20 if y < 0 else -20)))
    return lines


def _pin_label(name: str, x: float, y: float, side: str) -> str:
    if side == "left":
        return f"T {{{name}}} {x + 2:g} {y - 12:g} 0 0 0.15 0.15 {{}}"
    if side == "right":
        return f"T {{{name}}} {x - 2:g} {y - 12:g} 0 1 0.15 0.15 {{}}"
    return f"T {{{name}}} {x + 4:g} {y + (0 if side == 'top' else -10):g} 0 0 0.15 0.15 {{}}"


def write_xschem(folder: str | os.PathLike[str], *, compiled: bool = True, drawings: bool = True) -> list[Path]:
    """Write the library for xschem: symbols, models, drawings of the neurons on SKY130, and an ``xschemrc``.

    ``xschem --rcfile DIR/xschemrc DIR/spinspice/tb_bsn.sch`` opens a test bench that runs.

    Parameters
    ----------
    folder : path
    compiled : bool
        Compile the models; without, the decks include the B-sources.
    drawings : bool
        Draw the cells on SKY130, which needs the package of that technology.

    Raises
    ------
    ResultError, EngineNotFound, UsageError
    """
    folder = Path(folder).resolve()
    check_folder(folder, ["README.md"])
    files: dict[str, str] = {"README.md": _README.format(mark=mark())}
    written = [_write(folder / name, text) for name, text in files.items()]
    models = write_models(folder / "models", compiled=compiled)
    written += models
    texts = {f"{shape.name}.sym": symbol_text(shape) for shape in model_shapes()}
    texts["spinspice_models.sym"] = _code_symbol(folder / "models", models, compiled)
    if drawings:
        texts |= _drawings(folder / "models")
        for name in DRAWN:
            written.append(_write(folder / "models" / f"sky130_{name}.lib", transistor_library(drawn_cell(name))))
        written.append(_write(folder / "models" / BENCH, bench_cards(drawn_cell("readout"))))
    written += [_write(folder / LIBRARY / name, text) for name, text in texts.items()]
    written.append(_write(folder / "xschemrc", _RC.format(mark=mark(), folder=folder)))
    return written


def _write(path: Path, text: str) -> Path:
    with complete_file(path, own_folder=True) as place:
        place.write_text(text, encoding="utf-8")
    return path


def _drawings(models: Path) -> dict[str, str]:
    from spinspice.symbols.drawing import bench_drawing, transistor_symbols

    texts = dict(transistor_symbols())
    for name in DRAWN:
        cell = drawn_cell(name)
        ports = tuple(cell.ports)
        shape = cell_shape(cell.name, ports, (cell.__doc__ or name).splitlines()[0])
        texts[f"{cell.name}.sym"] = symbol_text(shape)
        texts[f"{cell.name}.sch"] = drawing(cell, LIBRARY)
        texts[f"tb_{cell.name}.sch"] = bench_drawing(cell, shape, LIBRARY, models / f"sky130_{name}.lib")
    return texts


def _code_symbol(folder: Path, files: Iterable[Path], compiled: bool) -> str:
    """Return a block to put on a sheet, which loads the models."""
    library = folder / LIBRARIES["verilog-a" if compiled else "b-source"]
    lines = [f".include {library}"]
    loads = [f"pre_osdi {file.resolve()}" for file in files if file.suffix == ".osdi"]
    if loads:
        lines += [".control", *loads, ".endc"]
    text = "\n".join(lines)
    return (
        "G {type=netlist_commands\n"
        'template="name=MODELS only_toplevel=true"\n'
        f'format="\n{text}\n"\n}}\nV {{}}\nS {{}}\nE {{}}\n'
        + "\n".join(_box(50, -20, 20))
        + "\nT {spinspice models} -45 -8 0 0 0.25 0.25 {}\n"
    )


_RC = """\
# {mark}. Paths of the library: xschem --rcfile THIS FILE DRAWING.sch
set XSCHEM_LIBRARY_PATH {{}}
append XSCHEM_LIBRARY_PATH ${{XSCHEM_SHAREDIR}}/xschem_library
append XSCHEM_LIBRARY_PATH :{folder}
append XSCHEM_LIBRARY_PATH :{folder}/spinspice
set netlist_type spice
set hspice_netlist 0
if {{[info exists env(SPINSPICE_NETLIST_DIR)]}} {{ set netlist_dir $env(SPINSPICE_NETLIST_DIR) }}
"""

_README = """\
# spinspice for xschem

{mark}.

    xschem --rcfile xschemrc spinspice/tb_bsn.sch

opens a test bench; its netlist runs in ngspice as it is. `spinspice/*.sym` are the compact models and the cells,
`spinspice/bsn.sch` and `asn.sch` their drawings on SKY130, `models` what the netlists include. In a drawing of your own
put `spinspice/spinspice_models` on the sheet once, and junctions `spinspice/mtj_macrospin` or `spinspice/mtj_telegraph`
with their parameters and a `seed` of their own each.
"""
