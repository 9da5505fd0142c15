"""Population coding with superparamagnetic junctions: Mizrahi et al., Nat. Commun. 9, 1533 (2018)."""
