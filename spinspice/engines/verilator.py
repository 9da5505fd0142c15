"""From Verilog to a shared object, through Verilator and a C++ compiler, once for each content.

The object serves two callers: ngspice's ``d_cosim`` (a mixed-signal run) and `spinspice.engines.clocked` (a digital run
from Python). Between them and the module stands `rtl/verilator_shim.cpp`.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import platform
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from spinspice import paths
from spinspice.engines import cache
from spinspice.errors import EngineError, EngineNotFound
from spinspice.paths import data_dir
from spinspice.verilog import DigitalBlock

#: Oldest version that works: 5.0 brought the context objects in their present form (Debian 12 has 5.006).
OLDEST = (5, 0)
#: The one command that adds Verilator and a C++ compiler.
INSTALL_HINT = "bash scripts/install_verilator.sh   (or: sudo apt-get install verilator g++)"
#: Wall-clock limit of each step of a build [s].
BUILD_TIMEOUT = 300.0
#: Parts of Verilator's library that every block needs: simulation, waveforms, threads.
_RUNTIME = ("verilated.cpp", "verilated_vcd_c.cpp", "verilated_threads.cpp")
_FLAGS = ("-O1", "-fPIC", "-std=gnu++17", "-DVM_TRACE=1", "-DVM_TRACE_VCD=1", "-w")
#: Options of Verilator: files .v are Verilog-2001, others SystemVerilog.
_TRANSLATE = ("--cc", "--trace", "+1364-2001ext+v")
_PORT = re.compile(r"VL_(IN|OUT)(?:8|16|64|W)?\(&(\w+),(\d+),(\d+)(?:,\d+)?\);")


@dataclasses.dataclass(frozen=True)
class Verilator:
    """Verilator and the C++ compiler that goes with it."""

    path: str
    version: str
    include: Path
    compiler: str


@dataclasses.dataclass(frozen=True)
class Port:
    """A port of a module: its name, whether it is an input, and its width in bits."""

    name: str
    is_input: bool
    width: int


@functools.lru_cache(maxsize=8)
def _probe(path: str, stamp: float) -> tuple[tuple[int, int], str, str]:
    """Return number, full version and library folder of a program; ((0, 0), "", "") if it is no Verilator."""
    answers = []
    for option in (["--version"], ["--getenv", "VERILATOR_ROOT"]):
        try:
            done = subprocess.run([path, *option], capture_output=True, text=True, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return (0, 0), "", ""
        answers.append(done.stdout.strip())
    match = re.match(r"Verilator (\d+)\.(\d+)", answers[0])
    return ((int(match[1]), int(match[2])), answers[0], answers[1]) if match else ((0, 0), "", "")


def require_verilator() -> Verilator:
    """Return Verilator and a C++ compiler.

    Raises
    ------
    EngineNotFound
        If one is missing or too old, with the one command that adds it.
    """
    path = shutil.which("verilator")
    if path is None:
        raise EngineNotFound(f"no verilator on the PATH, which digital blocks need. Run: {INSTALL_HINT}")
    number, version, root = _probe(path, os.stat(path).st_mtime)
    if number < OLDEST:
        said = version or "says no version"
        raise EngineNotFound(
            f"{path} is too old or does not run ({said}); digital blocks take Verilator {OLDEST[0]}.{OLDEST[1]} or "
            f"later. Run: {INSTALL_HINT}"
        )
    named = os.environ.get("CXX", "g++")
    compiler = shutil.which(named)
    if compiler is None:
        raise EngineNotFound(f"no C++ compiler {named!r} on the PATH, which digital blocks need. Run: {INSTALL_HINT}")
    return Verilator(path, version, Path(root) / "include", compiler)


def ngspice_headers() -> Path | None:
    """Return the folder of the headers of ngspice's co-simulation interface, or None if there are none."""
    program = shutil.which("ngspice")
    prefixes = [Path(program).resolve().parent.parent] if program else []
    for prefix in [*prefixes, Path("/usr"), Path("/usr/local")]:
        folder = prefix / "share" / "ngspice" / "scripts" / "src"
        if (folder / "ngspice" / "cosim.h").is_file():
            return folder
    return None


def cache_dir() -> Path:
    """Return the folder of compiled blocks: below ``$SPINSPICE_CACHE_DIR``, else below the user's cache folder."""
    return paths.cache_dir("verilator")


