"""Nothing that a user's text or files hold is run: start-up files of simulators, names, comments, cards, paths."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from spinspice.engines import get_engine
from spinspice.errors import CircuitError, SpinspiceError, UsageError
from spinspice.export import DIALECTS, export_cell
from spinspice.testbench import Testbench
from spinspice.verilog import DigitalBlock

RC = "V1 a 0 dc 1\nR1 a b 1k\nC1 b 0 1p\n"
ENGINES = [pytest.param(name, marks=pytest.mark.engine(name)) for name in ("ngspice", "ngspice-process", "vacask")]
ROOT = Path(__file__).resolve().parents[2]
#: What an attack would have ngspice do.
TOUCH = "shell touch EXECUTED"


def bench(**changes):
    return Testbench(**({"circuit": RC, "stop": 1e-8, "step": 1e-11, "save": ("v(b)",)} | changes))


def block(command=TOUCH, control=".control", end=".endc"):
    return f"\n{control}\n{command}\n{end}\n"


#: Attacks on the text of a testbench; {T} is the command.
ATTACKS = {
    "name of a parameter": {"parameters": {f"r=1{block()}.param q": 1.0}},
    "name with a carriage return": {"parameters": {f"r=1\r.control\r{TOUCH}\r.endc\r.param q": 1.0}},
    "name with a line separator": {"parameters": {f"r=1\u2028.control\u2028{TOUCH}\u2028.endc\u2028.param q": 1.0}},
    "value of a parameter": {"parameters": {"r": f"1{block()}"}},
    "name of an option": {"options": {f"x=1{block()}.options y": 1}},
    "value of an option": {"options": {"reltol": f"1e-3{block()}"}},
    "option that makes a shell": {"options": {"unixcom": 1}},
    "comment that is obeyed": {"circuit": RC + f"*# {TOUCH}\n"},
    "comment that is obeyed, indented": {"circuit": RC + f"  \t*# {TOUCH}\n"},
    "control block": {"circuit": RC + block()},
    "control block, letters": {"circuit": RC + block(control=".CoNtRoL", end=".EnDc")},
    "control block, indented": {"circuit": RC + block(control=" \t .control")},
    "control block, unicode space": {"circuit": RC + block(control="\u00a0.control")},
    "control block, form feed": {"circuit": RC + block(control="\f.control")},
    "control block, vertical tab": {"circuit": RC + block(control="\v.control")},
    "control block, prefix": {"circuit": RC + block(control=".controls")},
    "control block, split": {"circuit": RC + f".con\n+trol\n{TOUCH}\n.endc\n"},
    "control block, continued": {"circuit": RC + block(control="+ .control")},
    "control block after a form feed in a card": {"circuit": f"{RC}R2 a b 1k\f.control\f{TOUCH}\f.endc\n"},
    "control block after a carriage return": {"circuit": f"{RC}R2 a b 1k\r.control\r{TOUCH}\r.endc\r"},
    "script in the first line": {"circuit": f"*ng_script\n{TOUCH}\n" + RC},
    "process behind a code model": {
        "circuit": RC + 'A1 [d] clk null [q] p\n.model p d_process(process_file="./evil.sh" process_params=["x"])\n'
    },
    "library behind a code model": {"circuit": RC + '.model p D_CoSim(simulation="./evil.so")\n'},
    "code model, continued": {"circuit": RC + '.model p\n+ d_process(process_file="./evil.sh")\n'},
    "code models of a file": {"circuit": RC + ".codemodel evil.cm\n"},
    "options of a shell in the circuit": {"circuit": RC + ".options unixcom\n"},
    "signal": {"save": (f"v(b);{TOUCH})",)},
    "signal with a line": {"save": ("v(b)\n",)},
    "signal with a command": {"save": ("v(b`touch`)",)},
    "name of a Verilog-A file": {"verilog_a": (f"nowhere{block()}.va",)},
    "nul": {"circuit": RC + "R2 a b 1k\0\n"},
}


#: Comments that ngspice does not obey, for a second # makes them comments of its command language too.
BANNERS = ["*####################", "*# # {T}", "*##;{T}", "*## `{T}`", "*##!{T}", "*#\t#;{T}", "*#", "*### {T} ###"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working folder with a script that leaves a trace; after the test there must be none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evil.sh").write_text("#!/bin/sh\ntouch EXECUTED\n")
    (tmp_path / "evil.sh").chmod(0o755)
    yield tmp_path
    assert not list(tmp_path.rglob("EXECUTED*")), "it was executed"


@pytest.mark.parametrize("engine", ENGINES)
def test_attacks_on_a_testbench_are_refused(place, engine):
    chosen = get_engine(engine)
    for what, changes in ATTACKS.items():
        with pytest.raises(SpinspiceError) as caught:
            chosen.run(bench(**changes), timeout=20.0)
        assert len(str(caught.value)) > 30, what


def test_titles_are_one_line_of_comment(place):
    title = bench(title=f"a{block()}b\u2028*# {TOUCH}").title
    assert title == f"a .control {TOUCH} .endc b *# {TOUCH}"
    for engine in ("ngspice", "ngspice-process"):
        get_engine(engine).run(bench(title=f"*#{TOUCH}{block()}"), timeout=20.0)


@pytest.mark.parametrize("card", [".control", "*# shell touch EXECUTED", " .CONTROL x"])
def test_included_files_hold_no_commands(place, card):
    (place / "inner.lib").write_text(f"R9 a 0 1k\n{card}\n{TOUCH}\n.endc\n")
    (place / "outer.lib").write_text(".include inner.lib\n")
    for line in (".include outer.lib", f'.lib "{place}/outer.lib"', ".INC 'outer.lib'"):
        with pytest.raises(CircuitError, match=r"line 2 of .*inner\.lib, which the circuit includes"):
            get_engine("ngspice-process").run(bench(circuit=f"{RC}{line}\n"))


@pytest.mark.parametrize("engine", ENGINES[:2])
def test_banners_are_comments(place, engine):
    """Files of foundries begin with a row of #. ngspice is to run the deck, and none of the commands."""
    lines = "\n".join(BANNERS).replace("{T}", TOUCH)
    (place / "banner.lib").write_text(f"{lines}\nR9 a 0 1k\n")
    waves = get_engine(engine).run(bench(circuit=f"{RC}{lines}\n.include banner.lib\n"), timeout=20.0)
    assert waves["v(b)"][-1] == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "core\n"},
        {"name": "core x"},
        {"top": "../evil"},
        {"top": "top;touch EXECUTED"},
        {"top": "--Mdir"},
        {"parameters": {"N=1 -x": 1}},
        {"parameters": {"N": "1; touch EXECUTED"}},
        {"arguments": {"weights": '00"] x=["'}},
        {"arguments": {"weights": "00\n"}},
        {"arguments": {"weights": "$(touch EXECUTED)"}},
    ],
)
def test_digital_blocks_take_words(place, changes):
    with pytest.raises(CircuitError, match="DigitalBlock"):
        DigitalBlock(**({"name": "core", "source": "core.v", "top": "core"} | changes))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_exports_hold_no_text_that_becomes_a_command(place, dialect):
    """Names in cell files are words; what a folder is called is quoted in the command that is printed."""
    example = ROOT / "examples" / "08_neuron.toml"
    (place / "08_neuron.sp").write_text((ROOT / "examples" / "08_neuron.sp").read_text())
    cell = place / "cell.toml"
    for name, good in (
        ("neuron2", True),
        (f"n\\n.control\\n{TOUCH}\\n.endc", False),
        ("n;touch EXECUTED", False),
        ("../n", False),
        ("n$(touch EXECUTED)", False),
        ("n\\u2028.control", False),
    ):
        cell.write_text(f'name = "{name}"\n' + example.read_text())
        if good:
            export_cell(str(cell), dialect=dialect, out=place / "good", duration=1e-9)
            continue
        with pytest.raises(UsageError, match=r"cell\.toml: name = .*(must be a letter followed by|is not a name)"):
            export_cell(str(cell), dialect=dialect, out=place / "out", duration=1e-9)
    written = export_cell("bsn", dialect=dialect, out=place / "a; touch EXECUTED", duration=1e-9)
    assert "cd '" in written.command
    subprocess.run(written.command.split(" && ")[0], shell=True, check=True, cwd=place)


