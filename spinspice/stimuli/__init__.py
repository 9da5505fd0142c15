"""What sources play over time: each waveform as a law ``value(t)``, its corners, and its text in every dialect.

A waveform is one frozen record. ``value`` says what the source is at any time, ``breakpoints`` where it has corners
(where an engine must put time points), ``text`` how a simulator is told. No other module writes waveforms.

    clock = Pulse(low=0.0, high=1.2, delay=5e-9, rise=20e-12, fall=20e-12, width=5e-9, period=10e-9)
    clock.text()            # for ngspice: PULSE(0.0 1.2 5e-09 2e-11 2e-11 5e-09 1e-08)
    clock.text("spectre")   # type=pulse val0=0.0 val1=1.2 ...
    clock.value(7e-9)       # array(1.2)

Volts or amperes alike: a waveform does not know which source plays it. Times in seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from spinspice.lazy import lazy_names

if TYPE_CHECKING:
    from spinspice.stimuli.base import Waveform
    from spinspice.stimuli.dialects import DIALECTS, source_names, spice, words
    from spinspice.stimuli.measured import Measured
    from spinspice.stimuli.tables import KINDS, from_table
    from spinspice.stimuli.trains import BitStream, PulseTrain, Staircase
    from spinspice.stimuli.waves import Constant, Pulse, Pwl, Ramp, Sine

__getattr__, __dir__, __all__ = lazy_names(
    __name__,
    {
        "base": ("Waveform",),
        "dialects": ("DIALECTS", "source_names", "spice", "words"),
        "measured": ("Measured",),
        "tables": ("KINDS", "from_table"),
        "trains": ("BitStream", "PulseTrain", "Staircase"),
        "waves": ("Constant", "Pulse", "Pwl", "Ramp", "Sine"),
    },
)
