"""Cell files: roles, junctions, blocks, supplies, and a clear error for each slip."""

import json
import re

import pytest

from spinspice.cells import BSN, CellFile, cell_kind, choose_cell
from spinspice.devices import Macrospin, Telegraph
from spinspice.devices.noise import seed_text
from spinspice.errors import CircuitError, UsageError
from spinspice.export import export_cell
from spinspice.paths import data_dir
from spinspice.presets import load_preset

EXAMPLES = data_dir("netlists").parent / "examples"
NETLIST = """\
.subckt n in q vp gnd b
Rmtj vp m 1k
Min m in gnd gnd nm w=1u l=0.1u
Rout m q 1k
Rb b m 1meg
.model nm nmos level=1
.ends
"""
DATA = {
    "netlist": "n.sp",
    "vdd": 1.0,
    "supply": "single",
    "ports": {"vin": "in", "out": "q", "vdd": "vp", "vss": "gnd", "mid": "m"},
    "bias": {"b": "400m"},
    "junctions": {"Rmtj": "m"},
}
DEVICE = Macrospin()


def load(folder, text=NETLIST, trust=False, **changes):
    (folder / "n.sp").write_text(text)
    return CellFile.from_dict({**DATA, **changes}, folder, where="cell.toml", trust=trust)


def body(cell):
    """Return the lines of a cell from its first element on, without parameters of junctions."""
    lines = re.sub(r"(mtj_macrospin|mtj_telegraph) .*?(seed=\S+).*", r"\1 \2", str(cell)).splitlines()
    return [line for line in lines if line and not line.startswith((".", "+"))]


def test_the_example_is_the_built_in_neuron_card_by_card():
    device = load_preset("faria2021").device
    mine, built_in = CellFile.load(EXAMPLES / "08_neuron.toml")(device), BSN(device, vdd=0.8)

    def plain(cell):
        """Return what each element is and where it is, names of ammeters and order of parameters aside."""
        names = [line.lower().split() for line in str(cell).splitlines() if not line.startswith((".", "+")) and line]
        alias = {words[2]: f"behind{i}" for i, words in enumerate(names) if words[0].startswith("vm_")}
        nodes = [
            [alias.get(w, w) for w in sorted(words[1:], key=lambda w: "=" in w)]
            if words[0].startswith("vm_")
            else [
                words[0],
                *(alias.get(w, w) for w in words[1:] if "=" not in w),
                *sorted(w for w in words if "=" in w),
            ]
            for words in names
        ]
        return nodes

    assert plain(mine) == plain(built_in)
    assert mine.blocks == built_in.blocks and mine.ports == built_in.ports and mine.rails == built_in.rails


def test_roles_bias_and_a_single_supply(tmp_path):
    cell = load(tmp_path)(DEVICE)
    assert cell.ports == ("vin", "out", "vdd", "vss", "b", "mid")  # an inner node with a role becomes a port
    assert cell.rails == (0.0, 1.0) and cell.middle == 0.5 and cell.bias == {"b": 0.4}
    assert body(cell)[:2] == ["vm_mtj vdd vm_mtj_i 0", "xmtj vm_mtj_i mid mx my mz mtj_macrospin seed={seed}"]
    assert load(tmp_path, supply="split")(DEVICE).rails == (-0.5, 0.5)
    turned = load(tmp_path, junctions={"rmtj": {"reference": "VP"}})(DEVICE)
    assert "xmtj mid vm_mtj_i mx my mz mtj_macrospin seed={seed}" in body(turned)


def test_without_probes_there_is_no_ammeter_and_the_circuit_is_the_same(tmp_path):
    """Cards without ammeters are those with them, every node behind an ammeter the node before it."""
    metered = load(tmp_path)(DEVICE, name="n")
    bare = metered.rebuilt(probes="none")
    assert not bare.pins and not bare.ammeters and bare.probes == "none"
    assert not [line for line in body(bare) if line.startswith("vm_")]
    behind = {line.split()[2]: line.split()[1] for line in body(metered) if line.startswith("vm_")}
    assert behind
    rest = [line for line in body(metered) if not line.startswith("vm_")]
    assert [" ".join(behind.get(word, word) for word in line.split()) for line in rest] == body(bare)
    assert bare.rebuilt(probes="blocks").pins == metered.pins
    with pytest.raises(CircuitError, match=r"probes = 'nowhere'.*none"):
        metered.rebuilt(probes="nowhere")


