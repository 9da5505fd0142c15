"""Logs as ngspice 39 and 46 wrote them, cut down to what matters, and what was wrong each time."""

from __future__ import annotations

import pytest

from spinspice.engines.log import clean, failure, read_log, read_symptoms
from spinspice.errors import ConvergenceError, EngineError

DECK = [
    "* some circuit",
    ".param vin=1.0",
    "V1 a 0 {vin}",
    "R1 a b",
    "D1 b 0 nomodel",
    "X1 b 0 nosub",
    "B1 c 0 V={log(v(a)-2)}",
    ".include nofile.inc",
    ".model nm nmos level=54 version=4.8 zork=3",
    ".end",
]
#: What was printed -> kind and deck line of the finding that explains it.
LOGS = {
    "46: malformed line": (
        """\
Warning: 'r1 a b' is not a valid resistor instance line, ignored!
""",
        "ignored",
        4,
    ),
    "39: malformed line": (
        """\
Warning: r1: resistance to low, set to 1 mOhm
""",
        "ignored",
        4,
    ),
    "unknown model": (
        """\
warning, can't find model 'nomodel' from line
    d1 b 0 nomodel
Error on line 5 or its substitute:
  d1 b 0 nomodel
could not find a valid modelname
    Simulation interrupted due to error!
""",
        "model",
        5,
    ),
    "46: unknown subcircuit": (
        """\
Error: unknown subckt: x1 b 0 nosub
    in line no. 6 from file deck.cir
""",
        "subcircuit",
        6,
    ),
    "39: unknown subcircuit": (
        """\
Error: unknown subckt: x1 b 0 nosub
""",
        "subcircuit",
        6,
    ),
    "46: undefined parameter": (
        """\
Error in netlist line no. 4, new internal line no. 3:

Undefined parameter [vin]
""",
        "parameter",
        2,
    ),
    "39: undefined parameter": (
        """\
Netlist line no. 3:
Undefined parameter [vin]
""",
        "parameter",
        2,
    ),
    "unknown instance parameter": (
        """\
Error on line 4 or its substitute:
  r1 a b
  unknown parameter (foo)
""",
        "parameter",
        4,
    ),
    "unknown model parameter": (
        """\
Warning: Model issue on line 9 :
  .model nm nmos level=54 version=4.8 zork=3 ...
unrecognized parameter (zork) - ignored
""",
        "ignored",
        9,
    ),
    "missing include": (
        """\
Error: Could not find include file nofile.inc
    While reading deck.cir
""",
        "file",
        8,
    ),
    "46: no operating point": (
        """\
Error: Transient op failed, timestep too small



Error: The operating point could not be simulated successfully.
doAnalyses: TRAN:  Timestep too small; initial timepoint: trouble with node "b"

run simulation(s) aborted
""",
        "convergence",
        None,
    ),
    "39: no operating point": (
        """\
Transient solution failed -
doAnalyses: TRAN:  Timestep too small; initial timepoint: trouble with node "b"
run simulation(s) aborted
""",
        "convergence",
        None,
    ),
    "time step": (
        """\
doAnalyses: TRAN:  Timestep too small; time = 4.7, timestep = 1.25e-12: trouble with node "state"
run simulation(s) aborted
""",
        "time step",
        None,
    ),
    "full disk": (
        """\
Warning: rawfile write error !!
doAnalyses: pause requested
run simulation interrupted
""",
        "disk",
        None,
    ),
    "range of a compiled model": (
        """\
Parameter alpha is out of bounds!
doAnalyses: 1 errors occurred during initialization detected in routine "OSDI"
""",
        "range",
        None,
    ),
    "nothing saved": (
        """\
Error: no data saved for Transient analysis; analysis not run
""",
        "signal",
        None,
    ),
    "as the library prints it": (
        """\
stderr Warning: 'r1 a b' is not a valid resistor instance line, ignored!
""",
        "ignored",
        4,
    ),
    "something new": (
        """\
Error: the flux capacitor is empty
""",
        "error",
        None,
    ),
    "stopped": (
        """\
run simulation(s) aborted
""",
        "aborted",
        None,
    ),
}


@pytest.mark.parametrize("name", LOGS)
def test_finding(name):
    log, kind, line = LOGS[name]
    findings = read_log(log, DECK)
    explaining = [finding for finding in findings if finding.kind == kind]
    assert explaining, findings
    assert line in [finding.deck_line for finding in explaining]
    error = failure(
        engine="ngspice 46", log=log, deck=DECK, reason="exit status 1", kept="/folder", rerun="ngspice -b x"
    )
    assert isinstance(error, ConvergenceError) == (kind in ("convergence", "time step"))
    assert explaining[0].text in str(error)
    assert "kept in /folder; by hand: ngspice -b x" in str(error)
    if line:
        assert f"deck line {line}: {DECK[line - 1]}" in str(error)


GOOD = """
Note: No compatibility mode selected!
Circuit: * unknown parameter and ignored things
Doing analysis at TEMP = 27.000000 and TNOM = 27.000000
Note: Starting dynamic gmin stepping
Warning: Dynamic gmin stepping failed
Note: Starting true gmin stepping
Warning: singular matrix:  check node b
Error: -2 out of range for log
    in line b1
Note: True gmin stepping completed
 Reference value :  1.00336e-03\r Reference value :  1.00747e-03\r
No. of Data Rows : 816
Total analysis time (seconds) = 0.00386165
"""


def test_what_good_runs_print_is_no_fault():
    """Also not a title that speaks of faults, nor homotopy steps that failed before one that did not."""
    assert read_log(GOOD, ["* unknown parameter and ignored things"]) == []
    assert [finding.text for finding in read_symptoms(GOOD, DECK)] == [
        "Warning: Dynamic gmin stepping failed",
        "Warning: singular matrix:  check node b",
        "Error: -2 out of range for log",
    ]


def test_symptoms_point_to_their_line():
    assert read_symptoms(GOOD, DECK)[-1].deck_line == 7


def test_symptoms_explain_a_failure():
    log = (
        GOOD
        + "doAnalyses: TRAN:  Timestep too small; initial timepoint: cause unrecorded.\nrun simulation(s) aborted\n"
    )
    message = str(failure(engine="ngspice 46", log=log, deck=DECK))
    assert "ngspice 46 did not converge" in message
    assert "reltol" in message


def test_comments_of_the_deck_that_are_echoed_are_no_fault():
    assert read_log("error in this comment is echoed\n", ["* t", "error in this comment is echoed"]) == []


def test_a_silent_failure_says_what_was_seen():
    error = failure(engine="ngspice 46", log="last words\n", deck=DECK, reason="the process was killed by signal 9")
    assert type(error) is EngineError
    assert str(error) == "ngspice 46: the process was killed by signal 9.\n  log: last words"


def test_progress_is_left_out():
    assert (
        clean(" Reference value :  1.0e-03\r Reference value :  2.0e-03\rNo. of Data Rows : 3\n")
        == "No. of Data Rows : 3"
    )
