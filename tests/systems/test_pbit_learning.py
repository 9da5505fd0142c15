"""J and h learnt from samples of the circuit itself, around amplifiers whose gain and offset nobody told it."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.cells import TelegraphPBit
from spinspice.devices import TelegraphField
from spinspice.engines import get_engine
from spinspice.errors import ParameterError
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.histogram import Histogram
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.learning import learn
from spinspice.networks.pbits.learning_circuit import circuit_sampler, connected
from spinspice.networks.pbits.weights import achieved, weights_testbench
from spinspice.studies.pbits import TELEGRAPH

pytestmark = pytest.mark.engine("ngspice")

I0 = 0.5


def made(ising):
    """Telegraph p-bits of V0 = 2 mV behind amplifiers of gain 10 and 0.5 mV of offset that are not made up for."""
    cell = TelegraphPBit(TelegraphField(**TELEGRAPH), V0=2e-3)
    return PBitNetwork(ising=ising, cell=cell, V0=cell.V0, I0=I0, synapse="amplifiers")


def law(network):
    """The exact law of the weights that a circuit really makes."""
    found = achieved(network, get_engine("ngspice").run(weights_testbench(network)))
    assert np.abs(found.J - found.J.T).max() < 0.02  # an energy exists: amplifiers are alike
    J = (found.J + found.J.T) / 2
    np.fill_diagonal(J, 0.0)
    return exact.boltzmann(Ising(network.ising.names, J, found.h), I0)


@pytest.mark.parametrize(
    ("gate", "steps", "duration", "left"),
    [
        ("copy", 12, 0.4e-6, 0.5),
        pytest.param("and", 40, 1e-6, 0.25, marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_a_circuit_learns_around_its_amplifiers(gate, steps, duration, left):
    """Total variation of the circuit's exact law to the wanted one falls to a half, or a quarter, of that as made."""
    wanted_energy = gates.gate(gate)
    wanted = exact.boltzmann(wanted_energy, I0)
    network = made(wanted_energy)
    before = exact.total_variation(law(network), wanted)
    sampler = circuit_sampler(network, get_engine("ngspice"), duration=duration, seed=7)
    learnt = learn(
        list(wanted_energy.names), wanted, sampler, steps=steps, rate=0.8, start=wanted_energy, average=steps // 2
    )
    after = exact.total_variation(law(made(connected(learnt, wanted_energy))), wanted)
    print(f"\n{gate}: total variation as made {before:.3f}, learnt {after:.3f}; J {learnt.J.tolist()} h {learnt.h}")
    assert before > 0.1 and after < left * before
    if gate == "copy":
        return
    final = made(connected(learnt, wanted_energy))
    waves = get_engine("ngspice").run(final.network().testbench(stop=5e-6, seed=99))
    compared = Histogram.of([final.rows(waves, 1e-9, 1e-7)], len(wanted_energy), 1e-9).compare(wanted)
    print(f"fresh run of the circuit: total variation {compared}, excess {compared.excess:.2f}")
    assert compared.excess < 4


def test_averaged_steps_and_couplings_that_stay():
    exactly = lambda ising, step: exact.boltzmann(ising, I0)  # noqa: E731
    names, wanted = list("abc"), exact.boltzmann(gates.and_gate(), I0)
    learnt = learn(names, wanted, exactly, steps=400, rate=2.0, average=20)
    assert exact.total_variation(exact.boltzmann(learnt, I0), wanted) < 2e-3
    with pytest.raises(ParameterError, match="average"):
        learn(names, wanted, exactly, steps=3, average=4)
    weak = connected(Ising("ab", [[0, 1e-9], [1e-9, 0]]), Ising("ab", [[0, -1.0], [-1.0, 0]]))
    assert weak.J[0, 1] == -1e-3
