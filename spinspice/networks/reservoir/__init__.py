"""Reservoir computing with analog stochastic neurons: topology, circuit, ideal network, readout, tasks."""
