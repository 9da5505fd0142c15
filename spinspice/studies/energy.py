"""Where the energy of a cell goes, by name: what ``spinspice energy`` runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from spinspice.cells.plausible import input_doubts
from spinspice.energy import CellEnergy, account_of, audit_testbench, quasi_static_of, quasi_static_testbench
from spinspice.jobs import delivered
from spinspice.studies.base import Batch, Point, Steps, Study
from spinspice.studies.inputs import one_input
from spinspice.studies.neuron import CIRCUIT, DURATION, settings_of
from spinspice.studies.parameter import Parameter
from spinspice.studies.result import StudyResult, to_plain
from spinspice.studies.run import study_function
from spinspice.units import Estimate


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnergyStudy(StudyResult):
    """An audit, with what was audited: cell, junction, seed, notes and how to do it again."""

    account: CellEnergy
    preset: str
    show = "spinspice.show.energy"

    @property
    def title(self) -> str:
        """One line that says what this is."""
        return f"{self.cell.upper()}, junction {self.preset}, Vin = {self.account.vin:g} V, seed {self.seed}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        data = {
            "cell": self.cell,
            "preset": self.preset,
            "engine": self.engine,
            "seed": self.seed,
            **super().to_dict(),
            **self.account.to_dict(),
            "notes": list(self.notes),
            "command": self.command,
        }
        plain: dict[str, Any] = to_plain(data)
        return plain

    def estimates(self) -> dict[str, Estimate]:
        """Return the headline numbers of the audit."""
        return self.account.estimates()

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the columns of the audit: the power of each element."""
        return self.account.records()

    def arrays(self) -> dict[str, tuple[str, Any, str]]:
        return {"power": ("block", list(self.account.audit.power.values()), "W")}


class Energy(Study):
    """Audit the energy of a cell at one input."""

    name = "energy"
    title = "power of a neuron cell by block and element, static and switching, and energy per decision"
    words = ("energy",)
    placed = ("cell",)
    parameters = (
        *CIRCUIT,
        Parameter(name="vin", meaning="input", chosen="the middle of the supply", unit="V", read=one_input),
        DURATION,
    )
    short: ClassVar = {"cell": "bsn", "duration": 3e-9}
    quantities: ClassVar = {"power": "W", "correlation_time": "s", "energy_per_decision": "J"}

    def steps(self, point: Point) -> Steps:
        settings = settings_of(point, "auto", 1)
        cell, T = settings.cell, settings.temperature
        vin = cell.middle if point["vin"] is None else point["vin"]
        input_doubts(cell.rails, vin, warn=True)
        run = audit_testbench(cell, vin, duration=settings.duration, seed=point.seed, temperature=T)
        whole = yield from one(Batch("audit", [run]))
        still = quasi_static_testbench(cell, vin, temperature=T)
        standing = None
        if still is not None:
            standing = quasi_static_of(cell, (yield from one(Batch("quasi-static", [still]))))
        account = account_of(cell, vin, whole, standing, warm_up=settings.warm_up)
        return EnergyStudy(
            cell=cell.kind,
            preset=settings.preset,
            engine=point.engine.name,
            seed=point.seed,
            settings={
                "cmos": cell.technology.name,
                "corner": cell.technology.corner,
                "mismatch": cell.technology.mismatch,
                "vdd": cell.vdd,
                "temperature": T,
                "model": point.engine.model,
                "duration": settings.duration,
                "accuracy": settings.accuracy,
            },
            account=account,
            notes=(*cell.notes, *settings.noted(account.vin), *account.notes),
            provenance=dict(account.provenance),
        )

    def numbers(self, result: EnergyStudy) -> Mapping[str, tuple[float | None, float | None]]:
        account = result.account
        details = account.audit.to_dict(account.tau)
        tau = (None, None) if account.tau is None else (account.tau.fwhm, account.tau.fwhm_stderr)
        return {
            "power": (sum(account.audit.power.values()), details.get("total_power_stderr")),
            "correlation_time": tau,
            "energy_per_decision": (account.per_decision, account.per_decision_stderr),
        }


def one(batch: Batch) -> Steps:
    """Yield a batch of one run and return what came of it; a failure is raised."""
    (result,) = delivered((yield batch))
    return result


study_energy = study_function(Energy, "cell", "preset")
