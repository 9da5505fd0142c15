"""Networks of p-bits in engines: the three schemes of update, synapses, study, command line, exports."""

from __future__ import annotations

import json

import numpy as np
import pytest

from benchmarks.bench_pbits import PBIT
from spinspice.cells import ClockedPBit, PBit, TelegraphPBit
from spinspice.cli import run as command
from spinspice.devices import Macrospin, TelegraphField
from spinspice.engines import get_engine
from spinspice.errors import CircuitError, UsageError
from spinspice.export import DIALECTS
from spinspice.networks import Network, Placed
from spinspice.networks.metering import audit_network, energy_signals
from spinspice.networks.pbits import exact, gates
from spinspice.networks.pbits.circuit import PBitNetwork
from spinspice.networks.pbits.ising import Ising
from spinspice.networks.pbits.sequencer import Sequencer
from spinspice.networks.pbits.surrogate import Calibration, simulate
from spinspice.networks.pbits.trim import held, thresholds, trim_testbench
from spinspice.presets import load_preset
from spinspice.studies import run
from spinspice.studies.pbits import TELEGRAPH

pytestmark = pytest.mark.engine("ngspice")


@pytest.fixture(scope="module")
def device():
    return load_preset("faria2021").device.replace(max_step=5e-12)


def test_telegraph_pbits_sample_boltzmann():
    """The circuit of an AND gate: total variation within 4 standard deviations of what sampling alone gives."""
    result = run("pbits", gate="and", update="telegraph", I0=0.5, duration=3e-6, runs=2, seed=4, unmetered=True)
    found = result.to_boltzmann
    assert found.excess < 4, str(found)
    assert 100 < found.independent < 600
    right, error = result.right
    law = exact.boltzmann(gates.and_gate(), 0.5)
    assert abs(right - law[law > 0.2].sum()) < 4 * error
    assert result.memory is None and result.extracted is None
    assert (
        "power" not in result.summary() and result.to_dict()["found"]["energy_per_sample"] is None
    )  # it was not asked for


def test_study_of_free_pbits_finds_its_own_cell_and_accounts_for_energy():
    """COPY: extracted from a cell alone, then the network within sampling error of what was extracted."""
    result = run("pbits", gate="copy", I0=0.5, duration=120e-9, runs=2, seed=7)
    assert 6e-3 < result.V0 < 11e-3 and -4e-3 < result.v0 < 1e-3
    assert result.pbit.disagreement < 0.05
    assert result.to_extracted.excess < 4, str(result.to_extracted)
    assert result.to_memory.excess > 4  # delays of the circuit are not short beside the magnet
    total, error = result.total_power
    assert 30e-6 < total < 80e-6 and error < 0.1 * total
    assert set(result.power) >= {"mtj", "input", "inverters", "synapses"}
    energy, spread = result.energy_per_sample
    assert energy == pytest.approx(total * result.histogram.correlation) and 0 < spread < energy
    json.dumps(result.to_dict(), default=float)


def test_clocked_pbits_change_only_when_their_latch_opens(device):
    ising, cell = gates.copy(), ClockedPBit(device)
    sequencer = Sequencer(clock=1e-9)
    network = PBitNetwork(ising=ising, cell=cell, V0=8e-3, v0=-1.6e-3, I0=0.5, sequencer=sequencer)
    circuit = network.network()
    waves = get_engine("ngspice").run(circuit.testbench(stop=30e-9, seed=2, step=5e-12, save=["v(ck0)", "v(ck1)"]))
    time = np.arange(2e-9, 30e-9, 5e-12)
    changes = 0
    for name, clock in zip(ising.names, ("ck0", "ck1"), strict=True):
        high = np.interp(time, waves.time, waves[f"v(outb_{name})"]) > 0
        at = time[1:][high[1:] != high[:-1]]
        changes += at.size
        for t in at:  # open, or within the delay of latch and inverters after it closed
            window = np.linspace(t - 0.15e-9, t, 16)
            assert np.interp(window, waves.time, waves[f"v({clock})"]).max() > 0
    assert changes > 4
    rows = network.rows(waves, start=4e-9)
    assert rows.size == 13 and set(rows.tolist()) <= {0, 1, 2, 3}


