"""Results on disk: one small file a job, named by what determines it; a lock that keeps a second sweep out.

DIR/study.json            the study, and what ran it
DIR/results/ab/ab12...    a result: its checksum, then JSON
DIR/failed/ab12.../       error.txt and deck.cir of a job that failed
DIR/results.nc            everything collected, labelled
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import filelock

from spinspice.errors import ResultError
from spinspice.files import check_folder, complete_file, mark
from spinspice.sweep.job import Done, Failure, Values

#: Name of the collected file.
COLLECTED = "results.nc"


class Store:
    """The folder of a sweep."""

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def path(self, key: str) -> Path:
        """Return where the result of a job is."""
        return self.folder / "results" / key[:2] / key

    def read(self, key: str) -> Values | None:
        """Return a stored result; None if there is none, or if it is not whole (it is then to be run again)."""
        try:
            found, _, body = self.path(key).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as reason:
            raise ResultError(f"cannot read {self.path(key)}: {reason}. Look at the folder's rights.") from reason
        if found != hashlib.sha256(body).hexdigest().encode():
            return None
        data: dict[str, Any] = json.loads(body)
        return data["values"] if data["key"] == key else None

    def write(self, done: Done) -> None:
        """Store a result; it is there whole or not at all.

        Raises
        ------
        ResultError
            If it cannot be written, on a full disk for instance.
        """
        body = json.dumps({"key": done.key, "values": done.values}).encode()
        with complete_file(self.path(done.key), own_folder=True) as partial:
            partial.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        failed = self.folder / "failed" / done.key
        if failed.exists():
            shutil.rmtree(failed, ignore_errors=True)

    def write_failure(self, failure: Failure) -> Path:
        """Keep error and deck of a failed job, and return their folder."""
        folder = self.folder / "failed" / failure.key
        for name, text in (("error.txt", f"{failure.title}\n{failure.message}\n"), ("deck.cir", failure.deck)):
            with complete_file(folder / name, own_folder=True) as partial:
                partial.write_text(text, encoding="utf-8")
        return folder

    def write_study(self, study: Mapping[str, Any]) -> None:
        """Write what was asked for and what runs it."""
        with complete_file(self.folder / "study.json", own_folder=True) as partial:
            partial.write_text(
                json.dumps({**study, "written_by": mark()}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
            )

    def holds_results(self) -> bool:
        """Whether a sweep has been here."""
        return (self.folder / "study.json").exists() or (self.folder / "results").exists()

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder against other sweeps; the system lifts the lock when this process ends, however it does.

        Raises
        ------
        ResultError
            If another sweep has it, or the folder cannot be written.
        """
        check_folder(self.folder, ["study.json", COLLECTED])
        lock, owner = filelock.FileLock(self.folder / ".lock"), self.folder / ".owner"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except filelock.Timeout:
            said = owner.read_text(encoding="utf-8", errors="replace").strip() if owner.is_file() else "unknown"
            raise ResultError(
                f"another sweep ({said}) is working in {self.folder}. Wait for it, or choose another folder."
            ) from None
        except OSError as reason:
            raise ResultError(f"cannot write {self.folder}: {reason}. Choose another folder.") from reason
        try:
            with complete_file(owner, own_folder=True) as partial:
                partial.write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()
