"""Romera et al. 2018: vowels by the synchronisation of four coupled spin-torque nano-oscillators."""
