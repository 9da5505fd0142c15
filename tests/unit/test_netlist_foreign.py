"""Netlists of others are data: what a simulator would obey besides a circuit is refused, its line named."""

import re

import pytest

from spinspice.errors import CircuitError, UsageError
from spinspice.netlist.expressions import Number
from spinspice.netlist.foreign import LONGEST_CARD, MOST_BYTES
from spinspice.netlist.subcircuit import MOST_ELEMENTS, check_masters, read_library
from spinspice.netlist.text import element_text

GOOD = ".subckt cell in out vdd vss\nRj vdd out 1k\nR1 out in 1k\n.ends\n"


def read(folder, text, trust=False, name="cell.sp"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_library(file, trust)


def inside(line):
    """Return a subcircuit whose third line is ``line``."""
    return f".subckt cell in out vdd vss\nRj vdd out 1k\n{line}\n.ends\n"


@pytest.mark.parametrize(
    "line",
    [
        "*# shell touch pwned",
        "*#shell touch pwned",
        "shell touch pwned",
        "SHELL touch pwned",
        "system touch pwned",
        ".shell touch pwned",
        ".exec touch pwned",
        ".system 'touch pwned'",
        "!touch pwned now",
        "source /etc/passwd",
    ],
)
def test_commands_are_refused_and_trust_leaves_them_out(line, tmp_path):
    shown = line.splitlines()[0].strip()
    with pytest.raises(CircuitError, match=r"line 3 of cell\.sp, .*--trust") as caught:
        read(tmp_path, inside(line))
    assert repr(shown) in str(caught.value)
    library = read(tmp_path, inside(line), trust=True)
    assert list(library.subcircuit().parts) == ["rj"]
    assert len(library.notes) == 1 and "left out" in library.notes[0]
    assert "pwned" not in repr(library.subcircuit())


@pytest.mark.parametrize("where", ["before", "inside", "after"])
@pytest.mark.parametrize(
    "block", [".control\nshell touch pwned\n.endc", ".CONTROL\nrun\n.ENDC", "\t.control\npre_osdi evil.osdi\n\t.endc"]
)
def test_control_blocks_are_left_out_with_a_note_and_never_kept(block, where, tmp_path):
    text = {"before": f"{block}\n{GOOD}", "inside": inside(block), "after": GOOD + block}[where]
    library = read(tmp_path, text)
    (note,) = library.notes
    assert re.search(r"cell\.sp: lines \d to \d, a control block, are left out and never run\.$", note)
    kept = repr(library.whole)
    assert "pwned" not in kept and "evil.osdi" not in kept and ".control" not in kept.lower()
    changing = read(tmp_path, GOOD + ".control\nalter @m.x1.m1[w]=2u\nrun\n.endc\n")
    assert "would have changed the circuit ('alter @m.x1.m1[w]=2u')" in changing.notes[0]


@pytest.mark.parametrize(
    "card",
    [
        *(".tran 1n 1u", ".ac dec 10 1 1g", ".op", ".save all", ".meas tran x max v(out)", ".plot v(out)"),
        *(
            ".option method=gear",
            ".options savecurrents reltol=1e-5",
            ".temp 27",
            ".option temp=27 tnom=27",
            ".print v(in)",
        ),
    ],
)
def test_cards_of_a_run_are_left_out_with_a_note(card, tmp_path):
    for text in (inside(card), GOOD + card, f"{card}\n{GOOD}"):
        library = read(tmp_path, text)
        assert len(library.notes) == 1 and repr(card) in library.notes[0] and "left out" in library.notes[0]


def test_elements_of_a_test_bench_are_left_out_with_a_note(tmp_path):
    bench = ".model dac dac_bridge(out_low=0 out_high=1.8)\n.MODEL sw1 SW vt=0.9\n"
    library = read(tmp_path, bench + GOOD)
    assert len(library.notes) == 2 and not library.whole.models
    with pytest.raises(CircuitError, match="models of type 'sw' are not taken"):
        read(tmp_path, inside(".model sw1 sw vt=0.9"))
    text = f"V1 vdd 0 1.8\nx1 in out vdd 0 cell\nA1 [in] out filesrc\n{GOOD}.GLOBAL GND\n.GLOBAL VDD\n.end\n"
    library = read(tmp_path, text)
    assert library.notes == (
        "cell.sp: 3 elements outside of subcircuits (V1, x1, A1) are left out; spinspice's test bench stands for them.",
    )
    assert not library.whole.parts
    with pytest.raises(CircuitError, match=r"line 3 of cell\.sp, 'shell touch pwned': it is a command"):
        read(tmp_path, "V1 vdd 0 1.8\nx1 in out vdd 0 cell\nshell touch pwned\n" + GOOD)


def test_a_top_level_that_is_a_comment_is_a_cell_when_it_is_asked_for(tmp_path):
    text = "** sch_path: /home/x/top.sch\n**.subckt top in out vdd vss\n*.ipin in\nR1 in out 1k\n**.ends\n.end\n"
    (tmp_path / "top.sp").write_text(text)
    library = read_library(tmp_path / "top.sp", top="TOP")
    assert list(library.subcircuit("top").parts) == ["r1"] and not library.notes
    with pytest.raises(UsageError, match="holds no .subckt.*Its top level is a comment.*subckt = top"):
        read_library(tmp_path / "top.sp").subcircuit()


@pytest.mark.parametrize("line", ["codemodel evil.cm", "pre_osdi evil.osdi", "osdi evil.osdi", "pre_codemodel evil.cm"])
def test_code_is_not_loaded_even_with_trust(line, tmp_path):
    for trust in (False, True):
        with pytest.raises(CircuitError, match=r"line 3 of cell\.sp.*loads code into the simulator"):
            read(tmp_path, inside(line), trust)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (".csparam x={y}", "this card is not taken.*Allowed: .subckt"),
        (".func f(x) {x*x}", "this card is not taken"),
        (".param f(x)={x*x}", "brackets stand in expressions only"),
        (".if (1)", "this card is not taken"),
        (".ic v(out)=1", "belongs to a run, not to a cell"),
        (".nodeset v(out)=1", "belongs to a run, not to a cell"),
        (".global in rx\nR2 in rx 1k", "the subcircuit cell uses the global node rx. Make it a port"),
        (".option scale=1u", "the option scale changes the size of every element"),
        (".options reltol=1e-4 scale=5000u", "the option scale changes"),
        (".option wnflag=0", "here that of a finger counts"),
        (".option defl=1u", "the option defl may change the circuit"),
        (".option temp=85", "temp = 85 C is not the temperature of a run here"),
        (".temp 85", "temp = 85 C is not the temperature"),
        (".temp 27 85", "expected before '85'"),
        (".temp {x}", r"temp = \{x\} C is not the temperature"),
        (".step param x 1 2 1", "belongs to a run, not to a cell"),
        ("A1 [in] out filesrc", "elements of kind A are not taken"),
        ('.model filesrc filesource (file="/etc/passwd")', "etc/passwd.*in place of '/'"),
        (".model f filesource", "models of type 'filesource' are not taken"),
        ("N1 in out module", "elements of kind N are not taken"),
        ("K1 l1 l2 0.5", "elements of kind K are not taken"),
        ('V1 in 0 PWL(file="/etc/passwd")', "etc/passwd.*in place of '/'"),
        ("V1 in 0 pwl file x", "a cell reads no files"),
        ("V1 in 0 trnoise(1 1n 0 0)", "trnoise is not taken"),
        ("V1 in 0 external", "external is not taken"),
        ("R1 in out {system(1)}", r"the function system\(\) is not taken: arithmetic is"),
        ("R1 in out {__import__(1)}", r"the function __import__\(\) is not taken"),
        ("R1 in out {agauss(1,1,1)}", r"agauss\(\) draws numbers that no seed repeats"),
        ("R1 in out 'open(1)'", r"the function open\(\) is not taken"),
        ("R1 in out r={v(in)}", r"the function v\(\) is not taken"),
        ("B1 in 0 V=system(1)", r"the function system\(\) is not taken"),
        ("B1 in 0 V=v(in) `id`", "in the expression.*not understood"),
        ("B1 in 0 tc1=3", "a behavioural source is written"),
        ("R1 in out `id`", "the character '`' has no place"),
        ("R1 in out 1k \\", r"the character '\\\\' has no place"),
        ("R1 in out $HOME", "a value is expected"),  # a comment
        ("R1 in out 1k & id", "the character '&' has no place"),
        ("R1 in out 1k | id", r"the character '\|' has no place"),
        ("R1 in out 1k ~ id", "the character '~' has no place"),
        ("E1 in 0 poly(2) a 0 b 0 1", "two coefficients or more"),
        ("R1 in", "words are needed after the name"),
        ("R1", "words are needed after the name"),
        ("M1 a b c", "words are needed after the name"),
        ("R1 in out 1k tc=1 tc=2", "tc is given twice"),
        ("R1 in out {1+}", "'a value' was expected at the end"),
        ("R1 in out {" + "(" * 120 + "1" + ")" * 120 + "}", "nested too deep"),
        ("R1 in out {" + "+".join(["1"] * 400) + "}", "799 numbers, names and operators, more than"),
        ("Rµ in out 1k", r"it holds 'µ' \(U\+00B5\).*Write u"),
        ("R1 ｉn out 1k", r"U\+FF49"),
        ("R1 in\u202e out 1k", r"U\+202E, which does not show"),
        ("R1 in\x0c out 1k", r"U\+000C, which does not show"),
        ("R1 in\x00 out 1k", r"U\+0000, which does not show"),
        ("* comment \u2028.control", r"U\+2028, which does not show"),
        ("Rj in out 1k", "there is an element rj already"),
        (".endc", "there is no .control to end"),
        (".control\nrun", "this control block has no .endc"),
        (".ends other", "the subcircuit that is open here is cell, of line 1"),
        (".subckt cell a b\n.ends", "cannot hold one of its own name"),
        (".subckt x a a\n.ends", "two ports have the same name"),
        (".subckt x 0 a\n.ends", "0 is the ground"),
        (".subckt x\n.ends", "a name and at least one port"),
        (".model nm nmos level=1\n.model NM nmos", "there is a model nm already"),
        (".param a=1\n.param A=2", "there is a parameter a already"),
        (".param a", "'a' is not understood: name=value is"),
    ],
)
def test_what_is_not_a_circuit_is_refused(line, message, tmp_path):
    with pytest.raises(CircuitError, match=message) as caught:
        read(tmp_path, inside(line))
    assert "of cell.sp" in str(caught.value) and str(caught.value).startswith("line ")


