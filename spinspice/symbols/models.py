"""The models as files that other programs load: libraries of subcircuits, compiled models, their sources."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from spinspice.devices import models
from spinspice.engines.osdi import compile_source, model_source
from spinspice.files import check_folder, complete_file, mark
from spinspice.paths import data_dir

#: Libraries by realisation.
LIBRARIES = {"verilog-a": "spinspice_osdi.lib", "b-source": "spinspice_bsource.lib"}


def write_models(folder: str | os.PathLike[str], *, compiled: bool = True) -> list[Path]:
    """Write the libraries, the Verilog-A sources and, if asked, the compiled models to a folder.

    Raises
    ------
    EngineNotFound
        If the compiler is not installed.
    ResultError
        If the folder cannot be written, or holds files that are not spinspice's.
    """
    folder = Path(folder)
    check_folder(folder, ["README.md"])
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name in LIBRARIES.values():
        written.append(_copy(data_dir("netlists") / name, folder))
    for source in sorted(data_dir("verilog_a").glob("*.*")):
        if source.suffix in (".va", ".inc"):
            written.append(_copy(source, folder))
    loads = []
    for name, kind in models().items():
        if compiled and kind.folder is None:
            target = folder / f"{name}.osdi"
            with complete_file(target, own_folder=True) as place:
                shutil.copyfile(compile_source(model_source(name), target_cpu="generic"), place)
            loads.append(f"pre_osdi {target.resolve()}")
            written.append(target)
    readme = folder / "README.md"
    with complete_file(readme) as place:
        place.write_text(
            _README.format(mark=mark(), loads="\n    ".join(loads), lib=(folder / LIBRARIES["verilog-a"]).resolve())
        )
    return [*written, readme]


def write_library(folder: Path, texts: Mapping[str, str], *, compiled: bool = True) -> list[Path]:
    """Write the files of a library of symbols, by name, and the models that they name to the folder ``models``."""
    check_folder(folder, ["README.md"])
    for name, text in texts.items():
        with complete_file(folder / name, own_folder=True) as place:
            place.write_text(text, encoding="utf-8")
    return [*(folder / name for name in texts), *write_models(folder / "models", compiled=compiled)]


def _copy(source: Path, folder: Path) -> Path:
    target = folder / source.name
    with complete_file(target, own_folder=True) as place:
        shutil.copyfile(source, place)
    return target


_README = """\
# Models of spinspice

{mark}. For ngspice 44 or later, in a deck:

    .include {lib}
    .control
    {loads}
    .endc

and a junction as `Xj free ref mx my mz mtj_macrospin R_P=12.7k seed=7`. For an ngspice without OSDI include
`spinspice_bsource.lib` in its place, with the two lines that it needs (see the head of that file). The compiled files
are for this kind of processor; the sources lie beside them: `openvaf-r FILE.va`.

ngspice ignores a misspelt parameter of an X line without a word: `sede=7` runs with seed 1.
"""
