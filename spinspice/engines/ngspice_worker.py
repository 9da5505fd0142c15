"""The program of a worker process: libngspice, driven through PySpice, one request at a time.

Requests and replies are pickled dictionaries over a socket. The worker judges nothing: it returns what ngspice printed
and the vectors it made, and the parent decides whether that is a result. A fatal netlist error leaves libngspice
unusable for good (every later circuit fails), so the parent replaces a worker after any failed run.
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import sys
from multiprocessing.connection import Connection
from typing import Any

#: Size of a reply after which freed memory goes back to the system [bytes].
_LARGE = 32_000_000


def main() -> None:
    """Serve requests on a socket until it is closed. Arguments: its descriptor, the library, the parent's number."""
    descriptor, library, parent = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    _die_with_parent(parent)
    connection = Connection(descriptor)
    logging.disable(logging.CRITICAL)
    server = _Server(library)
    connection.send_bytes(pickle.dumps(server.hello()))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            request = pickle.loads(connection.recv_bytes())
            connection.send_bytes(server.answer(request))
    # No clean-up at exit: the library's own would run in the wrong order, and the process holds nothing else.
    os._exit(0)


def _die_with_parent(parent: int) -> None:
    """Have the kernel end this process when its parent ends, also in the middle of a run.

    Not a watching thread: with a second thread every allocation of ngspice takes a lock, 8 % of a run.
    """
    import ctypes
    import signal

    set_parent_death_signal = 1
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _give_memory_back() -> None:
    """Return freed memory to the system, where the C library can: an idle worker should not keep it."""
    import ctypes

    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


class _Server:
    """libngspice and what is loaded into it."""

    def __init__(self, library: str) -> None:
        from spinspice.pyspice import shared

        Shared = shared()

        Shared.NgSpiceShared.LIBRARY_PATH = library

        class Library(Shared.NgSpiceShared):
            """PySpice's interface, with everything that ngspice prints in one list."""

            def __init__(self) -> None:
                self.printed: list[str] = []
                self.exited = False
                super().__init__()

            def send_char(self, message: str, ngspice_id: int) -> int:
                self.printed.append(message if isinstance(message, str) else message.decode(errors="replace"))
                return 0

            @staticmethod
            def _exit(status: int, unload: bool, quit_exit: bool, ngspice_id: int, user_data: Any) -> int:
                Shared.ffi.from_handle(user_data).exited = True
                return status

        self.ngspice = Library()

    def hello(self) -> dict[str, Any]:
        """Return the version and whether compiled models can be loaded."""
        self.command("osdi")
        with_osdi = not any("no such command" in line for line in self.ngspice.printed)
        return {"version": self.ngspice.ngspice_version, "osdi": with_osdi}

    def answer(self, request: dict[str, Any]) -> bytes:
        """Do what a request asks for, in the order commands, deck, alterations, run, and return the reply.

        Keys of a request: ``commands`` (list of str), ``deck`` (list of str), ``parameters`` (dict), ``run`` (bool),
        ``unload`` (bool). Keys of a reply: ``log``, ``exited``, ``vectors``.
        """
        ngspice = self.ngspice
        ngspice.printed.clear()
        vectors: dict[str, Any] = {}
        for line in request.get("commands", ()):
            self.command(line)
        if request.get("deck"):
            with contextlib.suppress(NameError):
                ngspice.load_circuit("\n".join(request["deck"]))
        if request.get("parameters"):
            for name, value in request["parameters"].items():
                self.command(f"alterparam {name}={value}")
            self.command("reset")
        if request.get("run") and not ngspice.exited:
            self.command("run")
            vectors = self.vectors()
        reply = {"log": "\n".join(ngspice.printed), "exited": ngspice.exited, "vectors": vectors}
        data = pickle.dumps(reply, protocol=5)
        if not ngspice.exited:
            if request.get("run"):
                self.command("destroy all")
            if request.get("unload"):
                self.command("remcirc")
        if len(data) > _LARGE:
            _give_memory_back()
        return data

    def command(self, line: str) -> None:
        """Give ngspice a command; PySpice takes every note on standard error for a failure, the parent knows better."""
        with contextlib.suppress(NameError):
            self.ngspice.exec_command(line)

    def vectors(self) -> dict[str, Any]:
        """Return the vectors of the latest transient, named as in a raw file."""
        plot_name = self.ngspice.last_plot
        if not plot_name.startswith("tran"):
            return {}
        named = {}
        for name, vector in self.ngspice.plot(None, plot_name).items():
            key = name.lower()
            if key.endswith("#branch"):
                key = f"i({key.removesuffix('#branch')})"
            elif key != "time" and not key.startswith("@"):
                key = f"v({key})"
            named[key] = vector._data
        return named
