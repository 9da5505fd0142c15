"""What a subcircuit amounts to: scopes of parameters and models, multipliers, names, as ngspice 46 has them.

Expected numbers of the scopes were measured with plain ``ngspice -n -b`` on the same text.
"""

from __future__ import annotations

import pytest

from spinspice.errors import CircuitError
from spinspice.netlist.elaborate import elaborate
from spinspice.netlist.expressions import Number
from spinspice.netlist.identifiers import safe, safe_names
from spinspice.netlist.subcircuit import check_masters, read_library
from spinspice.netlist.text import block_text


def meant(folder, text, top="top", **values):
    """Return what a subcircuit of a file means."""
    (folder / "n.sp").write_text(text)
    library = read_library(folder / "n.sp")
    check_masters(library.subcircuit(top), (library.whole,), {"known": None})
    return elaborate(library.subcircuit(top), library.whole, values)


def resistances(folder, text, **values):
    return [part.value.value for part in meant(folder, text, **values).all_elements() if part.kind == "r"]


@pytest.mark.parametrize(
    ("file", "head", "body", "instance", "value"),
    [
        # Parameters of a subcircuit and of its instance.
        ("", "l={2*w} w=1k", "R1 a b {l}", "w=3k", 6e3),
        (".param w=5k", "l={2*w} w=1k", "R1 a b {l}", "", 2e3),
        ("", "w=1k l={2*w}", "R1 a b {l}", "w=3k", 6e3),
        ("", "", ".param rr=1k ss={rr*2}\nR1 a b {ss}", "rr=30k", 6e4),
        ("", "k=2", ".param k=3\nR1 a b {k*1k}", "", 3e3),
        ("", "k=2", ".param k=3\nR1 a b {k*1k}", "k=7", 7e3),
        ("", "l={2*q}", ".param q=3k\nR1 a b {l}", "", 6e3),
        (".param q=1k", "l={2*q}", ".param q=3k\nR1 a b {l}", "q=7k", 1.4e4),
        ("", "", ".param sq={w*l} w=2 l=500\nR1 a b {sq}", "w=3", 1.5e3),
        ("", "", ".param q={k}\n.param k={z}\n.param z=3\nR1 a b {q}", "", 3.0),
        # Names of around.
        (".param r=1k", "", "R1 a b {r}", "", 1e3),
        (".param r=1k", "", ".param r=7k\nR1 a b {r}", "", 7e3),
        (".param r=1k", "r={r*2}", "R1 a b {r}", "", 2e3),
        (".param q=1k", "", ".param q={q*2}\nR1 a b {q}", "", 2e3),
        (".param r1=3k", "r1=2k", "R1 a b {r1}", "r1='r1*2'", 6e3),
        (".param later={r2*2} r2=3k", "", "R1 a b {later}", "", 6e3),
        (".param k=4", "q=2", "R1 a b {q}", "q={k*2}", 8.0),
        # Ways to write a value.
        (".param r=1k", "", "R1 a b r", "", 1e3),
        (".param r=1k", "", "R1 a b r=r", "", 1e3),
        (".param r=1k", "", "R1 a b 'r*2'", "", 2e3),
        (".param a=1, b=2", "", "R1 a b {a+b}", "", 3.0),
        ("", "params: r=2", "R1 a b {r}", "params: r=4", 4.0),
    ],
)
def test_a_parameter_is_looked_up_as_ngspice_does(file, head, body, instance, value, tmp_path):
    text = f"{file}\n.subckt s a b {head}\n{body}\n.ends\n.subckt top a b\nX1 a b s {instance}\n.ends\n"
    assert resistances(tmp_path, text) == [pytest.approx(value, rel=1e-12)]


NESTED = """\
.param z=9
.subckt s a b {head}
{body}
.ends
.subckt t a b z=2k
X1 a b {via}
.ends
.subckt u a b
X1 a b s
.ends
.subckt top a b
X1 a b t {instance}
.ends
"""


@pytest.mark.parametrize(
    ("head", "body", "via", "instance", "value"),
    [
        ("", "R1 a b {z}", "s", "", 2e3),
        ("", "R1 a b {z}", "u", "", 2e3),
        ("z=1", "R1 a b {z}", "s z={z*2}", "z=7k", 1.4e4),
        ("", ".param y={z*3}\nR1 a b {y}", "s", "z=7k", 2.1e4),
    ],
)
def test_a_name_is_looked_up_where_the_instance_stands(head, body, via, instance, value, tmp_path):
    text = NESTED.format(head=head, body=body, via=via, instance=instance)
    assert resistances(tmp_path, text) == [pytest.approx(value, rel=1e-12)]


