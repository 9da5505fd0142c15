"""Cells from a designer's own netlist, on the engines: the bits of the cell they mirror, and an account that closes."""

import json
import subprocess
import sys

import numpy as np
import pytest

from spinspice.benches.cell import cell_testbench
from spinspice.cells import BSN, CellFile
from spinspice.characterize import characterize
from spinspice.devices import Macrospin, Telegraph
from spinspice.energy import audit_cell
from spinspice.engines import get_engine
from spinspice.errors import CircuitError
from spinspice.export import export_cell
from spinspice.paths import data_dir
from spinspice.presets import load_preset
from spinspice.sweep import Study, run_study

EXAMPLE = data_dir("netlists").parent / "examples" / "08_neuron.toml"
DEVICE = load_preset("faria2021").device
SIGNALS = ("v(out)", "v(mid)", "i(vdd)", "i(vin)")
#: Budget of the audit: both sides are integrals of the same waveforms; the rest is the solver's tolerance (reltol 1e-3
#: of currents of single pins, which average out).
CLOSURE = 5e-3
#: Two junctions and one transistor on a supply from 0 V, a port held at a voltage, models of its own.
TWO = """\
.subckt pair in q vp gnd vb
Rtop vp m 1k        ; a junction
X2 m s st ct mtj_telegraph R_P=12k TMR=1 delta=2 V_c=0.3 phi0=2e9
Mb s vb gnd gnd nm w=2u l=0.1u
Min m in gnd gnd nm w=2u l=0.1u
Cq q gnd 0.2f
Rq m q 1k
B1 q gnd I=tanh(v(q,gnd))*1u
.model nm nmos level=1 vto=0.3 kp=200u tox=2n
.ends
"""
PAIR = {
    "netlist": "pair.sp",
    "vdd": 1.0,
    "supply": "single",
    "ports": {"vin": "in", "out": "q", "vdd": "vp", "vss": "gnd"},
    "bias": {"vb": 0.6},
    "junctions": {"Rtop": "m"},
    "blocks": {"input": ["Min"], "bias": ["Mb"]},
}


def pair(folder):
    (folder / "pair.sp").write_text(TWO)
    return CellFile.from_dict(PAIR, folder)(DEVICE)


def waves(cell, engine, **settings):
    save = (*SIGNALS[1:], *([cell.current_signal("vm_mtj")] if cell.pins else []))
    return get_engine(engine).run(cell_testbench(cell, save=save, **{"stop": 2e-9, "seed": 5, **settings}))


@pytest.mark.engine("ngspice")
@pytest.mark.parametrize("probes", ["none", "blocks", "elements"])
def test_the_same_circuit_gives_the_same_bits(probes):
    mine, built_in = (
        waves(cell.rebuilt(probes=probes), "ngspice", vin=0.01)
        for cell in (CellFile.load(EXAMPLE)(DEVICE), BSN(DEVICE, vdd=0.8))
    )
    np.testing.assert_array_equal(mine.time, built_in.time)
    for signal in mine:
        np.testing.assert_array_equal(mine[signal], built_in[signal], err_msg=signal)


@pytest.mark.engine("vacask")
def test_vacask_takes_an_imported_cell():
    mine, built_in = (waves(cell, "vacask") for cell in (CellFile.load(EXAMPLE)(DEVICE), BSN(DEVICE, vdd=0.8)))
    early = mine.time < 0.5e-9
    # VACASK orders its equations by name, so rounding differs (1e-15 V); the magnet amplifies that in time.
    np.testing.assert_allclose(mine["v(out)"][early], built_in["v(out)"][: early.sum()], atol=1e-9)


@pytest.mark.engine("ngspice")
def test_characterisation_and_audit_are_those_of_the_built_in_cell():
    size = {"vin": "-40m:40m:5", "trials": 1, "duration": 4e-9, "seed": 3, "workers": 1}
    mine, built_in = (characterize(cell, vdd=None, **size).to_dict() for cell in (str(EXAMPLE), "bsn"))
    assert mine["cell"] == "neuron" and mine["preset"] == "faria2021"
    for part in ("transfer", "fit", "noise", "energy", "settings", "notes", "failures"):
        assert mine[part] == built_in[part], part


