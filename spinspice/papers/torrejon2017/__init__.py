"""Torrejon et al. 2017: one spin-torque nano-oscillator, multiplexed in time, as a reservoir."""
