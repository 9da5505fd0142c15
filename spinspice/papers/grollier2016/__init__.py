"""Grollier, Querlioz and Stiles 2016: devices of bio-inspired computing in a review."""
