"""Readout of a junction by its comparator: runs and the bits in them, and the trim that mismatch asks for."""
