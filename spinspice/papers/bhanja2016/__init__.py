"""Bhanja et al. 2016: coupled nanomagnets that settle into the answer of a quadratic form, for vision."""
