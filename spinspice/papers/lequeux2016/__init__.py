"""Lequeux et al. 2016: a spin-torque memristor of many levels with perpendicular anisotropy."""
