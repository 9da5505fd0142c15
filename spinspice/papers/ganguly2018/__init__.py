"""Analog and binary stochastic neurons: Ganguly, Camsari and Ghosh 2018."""
