"""What a network of p-bits samples: circuit beside Boltzmann, the law with memory and the extracted p-bit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import ClockedPBit, ModularPBit, PBit, SOTPBit, TelegraphPBit
from spinspice.cmos import get_technology
from spinspice.devices import Macrospin, MacrospinSOT, TelegraphField
from spinspice.errors import UsageError
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.network import Network
from spinspice.networks.pbits import exact, judge, modular_law
from spinspice.networks.pbits.circuit import UPDATES, PBitNetwork
from spinspice.networks.pbits.gates import gate
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import STEP, Calibration, follow_layers, simulate
from spinspice.networks.pbits.synapses import SYNAPSES
from spinspice.networks.pbits.trim import thresholds, trim_testbench
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.pbit_cell import Characterised, characterised, good, remembered
from spinspice.studies.pbit_result import PBitResult
from spinspice.studies.pbit_synapses import prepared
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Junction of the telegraph p-bit, our choice: mean stay of 20 ns, no torque of the reading voltage to speak of.
TELEGRAPH = {"R_P": 12.7e3, "TMR": 1.0, "delta": 3.0, "phi0": 1e9, "t_sw": 2e-11, "V_c": 100.0, "B_k": 0.05}
#: Junction of the p-bit on a line, our choice: no anisotropy, a layer that forgets in 12 ns, 2 uA for its V0.
SOT: dict[str, float] = {
    "R_P": 100e3, "TMR": 1.0, "V_half": 0.5, "Ms": 1.1e6, "area": 7.6e-16, "t_free": 2e-9, "alpha": 0.1, "B_k": 0.0,
    "Nx": 0.0, "Ny": 0.0, "Nz": 0.0, "kx": 0.0, "ky": 1.0, "kz": 0.0, "px": 0.0, "py": 1.0, "pz": 0.0, "pol": 0.3,
    "theta_SH": 0.3, "area_hm": 2e-16, "R_hm": 3e3, "dt": 4e-11, "max_step": 4e-11,
}  # fmt: skip
#: Either junction of a modular p-bit: the same layer without a line, of four times the resistance. Our choice.
MODULAR = {name: value for name, value in SOT.items() if name not in ("theta_SH", "area_hm", "R_hm")} | {"R_P": 400e3}
#: Time that is left out at the start of a run, in p-bit updates or stays: [s] by scheme.
START = {"autonomous": 5e-9, "clocked": 5e-9, "telegraph": 100e-9, "sot": 100e-9, "modular": 100e-9}
#: Schemes whose cell has a width of its own, which no run needs to find.
KNOWN = ("telegraph", "sot", "modular")
#: How much longer than the circuit the extracted network runs, and length of the law with memory: our choice [s].
LONGER, LAW = 20, 100e-6
#: Junctions of a clocked p-bit: with one, an input beyond its reach is never defied, and gates freeze.
CLOCKED_JUNCTIONS = 4


class PBitStudy(Study):
    """A network of p-bits, its cell characterised first."""

    name = "pbits"
    title = "states of a network of p-bits beside the laws that it may follow"
    parameters = (
        Parameter(name="gate", meaning="gate, such as and, full-adder, multiplier:2x2", default="copy", kind="text"),
        Parameter(name="ising", meaning="an Ising, in place of a gate", kind="object", hidden=True, varied=False),
        Parameter(name="update", meaning="scheme of update", default="autonomous", kind="text", choices=tuple(UPDATES)),
        Parameter(name="I0", meaning="inverse temperature", default=0.5, low=0.0, high=1e3),
        Parameter(name="duration", meaning="length of a run", default=500e-9, unit="s", low=2e-8, high=1e-2),
        Parameter(name="runs", meaning="runs of different seeds", default=2, kind="whole", low=1, high=10_000),
        Parameter(name="clock", meaning="time between updates", default=1e-9, unit="s", low=1e-10, high=1e-3),
        Parameter(name="colours", meaning="update p-bits that are not coupled at once", default=False, kind="flag"),
        Parameter(
            name="junctions",
            meaning="junctions of a p-bit",
            kind="whole",
            low=1,
            high=64,
            chosen="4 of a clocked p-bit, 1 of others",
        ),
        Parameter(name="synapse", meaning="synapses", default="resistors", kind="text", choices=tuple(SYNAPSES)),
        Parameter(name="R_node", meaning="resistance of a gate's node", default=20e3, unit="Ohm", low=1.0, high=1e9),
        Parameter(name="cmos", meaning="transistors", default="generic", kind="text"),
        Parameter(name="preset", meaning="junction of magnets", default="faria2021", kind="text"),
        DEVICE,
        Parameter(
            name="width", meaning="V0, width of the transition", unit="V", low=1e-6, high=10.0, chosen="extracted"
        ),
        Parameter(
            name="middle", meaning="v0, middle of the transition", unit="V", low=-10.0, high=10.0, chosen="extracted"
        ),
        Parameter(
            name="mismatch", meaning="seed by which transistors differ", kind="whole", low=0, high=2**31, chosen="none"
        ),
        Parameter(
            name="extractions", meaning="runs that a cell is extracted from", default=1, kind="whole", low=1, high=100
        ),
        Parameter(
            name="trials",
            meaning="updates that calibrate a clocked cell",
            default=600,
            kind="whole",
            low=60,
            high=10**6,
        ),
        Parameter(name="untrimmed", meaning="leave the offsets of cells as they are", default=False, kind="flag"),
        Parameter(name="unmetered", meaning="no account of the energy", default=False, kind="flag", varied=False),
    )
    quantities: ClassVar = {
        "total_variation": "1", "right": "1", "correlation": "s", "power": "W", "energy_per_sample": "J",
    }  # fmt: skip
    counts = ("independent",)
    short: ClassVar = {"update": "telegraph", "duration": 6e-7}

    def steps(self, point: Point) -> Steps:
        """Characterise the cell, unless its V0 and v0 are given, run the network, compare."""
        ising = energy_of(point)
        if len(ising) > exact.MAX_ENUMERATED:
            raise UsageError(
                f"{len(ising)} p-bits: the states of up to {exact.MAX_ENUMERATED} are counted. Clamp some, or anneal."
            )
        cell = cell_of(point)
        known = None
        if point["update"] not in KNOWN:
            known = yield from characterised(point, cell)
        network = network_of(point, ising, cell, known)
        network = yield from prepared(network)
        offsets = dict.fromkeys(ising.names, 0.0)
        if point["mismatch"] is not None and known is not None:
            cells = {"drawn": cell, **network.cells}
            found = yield Batch("offsets", [trim_testbench(cells)], lambda waves: thresholds(cells, waves))
            (at,) = good(found)
            offsets = {name: at[name] - at["drawn"] for name in ising.names}
            if not point["untrimmed"]:
                middle = {name: float(network.v0) + offset for name, offset in offsets.items()}  # type: ignore[arg-type]
                network = dataclasses.replace(network, v0=middle)
        circuit = network.network(probes="none" if point["unmetered"] else "blocks")
        save = () if point["unmetered"] else energy_signals(circuit)
        step = getattr(cell.device, "max_step", None) if point["update"] != "telegraph" else None
        seeds = [point.stream(f"run/{k}") for k in range(point["runs"])]
        benches = [circuit.testbench(stop=point["duration"], seed=seed, step=step, save=save) for seed in seeds]
        runs = good(
            (yield Batch("network", benches, lambda waves: _kept(network, circuit, waves, not point["unmetered"])))
        )
        return _result(point, network, known, runs, offsets)

    def numbers(self, result: PBitResult) -> Mapping[str, tuple[float | None, float | None]]:
        """Return the quantities with standard errors."""
        comparison = result.to_boltzmann
        return {
            "total_variation": (comparison.tv, comparison.spread),
            "right": result.right,
            "correlation": result.correlation,
            "independent": (result.histogram.independent, None),
            "power": result.total_power if result.power else (None, None),
            "energy_per_sample": result.energy_per_sample if result.power else (None, None),
        }


def energy_of(point: Point) -> Ising:
    """Return the energy that a point asks for: an Ising, or a gate by name."""
    given = point["ising"]
    return given if isinstance(given, Ising) else gate(str(point["gate"] if given is None else given))


def cell_of(point: Point) -> PBit:
    """Return the cell that a point asks for."""
    technology = get_technology(point["cmos"])
    if point["update"] == "telegraph":
        return TelegraphPBit(TelegraphField(**TELEGRAPH), technology)
    if point["update"] == "sot":
        return SOTPBit(MacrospinSOT(**SOT), technology)
    if point["update"] == "modular":
        return ModularPBit(Macrospin(**MODULAR), technology)
    device = device_of(load_preset(point["preset"]).device, point)
    if hasattr(device, "max_step") and "max_step" not in point["device"]:
        device = device.replace(max_step=STEP)
    if point["update"] == "clocked":
        return ClockedPBit(device, technology, junctions=point["junctions"] or CLOCKED_JUNCTIONS)
    if point["junctions"] not in (None, 1):
        raise UsageError("several junctions a p-bit go with update = 'clocked'.")
    return PBit(device, technology)


def network_of(point: Point, ising: Ising, cell: PBit, known: Characterised | None) -> PBitNetwork:
    """Return the network of a point; V0 and v0 that are given go before those of a calibration."""
    V0 = known.calibration.V0 if known else getattr(cell, "V0", math.nan)
    v0 = known.calibration.v0 if known else 0.0
    if isinstance(cell, ModularPBit):
        V0 = modular_law.transfer(cell).calibration().V0
    if isinstance(cell, SOTPBit):
        v0 = cell.middle_at(min(point["R_node"], cell.input_resistance / 2.0))
    sequencer = None
    if point["update"] == "clocked":
        sequencer = Sequencer(clock=point["clock"], groups=ising.colours() if point["colours"] else ())
    return PBitNetwork(
        ising=ising,
        cell=cell,
        V0=V0 if point["width"] is None else point["width"],
        v0=v0 if point["middle"] is None else point["middle"],
        I0=point["I0"],
        R_node=point["R_node"],
        r_out=known.pbit.r_out if known else 0.0,
        synapse=point["synapse"],
        sequencer=sequencer,
        mismatch=point["mismatch"],
    )


def _kept(network: PBitNetwork, circuit: Network, waves: Waveforms, energy: bool) -> dict[str, Any]:
    """Return what is kept of a run: states, flips a second, power by kind of block."""
    start = START[network.update]
    interval = network.interval if network.update not in KNOWN else 1e-9
    time = np.arange(start, waves.time[-1], min(interval, 1e-10))
    flips = 0
    for name in network.ising.names:
        high = np.interp(time, waves.time, waves[f"v(outb_{name})"]) > network.cell.middle
        flips += int(np.count_nonzero(high[1:] != high[:-1]))
    power: dict[str, float] = {}
    if energy:
        for block, watts in audit_network(circuit, waves).power.items():
            name, _, part = block.partition(".")
            kind = part or "synapses"
            if name.startswith("load_"):
                kind = "loads"
            power[kind] = power.get(kind, 0.0) + watts
    return {
        "rows": network.rows(waves, interval, start), "step": interval, "power": power,
        "flips": flips / (waves.time[-1] - start),
    }  # fmt: skip


def _result(
    point: Point,
    network: PBitNetwork,
    known: Characterised | None,
    runs: list[Any],
    offsets: Mapping[str, float],
) -> PBitResult:
    ising, n = network.ising, len(network.ising)
    histogram = Histogram.of([run["rows"] for run in runs], n, runs[0]["step"])
    laws, alone = _laws(point, network, known, runs, offsets)
    kinds = runs[0]["power"]
    power = {}
    for kind in kinds:
        values = np.array([run["power"][kind] for run in runs])
        spread = float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else math.nan
        power[kind] = (float(values.mean()), spread)
    flips = float(np.mean([run["flips"] for run in runs]))
    named = ("gate", "R_node", "cmos", "duration", "runs")
    return PBitResult(
        cell="pbits",
        engine=point.engine.name,
        seed=point.seed,
        settings={name: point[name] for name in named} | {"model": point.engine.model},
        names=tuple(ising.names),
        update=network.update,
        synapse=network.synapse,
        I0=network.I0,
        V0=network.V0,
        v0=float(np.mean(list(network.middles.values()))),
        histogram=histogram,
        boltzmann=laws["boltzmann"],
        memory=laws.get("memory"),
        extracted=laws.get("extracted"),
        pbit=known.pbit if known else None,
        calibration=known.calibration if known else None,
        power=power,
        flips=flips,
        alone=alone,
    )


def _laws(
    point: Point,
    network: PBitNetwork,
    known: Characterised | None,
    runs: list[Any],
    offsets: Mapping[str, float],
) -> tuple[dict[str, Any], dict[str, tuple[float, float]]]:
    """Return the laws beside a circuit, and what sampling alone makes of runs like those of the circuit."""
    ising, I0 = network.ising, network.I0
    laws: dict[str, Any] = {"boltzmann": exact.boltzmann(ising, I0)}
    if known is None:
        return laws, {}
    pbit = known.pbit
    step, samples, count = runs[0]["step"], runs[0]["rows"].size, len(runs)
    pbits = [pbit.shifted(offsets[name]) for name in ising.names]
    trims = [Calibration(V0=network.V0, v0=network.middles[name]) for name in ising.names]
    clocked = network.sequencer
    how: dict[str, Any] = {"I0": I0, "record": step}
    if clocked is not None:
        how |= {"clock": clocked.clock, "groups": clocked.turns(ising)}
    long = simulate(
        ising, pbits, trims, duration=LONGER * point["duration"] * count, seed=point.stream("extracted"), **how
    )
    laws["extracted"] = Histogram.of(long.rows, len(ising), long.step)
    seed = point.stream("alone") % 2**30
    alone = {
        "extracted": judge.of_extracted(
            ising,
            pbits,
            trims,
            laws["extracted"].probabilities,
            duration=samples * step,
            runs=count,
            seed=seed,
            found=known.calibration,
            **how,
        )
    }
    if clocked is not None:
        alone["boltzmann"] = judge.of_gibbs(
            ising, I0, laws["boltzmann"], sweeps=samples, runs=count, seed=seed, made=_made(point, network, known)
        )
        return laws, alone
    nominal = known.calibration.v0 if point["middle"] is None else point["middle"]
    used = Calibration(V0=network.V0, v0=nominal)
    long_record = max(step, remembered(pbit))
    counts = follow_layers(
        ising,
        pbit,
        used,
        known.curve,
        I0=I0,
        samples=round(LAW / long_record),
        seed=point.stream("memory"),
        record=long_record,
    )
    laws["memory"] = counts / counts.sum()
    alone["memory"] = judge.of_layers(
        ising, pbit, used, known.curve, laws["memory"], I0=I0, samples=samples, record=step, runs=count, seed=seed
    )
    return laws, alone


def _made(point: Point, network: PBitNetwork, known: Characterised) -> Calibration:
    """Return what the resistors were made for; values that a user gave have no error."""
    found = known.calibration
    errors = {
        "stderr": found.stderr if point["middle"] is None else math.nan,
        "V0_stderr": found.V0_stderr if point["width"] is None else math.nan,
    }
    return dataclasses.replace(found, V0=network.V0, v0=float(np.mean(list(network.middles.values()))), **errors)
