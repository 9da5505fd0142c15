"""Export of a whole network of p-bits: cells, synapses, clocks and seeds, in every dialect."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from spinspice.engines import get_engine
from spinspice.errors import UsageError
from spinspice.export import Export, write_job
from spinspice.export.folder import Job
from spinspice.studies.pbits import KNOWN, PBitStudy, cell_of, energy_of, network_of

#: Junctions that come with their scheme of update.
OWN = {
    "telegraph": "two-state junction in a field",
    "sot": "magnet without anisotropy on a heavy-metal line",
    "modular": "two magnets without anisotropy in series",
}


def export_network(arguments: Mapping[str, Any], *, dialect: str, out: str | os.PathLike[str]) -> Export:
    """Write the network that arguments of the study ``pbits`` describe, with its test bench, to a folder.

    Nothing is run: V0 and v0 of a magnet's p-bit must be given, as a run of the study prints them.

    Raises
    ------
    UsageError
        For an unknown dialect, or where V0 or v0 is missing.
    """
    point = PBitStudy().point(arguments, get_engine("auto"))
    telegraph = point["update"] == "telegraph"
    if point["update"] not in KNOWN and (point["width"] is None or point["middle"] is None):
        raise UsageError("an export runs nothing: give V0 and v0 of the p-bit, as `spinspice network` prints them.")
    if point["synapse"] == "transistors":
        raise UsageError(
            "an export runs nothing, and programmable synapses need a run that finds their currents: take another "
            "synapse, or export from Python, with PBitNetwork(programme=)."
        )
    ising = energy_of(point)
    cell = cell_of(point).rebuilt(probes="none")
    network = network_of(point, ising, cell, None)
    circuit = network.network(probes="none")
    bench = circuit.testbench(
        stop=point["duration"], seed=point.seed, step=None if telegraph else cell.device.max_step, save=["i(vdd)"],
        title=f"{len(ising)} p-bits, {network.update}, I0 = {network.I0:g}",
    )  # fmt: skip
    junction = OWN.get(str(point["update"]), str(point["preset"]))
    return write_job(Job(bench=bench, cell=cell, junction=junction), dialect=dialect, out=out)