@pytest.mark.parametrize("kind", ["telegraph", "clocked"])
def test_energy_of_new_cells_closes(device, kind):
    if kind == "telegraph":
        cell, sequencer = TelegraphPBit(TelegraphField(**TELEGRAPH)), None
    else:
        cell, sequencer = ClockedPBit(device, junctions=2), Sequencer(clock=1e-9)
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=8e-3, I0=0.5, sequencer=sequencer)
    circuit = network.network(probes="blocks")
    waves = get_engine("ngspice").run(circuit.testbench(stop=5e-9, seed=1, step=5e-12, save=energy_signals(circuit)))
    assert abs(audit_network(circuit, waves).closure) < 1e-5  # edges of clocks and flips at steps of 5 ps


def test_several_junctions_of_a_pbit_have_noise_of_their_own(device):
    cell = ClockedPBit(device, junctions=3)
    assert list(cell.devices) == ["mtj0", "mtj1", "mtj2"]
    network = PBitNetwork(ising=gates.copy(), cell=cell, V0=8e-3, sequencer=Sequencer(clock=1e-9)).network()
    signals = [f"v(xa.{nodes[0]})" for nodes in cell.states.values()]
    waves = get_engine("ngspice").run(network.testbench(stop=3e-9, seed=1, step=5e-12, save=signals))
    paths = np.array([waves[signal] for signal in signals])
    assert all(np.abs(paths[i] - paths[j]).max() > 0.3 for i, j in ((0, 1), (0, 2), (1, 2)))


@pytest.mark.parametrize("synapse", ["resistors", "sum"])
def test_synapses_make_the_sum_of_what_outputs_are(device, synapse):
    """The operating point, where gates take no current: v0 + V0 I0 (sum J V_j / (VDD/2) + h) of the real outputs."""
    ising, V0, v0, I0 = gates.and_gate(), 8e-3, -1e-3, 0.5
    network = PBitNetwork(ising=ising, cell=PBit(device), V0=V0, v0=v0, I0=I0, synapse=synapse)
    signals = [f"v({port}_{name})" for port in ("vin", "out", "outb") for name in "abc"]
    waves = get_engine("ngspice").run(network.network().testbench(stop=2e-11, seed=1, step=5e-12, save=signals))
    for i, name in enumerate("abc"):
        total = ising.h[i]
        for j, other in enumerate("abc"):
            below = synapse == "resistors" and ising.J[i, j] < 0
            level = -waves[f"v(out_{other})"][0] if below else waves[f"v(outb_{other})"][0]
            total += ising.J[i, j] * level / 0.4
        assert waves[f"v(vin_{name})"][0] == pytest.approx(v0 + V0 * I0 * total, abs=2e-6)


def instance(device, seed, technology="generic"):
    """An AND gate whose transistors differ, and the offsets that ramps find in its cells."""
    cell = PBit(device, technology, probes="none")
    network = PBitNetwork(ising=gates.and_gate(), cell=cell, V0=8.3e-3, v0=-1.5e-3, I0=0.5, mismatch=seed)
    cells = {"drawn": cell, **network.cells}
    at = thresholds(cells, get_engine("ngspice").run(trim_testbench(cells)))
    return network, {name: at[name] - at["drawn"] for name in network.ising.names}, at


def test_ramps_find_the_offsets_of_cells_that_differ(device):
    """Held cells change over within 0.2 mV of what the ramps say."""
    network, offsets, at = instance(device, 5)
    assert 1e-3 < np.std(list(offsets.values())) < 30e-3
    cells = {"drawn": network.cell, **network.cells}
    for shift in (-0.2e-3, 0.2e-3):
        inputs = {f"vin_{name}": at[name] + shift for name in cells}
        placed = {name: Placed(cell.with_junctions(held)) for name, cell in cells.items()}
        still = Network(cells=placed, inputs=inputs, outputs=[f"outb_{name}" for name in cells])
        waves = get_engine("ngspice").run(still.testbench(stop=1e-9, seed=1, step=5e-12))
        assert all((waves[f"v(outb_{name})"][-1] > 0) == (shift > 0) for name in cells)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("technology", ["generic", "sky130"])
def test_fifty_instances_need_a_trim(device, technology):
    """Offsets of real transistors, networks of extracted p-bits: trimmed all sample alike, as made hardly any does."""
    law, found = exact.boltzmann(gates.and_gate(), 0.5), []
    for seed in range(50):
        network, offsets, _ = instance(device, seed, technology)
        pbits = [PBIT.shifted(offset) for offset in offsets.values()]
        both = []
        for trimmed in (False, True):
            fits = [Calibration(V0=8.23e-3, v0=-1.69e-3 + trimmed * offset) for offset in offsets.values()]
            run = simulate(network.ising, pbits, fits, I0=0.5, duration=2e-6, seed=seed)
            both.append(exact.total_variation(run.counts / run.counts.sum(), law))
        found.append(both)
    mean, error = np.mean(found, axis=0), np.std(found, axis=0, ddof=1) / np.sqrt(50)
    print(technology, mean, error)
    assert mean[0] - mean[1] > 4 * np.hypot(*error) and mean[0] > 0.3 and mean[1] < 0.12