@pytest.mark.engine("ngspice")
def test_a_study_of_a_cell_file_is_that_of_the_built_in_cell(tmp_path):
    study = {
        "seed": 4,
        "grid": {"vin": [-0.02, 0.02]},
        "montecarlo": {
            "samples": 2,
            "device": {"TMR": {"distribution": "normal", "relative": 0.05}},
        },
        "measure": {"duration": 2e-9},
    }
    mine = run_study(Study.from_dict({"cell": str(EXAMPLE), **study}), tmp_path / "mine", workers=1)
    built_in = run_study(Study.from_dict({"cell": "bsn", **study}), tmp_path / "bsn", workers=1)
    for name in mine.quantities:
        np.testing.assert_array_equal(mine.dataset[name], built_in.dataset[name], err_msg=name)


@pytest.mark.engine("ngspice")
def test_two_junctions_on_a_single_supply_are_accounted_for(tmp_path):
    cell = pair(tmp_path)
    account = audit_cell(cell, vin=0.4, duration=12e-9, seed=2).audit
    assert abs(account.closure) < CLOSURE
    assert set(account.power) == {"rtop"[1:], "x2", "input", "bias", "rest"}
    assert account.power["top"] > 0 and account.power["x2"] > 0 and account.power["input"] > 0
    assert set(account.delivered) == {"vdd", "vss", "vin", "vb"}
    assert set(account.static_power) == {"top", "x2"}  # no midpoint that would command the others


@pytest.mark.engine("ngspice")
def test_junctions_of_a_cell_have_noise_of_their_own(tmp_path):
    (tmp_path / "two.sp").write_text(".subckt two in out vdd vss\nR1 vdd out 1\nR2 out vss 1\nRin in vss 1meg\n.ends\n")
    data = {
        "netlist": "two.sp",
        "vdd": 0.2,
        "ports": {"vin": "in", "out": "out", "vdd": "vdd", "vss": "vss"},
        "junctions": {"R1": "vdd", "R2": "vss"},
    }
    cell = CellFile.from_dict(data, tmp_path)(DEVICE)
    nodes = [cell.node_signal(node) for node in cell.state_nodes]

    def run(seed):
        return get_engine("ngspice").run(cell_testbench(cell, stop=1e-9, seed=seed, save=tuple(nodes)))

    one, again, other = run(7), run(7), run(8)
    assert nodes[0] == "v(x1.r1_mx)" and nodes[3] == "v(x1.r2_mx)"
    assert np.abs(one[nodes[0]] - one[nodes[3]]).max() > 0.1
    for node in (nodes[0], nodes[3]):
        np.testing.assert_array_equal(one[node], again[node])
        assert np.abs(one[node] - np.interp(one.time, other.time, other[node])).max() > 0.1


@pytest.mark.engine("vacask")
@pytest.mark.engine("ngspice")
def test_both_engines_agree_on_models_and_subcircuits_of_the_file(tmp_path):
    text = """\
.param wn=2u
.subckt inv a q vp vn w=1u
M1 q a vp vp pm w={2*w} l=0.1u
M2 q a vn vn nm w={w} l=0.1u
.ends
.subckt chain in q vcc vee k=1
.param half={k*wn/2}
Rj vcc m 1k
Min m in vee vee nm w={half} l=0.1u
X1 m q vcc vee inv w={half}
.ends
.include models.inc
"""
    (tmp_path / "chain.sp").write_text(text)
    (tmp_path / "models.inc").write_text(
        ".model nm nmos level=1 vto=0.2 kp=200u tox=2n\n.model pm pmos level=1 vto=-0.2 kp=100u tox=2n\n"
    )
    data = {
        "netlist": "chain.sp",
        "subckt": "chain",
        "vdd": 1.0,
        "ports": {"vin": "in", "out": "q", "vdd": "vcc", "vss": "vee", "mid": "m"},
        "junctions": {"Rj": "vcc"},
        "parameters": {"k": 1.5},
    }
    still = Telegraph(R_P=20e3, TMR=0.0, delta=100.0)
    cell = CellFile.from_dict(data, tmp_path)(still)
    bench = cell_testbench(cell, stop=1e-9, vin=(-0.5, 0.5), save=("v(mid)",))
    one, other = (get_engine(name).run(bench) for name in ("ngspice", "vacask"))
    times = np.linspace(1e-10, 1e-9, 200)
    for signal in ("v(mid)", "v(out)"):
        difference = np.interp(times, one.time, one[signal]) - np.interp(times, other.time, other[signal])
        assert np.abs(difference).max() < 5e-3, signal  # truncation of 2e-13 s steps on an edge of 1 V
        assert np.ptp(one[signal]) > 0.5