STARTUP = f"{TOUCH}\n* spinspice must not read this\nquit\n"


@pytest.mark.parametrize("engine", ENGINES)
def test_start_up_files_of_a_user_are_not_read(place, engine):
    """In the working folder, the home folder, the folder of temporary files, and where variables point."""
    home, scripts = place / "home", place / "scripts"
    for folder in (place, home, scripts, home / ".config" / "vacask", place / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (".spiceinit", "spice.rc", "spinit", ".vacaskrc.toml", "vacaskrc.toml"):
            (folder / name).write_text(STARTUP)
    environment = os.environ | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "SPICE_SCRIPTS": str(scripts),
        "SPICE_LIB_DIR": str(place),
        "SPICE_ASCIIRAWFILE": "1",
        "SPICE_USERINIT_DIR": str(scripts),
        "NGSPICE_INPUT_DIR": str(scripts),
        "SIM_MODULE_PATH": str(scripts),
        "SIM_INCLUDE_PATH": str(scripts),
        "PYTHONPATH": str(ROOT),
    }
    program = (
        "from spinspice.engines import get_engine; from spinspice.testbench import Testbench;"
        f"e = get_engine({engine!r}); assert e.name == {engine!r}, e.name;"
        f"print(len(e.run(Testbench(circuit={RC!r}, stop=1e-8, step=1e-11, save=('v(b)',))).time) > 10)"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "True", done.stderr


@pytest.mark.engine("ngspice-process")
def test_doctor_reads_no_start_up_file(place):
    (place / ".spiceinit").write_text(STARTUP)
    environment = os.environ | {"HOME": str(place), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "spinspice", "doctor", "--json"],
        cwd=place,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert '"ngspice-process", "found": true' in done.stdout
