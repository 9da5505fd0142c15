"""Runs of :mod:`benchmarks.bench_accuracy`, kept in blocks of seeds as they come: what is there is not run again.

A file holds the values of one block at one step, and a digest of the decks and the engine that made them; a file of
other decks is not taken. Blocks go round the circuits, so that all grow together and a run may be stopped at any time.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy_cases import LAGS, Case, Span
from benchmarks.rounds import processor_time
from spinspice.engines import get_engine
from spinspice.jobs import JobFailure, run_jobs

#: Seeds in a file.
BLOCK = 50
#: Where files go (``BENCH_STORE``).
FOLDER = Path(os.environ.get("BENCH_STORE", "out/accuracy"))
#: Values by name, each of shape (seeds, runs of a seed, ...).
Values = dict[str, NDArray[np.float64]]


#: Step of the solver over that of the noise, and options of ngspice.
Step = tuple[float, dict[str, float]]


def whole_blocks(seeds: int) -> int:
    """Return the number of seeds in as many files as hold so many."""
    return -(-seeds // BLOCK) * BLOCK


class Store:
    """The blocks of one circuit at one step."""

    def __init__(self, name: str, variant: str, make: Callable[[Span], Case], span: Span, step: Step) -> None:
        self.case, self.span = make(span), span
        self.factor, self.options = step
        self._stem = f"{name.replace(' ', '_')}-{variant}"

    def path(self, first: int) -> Path:
        """File of the block that begins with a seed."""
        return FOLDER / f"{self._stem}-{first:05d}.npz"

    def _jobs(self, first: int) -> list[list[Any]]:
        seeds = range(first, first + BLOCK)
        return [[job.replace(options=self.options) for job in self.case.make(self.factor, seed)] for seed in seeds]

    def _key(self, jobs: list[list[Any]]) -> str:
        decks = " ".join(job.digest() for job in (*jobs[0], *jobs[-1]))
        text = f"{get_engine('ngspice').require().version} {LAGS} {self.span.warm_up} {decks}"
        return hashlib.sha256(text.encode()).hexdigest()

    def block(self, first: int) -> Values | None:
        """Values of a block if it is there."""
        if not self.path(first).exists():
            return None
        with np.load(self.path(first)) as file:
            found = {name: file[name] for name in file.files}
        key = str(found.pop("key"))
        return (
            {name: found[name] for name in found if name != "seconds"} if key == self._key(self._jobs(first)) else None
        )

    def run(self, first: int) -> float:
        """Run a block and keep it; processor time [s].

        Raises
        ------
        RuntimeError
            If a run does not deliver: a missing seed would not be paired.
        """
        jobs = self._jobs(first)
        began = processor_time()
        flat = [job for seed in jobs for job in seed]
        found = run_jobs(
            flat, workers=int(os.environ.get("BENCH_WORKERS", "1")), reduce=self.case.reduce, progress=False
        )
        spent = processor_time() - began
        failed = [result for result in found if isinstance(result, JobFailure)]
        if failed:
            raise RuntimeError(f"{self._stem}, seeds from {first}: {failed[0]}")
        each = len(jobs[0])
        values = {
            name: np.array([result[name] for result in found]).reshape(BLOCK, each, *np.shape(found[0][name]))
            for name in found[0]
        }
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = self.path(first).with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            kept: dict[str, Any] = {"key": np.array(self._key(jobs)), "seconds": np.array(spent), **values}
            np.savez(file, **kept)
        part.replace(self.path(first))
        return spent

    def seconds(self, seeds: int) -> float:
        """Processor time of a seed, from the blocks that are there [s]."""
        files = [self.path(first) for first in range(1, seeds + 1, BLOCK) if self.path(first).exists()]
        return float(np.mean([np.load(file)["seconds"] for file in files])) / BLOCK if files else 0.0


def whole(stores: list[Store], seeds: int) -> tuple[int, list[Values]]:
    """Seeds that all steps have, from 1 on without a gap, and their values step by step."""
    blocks: list[list[Values]] = []
    for first in range(1, seeds + 1, BLOCK):
        found = [store.block(first) for store in stores]
        if any(block is None for block in found):
            break
        blocks.append([block for block in found if block is not None])
    joined = [
        {name: np.concatenate([block[k][name] for block in blocks]) for name in blocks[0][k]} if blocks else {}
        for k in range(len(stores))
    ]
    return len(blocks) * BLOCK, joined


def fill(stores: dict[str, list[Store]], wanted: dict[str, int]) -> None:
    """Run what is missing, block by block round all circuits; tells what each round took."""
    for first in range(1, max(wanted.values()) + 1, BLOCK):
        began, spent = time.strftime("%H:%M:%S"), 0.0
        for name, steps in stores.items():
            if first <= wanted[name]:
                spent += sum(store.run(first) for store in steps if store.block(first) is None)
        if spent:
            print(f"  {began} seeds {first} to {first + BLOCK - 1}: {spent:.0f} s of processor", flush=True)
