"""Prychynenko et al. 2018: a magnetic skyrmion as a nonlinear resistive element, a building block of reservoirs."""
