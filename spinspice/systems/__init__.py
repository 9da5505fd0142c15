"""What papers built from junctions and cells: each system is a module or a package of its own, pure functions."""
