"""Grollier, Querlioz and Stiles, Spintronic nanodevices for bioinspired computing (2016): synapses and detectors."""