def test_a_model_is_evaluated_where_its_card_stands(tmp_path):
    text = """\
.param vt=0.2
.model nm nmos vto={vt}
.subckt own d vt=0.45
.model nm nmos vto={vt}
M1 d d 0 0 nm
.ends
.subckt file d vt=0.6
M1 d d 0 0 nm
.ends
.subckt top a vt=0.7
.model nx nmos vto={vt}
.subckt deep d vt=0.1
M1 d d 0 0 nx
.ends
X1 a own
X2 a own vt=0.8
X3 a file
X4 a deep
X5 a file vt=0.9
.ends
"""
    block = meant(tmp_path, text, vt=0.75)
    values = {model.name: model.parameters["vto"] for model in block.models}
    assert values == {name: Number(vto) for name, vto in zip(values, (0.45, 0.8, 0.2, 0.75), strict=True)}
    masters = [next(part.master for part in child.elements) for child in block.blocks]
    assert masters == list(values)  # X3 and X5 are one subcircuit
    assert len(set(masters)) == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("R1 a b {vin*10k}", r"line 2 of n\.sp, 'R1 a b .*there is no parameter 'vin' in the netlist"),
        ("R1 a b {seed}", "there is no parameter 'seed'"),
        ("R1 a b vdd", "no parameter and no model 'vdd'"),
        ("R1 a b 1k m={vdd}", "there is no parameter 'vdd'"),
        ("B1 a b v={foo}*2", r"line 2 of n\.sp.*there is no parameter 'foo'"),
        ("I1 a b pulse(0 {vin} 1n 1n 1n 1n 5n)", "there is no parameter 'vin'"),
        (".param p={foo}\nR1 a b 1", r"line 2 of n\.sp, '\.param p=\{foo\}': there is no parameter 'foo'"),
        (".param p={q}\n.param q={p}\nR1 a b 1", r"line 2 of n\.sp.*p, q refer to one another in a circle"),
        (".param p={p}\nR1 a b 1", "there is no parameter 'p'"),
        (".model nm nmos vto={vin}\nM1 a b 0 0 nm", r"line 2 of n\.sp.*there is no parameter 'vin'"),
        ("R1 a b {1/0}", r"line 2 of n\.sp.*is no finite number"),
        ("R1 a b 1k m=0", "m = 0: a multiplier is above 0"),
        ("R1 a b 1k m=-1", "m = -1: a multiplier is above 0"),
        ("R1 a b 1k ic=2", "ic: an initial condition belongs to the run"),
        ("C1 a b 1p ic=2", "ic: an initial condition belongs to the run"),
        ("L1 a b 1p IC={2}", "ic: an initial condition belongs to the run"),
        ("D1 a b dm ic=0.4\n.model dm d", "ic: an initial condition"),
        ("M1 a b 0 0 nm ic=1,2,3\n.model nm nmos", "is not one value|ic: an initial|operator"),
        ("M1 a b 0 0 nm off\n.model nm nmos", "off: an initial condition belongs to the run"),
        ("R1 a b 1k noisy=0", "the parameter noisy is not taken here"),
        ("R1 a b 1k 2k", "it has two values"),
        ("R1 a b 1-2", "'1-2' is not one value. Put an expression into braces"),
        ("E1 a b c d 2 3", "after what controls the source stands one value"),
        ("E1 a b c 0 gain=2 max=1", "the parameter max is not taken here"),
        ("E1 a b nowhere 0 2", "it senses the node 'nowhere'"),
        ("E1 a b OPAMP c d", "opamp is not taken"),
        ("M<3:0> a b 0 0 known", "m<3:0> is a range of names"),
        ("R1 a d[1:2] 1k", r"d\[1:2\] is a range of names"),
        ("E1 a b table {v(c)} = 0,0 1,1", "table is not taken. Write B1 a b V=expression"),
        ("E1 a b laplace={1/s}", "laplace is not taken"),
        ("E1 a b cur='v(a)'", "cur= is not of an element of kind E"),
        ("F1 a b R2 2\nR2 a b 1", "'r2' is no voltage source of top.*Put a source of 0 V in series"),
        ("H1 a b V9 2", "'v9' is no voltage source of top"),
        ("B1 a b v=i(vx)", "'vx' is no voltage source of top"),
        ("B1 a b v=v(nowhere)", "it senses the node 'nowhere', which no element of top connects"),
        ("E1 a b vol='v(nowhere)'", "it senses the node 'nowhere', which no element of top connects"),
        ("B1 a b v=int(v(a))", r"the function int\(\) is not taken"),
        ("B1 a b v=max(v(a),1,2)", r"max\(\) takes 2 argument"),
        ("B1 a b v=v(a)?v(a)>1?2:3:4", "put the condition between '\\?' and ':' into brackets"),
        (".param time=3\nB1 a b v=time*v(a)", "time is a parameter here and a quantity of ngspice"),
        ("R1 a gnd! 1k", "gnd! is a node of the whole circuit in other languages"),
        ("R1 a b {temper*1k}", "there is no parameter 'temper'"),
        ("X1 a b s m=2\n.subckt s a b\nV1 a c 0\nF1 c b V1 2\n.ends", "it senses a current inside of a subcircuit"),
        ("X1 a b s m=2\n.subckt s a b\nR1 a b 1 m=3\n.ends", "m = 3 inside of a subcircuit that is placed with m = 2"),
        (
            "X1 a b s rr=2\n.subckt s a b r=1\nR1 a b {r}\n.ends",
            "gives the subcircuit s a parameter 'rr'.*Did you mean r",
        ),
        (
            ".param w=5\nX1 a b s w=3 l={w}\n.subckt s a b w=1 l=2\nR1 a b {l}\n.ends",
            "l refers to w, which is also a parameter of s with another value",
        ),
    ],
)
def test_what_a_simulator_could_take_for_something_else_is_refused(text, says, tmp_path):
    with pytest.raises(CircuitError, match=says) as caught:
        meant(tmp_path, f".subckt top a b c d\n{text}\n.ends\n")
    assert "of n.sp" in str(caught.value)


