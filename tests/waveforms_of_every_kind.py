"""One waveform of every kind, for the tests of stimuli; times up to :data:`STOP`."""

from __future__ import annotations

from spinspice.stimuli import BitStream, Constant, Measured, Pulse, PulseTrain, Pwl, Ramp, Sine, Staircase, Waveform

STOP = 8e-9
EVERY_KIND: dict[str, Waveform] = {
    "constant": Constant(0.3),
    "clock": Pulse(low=0.1, high=1.0, delay=0.5e-9, rise=0.1e-9, fall=0.2e-9, width=1e-9, period=3e-9),
    "clock without delay": Pulse(high=1.0, rise=1e-9, fall=1e-9, width=0.5e-9, period=2.6e-9),
    "falling clock": Pulse(low=0.8, high=-0.8, delay=1e-9, rise=20e-12, fall=20e-12, width=1.96e-9, period=4e-9),
    "single pulse": Pulse(high=0.5, delay=1e-9, rise=10e-12, fall=30e-12, width=2e-9),
    "single pulse at once": Pulse(low=1.0, high=0.5, rise=10e-12, fall=30e-12, width=2e-9),
    "sine": Sine(offset=0.1, amplitude=0.5, frequency=0.7e9),
    "late sine with damping and phase": Sine(amplitude=0.5, frequency=1e9, delay=1e-9, damping=2e8, phase=30.0),
    "lines": Pwl([0.0, 1e-9, 1.5e-9, 7e-9], [0.0, 0.8, 0.2, 0.4]),
    "lines from later on": Pwl([1e-9, 2e-9], [0.5, -0.5]),
    "one point": Pwl([0.0], [0.7]),
    "ramp": Ramp(start=-0.2, end=0.6, duration=5e-9),
    "late ramp down": Ramp(start=0.5, end=-0.5, duration=3e-9, delay=2e-9),
    "spikes": PulseTrain(times=[0.4e-9, 1.1e-9, 5e-9], high=[1.0, -0.5, 0.3], rise=50e-12, width=0.2e-9, fall=80e-12),
    "bits": BitStream(bits="0110100", period=1e-9, edge=50e-12, low=-0.4, high=0.4),
    "late bits": BitStream(bits=[1, 0, 1], period=2e-9, edge=0.1e-9, delay=0.7e-9),
    "stairs": Staircase(times=[0.0, 1e-9, 4e-9], levels=[0.1, 0.5, -0.3], edge=0.1e-9),
    "stairs whose edges end in time": Staircase.even([0.2, -0.2, 0.4, -0.4], 2e-9, 20e-12, early=True),
    "measured": Measured([0.0, 1e-9, 2.5e-9, 6e-9], [0.0, 0.4, 0.1, 0.9], "bench"),
}
