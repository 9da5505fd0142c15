"""Large things: a deck with 256 junctions, a million time points in a file and back."""

from __future__ import annotations

import numpy as np
import pytest

from spinspice.engines import get_engine
from spinspice.testbench import Testbench
from spinspice.waveforms import Waveforms


@pytest.mark.parametrize(
    "engine", [pytest.param(n, marks=pytest.mark.engine(n)) for n in ("ngspice", "ngspice-process", "vacask")]
)
def test_256_junctions_in_one_deck(engine):
    """Each with a seed of its own: no two alike, the first as alone within the simulators' reltol (points differ)."""
    circuit = "V1 a 0 0.1\n" + "".join(f"X{k} a 0 mx{k} my{k} mz{k} mtj_macrospin seed={k}\n" for k in range(1, 257))
    save = tuple(f"v(mx{k})" for k in range(1, 257))
    many = get_engine(engine).run(Testbench(circuit=circuit, stop=1e-10, step=1e-12, save=save), timeout=120.0)
    ends = np.array([many[name][-1] for name in save])
    assert np.unique(ends).size == 256 and np.isfinite(ends).all()
    alone = circuit.splitlines()[0] + "\n" + circuit.splitlines()[1] + "\n"
    one = get_engine(engine).run(Testbench(circuit=alone, stop=1e-10, step=1e-12, save=save[:1]), timeout=60.0)
    np.testing.assert_allclose(many["v(mx1)"][-1], one["v(mx1)"][-1], atol=1e-3)


def test_a_million_points_in_a_file_and_back(tmp_path):
    """Every bit of every sample, the events and the provenance, and a file no larger than its numbers."""
    draw = np.random.default_rng(1)
    time = np.cumsum(draw.exponential(1e-12, 1_000_000))
    signals = {"v(out)": draw.standard_normal(time.size), "i(vdd)": draw.standard_normal(time.size) * 1e-300}
    signals["v(out)"][:3] = [5e-324, -0.0, np.finfo(float).max]
    waves = Waveforms(time, signals, events={"v(count)": time[::1000]}, provenance={"seed": 1, "title": "lang"})
    path = waves.save(tmp_path / "waves.nc")
    back = Waveforms.load(path)
    assert back.time.tobytes() == waves.time.tobytes()
    for name, values in signals.items():
        assert back[name].tobytes() == values.tobytes()
    assert back.events["v(count)"].tobytes() == waves.events["v(count)"].tobytes()
    assert back.provenance == waves.provenance
    assert path.stat().st_size < 8 * (3 * time.size + 1000) + 100_000
