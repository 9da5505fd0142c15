"""Systems: what the papers build from neuron cells, as pure functions over frozen dataclasses."""
