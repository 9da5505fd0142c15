"""Vodenicarevic et al. 2018: circuit-level evaluation of random bits from superparamagnetic junctions."""