def test_continuation_case_comments_tabs_and_line_ends_do_not_matter(tmp_path):
    plain = ".subckt cell in out w={2*3}\nRj in out {w}\nM1 out in 0 0 nm w=1u l=2u\n.model nm nmos vto=0.3\n.ends\n"
    odd = (
        "\ufeff* Ωriginal µ comment $ ; `shell`\r\n.SUBCKT\tCELL IN\r\n+\tOUT\r\n* between\r\n+ PARAMS: W={2*3} ; x\r\n"
        "RJ in OUT {W} $ comment\r\nm1 OUT\tin 0 gnd NM\r\n+ w=1u\r\n+ l=2u // more\r\n"
        ".MODEL nm NMOS(vto=0.3)\r\n.ENDS Cell\r\n.END\r\n"
    )
    one, other = (read(tmp_path, text).subcircuit() for text in (plain, odd))
    assert one.ports == other.ports and one.parameters == other.parameters
    assert [(p.name, p.nodes, p.value, p.master, p.parameters) for p in one.parts.values()] == [
        (p.name, p.nodes, p.value, p.master, p.parameters) for p in other.parts.values()
    ]
    assert list(one.models) == list(other.models)
    old = read(tmp_path, plain.replace("\n", "\r").encode()).subcircuit()
    assert list(old.parts) == ["rj", "m1"]


