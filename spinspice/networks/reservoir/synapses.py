r"""Programmable synapses (Ganguly et al. 2018, Sec. III C): transistors in their linear region, junctions, a diode.

Each kind is measured as it will be used: from a source that goes through the swing of an output, into the low
resistance of a node. Its current is :math:`I = G V` and a remainder; G is the slope by least squares, *bent* the rms
remainder over the rms current. The table from setting to G is then read backwards: what a weight asks for.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.cells.asn_paired import PairedASN, WilsonBias
from spinspice.cmos import Technology, get_technology
from spinspice.devices import Telegraph
from spinspice.errors import ParameterError, check_range
from spinspice.networks.couplings import Coupling, Diode, Junction, Resistor, Transistor
from spinspice.networks.network import Network, Placed
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms

Array = NDArray[np.float64]
#: Resistance into which synapses are measured [Ohm], a thousandth of theirs; ramp, its longest step [s]. Our choices.
SENSE, RAMP, MOVE = 100.0, 1e-6, 2e-9


class Synapse(abc.ABC):
    """A kind of synapse: what it is made of at a setting."""

    @property
    @abc.abstractmethod
    def settings(self) -> Sequence[float]:
        """Settings that are measured, in rising order of conductance."""

    @abc.abstractmethod
    def place(self, name: str, source: str, node: str, setting: float) -> tuple[dict[str, Coupling], dict[str, float]]:
        """Return couplings from an output to a node, and the voltages of lines that hold the setting [V]."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TransistorSynapse(Synapse):
    """An n and a p transistor in parallel, gates at plus and minus the setting [V] about the middle of the supply.

    Parameters
    ----------
    technology : Technology
    w, length : float
        Of both [m]: long, so that they conduct as little as synapses do. Our choice.
    highest : float
        Highest setting [V]; above the rail it is a raised line.
    paired : bool
        Whether there is a p transistor.
    """

    technology: Technology = dataclasses.field(default_factory=lambda: get_technology("generic"))
    w: float = 1e-7
    length: float = 1e-6
    highest: float = 0.8
    paired: bool = True

    @property
    def settings(self) -> Sequence[float]:
        return tuple(np.linspace(0.25, self.highest, 23))

    def place(self, name: str, source: str, node: str, setting: float) -> tuple[dict[str, Coupling], dict[str, float]]:
        size = self.w, self.length
        made: dict[str, Coupling] = {f"{name}_n": Transistor(self.technology, "n", source, f"{name}_g", node, *size)}
        lines = {f"{name}_g": setting}
        if self.paired:
            made[f"{name}_p"] = Transistor(self.technology, "p", source, f"{name}_h", node, *size)
            lines[f"{name}_h"] = -setting
        return made, lines


@dataclasses.dataclass(frozen=True, kw_only=True)
class JunctionSynapse(Synapse):
    """Stable junctions in parallel, of which ``setting`` are parallel and the others antiparallel.

    Parameters
    ----------
    device : Telegraph
        With a barrier that lets it stay; ``R_P`` sets the weights. Our choice: 1 MOhm, TMR 150 %, critical voltage 1 V.
    count : int
    """

    device: Telegraph = dataclasses.field(
        default_factory=lambda: Telegraph(R_P=1e6, TMR=1.5, V_half=0.5, delta=40.0, V_c=1.0, phi0=1e9, t_sw=1e-10)
    )
    count: int = 8

    @property
    def settings(self) -> Sequence[float]:
        return tuple(float(k) for k in range(self.count + 1))

    def place(self, name: str, source: str, node: str, setting: float) -> tuple[dict[str, Coupling], dict[str, float]]:
        made: dict[str, Coupling] = {}
        for k in range(self.count):
            device = self.device.replace(state0=0.0 if k < round(setting) else 1.0)
            made[f"{name}_{k}"] = Junction(device, source, node, (f"{name}_s{k}", f"{name}_c{k}"))
        return made, {}


@dataclasses.dataclass(frozen=True, kw_only=True)
class DiodeSynapse(Synapse):
    """A diode before a resistor of 1/setting: current one way only, so half of an output's swing is lost. The paper
    has it as optional, at the cost of other bias voltages.

    Parameters
    ----------
    saturation, ideality : float
        Of the diode: current [A], and n. Our choice: a Schottky diode; a silicon diode passes nothing at 0.4 V.
    """

    saturation: float = 1e-9
    ideality: float = 1.05

    @property
    def settings(self) -> Sequence[float]:
        return tuple(np.geomspace(1e-7, 1e-4, 13))

    def place(self, name: str, source: str, node: str, setting: float) -> tuple[dict[str, Coupling], dict[str, float]]:
        diode = Diode(source, f"{name}_d", self.saturation, self.ideality)
        return {f"{name}_d": diode, f"{name}_r": Resistor(f"{name}_d", node, 1.0 / setting)}, {}


