"""Writer for Xyce: junctions as behavioural sources, which it takes without a compiler. Not run in Xyce here."""

from __future__ import annotations

from collections.abc import Mapping

from spinspice.export.behavioural import LIBRARY, RUN_IN_NGSPICE, tran, write_folder
from spinspice.export.folder import Files, Job, celsius
from spinspice.export.readme import read_by_vacask
from spinspice.netlist.dialects.behavioural import BehaviouralDialect, Xyce
from spinspice.netlist.names import has_bins

#: What runs the exported folder, inside it.
COMMAND = "Xyce testbench.cir"


def write(job: Job) -> Files:
    """Return the files of an exported folder, by name."""

    def run(writer: BehaviouralDialect, options: Mapping[str, str]) -> list[str]:
        return [
            f".options device temp={celsius(job.bench)}",
            *[".options parser model_binning=true"] * has_bins(writer.circuit),
            *(f".options timeint {name}={value}" for name, value in options.items()),
            tran(job),
            f".print tran {' '.join(map(writer.signal, job.bench.save))}",
        ]

    return write_folder(
        job,
        Xyce,
        run,
        command=COMMAND,
        result="`testbench.cir.prn`, a table of text",
        checks=[
            read_by_vacask("xyce", ", the word `PARAMS:`; and with the junction in Verilog-A in place of its library"),
            RUN_IN_NGSPICE.format(
                f"`{LIBRARY}` is that of the LTspice export, which ngspice reads in its mode for that language;"
            ),
        ],
        notes=["No Verilog-A: Xyce takes it as a compiled plugin only, made on the machine on which Xyce was built."],
    )
