"""Readout cells side by side, as a network: one stimulus, one clock, one line of read currents."""

from __future__ import annotations

from collections.abc import Sequence

from spinspice.benches.readout import read_bias
from spinspice.cells.read_timing import ReadTiming
from spinspice.cells.readout import ReadOut
from spinspice.devices import Telegraph
from spinspice.errors import CircuitError
from spinspice.networks.couplings import Coupling, Junction, Resistor
from spinspice.networks.network import Drive, Network, Placed

#: Ports of a readout that are its own; the others are shared.
OWN = ("bias", "out", "state", "count")


def readout_network(
    cells: Sequence[ReadOut],
    timing: ReadTiming,
    *,
    seeds: Sequence[int | str],
    biases: Sequence[float | str],
    trims: Sequence[float | str] | None = None,
    stimulus: str = "{stim}",
) -> Network:
    """Return several readouts as a network, whose cells keep their names and ammeters.

    Cell k is X<k> with the nodes out<k>, state<k>, count<k>, bias<k>; shared are vdd, vss, stim, clk, isolate, read and
    the gate line pb, each but the last with a source of its name.

    Parameters
    ----------
    cells : sequence of ReadOut
        One kind: same technology, supply and read current. Cells of the same name share their subcircuit.
    timing : ReadTiming
    seeds, biases
        Of each junction: its seed, and its shift V_0 [V].
    trims : sequence, optional
        Trim code of each comparator; 0 by default.
    stimulus : str
        Value of the common source: a number, a parameter in braces, or a waveform such as ``PWL(...)``.

    Raises
    ------
    CircuitError
        If cells, seeds and biases are not equally many, or cells are of different kinds.
    """
    trims = [0] * len(cells) if trims is None else trims
    if not len(cells) == len(seeds) == len(biases) == len(trims) or not cells:
        raise CircuitError(
            f"{len(cells)} cells, {len(seeds)} seeds, {len(biases)} shifts and {len(trims)} trim codes: give one each "
            "per cell."
        )
    first = cells[0]
    if any((c.technology.name, c.vdd, c.device.drive) != (first.technology.name, first.vdd, 0.0) for c in cells[1:]):
        raise CircuitError("cells on one stimulus must be driven by voltage and share technology and supply.")
    bias = read_bias(first)
    placed = {"bias": Placed(bias, {port: port for port in bias.ports})}
    inputs = {node: Drive(pulse, node) for node, pulse in timing.pulses(first.vdd).items()}
    inputs["stim"] = Drive(stimulus, "stim", current=first.device.drive != 0.0)
    for number, (cell, seed, shift, trim) in enumerate(zip(cells, seeds, biases, trims, strict=True), start=1):
        nodes = {port: f"{port}{number}" if port in OWN else port for port in cell.ports}
        placed[str(number)] = Placed(cell, nodes, seed, {"trim": trim} if cell.trimmed else {})
        inputs[f"bias{number}"] = Drive(shift, f"bias{number}")
    return Network(cells=placed, inputs=inputs, probes=None, title=f"{first.name} on {first.technology.name}")


def ideal_network(
    devices: Sequence[Telegraph],
    *,
    seeds: Sequence[int | str],
    biases: Sequence[float],
    stimulus: str,
    R_ref: float | None = None,
) -> Network:
    """Return junctions alone as a network: mtj<k> between stimulus and shift, nodes state<k>, count<k>, bias<k>.

    With ``R_ref`` [Ohm] a reference resistor ref<k> lies beside each.
    """
    couplings: dict[str, Coupling] = {}
    inputs = {"stim": Drive(stimulus, "stim")}
    for number, (device, seed, shift) in enumerate(zip(devices, seeds, biases, strict=True), start=1):
        low = f"bias{number}"
        inputs[low] = Drive(shift, low)
        couplings[f"mtj{number}"] = Junction(device, "stim", low, (f"state{number}", f"count{number}"), seed)
        if R_ref is not None:
            couplings[f"ref{number}"] = Resistor("stim", low, R_ref)
    return Network(couplings=couplings, inputs=inputs, title="population")
