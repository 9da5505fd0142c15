"""Bad input by options: arguments of the command line, and what the message must hold."""

from __future__ import annotations

#: Text that is no number, and text that is no whole number.
NO_NUMBERS = ("", "abc", "nan", "inf", "1e999", "1,5", "0x10", "5 5", "1_000", "٣", "$(id)", "9" * 400)
NO_WHOLES = ("", "abc", "nan", "1.5", "0x10", "$(id)", "1e3")
#: Words that are no name of anything.
NO_NAMES = ("bsm2", "../etc/passwd", "a;b", "\x1b[31m")

_NUMBERS = {
    "characterize bsn": ("--vdd", "--duration"),
    "characterize readout": ("--clock", "--margin", "--r-ref", "--stim", "--vdd"),
    "characterize comparator": ("--vdd",),
    "characterize mram": ("--vdd",),
    "energy bsn": ("--vin", "--duration", "--vdd"),
    "export bsn --out o": ("--vin", "--duration", "--vdd"),
}
_WHOLES = {
    "characterize bsn": ("--trials", "--seed", "--workers", "--mismatch"),
    "characterize readout": ("--bits",),
    "characterize comparator": ("--noise",),
    "energy bsn": ("--seed", "--mismatch"),
    "energy system": ("--inputs", "--outputs"),
    "export bsn --out o": ("--seed", "--mismatch"),
    "reproduce mizrahi-fig2a --short": ("--seed", "--workers"),
    "demo --short --out o": ("--seed", "--workers"),
    "sweep examples/07_monte_carlo.toml --out o": ("--workers",),
}
_NAMES = {
    "characterize bsn": ("--preset", "--cmos", "--engine", "--model"),
    "energy bsn": ("--preset", "--cmos", "--engine", "--model"),
    "export bsn --out o": ("--preset", "--cmos", "--dialect"),
    "characterize comparator": ("--topology", "--cmos", "--engine", "--model"),
    "reproduce mizrahi-fig1j --short": ("--engine", "--model"),
}
#: Numbers that are none of what is asked for: arguments, and words of the message.
OUTSIDE = [
    ("characterize bsn --vdd -1", "vdd"),
    ("characterize bsn --vdd 0", "vdd"),
    ("characterize bsn --vdd 1000", "vdd"),
    ("characterize bsn --duration 0", "duration"),
    ("characterize bsn --duration -1n", "duration"),
    ("characterize bsn --duration 1e30", "duration"),
    ("characterize bsn --seed -1", "seed"),
    ("characterize bsn --seed 99999999999999999999", "seed"),
    ("characterize bsn --trials 0", "trials"),
    ("characterize bsn --trials -3", "trials"),
    ("characterize bsn --workers -1", "workers"),
    ("characterize bsn --mismatch -1", "mismatch"),
    ("characterize bsn --vin auto:0", "vin"),
    ("characterize bsn --vin auto:1e3", "vin"),
    ("characterize bsn --vin auto:", "vin"),
    ("characterize bsn --vin 0:1", "vin"),
    ("characterize bsn --vin 1:0:9", "vin"),
    ("characterize bsn --vin 0:0:9", "vin"),
    ("characterize bsn --vin 0:1:9:9", "vin"),
    ("characterize bsn --vin 0:inf:9", "vin"),
    ("characterize bsn --vin 0:1:99999999999", "vin"),
    ("characterize readout --clock 0", "period"),
    ("characterize readout --clock -1n", "period"),
    ("characterize readout --bits 0", "bits"),
    ("characterize readout --bits -1", "bits"),
    ("characterize readout --margin -1", "margin"),
    ("characterize readout --r-ref 0", "R_ref"),
    ("characterize readout --stim 1e30", "stim"),
    ("characterize readout --seed -1", "seed"),
    ("characterize readout --trials 0", "trials"),
    ("characterize comparator --trials 0", "trials"),
    ("characterize comparator --noise -1", "noise"),
    ("characterize comparator --seed -1", "seed"),
    ("characterize mram --trials 0", "trials"),
    ("characterize mram --seed -1", "seed"),
    ("characterize mram --vdd -1", "vdd"),
    ("characterize readout-yield --trials 0", "trials"),
    ("characterize readout-yield --bits 0", "bits"),
    ("energy bsn --vin 1e30", "vin"),
    ("energy bsn --vin -1e30", "vin"),
    ("energy bsn --duration 0", "duration"),
    ("energy bsn --duration 1e30", "duration"),
    ("energy system --inputs 0", "inputs"),
    ("energy system --outputs -1", "outputs"),
    ("export bsn --out o --duration 0", "duration"),
    ("export bsn --out o --vin 1e30", "vin"),
    ("export bsn --out o --seed -1", "seed"),
]
#: What is missing, unknown, twice, or in the wrong place.
USAGE = [
    ("", ""),
    ("nothing", "no command"),
    ("characterise bsn", "characterize"),
    ("characterize", "CELL"),
    ("characterize bsn asn", "asn"),
    ("characterize bsn --nothing", "--nothing"),
    ("characterize --vin", "--vin"),
    ("characterize .", "unknown cell"),
    ("characterize /", "unknown cell"),
    ("characterize ..", "unknown cell"),
    ("characterize bsn.toml", "bsn.toml"),
    ("characterize /dev/null", "unknown cell"),
    ("characterize bsn --bits 3", "--bits"),
    ("characterize mram --mismatch 3", "--mismatch"),
    ("characterize bsn --out o.nc --plot o.nc", "o.nc"),
    ("characterize bsn --plot o.png --report o.png", "one file"),
    ("characterize bsn --plot o", "suffix"),
    ("characterize bsn --plot o.jpg", "suffix"),
    ("characterize bsn --out .", "cannot write"),
    ("characterize bsn --out /", "cannot write"),
    ("characterize bsn --report /nowhere\0/a.html", "NUL"),
    ("characterize bsn --out /proc/1/a.nc", "cannot write"),
    ("characterize bsn --out /dev/null", "cannot write"),
    ("characterize bsn --cmos generic:", "corner"),
    ("characterize bsn --cmos generic:xx", "corner"),
    ("characterize bsn --cmos nowhere.toml", "nowhere.toml"),
    ("characterize bsn --cmos /", "technology"),
    ("energy", "CELL"),
    ("energy bsn --inputs 3", "--inputs"),
    ("energy system --vin 0", "--vin"),
    ("energy nowhere.toml", "nowhere.toml"),
    ("export", "CELL"),
    ("export bsn", "--out"),
    ("export bsn --out /dev/null", "cannot write"),
    ("export bsn --out /proc/1/a", "cannot write"),
    ("export comparator --out o", "comparator"),
    ("presets nothing", "unknown preset"),
    ("presets a b", "b"),
    ("doctor now", "now"),
    ("reproduce nothing", "no figure"),
    ("reproduce mizrahi-fig2a --out /dev/null", "cannot write"),
    ("reproduce lopez-fig2 --vowels nowhere", "nowhere"),
    ("reproduce lopez-fig2 --vowels /", "/"),
    ("demo --out /dev/null", "cannot write"),
    ("sweep", "STUDY.toml"),
    ("sweep nowhere.toml --out o", "nowhere.toml"),
    ("sweep / --out o", "cannot read"),
    ("sweep /dev/null --out o", "cannot read"),
    ("sweep examples/07_monte_carlo.toml", "--out"),
    ("sweep examples/07_monte_carlo.toml --out /dev/null", "cannot write"),
    ("sweep examples/07_monte_carlo.toml --out o --workers 1 --scheduler tcp://x:1", "exclude"),
    ("sweep examples/08_neuron.toml --out o", "netlist"),
]


def cases() -> list[tuple[list[str], str]]:
    """Return arguments, and a word that the message must hold."""
    made: list[tuple[list[str], str]] = []
    for table, values in ((_NUMBERS, NO_NUMBERS), (_WHOLES, NO_WHOLES), (_NAMES, NO_NAMES)):
        for command, options in table.items():
            for option in options:
                made += [([*command.split(), f"{option}={value}"], "") for value in values]
    made += [(arguments.split(), word) for arguments, word in (*OUTSIDE, *USAGE)]
    return made
