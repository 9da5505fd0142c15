"""The realisations of the compact models that every physics test of this folder runs on."""

from __future__ import annotations

import pytest

from spinspice.engines import get_engine
from spinspice.engines.base import Engine

REALISATIONS = {
    "ngspice-verilog-a": ("ngspice-process", "verilog-a"),
    "vacask-verilog-a": ("vacask", "verilog-a"),
    "ngspice-b-source": ("ngspice-process", "b-source"),
}


def needs(key: str) -> pytest.MarkDecorator:
    """Mark of a test that runs on a realisation."""
    name, model = REALISATIONS[key]
    return pytest.mark.engine(name, model=model)


@pytest.fixture(params=[pytest.param(key, marks=needs(key)) for key in REALISATIONS])
def realisation(request: pytest.FixtureRequest) -> str:
    """Name of a realisation."""
    return str(request.param)


@pytest.fixture
def engine(realisation: str) -> Engine:
    """The engine of the realisation."""
    name, model = REALISATIONS[realisation]
    return get_engine(name, model=model)


@pytest.fixture(params=[pytest.param(key, marks=needs(key)) for key in REALISATIONS if "veri" in key])
def osdi_engine(request: pytest.FixtureRequest) -> Engine:
    """An engine that runs the Verilog-A models."""
    name, model = REALISATIONS[request.param]
    return get_engine(name, model=model)
