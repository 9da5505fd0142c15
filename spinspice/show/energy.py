"""Where the energy of a cell goes, in tables and a picture."""

from __future__ import annotations

from spinspice.panels import Curve, Panel, Table
from spinspice.show.numbers import power_table
from spinspice.studies.energy import EnergyStudy
from spinspice.units import with_error


def tables(result: EnergyStudy) -> tuple[Table, ...]:
    """Return power by block and by element, and the numbers of the decision."""
    account, audit = result.account, result.account.audit
    errors = audit.errors
    rows = [
        (f"{block}: {element}", with_error(joules / audit.duration, errors.elements[block, element], "W"))
        for (block, element), joules in audit.elements.items()
    ]
    rows += [
        (f"source {name}", with_error(-joules / audit.duration, errors.delivered[name], "W"))
        for name, joules in audit.delivered.items()
    ]
    numbers = [("independent samples of the junction", f"{account.independent:.0f}")]
    if account.tau is not None:
        tau = with_error(account.tau.fwhm, account.tau.fwhm_stderr, "s")
        per_decision = with_error(account.per_decision, account.per_decision_stderr, "J")
        numbers += [("autocorrelation time (FWHM)", tau), ("energy per decision", per_decision)]
    return (
        power_table(audit.power, audit.closure, audit.to_dict()),
        Table("Mean power by element (sources negative: they deliver)", ("element", "power"), tuple(rows)),
        Table("Decision", ("quantity", "value"), tuple(numbers)),
    )


def panels(result: EnergyStudy) -> tuple[Panel, ...]:
    """Return the power by block."""
    power = result.account.audit.power
    bars = Curve(x=list(range(len(power))), y=[1e6 * watts for watts in power.values()], kind="bars")
    return (Panel(title="Power by block", xlabel="", ylabel="power [uW]", ticks=tuple(power), curves=(bars,)),)
