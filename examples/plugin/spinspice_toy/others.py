"""A cell, a technology and an engine, each as short as it can be."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from spinspice.cells import BSN
from spinspice.cmos import Technology, Traits, generic
from spinspice.engines import DEFAULT_TIMEOUT, Engine, EngineInfo, Session, engine_class
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms


class ToyBSN(BSN):
    """The binary stochastic neuron, with the toy junction unless another is asked for."""

    kind = "toy_bsn"
    preset = "toy"


def toy_cmos(corner: str = "tt") -> Technology:
    """The generic process at 0.9 V."""
    return dataclasses.replace(generic(corner), name="toy-cmos", vdd=0.9, traits=toy_cmos.traits)


#: Constants of circuits, for whoever asks without building the technology.
toy_cmos.traits = Traits(decision_time=3e-9, feature_size=40e-9)


class ToyEngine(Engine):
    """An engine that lets ``ngspice -b`` do the work."""

    name = "toy-engine"

    @classmethod
    def find(cls) -> EngineInfo | None:
        """Return what was found of ngspice, under our name."""
        info = engine_class("ngspice-process").find()
        return info and dataclasses.replace(info, name=cls.name)

    def run(self, testbench: Testbench, *, timeout: float = DEFAULT_TIMEOUT, keep: Path | None = None) -> Waveforms:
        """Run a testbench."""
        return engine_class("ngspice-process")(self.model).run(testbench, timeout=timeout, keep=keep)

    def load(self, testbench: Testbench) -> Session:
        """Load a testbench for repeated runs."""
        return engine_class("ngspice-process")(self.model).load(testbench)
