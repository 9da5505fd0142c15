"""Benches, one file for each thing under test: circuit, rails, sources, what to save. No engine runs here."""
