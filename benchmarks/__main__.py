"""Run benchmarks and write one page.

    python -m benchmarks                    the quick ones (:data:`QUICK`): some minutes
    python -m benchmarks --all              all of them, a long time
    python -m benchmarks reference telegraph
    python -m benchmarks --page FILE ...    what is printed goes into a page too

A benchmark that cannot run here (a simulator or package is missing) is left out and said so; the others run.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import time
from pathlib import Path

from benchmarks.report import MARKDOWN, machine
from spinspice.errors import EngineNotFound

#: What answers the questions of docs/performance.md.
QUICK = ("speed", "reference", "workers", "decks")


class _Both(io.TextIOBase):
    """Standard output and a page."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        self.kept.append(text)
        return sys.__stdout__.write(text) if sys.__stdout__ else len(text)

    def flush(self) -> None:
        if sys.__stdout__:
            sys.__stdout__.flush()


def run(name: str) -> bool:
    """Run one benchmark; False if it failed, and not for want of a simulator or a package."""
    began = time.perf_counter()
    try:
        importlib.import_module(f"benchmarks.bench_{name}").main()
    except (EngineNotFound, ImportError) as reason:
        print(f"\n{name}: left out: {reason}")
    except Exception as reason:
        print(f"\n{name}: FAILED: {type(reason).__name__}: {reason}")
        return False
    print(f"  ({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    return True


def main() -> int:
    """Run what is asked for; 1 if one fails, 2 for an unknown name."""
    words = sys.argv[1:]
    page = None
    if words[:1] == ["--page"]:
        page, words = Path(words[1]), words[2:]
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = known if words == ["--all"] else [word for word in words if not word.isdigit()] or list(QUICK)
    unknown = [name for name in wanted if name not in known]
    if unknown and wanted[0] in known:
        wanted, unknown = wanted[:1], []  # the rest are words for it
    if unknown:
        print(f"unknown benchmark {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    both = _Both()
    with contextlib.redirect_stdout(both):
        print(f"{machine()}; {time.strftime('%Y-%m-%d %H:%M')}; load {os.getloadavg()[0]:.2f}")
        good = [run(name) for name in wanted]
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        tables = "\n\n".join(MARKDOWN)
        text = f"# Benchmarks\n\n```\n{''.join(both.kept)}```\n\n## The same as tables\n\n{machine()}\n\n{tables}\n"
        page.write_text(text, encoding="utf-8")
        print(f"written: {page}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
