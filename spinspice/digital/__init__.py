"""The digital part of a population-coding system: Mizrahi et al., Nat. Commun. 9, 1533 (2018), Fig. 5.

`backend` (the integer model), `rtl` (the Verilog, operation by operation), `cosim` (junctions and Verilog in one
circuit), `learning` (the gripper learnt in integers), `gates` (standard cells, synthesis, activity).
"""

from __future__ import annotations

from spinspice.digital.backend import PHASES, BackEnd, Operation
from spinspice.digital.cosim import MixedSignal, arm_times, operations, sample_times, sampled_states
from spinspice.digital.learning import IntegerGripper, Trained, train_integer
from spinspice.digital.rtl import Rtl
from spinspice.verilog import DigitalBlock, DigitalSignal

__all__ = [
    "PHASES",
    "BackEnd",
    "DigitalBlock",
    "DigitalSignal",
    "IntegerGripper",
    "MixedSignal",
    "Operation",
    "Rtl",
    "Trained",
    "arm_times",
    "operations",
    "sample_times",
    "sampled_states",
    "train_integer",
]
