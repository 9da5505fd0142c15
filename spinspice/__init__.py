"""spinspice: spintronic neuron cells at circuit level."""

__version__ = "0.1.0"
