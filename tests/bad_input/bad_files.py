"""Bad input by files: cell files, studies and technologies with one key wrong, and files that are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Values in TOML that are neither names nor numbers nor tables of what a key wants.
ODD = ("true", "[]", "{}", '"\\u0000"', "1979-05-27", "nan", "[[[1]]]", '""', "1" * 350)
CELL = (ROOT / "examples" / "08_neuron.toml").read_text(encoding="utf-8")
STUDY = 'cell = "bsn"\n'
#: Contents that are no TOML file.
NO_TOML = {
    "empty": b"",
    "binary": bytes(range(256)),
    "latin": "cell = 'bsn' # \xe9".encode("latin-1"),
    "utf-16": 'cell = "bsn"'.encode("utf-16"),
    "nul": b'cell = "bsn"\0',
    "deep list": b"a = " + b"[" * 5000,
    "deep table": b".".join([b"a"] * 5000) + b" = 1",
    "deep but whole": b"a = " + b"[" * 60 + b"]" * 60,
    "large": b"# " + b"x" * 5_000_000,
    "digits": b"vdd = " + b"9" * 5000,
    "twice": b"a = 1\na = 2",
    "half": b'cell = "bs',
    "json": b'{"cell": "bsn"}',
    "text": b"this is a letter",
}
#: Keys of a cell file, with the lines that one of the file's own would be in the way of.
CELL_KEYS = ("netlist", "subckt", "name", "vdd", "supply", "cmos", "preset", "ports", "bias", "junctions", "blocks",
             "parameters")  # fmt: skip
CELL_LINES = [
    ('nothing = "x"', "nothing"),
    ("vdd = -1", "vdd"),
    ("vdd = 0", "vdd"),
    ("vdd = 1e9", "vdd"),
    ('vdd = "high"', "vdd"),
    ('netlist = "/etc/passwd"', "passwd"),
    ('netlist = "nowhere.sp"', "nowhere.sp"),
    ('netlist = "."', "netlist"),
    ('netlist = "08_neuron.toml"', "08_neuron"),
    ('supply = "triple"', "supply"),
    ('preset = "nothing"', "nothing"),
    ('cmos = "nothing"', "nothing"),
    ('cmos = "other.toml"', "other.toml"),
    ('subckt = "nothing"', "nothing"),
    ('name = "mtj_macrospin"', "mtj_macrospin"),
    ('name = "a b"', "name"),
    ('name = "a\\nb"', "name"),
    ("bias.x = 1", "x"),
    ("bias.in = 1e9", "in"),
    ("parameters.w = 1", "w"),
    ('parameters.w = "w+1"', "w"),
]
STUDY_KEYS = ("name", "cell", "preset", "cmos", "corner", "vdd", "temperature", "vin", "seed", "resize", "engine",
              "model", "device", "sizing", "grid", "montecarlo", "measure", "limits", "measure.kind",
              "measure.duration", "measure.trials", "grid.vin", "montecarlo.samples", "montecarlo.mismatch",
              "montecarlo.device.RA", "limits.mean", "device.alpha", "sizing.w_input")  # fmt: skip
STUDY_LINES = [
    ("nothing = 1", "nothing"),
    ('cell = "nothing"', "nothing"),
    ('cell = "nowhere.toml"', "nowhere.toml"),
    ("temperature = 0", "temperature"),
    ("temperature = -1", "temperature"),
    ("temperature = 27e6", "temperature"),
    ("vdd = 0", "vdd"),
    ("vdd = -1", "vdd"),
    ("seed = -1", "seed"),
    ("seed = 1.5", "seed"),
    ("vin = 1e30", "vin"),
    ('grid.vin = "0:1:0"', "vin"),
    ('grid.vin = "0:1:99999999999"', "vin"),
    ("grid.vin = [0, 0]", "vin"),
    ('grid.corner = ["xx"]', "xx"),
    ("grid.temperature = [0]", "temperature"),
    ("grid.nothing = [1]", "nothing"),
    ("montecarlo.samples = 0", "samples"),
    ("montecarlo.samples = 10_000_000_000", "samples"),
    ('montecarlo.device.RA = { distribution = "odd" }', "odd"),
    ('montecarlo.device.RA = { distribution = "normal" }', "normal"),
    ('montecarlo.device.RA = { distribution = "normal", relative = -1 }', "relative"),
    ('montecarlo.device.RA = { distribution = "uniform", low = 2, high = 1 }', "low"),
    ('measure.kind = "odd"', "odd"),
    ('measure.duration = "0"', "duration"),
    ('measure.duration = "-1n"', "duration"),
    ("measure.trials = 0", "trials"),
    ("limits.mean = { min = 2, max = 1 }", "min"),
    ("limits.nothing = { min = 2 }", "nothing"),
    ("device.alpha = -1", "alpha"),
    ("device.nothing = 1", "nothing"),
    ("sizing.w_input = -1", "transistor 'in'"),
    ("sizing.nothing = 1", "nothing"),
    ('engine = "odd"', "odd"),
    ('model = "odd"', "odd"),
    ('preset = "odd"', "odd"),
    ('cmos = "odd"', "odd"),
    ('corner = "odd"', "odd"),
]


def without(text: str, key: str) -> str:
    """Return a TOML text without a key, be it a line or a table."""
    lines, skipping = [], False
    for line in text.splitlines():
        if line.startswith("["):
            skipping = line.startswith(f"[{key}]")
        if not skipping and not line.startswith((f"{key} ", f"{key}=")):
            lines.append(line)
    return "\n".join(lines) + "\n"


def cases() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield what it is, the command, the content of the file, and a word that the message must hold."""
    commands = {"cell": "characterize it.toml", "study": "sweep it.toml --out o", "cmos": "energy bsn --cmos it.toml"}
    for kind, command in commands.items():
        for name, content in NO_TOML.items():
            yield f"{kind}, {name}", command, content, "it.toml"
    for key in CELL_KEYS:
        for value in ODD:
            if (key, value) in FINE:
                continue
            yield f"cell {key} = {value:.20}", commands["cell"], f"{key} = {value}\n{without(CELL, key)}".encode(), ""
    for line, word in CELL_LINES:
        text = without(CELL, line.split("=")[0].split(".")[0].strip())
        yield f"cell {line}", commands["cell"], f"{line}\n{text}".encode(), word
    for key in STUDY_KEYS:
        for value in ODD:
            if (key, value) in FINE:
                continue
            text = without(STUDY, key.split(".")[0])
            yield f"study {key} = {value:.20}", commands["study"], f"{text}{key} = {value}\n".encode(), ""
    for line, word in STUDY_LINES:
        text = without(STUDY, line.split("=")[0].strip())
        yield f"study {line}", commands["study"], f"{text}{line}\n".encode(), word


#: What stands for nothing, and so may be left empty.
FINE = {
    *((key, "{}") for key in ("bias", "blocks", "parameters", "junctions")),
    *((key, "{}") for key in ("device", "sizing", "grid", "montecarlo", "measure", "limits")),
    *((key, '""') for key in ("subckt", "cmos", "preset")),
    ("montecarlo.mismatch", "true"),
}