def test_probes_at_every_pin_count_every_element_once(tmp_path):
    cell = load(tmp_path, blocks={"out": ["Rout"]})(DEVICE, probes="elements")
    assert cell.blocks == ("mtj", "out", "rest")
    pins = {(pin.element, pin.node) for pin in cell.pins}
    assert {e for e, _ in pins} == {"mtj", "min", "rout", "rb"}
    assert len(cell.pins) == 2 + 4 + 2 + 2 and len(set(cell.ammeters)) == 1 + 8
    assert cell.rebuilt(probes="blocks").probes == "blocks"
    stuck = cell.with_junctions(lambda device: device.replace(TMR=0.0))
    assert stuck.device.TMR == 0.0 and stuck.probes == "elements"


def test_names_of_the_netlist_do_not_meet_those_of_the_cell(tmp_path):
    text = """\
.subckt n out in vdd_ vss
Rj vdd_ vdd 1k
R1 vdd mid 1k
R2 mid out 1k
R3 mx in 1k
Vm_j vss mx 0
B1 in vss V=v(vdd,mid)*2
.ends
"""
    roles = {"vin": "out", "out": "in", "vdd": "vdd_", "vss": "vss"}
    cell = load(tmp_path, text, ports=roles, bias={}, junctions={"Rj": "vdd"})(DEVICE)
    assert cell.ports == ("vin", "out", "vdd", "vss")
    lines = body(cell)
    assert "xj vm_m_j_i vdd_inner j_mx j_my j_mz mtj_macrospin seed={seed}" in lines
    assert "r1 vdd_inner mid 1000.0" in lines
    assert "eb1 vm_m_rest_out_i vm_m_rest_vss_i vdd_inner mid 2.0" in lines
    assert cell.states == {"j": ("j_mx", "j_my", "j_mz")}
    assert cell.node_signal("j_mx") == "v(x1.j_mx)" and cell.node_signal("out") == "v(out)"


def test_an_inner_node_called_like_a_role_takes_no_name_that_is_there(tmp_path):
    text = ".subckt n in q vp gnd b\nRmtj vp m 1k\nR1 out out_inner 1k\nR2 out q 2k\n"
    text += "R3 vin out.inner 3k\nRb b m 1\n.ends\n"
    lines = body(load(tmp_path, text)(DEVICE))
    assert "r1 out_inner_2 out_inner 1000.0" in lines
    assert "r3 vin_inner out_inner_3 3000.0" in lines


def test_several_junctions_have_seeds_and_states_of_their_own(tmp_path):
    text = NETLIST.replace("Rb b m 1meg", "Rb b m 1meg\nX2 vp m st ct mtj_telegraph R_P=2k delta=5 V_c=0.2 seed=3")
    kind = load(tmp_path, text)
    cell = kind(DEVICE)
    assert list(cell.devices) == ["mtj", "x2"] and cell.blocks == ("mtj", "x2", "rest")
    assert cell.devices["x2"] == Telegraph(R_P=2e3, delta=5, V_c=0.2)
    assert cell.states == {"mtj": ("mtj_mx", "mtj_my", "mtj_mz"), "x2": ("st", "ct")}
    seeds = re.findall(r"mtj_(?:macrospin|telegraph) .*?seed=(\S+)", str(cell))
    assert seeds == ["{seed}", seed_text("x2")]
    with pytest.raises(UsageError, match="no device for the junction mtj"):
        kind()
    given = load(tmp_path, text, junctions={"Rmtj": {"reference": "m", "preset": "faria2021"}})
    assert not given.needs_junction and given().device == load_preset("faria2021").device
    with pytest.raises(UsageError, match="every junction of n has parameters of its own. Leave the preset out"):
        choose_cell(given, "faria2021")


