"""Writer for LTspice: junctions as behavioural sources, which it takes without a compiler. Not run in LTspice here."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.export.behavioural import RUN_IN_NGSPICE, tran, write_folder
from spinspice.export.folder import Files, Job, celsius
from spinspice.netlist.dialects.behavioural import BehaviouralDialect, Ltspice

#: What runs the exported folder, inside it.
COMMAND = "LTspice -b testbench.cir"


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""

    def run(writer: BehaviouralDialect, options: Mapping[str, str]) -> list[str]:
        return [
            f".temp {celsius(job.bench)}",
            *(f".options {name}={value}" for name, value in options.items()),
            tran(job),
            f".save {' '.join(map(writer.signal, job.bench.save))}",
        ]

    return write_folder(
        job,
        Ltspice,
        run,
        command=COMMAND,
        result="`testbench.raw`",
        checks=[
            RUN_IN_NGSPICE.format("ngspice in its mode for LTspice's language takes all but the line `.save`, and"),
        ],
        notes=[
            "The program may be called `LTspice.exe` or `XVIIx64.exe`; or open the test bench there and press Run.",
            "Level 14 is LTspice's BSIM4; it is of an earlier version than the 4.8 that the cards were written for.",
        ],
    )
