"""SPICE cards to a VACASK netlist: every element kind, and an error with the line for everything else."""

from __future__ import annotations

import pytest

from spinspice.devices import Macrospin, Telegraph
from spinspice.engines.vacask_netlist import VacaskDeck, write_deck
from spinspice.errors import CircuitError
from spinspice.testbench import Testbench

MODELS = {"mtj_macrospin": "m.osdi", "mtj_telegraph": "t.osdi"}
MOS = ".model nm nmos (level=14 version=4.8.2 vth0=0.3)\n.model pm pmos level=54 version=4.8 vth0={-vt}\n"


def bench(circuit: str, save: tuple[str, ...] = ("v(a)",), **settings) -> Testbench:
    settings = {"stop": 1e-9, "step": 1e-12, **settings}
    return Testbench(circuit=circuit, save=save, **settings)


def translate(circuit: str, save: tuple[str, ...] = ("v(a)",), **settings) -> VacaskDeck:
    return write_deck(bench(circuit, save, **settings), MODELS)


def lines(circuit: str, *save: str, **settings) -> list[str]:
    return [line.strip() for line in translate(circuit, save or ("v(a)",), **settings).text.splitlines()]


@pytest.mark.parametrize(
    ("card", "vacask"),
    [
        ("R1 a 0 1k", "r1 (a 0) resistor r=1000.0"),
        ("Ra a gnd R={2*rx}", "ra (a 0) resistor r=(2.0 * rx)"),
        ("C1 a 0 1pF", "c1 (a 0) capacitor c=1e-12"),
        ("Lload a 0 1n", "lload (a 0) inductor l=1e-09"),
        ("Load a 0 1n", "'load' (a 0) inductor l=1e-09"),
        ("R1 a 0 1k m=2", "r1 (a 0) resistor r=1000.0 $mfactor=2.0"),
        ("V1 a 0 0.8", "v1 (a 0) vsource dc=0.8"),
        ("V1 a 0 DC {rx}", "v1 (a 0) vsource dc=rx"),
        ("I1 a 0 DC 1uA AC 1 90", "i1 (a 0) isource dc=1e-06 mag=1.0 phase=90.0"),
        ("E1 a 0 a 0 2", "e1 (a 0 a 0) vcvs gain=2.0"),
        ("G1 a 0 a 0 1m", "g1 (a 0 a 0) vccs gain=0.001"),
        ("F1 a 0 Vx 2", 'f1 (a 0) cccs gain=2.0 ctlinst="vx"'),
        ("H1 a 0 VX 50", 'h1 (a 0) ccvs gain=50.0 ctlinst="vx"'),
        ("D1 a 0 dm 2", "d1 (a 0) dm area=2.0"),
        ("M1 a a 0 0 nm w=1u l={lx} m=2", "m1 (a a 0 0) nm w=1e-06 l=lx $mfactor=2.0"),
        ("R1 a net-1.x 1k", "r1 (a 'net-1.x') resistor r=1000.0"),
    ],
)
def test_elements(card, vacask):
    circuit = f".param rx=5 lx=40n vt=0.3\n{MOS}.model dm d is=1e-14\nVx a 0 1\n{card}\n"
    assert vacask in lines(circuit)


@pytest.mark.parametrize(
    ("source", "vacask"),
    [
        (
            "PULSE(0 1V 1n 10ps 20ps 1ns 3ns)",
            'type="pulse" val0=0.0 val1=1.0 delay=1e-09 rise=1e-11 fall=2e-11 width=1e-09 period=3e-09',
        ),
        # An edge of 0 is a millionth of the run, as in ngspice 46.
        (
            "DC 0 PULSE(0 1 0 0 {vp} 2 9)",
            'type="pulse" val0=0.0 val1=1.0 delay=0.0 rise=1e-15 fall=(vp != 0.0 ? vp : 1e-15) width=2.0 period=9.0',
        ),
        # No period is one pulse if the run ends before it does.
        (
            "PULSE(0 1 0.1n 1p 1p 5n)",
            'type="pulse" val0=0.0 val1=1.0 delay=1e-10 rise=1e-12 fall=1e-12 width=5e-09',
        ),
        (
            "SIN(0.1 1 1GHz 1ns 1e8 30)",
            'type="sine" sinedc=0.1 ampl=1.0 freq=1000000000.0 delay=1e-09 theta=100000000.0 tdphase=30.0',
        ),
        (
            "EXP(0 1 1n 2n 3n 4n)",
            'type="exp" val0=0.0 val1=1.0 delay=1e-09 tau1=2e-09 td2=(3e-09 - 1e-09) tau2=4e-09',
        ),
        ("PWL(0s 0V 1e-09s 1V 2e-09s {vp})", 'type="pwl" wave=[0.0, 0.0, 1e-09, 1.0, 2e-09, vp]'),
        ("PWL 0 0.5", "dc=0.5"),
    ],
)
def test_waveforms(source, vacask):
    assert f"v1 (a 0) vsource {vacask}" in lines(f".param vp=0.5\nV1 a 0 {source}\n")


