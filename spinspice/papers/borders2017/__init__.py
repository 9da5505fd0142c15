"""Borders et al., Appl. Phys. Express 10, 013007 (2016): associative memory of spin-orbit devices."""
