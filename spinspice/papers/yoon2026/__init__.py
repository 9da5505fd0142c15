"""Yoon et al. 2026: a p-bit of a superparamagnetic junction on the transistors of SkyWater 130."""
