"""Systems that papers built from junctions and cells: one folder for each, pure functions over frozen parameters."""
