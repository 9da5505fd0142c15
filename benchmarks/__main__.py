"""Run the benchmarks: all, or those named on the command line (``python -m benchmarks reference telegraph``)."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main() -> int:
    """Run each ``bench_*.py`` of this folder; return 2 for an unknown name."""
    known = sorted(path.stem.removeprefix("bench_") for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = sys.argv[1:] or known
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"unknown benchmark {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted:
        importlib.import_module(f"benchmarks.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
