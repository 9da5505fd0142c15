"""Small testbenches that the tests of engines share."""

from __future__ import annotations

from typing import Any

from spinspice.devices.macrospin import Macrospin
from spinspice.devices.telegraph import Telegraph
from spinspice.testbench import Testbench


def rc_step(**changes: Any) -> Testbench:
    """A 1 V step through 1 kOhm into 1 nF: v = 1 - exp(-t / 1 us). Parameters: vin."""
    settings: dict[str, Any] = {
        "circuit": "V1 in 0 {vin}\nR1 in out 1k\nC1 out 0 1n ic=0\n.ic v(out)=0\n",
        "stop": 5e-6,
        "step": 5e-9,
        "save": ("v(out)", "i(v1)"),
        "parameters": {"vin": 1.0},
        "title": "RC step",
    }
    return Testbench(**(settings | changes))


def circuit(text: str, **changes: Any) -> Testbench:
    """A short run of a circuit; ``v(a)`` is saved."""
    settings: dict[str, Any] = {"circuit": text, "stop": 1e-6, "step": 1e-8, "save": ("v(a)",), "title": "short"}
    return Testbench(**(settings | changes))


def junction(**changes: Any) -> Testbench:
    """A macrospin junction behind 10 kOhm. Parameters: vin, seed."""
    card = " ".join(f"{name}={value}" for name, value in Macrospin().instance_parameters("{seed}").items())
    settings: dict[str, Any] = {
        "circuit": f"V1 in 0 {{vin}}\nR1 in out 10k\nX1 out 0 mx my mz mtj_macrospin {card}\n",
        "stop": 2e-9,
        "step": 5e-12,
        "save": ("v(out)", "v(mx)", "i(v1)"),
        "parameters": {"vin": 0.1, "seed": 3},
        "title": "macrospin junction",
    }
    return Testbench(**(settings | changes))


def telegraph(**changes: Any) -> Testbench:
    """A telegraph junction of 6 kT without bias. Parameter: seed."""
    card = " ".join(f"{name}={value}" for name, value in Telegraph().instance_parameters("{seed}").items())
    settings: dict[str, Any] = {
        "circuit": f"V1 a 0 0\nX1 a 0 state count mtj_telegraph {card}\n",
        "stop": 2e-5,
        "step": 1e-6,
        "save": ("v(state)", "v(count)"),
        "parameters": {"seed": 3},
        "title": "telegraph junction",
    }
    return Testbench(**(settings | changes))
