"""Nomura et al. 2018: a reservoir of dipole-coupled nanomagnets that a voltage drives."""
