"""Foreign decks read by simulators that are to be had: VACASK reads HSPICE's, Spectre's and Xyce's language, ngspice
that of LTspice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np

from spinspice.engines.osdi import compile_models
from spinspice.engines.rawfile import read_raw
from spinspice.engines.vacask import find_vacask
from spinspice.engines.vacask_netlist import write_deck
from spinspice.export import Export
from spinspice.export.behavioural import LIBRARY

#: Test bench of each dialect that VACASK reads.
FOREIGN = {"hspice": "testbench.sp", "spectre": "testbench.scs", "xyce": "testbench.cir"}
#: Spectre's model -> VACASK's.
_MASTERS = {"bsim4": "sp_bsim4v8", "bsim3v3": "sp_bsim3v3", "diode": "sp_diode", "bjt": "sp_bjt", "jfet": "sp_jfet1"}
_MASTERS |= {f"mos{level}": f"sp_mos{level}" for level in (1, 2, 3)}
_BY_LEVEL = {1: "sp_mos1", 2: "sp_mos2", 3: "sp_mos3", 9: "sp_bsim3v3", 49: "sp_bsim3v3"}
_BY_TYPE = {"d": "sp_diode", "npn": "sp_bjt", "pnp": "sp_bjt", "njf": "sp_jfet1", "pjf": "sp_jfet1"}
_TYPES = {"n": "1", "npn": "1", "p": "-1", "pnp": "-1"}


def by_vacask(dialect: str, exported: Export) -> dict[str, np.ndarray]:
    """Return the waveforms of a folder's test bench as VACASK reads it.

    Analysis and modules, which its readers pass over, are those of the engine's own deck. Transistor models have other
    names than Spectre's, and versions of BSIM3 and BSIM4 that VACASK does not have stand for those that it has.
    """
    bench = exported.testbench
    models = dict(zip(bench.models, map(str, compile_models(bench.models)), strict=True))
    lines = write_deck(
        bench, models, files=[str(path) for path in compile_models((), bench.verilog_a)]
    ).text.splitlines()
    cards: list[str] = []
    for path in (*exported.folder.glob("*_cell.*"), exported.folder / FOREIGN[dialect]):
        text, models_there = _adapted(dialect, path.read_text())
        path.write_text(text)
        cards += models_there
    head = [line for line in lines[1:] if line.startswith(("ground", "load", "model"))]
    masters = {f"model {name} {name}" for name in ("vsource", "capacitor")} - set(head)
    include = f'include "{FOREIGN[dialect]}" lang={dialect}'
    control = lines[lines.index("control") :]
    (exported.folder / "read.sim").write_text(
        "\n".join(["read", *head, *sorted(masters), *cards, include, *control]) + "\n"
    )
    info = find_vacask()
    assert info is not None
    blas = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    environment = {"PATH": "/usr/bin:/bin", **blas}
    command = [info.path, "-qp", "read.sim"]
    done = subprocess.run(command, cwd=exported.folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-500:]
    return read_raw(exported.folder / "tran1.raw")


def _adapted(dialect: str, text: str) -> tuple[str, list[str]]:
    """Return a text without its models, and these in VACASK's words.

    Its readers look for a model in the subcircuit of an element and at the top only, and know one model of a MOSFET.
    """
    text = re.sub(r"\n\+ ?", " ", text)
    models: list[str] = []
    if dialect == "spectre":
        text = re.sub(r"(?m)^model (\S+) (\w+)(?: type=(\w+))?(.*)$", lambda m: _model(models, "", *m.groups()), text)
        return text.lower(), [line.lower() for line in models]
    text = re.sub(r"(?m)^\.model (\S+) (\w+)() level=(.*)$", lambda m: _model(models, "m_", *m.groups()), text)
    if dialect == "xyce":  # VACASK has no behavioural sources: the junction is its module
        text = text.replace(f'.include "{LIBRARY}"', "").replace(" PARAMS: ", " ")
        text = re.sub(r"(?m)^\.print .*$", "", text)
    return text, models


def _model(models: list[str], prefix: str, name: str, kind: str, polarity: str | None, rest: str) -> str:
    """Keep a model in VACASK's words and leave nothing of it."""
    master = _MASTERS.get(kind, _BY_TYPE.get(kind, ""))
    if kind in ("nmos", "pmos"):
        level, _, rest = rest.partition(" ")
        master = _BY_LEVEL.get(int(level), "sp_bsim4v8")
    elif prefix:
        rest = rest.partition(" ")[2]
    sign = _TYPES.get(polarity or kind.replace("mos", "").replace("jf", ""))
    version = ' version="4.8"' if master == "sp_bsim4v8" else ""
    rest = re.sub(r"\s*version=[0-9.]+", version, rest)
    models.append(" ".join(filter(None, [f"model {prefix}{name} {master}", f"type={sign}" if sign else "", rest])))
    return ""


def by_ngspice(exported: Export) -> dict[str, np.ndarray]:
    """Return the waveforms of LTspice's test bench as ngspice reads it in its mode for that language."""
    folder = exported.folder
    text = (folder / "testbench.cir").read_text()
    text = re.sub(r"(?m)^\.save .*$", ".save " + " ".join(exported.testbench.save), text)
    (folder / "read.cir").write_text(text)
    (folder / ".spiceinit").write_text("set ngbehavior=ltpsa\nset num_threads=1\nset no_mem_check\n")
    ngspice = shutil.which("ngspice")
    assert ngspice
    command = [ngspice, "-b", "-r", "read.raw", "read.cir"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert Path(folder / "read.raw").exists(), done.stdout[-1500:] + done.stderr[-500:]
    return read_raw(folder / "read.raw")
