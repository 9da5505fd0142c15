r"""Longer chains and more inputs: how many categories a chain of N junctions can tell apart, and what limits it.

(N + 1)^n_inputs categories are cells of equal size in the space of inputs. An input at random is told right when no
threshold strays past it; as long as thresholds stray by much less than the cells are wide,

.. math:: \text{accuracy} = (1 - N \, E|\delta| / R)^{n_{inputs}}

with the mean distance :math:`E|\delta|` of a threshold from its place and the range R of the inputs. Thermal activation
alone has, about its median, :math:`E|\delta| = w [2 E_1(\ln 2) + \gamma + \ln\ln 2] = 0.968\, w`, where w is the
current over which the escape rate grows by e and the standard deviation is 1.28 w.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from spinspice.devices.laws.thresholds import GUMBEL_SD
from spinspice.devices.noise import instance_seed
from spinspice.errors import check_range
from spinspice.networks.chain.behavioural import BehaviouralChain, Chain
from spinspice.networks.chain.learner import START, learn, levels

#: Range of the inputs [A]: about that of the vowels (our choice).
LOW, HIGH = 300e-6, 1100e-6
#: Voltage by which a junction must change to be seen as switched [V] (Sec. IV).
WINDOW = 50e-3
#: Scatter of a threshold from cycle to cycle, standard deviation [A] (our choice: about the paper's junctions 1 and 3).
SCATTER = 4e-6
#: Training tokens of each category, and test inputs.
TOKENS, TESTS = 4, 2000


@dataclasses.dataclass(frozen=True)
class ReadOut:
    """A chain whose switching is seen only where the voltage of the junction changes by at least ``window``.

    Parameters
    ----------
    chain : Chain
    device : Telegraph or Macrospin
        With R_P, TMR and V_half.
    window : float
        Smallest change of voltage that is seen [V].
    current : float, optional
        Read with this current [A] after the input; default with the junction's current under the input itself.
    """

    chain: Chain
    device: Any
    window: float = WINDOW
    current: float | None = None

    @property
    def size(self) -> int:
        """Number of junctions N."""
        return self.chain.size

    def change(self, current: NDArray[np.float64]) -> NDArray[np.float64]:
        """Change of voltage between AP and P at ``current`` [A], in V."""
        from spinspice.devices.laws.resistance import state_voltage

        low, high = (state_voltage(self.device, current, parallel) for parallel in (True, False))
        return np.abs(high - low)

    def switched(self, inputs: NDArray[np.float64], controls: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
        """As :meth:`Chain.switched`; a switch that is too small to see is none."""
        total = np.asarray(inputs)[:, None] + controls
        reading = total if self.current is None else np.full_like(total, self.current)
        return self.chain.switched(inputs, controls, seed) & (self.change(reading) >= self.window)


def mean_distance(scatter: float) -> float:
    """Mean distance [A] of a threshold from its median; ``scatter`` is its standard deviation [A]."""
    from scipy.special import exp1

    half = np.log(2.0)
    return float(scatter / GUMBEL_SD * (2.0 * exp1(half) + np.euler_gamma + np.log(half)))


def expected_accuracy(size: int, inputs: int, distance: float) -> float:
    """Accuracy of a chain whose thresholds stray from their places by ``distance`` [A] on average (law above)."""
    return float((1.0 - size * distance / (HIGH - LOW)) ** inputs)


def boundaries(size: int) -> NDArray[np.float64]:
    """Input currents [A] between equal cells, shape (N,)."""
    return LOW + (HIGH - LOW) * np.arange(1, size + 1) / (size + 1)


def accuracy(
    size: int,
    inputs: int = 2,
    *,
    scatter: float = SCATTER,
    spread: float = 0.0,
    steps: int = 0,
    window: float = 0.0,
    read_current: float | None = None,
    device: Any = None,
    seed: int = 1,
    tests: int = TESTS,
) -> float:
    """Return the accuracy of one chain on inputs drawn at random.

    Parameters
    ----------
    size, inputs : int
        Junctions N and inputs of a pattern.
    scatter : float
        Standard deviation of a threshold from cycle to cycle [A].
    spread : float
        Standard deviation of the junctions' thresholds from their designed places [A].
    steps : int
        Training steps on 4 tokens of every category, all of them in each step; 0: as fabricated.
    window, read_current, device
        Of a :class:`ReadOut`; without a window every switch is seen. The default device is the paper's junction.
    seed : int
        Of the junctions, the inputs and the noise.
    tests : int
        Number of inputs.
    """
    check_range("size", size, 1, 64, where="junctions of a chain")
    check_range("inputs", inputs, 1, 4, where="inputs of a pattern")
    rng = np.random.default_rng(instance_seed(seed, "scaling"))
    designed = boundaries(size) + START
    # Medians at their places: half of the pulses at a boundary switch.
    shift = scatter / GUMBEL_SD * (np.euler_gamma + np.log(np.log(2.0)))
    chain: Chain = BehaviouralChain.from_means(designed - shift + spread * rng.standard_normal(size), scatter)
    if window > 0.0:
        chain = ReadOut(chain, device or _paper_junction(), window, read_current)
    controls = np.full((inputs, size), START)
    if steps:
        cells = np.indices((size + 1,) * inputs).reshape(inputs, -1).T
        labels = np.repeat(np.arange(len(cells)), TOKENS)
        cell = (HIGH - LOW) / (size + 1)
        currents = LOW + cell * (cells[labels] + rng.random((len(labels), inputs)))
        controls = learn(chain, currents, labels, cells, steps=steps, seed=seed, every_token=True).controls[-1]
    currents = rng.uniform(LOW, HIGH, (tests, inputs))
    wanted = np.sum(currents[:, :, None] > boundaries(size), axis=-1)
    return float(np.mean(np.all(levels(chain, currents, controls, seed) == wanted, axis=1)))


def mean_accuracy(size: int, inputs: int = 2, *, chains: int = 8, seed: int = 1, **options: Any) -> tuple[float, float]:
    """Return mean and standard error of :func:`accuracy` over several chains."""
    check_range("chains", chains, 2, 10_000, where="chains to average over")
    found = [accuracy(size, inputs, seed=instance_seed(seed, f"chain {number}"), **options) for number in range(chains)]
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(chains))


def _paper_junction() -> Any:
    from spinspice.presets import load_preset

    return load_preset("lopez2024").device
