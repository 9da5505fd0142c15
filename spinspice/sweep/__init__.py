"""Studies: a cell over a grid and over instances, on one machine or a cluster, stored job by job."""

from spinspice.sweep.collect import Sweep
from spinspice.sweep.job import Failure
from spinspice.sweep.run import SweepInterrupted, run_study
from spinspice.sweep.study import Study

__all__ = ["Failure", "Study", "Sweep", "SweepInterrupted", "run_study"]
