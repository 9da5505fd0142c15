"""The reconfigurable classifier: a chain of switching junctions that sorts inputs by how many junctions they switch.

A. Lopez et al., Phys. Rev. Applied 22, 014082 (2024); law, procedure and choices are in `docs/classifier.md`.
"""