def compile_block(block: DigitalBlock, *, for_ngspice: bool = False) -> Path:
    """Compile a digital block, or find it compiled.

    Parameters
    ----------
    block : DigitalBlock
    for_ngspice : bool
        With the interface to ``d_cosim``.

    Returns
    -------
    Path
        The shared object. Its list of ports is :func:`ports_of`.

    Raises
    ------
    EngineNotFound
        If Verilator, the C++ compiler or ngspice's headers are missing.
    EngineError
        If the Verilog does not compile (with Verilator's message), or the cache cannot be written.
    """
    tools = require_verilator()
    headers = ngspice_headers() if for_ngspice else None
    if for_ngspice and headers is None:
        raise EngineNotFound(
            "ngspice's headers for co-simulation are missing (share/ngspice/scripts/src/ngspice/cosim.h beside the "
            "program, in ngspice 44 and later). Run: bash scripts/install_ngspice.sh"
        )
    shim = data_dir("rtl") / "verilator_shim.cpp"
    settings = [tools.version, platform.machine(), str(for_ngspice), block.top, repr(sorted(block.parameters.items()))]
    settings += [*_TRANSLATE, *_FLAGS]
    files = [part for name, text in block.files().items() for part in (name, text)]
    key = cache.content_key([*settings, shim.read_bytes(), *files])
    build = _Build(tools, block, shim, headers)
    return cache.make_once(cache_dir() / f"{block.top}-{key}.so", build.make, what="compiled digital block")


def ports_of(compiled: Path) -> tuple[Port, ...]:
    """Return the ports of a compiled block, in order: inputs as declared, then outputs as declared."""
    import ctypes

    library = ctypes.CDLL(str(compiled))
    library.block_ports.restype = ctypes.c_char_p
    words = [line.split() for line in library.block_ports().decode().splitlines()]
    return tuple(Port(name, kind == "INPUT", int(width)) for kind, name, width in words)


class _Build:
    """The steps from Verilog to a shared object, in a folder of their own."""

    def __init__(self, tools: Verilator, block: DigitalBlock, shim: Path, headers: Path | None) -> None:
        self.tools, self.block, self.shim, self.headers = tools, block, shim, headers

    def make(self, target: Path) -> None:
        """Write the shared object."""
        with tempfile.TemporaryDirectory(prefix="spinspice-verilator-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            self._translate(folder)
            ports = _PORT.findall((folder / "Vblock.h").read_text())
            lines = [f"{kind}({name}, {int(high) - int(low) + 1})" for kind, name, high, low in _inputs_first(ports)]
            (folder / "ports.inc").write_text("\n".join(lines) + "\n")
            cosim = ["-DWITH_NGSPICE", f"-I{self.headers}"] if self.headers else []
            # One unit of translation: its parts share their headers, which take most of the time.
            parts = [*sorted(path.name for path in folder.glob("*.cpp")), str(self.shim)]
            unit = folder / "all.cc"
            unit.write_text("".join(f'#include "{part}"\n' for part in parts))
            sources = [str(unit), str(self._runtime())]
            self._compile([*cosim, f"-I{folder}", "-shared", "-pthread", "-o", str(target), *sources], str(self.shim))

    def _translate(self, folder: Path) -> None:
        """Verilog to C++."""
        block, source = self.block, Path(self.block.source).resolve()
        given = [f"-G{name}={value}" for name, value in block.parameters.items()]
        command = [
            *(self.tools.path, *_TRANSLATE, "--Mdir", str(folder)),
            *("--prefix", "Vblock", f"-I{source.parent}", *given, "--top-module", block.top, str(source)),
        ]
        done = _run(command)
        if done.returncode != 0:
            raise EngineError(
                f"digital block {block.name}: {source} does not compile ({self.tools.version}). It says:\n"
                f"{(done.stdout + done.stderr).strip()[:4000]}\nCorrect the file and try again; by hand: "
                f"{shlex.join([self.tools.path, '--lint-only', '-Wall', f'-I{source.parent}', *given, str(source)])}"
            )

    def _runtime(self) -> Path:
        """Return Verilator's library, compiled once for each version of it."""
        key = cache.content_key([self.tools.version, platform.machine(), self.tools.compiler, *_FLAGS])
        sources = [str(self.tools.include / name) for name in _RUNTIME]
        return cache.make_once(
            cache_dir() / "runtime" / f"verilated-{key}.o",
            lambda target: self._compile(["-r", "-nostdlib", "-o", str(target), *sources], "Verilator's library"),
            what="library of Verilator",
        )

    def _compile(self, arguments: Sequence[str], what: str) -> None:
        """C++ to an object."""
        include = self.tools.include
        done = _run([self.tools.compiler, *_FLAGS, f"-I{include}", f"-I{include / 'vltstd'}", *arguments])
        if done.returncode != 0:
            raise EngineError(
                f"digital block {self.block.name}: {self.tools.compiler} does not compile {what}. It says:\n"
                f"{done.stderr.strip()[:4000]}\nThe compiler may be too old for {self.tools.version}, or packages of "
                f"different releases are mixed. Run: {INSTALL_HINT}"
            )


def _inputs_first(ports: Sequence[tuple[str, str, str, str]]) -> list[tuple[str, str, str, str]]:
    """Return the ports of a header as lines of ports.inc want them."""
    named = [("INPUT" if kind == "IN" else "OUTPUT", name, high, low) for kind, name, high, low in ports]
    return sorted(named, key=lambda port: port[0])  # stable: keeps the order of declaration


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(list(command), capture_output=True, text=True, timeout=BUILD_TIMEOUT)
    except subprocess.TimeoutExpired:
        raise EngineError(f"{command[0]} took longer than {BUILD_TIMEOUT:g} s and was stopped.") from None
