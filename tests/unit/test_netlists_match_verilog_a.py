"""The subcircuit libraries have the ports, parameters and defaults of the Verilog-A modules."""

from __future__ import annotations

import re

import pytest

from spinspice.devices import models
from spinspice.engines.deck import LIBRARIES, join_continuations
from spinspice.paths import data_dir
from spinspice.units import parse_number

MODELS = tuple(models())
#: Parameters that only the B-source realisation has.
EXTRA = {("spinspice_bsource.lib", name): {"dt_chain": 0.0} for name in ("mtj_telegraph", "mtj_telegraph_field")}


def module(model: str) -> tuple[list[str], dict[str, float]]:
    """Return ports and parameters with defaults of a Verilog-A module, its includes followed."""
    text = (data_dir("verilog_a") / f"{model}.va").read_text()
    for name in re.findall(r'`include "(\w+\.inc)"', text):
        text += (data_dir("verilog_a") / name).read_text()
    ports = re.search(rf"module {model}\(([^)]*)\)", text)
    assert ports
    defaults = {name: float(value) for name, value in re.findall(r"parameter real (\w+) = ([^ ;]+)", text)}
    return [port.strip() for port in ports[1].split(",")], defaults


def subcircuits(library: str) -> dict[str, str]:
    """Return the cards that open the subcircuits of a library, by name."""
    text = (data_dir("netlists") / library).read_text()
    cards = [card for card in join_continuations(text.splitlines()) if card.lower().startswith(".subckt")]
    return {card.split()[1]: card for card in cards}


@pytest.mark.parametrize("library", sorted(LIBRARIES.values()))
@pytest.mark.parametrize("model", MODELS)
def test_ports_parameters_and_defaults(library, model):
    ports, defaults = module(model)
    card = subcircuits(library)[model]
    head = card.split("=")[0].split()[:-1]
    assert head == [".subckt", model, *ports]
    given = {name: parse_number(value, name) for name, value in re.findall(r"(\w+)=(\S+)", card)}
    assert set(given) == set(defaults) | set(EXTRA.get((library, model), {}))
    for name, value in (defaults | EXTRA.get((library, model), {})).items():
        assert given[name] == pytest.approx(value, rel=1e-12), name


@pytest.mark.parametrize("library", sorted(LIBRARIES.values()))
def test_every_parameter_reaches_the_elements(library):
    """A parameter that a subcircuit declares and does not use would be ignored without a word."""
    text = (data_dir("netlists") / library).read_text()
    cards = join_continuations(text.splitlines())
    for model in MODELS:
        start = next(i for i, card in enumerate(cards) if card.split()[:2] == [".subckt", model])
        stop = next(i for i, card in enumerate(cards) if i > start and card.lower().startswith(".ends"))
        body = " ".join(cards[start + 1 : stop]).lower()
        for name, _ in re.findall(r"(\w+)=(\S+)", cards[start]):
            if library == "spinspice_bsource.lib" and name == "max_step":
                continue  # a B-source cannot bound the step; the deck does (spinspice.engines.deck.time_steps)
            assert re.search(rf"(?<![\w.]){name.lower()}(?![\w=])", body), f"{model}: {name}"
