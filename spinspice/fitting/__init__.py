"""From measured data to a junction: parameters with intervals, a check by simulation, a preset file.

    result = fit_file("dwells.csv", "dwells", base="mizrahi2018-scaled")
    result.write("mine.toml")           # then: spinspice characterize bsn --preset mine.toml

One kind of data is one class: what it is measured over, the likelihood of it, and how it would be drawn from the law.
"""

from __future__ import annotations

from spinspice.fitting.fit import fit_data, fit_file
from spinspice.fitting.kinds import KINDS
from spinspice.fitting.result import FitResult
from spinspice.fitting.table import Table, read_table

__all__ = ["KINDS", "FitResult", "Table", "fit_data", "fit_file", "read_table"]
