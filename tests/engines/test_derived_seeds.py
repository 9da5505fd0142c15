"""A seed made by an expression in the deck is the seed made in Python, in every engine."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.devices import Macrospin
from spinspice.devices.noise import SEED_LIMIT, derived_seed, seed_text
from spinspice.engines import get_engine
from spinspice.testbench import Testbench

ENGINES = [
    pytest.param(name, model, marks=pytest.mark.engine(name, model=model))
    for name, model in (("ngspice", "verilog-a"), ("ngspice", "b-source"), ("vacask", "verilog-a"))
]


@pytest.mark.parametrize(("engine", "model"), ENGINES)
@pytest.mark.parametrize("seed", [1, SEED_LIMIT - 2])
def test_engines_evaluate_a_derived_seed_exactly(engine, model, seed):
    """To the last bit of a waveform: one off in the seed would be another noise."""
    waves = []
    for text, parameters in ((seed_text("j0_1"), {"seed": float(seed)}), (str(derived_seed(seed, "j0_1")), {})):
        values = " ".join(f"{name}={value}" for name, value in Macrospin().instance_parameters(text).items())
        circuit = f"Vd a 0 0.1\nX1 a 0 mx my mz mtj_macrospin {values}\n"
        bench = Testbench(circuit=circuit, stop=1e-10, step=1.25e-12, save=("v(mx)",), parameters=parameters)
        waves.append(get_engine(engine, model).run(bench)["v(mx)"])
    np.testing.assert_array_equal(*waves)