@pytest.mark.engine("ngspice-process")
def test_exports_of_an_imported_cell(tmp_path):
    written = export_cell(EXAMPLE.as_posix(), dialect="ngspice", out=tmp_path / "ng", duration=1e-9, seed=5)
    subprocess.run(["ngspice", "-b", "testbench_osdi.cir"], cwd=tmp_path / "ng", capture_output=True, timeout=60)
    engine = get_engine("ngspice", "b-source").run(written.testbench)
    done = subprocess.run(
        ["ngspice", "-b", "testbench.cir"], cwd=tmp_path / "ng", capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    table = np.loadtxt(tmp_path / "ng" / "waveform.txt", skiprows=1)
    header = (tmp_path / "ng" / "waveform.txt").read_text().splitlines()[0].split()
    out = table[:, header.index("v(out)")]
    np.testing.assert_allclose(np.interp(engine.time, table[:, 0], out), engine["v(out)"], atol=1e-6)
    for dialect in ("vacask", "hspice", "spectre", "xyce", "ltspice"):
        export_cell(EXAMPLE.as_posix(), dialect=dialect, out=tmp_path / dialect)
    two = pair(tmp_path)
    with pytest.raises(CircuitError, match=r"'b1 .*elements of kind B have no translation to HSPICE"):
        export_cell(two, dialect="hspice", out=tmp_path / "two")


@pytest.mark.engine("ngspice")
def test_the_command_line_takes_a_cell_file_and_asks_for_trust(tmp_path):
    def run(*words):
        return subprocess.run([sys.executable, "-m", "spinspice", *words], capture_output=True, text=True, timeout=120)

    done = run("energy", str(EXAMPLE), "--duration", "4n", "--json")
    assert done.returncode == 0, done.stderr
    account = json.loads(done.stdout)
    assert account["cell"] == "neuron" and abs(account["closure"]) < CLOSURE
    for file in (EXAMPLE, EXAMPLE.with_suffix(".sp")):
        (tmp_path / file.name).write_text(file.read_text())
    netlist = tmp_path / "08_neuron.sp"
    marker = tmp_path / "pwned"
    netlist.write_text(netlist.read_text() + f".control\nshell touch {marker}\n.endc\nshell touch {marker}\n")
    refused = run("energy", str(tmp_path / EXAMPLE.name), "--duration", "4n", "--json")
    assert refused.returncode == 2 and "line 16 of 08_neuron.sp, 'shell touch" in refused.stderr
    trusted = run("energy", str(tmp_path / EXAMPLE.name), "--duration", "4n", "--json", "--trust")
    assert trusted.returncode == 0 and "Note: 08_neuron.sp: lines 13 to 15" in trusted.stderr
    assert json.loads(trusted.stdout)["power"] == account["power"]
    assert not marker.exists()


def test_macrospins_and_telegraphs_go_in_alike(tmp_path):
    kind = CellFile.load(EXAMPLE)
    assert kind(Macrospin()).states == {"mtj": ("mx", "my", "mz")}
    assert kind(Telegraph()).states == {"mtj": ("state", "count")}


@pytest.mark.engine("ngspice")
def test_a_single_supply_shifts_everything_by_half_of_it(tmp_path):
    """Input, output and rails move together, so the transfer is the same, half a supply further up."""
    (tmp_path / "08_neuron.sp").write_text(EXAMPLE.with_suffix(".sp").read_text())
    single = tmp_path / "single.toml"
    single.write_text(EXAMPLE.read_text().replace('preset = "faria2021"', 'preset = "faria2021"\nsupply = "single"'))
    one = waves(CellFile.load(EXAMPLE)(DEVICE), "ngspice", stop=1e-9, vin=0.0)
    other = waves(CellFile.load(single)(DEVICE), "ngspice", stop=1e-9, vin=0.4)
    times = np.linspace(2e-11, 5e-10, 100)
    for signal in ("v(out)", "v(mid)"):
        shifted = np.interp(times, other.time, other[signal]) - 0.4
        # Newton's tolerance, 1e-3 of the voltage, is another one at other voltages.
        np.testing.assert_allclose(shifted, np.interp(times, one.time, one[signal]), atol=2e-3)
    found = characterize(str(single), vin="385m:415m:9", trials=1, duration=8e-9, workers=1)
    assert abs(found.fit.offset - 0.4) < 0.02 and abs(found.fit.level - 0.4) < 0.05
    assert abs(found.energy.closure) < CLOSURE
