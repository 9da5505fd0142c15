"""SPICE netlists as text and as data: read cards and expressions, belonging to no engine."""
