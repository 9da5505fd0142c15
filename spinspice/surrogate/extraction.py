"""From a cell to its surrogate: ramps with a frozen junction, one run that shows how fast it follows, its magnet."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import CellFile, choose_cell
from spinspice.cells.bench import bench_circuit
from spinspice.cells.cell import Cell
from spinspice.devices import Device
from spinspice.devices.laws.resistance import conductance
from spinspice.devices.noise import check_seed, instance_seed
from spinspice.engines import get_engine
from spinspice.engines.base import Engine
from spinspice.errors import ResultError, UsageError, check_range
from spinspice.presets import Preset
from spinspice.stimuli import Pwl
from spinspice.surrogate.branches import Branches
from spinspice.surrogate.density import tilt_of
from spinspice.surrogate.holds import measure_pairs
from spinspice.surrogate.ramps import COSINES, LOAD_CURRENT, Pins, Tables, frozen, ramp_testbench, tables
from spinspice.surrogate.skeleton import Skeleton
from spinspice.surrogate.surrogate import Surrogate
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Lengths of levels of the run [s], and the time between them: our choice.
DWELLS, EDGE = np.array([0.15e-9, 0.4e-9, 1e-9, 8e-9]), 20e-12
#: Largest part of the swing that the output may owe to anything but the inner node [1].
COLLAPSE = 0.02
#: Start of that run that does not count [s], and its largest distance from the surrogate, over the swing [1].
FIRST, LARGEST = 1e-9, 0.1


def extract(
    cell: str | CellFile | Cell = "asn",
    technology: str | None = None,
    engine: str | Engine = "auto",
    *,
    preset: str | Preset | Device | None = None,
    vdd: float | None = None,
    mismatch: int | None = None,
    temperature: float = 300.0,
    duration: float = 80e-9,
    seed: int = 1,
    model: str | None = None,
    trust: bool = False,
    parameters: Mapping[str, Any] | None = None,
    complement: bool = False,
) -> Surrogate:
    """Extract the surrogate of a neuron cell.

    Parameters
    ----------
    cell, preset, vdd, mismatch, trust, parameters
        As for :func:`spinspice.cells.choose_cell`: asn, bsn, a cell file, or a cell that is built.
    technology : str, optional
        Transistors; default the cell's own, else generic.
    engine, model
        Simulator, and realisation of the compact models.
    temperature : float
        Of the transistors [K].
    duration : float
        Of the run that shows how fast the cell follows [s].
    seed : int
        Seed of that run.
    complement : bool
        Give the complement of the output (port ``outb``) nodes of its own, for networks that take weights from it.

    Raises
    ------
    UsageError
        For a cell with several junctions, one that is clocked, or a junction that is no macrospin.
    ResultError
        For a cell whose output does not follow one inner node.
    """
    check_range("duration", duration, 2e-8, 1e-4, unit="s", where="extraction of a surrogate")
    made, _, _ = choose_cell(cell, preset, technology, vdd, mismatch=mismatch, trust=trust, parameters=parameters)
    check_cell(made)
    metered = made.rebuilt(probes="blocks")
    runner = engine if isinstance(engine, Engine) else get_engine(engine, model)
    device: Any = made.device
    found, branches = measure(metered, runner, temperature, complement)
    centre = float(np.median(found.inner))
    tilt, stderr = tilt_of(made.device, abs(centre * float(conductance(made.device, centre, 0.0))) or 1e-6)
    known: dict[str, Any] = {"seed": check_seed(seed), "tilt_stderr": stderr, "temperature": temperature}
    made_of = Surrogate(
        cell=made.kind, technology=_technology(made), rails=made.rails, device=device, tables=found, branches=branches,
        tilt=tilt, provenance=MappingProxyType(known),
    )  # fmt: skip
    quick = metered.with_junctions(lambda device: device.replace(max_step=device.value_of("dt")))
    bench = run_testbench(quick, duration=duration, reach=_reach(found), seed=seed, temperature=temperature)
    waves = runner.run(bench)
    known |= {name: waves.provenance.get(name) for name in ("spinspice", "engine", "engine_version", "model")}
    miss = _miss(made_of, *samples(metered, waves))
    made_of = dataclasses.replace(
        made_of, branches=dataclasses.replace(branches, miss=miss), provenance=MappingProxyType(known)
    )
    return dataclasses.replace(made_of, known_moments=made_of.moments)


def _miss(surrogate: Surrogate, v: Array, cosine: Array, output: Array) -> float:
    """Return the rms distance of a surrogate from a run of its cell with the junction of that run, over the swing.

    Raises
    ------
    ResultError
        For a cell that it does not follow.
    """
    first = round(FIRST / surrogate.device.dt)
    miss = float(np.sqrt(np.mean((surrogate.follow(v, cosine) - output)[first:] ** 2))) / surrogate.swing
    if not miss <= LARGEST:
        raise ResultError(
            f"the surrogate of {surrogate.cell} misses a run of the cell by {100 * miss:.3g} % of the swing, "
            f"{100 * LARGEST:g} % at most is allowed: the cell does more than its nodes {surrogate.branches.nodes} "
            "tell. Look at its output with `spinspice characterize`."
        )
    return miss


def _technology(cell: Cell) -> str:
    corner, mismatch = cell.technology.corner, cell.technology.mismatch
    return cell.technology.name + (f":{corner}" if corner else "") + (f" mismatch {mismatch}" if mismatch else "")


def check_cell(cell: Cell) -> None:
    """Refuse a cell that has no surrogate of this kind."""
    Pins.of(cell.rebuilt(probes="blocks"))
    frozen(cell.device, 0.0)
    if cell.sources or "vin" not in cell.ports or "out" not in cell.ports:
        raise UsageError(f"{cell.kind} is clocked, or has no input and output. Take asn, bsn, or a neuron of your own.")


def measure(
    cell: Cell, engine: Engine, temperature: float = 300.0, complement: bool = False
) -> tuple[Tables, Branches]:
    """Run the ramps of a metered cell and those with its nodes held, and return what they say.

    Raises
    ------
    ResultError
        If the output does not follow the junction's node.
    """
    skeleton = Skeleton.of(cell, complement)
    cosines = np.linspace(-1.0, 1.0, COSINES)
    runs = [
        [
            engine.run(ramp_testbench(cell, float(c), current=current, temperature=temperature, nodes=skeleton.nodes))
            for c in cosines
        ]
        for current in (0.0, -LOAD_CURRENT, LOAD_CURRENT)
    ]
    found, collapse = tables(cell, cosines, runs[0], [*runs[1], *runs[2]])
    if not collapse <= COLLAPSE:
        raise ResultError(
            f"the output of {cell.kind} owes {100 * collapse:.3g} % of its swing to other things than its junction's "
            f"node, {100 * COLLAPSE:g} % at most is allowed. A surrogate stands for a divider and stages behind it."
        )
    signals = [cell.node_signal(node) for node in skeleton.nodes]
    rest = np.array([[np.interp(found.v, w["v(vin)"], w[name]) for w in runs[0]] for name in signals])
    anchor = _anchor(runs[0][COSINES // 2], signals)
    pairs = measure_pairs(cell, skeleton, anchor, engine.run, temperature)
    fixed = dict(zip(("vss", "vdd"), cell.rails, strict=True)).get(skeleton.fixed, 0.0)
    branches = Branches(
        nodes=skeleton.nodes, pairs=pairs, rest=np.ascontiguousarray(np.swapaxes(rest, 1, 2)), fixed=fixed,
        sign=skeleton.sign,
    )  # fmt: skip
    return found, branches


def _anchor(ramp: Waveforms, signals: list[str]) -> list[float]:
    """Return input and nodes [V] where the output of a ramp is in the middle of its swing."""
    out = ramp["v(out)"]
    middle = 0.5 * (out.min() + out.max())
    k = int(np.flatnonzero(np.diff(np.sign(out - middle)) != 0.0)[0])
    part = (middle - out[k]) / (out[k + 1] - out[k])
    return [float(ramp[name][k] + part * (ramp[name][k + 1] - ramp[name][k])) for name in ("v(vin)", *signals)]


def _reach(found: Tables) -> tuple[float, float]:
    """Return low and high input [V] between which the mean static output goes over nine tenths of its way."""
    static = np.interp(found.inner, found.level, found.output).mean(axis=1)
    low, high = static.min(), static.max()
    inside = found.v[(static > low + 0.02 * (high - low)) & (static < high - 0.02 * (high - low))]
    return float(inside[0]), float(inside[-1])


def run_testbench(
    cell: Cell, *, duration: float, reach: tuple[float, float], seed: int, temperature: float = 300.0
) -> Testbench:
    """Return the run with levels at random between two inputs [V]; half of them near their middle."""
    draw = np.random.default_rng([seed, 0x5A])
    ends = np.cumsum(draw.choice(DWELLS, int(duration / DWELLS.min()) + 1))
    ends = ends[: int(np.searchsorted(ends, duration)) + 1]
    middle, half = 0.5 * (reach[0] + reach[1]), 0.5 * (reach[1] - reach[0])
    levels = middle + half * draw.uniform(-1.0, 1.0, ends.size) * draw.choice([1.2, 0.5], ends.size)
    levels = np.clip(levels, *cell.rails)
    times = np.ravel([np.concatenate([[0.0], ends[:-1]]), ends - EDGE], order="F")
    circuit = bench_circuit(cell)
    circuit["Vin"].dc_value = f"dc {float(levels[0])!r} {Pwl(times.tolist(), np.repeat(levels, 2).tolist()).text()}"
    states = [name for names in cell.state_signals().values() for name in names]
    return Testbench.from_pyspice(
        circuit, stop=duration, step=cell.device.time_step(duration), save=("v(vin)", "v(out)", *states),
        parameters={"seed": instance_seed(seed, "surrogate")}, temperature=temperature,
        title=f"{cell.name}: how fast it follows",
    )  # fmt: skip


def samples(cell: Cell, waves: Waveforms) -> tuple[Array, Array, Array]:
    """Return input, cosine and output of a run at the samples of the junction's noise."""
    even = waves.resample(cell.device.dt)  # type: ignore[attr-defined]
    (signals,) = cell.state_signals().values()
    named = dict(zip(cell.device.state_ports(), signals, strict=True))
    cosine = np.sum([weight * even[named[port]] for port, weight in cell.device.state_weights.items()], axis=0)
    return np.asarray(even["v(vin)"]), np.asarray(cosine), np.asarray(even["v(out)"])
