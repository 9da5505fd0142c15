"""A chain of switching junctions that sorts inputs by how many junctions they switch: the reconfigurable classifier.

`spice` (the chain in a simulator), `behavioural` (by its law alone), `learner` (control currents that are learnt),
`configuration_map`, `thresholds`, `input_energy`, `lut` (its decision as a table). Law, procedure and choices are in
`docs/classifier.md`; what only Lopez et al. 2024 needs is in `spinspice.papers.lopez2024`.
"""
