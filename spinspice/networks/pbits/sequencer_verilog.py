"""The sequencer of clocked p-bits as Verilog, beside the circuit in one run of ngspice (``rtl/pbit_sequencer.v``)."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from spinspice.networks.couplings import Coupling, Ends
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import EDGE, OPEN, Sequencer
from spinspice.paths import data_dir
from spinspice.pyspice import Circuit
from spinspice.stimuli import Pulse
from spinspice.verilog import DigitalBlock

#: Nodes of the master clock and of the reset, both from 0 to 1 V.
CLOCK, RESET = "seq_clk", "seq_reset"
#: Delay of bridges and of Verilog over the period of the clock: our choice, far below an edge.
DELAY = 4e-4


@dataclasses.dataclass(frozen=True)
class VerilogSequencer(Coupling):
    """The module between its bridges: ``clocks`` and their ``complements`` at two levels [V]."""

    clocks: tuple[str, ...]
    complements: tuple[str, ...]
    low: float
    high: float
    edge: float
    delay: float

    @property
    def pins(self) -> dict[str, str]:
        return {f"p{k}": node for k, node in enumerate((*self.clocks, *self.complements))}

    @property
    def senses(self) -> tuple[str, ...]:
        return CLOCK, RESET

    @property
    def block(self) -> DigitalBlock:
        return DigitalBlock(
            name="pbit_sequencer",
            source=str(data_dir("rtl") / "pbit_sequencer.v"),
            top="pbit_sequencer",
            parameters={"TURNS": len(self.clocks)},
            delay=self.delay,
        )

    def add_to(self, circuit: Circuit, name: str, ends: Ends, seed: str) -> None:
        count = len(self.clocks)
        edge, delay = f"{self.edge:.12g}", f"{self.delay:.12g}"
        bits = [f"{name}_d{k}" for k in range(count)]
        lines = [
            f"a{name}_in [{CLOCK} {RESET}] [{name}_dclk {name}_dreset] {name}_in",
            f".model {name}_in adc_bridge(in_low=0.5 in_high=0.5 rise_delay={delay} fall_delay={delay})",
            self.block.card([f"{name}_dclk", f"{name}_dreset"], reversed(bits)),
        ]
        # A complement is the same bit behind a bridge of exchanged levels: right from the operating point on.
        for kind, first, (low, high) in (("on", 0, (self.low, self.high)), ("off", count, (self.high, self.low))):
            nodes = [ends[f"p{first + k}"] for k in range(count)]
            lines += [
                f"a{name}_{kind} [{' '.join(bits)}] [{' '.join(nodes)}] {name}_{kind}",
                f".model {name}_{kind} dac_bridge(out_low={low:.12g} out_high={high:.12g} t_rise={edge} t_fall={edge})",
            ]
        circuit.raw_spice += "\n".join([*lines, ""])


@dataclasses.dataclass(frozen=True, kw_only=True)
class SequencerInVerilog(Sequencer):
    """Clocks of p-bits as a digital part makes them: a master clock, and a turn that moves as it falls.

    The same clocks as :class:`~spinspice.networks.pbits.sequencer.Sequencer` at the same times, on engines that run
    Verilog (:doc:`cosimulation`). Parameters as there.
    """

    clock: float
    groups: Sequence[Sequence[str]] = ()

    def couplings(self, ising: Ising, low: float, high: float) -> dict[str, Coupling]:
        count = len(self.turns(ising))
        part = VerilogSequencer(
            clocks=tuple(f"ck{k}" for k in range(count)), complements=tuple(f"ckb{k}" for k in range(count)),
            low=low, high=high, edge=EDGE * self.clock, delay=DELAY * self.clock,
        )  # fmt: skip
        return {"sequencer": part}

    def sources(self, ising: Ising, low: float, high: float) -> dict[str, Pulse]:
        """Return the master clock and the reset: half an edge and the delays of bridges and Verilog early."""
        edge, width = EDGE * self.clock, OPEN * self.clock
        first = self.clock - width - 3.5 * edge - 2.0 * DELAY * self.clock
        return {
            CLOCK: Pulse(low=0.0, high=1.0, delay=first, rise=edge, fall=edge, width=width, period=self.clock),
            RESET: Pulse(low=1.0, high=0.0, delay=first / 4, rise=edge, fall=edge, width=1.0, period=2.0),
        }
