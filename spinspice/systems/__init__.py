"""What published papers built from junctions and cells: each system is a package of its own."""
