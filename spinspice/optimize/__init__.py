"""Which sizes, supply or junction are best: a search over a study, with limits, that knows its numbers are noisy.

    result = optimize("study.toml", "out/best")

The study is one of ``spinspice sweep`` with a table ``[optimize]``; its ``[limits]`` are the constraints.
"""

from __future__ import annotations

from spinspice.optimize.run import optimize
from spinspice.optimize.task import Task, Trial, Variable

__all__ = ["Task", "Trial", "Variable", "optimize"]
