"""The study of decisions: its energy is power times correlation time, as the audit of the same cell has it."""

from __future__ import annotations

import math

import pytest

import spinspice as ss
from spinspice.errors import UsageError
from spinspice.studies import get_study, run
from spinspice.sweep import Study

SIGMAS = 4.0


@pytest.mark.engine("ngspice")
def test_a_decision_costs_what_the_audit_says():
    """Two ways: sampled runs at the fitted middle with other seeds, and the audit with an ammeter at every pin."""
    found = run(get_study("decision"), cell="bsn", vin="-18m:18m:7", duration=20e-9, looks=6, seed=2).values
    cell = ss.BSN(ss.load_preset("faria2021").device)
    audit = ss.audit_cell(cell, vin=found["offset"], duration=80e-9, seed=5)
    for ours, other in (
        ((found["time"], found["time_stderr"]), (audit.tau.fwhm, audit.tau.fwhm_stderr)),
        (
            (found["decision"], found["decision_stderr"]),
            (audit.per_decision, audit.per_decision * audit.tau.fwhm_stderr / audit.tau.fwhm),
        ),
    ):
        assert abs(ours[0] - other[0]) < SIGMAS * math.hypot(ours[1], other[1])
    # The curve is that of a transfer with the same seed: looks add runs and change none.
    curve = run(get_study("transfer"), cell="bsn", vin="-18m:18m:7", duration=20e-9, seed=2).values
    assert {name: found[name] for name in ("v0", "offset", "power", "r2")} == {
        name: curve[name] for name in ("v0", "offset", "power", "r2")
    }


def test_a_study_file_needs_its_inputs():
    data = {"cell": "bsn", "measure": {"kind": "decision", "vin": "auto:9"}}
    assert Study.from_dict(data).measure.kind == "decision"
    with pytest.raises(UsageError, match="a decision needs vin"):
        Study.from_dict({"cell": "bsn", "measure": {"kind": "decision"}})
    with pytest.raises(UsageError, match="a decision sweeps vin itself"):
        Study.from_dict({**data, "grid": {"vin": [0.0, 0.1]}})
    with pytest.raises(UsageError, match="looks"):
        Study.from_dict({**data, "measure": {**data["measure"], "looks": 0}})
