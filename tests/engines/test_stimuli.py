"""A waveform is what simulators make of its text: ``value(t)`` of every kind against ngspice and VACASK."""

from __future__ import annotations

import numpy as np
import pytest
from waveforms_of_every_kind import EVERY_KIND, STOP

from spinspice.engines import get_engine
from spinspice.testbench import Testbench


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("ngspice", marks=pytest.mark.engine("ngspice", model="b-source")),
        pytest.param("vacask", marks=pytest.mark.engine("vacask")),
    ],
)
def test_the_law_is_what_the_engine_plays(engine):
    """At every time point of the engine, to rounding: 1e-9 of the volt (edges of 10 ps end at rounded times)."""
    cards = "".join(f"V{n} n{n} 0 {wave.text()}\nR{n} n{n} 0 1k\n" for n, wave in enumerate(EVERY_KIND.values()))
    cards += f"Ir 0 r {EVERY_KIND['clock'].text()}\nRr r 0 1k\n"
    names = [f"v(n{n})" for n in range(len(EVERY_KIND))]
    bench = Testbench(circuit=cards, stop=STOP, step=10e-12, save=(*names, "v(r)"))
    waves = get_engine(engine, model="b-source" if engine == "ngspice" else None).run(bench, timeout=60.0)
    assert waves.time[-1] == pytest.approx(STOP)
    for name, (kind, wave) in zip(names, EVERY_KIND.items(), strict=True):
        assert waves[name] == pytest.approx(wave.value(waves.time), abs=1e-9), kind
        at = wave.breakpoints(STOP)
        nearest = np.min(np.abs(waves.time[None, :] - at[:, None]), axis=1, initial=np.inf)
        assert np.all(nearest < 1e-15), f"{kind}: no time point at {at[nearest >= 1e-15]}"
    assert waves["v(r)"] == pytest.approx(1e3 * EVERY_KIND["clock"].value(waves.time), abs=1e-6)