def test_two_subcircuits_of_one_name_may_differ_in_their_elements_only(tmp_path):
    text = ".subckt s a b {}\nR1 a b 1\n.ends\n.subckt top a b\n.subckt s a b {}\nR1 a b 2\n.ends\nX1 a b s\n.ends\n"
    assert resistances(tmp_path, text.format("", "")) == [2.0]
    with pytest.raises(CircuitError, match=r"there is another subcircuit s, on line 1 of n\.sp, with other parameters"):
        meant(tmp_path, text.format("", "r=1"))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "".join(f".subckt s{i} a b\nX1 a b s{i + 1}\n.ends\n" for i in range(400))
            + ".subckt s400 a b\nR1 a b 1\n.ends\n.subckt top a b\nX1 a b s0\n.ends\n",
            "subcircuits place one another more than 100 levels deep",
        ),
        (
            ".subckt top a b\n" + "".join(f".subckt d{i} a b\nX1 a b d{i + 1}\n" for i in range(400)) + ".ends\n" * 401,
            "subcircuits are defined more than 100 levels deep",
        ),
        (
            "".join(f".param p{i}={{p{i + 1}+1}}\n" for i in range(3000))
            + ".param p3000=1\n.subckt top a b\nR1 a b {p0}\n.ends\n",
            "parameters refer to one another more than 100 deep",
        ),
    ],
)
def test_depths_without_end_are_errors(text, says, tmp_path):
    with pytest.raises(CircuitError, match=says):
        meant(tmp_path, text)


@pytest.mark.timeout(20)
def test_a_thousand_sizes_of_one_subcircuit_have_a_thousand_names(tmp_path):
    text = ".subckt s a b k=1\nR1 a b {k}\n.ends\n.subckt top a b\n"
    block = meant(tmp_path, text + "".join(f"X{i} a b s k={1 + i // 2}\n" for i in range(2000)) + ".ends\n")
    assert len({child.name for child in block.blocks}) == len(block.blocks) == 1000
    assert [part.master for part in block.elements[:3]] == ["s", "s", "s_2"]


def cards(folder, lines, more=""):
    """Return the cards of a subcircuit with two ports that another places."""
    text = f"{more}\n.subckt s a b\n{lines}\n.ends\n.subckt top a b\nX1 a b s {{m}}\n.ends\n"
    return lambda m: block_text(meant(folder, text.format(m=m)).blocks[0])[1:-1]


