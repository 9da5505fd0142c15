"""Where the energy of a cell goes, by name: what ``spinspice energy`` runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from spinspice.cells import Cell, CellFile
from spinspice.characterize.settings import make_settings
from spinspice.characterize.study import to_plain
from spinspice.devices import Device
from spinspice.energy import CellEnergy, audit_cell
from spinspice.engines import Engine
from spinspice.panels import Panel
from spinspice.presets import Preset
from spinspice.replay import render, replayable
from spinspice.results import Grid, Result
from spinspice.units import Estimate


@dataclasses.dataclass(frozen=True)
class EnergyStudy(Result):
    """An audit, with what was audited: cell, junction, seed, notes and how to do it again."""

    account: CellEnergy
    cell: str
    preset: str
    seed: int
    notes: tuple[str, ...]
    provenance: dict[str, Any]

    @property
    def title(self) -> str:
        """One line that says what this is."""
        return f"{self.cell.upper()}, junction {self.preset}, seed {self.seed}, {self.account.title}"

    def tables(self) -> tuple[Grid, ...]:
        """Return the tables of the audit."""
        return self.account.tables()

    def panels(self) -> tuple[Panel, ...]:
        """Return the figures of the audit."""
        return self.account.panels()

    def estimates(self) -> dict[str, Estimate]:
        """Return the headline numbers of the audit."""
        return self.account.estimates()

    def records(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the columns of the audit: the power of each element."""
        return self.account.records()

    @property
    def command(self) -> str:
        """Command line, or Python, that gives this again."""
        return render(self.provenance.get("call"))

    def to_dict(self) -> dict[str, Any]:
        """Return plain data, ready for JSON."""
        data = {
            "cell": self.cell,
            "preset": self.preset,
            "engine": self.provenance.get("engine"),
            "seed": self.seed,
            **self.account.to_dict(),
            "notes": list(self.notes),
            "command": self.command,
        }
        plain: dict[str, Any] = to_plain(data)
        return plain


@replayable("energy")
def study_energy(
    cell: str | CellFile | Cell,
    preset: str | Preset | Device | None = None,
    *,
    cmos: str | None = None,
    vdd: float | str | None = None,
    vin: Any = None,
    duration: float | str | None = None,
    seed: int = 1,
    mismatch: int | None = None,
    temperature: float | str | None = None,
    parameters: Mapping[str, Any] | None = None,
    engine: str | Engine = "auto",
    model: str | None = None,
    trust: bool = False,
) -> EnergyStudy:
    """Audit the energy of a cell at one input.

    Parameters
    ----------
    vin : float, str or sequence that holds one, optional
        Input [V]; default the middle of the supply.
    cell, preset, cmos, vdd, duration, seed, mismatch, temperature, parameters, engine, model, trust
        As for :func:`spinspice.characterize.characterize`.

    Raises
    ------
    UsageError
        For an unknown name or a number out of range.
    EngineError
        If a run failed.
    """
    settings = make_settings(
        cell,
        preset,
        cmos=cmos,
        mismatch=mismatch,
        vdd=vdd,
        vin="auto",
        duration=duration,
        trials=1,
        seed=seed,
        trust=trust,
        temperature=temperature,
        parameters=parameters,
    )
    account = audit_cell(
        settings.cell,
        vin=vin,
        duration=settings.duration,
        seed=settings.seed,
        warm_up=settings.warm_up,
        engine=engine,
        model=model,
        temperature=settings.temperature,
    )
    notes = (*settings.cell.notes, *settings.noted(account.vin), *account.notes)
    return EnergyStudy(account, settings.cell.kind, settings.preset, settings.seed, notes, dict(account.provenance))
