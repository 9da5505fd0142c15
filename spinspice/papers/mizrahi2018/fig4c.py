"""Mizrahi et al. 2018, Fig. 4c: precision of the gripper against the energy of an observation, scaled junctions."""

from __future__ import annotations

from spinspice.networks.population import Power, Reading, junction_resistance, population_power
from spinspice.papers.mizrahi2018.gripper import ANGLES_SCALED, SCALED, train_scaled
from spinspice.papers.mizrahi2018.populations import scaled
from spinspice.papers.mizrahi2018.rows import SEEDS_REMARK, SILENCE, SOURCE, bound_row, mean_percent, seeds_of
from spinspice.reproduce.base import Curve, Panel, Reproduction, Request, Row

FIGURE = "mizrahi-fig4c"
SUMMARY = "gripper of scaled junctions: error against energy"
TITLE = "Mizrahi 2018, Fig. 4c: error of the gripper against energy, scaled junctions"
#: Time steps of an observation, and seeds; full and short.
FULL, SHORT = ((3, 10, 30, 100, 300, 1000), 10), ((3, 30, 100), 3)
#: The paper's resistance-area product (a typo corrected, see :func:`junction_resistance`) and diameter.
RA, DIAMETER = 20e-12, 7.7e-9
STEPS = 100


def run(request: Request) -> Reproduction:
    """Train scaled grippers; arguments and errors as :func:`spinspice.reproduce.run`, no engine needed."""
    lengths, count = SHORT if request.short else FULL
    seeds = seeds_of("fig4c", request.seed, count)
    population = scaled()
    R = junction_resistance(RA, DIAMETER)
    power = population_power(population, R, ANGLES_SCALED[1])
    errors = {steps: mean_percent(train_scaled, seeds, reading=Reading(dt=SCALED.dt, steps=steps)) for steps in lengths}
    clocked = mean_percent(train_scaled, seeds, reading=Reading(dt=SCALED.dt, steps=STEPS, reading="clock"))
    energies = {steps: 1e12 * power.energy(steps * SCALED.dt) for steps in lengths}
    first, last = lengths[0], lengths[-1]
    return Reproduction(
        name="mizrahi-fig4c",
        title=TITLE,
        source=SOURCE,
        rows=(
            _row("natural rate at 6 kT", "MHz", 1.23, population.natural_rates[0] / 1e6, 0.01, "Methods, 'Energy'"),
            *_power_rows(R, power),
            bound_row(f"error at {STEPS} steps", errors[STEPS], "as Fig. 3b; 'tens of picojoules', Results"),
            bound_row(
                f"error at {STEPS} steps, exact process read at every step",
                clocked,
                "the same bound; the paper's time step allows one switch",
                "pairs of switches within a step are missed, a third of all at the peak",
            ),
            Row(
                quantity=f"change of the error from {energies[first]:.1f} to {energies[last]:.0f} pJ",
                unit="%",
                paper=0.0,
                here=errors[last][0] - errors[first][0],
                stderr=(errors[last][1] ** 2 + errors[first][1] ** 2) ** 0.5,
                at_most=True,
                source="'precision directly dependent on the observation time', Results",
            ),
        ),
        panels=(
            Panel(
                title="100 x 100 junctions of 6 kT",
                xlabel="energy of an observation [pJ]",
                ylabel="distance, % of the range",
                xscale="log",
                yscale="log",
                curves=(
                    Curve(
                        x=list(energies.values()),
                        y=[value for value, _ in errors.values()],
                        yerr=[stderr for _, stderr in errors.values()],
                        kind="points",
                        label=f"mean of {count} seeds, 3000 learning steps",
                    ),
                ),
            ),
        ),
        remarks=(
            SEEDS_REMARK.format(count),
            SILENCE,
            (
                "Energy is that of the input population alone, as in the paper: largest stimulus, one resistance for "
                "both states, 183 ns a step."
            ),
        ),
        provenance={"seed": request.seed, "seeds": seeds, "R": R},
    )


def _power_rows(R: float, power: Power) -> tuple[Row, ...]:
    where = "Methods, 'Energy consumption of a population'"
    rounded = "the paper's rounded value; from its own numbers, 100 (0.1 V)^2 / 424 kOhm = 2.36 uW and a third of it"
    return (
        _row("resistance of a junction", "kOhm", 424.0, R / 1e3, 0.5, where, "20 Ohm um^2 over pi (7.7 nm)^2 / 4"),
        _row("power of the shifts", "uW", 0.8, 1e6 * power.shift, 0.05, where, rounded),
        _row("power of the stimulus", "uW", 2.4, 1e6 * power.stimulus, 0.05, where, rounded),
        _row("power of both", "uW", 3.2, 1e6 * power.total, 0.05, where, rounded),
        _row(
            "energy of an observation of 18.3 us",
            "pJ",
            1e6 * 3.1e-6 * STEPS * SCALED.dt * 1e6,
            1e12 * power.energy(STEPS * SCALED.dt),
            0.5,
            "'tens of picojoules', Results; 3.1 uW times 100 steps of 183 ns",
            "the sum over 100 centres is 1 % above its integral",
        ),
    )


def _row(quantity: str, unit: str, paper: float, here: float, tolerance: float, source: str, note: str = "") -> Row:
    return Row(
        quantity=quantity, unit=unit, paper=paper, here=float(here), tolerance=tolerance, source=source, note=note
    )
