"""Camsari, Faria, Sutton and Datta 2017: stochastic p-bits for invertible logic."""
