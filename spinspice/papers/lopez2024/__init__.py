"""A reconfigurable classifier of spoken vowels: A. Lopez et al., Phys. Rev. Applied 22, 014082 (2024)."""