def test_a_hidden_command_on_a_continued_line_is_seen(tmp_path):
    with pytest.raises(CircuitError, match=r"line 3 of cell\.sp, 'shell touch x': it is a command"):
        read(tmp_path, inside("shell\n+ touch x"))
    with pytest.raises(CircuitError, match=r"line 1 of cell\.sp, '\+ a': there is no card before"):
        read(tmp_path, "+ a\n")


@pytest.mark.parametrize("word", [".include", ".inc", ".INCLUDE", ".Inc"])
@pytest.mark.parametrize("quoted", ["{}", '"{}"', "'{}'"])
def test_includes_in_its_own_folder_are_read_in_their_place(word, quoted, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "models.inc").write_text(".model nm nmos level=1\n.include more.inc\n")
    (tmp_path / "sub" / "more.inc").write_text(".model pm pmos level=1\n")
    library = read(tmp_path, f"{word} {quoted.format('sub/models.inc')}\n{GOOD}")
    assert list(library.whole.models) == ["nm", "pm"]


def test_a_section_of_a_library_is_read(tmp_path):
    (tmp_path / "all.lib").write_text(
        ".lib tt\n.model nm nmos vto=0.3\n.endl tt\n.lib ss\n.model nm nmos vto=0.4\n.endl\n"
    )
    library = read(tmp_path, f".lib all.lib SS\n{GOOD}")
    assert library.whole.models["nm"].parameters["vto"] == Number(0.4)
    with pytest.raises(CircuitError, match=r"all\.lib has no section 'ff'"):
        read(tmp_path, f".lib all.lib ff\n{GOOD}")
    with pytest.raises(CircuitError, match=r"line 1 of cell\.sp.*write \.include FILE, or \.lib FILE SECTION"):
        read(tmp_path, f".lib all.lib\n{GOOD}")


