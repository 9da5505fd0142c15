"""What the study of p-bits learns of its cell before it makes a network: extraction and calibration with errors."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Sequence
from typing import Any

from spinspice.cells import ClockedPBit, PBit
from spinspice.jobs import delivered
from spinspice.networks.pbits.clocked import decisions, decisions_testbench
from spinspice.networks.pbits.extracted import ExtractedPBit
from spinspice.networks.pbits.extraction import Observed, extract, extraction_testbench, spread
from spinspice.networks.pbits.surrogate import Calibration, Transfer, transfer
from spinspice.studies.base import Batch, Point

#: Length of the run that calibrates an extracted p-bit, over what it remembers, and the longest: our choice [s].
CURVE, LONGEST = 2e5, 60e-6


@dataclasses.dataclass(frozen=True)
class Characterised:
    """A p-bit as extracted, its mean output, and its calibration with errors."""

    pbit: ExtractedPBit
    curve: Transfer
    calibration: Calibration

    def decided(self, found: Calibration) -> Characterised:
        """Return it with the transition where the clocked cell has it."""
        width, offset = found.V0 / self.calibration.V0, found.v0 - self.calibration.v0
        curve = Transfer(found.v0 + width * (self.curve.inputs - self.calibration.v0), self.curve.mean)
        return Characterised(self.pbit.scaled(width, self.calibration.v0).shifted(offset), curve, found)


def characterised(point: Point, cell: PBit) -> Generator[Batch, list[Any], Characterised]:
    """Run the cell alone: open, and if it is clocked, latched by its clock as well."""
    clock = point["clock"] if isinstance(cell, ClockedPBit) else 0.0
    names = ["extraction", *(f"extraction/{k}" for k in range(1, point["extractions"]))]
    benches = [extraction_testbench(cell, R_node=point["R_node"], seed=point.stream(name)) for name in names]
    runs = good((yield Batch("characterise", benches, lambda waves: Observed.of(cell, waves))))
    pbit = extract(cell, runs)
    how: dict[str, Any] = {
        "seed": point.stream("calibration"), "clock": clock, "duration": min(CURVE * remembered(pbit), LONGEST),
    }  # fmt: skip
    curve = transfer(pbit, **how)
    stderr, V0_stderr = spread(cell, runs, pbit, **how)
    found = Characterised(pbit, curve, dataclasses.replace(curve.calibration(), stderr=stderr, V0_stderr=V0_stderr))
    if not isinstance(cell, ClockedPBit) or None not in (point["width"], point["middle"]):
        return found
    bench = decisions_testbench(
        cell, found.calibration, clock=clock, R_node=point["R_node"], updates=point["trials"],
        seed=point.stream("trials"),
    )  # fmt: skip
    (decided,) = good((yield Batch("calibrate", [bench], lambda waves: decisions(cell, waves, clock))))
    return found.decided(decided.calibration)


def good(results: Sequence[Any]) -> list[Any]:
    """Return results; raises the first failure."""
    return delivered(results, "a run of the network")


def remembered(pbit: ExtractedPBit) -> float:
    """Return about the time that a p-bit remembers [s]: of its layer, 1/sigma or 1/(sigma^2 tau), at least 0.1 ns."""
    magnet = pbit.magnet
    return max(1.0 / magnet.sigma, 1.0 / (magnet.sigma**2 * magnet.tau), 1e-10)