@dataclasses.dataclass(frozen=True, eq=False)
class SynapseTable:
    """Conductance [S] and bend [1] of a kind at its settings.

    Parameters
    ----------
    kind : Synapse
    conductance, bent : array
    """

    kind: Synapse
    conductance: Array
    bent: Array

    def setting(self, conductance: float, where: str = "") -> float:
        """Return the setting that makes a conductance [S].

        Raises
        ------
        ParameterError
            For one out of reach: what the kind reaches.
        """
        low, high = float(self.conductance[0]), float(self.conductance[-1])
        if not low * (1.0 - 1e-9) <= conductance <= high * (1.0 + 1e-9):
            raise ParameterError(
                f"{where + ': ' if where else ''}{conductance:.3g} S is out of reach: a {type(self.kind).__name__} "
                f"makes {low:.3g} to {high:.3g} S. Scale the weights, or take another size of it."
            )
        found = float(np.interp(conductance, self.conductance, self.kind.settings))
        return float(round(found)) if isinstance(self.kind, JunctionSynapse) else found

    def made(self, setting: float) -> float:
        """Return the conductance at a setting [S]."""
        return float(np.interp(setting, self.kind.settings, self.conductance))


def synapse_testbench(
    kind: Synapse, cell: PairedASN, swing: float, settings: Sequence[float] | None = None
) -> Testbench:
    """Return the run that measures a kind at its settings, or at others, through plus and minus ``swing`` [V].

    The rails are those of ``cell``, whose bias stands beside.
    """
    check_range("swing", swing, 0.0, cell.vdd / 2.0, unit="V", open_low=True, where="synapse_testbench")
    couplings: dict[str, Coupling] = {}
    inputs: dict[str, Any] = {"src": Pwl((0.0, RAMP, 2 * RAMP), (-swing, swing, -swing))}
    given = kind.settings if settings is None else settings
    for k, setting in enumerate(given):
        made, lines = kind.place(f"s{k}", "src", f"m{k}", setting)
        couplings |= made
        inputs |= lines
        couplings[f"sense{k}"] = Resistor(f"m{k}", "0", SENSE)
    cells = {"wilson": Placed(WilsonBias.of(cell), {"nb": "nb", "pb": "pb"})}
    network = Network(cells=cells, couplings=couplings, inputs=inputs, probes="none", title="synapses")
    kept = ("v(src)", *(f"v(m{k})" for k in range(len(given))))
    return network.testbench(stop=2 * RAMP, step=MOVE, seed=1, save=kept)


def measured(waves: Waveforms, count: int) -> tuple[Array, Array]:
    """Return conductance and bend of each of ``count`` synapses of a run."""
    grid = np.linspace(0.0, 2 * RAMP, 801)
    v = np.interp(grid, waves.time, waves["v(src)"])
    found = []
    for k in range(count):
        drop = np.interp(grid, waves.time, waves[f"v(m{k})"])
        current = drop / SENSE
        slope = float(np.sum(current * (v - drop)) / np.sum((v - drop) ** 2))
        rest = current - slope * (v - drop)
        found.append((slope, float(np.sqrt(np.mean(rest**2) / np.mean(current**2)))))
    conductance, bent = np.array(found).T
    return conductance, bent


def tabulated(kind: Synapse, waves: Waveforms) -> SynapseTable:
    """Return the table of a kind from the run of :func:`synapse_testbench`.

    Raises
    ------
    ParameterError
        If its conductance does not rise with its settings: then no weight has one setting.
    """
    conductance, bent = measured(waves, len(kind.settings))
    if not (np.diff(conductance) > 0.0).all():
        raise ParameterError(f"the conductance of {kind} does not rise with its settings. Take another size.")
    return SynapseTable(kind, conductance, bent)


def programmed(
    wanted: Mapping[str, tuple[str, str, float]], table: SynapseTable
) -> tuple[dict[str, Coupling], dict[str, float], dict[str, float]]:
    """Return couplings, lines that hold settings [V], and the conductance that each makes [S].

    Parameters
    ----------
    wanted : mapping
        Name -> (output, node, conductance [S]).
    table : SynapseTable
    """
    couplings: dict[str, Coupling] = {}
    lines: dict[str, float] = {}
    made: dict[str, float] = {}
    for name, (source, node, conductance) in wanted.items():
        setting = table.setting(conductance, f"synapse {name} from {source} to {node}")
        placed, held = table.kind.place(name, source, node, setting)
        couplings |= placed
        lines |= held
        made[name] = table.made(setting)
    return couplings, lines, made