def test_a_library_may_name_sections_of_itself(tmp_path):
    (tmp_path / "my.lib").write_text(
        ".lib typ\n.param shift=0\n.lib 'my.lib' devices\n.endl typ\n"
        '.lib slow\n.param shift=0.1\n.lib "my.lib" devices\n.endl slow\n'
        ".lib devices\n.model nm nmos vto={0.3+shift}\n.lib my.lib more\n.endl devices\n"
        ".lib more\n.model pm pmos\n.endl more\n"
        ".lib round\n.lib my.lib about\n.endl\n.lib about\n.LIB MY.lib ROUND\n.endl\n.lib me\n.lib my.lib me\n.endl\n"
        ".lib outer\n.model om nmos\n.lib inner\n.model im nmos\n.endl inner\n.endl outer\n"
    )
    (tmp_path / "MY.lib").write_text((tmp_path / "my.lib").read_text())
    library = read(tmp_path, f".lib my.lib slow\n{GOOD}")
    assert list(library.whole.models) == ["nm", "pm"] and library.whole.values == {"shift": Number(0.1)}
    assert list(read(tmp_path, f".lib my.lib outer\n{GOOD}").whole.models) == ["om", "im"]
    assert list(read(tmp_path, f".lib my.lib inner\n{GOOD}").whole.models) == ["im"]
    for section in ("round", "me"):
        with pytest.raises(CircuitError, match="include one another in a circle"):
            read(tmp_path, f".lib my.lib {section}\n{GOOD}")
    (tmp_path / "open.lib").write_text(".lib tt\n.model nm nmos\n.lib ss\n.model nm nmos\n.endl ss\n")
    with pytest.raises(CircuitError, match=r"open\.lib: the section 'tt' has no \.endl"):
        read(tmp_path, f".lib open.lib tt\n{GOOD}")


@pytest.mark.parametrize(
    ("card", "technology", "corner"),
    [
        (".lib $::SKYWATER_MODELS/sky130.lib.spice tt", "sky130", "tt"),
        (".lib /foss/pdks/sky130A/libs.tech/ngspice/sky130.lib.spice ss", "sky130", "ss"),
        ('.lib "C:\\\\pdk\\\\sky130.lib.spice" tt_mm', "sky130", "tt"),
        (".LIB '../models/SKY130.LIB.SPICE' FF", "sky130", "ff"),
        (".lib ${PDK_ROOT}/sky130A/libs.tech/combined/sky130.lib.spice tt $ a corner", "sky130", "tt"),
        (".lib cornerMOSlv.lib mos_tt ; the usual one", "sg13g2", "tt"),
        (".lib $::SG13G2_MODELS/cornerMOShv.lib mos_ss_mismatch", "sg13g2", "ss"),
        (".lib cornerRES.lib res_typ", "sg13g2", ""),
        (".include $::SG13G2_MODELS/sg13g2_esd.lib", "sg13g2", ""),
    ],
)
def test_a_foundrys_library_is_named_and_not_read(card, technology, corner, tmp_path):
    library = read(tmp_path, f"{card}\n{GOOD}")
    assert (library.foundry.technology, library.foundry.corner) == (technology, corner)
    assert f"spinspice's technology {technology} stands for it" in library.notes[0]


