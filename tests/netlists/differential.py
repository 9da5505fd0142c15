"""One netlist three ways: as a plain deck in ``ngspice -b``, imported into ngspice, imported into VACASK."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
from random_circuits import RandomCircuit

from spinspice.cells import CellFile, bench_circuit
from spinspice.devices import Telegraph
from spinspice.engines import get_engine
from spinspice.errors import SpinspiceError, UsageError
from spinspice.testbench import Testbench

STOP, POINTS = 20e-9, 400
#: Input at the start and the end of the run [V].
RAMP = (-0.2, 0.3)
#: The junction stays where it is.
DEVICE = Telegraph(delta=60.0)
#: Load of the output on the bench of a cell.
DECK = """\
* plain
{text}
X1 vin out vdd vss dut
Vdd vdd 0 0.5
Vss vss 0 -0.5
Vin vin 0 dc {low} pwl(0 {low} {stop} {high})
Cload out 0 1f
.options reltol=1e-6
.temp 26.85
.tran {step} {stop} 0 {step}
.save v(out) v(x1.{watched}) i(vin)
.control
set num_threads=1
run
set wr_singlescale
set numdgt=12
wrdata plain.txt v(out) v(x1.{watched}) i(vin)
.endc
.end
"""
SIGNALS = ("v(out)", "v(mid)", "i(vin)")


class PlainFailed(Exception):
    """ngspice does not take the circuit as it stands."""


def plain(circuit: RandomCircuit, folder: Path) -> dict[str, np.ndarray]:
    """Return the waveforms of the circuit's own text."""
    deck = DECK.format(
        text=circuit.text, watched=circuit.watched, low=RAMP[0], high=RAMP[1], stop=STOP, step=STOP / POINTS
    )
    (folder / "plain.cir").write_text(deck)
    (folder / "plain.txt").unlink(missing_ok=True)
    done = subprocess.run(
        ["ngspice", "-n", "-b", "plain.cir"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    if not (folder / "plain.txt").exists() or "aborted" in done.stdout + done.stderr:
        raise PlainFailed((done.stderr + done.stdout)[-1500:])
    columns = np.loadtxt(folder / "plain.txt").T
    return dict(zip(("time", *SIGNALS), columns, strict=True))


class Noted(Exception):
    """The cell says in which way it is meant to differ from the plain run."""


def imported(circuit: RandomCircuit, folder: Path, engine: str) -> dict[str, np.ndarray]:
    """Return the waveforms of the cell that the circuit becomes."""
    (folder / "cell.sp").write_text(circuit.text)
    data = {
        "netlist": "cell.sp",
        "subckt": "dut",
        "vdd": 1.0,
        "ports": {"vin": "in", "out": "q", "vdd": "vdd", "vss": "vss", "mid": circuit.watched},
        "junctions": {"Rj": "vdd"},
    }
    cell = CellFile.from_dict(data, folder)(DEVICE)
    if cell.notes:
        raise Noted(cell.notes[0])
    bench = bench_circuit(cell)
    bench["Vin"].dc_value = f"dc {RAMP[0]} pwl(0 {RAMP[0]} {STOP} {RAMP[1]})"
    found = get_engine(engine).run(
        Testbench.from_pyspice(
            bench, stop=STOP, step=STOP / POINTS, save=SIGNALS, parameters={"seed": 1.0}, options={"reltol": 1e-6}
        )
    )
    return {"time": found.time, **{signal: found[signal] for signal in SIGNALS}}


def deviation(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> float:
    """Return the largest difference of two results, in units of 1 V and 1 mA, or of a larger current."""
    times = np.linspace(0.05 * STOP, STOP, 40)
    worst = 0.0
    for signal in SIGNALS:
        unit = max(1e-3 if signal[0] == "i" else 1.0, float(np.abs(one[signal]).max()))
        errors = [np.abs(bend(times, one, signal) - bend(times, other, signal)) for bend in (_straight, _exponential)]
        worst = max(worst, float(np.minimum(*errors).max()) / unit)
    return worst


def _straight(times: np.ndarray, waves: dict[str, np.ndarray], signal: str) -> np.ndarray:
    return np.interp(times, waves["time"], waves[signal])


def _exponential(times: np.ndarray, waves: dict[str, np.ndarray], signal: str) -> np.ndarray:
    """A current of a diode on a ramp is straight in its logarithm between two points of the solver."""
    return 1e-9 * np.sinh(np.interp(times, waves["time"], np.arcsinh(waves[signal] / 1e-9)))


def verdict(circuit: RandomCircuit, folder: Path, engine: str, reference: dict[str, np.ndarray]) -> tuple[str, float]:
    """Return ``refused: why`` or ``agrees``, and by how much a result differs."""
    try:
        found = imported(circuit, folder, engine)
    except Noted as note:
        return f"noted: {note}", 0.0
    except UsageError as reason:
        return f"refused: {reason}", 0.0
    except SpinspiceError as reason:
        return f"failed: {reason}", 0.0
    return "ran", deviation(reference, found)
