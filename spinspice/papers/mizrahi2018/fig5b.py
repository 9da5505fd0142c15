"""Mizrahi et al. 2018, Fig. 5b: area of the full system, 128 inputs and 128 outputs, by technology."""

from __future__ import annotations

from spinspice.papers.mizrahi2018.full_system import FullSystem, area_factor, full_system
from spinspice.papers.mizrahi2018.full_system.contributions import TECHNOLOGY, UTILISATION
from spinspice.papers.mizrahi2018.full_system.measured import TECHNOLOGIES
from spinspice.papers.mizrahi2018.rows import SOURCE
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig5b"
SUMMARY = "full system of 128 x 128: area by technology"
TITLE = "Mizrahi 2018, Fig. 5b: area of the full system"
SIZE = 128


def run(request: Request) -> Reproduction:
    """Add up areas; arguments and errors as :func:`spinspice.reproduce.run`, nothing is simulated."""
    system = full_system(SIZE, SIZE)
    total = 1e12 * system.area()
    others = {name: full_system(SIZE, SIZE, name) for name in TECHNOLOGIES}
    return Reproduction(
        name="mizrahi-fig5b",
        title=TITLE,
        source=SOURCE,
        rows=(
            Row(
                quantity="area of the system", unit="um^2", paper=12_000, here=total, tolerance=500,
                source="'12,000 um2', Results",
                note=f"a shrink by {area_factor(130e-9):.3g} from 130 nm, {UTILISATION:.0%} of it filled, against "
                "layouts in a 28 nm kit; nothing here for the circuits that sense and write the memory",
            ),
            _part("junctions", "area of the junctions over all", system.area("junctions") / system.area(), 0.01,
                  "'negligible'; ours are bare discs, without contacts"),
            _part("MRAM", "memory over CMOS", system.area("MRAM") / system.area("CMOS"), 1.0,
                  "'dominated by the CMOS circuits'"),
            Row(quantity="area against CMOS spiking neurons (lower bound)", unit="um^2", paper=1e6, here=total,
                at_most=True, source="'higher than 1 mm2', Results"),
            Row(quantity="area against analog neurons and ADC", unit="um^2", paper=2e5, here=total,
                at_most=True, source="'0.2 mm2', Results"),
        ),
        panels=(_panel(system),),
        remarks=(
            "The paper names totals only; the bars of its figure are not in the text.",
            (f"Digital part: {system.digital.size} standard cells of {system.digital.library}, "
            f"{1e12 * system.digital.area:.0f} um^2 at 130 nm (Yosys)."),
            "Bit cells and readouts are rules of thumb on drawn transistors, no layouts.",
            "Other transistors for readout and memory: "
            + ", ".join(f"{name} {1e12 * other.area():.0f} um^2" for name, other in others.items()) + ".",
        ),
        provenance={"seed": request.seed, "system": system.to_dict()},
    )  # fmt: skip


def _part(technology: str, quantity: str, here: float, bound: float, source: str) -> Row:
    note = f"the area of {technology} here is larger than the paper's words say"
    return Row(quantity=quantity, unit="1", paper=bound, here=here, at_most=True, source=source, note=note)


def _panel(system: FullSystem) -> Panel:
    areas = [1e12 * system.area(name) for name in TECHNOLOGY]
    return Panel(
        title=f"{system.inputs} x {system.outputs}: {sum(areas):,.0f} um$^2$ (paper: 12,000)",
        xlabel="",
        ylabel="area [um$^2$]",
        yscale="log",
        ticks=TECHNOLOGY,
        curves=(Curve(x=range(len(areas)), y=areas, kind="bars"),),
    )