def test_a_file_of_ones_own_is_read_whatever_its_name_begins_with(tmp_path):
    for name in ("sg13g2_mine.lib", "sky130_mine.lib.spice", "corner.lib"):
        (tmp_path / name).write_text(".model nm nmos level=1\n")
        library = read(tmp_path, f".include {name}\n{GOOD}")
        assert list(library.whole.models) == ["nm"] and library.foundry is None and not library.notes


def test_foundries_libraries_that_nothing_stands_for_are_refused(tmp_path):
    for card, message in (
        (".lib sky130.lib.spice mc", "the corners tt, ff, ss, fs and sf.*not the section 'mc'"),
        (".lib cornerRES.lib res_wcs", "nominal passive devices, not the section 'res_wcs'"),
        (".lib a/sky130.lib.spice tt\n.lib b/sky130.lib.spice ss", "sky130:ss beside sky130:tt of line 1"),
        (".lib sky130.lib.spice tt\n.lib cornerMOSlv.lib mos_tt", "sg13g2:tt beside sky130:tt"),
        (".include $::SKYWATER_STDCELLS/sky130_fd_sc_hd.spice", r"variables of a schematic editor"),
    ):
        with pytest.raises(CircuitError, match=message):
            read(tmp_path, f"{card}\n{GOOD}")
    both = read(
        tmp_path, f".lib cornerRES.lib res_typ\n.lib cornerMOSlv.lib mos_ff\n.lib cornerCAP.lib cap_typ\n{GOOD}"
    )
    assert both.foundry.corner == "ff" and len(both.notes) == 3


def test_files_elsewhere_need_trust(tmp_path):
    home, other = tmp_path / "home", tmp_path / "other"
    home.mkdir(), other.mkdir()
    (other / "secret.inc").write_text(".model nm nmos level=1\n")
    (home / "link.inc").symlink_to(other / "secret.inc")
    (home / "folder").symlink_to(other)
    names = ["../other/secret.inc", str(other / "secret.inc"), "link.inc", "folder/secret.inc", "./../home/link.inc"]
    for name in names:
        for card in (f'.include "{name}"', f".inc {name}", f".INCLUDE '{name}'"):
            with pytest.raises(CircuitError, match=r"line 1 of cell\.sp.*lies outside the folder.*--trust") as caught:
                read(home, f"{card}\n{GOOD}")
            assert repr(card) in str(caught.value)
            assert list(read(home, f"{card}\n{GOOD}", trust=True).whole.models) == ["nm"]
    with pytest.raises(CircuitError, match=r"line 1 of cell\.sp.*lies outside"):
        read(home, f".lib ../other/secret.inc tt\n{GOOD}")


def test_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(CircuitError, match=r"line 1 of cell\.sp.*cannot be read"):
        read(tmp_path, f".include none.inc\n{GOOD}")
    with pytest.raises(UsageError, match=r"none\.sp.*No such file.*Give an existing file"):
        read_library(tmp_path / "none.sp")
    with pytest.raises(UsageError, match="is no file"):
        read_library(tmp_path)
    with pytest.raises(UsageError, match="is not text in UTF-8"):
        read(tmp_path, GOOD.encode("utf-16"))


def test_files_that_include_one_another_end(tmp_path):
    (tmp_path / "a.inc").write_text(".include b.inc\n")
    (tmp_path / "b.inc").write_text(".include a.inc\n")
    with pytest.raises(CircuitError, match=r"line 1 of b\.inc.*include one another in a circle"):
        read(tmp_path, f".include a.inc\n{GOOD}")
    with pytest.raises(CircuitError, match="include one another in a circle"):
        read(tmp_path, f".include cell.sp\n{GOOD}")
    for depth in range(30):
        (tmp_path / f"{depth}.inc").write_text(f".include {depth + 1}.inc\n")
    with pytest.raises(CircuitError, match="include files more than 20 deep"):
        read(tmp_path, f".include 0.inc\n{GOOD}")


