"""Files of others' hands that an exported folder carries: Verilog-A sources with all they include, and their terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from spinspice.cells import Cell
from spinspice.cmos.packages import read_source
from spinspice.engines.osdi import model_source, read_with_includes
from spinspice.errors import CircuitError, UsageError
from spinspice.export.folder import Files, Job
from spinspice.netlist.dialects.base import Dialect
from spinspice.testbench import Testbench

_Dialect = TypeVar("_Dialect", bound=Dialect)
_MODULE = re.compile(r"^\s*module\s+(\w+)", re.MULTILINE)
_PARAMETER = re.compile(r"^\s*(?:parameter\s+\w+\s+|`[MI]P\w*\(\s*)([A-Za-z_]\w*)", re.MULTILINE)


def check_terms(cell: Cell) -> None:
    """Refuse transistors in Verilog-A that come without their terms: the folder would have to copy them.

    Raises
    ------
    UsageError
    """
    if cell.verilog_a and not cell.technology.licence_files:
        names = ", ".join(Path(path).name for path in cell.verilog_a)
        raise UsageError(
            f"cannot export a cell on {cell.technology.name}: its transistors are Verilog-A ({names}) that is not "
            "known to be free to copy. Use generic, sky130 or sg13g2."
        )


def refuse_own_modules(job: Job, simulator: str, advice: str = "") -> None:
    """Refuse a test bench with Verilog-A beside that of the junctions and of the cell's transistors.

    Raises
    ------
    CircuitError
    """
    own = [path for path in job.bench.verilog_a if path not in job.cell.verilog_a]
    if own:
        raise CircuitError(
            f"the test bench brings Verilog-A of its own, {own[0]}; the {simulator} export writes the junctions of "
            f"spinspice and the transistors of its technologies only. {advice}".strip()
        )


def modules(bench: Testbench) -> dict[str, str]:
    """Return the Verilog-A modules of a test bench: name of the compiled file, and the source in the folder.

    The order is that in which an engine loads them.
    """
    ours = {model: f"verilog_a/{model}.va" for model in bench.models}
    return ours | {Path(path).stem: _place(Path(path)) for path in bench.verilog_a}


def declared(paths: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return modules and parameters of Verilog-A files as they are spelled there, by their names in lower case.

    Parameters may be declared by macros, as in models of the Compact Model Coalition, whose names begin with MP or IP.
    """
    text = "\n".join(
        part.decode("utf-8") for path in paths for part in read_with_includes(Path(path).resolve()).values()
    )
    modules, parameters = _MODULE.findall(text), _PARAMETER.findall(text)
    return {name.lower(): name for name in modules}, {name.lower(): name for name in parameters}


def dialect_of(job: Job, dialect: type[_Dialect]) -> _Dialect:
    """Return the circuit of a job in a dialect.

    Raises
    ------
    CircuitError
        For Verilog-A that the folder cannot carry, and for a card that is not understood.
    """
    refuse_own_modules(job, dialect.simulator, "Use the dialect ngspice's decks as a start.")
    modules, spelling = declared(job.bench.verilog_a if dialect.takes_modules else ())
    return dialect(job.bench.circuit, parameters=job.bench.parameters, modules=modules, spelling=spelling)


def _place(source: Path) -> str:
    return f"verilog_a/{source.stem}/{source.name}"


def carried_files(job: Job) -> Files:
    """Return the sources of :func:`modules` with all that they include, and the terms of files that others wrote."""
    bench = job.bench
    files: Files = {}
    for model in bench.models:
        files |= _with_includes(model_source(model), "verilog_a")
    for path in bench.verilog_a:
        files |= _with_includes(Path(path), _place(Path(path)).rpartition("/")[0])
    return files | terms(job)


def _with_includes(source: Path, place: str) -> Files:
    """Return a Verilog-A file and all that it includes, as files of a folder."""
    source = source.resolve()
    texts = read_with_includes(source)
    names = [source, *sorted(texts.keys() - {source})]
    return {f"{place}/{path.relative_to(source.parent)}": texts[path].decode("utf-8") for path in names}


def terms(job: Job) -> Files:
    """Return the terms of the transistor models, where others wrote them."""
    return {_terms_name(Path(path)): read_source(Path(path)) for path in job.cell.technology.licence_files}


def _terms_name(path: Path) -> str:
    """Return where a file of terms goes, under a name that says what it is of."""
    package = next((part for part in path.parts if part.endswith(".dist-info")), path.parent.name)
    return f"licences/{package.removesuffix('.dist-info')}-{path.stem}.txt"
