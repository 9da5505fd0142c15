"""Laws of single junctions: resistance, thresholds of thermal switching, the Fokker-Planck equation; no circuit."""
