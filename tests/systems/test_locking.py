"""A junction locked to a weak drive, in SPICE: switches against the exact law, on two engines with one answer."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.benches.driven import Driven
from spinspice.devices.laws.driven import locking
from spinspice.errors import CircuitError
from spinspice.presets import load_preset
from spinspice.studies import run

JUNCTION = load_preset("mizrahi2018-scaled").device
#: eta, r H and what a half period then has: too slow, locked, too fast.
WINDOW = ((3.0, 0.1, 0.7668), (3.0, 0.3, 1.015230), (4.0, 0.3, 1.009645), (2.0, 1.0, 1.194149))


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize(("eta", "x", "switches"), WINDOW)
def test_switches_in_ngspice(eta, x, switches):
    result = run("locking", engine="ngspice", eta=eta, x=x, halves=504, repeats=1, workers=1)
    assert result.law.switches == pytest.approx(switches, abs=6e-5)
    assert abs(result.deviation) < 4
    assert result.energy > 0.0


@pytest.mark.engine("vacask")
@pytest.mark.parametrize(("eta", "x", "switches"), WINDOW[:2])
def test_switches_in_vacask_are_the_same(eta, x, switches):
    one, other = (
        run("locking", engine=e, eta=eta, x=x, halves=204, repeats=1, workers=1) for e in ("vacask", "ngspice")
    )
    assert np.array_equal(one.counts, other.counts)
    assert one.energy == pytest.approx(other.energy, rel=1e-3)


@pytest.mark.engine("ngspice")
def test_a_divider_gives_each_state_its_own_voltage():
    result = run("locking", engine="ngspice", eta=3.0, x=0.1, series=1.0, halves=1004, repeats=1, workers=1)
    assert abs(result.deviation) < 4
    assert abs(result.law.switches - locking(1.0, 3.0, 0.1).switches) > 4 * result.switches_stderr


@pytest.mark.slow
@pytest.mark.engine("vacask")
def test_noise_locks_a_junction_that_is_too_slow():
    """r H = 0.1 alone is not locked; noise of 1.5 in the exponent multiplies the rates by exp(1.125)."""
    still, noisy = (
        run("locking", engine="vacask", x=0.1, noise=s, halves=304, samples=200, repeats=1) for s in (0.0, 1.5)
    )
    assert noisy.law.switches == pytest.approx(locking(1.0, 3.0, 0.1 * np.exp(1.125)).switches, rel=1e-6)
    assert abs(noisy.deviation) < 4
    assert noisy.switches - still.switches > 4 * np.hypot(noisy.switches_stderr, still.switches_stderr)


def test_a_junction_driven_by_current_is_refused():
    with pytest.raises(CircuitError, match="driven by voltage"):
        Driven(device=JUNCTION.replace(drive=1.0), volts=0.01, half_period=1e-6)
