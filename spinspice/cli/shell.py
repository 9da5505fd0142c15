"""The command line and what surrounds it: encodings of the terminal, pipes that close, signals, unexpected errors."""

from __future__ import annotations

import codecs
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

#: Set to anything but "" or "0", this variable shows the traceback of an error that should not happen.
DEBUG = "SPINSPICE_DEBUG"
#: Plain spellings of letters that tables use, for terminals that do not have them.
_PLAIN = {
    "µ": "u",
    "Ω": "Ohm",
    "±": "+-",
    "…": "...",
    "×": "x",
    "²": "2",
    "°": "deg ",
    "–": "-",
    "√": "sqrt",
    "→": "->",
}
_ERRORS = "spinspice-plain"


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Return plain spellings of letters that cannot be printed, a question mark for those that have none."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


def prepare_streams() -> None:
    """Let output go to any terminal: letters that it does not have are replaced; a closed stream swallows all."""
    codecs.register_error(_ERRORS, _replaced)
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        if stream is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 (lives as long as the process)
        elif hasattr(stream, "reconfigure"):
            with contextlib.suppress(ValueError, OSError):
                stream.reconfigure(errors=_ERRORS)


def drop_output() -> None:
    """Send what is still to be printed nowhere: its reader has gone, or its disk is full."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
            continue
        with contextlib.suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


class Terminated(KeyboardInterrupt):
    """The signal to end (SIGTERM, SIGHUP): handled as Ctrl-C, so that simulators stop and temporary files go."""


@contextlib.contextmanager
def signals_end_cleanly() -> Iterator[None]:
    """Turn the signals to end into an exception, inside this block."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Terminated

    wanted = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before: dict[Any, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in wanted:
            # One that is ignored (nohup) stays ignored; one that our caller handles stays the caller's.
            if signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def was_interrupted(error: BaseException | None) -> bool:
    """Whether an error came of an interruption: compiled code wraps it into one of its own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def unexpected(error: BaseException) -> str:
    """Return the message of an error that spinspice did not raise on purpose."""
    if os.environ.get(DEBUG, "0") not in ("", "0"):
        import traceback

        traceback.print_exception(error, file=sys.stderr)
    what = " ".join(str(error).split())[:500]
    hint = f"Set {DEBUG}=1 to see where it comes from, and please report it."
    if isinstance(error, MemoryError):
        return "out of memory. Take fewer points, shorter runs or fewer workers."
    if isinstance(error, ModuleNotFoundError):
        return f"the Python package {error.name!r} is missing. Run: pip install {error.name}"
    if isinstance(error, OSError):
        return f"{what}. Look at the rights and the room of that place (TMPDIR, --out, SPINSPICE_CACHE_DIR)."
    return f"unexpected {type(error).__name__}: {what}. {hint}"
