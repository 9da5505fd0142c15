"""ngspice without what OpenMP costs: a small library, preloaded, that runs parallel regions in the calling thread.

Distributions build ngspice with OpenMP, and it opens a parallel region at every load of a device. With one thread,
which is what spinspice asks for, that is a team, a barrier and some calls of the kernel around no work to share: half
the time of a run with one junction (docs/performance.md). ``one_thread.c`` stands in for the entry points of GCC's
libgomp; results are the same to the last bit. It is compiled once, with the C compiler of the machine, into the cache;
without a compiler ngspice runs as it is, and ``spinspice doctor`` says so.
"""

from __future__ import annotations

import dataclasses
import functools
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from spinspice import paths
from spinspice.engines import cache
from spinspice.engines.reach import is_plain, link, make_plain_folder
from spinspice.errors import EngineError

#: Environment variable that decides: ``0`` leaves ngspice its own OpenMP.
SWITCH = "SPINSPICE_ONE_THREAD"
#: Wall-clock limit of the compilation and of the trial [s].
BUILD_TIMEOUT = 60.0
_SOURCE = Path(__file__).with_name("one_thread.c")
_FLAGS = ("-O2", "-shared", "-fPIC")
#: Entry points without which a program does not use libgomp.
_MARK = b"GOMP_parallel"
_COMPILERS = ("cc", "gcc", "clang")


@dataclasses.dataclass(frozen=True)
class OneThread:
    """Whether ngspice runs with the library: its file (None: without) and the reason in words."""

    library: Path | None
    reason: str


def one_thread(program: str) -> OneThread:
    """Return the library for an ngspice, program or shared library, made if need be; or why there is none.

    Never raises: a run without it is as right, and slower.
    """
    if os.environ.get(SWITCH, "1") == "0":
        return OneThread(None, f"ngspice's own OpenMP with one thread, since {SWITCH}=0")
    asked = (program, os.environ.get("CC", ""), str(paths.cache_dir("one_thread")))
    found = _for_program(*asked)
    if found.library is not None and not found.library.is_file():  # the cache was emptied meanwhile
        _for_program.cache_clear()
        found = _for_program(*asked)
    return found


@functools.lru_cache(maxsize=16)
def _for_program(program: str, named: str, folder: str) -> OneThread:
    if not sys.platform.startswith("linux"):
        return OneThread(None, "ngspice's own threads: libraries are preloaded on Linux only")
    if not _uses_libgomp(program):
        return OneThread(None, "not needed: this ngspice was built without GCC's OpenMP")
    compiler = _compiler(named)
    if compiler is None:
        return OneThread(
            None,
            "ngspice's own OpenMP with one thread, up to twice as slow: there is no C compiler on the PATH. "
            "Run: sudo apt-get install gcc",
        )
    try:
        return OneThread(_build(compiler, Path(folder)), "OpenMP replaced by calls in one thread")
    except (EngineError, OSError) as reason:
        return OneThread(None, f"ngspice's own OpenMP with one thread, up to twice as slow: {reason}")


def _uses_libgomp(program: str) -> bool:
    try:
        return _MARK in Path(program if os.sep in program else _loaded(program)).read_bytes()
    except OSError:
        return False


def _loaded(name: str) -> str:
    """Return the file of a shared library that is known by its name alone (``libngspice.so.0``)."""
    for folder in ("/usr/lib", "/usr/local/lib", "/lib", "/usr/lib64", *_multiarch()):
        if (path := Path(folder, name)).exists():
            return str(path)
    return name


def _multiarch() -> list[str]:
    return [str(path) for path in Path("/usr/lib").glob("*-linux-gnu*")]


def _compiler(named: str) -> tuple[str, ...] | None:
    """Return the command of a C compiler: ``$CC``, else what is on the PATH."""
    words = shlex.split(named) if named else []
    if words and shutil.which(words[0]):
        return tuple(words)
    return next(((path,) for path in map(shutil.which, _COMPILERS) if path), None)


def _build(compiler: tuple[str, ...], folder: Path) -> Path:
    """Compile the library, or find it compiled; a compiler of another version finds its result as good."""
    key = cache.content_key([_SOURCE.read_text(), " ".join((*compiler, *_FLAGS)), cache.processor()])
    return cache.make_once(
        folder / f"one_thread-{key}.so", lambda path: _compile(compiler, path), what="library for one thread"
    )


def _compile(compiler: tuple[str, ...], path: Path) -> None:
    """Write the library, and try it: a loader that refuses it would say so at every start.

    Raises
    ------
    EngineError
    """
    _do([*compiler, *_FLAGS, "-o", str(path), str(_SOURCE)])
    with make_plain_folder("spinspice-") as folder:
        said = _do([sys.executable, "-S", "-c", ""], preloaded({}, path, Path(folder)))
    if said:
        raise EngineError(f"the loader refuses the library for one thread: {said.splitlines()[0]}")


def _do(command: list[str], more: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **(more or {})},
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=BUILD_TIMEOUT,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise EngineError(f"{command[0]} does not run: {reason}.") from reason
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[0]
        raise EngineError(f"{command[0]} does not make the library for one thread: {said}.")
    return done.stderr.strip()


def _splits_not(path: Path) -> bool:
    return is_plain(path) and ":" not in str(path)


def preloaded(environment: dict[str, str], library: Path | None, folder: Path) -> dict[str, str]:
    """Return an environment with the library preloaded, before what else is.

    The loader splits names at spaces and colons, so a path that is not plain gets a link in ``folder``; where that is
    not plain either, the link is named from there, so the program has to start in ``folder``.
    """
    if library is None:
        return environment
    path = str(library)
    if not _splits_not(library):
        link(library, folder / library.name)
        path = str(folder / library.name) if _splits_not(folder) else f"./{library.name}"
    before = environment.get("LD_PRELOAD")
    return {**environment, "LD_PRELOAD": f"{path}:{before}" if before else str(path)}
