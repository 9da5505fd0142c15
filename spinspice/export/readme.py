"""README of an exported folder for the simulators that spinspice does not run itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import spinspice
from spinspice.export.folder import Job


def render(template: str, job: Job, **values: Any) -> str:
    """Return a template of spinspice filled with what is known of a job, and ``values``."""
    import jinja2

    bench = job.bench
    text = (Path(spinspice.__file__).parent / "templates" / template).read_text(encoding="utf-8")
    environment = jinja2.Environment(trim_blocks=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(text).render(
        bench=bench,
        cell=job.cell,
        junction=job.junction,
        signals=", ".join(f"`{name}`" for name in bench.save),
        values=", ".join(f"{name} = {value:g}" for name, value in bench.parameters.items()),
        version=spinspice.__version__,
        **values,
    )


def read_by_vacask(language: str, exception: str = "") -> str:
    """Return what the tests show of a folder in one of the languages that VACASK reads; ``exception``: but for what."""
    return (
        f"The reader of `{language}` netlists inside the simulator VACASK, written by others, takes the test bench as "
        "it is (all but the lines that name the analysis, the signals and the Verilog-A, which it does "
        f"not use{exception}), and running what it read gives the waveform of spinspice's own VACASK engine for the "
        "same seed."
    )


def foreign_readme(
    job: Job,
    files: Iterable[str],
    *,
    simulator: str,
    command: str,
    result: str,
    checks: Iterable[str],
    notes: Iterable[str] = (),
) -> str:
    """Return the README: how to run, what the files are, and what was and was not verified."""
    return render(
        "export_foreign.md.j2",
        job,
        files=[name for name in files if name != "README.md"],
        simulator=simulator,
        command=command,
        result=result,
        checks=list(checks),
        notes=list(notes),
    )
