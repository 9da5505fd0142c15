"""A network of p-bits in tables and pictures."""

from __future__ import annotations

from spinspice.panels import Panel, Table
from spinspice.studies.pbit_panels import histogram_panel
from spinspice.studies.pbit_result import PBitResult
from spinspice.units import with_error


def tables(result: PBitResult) -> tuple[Table, ...]:
    """Return how far the states are from each law, and times and energies."""
    laws = (("Boltzmann", result.to_boltzmann), ("memory", result.to_memory), ("extracted", result.to_extracted))
    rows = [
        (name, f"{c.tv:.4f}", with_error(c.expected, c.spread), f"{c.excess:+.1f}", f"{c.independent:.0f}")
        for name, c in laws
        if c is not None
    ]
    head = ("law", "total variation", "sampling alone", "excess / spread", "independent samples")
    numbers = [("ground states", with_error(*result.right)), ("correlation time", with_error(*result.correlation, "s"))]
    if result.power:
        numbers.append(("power", with_error(*result.total_power, "W")))
        numbers += [(f"  {name}", with_error(*value, "W")) for name, value in result.power.items()]
        numbers.append(("energy of an independent sample", with_error(*result.energy_per_sample, "J")))
        numbers.append(("energy of a right answer", with_error(*result.energy_per_answer, "J")))
    title = f"{len(result.names)} p-bits, {result.update}, I0 = {result.I0:g}"
    return (Table(title, head, tuple(rows)), Table("Numbers", ("quantity", "value"), tuple(numbers)))


def panels(result: PBitResult) -> tuple[Panel, ...]:
    """Return the histogram beside the laws."""
    return (histogram_panel(result),)
