"""Can noisy junctions, no two alike, learn to point a gripper at an object, and go on when half of them die?

Mizrahi et al., Nat. Commun. 9, 1533 (2018), Fig. 3: a population of superparamagnetic junctions sees the orientation of
an object, another one shows that of the gripper. Weights between them are learnt from "too high" and "too low" alone.
"""

import numpy as np

from spinspice.devices.noise import instance_seed
from spinspice.networks.population import Learner, Reading, Rule, Sensors, train
from spinspice.papers.mizrahi2018.gripper import kill
from spinspice.papers.mizrahi2018.populations import drawn
from spinspice.plotting import plot_reproduction
from spinspice.reproduce import Curve, Panel, Reproduction

ANGLES = (-0.15, 0.15)  # orientations, as voltages [V]
SIZE = 100  # junctions in either population
READING = Reading(dt=439e-6, steps=100)  # an observation takes 44 ms
RULE = Rule(alpha=1e-3, r0=518.0)  # learning rate; natural rate of the mean junction [Hz]
LESSONS, MORE = 3000, 1000  # before, and after half of the junctions died
SEED = 1


def follow(angle):
    """What the gripper shall show: the orientation of the object."""
    return angle


def shown(learner, angles):
    """Orientations that the gripper shows, one observation each [V]."""
    return np.array([learner.values(angle)[0] for angle in angles])


def main(short: bool = False, out: str = "out") -> dict[str, float]:
    """Teach a gripper, let half of its junctions die, teach it again; return its errors in per cent of the range."""
    sensors, motors = (drawn(SIZE, instance_seed(SEED, name), *ANGLES) for name in ("sensors", "motors"))
    sensors.check_coverage(*ANGLES)
    learner = Learner(Sensors([sensors], SEED, READING), [motors], SEED, RULE, READING)
    width, angles = ANGLES[1] - ANGLES[0], np.linspace(*ANGLES, 16 if short else 61)

    before = train(learner, follow, [ANGLES], [width], seed=SEED, steps=LESSONS, checks=(0,))
    curves = [Curve(x=1e3 * angles, y=1e3 * angles, label="object")]
    curves.append(
        Curve(x=1e3 * angles, y=1e3 * shown(learner, angles), kind="points", label=f"after {LESSONS} lessons")
    )
    kill(learner, 0.5, SEED)
    after = train(learner, follow, [ANGLES], [width], seed=instance_seed(SEED, "after"), steps=MORE, checks=(0,))
    label = f"half dead, {MORE} lessons later"
    curves.append(Curve(x=1e3 * angles, y=1e3 * shown(learner, angles), kind="points", color=1, label=label))

    panel = Panel(title="Gripper", xlabel="object [mV]", ylabel="gripper [mV]", curves=tuple(curves))
    figure = Reproduction(
        name="gripper", title="Two populations of 100 junctions", source="Mizrahi 2018", rows=(), panels=(panel,)
    )
    plot_reproduction(figure, f"{out}/mizrahi2018_gripper.png")
    names = ("untaught", "taught", "half_dead", "taught_again")
    errors = 100.0 * np.concatenate([before.error, after.error])
    stderrs = 100.0 * np.concatenate([before.stderr, after.stderr])
    labels = (*names, *(f"{name}_stderr" for name in names))
    return dict(zip(labels, np.concatenate([errors, stderrs]).tolist(), strict=True))


if __name__ == "__main__":
    numbers = main()
    for name in ("untaught", "taught", "half_dead", "taught_again"):
        print(f"{name:13} {numbers[name]:5.2f} +- {numbers[name + '_stderr']:.2f} % of the range")
