"""Mizrahi et al., Sci. Rep. 6, 30535 (2016): phase locking of stochastic magnetic bits."""
