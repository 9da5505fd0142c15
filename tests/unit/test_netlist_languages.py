"""Files in other languages are named as such, and text that only looks a little like one is not."""

import pytest

from spinspice.errors import NetlistError
from spinspice.netlist.languages import other_language
from spinspice.netlist.subcircuit import read_library

FILES = {
    "Spectre's language": [
        "// a cell\nsimulator lang=spectre\nsubckt inv (a y)\nends",
        "subckt inv a y\n  M0 (y a 0 0) nch w=1u l=1u\nends inv",
        "inline subckt nch (d g s b)\nparameters l=1u\nends nch",
        "parameters a=1\nR1 (a b) resistor r=1k",
        "M1 (a b c d) nch w=1u\n",
        'ahdl_include "mtj.va"\n',
    ],
    "VACASK's language": ['A title\nload "resistor.osdi"\nground 0', "ground 0\nmodel r resistor\nr1 (a 0) r r=1k"],
    "Verilog-A": ['`include "disciplines.vams"\nmodule r(a,b);\nanalog begin\nend\nendmodule'],
    "Verilog or Verilog-A": ["module r(a,b);\nendmodule", "`timescale 1ns/1ps\nmodule inv(input a);\nendmodule"],
    "an LTspice schematic (.asc)": ["Version 4\nSHEET 1 880 680\nWIRE 1 2 3 4", "Version 4.1\nSHEET 1 880 680"],
    "an xschem schematic (.sch)": ["v {xschem version=3.4.4 file_version=1.2\n}\nG {}\nK {}"],
    "a KiCad schematic": ["(kicad_sch (version 20231120) (generator eeschema)\n)"],
    "a gEDA schematic (.sch)": ["v 20130925 2\nC 1 2 1 0 0 res.sym"],
    "a layout or a magic file": ["magic\ntech sky130A\ntimestamp 1"],
    "VHDL": ["library ieee;\nuse ieee.std_logic_1164.all;", "entity inv is\nend;"],
}


@pytest.mark.parametrize(("language", "text"), [(name, text) for name, texts in FILES.items() for text in texts])
def test_a_file_in_another_language_is_named(language, text, tmp_path):
    (tmp_path / "cell.sp").write_text(text + "\n")
    with pytest.raises(NetlistError, match=r"line \d of cell\.sp") as caught:
        read_library(tmp_path / "cell.sp")
    assert f"this is {language}, which is not read" in str(caught.value)


@pytest.mark.parametrize(
    "line",
    [
        "My neuron, version 4",
        "R1 a b 1k",
        "M1 d g s b nch w=1u l=1u",
        "X1 a b inv w=1u",
        "wire test",
        "Model of a gate",
    ],
)
def test_a_line_of_spice_or_of_text_is_none(line):
    assert other_language(line) == ""
