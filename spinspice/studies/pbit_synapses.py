"""What synapses of transistors need to know of themselves before they are made: a short run each."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from typing import Any

from spinspice.jobs import delivered
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.synapse_amplifiers import measured
from spinspice.networks.pbits.synapse_transistors import programme_testbench, programmed
from spinspice.networks.pbits.weights import achieved, weights_testbench
from spinspice.studies.base import Batch


def prepared(network: PBitNetwork) -> Generator[Batch, Any, PBitNetwork]:
    """Return a network whose synapses know their amplifiers, or the currents of their branches; others as they are.

    Raises
    ------
    ResultError
        For a run that failed.
    """
    if network.synapse == "transistors":
        found = yield Batch("branch of a synapse", [programme_testbench(network.cell)], programmed)
        return dataclasses.replace(network, programme=_only(found))
    if network.synapse == "amplifiers":
        found = yield Batch("amplifiers", [weights_testbench(network)], lambda waves: achieved(network, waves))
        weights = _only(found)
        return dataclasses.replace(network, amplifier=measured(network.asked, weights.J, weights.h))
    return network


def _only(results: list[Any]) -> Any:
    (result,) = delivered(results, "the run of a synapse by itself")
    return result
