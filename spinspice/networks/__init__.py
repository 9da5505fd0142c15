"""Junctions and cells that work together: populations, chains of switching junctions, and how they learn."""
