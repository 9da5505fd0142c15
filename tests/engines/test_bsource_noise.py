"""The counter noise as B-sources: the same samples as Python's, whatever time points the solver takes."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import Macrospin, noise
from spinspice.engines import get_engine
from spinspice.paths import data_dir
from spinspice.testbench import Testbench

pytestmark = pytest.mark.engine("ngspice-process", model="b-source")

#: Samples are kept as integers, in units of 2^-44.
GRAIN = 2.0**44
STEP = 1e-9


def run(bench: Testbench):
    return get_engine("ngspice-process", model="b-source").run(bench)


@pytest.mark.parametrize("odd", [0, 1])
@pytest.mark.parametrize(
    ("seed", "channel", "first"), [(0, 0, 0), (1, 1, 0), (123456789, 2, 2**20), (2**31 - 1, 31, 2**27 - 500)]
)
@pytest.mark.parametrize("longest", [0.23, 1.7])
def test_samples_are_those_of_python(seed, channel, first, odd, longest):
    """Every second sample from number 2 first + odd on; steps shorter than a sample, and longer than one."""
    per = 0.5 / STEP
    library = data_dir("netlists") / "spinspice_bsource.lib"
    bench = Testbench(
        circuit=f'.include "{library}"\nv1 a 0 1\n'
        f"bj j 0 v=(time>0)*(floor(time*{per:g}+{first})+1)\n"
        f"xg g j spinspice_gauss seed={seed} channel={channel} odd={odd} per={per:g} shift={first}\n",
        stop=150.0 * STEP,
        step=longest * STEP,
        save=("v(g)",),
        title="samples of the noise",
    )
    waves = run(bench)
    phase = waves.time * per
    clear = np.abs(phase - np.round(phase)) > 1e-6  # time points on a step belong to either side
    n = first + np.floor(phase[clear])
    exact = noise.normal(seed, channel, 2 * n + odd)
    assert len(n) > 75
    assert np.max(np.abs(waves["v(g)"][clear] / GRAIN - exact)) < 1e-12


def junctions(*seeds: int, max_step: float = 1.25e-12) -> Testbench:
    """Junctions side by side, and a source with an edge off the grid of the noise."""
    cards = ["v1 a 0 pulse(0 0.1 0.6003n 0.1n 0.1n 1)"]
    for index, seed in enumerate(seeds):
        values = Macrospin(max_step=max_step).instance_parameters(seed)
        card = " ".join(f"{name}={value}" for name, value in values.items())
        cards.append(f"x{index} a 0 mx{index} my{index} mz{index} mtj_macrospin {card}")
    nodes = [f"v(x{index}.xm.g{axis}{bank})" for index in range(len(seeds)) for axis in "xyz" for bank in "ab"]
    return Testbench(circuit="\n".join(cards) + "\n", stop=1e-9, step=1e-12, save=tuple(nodes), title="junctions")


def samples(waves, junction: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sample numbers and samples (channels, n) as the junction's banks held them half-way to each number."""
    numbers = np.arange(1, 198)
    at = np.searchsorted(waves.time, (numbers - 0.5) * 5e-12)
    banks = [[waves[f"v(x{junction}.xm.g{axis}{bank})"][at] for bank in "ab"] for axis in "xyz"]
    return numbers, np.array([np.where(numbers % 2 == 0, *pair) for pair in banks]) / GRAIN


def test_a_junction_has_its_three_channels():
    waves = run(junctions(7))
    numbers, shown = samples(waves, 0)
    for channel in range(3):
        assert np.max(np.abs(shown[channel] - noise.normal(7, channel, numbers))) < 1e-12


def test_another_junction_leaves_the_samples_alone():
    _, alone = samples(run(junctions(7)), 0)
    _, beside = samples(run(junctions(7, 8)), 0)
    assert np.array_equal(alone, beside)


def test_time_points_fall_on_the_samples():
    """After the first, every time point is a multiple of the longest step that divides 5 ps, until a source's edge."""
    waves = run(junctions(7).replace(step=1e-10))
    points = waves.time[(waves.time > 1.2e-12) & (waves.time < 0.5895e-9)] / 1.25e-12
    assert np.max(np.abs(points - np.arange(1, len(points) + 1))) < 1e-9
    assert len(points) == int(0.5895e-9 / 1.25e-12)