def test_a_multiplier_counts_for_every_element_as_that_many_in_parallel(tmp_path):
    written = cards(
        tmp_path,
        "R1 a b 1k\nC1 a b 1p m=1\nG1 a b b a 2u\nG2 a b cur='v(a)**2'\nE1 x b a b 2\nV1 a c 1\n"
        "I1 a b dc 1u sin(1 2 3)\n"
        "B1 a b i=v(a)*v(b)\nB2 y b v=v(a)*v(b)\nD1 a b dm area=2",
        ".model dm d",
    )
    assert written("m={1+1}") == [
        "r1 a b 1000.0 m=2.0",
        "c1 a b 1e-12 m=2.0",
        "g1 a b b a 4e-06",
        "bg2 a b i=(2.0*(v(a)**2.0))",
        "e1 x b a b 2.0",
        "v1 a c_ dc 1.0",
        "i1 a b dc 2e-06 sin(2.0 4.0 3.0)",
        "b1 a b i=(2.0*(v(a)*v(b)))",
        "b2 y b v=(v(a)*v(b))",
        "d1 a b dm area=2.0 m=2.0",
    ]
    assert not any("m=" in card for card in written("m=1"))


def test_where_a_plain_run_would_lose_a_multiplier_a_note_says_so(tmp_path):
    inside = ".subckt r a b\nR1 a b 1k {m}\n.ends\n.subckt s a b\nX1 a b r\n.ends\n"
    top = ".subckt top a b\nX1 a b {x}\n.ends\n"
    plain = meant(tmp_path, inside.format(m="") + top.format(x="r m=2"))
    assert not plain.notes
    deep = meant(tmp_path, inside.format(m="") + top.format(x="s m=2"))
    assert "r1 a b 1000.0 m=2.0" in "".join(block_text(deep)) and "m=2 counts for all of s" in deep.notes[0]
    one = meant(tmp_path, inside.format(m="m=4") + top.format(x="r m=1"))
    assert "r1 a b 1000.0 m=4.0" in "".join(block_text(one)) and "m=1 changes nothing here" in one.notes[0]