def test_models_and_continuation_lines():
    text = lines(
        ".param vt=0.3\n" + MOS + "M1 a a 0 0\n* comment\n+ nm\n+ w=1u l=1u ; comment\nM2 a a 0 0 pm\nV1 a 0 1\n"
    )
    assert 'model nm sp_bsim4v8 type=1 version="4.8.2" vth0=0.3' in text
    assert 'model pm sp_bsim4v8 type=-1 version="4.8" vth0=(-vt)' in text
    assert text.count('load "spice/bsim4v8.osdi"') == 1


def test_a_hierarchy_keeps_its_names_and_parameters():
    text = lines(
        ".subckt div a b R_P=1k ratio=2\n.param r2={R_P*ratio}\nR1 a mid {R_P}\nR2 mid b {r2}\nVz b 0 0\n.ends div\n"
        "X1 in 0 div R_P={2*rx}\nV1 in 0 1\n.param rx=500\n",
        "v(x1.mid)",
        "i(v.x1.vz)",
        "i(v1)",
    )
    inside = text[text.index("subckt div (a b)") : text.index("ends")]
    assert "parameters r2=(r_p * ratio)" in inside
    assert inside.index("parameters r_p=1000.0") < inside.index("parameters r2=(r_p * ratio)")
    assert "r2 (mid b) resistor r=r2" in inside
    assert "x1 (in 0) div r_p=(2.0 * rx)" in text
    assert {"save v('x1:mid')", "save i('x1:vz')", "save i(v1)"} <= set(text)


def test_saved_signals_keep_the_names_of_ngspice():
    deck = translate(
        ".subckt s a\nR1 a mid 1\nV1 mid 0 0\n.ends\n.subckt t a\nX2 a s\n.ends\nX1 a t\nV1 a 0 1\n",
        ("v(x1.x2.mid)", "i(v.x1.x2.v1)", "v(a)"),
    )
    assert deck.signals == {"v(x1.x2.mid)": "x1:x2:mid", "i(v.x1.x2.v1)": "x1:x2:v1:flow(br)", "v(a)": "a"}


def test_junctions_are_instances_of_the_compiled_module():
    device = Telegraph(delta=7.0)
    card = " ".join(f"{name}={value}" for name, value in device.instance_parameters("{seed}").items())
    text = lines(f"Xj a 0 st ct mtj_telegraph {card}\nV1 a 0 1\n", "v(ct)", parameters={"seed": 3})
    assert 'load "t.osdi"' in text
    assert "model mtj_telegraph mtj_telegraph" in text
    assert "parameters seed=3.0" in text
    (junction,) = [line for line in text if line.startswith("xj")]
    assert junction.startswith("xj (a 0 st ct) mtj_telegraph r_p=1000.0")
    assert "delta=7.0" in junction and "seed=seed" in junction


def test_parameters_are_written_in_the_order_of_their_references():
    text = lines(".param c={a+b} b={2*a}\n.param a=1\nV1 a 0 {c}\n")
    places = [text.index(line) for line in ("parameters a=1.0", "parameters b=(2.0 * a)", "parameters c=(a + b)")]
    assert places == sorted(places)


def test_run_settings():
    text = lines(
        ".ic v(a)=0.5\n.option reltol=1e-4 method=gear\nC1 a 0 1p\nI1 0 a 1u\n",
        stop=5e-9,
        step=1e-12,
        max_step=2e-12,
        temperature=350.0,
        options={"vntol": 1e-7},
    )
    assert 'analysis tran1 tran stop=5e-09 step=1e-12 maxstep=2e-12 ic={"a", 0.5}' in text
    assert {"options temp=76.85", "options reltol=0.0001", 'options tran_method="gear"', "options vntol=1e-07"} <= set(
        text
    )


def test_macrospins_run_with_the_truncation_error_of_ngspice():
    card = " ".join(f"{name}={value}" for name, value in Macrospin().instance_parameters(1).items())
    with_macrospin = lines(f"Xj a 0 mx my mz mtj_macrospin {card}\nV1 a 0 0\n")
    assert "options tran_lteratio=50.0" in with_macrospin
    assert not [line for line in lines("V1 a 0 1\n") if "tran_lteratio" in line]


def test_a_model_with_the_name_of_a_subcircuit_gets_another():
    text = lines(".subckt dm a\nD1 a 0 dm\n.ends\n.model dm d is=1e-14\nX1 a dm\nV1 a 0 0\n")
    assert "model 'dm.model' sp_diode is=1e-14" in text
    assert "d1 (a 0) 'dm.model'" in text


def test_every_line_knows_the_card_it_comes_from():
    deck = translate("V1 a 0 1\n* comment\nR1 a\n+ 0 1k\n")
    number = next(n for n, line in enumerate(deck.text.splitlines(), start=1) if line.startswith("r1 "))
    assert deck.lines[number].line == 3