@pytest.mark.timeout(20)
def test_huge_files_are_refused_soon(tmp_path):
    with pytest.raises(UsageError, match="too large: netlists of up to 8 MB"):
        read(tmp_path, b"*" * (MOST_BYTES + 1))
    many = "".join(".include big.inc\n" for _ in range(20))
    (tmp_path / "big.inc").write_text("* x\n" * 250_000)
    with pytest.raises(UsageError, match="all that they include counted"):
        read(tmp_path, many + GOOD)
    for line in ("+ aaaaaaaa\n", "* x\n+ aaaaaaaa\n"):
        with pytest.raises(CircuitError, match=f"longer than {LONGEST_CARD} characters"):
            read(tmp_path, ".subckt cell\n" + line * 100_000)


@pytest.mark.timeout(20)
def test_a_circuit_that_grows_without_bound_is_refused(tmp_path):
    levels = "".join(f".subckt s{i} a b\nX1 a b s{i + 1}\nX2 a b s{i + 1}\n.ends\n" for i in range(60))
    library = read(tmp_path, levels + ".subckt s60 a b\nR1 a b 1k\n.ends\n")
    with pytest.raises(CircuitError, match=f"more than {MOST_ELEMENTS} elements"):
        check_masters(library.subcircuit("s0"), (library.whole,), {})
    library = read(tmp_path, ".subckt s a b\nX1 a b t\n.ends\n.subckt t a b\nX1 a b s\n.ends\n")
    with pytest.raises(CircuitError, match=r"line 5 of cell\.sp.*the subcircuit s would hold itself"):
        check_masters(library.subcircuit("s"), (library.whole,), {})


def test_structure_that_is_not_closed_is_named(tmp_path):
    with pytest.raises(CircuitError, match=r"line 1 of cell\.sp.*has no \.ends"):
        read(tmp_path, ".subckt cell a b\nR1 a b 1k\n")
    with pytest.raises(CircuitError, match=r"line 5 of cell\.sp.*there is no \.subckt to end"):
        read(tmp_path, GOOD + ".ends\n")
    with pytest.raises(CircuitError, match=r"line 5 of cell\.sp.*there is a subcircuit cell already"):
        read(tmp_path, GOOD + GOOD)
    with pytest.raises(CircuitError, match=r"line 5 of cell\.sp.*more after the end"):
        read(tmp_path, GOOD + ".end\nR1 a b 1k\n")
    with pytest.raises(UsageError, match=r"holds no \.subckt"):
        read(tmp_path, "* nothing\n").subcircuit()
    two = GOOD + GOOD.replace("cell", "other")
    with pytest.raises(UsageError, match="several subcircuits. Say which one: subckt = one of cell, other"):
        read(tmp_path, two).subcircuit()
    with pytest.raises(UsageError, match="no subcircuit 'othr'. Did you mean other"):
        read(tmp_path, two).subcircuit("othr")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("M1 a b c d nm", r"there is no model 'nm'.*name the technology"),
        ("X1 in out inv", "there is no subcircuit 'inv'"),
        (".subckt inv a\nR1 a 0 1\n.ends\nX1 in out inv", "2 nodes are given; inv has 1: a"),
    ],
)
def test_every_element_has_its_master(line, message, tmp_path):
    library = read(tmp_path, inside(line))
    with pytest.raises(CircuitError, match=message):
        check_masters(library.subcircuit(), (library.whole,), {})


def test_a_port_called_gnd_stays_a_port(tmp_path):
    text = ".subckt cell in out gnd\nR1 in gnd 1k\nB1 out gnd V=v(in,gnd)\n.ends\n"
    cell = read(tmp_path, text).subcircuit()
    assert cell.ports == ("in", "out", "gnd_")
    assert list(map(element_text, cell.parts.values())) == ["r1 in gnd_ 1000.0", "b1 out gnd_ v=v(in,gnd_)"]
    assert read(tmp_path, text.replace("out gnd\n", "out\n", 1)).subcircuit().parts["r1"].nodes == ("in", "0")