def test_models_parameters_and_subcircuits_come_along(tmp_path):
    text = """\
.param wn=2u
.model pm pmos level=1
.subckt inv a q vp vn w=1u
M1 q a vp vp pm w={2*w} l=0.1u
.ends
.subckt n in q vp vn r=1k k={wn}
.param half={k/2}
Rmtj vp m {r}
X1 m q vp vn inv w={half}
M1 m in vn vn nm w={k} l=0.1u
.model nm nmos level=1
.ends
"""
    roles = {"vin": "in", "out": "q", "vdd": "vp", "vss": "vn"}
    more = {"subckt": "N", "ports": roles, "bias": {}, "junctions": {"Rmtj": "vp"}, "parameters": {"k": "3u"}}
    cell = load(tmp_path, text, **more)(DEVICE)
    lines = str(cell).splitlines()
    assert lines[0] == ".subckt n vin out vdd vss seed=1"
    assert lines[1:4] == [".model pm pmos level=1.0", ".model nm nmos level=1.0", ".subckt inv a q vp vn"]
    assert lines[4] == "m1 q a vp vp pm w=3e-06 l=1e-07"  # w = 2 half, half = k/2
    assert lines[-2].startswith("m1 mid") or "m1 m vm_rest_vin_i vm_rest_vss_i vm_rest_vss_i nm w=3e-06" in str(cell)
    assert "wn" not in str(cell) and "{" not in str(cell).replace("{seed}", "")
    with pytest.raises(UsageError, match=r"\[parameters\]: z is no parameter of n. Known: half, k, r, wn"):
        load(tmp_path, text, **{**more, "parameters": {"z": 1}})
    with pytest.raises(UsageError, match="is not a number"):
        load(tmp_path, text, **{**more, "parameters": {"k": "{wn}"}})


def test_transistors_of_a_technology_are_named_by_the_user(tmp_path):
    text = NETLIST.replace("nm w", "gen_nmos w").replace(".model nm nmos level=1\n", "")
    with pytest.raises(CircuitError, match=r"line 3 of n\.sp.*no model 'gen_nmos'.*name the technology"):
        load(tmp_path, text)(DEVICE)
    kind = load(tmp_path, text, cmos="generic", vdd=0.8)
    assert kind(DEVICE).technology.name == "generic" and ".model gen_nmos" in str(kind(DEVICE))
    assert kind(DEVICE, "generic:ss").technology.corner == "ss"
    assert load(tmp_path)(DEVICE).technology.name == "models of the netlist"
    with pytest.raises(UsageError, match=r"mine\.toml' is a library that the simulator would obey.*--trust"):
        load(tmp_path, text, cmos="mine.toml")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"port": {}}, "cell.toml: 'port' is not known. Did you mean ports"),
        ({"ports": {"vin": "in"}}, r"\[ports\] lacks out, vdd. Ports of n: in, q, vp, gnd_, b"),
        ({"ports": {**DATA["ports"], "out": "qq"}}, r"\[ports\] out = 'qq' is no port of n. Did you mean q"),
        ({"ports": {**DATA["ports"], "mid": "zz"}}, r"\[ports\] mid = 'zz' is no port of n"),
        ({"ports": {**DATA["ports"], "gate": "in"}}, r"\[ports\]: 'gate' is not known"),
        ({"ports": {**DATA["ports"], "out": "in"}}, "a port of n has two roles"),
        ({"bias": {}}, "the port b of n has no role.*give it a voltage in"),
        ({"bias": {"b": 0.4, "c": 1}}, r"\[bias\] c is no further port of n"),
        ({"bias": {"b": "high"}}, "high"),
        ({"bias": {"b": 1e6}}, r"\[bias\] b = 1e\+06 V is outside"),
        ({"junctions": {}}, r"\[junctions\] names no element of n"),
        ({"junctions": {"Rm": "m"}}, r"\[junctions\] rm is no element of n. Did you mean r"),
        ({"junctions": {"Rmtj": "q"}}, r'reference = "q" must be the node of the reference layer: vp, m'),
        ({"junctions": {"Rmtj": {}}}, r'reference = "" must be the node'),
        ({"junctions": {"Min": "m"}}, "min has the nodes m, in, gnd_, gnd_; a junction takes"),
        ({"junctions": {"Rmtj": 3}}, "= 3 is not understood"),
        ({"junctions": {"Rmtj": {"reference": "m", "name": "a b"}}}, "must be a letter followed by letters"),
        ({"blocks": {"a": ["Rx"]}}, r"\[blocks\] a: 'Rx' is no element"),
        ({"blocks": {"a": ["Rmtj"]}}, r"\[blocks\] a: 'Rmtj' is no element"),
        ({"blocks": {"mtj": ["Rb"]}}, "this name is that of a junction"),
        ({"blocks": {"a": ["Rb"], "c": ["Rb"]}}, "'Rb' is in the block a already"),
        ({"supply": "double"}, "supply = 'double'.*Known: single, split"),
        ({"vdd": -1}, r"vdd = -1 V is outside \(0, 100\]"),
        ({"name": "../x"}, "must be a letter followed by letters"),
        ({"subckt": "m"}, "no subcircuit 'm'"),
        ({"netlist": 3}, "netlist = 3 is not a name"),
        ({"netlist": "none.sp"}, "none.sp.*Give an existing file"),
    ],
)
def test_slips_of_a_cell_file_are_named(changes, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        load(tmp_path, **changes)


def test_a_cell_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"cannot read the cell file .*none\.toml"):
        cell_kind(str(tmp_path / "none.toml"))
    (tmp_path / "bad.toml").write_text("netlist = ")
    with pytest.raises(UsageError, match=r"bad\.toml is not TOML"):
        cell_kind(str(tmp_path / "bad.toml"))
    (tmp_path / "bad.toml").write_text("[ports]\n")
    with pytest.raises(UsageError, match="bad.toml lacks netlist"):
        cell_kind(str(tmp_path / "bad.toml"))


