"""Timings, side by side with a peer in one run; never part of the tests."""
