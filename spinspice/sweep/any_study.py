"""The jobs of any study: its parameters, with those of the grid point and of the sample in their place."""

from __future__ import annotations

from typing import Any

from spinspice.errors import UsageError
from spinspice.studies import get_study
from spinspice.sweep.distributions import draw
from spinspice.sweep.numbering import Numbered, part, technology_name
from spinspice.sweep.study import TABLES, Study


class StudyPlan(Numbered):
    """The jobs of a study that is not of a neuron cell."""

    def __init__(self, study: Study) -> None:
        super().__init__(study)
        self._kind = get_study(study.measure.kind)
        if study.mismatch is not None and "mismatch" not in self._kind.all_parameters():
            raise UsageError(f"[montecarlo] mismatch: {self._kind.name} draws instances of its own. Leave it out.")
        nominal = self._kind.point(self._given({}, 0), None)  # type: ignore[arg-type]
        self.preset = str(nominal.values.get("preset") or "")
        centres = {name: self._kind.nominal(nominal, name) for name in study.distributions}
        self.draws = draw(study.distributions, centres, study.seed, study.samples, study.correlated, study.correlation)

    def _given(self, changed: dict[str, Any], sample: int) -> dict[str, Any]:
        """Return the parameters as given, with the changed ones; tables are merged, a corner joins its technology."""
        study = self.study
        given = {**study.fixed, **study.measure.values, "seed": study.seed}
        given |= {name: value for name, value in changed.items() if "." not in name}
        corner = given.pop("corner", None)
        if corner is not None:
            name = next((key for key in ("technology", "cmos") if given.get(key)), "technology")
            default = self._kind.all_parameters()["technology"].default or "generic"
            given[name] = technology_name(given.get(name) or default, corner)
        for table in TABLES:
            entries = {**getattr(study, table), **part(changed, table)}
            if entries:
                given[table] = entries
        seed = self.mismatch(sample)
        return given | ({"mismatch": seed} if seed is not None else {})

    def values(self, title: str, grid: dict[str, Any], drawn: dict[str, float], sample: int) -> dict[str, Any]:
        """Return the parameters of the study for a job, checked."""
        given = self._given(grid | drawn, sample)
        self._kind.point(given, None)  # type: ignore[arg-type]
        return given