@pytest.mark.parametrize(
    ("line", "card"),
    [
        ("E1 a 0 b gnd 2", "e1 a 0 b 0 2.0"),
        ("E1 (a 0) (b,0) {1+1}", "e1 a 0 b 0 2.0"),
        ("E1 a,0 b,0 2", "e1 a 0 b 0 2.0"),
        ("E1 a 0 VCVS b 0 2", "e1 a 0 b 0 2.0"),
        ("E1 a 0 b 0 gain='2'", "e1 a 0 b 0 2.0"),
        ("E1 a 0 vol='2*v(b)'", "e1 a 0 b 0 2.0"),
        ("E1 a 0 VALUE={v(b,a)/2}", "e1 a 0 b a 0.5"),
        ("E1 a 0 vol='v(b)*v(a)+1'", "be1 a 0 v=((v(b)*v(a))+1.0)"),
        ("E1 a 0 poly(1) b 0 0 2", "e1 a 0 b 0 2.0"),
        ("E1 a 0 POLY(1) (b,0) 1 2", "be1 a 0 v=((0.0+1.0)+(2.0*v(b,0)))"),
        (
            "E1 a 0 POLY(2) b 0 a 0 1 2 3 4 5 6",
            (
                "be1 a 0 v=((((((0.0+1.0)+(2.0*v(b,0)))+(3.0*v(a,0)))+((4.0*v(b,0))*v(b,0)))+((5.0*v(b,0))*v(a,0)))"
                "+((6.0*v(a,0))*v(a,0)))"
            ),
        ),
        ("G1 a 0 cur='-v(b)*1u'", "g1 a 0 b 0 -1e-06"),
        ("B1 a 0 v=v(b,a)/4", "eb1 a 0 b a 0.25"),
        ("B1 a 0 i=1u*v(b)", "gb1 a 0 b 0 1e-06"),
        ("V2 a x 0\nB1 a 0 v=i(v2)*1k", "hb1 a 0 v2 1000.0"),
        ("V2 a x 0\nG1 a 0 cur='2*i(v2)'", "fg1 a 0 v2 2.0"),
        ("V2 a x 0\nE1 a 0 vol='2*i(v2)'", "he1 a 0 v2 2.0"),
        ("G1 a 0 value={tanh(v(b))} ", "bg1 a 0 i=tanh(v(b))"),
        ("G1 a 0 b 0 1u m=2", "g1 a 0 b 0 2e-06"),
        ("V2 a x 0\nF1 a 0 V2 {2}", "f1 a 0 v2 2.0"),
        ("V2 a x 0\nF1 a 0 poly(1) V2 0 2", "f1 a 0 v2 2.0"),
        ("V2 a x 0\nH1 a 0 POLY(1) V2 1 2", "bh1 a 0 v=((0.0+1.0)+(2.0*i(v2)))"),
        ("V$2 a x 0\nB1 a 0 V = {i( V$2 )+V( a , gnd )}", "b1 a 0 v=(i(v_2)+v(a,0))"),
        ("B1 a net#1 i=v(net#1)*time\nR1 net#1 0 1", "b1 a net_1 i=(v(net_1)*time)"),
        ("B1 a 0 v=temper>27 ? v(a) : -1", "b1 a 0 v=ternary_fcn((temper>27.0),v(a),(-1.0))"),
        ("R1 a b 1k tc1=1m tc2=0", "r1 a b 1000.0 tc1=0.001 tc2=0.0"),
        (".model rm r rsh=10\nR1 a b rm l=10u w=1u", "r1 a b rm l=1e-05 w=1e-06"),
        (".model rm r rsh=10\nR1 a b 5 rm", "r1 a b 5.0 rm"),
        ("C1 a b c=1p M=3", "c1 a b 1e-12 m=3.0"),
        (".model dm d\nD1 a b dm 2", "d1 a b dm area=2.0"),
        (".model q npn\nQ1 a b 0 0 q area=2", "q1 a b 0 0 q area=2.0"),
        (".model q npn\nQ1 a b 0 q 3", "q1 a b 0 q area=3.0"),
        ("I1 a b DC 1u AC 1", "i1 a b dc 1e-06 ac 1.0"),
        ("M1 a b 0 0 known W={2*1u},L=1u m=1", "m1 a b 0 0 known w=2e-06 l=1e-06"),
    ],
)
def test_elements_are_written_as_they_are_meant(line, card, tmp_path):
    block = meant(tmp_path, f".subckt s a b\n{line}\n.ends\n.subckt top a b\nX1 a b s\n.ends\n")
    assert card in block_text(block.blocks[0])


def test_names_are_safe_and_each_its_own(tmp_path):
    assert [safe(name) for name in ("m<3>", "x1.a", "net#1", "temper", "3v3", "12", "00", "a+", "M$1".lower())] == [
        *("m_3_", "x1_a", "net_1", "temper_", "n3v3", "12", "n00", "a_", "m_1")
    ]
    assert safe_names(["a.b", "a_b", "a#b", "time"]) == {"a.b": "a_b_2", "a_b": "a_b", "a#b": "a_b_3", "time": "time_"}
    twice = "E1 a 0 vol='v(b)**2'\nBE1 a 0 v=v(a)*v(b)\nB2 b 0 v=2*v(a)\nEB2 b 0 a 0 1\nR1 a b 1"
    block = meant(tmp_path, f".subckt s a b\n{twice}\n.ends\n.subckt top a b\nX1 a b s\n.ends\n")
    assert [card.split()[0] for card in block_text(block.blocks[0])[1:-1]] == ["be1_2", "be1", "eb2_2", "eb2", "r1"]
    lines = "R.1 a x1.a 1\nR_1 x1.a a_b 1\nR#1 a_b a.b 1\nRx temper a.b 1\nB1 time 0 v=v(x1.a)+v(temper,a.b)+v(time)"
    block = meant(tmp_path, f".subckt s a b\n{lines}\n.ends\n.subckt top a b\nX1 a b s\n.ends\n")
    assert block_text(block.blocks[0])[1:-1] == [
        "r_1_2 a x1_a 1.0",
        "r_1 x1_a a_b 1.0",
        "r_1_3 a_b a_b_2 1.0",
        "rx temper_ a_b_2 1.0",
        "b1 time_ 0 v=((v(x1_a)+v(temper_,a_b_2))+v(time_))",  # two voltages are no linear source
    ]
