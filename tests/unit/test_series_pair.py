"""Two junctions in series: exact switching against events drawn one by one, and limits that are known."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import Telegraph
from spinspice.devices.laws.driven import locking
from spinspice.devices.laws.series_pair import divided, pair_locking, pair_rates
from spinspice.errors import UsageError

JUNCTION = Telegraph(delta=6.0, V_c=0.1, R_P=424e3, TMR=1.0)
UNIT = JUNCTION.V_c / JUNCTION.barrier
RATE = float(JUNCTION.escape_rates(0.0)[0])


def drawn(first, second, half, count, seed):
    """Events of the four-state chain, one by one: switches of both in each half period, mean product in each."""
    draw = np.random.default_rng(seed)
    state, counts, products = 0, np.zeros((2, count)), np.zeros(count)
    for n in range(count):
        rates, left = (first, second)[n % 2], half
        while True:
            total = rates[state].sum()
            stay = draw.exponential(1.0 / total)
            sign = 1.0 if state in (0, 3) else -1.0
            products[n] += sign * min(stay, left) / half
            if stay >= left:
                break
            left -= stay
            j = int(draw.random() * total > rates[state, 0])
            counts[j, n] += 1
            state ^= (2, 1)[j]
    return counts, products


@pytest.mark.parametrize(("opposed", "x"), [(False, 0.1), (False, 0.3), (True, 0.1), (True, 0.3)])
def test_switches_variance_and_product_against_drawn_events(opposed, x):
    half, count, block = x / RATE, 6000, 20
    rates = [pair_rates(JUNCTION, s * 6.0 * UNIT, opposed=opposed) for s in (1.0, -1.0)]
    law = pair_locking(*rates, half)
    counts, products = drawn(*rates, half, count, 5)
    blocks = counts.reshape(2, -1, block).sum(axis=2)[:, 1:]
    together = products.reshape(-1, block).mean(axis=1)[1:]
    for j in (0, 1):
        error = np.sqrt(law.variance[j] / (blocks.shape[1] * block))
        assert abs(blocks[j].mean() / block - law.switches[j]) < 4 * error
        spread, expected = blocks[j].var(ddof=1), law.variance[j] * block
        fourth = max(float(np.mean((blocks[j] - blocks[j].mean()) ** 4)), 3.0 * expected**2)
        assert abs(spread - expected) < 4 * np.sqrt((fourth - expected**2) / blocks.shape[1]) + 0.25 * min(
            1.0, expected
        )
    assert abs(together.mean() - law.product) < 4 * together.std(ddof=1) / np.sqrt(together.size)


def test_without_magnetoresistance_they_are_two_junctions_at_half_the_voltage():
    alone = Telegraph(delta=6.0, V_c=0.1, R_P=424e3, TMR=1e-9)
    law = pair_locking(*(pair_rates(alone, s * 6.0 * UNIT) for s in (1.0, -1.0)), 0.3 / RATE)
    single = locking(RATE, 3.0, 0.3 / RATE)
    assert law.switches == pytest.approx([single.switches] * 2, rel=1e-6)
    assert law.variance == pytest.approx([single.variance] * 2, rel=1e-4)


def test_the_voltage_is_divided_by_the_states():
    across = divided(JUNCTION, 1e-6)  # TMR 1: 1 to 2
    assert across[:, 0] == pytest.approx(1e-6 * np.array([1 / 2, 1 / 3, 2 / 3, 1 / 2]), rel=1e-6)
    assert across.sum(axis=1) == pytest.approx([1e-6] * 4)
    assert divided(JUNCTION, -0.1) == pytest.approx(-divided(JUNCTION, 0.1))


def test_the_current_couples_them():
    """Without a drive nothing couples; with one, a pair ends up in phase, or in antiphase where one is turned."""
    still = pair_locking(pair_rates(JUNCTION, 0.0), pair_rates(JUNCTION, 0.0), 1.0 / RATE)
    assert still.product == pytest.approx(0.0, abs=1e-9) and still.switches[0] == pytest.approx(1.0)
    same, against = (
        pair_locking(*(pair_rates(JUNCTION, s * 6.0 * UNIT, opposed=o) for s in (1.0, -1.0)), 1.0 / RATE)
        for o in (False, True)
    )
    assert same.product > 0.8 and against.product < -0.8


def test_rates_of_another_shape_are_refused():
    with pytest.raises(UsageError, match=r"\(4, 2\)"):
        pair_locking(np.ones((2, 2)), np.ones((4, 2)), 1.0)