@pytest.mark.parametrize(
    ("card", "says"),
    [
        ("B1 a 0 V=1", "elements of kind B have no translation"),
        ("Z1 a b c zm", "elements of kind Z"),
        ("R1 a 0 1k tc1=1e-3", "parameter tc1 has no translation"),
        ("C1 a 0 1p ic=1", "parameter ic has no translation"),
        ("R1 a 0", "one value is expected"),
        ("R1 a", "2 nodes are needed"),
        ("R1 a 0 rmod 3", "one value is expected"),
        ("R1 a 0 {rr}", "no parameter 'rr'"),
        ("V1 a 0", "a source needs two nodes and a value"),
        ("V2 a 0 TRNOISE(1 1n 0 0)", "trnoise has no translation"),
        ("V2 a 0 PULSE(0)", "pulse has 1 arguments"),
        ("V2 a 0 PULSE(0 1 0.1n 1p 1p 0.1n)", "a pulse without period may repeat"),
        ("V2 a 0 PULSE(0 1 1n 1p 1p 0 2n)", "a width of 0 means"),
        ("V2 a 0 EXP(0 1)", "exp has 2 arguments"),
        ("V2 a 0 PULSE(0 1 0 1n 1n 1n 1n 5)", "pulse has 8 arguments"),
        ("V2 a 0 PWL(0 0 1n)", "pwl has 3 arguments"),
        ("V2 a 0 PWL(0 0 2n 1 1n 0)", "times of pwl must increase"),
        ("V2 a 0 PWL(0 0 1n 1) r=0", "options of pwl"),
        ("V2 a 0 1 2", "'2' is not understood"),
        ("E1 a 0 VALUE={2}", "4 nodes are needed"),
        ("E1 a 0 POLY(1) a 0 1 2", "one value is expected"),
        ("F1 a 0 V9 2", "no voltage source"),
        ("M1 a a 0 0 none", "no model 'none'"),
        ("X1 a 0 nosuch", "no subcircuit 'nosuch'"),
        ("X1 a 0 sub", "2 nodes are given; sub has 1"),
        ("X1 a sub RR=1", "sub has no parameter 'rr'. Did you mean r"),
        ("X1 a sub r2=1", "cannot be changed in VACASK"),
        ("X1 a sub m=2", "the multiplier m has no translation"),
        ("V1 a 0 2", "there is a v1 already, on line 1"),
        (".model nm2 nmos level=70", "nmos level 70 has no translation"),
        (".include other.cir", ".include has no translation"),
        (".func f(x) {x}", ".func has no translation"),
        (".option method=euler", "the option method = euler has no translation"),
        (".option savecurrents", "the option savecurrents has no translation"),
        (".param p=1\n.param p=2", "the parameter p is set twice"),
        (".param p={q} q={p}", "refer to one another in a circle"),
        (".param p=2 * 3", "is not one value. Put an expression into braces"),
        (".subckt open a\nR1 a 0 1", "has no .ends"),
        (".ends", "no .subckt to end"),
        (".subckt s a\n.ic v(a)=1\n.ends", "not understood inside a subcircuit"),
        (".ic v(a)", "write v(node)=value"),
    ],
)
def test_what_cannot_be_said_is_an_error_with_its_line(card, says):
    circuit = f"V1 a 0 1\n.subckt sub p r1=1 r2={{2*r1}}\nRs p 0 {{r2}}\n.ends\n{card}\n"
    with pytest.raises(CircuitError) as caught:
        translate(circuit)
    message = str(caught.value)
    assert says in message
    assert "of the circuit" in message or "option" in message


@pytest.mark.parametrize(
    ("signal", "says"),
    [
        ("v(aa)", "no node 'aa'. Did you mean a?"),
        ("v(x1.p)", "a port goes by the name of the node outside"),
        ("v(x2.mid)", "no subcircuit instance 'x2'"),
        ("i(v9)", "no source or inductor 'v9'"),
        ("i(rs)", "whose current is known"),
    ],
)
def test_a_signal_that_the_circuit_does_not_have(signal, says):
    with pytest.raises(CircuitError) as caught:
        translate("V1 a 0 1\nRs a 0 1\n.subckt sub p\nR1 p mid 1\nR2 mid 0 1\n.ends\nX1 a sub\n", (signal,))
    assert says in str(caught.value)


def test_settings_that_contradict_the_circuit():
    with pytest.raises(CircuitError, match=r"set by the testbench and by a \.param line"):
        translate(".param vin=1\nV1 a 0 {vin}\n", parameters={"vin": 2.0})
    with pytest.raises(CircuitError, match="the option chgtl has no translation.*Did you mean chgtol"):
        translate("V1 a 0 1\n", options={"chgtl": 1.0})


def test_a_module_of_ones_own(tmp_path):
    source = tmp_path / "own.va"
    source.write_text("module own(a, b); endmodule\n")
    circuit = "N1 a 0 om gain=2\n.model om own_module k=3\nV1 a 0 1\n"
    text = write_deck(bench(circuit, verilog_a=(str(source),)), {}, files=["own.osdi"]).text.splitlines()
    assert {'load "own.osdi"', "model om own_module k=3.0", "n1 (a 0) om gain=2.0"} <= set(text)
    with pytest.raises(CircuitError, match="own_module level 1 has no translation"):
        translate(circuit)