def test_bad_networks(device):
    with pytest.raises(CircuitError, match="clocked p-bits need a sequencer"):
        PBitNetwork(ising=gates.copy(), cell=ClockedPBit(device), V0=8e-3)
    with pytest.raises(CircuitError, match="a, b are not coupled to c, d"):
        two = gates.copy() + gates.copy("c", "d")
        PBitNetwork(ising=two, cell=PBit(device), V0=8e-3).network()
    with pytest.raises(CircuitError, match="unknown synapse 'wire'"):
        PBitNetwork(ising=gates.copy(), cell=PBit(device), V0=8e-3, synapse="wire").network()
    with pytest.raises(CircuitError, match="needs a TelegraphField"):
        TelegraphPBit(Macrospin())
    with pytest.raises(CircuitError, match="Take I0 up to"):
        PBitNetwork(ising=gates.and_gate(), cell=PBit(device), V0=8e-3, I0=20).network()
    big = Ising([f"m{i}" for i in range(25)], np.ones((25, 25)) - np.eye(25))
    with pytest.raises(UsageError, match="25 p-bits"):
        run("pbits", ising=big, update="telegraph")
    with pytest.raises(UsageError, match="several junctions"):
        run("pbits", junctions=4)


NETWORK = """
[network]
gate = "and"
update = "UPDATE"
I0 = 0.4
clamp = {c = 1}
V0 = "8m"
v0 = "-1m"
[run]
duration = "40n"
"""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("update", ["autonomous", "clocked", "telegraph"])
def test_whole_networks_in_every_dialect(tmp_path, dialect, update, capsys):
    file = tmp_path / "net.toml"
    file.write_text(NETWORK.replace("UPDATE", update))
    status = command(["network", str(file), "--export", dialect, "--out", str(tmp_path / "out")])
    told = capsys.readouterr()
    if update == "telegraph" and dialect in ("xyce", "ltspice"):  # no behavioural form of that junction
        assert status == 1 and "has no translation" in told.err
        return
    assert status == 0 and "Run it:" in told.out
    text = "".join(path.read_text() for path in (tmp_path / "out").iterdir() if path.is_file())
    assert all(name in text for name in ("vin_a", "vin_b", "outb_a"))


def test_command_line(tmp_path, capsys):
    file = tmp_path / "net.toml"
    file.write_text('[network]\ngate = "copy"\nupdate = "telegraph"\n[run]\nduration = "600n"\nruns = 2\n')
    assert command(["network", str(file), "--json", "--plot", str(tmp_path / "net.png"), "--workers", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["names"] == ["a", "b"] and sum(told["histogram"]["counts"]) == 2 * 500
    assert (tmp_path / "net.png").stat().st_size > 5000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "says its energy by one of gate, edges, file, factorise; got nothing"),
        ('[network]\ngate = "copy"\nedges = ["a b 1"]\n', "got gate and edges"),
        ('[network]\ngate = "copy"\nduratoin = "1u"\n', "unknown key 'duratoin'. Did you mean duration"),
        ('[network]\nedges = ["a b 1", "b a 1"]\n', "edges:2: the coupling of b and a is given twice"),
        ('[netwrok]\ngate = "copy"\n', r"no table \[netwrok\]"),
        ("[network]\nfactorise = [99, 2, 2]\n", "99 does not fit"),
        ('[network]\nfactorise = "6"\n', "Write \\[number, bits, bits\\]"),
        ('[network]\ngate = "copy"\nI0 = 0.5\n[run]\nI0 = 1\n', "I0 stands in \\[network\\] and in \\[run\\]"),
        ('[network]\ngate = "copy"\nupdate = "sync"\n', "update = 'sync'"),
        ('[network]\nfile = "none.txt"\n', "no file"),
    ],
)
def test_bad_files(tmp_path, capsys, text, message):
    import re

    file = tmp_path / "bad.toml"
    file.write_text(text)
    assert command(["network", str(file)]) == 2
    assert re.search(message, capsys.readouterr().err)
