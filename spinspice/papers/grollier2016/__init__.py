"""Grollier, Querlioz and Stiles, Spintronic nanodevices for bioinspired computing (2016): devices of a review."""
