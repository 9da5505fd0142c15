"""Jobs a second: the same 200 decks driven by spinspice, by PySpice in a loop, and by spicelib, one at a time.

The deck is a divider of resistor and transistor with two inverters behind it (generic BSIM4) under a sine, 4000 time
points and some 50 ms; its resistance changes from job to job. No junction: the other two know no Verilog-A, and the
parser of spicelib refuses the junction's B-sources. Every driver gives the output waveform as an array. PySpice and
spicelib run as their users write it, once with ngspice as the distribution sets it up (Debian: eight threads to a run)
and once with one thread.

Run: python -m benchmarks throughput
"""

from __future__ import annotations

import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.report import Table
from spinspice.cmos import get_technology
from spinspice.engines import get_engine
from spinspice.engines.ngspice_pool import find_library
from spinspice.jobs import run_jobs
from spinspice.testbench import Testbench

JOBS = 200
#: Of these, what the drivers run that take a second for each on two cores.
FEWER = 40
STOP, STEP = 40e-9, 10e-12
RESISTANCES = np.linspace(10e3, 20e3, JOBS)
#: Drivers that stand in for their users' scripts; each runs in a process of its own.
OTHERS = ("pyspice", "spicelib")
ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1"}
_SIZES = "l=60n w={w} ad={d} as={d} pd={p} ps={p}"
_N, _P = (_SIZES.format(w=f"{w}n", d=f"{w * 1e-16:g}", p=f"{2 * (w + 100)}n") for w in (300, 600))
CIRCUIT = f"""\
{get_technology("generic").cards}
Vdd vdd 0 0.8
Vin vin 0 sin(0.4 0.3 100meg)
Rmtj vdd mid {{r}}
Min mid vin 0 0 gen_nmos {_N}
Mp1 bar mid vdd vdd gen_pmos {_P}
Mn1 bar mid 0 0 gen_nmos {_N}
Mp2 out bar vdd vdd gen_pmos {_P}
Mn2 out bar 0 0 gen_nmos {_N}
Cload out 0 1f
"""


def with_spinspice() -> list[float]:
    """Mean output of every job [V]."""
    base = Testbench(circuit=CIRCUIT, stop=STOP, step=STEP, save=("v(out)",), parameters={"r": 1e4})
    jobs = [base.with_parameters(r=float(value)) for value in RESISTANCES]
    return run_jobs(jobs, engine="ngspice", workers=1, reduce=lambda waves: float(waves["v(out)"].mean()))


def with_pyspice(jobs: int) -> list[float]:
    """The same, as a script with PySpice does it."""
    from PySpice.Spice.Netlist import Circuit
    from PySpice.Spice.NgSpice.Shared import NgSpiceShared

    NgSpiceShared.LIBRARY_PATH = find_library()
    outputs = []
    for value in RESISTANCES[:jobs]:
        circuit = Circuit("divider and inverters")
        circuit.raw_spice = CIRCUIT
        circuit.parameter("r", float(value))
        simulator = circuit.simulator(temperature=26.85, nominal_temperature=27)
        analysis = simulator.transient(step_time=STEP, end_time=STOP, max_time=STEP)
        outputs.append(float(np.mean(analysis["out"].as_ndarray())))
    return outputs


def with_spicelib(jobs: int) -> list[float]:
    """The same, as a script with spicelib does it: editor, runner, reader of raw files."""
    from spicelib import RawRead, SimRunner, SpiceEditor
    from spicelib.simulators.ngspice_simulator import NGspiceSimulator

    with tempfile.TemporaryDirectory() as folder:
        netlist = Path(folder) / "divider.net"
        analysis = f".temp 26.85\n.save v(out)\n.tran {STEP} {STOP} 0 {STEP}\n.end\n"
        netlist.write_text(f"* divider and inverters\n.param r=1e4\n{CIRCUIT}{analysis}", encoding="utf-8")
        runner = SimRunner(simulator=NGspiceSimulator, parallel_sims=1, output_folder=folder)
        editor = SpiceEditor(str(netlist))
        outputs = []
        for number, value in enumerate(RESISTANCES[:jobs]):
            editor.set_parameter("r", float(value))
            raw, _log = runner.run_now(editor, run_filename=f"job_{number}.net")
            trace = RawRead(str(raw), dialect="ngspice").get_trace("v(out)")
            outputs.append(float(np.mean(trace.get_wave())))
        return outputs


def apart(driver: str, jobs: int, environment: dict[str, str]) -> tuple[float, list[float]]:
    """Run one of the other drivers in a new process; its time without imports [s], and its outputs."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.bench_throughput", driver, str(jobs)]
    result = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    seconds, *outputs = result.stdout.splitlines()[-1].split()
    return float(seconds), [float(text) for text in outputs]


def timed(driver: Callable[[], list[float]]) -> tuple[float, list[float]]:
    """Seconds that a driver takes for all jobs, and their outputs."""
    started = time.perf_counter()
    outputs = driver()
    return time.perf_counter() - started, outputs


def main() -> None:
    """Print jobs a second, and how many times as many spinspice does."""
    info = get_engine("ngspice").find()
    table = Table(
        f"{JOBS} runs of a divider with two inverters (load of the machine: {os.getloadavg()[0]:.1f})",
        ("PySpice", "spicelib"),
        (f"ngspice {info.version if info else ''}",),
    )
    ours, outputs = timed(with_spinspice)
    table.row("spinspice", JOBS / ours, "jobs/s", 1.0)
    for driver in OTHERS:
        for name, jobs, environment in (("one thread", JOBS, ONE_THREAD), ("as installed", FEWER, {})):
            seconds, found = apart(driver, jobs, environment)
            away = float(np.max(np.abs(np.array(found) - outputs[:jobs])))
            label = f"{driver}, {name}, {jobs} jobs (outputs agree to {1e3 * away:.2g} mV)"
            table.row(label, jobs / seconds, "jobs/s", (seconds / jobs) / (ours / JOBS))
    table.print(ratio="spinspice is so many times as fast")


if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in OTHERS:
        others = {"pyspice": with_pyspice, "spicelib": with_spicelib}
        spent, last = timed(functools.partial(others[sys.argv[1]], int(sys.argv[2])))
        print(f"\n{spent!r} {' '.join(map(repr, last))}")
    else:
        main()
