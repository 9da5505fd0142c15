"""Libraries of symbols for Qucs-S and KiCad: every model, its ports in order, its parameters at their defaults."""

from __future__ import annotations

import re

import pytest

from spinspice.devices import models
from spinspice.errors import ResultError
from spinspice.symbols import write_kicad, write_models, write_qucs


def expressions(text):
    """Read S-expressions; KiCad's own format is nothing else."""
    tokens = re.findall(r'"(?:\\.|[^"\\])*"|[()]|[^\s()]+', text)
    stack = [[]]
    for token in tokens:
        if token == "(":
            stack.append([])
        elif token == ")":
            done = stack.pop()
            stack[-1].append(done)
        else:
            stack[-1].append(token.strip('"'))
    assert len(stack) == 1
    return stack[0][0]


def test_kicad(tmp_path):
    write_kicad(tmp_path / "k", compiled=False)
    library = expressions((tmp_path / "k" / "spinspice.kicad_sym").read_text())
    symbols = {entry[1]: entry for entry in library if entry[0] == "symbol"}
    assert set(symbols) == set(models())
    for name, kind in models().items():
        fields = {entry[1]: entry[2] for entry in symbols[name] if entry[0] == "property"}
        assert fields["Sim.Name"] == name
        assert fields["Sim.Pins"] == " ".join(f"{k}={port}" for k, port in enumerate(kind.ports, start=1))
        given = dict(word.split("=") for word in fields["Sim.Params"].split())
        assert given.pop("seed") == "1"
        assert {key: float(value) for key, value in given.items()} == kind().parameters()
        pins = [pin for unit in symbols[name] if unit[0] == "symbol" for pin in unit if pin[0] == "pin"]
        places = {(pin[3][1], pin[3][2]) for pin in pins}
        assert len(places) == len(kind.ports)
        assert all(abs(float(x) / 1.27 - round(float(x) / 1.27)) < 1e-9 for place in places for x in place)


@pytest.mark.engine("ngspice", model="b-source")
def test_qucs_subcircuits_run_in_ngspice(tmp_path):
    """The subcircuit of each model, in a deck as Qucs-S writes one, delivers a current."""
    import subprocess

    write_qucs(tmp_path / "q", compiled=False)
    text = (tmp_path / "q" / "spinspice.lib").read_text()
    found = dict(re.findall(r"<Component (\S+)>.*?<Spice>\n(.*?)  </Spice>", text, re.S))
    assert set(found) == set(models())
    for name in ("mtj_macrospin", "mtj_telegraph"):
        kind = models()[name]
        nodes = " ".join("a" if port == "free" else "0" if port == "ref" else f"n_{port}" for port in kind.ports)
        deck = f"* t\n{found[name]}\nX1 0 {nodes} spinspice_{name} seed=3\nV1 a 0 0.1\n.options trtol=100\n"
        deck += ".tran 1p 0.2n 0 1.25p\n.control\nrun\nmeas tran i avg i(v1)\n.endc\n.end\n"
        (tmp_path / "t.cir").write_text(deck)
        done = subprocess.run(["ngspice", "-b", "t.cir"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        current = re.search(r"^i\s+=\s+(\S+)", done.stdout, re.M)
        assert current, done.stdout + done.stderr
        device = kind()
        assert 0.1 / device.R_AP <= -float(current[1]) <= 0.1 / device.R_P


def test_ports_of_the_symbol_are_those_of_the_subcircuit_in_order(tmp_path):
    write_qucs(tmp_path / "q", compiled=False)
    text = (tmp_path / "q" / "spinspice.lib").read_text()
    for name, kind in models().items():
        part = text[text.index(f"<Component {name}>") :]
        part = part[: part.index("</Component>")]
        numbers = [int(number) for number in re.findall(r"<\.PortSym \S+ \S+ (\d+) 0>", part)]
        assert numbers == list(range(1, len(kind.ports) + 1))
        assert f".SUBCKT spinspice_{name} gnd " + " ".join(f"_net_{port}" for port in kind.ports) in part


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ResultError, match="holds files"):
        write_models(tmp_path, compiled=False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["thesis.txt"]
