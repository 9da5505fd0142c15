"""Debashis et al. 2016: small networks of coupled nanomagnets as Ising hardware."""
