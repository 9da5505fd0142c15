"""Synapses and neurons of domain walls in one crossbar, and the cell that writes such a synapse.

A synapse is a track with its contact on an input row and both ends of its track on a column: its wall stands where it
was written, half of the read current leaves to either side, so that reading does not move it. The column is the track
of a neuron (:class:`~spinspice.benches.wall.WallNeuron`), some hundred ohms to ground: currents add up there, and the
neuron fires at its charge. The transistors of spike and reset are those of the technology; inputs are ideal sources.
A reset sends its current through the neuron; the synapses take a part of it, V_left over their resistances.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.benches.firing import add_cards
from spinspice.benches.wall import WallNeuron, pulses
from spinspice.cmos import Technology
from spinspice.devices import DomainWall
from spinspice.devices.noise import instance_seed
from spinspice.errors import CircuitError
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pwl
from spinspice.testbench import Testbench


@dataclasses.dataclass(frozen=True, kw_only=True)
class WallCrossbar:
    """Rows of inputs, columns of neurons.

    Parameters
    ----------
    synapse : DomainWall
        Of every crossing; its contact is the weight.
    neuron : WallNeuron
        Of every column.
    positions : array, shape (rows, columns)
        Where the walls of the synapses stand [m].

    Raises
    ------
    CircuitError
        For positions that are no matrix, or off the tracks.
    """

    synapse: DomainWall
    neuron: WallNeuron
    positions: NDArray[np.float64]

    def __post_init__(self) -> None:
        places = np.asarray(self.positions, dtype=float)
        object.__setattr__(self, "positions", places)
        if places.ndim != 2 or not places.size:
            raise CircuitError(f"positions have the shape {places.shape}: give (rows, columns) (domain-wall crossbar).")
        if np.abs(places).max() > 0.5 * self.synapse.length:
            raise CircuitError(
                f"a synapse's wall stands {np.abs(places).max():.3g} m from the middle of a track of "
                f"{self.synapse.length:.3g} m (domain-wall crossbar): move it onto the track."
            )

    def testbench(self, inputs: Sequence[Any], stop: float, seed: int = 1) -> Testbench:
        """Return a run under a waveform or voltage an input [V], negative to drive the neurons towards their contacts.

        Kept: ``v(c<j>out)``, ``v(c<j>q)``, ``v(c<j>left)``, and where each synapse stands, ``v(q<i>_<j>)``.
        """
        rows, columns = self.positions.shape
        if len(inputs) != rows:
            raise CircuitError(f"{len(inputs)} inputs for {rows} rows: give one each (domain-wall crossbar).")
        circuit = Circuit("crossbar of domain walls")
        circuit.V("dd", "vdd", circuit.gnd, self.neuron.technology.vdd)
        save = []
        for i, value in enumerate(inputs):
            circuit.V(f"row{i}", f"r{i}", circuit.gnd, value.text() if hasattr(value, "text") else value)
            save.append(f"i(vrow{i})")
        for j in range(columns):
            self.neuron.place(circuit, instance_seed(seed, f"neuron{j}"), f"c{j}")
            save += [f"v(c{j}{node})" for node in ("out", "q", "left")]
            for i in range(rows):
                name = f"s{i}_{j}"
                self.synapse.replace(q0=float(self.positions[i, j])).add_to(
                    circuit, name, f"c{j}left", f"r{i}", f"c{j}left", circuit.gnd, f"q{i}_{j}", f"p{i}_{j}",
                    seed=instance_seed(seed, name),
                )  # fmt: skip
                save.append(f"v(q{i}_{j})")
        step = min(self.synapse.max_step, self.neuron.device.max_step)
        return Testbench.from_pyspice(circuit, stop=stop, step=step, save=tuple(save))

    def column_currents(self, volts: Sequence[float]) -> NDArray[np.float64]:
        """Return the current of each column into its neuron [A]: sum of G V, the drop at the column included."""
        drop, series = self.neuron.device.R_track, 0.25 * self.synapse.R_track  # both halves of a synapse's track
        out = np.zeros(self.positions.shape[1])
        for _ in range(50):  # a contraction: the track is small against the contacts
            for j, column in enumerate(self.positions.T):
                across = [v - out[j] * drop for v in volts]
                contacts = [self.synapse.contact_conductance(q, v) for q, v in zip(column, across, strict=True)]
                out[j] = sum(v / (1.0 / g + series) for g, v in zip(contacts, across, strict=True))
        return out


def write_cell(
    synapse: DomainWall,
    technology: Technology,
    count: int,
    *,
    volts: float,
    width: float,
    pause: float = 3e-9,
    channel: float = 1e-6,
    seed: int = 1,
) -> Testbench:
    """Return a synapse that is written through two transistors: pulses on the word line let a current through its
    track.

    The bit line stands at ``volts`` (the source line at ground; negative volts turn them round), the word line goes
    to the supply plus half of it. Kept: ``v(q)``, ``i(vsl)`` (the current), ``i(vread)`` at 50 mV in the last 2 ns,
    both lines at ground and the word line on.
    """
    high = 1.5 * technology.vdd
    times, gate = pulses(high, width, count, pause)
    stop = float(times[-1] + pause + 5e-9)
    reading = [stop - 3e-9, stop - 2.9e-9]
    circuit = Circuit("domain-wall synapse with two transistors")
    first, second = ("bl", "sl") if volts >= 0.0 else ("sl", "bl")
    bit = Pwl([0.0, reading[0] - 1e-10, reading[0]], [abs(volts), abs(volts), 0.0])
    circuit.V("bl", "bl", circuit.gnd, bit.text())
    circuit.V("sl", "sl", circuit.gnd, 0.0)
    word = Pwl([*times.tolist(), *reading], [*gate.tolist(), 0.0, high])
    circuit.V("wl", "wl", circuit.gnd, word.text())
    length = technology.l_min
    technology.nmos(circuit, "a", first, "wl", "left", circuit.gnd, w=channel, l=length)
    technology.nmos(circuit, "b", second, "wl", "right", circuit.gnd, w=channel, l=length)
    # Keeps the track at ground while both transistors are off
    circuit.R("keep", "right", circuit.gnd, 1e6)
    circuit.V("read", "top", circuit.gnd, Pwl([0.0, stop - 2e-9, stop - 1.9e-9], [0.0, 0.0, 0.05]).text())
    synapse.add_to(circuit, "w", "left", "top", "right", circuit.gnd, "q", "phi", seed=seed)
    add_cards(circuit, technology, [("n", channel, length)])
    save = ("v(q)", "v(phi)", "i(vsl)", "i(vread)")
    return Testbench.from_pyspice(circuit, stop=stop, step=synapse.max_step, save=save)
