"""What a network of p-bits samples: circuit beside Boltzmann, the law with memory and the extracted p-bit."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from spinspice.cells import ClockedPBit, PBit, TelegraphPBit
from spinspice.cmos import get_technology
from spinspice.devices import TelegraphField
from spinspice.errors import ResultError, UsageError
from spinspice.jobs import JobFailure
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.network import Network
from spinspice.networks.pbits import exact
from spinspice.networks.pbits.circuit import UPDATES, PBitNetwork
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.extraction import extract, extraction_testbench
from spinspice.networks.pbits.gates import gate
from spinspice.networks.pbits.histogram import Comparison, Histogram, between
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import STEP, Calibration, Transfer, follow_layers, simulate, transfer
from spinspice.networks.pbits.synapses import SYNAPSES
from spinspice.presets import load_preset
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.devices import DEVICE, device_of
from spinspice.studies.parameter import Parameter
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Junction of the telegraph p-bit, our choice: mean stay of 20 ns, no torque of the reading voltage to speak of.
TELEGRAPH = {"R_P": 12.7e3, "TMR": 1.0, "delta": 3.0, "phi0": 1e9, "t_sw": 2e-11, "V_c": 100.0, "B_k": 0.05}
#: Time that is left out at the start of a run, in p-bit updates or stays: [s] by scheme.
START = {"autonomous": 5e-9, "clocked": 5e-9, "telegraph": 100e-9}
#: How much longer than the circuit the extracted network runs, and samples of the law with memory.
LONGER, SAMPLES = 20, 200_000
#: Length of the run that calibrates an extracted p-bit, over what it remembers: our choice.
CURVE = 2e5
#: Junctions of a clocked p-bit: with one, an input beyond its reach is never defied, and gates freeze.
CLOCKED_JUNCTIONS = 4


@dataclasses.dataclass(frozen=True)
class PBitResult:
    """What a network did.

    Attributes
    ----------
    network : PBitNetwork
    histogram : Histogram
        Of the circuit.
    boltzmann, memory : array, shape (2**n,)
        Laws; memory only for free-running p-bits, else None.
    extracted : Histogram or None
        Of the same network of extracted p-bits; None for telegraph p-bits.
    pbit, calibration : ExtractedPBit and Calibration, or None
    power : mapping
        Mean power by block [W], summed over cells, and its standard error over runs (NaN for one run).
    flips : float
        Flips of all p-bits a second.
    """

    network: PBitNetwork
    histogram: Histogram
    boltzmann: Array
    memory: Array | None
    extracted: Histogram | None
    pbit: ExtractedPBit | None
    calibration: Calibration | None
    power: Mapping[str, tuple[float, float]]
    flips: float

    @property
    def to_boltzmann(self) -> Comparison:
        """Circuit beside Boltzmann's law."""
        return self.histogram.compare(self.boltzmann)

    @property
    def to_memory(self) -> Comparison | None:
        """Circuit beside the law with memory."""
        return None if self.memory is None else self.histogram.compare(self.memory)

    @property
    def to_extracted(self) -> Comparison | None:
        """Circuit beside the network of extracted p-bits."""
        return None if self.extracted is None else between(self.histogram, self.extracted)

    @property
    def right(self) -> tuple[float, float]:
        """Probability of the ground states, and its standard error."""
        return self.histogram.of_states(self.boltzmann > self.boltzmann.max() * (1 - 1e-9))

    @property
    def total_power(self) -> tuple[float, float]:
        """Mean power of the network [W], and its standard error."""
        errors = [error for _, error in self.power.values()]
        return sum(p for p, _ in self.power.values()), math.sqrt(sum(e * e for e in errors))

    @property
    def energy_per_sample(self) -> tuple[float, float]:
        """Energy of one independent sample of the state [J]: power times integrated correlation time."""
        power, error = self.total_power
        n = self.histogram.independent
        relative = math.hypot(error / power if power else 0.0, 2.0 / math.sqrt(n))
        return power * self.histogram.correlation, power * self.histogram.correlation * relative

    @property
    def energy_per_flip(self) -> float:
        """Energy over flips of all p-bits [J]."""
        return self.total_power[0] / self.flips if self.flips else math.inf

    @property
    def energy_per_answer(self) -> tuple[float, float]:
        """Energy of one independent sample over the probability that it is right [J]."""
        energy, error = self.energy_per_sample
        p, spread = self.right
        value = energy / p if p else math.inf
        return value, value * math.hypot(error / energy, spread / p if p else 0.0)

    def summary(self) -> str:
        """Return the result as text."""
        names = self.network.ising.names
        laws = {"circuit": self.histogram.probabilities, "Boltzmann": self.boltzmann}
        laws |= {} if self.memory is None else {"memory": self.memory}
        laws |= {} if self.extracted is None else {"extracted": self.extracted.probabilities}
        lines = [
            f"{len(names)} p-bits, {self.network.update}, I0 = {self.network.I0:g}, {self.network.synapse}",
            f"V0 = {self.network.V0 * 1e3:.4g} mV, v0 = {float(self.network.v0) * 1e3:.4g} mV",  # type: ignore[arg-type]
            " ".join(names) + "  " + "  ".join(f"{name:>9}" for name in laws),
        ]
        shown = np.argsort(-self.boltzmann, kind="stable")[:16]
        for row in shown:
            bits = " ".join(f"{row >> (len(names) - 1 - i) & 1:>{len(name)}}" for i, name in enumerate(names))
            lines.append(bits + "  " + "  ".join(f"{law[row]:9.4f}" for law in laws.values()))
        if shown.size < self.boltzmann.size:
            lines.append(f"... and {self.boltzmann.size - shown.size} states more")
        p, error = self.right
        lines.append(f"ground states: {p:.4f} +- {error:.4f}")
        for name, found in (
            ("Boltzmann", self.to_boltzmann), ("memory", self.to_memory), ("extracted", self.to_extracted)
        ):  # fmt: skip
            if found is not None:
                lines.append(f"total variation to {name}: {found}")
        lines.append(f"correlation time of the state: {self.histogram.correlation * 1e9:.3g} ns")
        return "\n".join(lines + self._energies())

    def _energies(self) -> list[str]:
        """Return the lines on energy; none where it was not asked for."""
        if not self.power:
            return []
        lines = []
        total, spread = self.total_power
        lines.append(f"power: {_error(total * 1e6, spread * 1e6)} uW ({_blocks(self.power)})")
        energy, spread = self.energy_per_sample
        lines.append(f"energy of an independent sample: {_error(energy * 1e15, spread * 1e15)} fJ")
        energy, spread = self.energy_per_answer
        lines.append(f"energy of a right answer: {_error(energy * 1e15, spread * 1e15)} fJ")
        lines.append(f"energy over flips: {self.energy_per_flip * 1e15:.3g} fJ")
        return lines

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain data."""
        found = {"boltzmann": self.to_boltzmann, "memory": self.to_memory, "extracted": self.to_extracted}
        return {
            "names": list(self.network.ising.names),
            "update": self.network.update,
            "I0": self.network.I0,
            "counts": self.histogram.counts.tolist(),
            "correlation": self.histogram.correlation,
            "independent": self.histogram.independent,
            "right": self.right,
            "total_variation": {
                name: {**dataclasses.asdict(c), "excess": c.excess} for name, c in found.items() if c is not None
            },
            "power": {name: list(value) for name, value in self.power.items()},
            "energy_per_sample": self.energy_per_sample if self.power else None,
            "energy_per_answer": self.energy_per_answer if self.power else None,
            "energy_per_flip": self.energy_per_flip if self.power else None,
            "calibration": None if self.calibration is None else dataclasses.asdict(self.calibration),
            "pbit": None if self.pbit is None else dataclasses.asdict(self.pbit),
        }


def _error(value: float, error: float) -> str:
    return f"{value:.3g} +- {error:.2g}" if math.isfinite(error) else f"{value:.3g} (one run: no standard error)"


def _blocks(power: Mapping[str, tuple[float, float]]) -> str:
    return ", ".join(f"{name} {value * 1e6:.3g}" for name, (value, _) in power.items())


class PBitStudy(Study):
    """A network of p-bits, its cell characterised first.

    Not among the registered studies, which sweeps and ``characterize`` take by name: its result is of a network, and is
    neither stored nor swept. Run it with ``run(PBitStudy(), ...)``.
    """

    title = "states of a network of p-bits beside the laws that it may follow"
    parameters = (
        Parameter(name="ising", meaning="energy: a gate's name or an Ising", default="copy", kind="object"),
        Parameter(name="update", meaning="scheme of update", default="autonomous", kind="text", choices=tuple(UPDATES)),
        Parameter(name="I0", meaning="inverse temperature", default=0.5, low=0.0, high=1e3),
        Parameter(name="duration", meaning="length of a run", default=500e-9, unit="s", low=2e-8, high=1e-2),
        Parameter(name="runs", meaning="runs of different seeds", default=2, kind="whole", low=1, high=10_000),
        Parameter(name="clock", meaning="time between updates", default=1e-9, unit="s", low=1e-10, high=1e-3),
        Parameter(name="colours", meaning="update p-bits that are not coupled at once", default=False, kind="flag"),
        Parameter(
            name="junctions", meaning="junctions of a p-bit", kind="whole", low=1, high=64,
            chosen="4 of a clocked p-bit, 1 of others",
        ),
        Parameter(name="synapse", meaning="synapses", default="resistors", kind="text", choices=tuple(SYNAPSES)),
        Parameter(name="R_node", meaning="resistance of a gate's node", default=20e3, unit="Ohm", low=1.0, high=1e9),
        Parameter(name="cmos", meaning="transistors", default="generic", kind="text"),
        Parameter(name="preset", meaning="junction of magnets", default="faria2021", kind="text"),
        DEVICE,
        Parameter(name="V0", meaning="width of the transition; default extracted", unit="V", low=1e-6, high=10.0),
        Parameter(name="v0", meaning="middle of the transition; default extracted", unit="V", low=-10.0, high=10.0),
        Parameter(name="energy", meaning="account for the energy", default=True, kind="flag", varied=False),
    )
    quantities: ClassVar = {
        "total_variation": "1", "right": "1", "correlation": "s", "power": "W", "energy_per_sample": "J",
    }  # fmt: skip

    def steps(self, point: Point) -> Steps:
        """Characterise the cell, unless its V0 and v0 are given, run the network, compare."""
        ising = point["ising"] if isinstance(point["ising"], Ising) else gate(str(point["ising"]))
        if len(ising) > exact.MAX_ENUMERATED:
            raise UsageError(
                f"{len(ising)} p-bits: the states of up to {exact.MAX_ENUMERATED} are counted. Clamp some, or anneal."
            )
        cell = cell_of(point)
        pbit = curve = None
        if point["update"] != "telegraph":
            found = yield Batch(
                "characterise",
                [extraction_testbench(cell, R_node=point["R_node"], seed=point.stream("extraction"))],
                lambda waves: extract(cell, waves),
            )
            pbit = _good(found)[0]
            clock = point["clock"] if point["update"] == "clocked" else 0.0
            curve = transfer(pbit, seed=point.stream("calibration"), clock=clock, duration=CURVE * remembered(pbit))
        network = network_of(point, ising, cell, curve and curve.calibration(), pbit.r_out if pbit else 0.0)
        circuit = network.network(probes="blocks" if point["energy"] else "none")
        save = energy_signals(circuit) if point["energy"] else ()
        step = cell.device.max_step if point["update"] != "telegraph" else None
        seeds = [point.stream(f"run/{k}") for k in range(point["runs"])]
        benches = [circuit.testbench(stop=point["duration"], seed=seed, step=step, save=save) for seed in seeds]
        runs = _good((yield Batch("network", benches, lambda waves: _kept(network, circuit, waves, point["energy"]))))
        return _result(point, network, pbit, curve, runs)

    def numbers(self, result: PBitResult) -> Mapping[str, tuple[float | None, float | None]]:
        """Return the quantities with standard errors."""
        comparison = result.to_boltzmann
        return {
            "total_variation": (comparison.tv, comparison.spread),
            "right": result.right,
            "correlation": (result.histogram.correlation, None),
            "power": result.total_power if result.power else (None, None),
            "energy_per_sample": result.energy_per_sample if result.power else (None, None),
        }


#: What messages call it; given here, so that it does not register itself.
PBitStudy.name = "pbits"


def cell_of(point: Point) -> PBit:
    """Return the cell that a point asks for."""
    technology = get_technology(point["cmos"])
    if point["update"] == "telegraph":
        return TelegraphPBit(TelegraphField(**TELEGRAPH), technology)
    device = device_of(load_preset(point["preset"]).device, point)
    if hasattr(device, "max_step") and "max_step" not in point["device"]:
        device = device.replace(max_step=STEP)
    if point["update"] == "clocked":
        return ClockedPBit(device, technology, junctions=point["junctions"] or CLOCKED_JUNCTIONS)
    if point["junctions"] not in (None, 1):
        raise UsageError("several junctions a p-bit go with update = 'clocked'.")
    return PBit(device, technology)


def network_of(
    point: Point, ising: Ising, cell: PBit, calibration: Calibration | None, r_out: float = 0.0
) -> PBitNetwork:
    """Return the network of a point; V0 and v0 that are given go before those of a calibration."""
    V0 = calibration.V0 if calibration else getattr(cell, "V0", math.nan)
    v0 = calibration.v0 if calibration else 0.0
    sequencer = None
    if point["update"] == "clocked":
        sequencer = Sequencer(clock=point["clock"], groups=ising.colours() if point["colours"] else ())
    return PBitNetwork(
        ising=ising,
        cell=cell,
        V0=V0 if point["V0"] is None else point["V0"],
        v0=v0 if point["v0"] is None else point["v0"],
        I0=point["I0"],
        R_node=point["R_node"],
        r_out=r_out,
        synapse=point["synapse"],
        sequencer=sequencer,
    )


def _kept(network: PBitNetwork, circuit: Network, waves: Waveforms, energy: bool) -> dict[str, Any]:
    """Return what is kept of a run: states, flips a second, power by kind of block."""
    start = START[network.update]
    interval = network.interval if network.update != "telegraph" else 1e-9
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


def _good(results: Sequence[Any]) -> list[Any]:
    """Return results; raises the first failure."""
    for result in results:
        if isinstance(result, JobFailure):
            raise ResultError(f"a run of the network failed: {result.error}") from result.error
    return list(results)


def remembered(pbit: ExtractedPBit) -> float:
    """Return about the time that a p-bit remembers [s]: of its layer, 1/sigma or 1/(sigma^2 tau), at least 0.1 ns."""
    magnet = pbit.magnet
    return max(1.0 / magnet.sigma, 1.0 / (magnet.sigma**2 * magnet.tau), 1e-10)


def _result(
    point: Point, network: PBitNetwork, pbit: ExtractedPBit | None, curve: Transfer | None, runs: list[Any]
) -> PBitResult:
    ising, n = network.ising, len(network.ising)
    histogram = Histogram.of([run["rows"] for run in runs], n, runs[0]["step"])
    calibration = curve.calibration() if curve else None
    memory = extracted = None
    if pbit is not None and curve is not None and point["update"] == "autonomous":
        used = Calibration(V0=network.V0, v0=float(network.v0))  # type: ignore[arg-type]
        counts = follow_layers(
            ising, pbit, used, curve, I0=network.I0, samples=SAMPLES, seed=point.stream("memory"),
            record=remembered(pbit),
        )  # fmt: skip
        memory = counts / counts.sum()
    if pbit is not None and calibration is not None:
        used = Calibration(V0=network.V0, v0=float(network.v0))  # type: ignore[arg-type]
        clocked = network.sequencer
        long = simulate(
            ising, pbit, used, I0=network.I0, duration=LONGER * point["duration"] * point["runs"],
            seed=point.stream("extracted"), record=runs[0]["step"], clock=clocked.clock if clocked else 0.0,
            groups=clocked.turns(ising) if clocked else (),
        )  # fmt: skip
        extracted = Histogram.of(long.rows, n, long.step)
    kinds = runs[0]["power"]
    power = {}
    for kind in kinds:
        values = np.array([run["power"][kind] for run in runs])
        spread = float(values.std(ddof=1) / math.sqrt(values.size)) if values.size > 1 else math.nan
        power[kind] = (float(values.mean()), spread)
    flips = float(np.mean([run["flips"] for run in runs]))
    return PBitResult(
        network, histogram, exact.boltzmann(ising, network.I0), memory, extracted, pbit, calibration, power, flips
    )