def test_a_cell_without_supply_or_with_a_hidden_junction_is_refused(tmp_path):
    kind = load(tmp_path)
    data = {key: value for key, value in DATA.items() if key != "vdd"}
    with pytest.raises(UsageError, match="n has no supply voltage"):
        CellFile.from_dict(data, tmp_path)(DEVICE)
    assert kind(DEVICE, vdd=0.7).vdd == 0.7
    hidden = ".subckt s a b\nX1 a b mx my mz mtj_macrospin\n.ends\n" + NETLIST.replace("Rb b m 1meg", "Xb b m s")
    with pytest.raises(CircuitError, match=r"line 2 of n\.sp.*a junction inside a subcircuit of the cell"):
        load(tmp_path, hidden, subckt="n")(DEVICE)
    wrong = NETLIST.replace("Rb b m 1meg", "Xb b m st ct mtj_telegraph R_PP=1k")
    with pytest.raises(CircuitError, match="mtj_telegraph has no parameter 'r_pp'"):
        load(tmp_path, wrong)


def test_what_was_left_out_is_kept_with_the_cell(tmp_path):
    text = NETLIST + ".control\nrun\n.endc\n"
    (note,) = load(tmp_path, text)(DEVICE).notes
    assert note == "n.sp: lines 8 to 10, a control block, are left out and never run."


def test_no_text_is_evaluated_as_python(tmp_path, monkeypatch):
    for name in ("eval", "exec", "compile"):
        monkeypatch.setattr(f"builtins.{name}", lambda *_, **__: pytest.fail("evaluated"))
    load(tmp_path, NETLIST.replace("1meg", "{2*3+sqrt(4)}"))(DEVICE)


def test_an_exported_cell_comes_back(tmp_path):
    """The folder that spinspice writes for ngspice is a netlist like any other."""
    export_cell("bsn", dialect="ngspice", out=tmp_path)
    roles = {name: name for name in ("vin", "out", "vdd", "vss", "mid")}
    data = {"netlist": "bsn.lib", "ports": roles, "vdd": 0.8}
    cell = CellFile.from_dict(json.loads(json.dumps(data)), tmp_path)()
    assert cell.device == load_preset("faria2021").device
    assert cell.states == {"mtj": ("mx", "my", "mz")} and cell.blocks == ("mtj", "rest")


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        (NETLIST + ".subckt mtj_telegraph a b\nR1 a b 1\n.ends\n", {"subckt": "n"}, "is a junction of spinspice"),
        (
            NETLIST + ".subckt s a b\n.subckt mtj_macrospin a b\n.ends\n.ends\n",
            {"subckt": "n"},
            "line 9.*a junction",
        ),
        (".param seed=3\n" + NETLIST, {}, "n.sp sets the parameter seed"),
        (
            NETLIST.replace("nm ", "gen_nmos "),
            {"cmos": "generic", "vdd": 0.8},
            "gen_nmos stands in n.sp and in",
        ),
        (NETLIST, {"name": "mtj_macrospin"}, "name = 'mtj_macrospin' is a junction of spinspice"),
    ],
)
def test_names_that_spinspice_has_given_away_are_refused(text, changes, message, tmp_path):
    with pytest.raises(UsageError, match=message):
        load(tmp_path, text, **changes)(DEVICE)
